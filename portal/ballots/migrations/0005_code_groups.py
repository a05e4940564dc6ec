"""
Let a printed code name the voter group whose slip it is, and hold it to that as to its poll and its sheet.

The column is added by hand: Django would build the table anew on SQLite, and its triggers would be lost.
"""

from django.db import migrations, models

SAME = "NEW.hash = OLD.hash AND NEW.poll_id = OLD.poll_id AND NEW.batch = OLD.batch"
GROUP = ' AND NEW."group" = OLD."group"'
RULE = (
    "p.state = 'open' AND NEW.is_used AND NOT OLD.is_used AND NOT OLD.is_voided AND NOT NEW.is_voided",
    "p.state IN ('draft', 'open') AND NEW.is_voided AND NOT OLD.is_voided AND NOT OLD.is_used AND NOT NEW.is_used",
)
COLUMN = 'ALTER TABLE ballots_printedcode ADD COLUMN "group" varchar(20) NOT NULL DEFAULT \'\''


def _refusal(same):
    rule = f"{same} AND (({RULE[0]}) OR ({RULE[1]}))"
    return f"NOT EXISTS (SELECT 1 FROM ballots_poll p WHERE p.id = NEW.poll_id AND {rule})"


def _sqlite(same):
    yield "DROP TRIGGER ballots_printedcode_no_UPDATE"
    yield (
        "CREATE TRIGGER ballots_printedcode_no_UPDATE BEFORE UPDATE ON ballots_printedcode"
        f" WHEN {_refusal(same)} BEGIN SELECT RAISE(ABORT, 'ballots_printedcode: UPDATE is refused'); END"
    )


def _postgresql(same):
    draft = "NOT EXISTS (SELECT 1 FROM ballots_poll p WHERE p.id = NEW.poll_id AND p.state = 'draft')"
    yield f"""
    CREATE OR REPLACE FUNCTION ballots_guard_printedcode() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE refused boolean;
    BEGIN
        IF TG_OP = 'INSERT' THEN refused := {draft}; END IF;
        IF TG_OP = 'UPDATE' THEN refused := {_refusal(same)}; END IF;
        IF TG_OP = 'DELETE' THEN refused := TRUE; END IF;
        IF refused THEN
            RAISE EXCEPTION 'ballots_printedcode: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """


SQLITE = list(_sqlite(SAME + GROUP))


def _install(schema_editor, same):
    for statement in {"sqlite": _sqlite, "postgresql": _postgresql}[schema_editor.connection.vendor](same):
        schema_editor.execute(statement, params=None)


def install(apps, schema_editor):
    _install(schema_editor, SAME + GROUP)


def remove(apps, schema_editor):
    _install(schema_editor, SAME)
    schema_editor.execute('ALTER TABLE ballots_printedcode DROP COLUMN "group"')


class Migration(migrations.Migration):
    dependencies = [("ballots", "0004_paper_guards")]
    operations = [
        # lint: NOT_NULL -- the database has a default for it: PostgreSQL writes no row, and earlier code may insert
        migrations.RunSQL(
            COLUMN,
            migrations.RunSQL.noop,  # "remove" takes the column away, after the trigger that reads it
            state_operations=[
                migrations.AddField("printedcode", "group", models.CharField(blank=True, default="", max_length=20)),
            ],
        ),
        migrations.RunPython(install, remove),
    ]
