"""D4: models and migrations agree; what could stop a running portal is not in a migration, or its file says why."""

import inspect
import re
from importlib import import_module
from io import StringIO

import pytest
from django.core.management import call_command
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements

from tests.architecture.test_code import OURS
from tests.services import both_engines

# "# lint: CODE -- why", in the file of the migration.
EXCUSE = re.compile(r"^\s*# lint: ([A-Z_]+) -- \S.{10,}$", re.M)


@pytest.mark.django_db
def test_d04_models_and_migrations_agree():
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=1)
    except SystemExit:
        pytest.fail(out.getvalue(), pytrace=False)


@pytest.fixture
def linter(engine, transactional_db):
    return MigrationLinter(no_cache=True, no_output=True)


def ours(linter):
    """Return the migrations of the portal that are not the first of their tables."""
    for (label, name), migration in sorted(linter.migration_loader.disk_migrations.items()):
        # The first migration finds no rows and no older code that it could hurt.
        if not migration.initial and migration.__module__.split(".")[0] in OURS:
            yield label, name, migration


@both_engines
def test_d04_the_linter_is_content_or_the_file_says_why(linter, engine):
    """Excuses are for the SQL of PostgreSQL, where portals with many rows live; SQLite may do with fewer."""
    found, excused = {}, {}
    for label, name, migration in ours(linter):
        errors, _ignored, warnings = analyse_sql_statements(linter.sql_analyser_class, linter.get_sql(label, name), [])
        more_errors, _ignored, more_warnings = linter.analyse_data_migration(migration)
        codes = {issue.code for issue in (*errors, *warnings, *more_errors, *more_warnings)}
        excuses = set(EXCUSE.findall(inspect.getsource(import_module(migration.__module__))))
        if codes or excuses:
            found[label, name], excused[label, name] = codes, excuses
    assert sum(1 for _ in ours(linter)) >= 5
    if engine == "postgresql":
        assert found == excused
    else:
        assert {key: codes - excused[key] for key, codes in found.items() if codes - excused[key]} == {}


@both_engines
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ('ALTER TABLE "feedback_inquiry" RENAME TO "feedback_matter"', "RENAME_TABLE"),
        ('ALTER TABLE "feedback_inquiry" RENAME COLUMN "body" TO "text"', "RENAME_COLUMN"),
        ('ALTER TABLE "feedback_inquiry" DROP COLUMN "body"', "DROP_COLUMN"),
        ('DROP TABLE "feedback_inquiry"', "DROP_TABLE"),
    ],
)
def test_d04_the_linter_refuses_what_stops_the_release_before(linter, statement, code):
    errors, _ignored, _warnings = analyse_sql_statements(linter.sql_analyser_class, [statement], [])
    assert code in [error.code for error in errors]


@pytest.mark.services
def test_d04_the_linter_refuses_a_column_that_older_code_leaves_empty(postgres):
    linter = MigrationLinter(no_cache=True, no_output=True)
    statement = 'ALTER TABLE "feedback_inquiry" ADD COLUMN "mood" varchar(9) NOT NULL'
    errors, _ignored, _warnings = analyse_sql_statements(linter.sql_analyser_class, [statement], [])
    assert [error.code for error in errors] == ["NOT_NULL"]


def test_d04_an_excuse_has_a_reason():
    assert EXCUSE.findall("    # lint: DROP_TABLE -- the queue is made anew\n") == ["DROP_TABLE"]
    assert EXCUSE.findall("# lint: DROP_TABLE\n# lint: DROP_TABLE -- x\n") == []
