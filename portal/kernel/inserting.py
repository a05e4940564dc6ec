"""
Many rows alike by one statement: ``INSERT … SELECT``, for jobs that write tens of thousands.

The columns that differ come out of a source of SQL, all others are those of one
unsaved instance that was made, and checked, as a single one would be. And one
row by a statement that was put together once, for what is written dozens of times a second.
"""

from functools import lru_cache

from django.db import connection


def insert_alike(like, *, source, params, own):
    """
    Insert a row like an unsaved instance for each row of a source, by one statement.

    ``source`` is what stands behind FROM, with its ``params``; ``own`` gives
    for each field that differs from row to row its expression over the source,
    or (expression, params). Nothing a reader wrote belongs into an expression.
    """
    columns, expressions, values = [], [], []
    for field in like._meta.concrete_fields:
        columns.append(connection.ops.quote_name(field.column))
        if field.name in own:
            expression, more = own[field.name] if isinstance(own[field.name], tuple) else (own[field.name], ())
        else:
            expression, more = "%s", (field.get_db_prep_save(getattr(like, field.attname), connection),)
        expressions.append(expression)
        values += more
    table = connection.ops.quote_name(like._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(expressions)} FROM {source}",  # noqa: S608 -- constants of the code
            [*values, *params],
        )


def insert_one(instance):
    """
    Insert the row of an unsaved instance as ``save(force_insert=True)`` would, whose statement is made anew each time.

    For models whose keys are known before, without fields that are filled in while saving, parents or listeners.
    """
    sql, fields = _insert_of(type(instance), connection.vendor)
    values = [field.get_db_prep_save(getattr(instance, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
    instance._state.adding, instance._state.db = False, connection.alias


@lru_cache(maxsize=32)
def _insert_of(model, vendor):
    fields = model._meta.concrete_fields
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in fields)
    places = ", ".join("%s" for _field in fields)
    return f"INSERT INTO {quoted(model._meta.db_table)} ({columns}) VALUES ({places})", fields  # noqa: S608 -- names of the code
