"""The column of grams: a tsvector on PostgreSQL, words for an FTS5 table on SQLite."""

from django.db import models
from django.db.models.lookups import Lookup

from portal.kernel.prepared import Slot

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


class QueryField(models.Field):
    """What grams are asked for (folding.grams_for), as the value of a slot."""

    description = "grams asked for"

    def db_type(self, connection):
        return "tsquery" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value, connection, prepared=False):
        if connection.vendor == "postgresql":
            return " & ".join(f"'{gram}'{':*' if is_beginning else ''}" for gram, is_beginning in value)
        return " AND ".join(f'"{gram}"{"*" if is_beginning else ""}' for gram, is_beginning in value)


@GramsField.register_lookup
class Holds(Lookup):
    """``grams__holds=grams_for(terms)``: each of the grams, or one that begins so, is there; or a slot for them."""

    lookup_name = "holds"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        if isinstance(self.rhs, Slot):
            # Out of the planner's sight: what it knows of a word it takes for a reason to plan anew each time.
            return f"{column} @@ (SELECT %s::tsquery)", [*params, self.rhs]
        return f"{column} @@ %s::tsquery", [*params, QueryField().get_db_prep_value(self.rhs, connection)]

    def as_sqlite(self, compiler, connection):
        name, column = compiler.quote_name_unless_alias(self.lhs.alias), self.lhs.target.column
        is_slot = isinstance(self.rhs, Slot)
        query = self.rhs if is_slot else QueryField().get_db_prep_value(self.rhs, connection)
        found = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH '{{{column}}} : (' || %s || ')'"  # noqa: S608 -- a table of our own
        return f"{name}.id IN ({found})", [query]

    def as_sql(self, compiler, connection):
        raise NotImplementedError(f"no search on {connection.vendor}")
