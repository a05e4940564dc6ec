"""D1: back up, wipe, restore, look: by the programs an administrator uses, on a server of the test's own."""

import contextlib

import psycopg2
import pytest

from tests.faults.people import card_form
from tests.faults.stage import Visitor

pytestmark = pytest.mark.services


def execute(postgres, *statements):
    line = psycopg2.connect(postgres.url)
    line.autocommit = True
    with contextlib.closing(line), line.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_d01_backup_wipe_restore_smoke(stage_with_own_postgres, tmp_path):
    stage = stage_with_own_postgres
    postgres, seed = stage.postgres, stage.seed

    def manage(*arguments):
        return stage.run("-W", "ignore", "manage.py", *arguments)

    def must(*arguments):
        done = manage(*arguments)
        assert done.returncode == 0, (arguments, done.stdout[-1000:], done.stderr[-2000:])
        return done.stdout

    must("runperiodic")  # seals the ledger
    counted = must("backup", "--counts")
    must("backup", "--to", str(tmp_path / "archives"))
    [archive] = (tmp_path / "archives").glob("portal-*")

    # A later version made this one: it is not for this code, and nothing is touched.
    execute(postgres, "INSERT INTO django_migrations (app, name, applied) VALUES ('feedback', '9999_future', now())")
    must("backup", "--to", str(tmp_path / "later"))
    [later] = (tmp_path / "later").glob("portal-*")

    execute(postgres, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    refused = manage("restore", str(later), "--no-input")
    assert refused.returncode != 0
    assert "later version" in refused.stderr
    assert execute(postgres, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]

    must("restore", str(archive), "--no-input")
    assert must("backup", "--counts") == counted
    must("verify_ledger")
    address = stage.web()
    worker = Visitor(address, seed["session"])
    assert worker.get("/cards/mine/").status == 200
    assert seed["subject"] in Visitor(address).get(f"/inquiries/{seed['number']}/").text
    tracked = Visitor(address).post("/a/track/", {"number": seed["number"], "code": seed["code"]})
    assert tracked.status == 200
    assert seed["subject"] in tracked.text
    assert worker.post("/cards/new/", card_form(seed["unit"])).status == 302
    with pytest.raises(psycopg2.errors.RestrictViolation):
        execute(postgres, "DELETE FROM ledger_entry")
