import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_secrecy_reviewer'),
        ('accounts', '__first__'),
        ('deadlines', '0002_promise_open_by_due'),
        ('evaluations', '0002_scorecards'),
        ('feedback', '0003_redaction_of_wording'),
    ]

    operations = [
        migrations.CreateModel(
            name='AssessmentScheme',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=60, verbose_name='title')),
                ('written_at', models.DateTimeField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='unit')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('unit__path', 'title', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='SchemeVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('written_at', models.DateTimeField()),
                ('in_force_at', models.DateTimeField(null=True)),
                ('in_force_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='evaluations.assessmentscheme')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('scheme', '-number'),
                'constraints': [models.UniqueConstraint(fields=('scheme', 'number'), name='scheme_version_number_once'), models.UniqueConstraint(condition=models.Q(('in_force_at__isnull', True)), fields=('scheme',), name='scheme_has_one_draft')],
            },
        ),
        migrations.CreateModel(
            name='SchemeItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('order', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=60, verbose_name='item')),
                ('points', models.DecimalField(decimal_places=1, max_digits=4, validators=[django.core.validators.MinValueValidator(0)], verbose_name='points')),
                ('criteria', models.CharField(max_length=500, verbose_name='how points are given')),
                ('source', models.CharField(max_length=200, verbose_name='source of the rule')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='evaluations.schemeversion')),
            ],
            options={
                'ordering': ('order', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('version', 'order'), name='scheme_item_place_once'), models.CheckConstraint(condition=models.Q(('points__gt', 0), ('points__lte', 100)), name='scheme_item_has_points')],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('state', models.CharField(choices=[('planned', 'planned'), ('self', 'self-assessment'), ('group', 'with the assessment group'), ('draft', 'draft result with the unit'), ('final', 'final result'), ('rectifying', 'being put right'), ('recheck', 'being re-checked'), ('closed', 'closed'), ('cancelled', 'cancelled')], default='planned', max_length=10)),
                ('self_by', models.DateField(verbose_name='self-assessment until')),
                ('group_by', models.DateField(verbose_name="group's work until")),
                ('planned_at', models.DateTimeField()),
                ('frozen_on', models.DateField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('self_sent_at', models.DateTimeField(null=True)),
                ('scored_at', models.DateTimeField(null=True)),
                ('drafted_at', models.DateTimeField(null=True)),
                ('round', models.PositiveSmallIntegerField(default=0)),
                ('objections_until', models.DateField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('total', models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ('final_at', models.DateTimeField(null=True)),
                ('opinion_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('final_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('promise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deadlines.promise')),
                ('scored_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('self_by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit', verbose_name='unit')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='evaluations.schemeversion', verbose_name='scheme')),
            ],
            options={
                'ordering': ('-year', 'unit__path', 'pk'),
                'indexes': [models.Index(fields=['state', 'year'], name='assessment_by_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('unit', 'year'), name='assessment_once_a_year'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'self', 'group', 'draft', 'final', 'rectifying', 'recheck', 'closed', 'cancelled'])), name='assessment_state_is_known'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='assessment_days_in_order'), models.CheckConstraint(condition=models.Q(('group_by__gt', models.F('self_by'))), name='assessment_work_in_order'), models.CheckConstraint(condition=models.Q(('assessor', models.F('unit')), _negated=True), name='assessment_is_by_another'), models.CheckConstraint(condition=models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('scored_by')), _negated=True), _connector='OR'), name='assessment_confirmed_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('draft', 'final', 'rectifying', 'recheck', 'closed')), _negated=True), models.Q(('confirmed_by__isnull', False), ('drafted_at__isnull', False), ('total__isnull', False)), _connector='OR'), name='assessment_result_has_total')],
            },
        ),
        migrations.CreateModel(
            name='AssessmentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposed', models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ('own_points', models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ('own_note', models.CharField(blank=True, max_length=500)),
                ('points', models.DecimalField(decimal_places=1, max_digits=4, null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='evaluations.assessment')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluations.schemeitem')),
            ],
            options={
                'ordering': ('item__order', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('assessment', 'item'), name='assessment_line_once'), models.CheckConstraint(condition=models.Q(models.Q(('points__isnull', True), ('points__gte', 0), _connector='OR'), models.Q(('own_points__isnull', True), ('own_points__gte', 0), _connector='OR')), name='assessment_points_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='AssessmentObjection',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('round', models.PositiveSmallIntegerField()),
                ('raised_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='evaluations.assessment')),
                ('inquiry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='assessment_objection', to='feedback.inquiry')),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('raised_at', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('assessment', 'round'), name='objection_once_a_draft')],
            },
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=40)),
                ('weight', models.PositiveSmallIntegerField()),
                ('target', models.PositiveSmallIntegerField(default=100)),
                ('numerator', models.BigIntegerField(default=0)),
                ('denominator', models.BigIntegerField(default=0)),
                ('is_withheld', models.BooleanField(default=False)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='evaluations.assessmentline')),
            ],
            options={
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('line', 'indicator'), name='figure_once_a_line'), models.CheckConstraint(condition=models.Q(('is_withheld', False), models.Q(('denominator', 0), ('numerator', 0)), _connector='OR'), name='withheld_figure_is_empty')],
            },
        ),
        migrations.CreateModel(
            name='GroupMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='evaluations.assessment')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('order',),
                'constraints': [models.UniqueConstraint(fields=('assessment', 'person'), name='group_member_once'), models.UniqueConstraint(fields=('assessment', 'order'), name='group_place_once')],
            },
        ),
        migrations.CreateModel(
            name='RectificationPoint',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('place', models.PositiveSmallIntegerField()),
                ('demand', models.CharField(max_length=500)),
                ('done', models.CharField(blank=True, max_length=500)),
                ('done_at', models.DateTimeField(null=True)),
                ('is_accepted', models.BooleanField(null=True)),
                ('check_note', models.CharField(blank=True, max_length=300)),
                ('checked_at', models.DateTimeField(null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='evaluations.assessment')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demands', to='evaluations.assessmentline')),
                ('promise', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='assessment_point', to='deadlines.promise')),
            ],
            options={
                'ordering': ('place',),
                'constraints': [models.UniqueConstraint(fields=('assessment', 'line'), name='rectification_point_once_a_line'), models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(('checked_by', models.F('done_by')), _negated=True), _connector='OR'), name='rectification_point_checked_by_another')],
            },
        ),
        migrations.CreateModel(
            name='SchemeEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=40)),
                ('weight', models.PositiveSmallIntegerField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='evaluations.schemeitem')),
            ],
            options={
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('item', 'indicator'), name='scheme_evidence_once'), models.CheckConstraint(condition=models.Q(('weight__gte', 1), ('weight__lte', 100)), name='scheme_evidence_weighs')],
            },
        ),
    ]
