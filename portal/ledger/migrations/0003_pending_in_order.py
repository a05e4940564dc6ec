"""Give the sealer's queue what its order needs; the queue is made anew from the entries without a seal."""

import django.db.models.deletion
from django.db import migrations, models

POSTGRESQL = [
    """
    CREATE OR REPLACE FUNCTION ledger_enqueue() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO ledger_pending (entry_id, at, is_day_only) SELECT id, at, is_day_only FROM fresh;
        RETURN NULL;
    END $$
    """,
]
SQLITE = [
    "DROP TRIGGER ledger_entry_enqueue",
    "CREATE TRIGGER ledger_entry_enqueue AFTER INSERT ON ledger_entry BEGIN"
    " INSERT INTO ledger_pending (entry_id, at, is_day_only) VALUES (NEW.id, NEW.at, NEW.is_day_only); END",
]
REFILL = (
    "INSERT INTO ledger_pending (entry_id, at, is_day_only) SELECT id, at, is_day_only FROM ledger_entry"
    " WHERE NOT EXISTS (SELECT 1 FROM ledger_seal WHERE ledger_seal.entry_id = ledger_entry.id)"
)


def fill(apps, schema_editor):
    for statement in [*{"postgresql": POSTGRESQL, "sqlite": SQLITE}[schema_editor.connection.vendor], REFILL]:
        schema_editor.execute(statement, params=None)


BACK = {
    "postgresql": [
        """
        CREATE OR REPLACE FUNCTION ledger_enqueue() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO ledger_pending (entry_id) SELECT id FROM fresh;
            RETURN NULL;
        END $$
        """
    ],
    "sqlite": [
        "DROP TRIGGER ledger_entry_enqueue",
        "CREATE TRIGGER ledger_entry_enqueue AFTER INSERT ON ledger_entry"
        " BEGIN INSERT INTO ledger_pending (entry_id) VALUES (NEW.id); END",
    ],
}


def go_back(apps, schema_editor):
    for statement in BACK[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [
        # lint: DROP_TABLE -- a queue, made anew below from the entries without a seal; nothing else is in it
        migrations.DeleteModel("Pending"),
        migrations.CreateModel(
            name="Pending",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ledger.entry",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("is_day_only", models.BooleanField()),
            ],
            options={"indexes": [models.Index(fields=["at", "entry"], name="pending_by_time")]},
        ),
        migrations.RunPython(fill, go_back),
    ]
