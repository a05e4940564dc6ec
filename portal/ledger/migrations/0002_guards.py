"""Refuse to change or delete what only grows, and queue every new entry for sealing, on both engines."""

from django.db import migrations

GUARDED = ("entry", "seal", "head")

POSTGRESQL = [
    """
    CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE FUNCTION ledger_enqueue() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO ledger_pending (entry_id) SELECT id FROM fresh;
        RETURN NULL;
    END $$
    """,
    # Per statement, so that a sweep which inserts a million entries queues them by one insert.
    """
    CREATE TRIGGER ledger_entry_enqueue AFTER INSERT ON ledger_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_enqueue()
    """,
    *(
        statement
        for name in GUARDED
        for statement in (
            f"CREATE TRIGGER ledger_{name}_guard BEFORE UPDATE OR DELETE ON ledger_{name}"
            " FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
            f"CREATE TRIGGER ledger_{name}_guard_all BEFORE TRUNCATE ON ledger_{name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
            f"ALTER TABLE ledger_{name} ENABLE ALWAYS TRIGGER ledger_{name}_guard",
            f"ALTER TABLE ledger_{name} ENABLE ALWAYS TRIGGER ledger_{name}_guard_all",
        )
    ),
    """CREATE INDEX entry_by_fingerprint ON ledger_entry ((facts ->> 'fingerprint') COLLATE "C")"""
    " WHERE (facts ->> 'fingerprint') IS NOT NULL",
]
POSTGRESQL_BACK = [
    "DROP INDEX entry_by_fingerprint",
    *(
        f"DROP TRIGGER ledger_{name}_{guard} ON ledger_{name}"
        for name in GUARDED
        for guard in ("guard", "guard_all")
    ),
    "DROP TRIGGER ledger_entry_enqueue ON ledger_entry",
    "DROP FUNCTION ledger_enqueue()",
    "DROP FUNCTION ledger_refuse()",
]

_KEYS = {"entry": "id", "seal": "seq", "head": "day"}
SQLITE = [
    *(
        f"CREATE TRIGGER ledger_{name}_no_{verb} BEFORE {verb} ON ledger_{name}"
        f" BEGIN SELECT RAISE(ABORT, 'ledger_{name} only grows: {verb} is refused'); END"
        for name in GUARDED
        for verb in ("UPDATE", "DELETE")
    ),
    # INSERT OR REPLACE deletes without asking the DELETE trigger.
    *(
        f"CREATE TRIGGER ledger_{name}_no_REPLACE BEFORE INSERT ON ledger_{name}"
        f" WHEN EXISTS (SELECT 1 FROM ledger_{name} WHERE {key} = NEW.{key} OR rowid = NEW.rowid)"
        f" BEGIN SELECT RAISE(ABORT, 'ledger_{name} only grows: REPLACE is refused'); END"
        for name, key in _KEYS.items()
    ),
    "CREATE TRIGGER ledger_entry_enqueue AFTER INSERT ON ledger_entry"
    " BEGIN INSERT INTO ledger_pending (entry_id) VALUES (NEW.id); END",
    "CREATE INDEX entry_by_fingerprint ON ledger_entry (json_extract(facts, '$.fingerprint'))"
    " WHERE json_extract(facts, '$.fingerprint') IS NOT NULL",
]
SQLITE_BACK = [
    "DROP INDEX entry_by_fingerprint",
    "DROP TRIGGER ledger_entry_enqueue",
    *(f"DROP TRIGGER ledger_{name}_no_{verb}" for name in GUARDED for verb in ("UPDATE", "DELETE", "REPLACE")),
]

FORWARD = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
BACKWARD = {"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK}


def install(apps, schema_editor):
    for statement in FORWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in BACKWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
