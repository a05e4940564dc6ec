"""
Texts of an ordinary length lie in their row as they are, on PostgreSQL: a search opens some hundreds of them.

What gives way when a row is longer than a third of a page are first its grams, which only the index reads. The table
becomes larger by two thirds, and a search for a rare word a fifteenth cheaper. What has been filed stays as it is
until it is filed again (``manage.py reindex_search``).
"""

from django.db import migrations

SET = (
    "ALTER TABLE search_searchentry ALTER COLUMN folded SET STORAGE {storage}, ALTER COLUMN text SET STORAGE {storage}",
    "ALTER TABLE search_searchentry {target}",
)


def _set(**options):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in SET:
                schema_editor.execute(statement.format(**options), params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0003_quick_texts")]
    operations = [
        migrations.RunPython(
            _set(storage="MAIN", target="SET (toast_tuple_target = 2700)"),
            _set(storage="EXTENDED", target="RESET (toast_tuple_target)"),
        )
    ]
