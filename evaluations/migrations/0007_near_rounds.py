import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_secrecy_reviewer'),
        ('ballots', '0005_code_groups'),
        ('evaluations', '0006_assessment_votes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='round',
            name='near_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='round',
            name='near_granted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='round',
            name='near_reason',
            field=models.CharField(max_length=300, null=True),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('near_granted_by__isnull', True), models.Q(('near_by__isnull', False), ('near_reason__isnull', False), models.Q(('near_reason', ''), _negated=True), models.Q(('near_granted_by', models.F('near_by')), _negated=True)), _connector='OR'), name='round_near_takes_two'),
        ),
    ]
