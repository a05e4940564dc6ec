import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_secrecy_reviewer'),
        ('accounts', '__first__'),
        ('deadlines', '0002_promise_open_by_due'),
        ('disclosures', '0007_boards'),
        ('files', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MajorSeries',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='CommitmentPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('letter', 'responsibility letter for clean government'), ('pledge', 'pledge of clean conduct')], max_length=8, verbose_name='sort of commitment')),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('body', models.TextField(verbose_name='text')),
                ('month', models.PositiveSmallIntegerField(verbose_name='month')),
                ('day', models.PositiveSmallIntegerField(verbose_name='day')),
                ('since', models.DateField(verbose_name='from')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('set_at', models.DateTimeField()),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='unit')),
            ],
            options={
                'ordering': ('unit__path', 'kind', 'since'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('kind', 'unit'), name='commitment_plan_runs_once'), models.CheckConstraint(condition=models.Q(('day__gte', 1), ('day__lte', 31), ('month__gte', 1), ('month__lte', 12)), name='commitment_plan_has_a_day'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='commitment_plan_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='CommitmentRound',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('letter', 'responsibility letter for clean government'), ('pledge', 'pledge of clean conduct')], max_length=8)),
                ('year', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=80, verbose_name='title')),
                ('body', models.TextField(verbose_name='text')),
                ('state', models.CharField(choices=[('draft', 'being prepared'), ('open', 'open for signing'), ('closed', 'closed at the end of the year')], default='draft', max_length=8)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('drafted_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='disclosures.commitmentplan')),
                ('promise', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='commitment_round', to='deadlines.promise')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('upper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-year', 'unit__path', 'kind'),
                'indexes': [models.Index(fields=['year', 'unit'], name='commitment_round_by_year')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'unit', 'year'), name='commitment_round_of_year_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), _negated=True), models.Q(models.Q(('fingerprint', ''), _negated=True), ('opened_at__isnull', False)), _connector='OR'), name='commitment_round_open_has_print')],
            },
        ),
        migrations.CreateModel(
            name='CommitmentSignature',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('party', models.CharField(choices=[('upper', 'for the level above'), ('lower', 'for the own unit'), ('own', 'for oneself')], max_length=5)),
                ('role', models.CharField(choices=[('union_officer', 'union officer'), ('union_chair', 'union chair'), ('leader', 'leader in charge'), ('dept_head', 'department head'), ('handler', 'handler'), ('discipline', 'discipline inspector'), ('secrecy', 'secrecy reviewer'), ('system_admin', 'system administrator'), ('security_admin', 'security administrator'), ('auditor', 'auditor')], max_length=20)),
                ('name', models.CharField(max_length=40)),
                ('title', models.CharField(blank=True, max_length=40)),
                ('is_late_comer', models.BooleanField(default=False)),
                ('signed_at', models.DateTimeField(null=True)),
                ('is_paper', models.BooleanField(default=False)),
                ('paper_on', models.DateField(null=True)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('released_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('promise', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='commitment_signature', to='deadlines.promise')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='disclosures.commitmentround')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('round', 'id'),
                'constraints': [models.UniqueConstraint(fields=('round', 'person'), name='commitment_is_signed_once'), models.CheckConstraint(condition=models.Q(('signed_at__isnull', True), models.Q(('fingerprint', ''), _negated=True), _connector='OR'), name='commitment_signed_has_print'), models.CheckConstraint(condition=models.Q(('signed_at__isnull', True), ('released_at__isnull', True), _connector='OR'), name='commitment_signed_or_released')],
            },
        ),
        migrations.CreateModel(
            name='MajorDecision',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('decision', 'major decision'), ('personnel', 'appointment or removal of important cadres'), ('project', 'arrangement of a major project'), ('funds', 'use of large funds')], max_length=10, verbose_name='sort of matter')),
                ('year', models.PositiveSmallIntegerField(null=True)),
                ('serial', models.PositiveIntegerField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'waiting to be made public'), ('public', 'public'), ('declined', 'not taken into the register')], default='waiting', max_length=10)),
                ('decided_on', models.DateField(verbose_name='decided on')),
                ('meeting', models.CharField(choices=[('party', 'party committee'), ('board', 'board of directors'), ('managers', "managers' meeting"), ('congress', "workers' congress")], max_length=10, verbose_name='decided by')),
                ('planned_end', models.DateField(blank=True, null=True, verbose_name='planned end')),
                ('audience', models.CharField(choices=[('everybody', 'everybody in the local network'), ('staff', 'signed-in workers'), ('unit', 'workers of the unit')], default='everybody', max_length=10, verbose_name='readers')),
                ('registered_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(null=True)),
                ('idempotency_key', models.UUIDField(unique=True)),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('finish', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='major_finish', to='deadlines.promise')),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='responsible person')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('serial__isnull', False)), fields=['-decided_on', '-id'], name='major_newest'), models.Index(fields=['unit', '-decided_on', '-id'], name='major_by_unit')],
                'constraints': [models.UniqueConstraint(fields=('year', 'serial'), name='major_number_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('serial__isnull', False), ('state', 'public')), models.Q(models.Q(('state', 'public'), _negated=True), ('serial__isnull', True)), _connector='OR'), name='major_public_has_number'), models.CheckConstraint(condition=models.Q(('planned_end__isnull', True), ('planned_end__gte', models.F('decided_on')), _connector='OR'), name='major_ends_after_decision')],
            },
        ),
        migrations.CreateModel(
            name='MajorDisclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('linked_at', models.DateTimeField()),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='disclosures.majordecision')),
                ('linked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosures.publication')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('decision', 'publication'), name='major_is_linked_once')],
            },
        ),
        migrations.CreateModel(
            name='MajorProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('planned', 'planned'), ('under_way', 'under way'), ('delayed', 'delayed'), ('done', 'carried out'), ('stopped', 'stopped')], max_length=10, verbose_name='how far')),
                ('percent', models.PositiveSmallIntegerField(verbose_name='per cent')),
                ('text', models.CharField(max_length=500, verbose_name='what was done, what is in the way')),
                ('on', models.DateField(verbose_name='as of')),
                ('at', models.DateTimeField()),
                ('idempotency_key', models.UUIDField(unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='progress', to='disclosures.majordecision')),
            ],
            options={
                'ordering': ('decision', 'id'),
                'constraints': [models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='major_progress_is_a_share'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'done'), _negated=True), ('percent', 100), _connector='OR'), name='major_done_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='MajorReport',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='disclosures.majordecision')),
                ('promise', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='major_report', to='deadlines.promise')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('decision', 'starts_on'), name='major_report_of_period_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='MajorVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('subject', models.CharField(max_length=80, verbose_name='subject')),
                ('content', models.TextField(verbose_name='what was decided')),
                ('basis', models.CharField(blank=True, max_length=300, verbose_name='basis')),
                ('vote', models.CharField(blank=True, max_length=300, verbose_name='discussion and vote')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='what was changed and why')),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
                ('is_granted', models.BooleanField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='disclosures.majordecision')),
            ],
            options={
                'ordering': ('decision', 'number'),
                'constraints': [models.UniqueConstraint(fields=('decision', 'number'), name='major_version_is_unique'), models.UniqueConstraint(condition=models.Q(('is_granted__isnull', True)), fields=('decision',), name='one_major_version_waits'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('by')), _negated=True), _connector='OR'), name='major_version_by_another'), models.CheckConstraint(condition=models.Q(('number', 1), models.Q(('note', ''), _negated=True), _connector='OR'), name='major_changes_are_noted')],
            },
        ),
        migrations.CreateModel(
            name='PaperSignature',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('signed_on', models.DateField(verbose_name='day on the paper')),
                ('entered_at', models.DateTimeField()),
                ('checked_at', models.DateTimeField(null=True)),
                ('is_accepted', models.BooleanField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scan', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('signature', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='disclosures.commitmentsignature')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_accepted__isnull', True)), fields=('signature',), name='one_paper_waits'), models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(('checked_by', models.F('entered_by')), _negated=True), _connector='OR'), name='paper_checked_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Responsibility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('first', 'first responsible person'), ('executive', 'executive'), ('supervisor', 'supervisor'), ('evaluator', 'evaluator')], max_length=10, verbose_name='responsibility')),
                ('words', models.CharField(blank=True, max_length=60, verbose_name='or in words')),
                ('reason', models.CharField(max_length=200)),
                ('since', models.DateField(verbose_name='from')),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('set_at', models.DateTimeField()),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
            ],
            options={
                'ordering': ('unit__path', 'role', 'since', 'id'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('person__isnull', False), ('until__isnull', True)), fields=('unit', 'role', 'person'), name='responsibility_is_set_once'), models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('words', '')), models.Q(('person__isnull', True), models.Q(('words', ''), _negated=True)), _connector='OR'), name='responsibility_is_somebodys'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='responsibility_ends_after_start')],
            },
        ),
    ]
