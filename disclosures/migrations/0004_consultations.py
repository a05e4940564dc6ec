import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_secrecy_reviewer'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('deadlines', '0002_promise_open_by_due'),
        ("disclosures", "0006_bulletin"),
    ]

    operations = [
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('open', 'open to opinions'), ('closed', 'over, answers due'), ('answered', 'answered, report due'), ('decided', 'decided and reported'), ('abandoned', 'abandoned')], default='draft', max_length=10)),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('lead', models.TextField(verbose_name='why, and what changes')),
                ('body', models.TextField(verbose_name='draft text')),
                ('audience', models.CharField(choices=[('everybody', 'everybody in the local network'), ('staff', 'signed-in workers'), ('unit', 'workers of the unit')], default='unit', max_length=10, verbose_name='readers')),
                ('workdays', models.PositiveSmallIntegerField(verbose_name='period in working days')),
                ('drafted_at', models.DateTimeField()),
                ('handed_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('closes_on', models.DateField(null=True)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('answered_at', models.DateTimeField(null=True)),
                ('final_body', models.TextField(blank=True, verbose_name='final text')),
                ('summary', models.TextField(blank=True, verbose_name='what we heard, what we changed')),
                ('method', models.TextField(blank=True, verbose_name='how it was decided')),
                ('decided_on', models.DateField(null=True, verbose_name='decided on')),
                ('document', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('prepared_at', models.DateTimeField(null=True)),
                ('return_note', models.CharField(blank=True, max_length=300)),
                ('published_at', models.DateTimeField(null=True)),
                ('abandon_reason', models.CharField(blank=True, max_length=300)),
                ('abandoned_at', models.DateTimeField(null=True)),
                ('idempotency_key', models.UUIDField(unique=True)),
                ('abandoned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answer_promise', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deadlines.promise')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='disclosures.catalogueitem')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('prepared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report_promise', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deadlines.promise')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='unit')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('opened_at__isnull', False)), fields=['-opened_at', '-id'], name='consultation_newest'), models.Index(fields=['state', 'closes_on', 'id'], name='consultation_by_state')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'abandoned')), models.Q(('closes_on__isnull', False), ('opened_at__isnull', False)), _connector='OR'), name='consultation_open_has_period'), models.CheckConstraint(condition=models.Q(('opened_by__isnull', True), models.Q(models.Q(('opened_by', models.F('drafted_by')), _negated=True), models.Q(('opened_by', models.F('written_by')), _negated=True)), _connector='OR'), name='consultation_opened_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'decided'), _negated=True), models.Q(('published_at__isnull', False), ('published_by__isnull', False), models.Q(('published_by', models.F('prepared_by')), _negated=True)), _connector='OR'), name='consultation_decided_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'abandoned'), _negated=True), models.Q(('abandon_reason', ''), _negated=True), _connector='OR'), name='consultation_abandoned_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='ConsultationClause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveSmallIntegerField()),
                ('anchor', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=60)),
                ('section', models.CharField(blank=True, max_length=200)),
                ('body', models.TextField()),
                ('is_changed', models.BooleanField(null=True)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clauses', to='disclosures.consultation')),
            ],
            options={
                'ordering': ('consultation', 'ordinal'),
                'constraints': [models.UniqueConstraint(fields=('consultation', 'ordinal'), name='consultation_clause_has_one_place'), models.UniqueConstraint(fields=('consultation', 'anchor'), name='consultation_clause_has_one_anchor')],
            },
        ),
        migrations.CreateModel(
            name='ConsultationExtension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.DateField()),
                ('after', models.DateField()),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='disclosures.consultation')),
            ],
            options={
                'ordering': ('consultation', 'after'),
                'constraints': [models.CheckConstraint(condition=models.Q(('after__gt', models.F('before'))), name='consultation_extension_is_longer'), models.UniqueConstraint(fields=('consultation', 'before'), name='consultation_extended_once_from_a_day')],
            },
        ),
        migrations.CreateModel(
            name='ConsultationGroup',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('ordinal', models.PositiveSmallIntegerField()),
                ('heading', models.CharField(max_length=80, verbose_name='what they say, in one line')),
                ('summary', models.TextField(blank=True, verbose_name='what they say, summed up')),
                ('outcome', models.CharField(blank=True, choices=[('adopted', 'adopted'), ('partly', 'adopted in part'), ('not_adopted', 'not adopted')], max_length=12)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='disclosures.consultation')),
            ],
            options={
                'ordering': ('consultation', 'ordinal'),
                'constraints': [models.UniqueConstraint(fields=('consultation', 'ordinal'), name='consultation_group_has_one_place'), models.UniqueConstraint(fields=('consultation', 'heading'), name='consultation_group_has_one_heading'), models.CheckConstraint(condition=models.Q(('outcome', ''), models.Q(models.Q(('answer', ''), _negated=True), ('answered_by__isnull', False)), _connector='OR'), name='consultation_group_outcome_is_answered')],
            },
        ),
        migrations.CreateModel(
            name='ConsultationOpinion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('stance', models.CharField(choices=[('change', 'should be changed'), ('agree', 'agree'), ('against', 'against')], max_length=8)),
                ('text', models.TextField()),
                ('mode', models.CharField(choices=[('named', 'named'), ('nickname', 'nickname')], max_length=8)),
                ('nickname', models.CharField(blank=True, max_length=12)),
                ('shows_name', models.BooleanField(default=False)),
                ('given_on', models.DateField()),
                ('hidden_reason', models.CharField(blank=True, choices=[('privacy', 'privacy of others'), ('secrecy', 'business or work secret'), ('insult', 'insult or slander'), ('safety', 'safety of the author')], max_length=8)),
                ('idempotency_key', models.UUIDField(unique=True)),
                ('clause', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='disclosures.consultationclause')),
                ('consultation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='disclosures.consultation')),
                ('group', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='disclosures.consultationgroup')),
                ('hidden_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['consultation', 'clause', 'id'], name='consultation_opinion_of_clause')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('mode', 'named'), ('nickname', ''), ('person__isnull', False)), models.Q(('mode', 'nickname'), ('person__isnull', True), ('shows_name', False), models.Q(('nickname', ''), _negated=True)), _connector='OR'), name='consultation_nickname_hides_everybody'), models.CheckConstraint(condition=models.Q(models.Q(('hidden_by__isnull', True), ('hidden_reason', '')), models.Q(models.Q(('hidden_reason', ''), _negated=True), ('hidden_by__isnull', False)), _connector='OR'), name='consultation_hiding_has_author')],
            },
        ),
    ]
