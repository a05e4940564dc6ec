"""
Guard papers on both engines as 0002 guards the rest: handed out while the poll is open, read while it is closed.

What was read is taken away by the count alone, and nothing of it is ever changed.
"""

from django.db import migrations

ALLOWED = {
    "paperissue": {"INSERT": "p.state = 'open'"},
    "paperentry": {"INSERT": "p.state = 'closed'", "DELETE": "p.state = 'counted'"},
    "paperscan": {"INSERT": "p.state IN ('closed', 'counted', 'published')"},
}
KEYS = {"paperissue": "elector_id", "paperentry": "id", "paperscan": "poll_id"}
VERBS = ("INSERT", "UPDATE", "DELETE")


def _refusal(table, verb):
    rule = ALLOWED[table].get(verb)
    if rule is None:
        return "TRUE"
    row = "OLD" if verb == "DELETE" else "NEW"
    return f"NOT EXISTS (SELECT 1 FROM ballots_poll p WHERE p.id = {row}.poll_id AND {rule})"


def _postgresql():
    for table in ALLOWED:
        tests = " ".join(f"IF TG_OP = '{verb}' THEN refused := {_refusal(table, verb)}; END IF;" for verb in VERBS)
        yield f"""
        CREATE FUNCTION ballots_guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE refused boolean;
        BEGIN
            {tests}
            IF refused THEN
                RAISE EXCEPTION 'ballots_{table}: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        END $$
        """
        yield (
            f"CREATE TRIGGER ballots_{table}_guard BEFORE INSERT OR UPDATE OR DELETE ON ballots_{table}"
            f" FOR EACH ROW EXECUTE FUNCTION ballots_guard_{table}()"
        )
        yield (
            f"CREATE TRIGGER ballots_{table}_guard_all BEFORE TRUNCATE ON ballots_{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ballots_refuse()"
        )
        yield f"ALTER TABLE ballots_{table} ENABLE ALWAYS TRIGGER ballots_{table}_guard"
        yield f"ALTER TABLE ballots_{table} ENABLE ALWAYS TRIGGER ballots_{table}_guard_all"


def _postgresql_back():
    for table in ALLOWED:
        yield f"DROP TRIGGER ballots_{table}_guard_all ON ballots_{table}"
        yield f"DROP TRIGGER ballots_{table}_guard ON ballots_{table}"
        yield f"DROP FUNCTION ballots_guard_{table}()"


def _sqlite():
    for table in ALLOWED:
        for verb in VERBS:
            refusal = _refusal(table, verb)
            when = "" if refusal == "TRUE" else f" WHEN {refusal}"
            yield (
                f"CREATE TRIGGER ballots_{table}_no_{verb} BEFORE {verb} ON ballots_{table}{when}"
                f" BEGIN SELECT RAISE(ABORT, 'ballots_{table}: {verb} is refused'); END"
            )
        yield (
            f"CREATE TRIGGER ballots_{table}_no_REPLACE BEFORE INSERT ON ballots_{table}"
            f" WHEN EXISTS (SELECT 1 FROM ballots_{table} WHERE {KEYS[table]} = NEW.{KEYS[table]} OR rowid = NEW.rowid)"
            f" BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: ballots_{table}'); END"
        )


SQLITE = list(_sqlite())
FORWARD = {"postgresql": list(_postgresql()), "sqlite": SQLITE}
BACKWARD = {"postgresql": list(_postgresql_back()), "sqlite": [f"DROP TRIGGER {sql.split()[2]}" for sql in SQLITE]}


def install(apps, schema_editor):
    for statement in FORWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in BACKWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ballots", "0003_papers")]
    operations = [migrations.RunPython(install, remove)]
