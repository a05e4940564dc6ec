"""Every job of the schedule exists, ends, and may run twice."""

import pytest
from celery import current_app
from celery.schedules import crontab
from django.conf import settings

ENTRIES = sorted(settings.CELERY_BEAT_SCHEDULE)


@pytest.mark.parametrize("entry", ENTRIES)
def test_job_exists_and_expires_within_its_period(entry):
    plan = settings.CELERY_BEAT_SCHEDULE[entry]
    current_app.loader.import_default_modules()
    assert plan["task"] in current_app.tasks
    assert isinstance(plan["schedule"], crontab)
    assert 0 < plan["options"]["expires"] < (60 if plan["schedule"] == crontab() else 24 * 3600)


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.django_db
def test_job_runs_on_an_empty_portal_and_again(entry):
    plan = settings.CELERY_BEAT_SCHEDULE[entry]
    current_app.loader.import_default_modules()
    for _turn in range(2):
        assert current_app.tasks[plan["task"]].apply(plan.get("args"), plan.get("kwargs"), throw=True).successful()
