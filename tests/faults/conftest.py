"""Stages on which processes are killed, and what they are to have done."""

import datetime as dt
import json
import uuid
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from portal.accounts.enums import Role
from portal.deadlines.operations import make_promises
from portal.kernel.days import day_start, local_day
from tests.factories.people import make_officer, make_unit
from tests.faults.stage import Stage


def common(environment):
    """Return an environment whose processes and the test read each other's sessions and codes."""
    return environment | {
        "PORTAL_SECRET_KEY": settings.SECRET_KEY,
        "PORTAL_TAG_KEY": settings.TAG_KEY,
        "PORTAL_HOSTS": "127.0.0.1,localhost",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def stage(service_environment, redis, tmp_path):
    """Processes on the test database and the shared Redis."""
    with Stage(common(service_environment), tmp_path) as stage:
        yield stage


@pytest.fixture
def stage_with_own_redis(service_environment, own_redis, tmp_path):
    """Processes on the test database and a Redis that may be stopped."""
    environment = common(service_environment) | {"REDIS_URL": own_redis.url}
    with Stage(environment, tmp_path) as stage:
        stage.redis = own_redis
        yield stage


@pytest.fixture
def stage_with_own_postgres(own_postgres, tmp_path):
    """Processes on a migrated and seeded database that may be killed, without any Redis; ``seed`` is what was made."""
    from portal.home.children import clean_environment

    environment = clean_environment(PORTAL_MODE="demo", PORTAL_VAR=tmp_path / "var", DATABASE_URL=own_postgres.url)
    with Stage(common(environment), tmp_path) as stage:
        stage.postgres = own_postgres
        for command in (("manage.py", "migrate", "--no-input", "-v0"), ("-m", "tests.faults.seed")):
            done = stage.run("-W", "ignore", *command)
            assert done.returncode == 0, done.stderr[-3000:]
        stage.seed = json.loads(Path(tmp_path / "var" / "seed.json").read_text())
        yield stage


@pytest.fixture
def make_due(transactional_db):
    """Make promises to answer that are ten days late and that no sweep has seen, in a company with all desks."""

    def make_due(count):
        company = make_unit()
        if not company.appointments.exists():
            for role in (Role.HANDLER, Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE):
                make_officer(role, company)
            make_officer(Role.UNION_CHAIR, company, email="chair@plant.test")
        started_on = local_day(timezone.now()) - dt.timedelta(days=42)
        return make_promises(
            [
                {
                    "kind": "inquiry.reply",
                    "subject": f"feedback.inquiry:{uuid.uuid4()}",
                    "unit": company,
                    "started_on": started_on,
                    "rule": "month_or_days:30",
                    "at": day_start(started_on),
                }
                for _ in range(count)
            ]
        )

    return make_due
