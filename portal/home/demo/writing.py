"""Writing many rows at once: COPY on PostgreSQL, executemany on SQLite, with every column given."""

import datetime as dt
import io
import json
import uuid

from django.db import connection
from django.db.models import NOT_PROVIDED


class Table:
    """Rows of one model, ready for the database; a column that is not named gets the model's default."""

    def __init__(self, model):
        self.model = model
        self.fields = [
            field
            for field in model._meta.concrete_fields
            if not (field.primary_key and field.get_internal_type().endswith("AutoField"))
        ]
        self.columns = [field.column for field in self.fields]
        self.names = {field.attname: place for place, field in enumerate(self.fields)}
        self.defaults = [self._default(field) for field in self.fields]
        self.rows = []

    @staticmethod
    def _default(field):
        if field.default is NOT_PROVIDED:
            return "" if field.empty_strings_allowed and not field.null else None
        return None if field.primary_key else plain(field.get_default())

    def add(self, **values):
        """Add a row by attribute names ("unit_id", not "unit")."""
        row = self.defaults.copy()
        for name, value in values.items():
            row[self.names[name]] = plain(value)
        self.rows.append(row)

    def flush(self):
        """Write the rows and forget them."""
        if not self.rows:
            return
        table = self.model._meta.db_table
        if connection.vendor == "postgresql":
            text = io.StringIO("\n".join("\t".join(map(_copy, row)) for row in self.rows) + "\n")
            with connection.cursor() as cursor:
                columns = ", ".join(f'"{column}"' for column in self.columns)
                cursor.cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', text)
        else:
            marks = ", ".join(["%s"] * len(self.columns))
            columns = ", ".join(f'"{column}"' for column in self.columns)
            with connection.cursor() as cursor:
                cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', self.rows)  # noqa: S608 -- names of our own model
        self.rows.clear()


_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def _copy(value):
    if value is None:
        return "\\N"
    return value.translate(_ESCAPES) if isinstance(value, str) else str(value)


def plain(value):
    """Return a value as both engines take it: text, number or nothing."""
    kind = type(value)
    if kind is str or kind is int or value is None:
        return value
    if kind is bool:
        return int(value)
    if kind is uuid.UUID:
        return value.hex
    if kind is dt.datetime:
        return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if kind is dt.date:
        return value.isoformat()
    if kind is dict or kind is list:
        return json.dumps(value, ensure_ascii=False)
    if kind is bytes:
        return "\\x" + value.hex() if connection.vendor == "postgresql" else value
    return str(value)  # an enum member
