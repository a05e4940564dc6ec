"""The column of grams: a tsvector on PostgreSQL, words for an FTS5 table on SQLite."""

from django.db import models
from django.db.models.lookups import Lookup

TABLE = "search_grams"


class GramsField(models.Field):
    """Takes a set of grams (folding.grams_of); written and asked for, never read back."""

    description = "grams"

    def db_type(self, connection):
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value, compiler, connection):
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(self, value, connection, prepared=False):
        mark = "'" if connection.vendor == "postgresql" else ""
        return " ".join(f"{mark}{gram}{mark}" for gram in sorted(value))


@GramsField.register_lookup
class Holds(Lookup):
    """``grams__holds=grams_for(terms)``: each of the grams, or one that begins so, is there."""

    lookup_name = "holds"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        query = " & ".join(f"'{gram}'{':*' if is_beginning else ''}" for gram, is_beginning in self.rhs)
        return f"{column} @@ %s::tsquery", [*params, query]

    def as_sqlite(self, compiler, connection):
        name = compiler.quote_name_unless_alias(self.lhs.alias)
        query = " AND ".join(f'"{gram}"{"*" if is_beginning else ""}' for gram, is_beginning in self.rhs)
        found = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608 -- a table of our own
        return f"{name}.id IN ({found})", [f"{{{self.lhs.target.column}}} : ({query})"]

    def as_sql(self, compiler, connection):
        raise NotImplementedError(f"no search on {connection.vendor}")
