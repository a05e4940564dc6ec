import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_secrecy_reviewer'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('disclosures', '0008_commitments'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegulationLook',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('looked_on', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Regulation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('rule', 'regulation'), ('flow', 'process flow')], default='rule', max_length=4)),
                ('code', models.CharField(max_length=24, unique=True, verbose_name='code')),
                ('category', models.CharField(choices=[('production', 'production'), ('safety', 'safety and environment'), ('equipment', 'equipment'), ('quality', 'quality'), ('personnel', 'human resources'), ('pay', 'pay and benefits'), ('finance', 'finance'), ('purchasing', 'materials and purchasing'), ('construction', 'construction'), ('party', 'party and mass work'), ('democracy', 'democratic management'), ('general', 'general administration')], max_length=12, verbose_name='category')),
                ('audience', models.CharField(choices=[('everybody', 'everybody in the local network'), ('staff', 'signed-in workers'), ('unit', 'workers of the unit')], default='everybody', max_length=10, verbose_name='readers')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='responsible unit')),
            ],
            options={
                'ordering': ('code',),
                'indexes': [models.Index(fields=['category', 'code'], name='regulation_by_category')],
            },
        ),
        migrations.CreateModel(
            name='RegulationImport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file_name', models.CharField(max_length=120)),
                ('file_sha256', models.CharField(max_length=64)),
                ('rows', models.JSONField(default=list)),
                ('faults', models.JSONField(default=list)),
                ('known', models.PositiveIntegerField(default=0)),
                ('count', models.PositiveIntegerField(default=0)),
                ('uploaded_at', models.DateTimeField()),
                ('written_at', models.DateTimeField(null=True)),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-uploaded_at',),
            },
        ),
        migrations.CreateModel(
            name='RegulationVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('act', models.CharField(choices=[('text', 'text'), ('repeal', 'repeal')], default='text', max_length=6)),
                ('number', models.PositiveSmallIntegerField(null=True)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('waiting', 'waiting for approval'), ('approved', 'approved'), ('discarded', 'discarded')], default='draft', max_length=9)),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('document_number', models.CharField(blank=True, max_length=60, verbose_name='document number')),
                ('body', models.TextField(blank=True, verbose_name='text')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='what was changed and why')),
                ('consulted', models.TextField(blank=True, verbose_name='how it came about')),
                ('in_force_from', models.DateField(verbose_name='in force from')),
                ('in_force_to', models.DateField(null=True)),
                ('news_on', models.DateField(null=True)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('folded', models.TextField(blank=True)),
                ('filed_as', models.CharField(blank=True, max_length=80)),
                ('entered_at', models.DateTimeField()),
                ('remark', models.CharField(blank=True, max_length=300)),
                ('approved_at', models.DateTimeField(null=True)),
                ('is_imported', models.BooleanField(default=False)),
                ('idempotency_key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('regulation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='disclosures.regulation')),
            ],
            options={
                'indexes': [models.Index(fields=['regulation', 'in_force_from'], name='regulation_by_day'), models.Index(condition=models.Q(('state', 'approved')), fields=['-news_on', '-id'], name='regulation_news')],
                'constraints': [models.UniqueConstraint(fields=('regulation', 'number'), name='regulation_version_is_unique'), models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'waiting'))), fields=('regulation',), name='one_regulation_draft_waits'), models.UniqueConstraint(condition=models.Q(('in_force_to__isnull', True), ('state', 'approved')), fields=('regulation',), name='regulation_has_one_last_version'), models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('regulation', 'in_force_from'), name='regulation_versions_begin_apart'), models.CheckConstraint(condition=models.Q(('in_force_to__isnull', True), ('in_force_to__gt', models.F('in_force_from')), _connector='OR'), name='regulation_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), ('is_imported', True), models.Q(('approved_by__isnull', False), models.Q(('approved_by', models.F('entered_by')), _negated=True)), _connector='OR'), name='regulation_approved_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('news_on__isnull', False), models.Q(('fingerprint', ''), _negated=True), models.Q(models.Q(('act', 'repeal'), ('number__isnull', True)), models.Q(('act', 'text'), ('number__isnull', False)), _connector='OR')), _connector='OR'), name='regulation_approved_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='FlowStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('what', models.CharField(max_length=80, verbose_name='what is done')),
                ('who', models.CharField(max_length=60, verbose_name='who does it')),
                ('takes', models.CharField(blank=True, max_length=120, verbose_name='what comes in')),
                ('gives', models.CharField(blank=True, max_length=120, verbose_name='what comes out')),
                ('limit', models.CharField(blank=True, max_length=40, verbose_name='time limit')),
                ('form', models.CharField(blank=True, max_length=80, verbose_name='form used')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='disclosures.regulationversion')),
            ],
            options={
                'ordering': ('version', 'number'),
                'constraints': [models.UniqueConstraint(fields=('version', 'number'), name='flow_step_is_unique')],
            },
        ),
    ]
