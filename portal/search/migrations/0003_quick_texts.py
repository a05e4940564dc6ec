"""
Texts compressed by lz4 on PostgreSQL: a search opens some hundreds of them, which takes half as long as with pglz.

What has been filed stays as it is until it is filed again (``manage.py reindex_search``). A server that was built
without lz4 keeps its own way.
"""

from django.db import migrations

QUICK = """
DO $$ BEGIN
    ALTER TABLE search_searchentry
        ALTER COLUMN folded SET COMPRESSION {method}, ALTER COLUMN text SET COMPRESSION {method};
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'no lz4';
END $$
"""


def _set(method):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(QUICK.format(method=method), params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("search", "0002_index")]
    operations = [migrations.RunPython(_set("lz4"), _set("default"))]
