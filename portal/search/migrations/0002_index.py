"""
What finds the grams: two GIN indexes on PostgreSQL, an FTS5 table that follows by triggers on SQLite.

A later migration that alters the table on SQLite makes it anew and loses its
triggers: such a migration ends with ``install`` of this one.
"""

from django.db import migrations

POSTGRESQL = [
    # No pending list: a reader would have to look through it at every search, and writers are few.
    "CREATE INDEX search_entry_grams ON search_searchentry USING gin (grams) WITH (fastupdate = off)",
    "CREATE INDEX search_entry_title_grams ON search_searchentry USING gin (title_grams) WITH (fastupdate = off)",
]
POSTGRESQL_BACK = ["DROP INDEX search_entry_grams", "DROP INDEX search_entry_title_grams"]

_ADD = "INSERT INTO search_grams (rowid, title_grams, grams) VALUES (NEW.id, NEW.title_grams, NEW.grams);"
_DROP = (
    "INSERT INTO search_grams (search_grams, rowid, title_grams, grams)"
    " VALUES ('delete', OLD.id, OLD.title_grams, OLD.grams);"
)
SQLITE = [
    # The tokenizer "ascii" leaves every character beyond ASCII alone; grams hold only such, letters and digits.
    "CREATE VIRTUAL TABLE search_grams USING fts5 (title_grams, grams, content = 'search_searchentry',"
    " content_rowid = 'id', tokenize = 'ascii', detail = 'column')",
    f"CREATE TRIGGER search_entry_added AFTER INSERT ON search_searchentry BEGIN {_ADD} END",
    f"CREATE TRIGGER search_entry_gone AFTER DELETE ON search_searchentry BEGIN {_DROP} END",
    f"CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_searchentry BEGIN {_DROP} {_ADD} END",
]
SQLITE_BACK = [
    *(f"DROP TRIGGER search_entry_{name}" for name in ("added", "gone", "changed")),
    "DROP TABLE search_grams",
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
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
