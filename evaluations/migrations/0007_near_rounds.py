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
        # lint: CREATE_INDEX -- a few rounds a year: no portal has so many that their lock would be felt
        # lint: CREATE_INDEX_EXCLUSIVE -- the same, and nobody pleads for a round before this release
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
    ]
