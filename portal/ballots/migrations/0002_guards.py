"""
Refuse, on both engines and whoever asks, what would undo a vote.

After opening nothing of a poll changes but its progress, states only go on,
electors and shares stay, ballots come while it is open and are written anew
once by the count, and a result is written once. Sense and limits:
docs/decisions/0030-sealed-ballots.md.
"""

from django.db import migrations

FROZEN = (
    *("owner_kind", "owner_id", "title", "grade", "is_test", "definition_json", "definition_sha256"),
    *("electorate_size", "electorate_sha256", "closes_at", "public_key", "repeat_of_id", "drafted_by_id"),
    *("drafted_at", "opened_at"),
)
ONCE = ("closed_at", "counted_at", "published_at")
MOVES = ("draft>open", "draft>discarded", "open>closed", "closed>counted", "counted>published")
_MOVES = ", ".join(f"'{move}'" for move in MOVES)

DRAFT = "p.state = 'draft'"
REBUILDING = "p.state = 'counted' AND NOT p.is_rebuilt"
# What each table lets happen, by the state of its poll; what is not listed is always refused.
ALLOWED = {
    "elector": {"INSERT": DRAFT, "DELETE": DRAFT},
    "participation": {"INSERT": f"(p.state = 'open' OR ({REBUILDING}))", "DELETE": REBUILDING},
    "ballot": {"INSERT": f"(p.state = 'open' OR ({REBUILDING}))", "DELETE": REBUILDING},
    "printedcode": {
        "INSERT": DRAFT,
        "UPDATE": "NEW.hash = OLD.hash AND NEW.poll_id = OLD.poll_id AND NEW.batch = OLD.batch AND ("
        "(p.state = 'open' AND NEW.is_used AND NOT OLD.is_used AND NOT OLD.is_voided AND NOT NEW.is_voided)"
        " OR (p.state IN ('draft', 'open') AND NEW.is_voided AND NOT OLD.is_voided AND NOT OLD.is_used"
        " AND NOT NEW.is_used))",
    },
    "scrutineer": {
        "INSERT": DRAFT,
        "DELETE": DRAFT,
        # While a draft a share is taken up; after the count it is wiped out; the person stays.
        "UPDATE": "NEW.id = OLD.id AND NEW.poll_id = OLD.poll_id AND NEW.person_id = OLD.person_id"
        " AND NEW.seat = OLD.seat AND p.state IN ('draft', 'counted')",
    },
    "keyblob": {
        "INSERT": DRAFT,
        "UPDATE": "NEW.poll_id = OLD.poll_id AND p.state = 'counted'",
        "DELETE": "p.state = 'counted'",
    },
    "result": {"INSERT": "p.state = 'closed'"},
}
KEYS = {"participation": "elector_id", "printedcode": "hash", "result": "poll_id"}


def _poll_of(verb):
    return "OLD.poll_id" if verb == "DELETE" else "NEW.poll_id"


def _refusal(table, verb):
    rule = ALLOWED[table].get(verb)
    if rule is None:
        return "TRUE"
    return f"NOT EXISTS (SELECT 1 FROM ballots_poll p WHERE p.id = {_poll_of(verb)} AND {rule})"


def _postgresql():
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FROZEN)
    again = " OR ".join(f"(OLD.{name} IS NOT NULL AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name in ONCE)
    yield f"""
    CREATE FUNCTION ballots_guard_poll() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' OR NEW.id <> OLD.id
            OR (OLD.state <> 'draft' AND ({changed}))
            OR {again}
            OR (OLD.is_rebuilt AND NOT NEW.is_rebuilt)
            OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({_MOVES}))
        THEN
            RAISE EXCEPTION 'ballots_poll: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """
    yield """
    CREATE FUNCTION ballots_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END $$
    """
    yield (
        "CREATE TRIGGER ballots_poll_guard BEFORE UPDATE OR DELETE ON ballots_poll"
        " FOR EACH ROW EXECUTE FUNCTION ballots_guard_poll()"
    )
    for table in ALLOWED:
        tests = " ".join(
            f"IF TG_OP = '{verb}' THEN refused := {_refusal(table, verb)}; END IF;"
            for verb in ("INSERT", "UPDATE", "DELETE")
        )
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
    for table in ("poll", *ALLOWED):
        yield (
            f"CREATE TRIGGER ballots_{table}_guard_all BEFORE TRUNCATE ON ballots_{table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ballots_refuse()"
        )
        yield f"ALTER TABLE ballots_{table} ENABLE ALWAYS TRIGGER ballots_{table}_guard"
        yield f"ALTER TABLE ballots_{table} ENABLE ALWAYS TRIGGER ballots_{table}_guard_all"


def _postgresql_back():
    for table in ("poll", *ALLOWED):
        yield f"DROP TRIGGER ballots_{table}_guard_all ON ballots_{table}"
        yield f"DROP TRIGGER ballots_{table}_guard ON ballots_{table}"
        yield f"DROP FUNCTION ballots_guard_{table}()"
    yield "DROP FUNCTION ballots_refuse()"


def _sqlite():
    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FROZEN)
    again = " OR ".join(f"(OLD.{name} IS NOT NULL AND NEW.{name} IS NOT OLD.{name})" for name in ONCE)
    yield (
        "CREATE TRIGGER ballots_poll_no_UPDATE BEFORE UPDATE ON ballots_poll WHEN NEW.id IS NOT OLD.id"
        f" OR (OLD.state <> 'draft' AND ({changed})) OR {again} OR (OLD.is_rebuilt AND NOT NEW.is_rebuilt)"
        f" OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({_MOVES}))"
        " BEGIN SELECT RAISE(ABORT, 'ballots_poll: UPDATE is refused'); END"
    )
    yield (
        "CREATE TRIGGER ballots_poll_no_DELETE BEFORE DELETE ON ballots_poll"
        " BEGIN SELECT RAISE(ABORT, 'ballots_poll: DELETE is refused'); END"
    )
    for table in ALLOWED:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            refusal = _refusal(table, verb)
            when = "" if refusal == "TRUE" else f" WHEN {refusal}"
            yield (
                f"CREATE TRIGGER ballots_{table}_no_{verb} BEFORE {verb} ON ballots_{table}{when}"
                f" BEGIN SELECT RAISE(ABORT, 'ballots_{table}: {verb} is refused'); END"
            )
    # INSERT OR REPLACE deletes without asking the DELETE trigger.
    for table in ("poll", *ALLOWED):
        key = KEYS.get(table, "id")
        yield (
            f"CREATE TRIGGER ballots_{table}_no_REPLACE BEFORE INSERT ON ballots_{table}"
            f" WHEN EXISTS (SELECT 1 FROM ballots_{table} WHERE {key} = NEW.{key} OR rowid = NEW.rowid)"
            f" BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: ballots_{table}'); END"
        )


SQLITE = list(_sqlite())
SQLITE_BACK = [f"DROP TRIGGER {sql.split()[2]}" for sql in SQLITE]
POSTGRESQL, POSTGRESQL_BACK = list(_postgresql()), list(_postgresql_back())
TABLES = [f"ballots_{table}" for table in ("poll", *ALLOWED)]
FORWARD = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
BACKWARD = {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK}


def install(apps, schema_editor):
    for statement in FORWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in BACKWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ballots", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
