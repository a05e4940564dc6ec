"""Look fingerprints up by the fact that acts give them in: sha256."""

from django.db import migrations


def _statements(vendor, fact):
    if vendor == "postgresql":
        column = f"(facts ->> '{fact}')"
        return f'CREATE INDEX entry_by_fingerprint ON ledger_entry ({column} COLLATE "C") WHERE {column} IS NOT NULL'
    column = f"json_extract(facts, '$.{fact}')"
    return f"CREATE INDEX entry_by_fingerprint ON ledger_entry ({column}) WHERE {column} IS NOT NULL"


def _change(fact):
    def run(apps, schema_editor):
        schema_editor.execute("DROP INDEX entry_by_fingerprint", params=None)
        schema_editor.execute(_statements(schema_editor.connection.vendor, fact), params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_pending_in_order")]
    operations = [migrations.RunPython(_change("sha256"), _change("fingerprint"))]
