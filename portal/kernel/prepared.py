"""
Statements that a public page asks again and again: put into SQL by the ORM once in a process, afterwards only asked.

To build and compile a query costs more than to run it. A prepared one is built
with slots where its values go, and must not differ by anything else.
"""

import datetime as dt
import json
from functools import cached_property, partial

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, Expression, Func, JSONField, Subquery, TextField
from django.db.models.query import get_related_populators
from django.utils.dateparse import parse_datetime


class Slot(Expression):
    """The place of a value that is given when the statement is asked."""

    def __init__(self, name, output_field):
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Prepared:
    """A query, built by ``build()`` when it is first asked; its rows come as the database gives them."""

    def __init__(self, build):
        self._build = build
        self._statements = {}

    def rows(self, **values):
        """Return the rows, unconverted, for the values of the slots; one statement."""
        if connection.vendor not in self._statements:
            self._statements[connection.vendor] = self._build().query.sql_with_params()
        return _asked(*self._statements[connection.vendor], values)


class PreparedInstances:
    """
    A query of whole instances, with what it joins by ``select_related``, built by ``build()`` when it is first asked.

    What the statement gives becomes instances by the ORM's own means; relations
    that would be prefetched, ``only()`` and ``defer()`` have no place in it.
    """

    def __init__(self, build):
        self._build = build
        self._plans = {}

    def all(self, **values):
        """Return the instances for the values of the slots; one statement."""
        if connection.vendor not in self._plans:
            self._plans[connection.vendor] = _Plan(self._build().query)
        plan = self._plans[connection.vendor]
        return [plan.instance(row) for row in _asked(plan.sql, plan.params, values)]

    def one(self, **values):
        """Return the only instance there can be, or None; one statement."""
        return next(iter(self.all(**values)), None)


class _Plan:
    """What compiling a query says of its statement and of its rows."""

    def __init__(self, query):
        compiler = query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        told = compiler.klass_info
        own = told["select_fields"]
        self._own = slice(own[0], own[-1] + 1)
        self._model = told["model"]
        self._names = [column.target.attname for column, *_ in compiler.select[self._own]]
        self._populators = get_related_populators(told, compiler.select, connection.alias)
        self._annotations = compiler.annotation_col_map or {}
        self._converters = compiler.get_converters([one for one, *_ in compiler.select[: compiler.col_count]])

    def instance(self, row):
        row = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        instance = self._model.from_db(connection.alias, self._names, row[self._own])
        for populator in self._populators:
            populator.populate(row, instance)
        for name, place in self._annotations.items():
            setattr(instance, name, row[place])
        return instance


def _asked(sql, params, values):
    filled = [
        one.output_field.get_db_prep_value(values[one.name], connection) if isinstance(one, Slot) else one
        for one in params
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, filled)
        return cursor.fetchall()


class Row(Func):
    """The values of a row as JSON text."""

    function = "JSON_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, template="JSON_BUILD_ARRAY(%(expressions)s)::text", **more)


class Rows(Subquery):
    """The rows of a subquery of one ``Row`` as JSON text: a list of their texts, in its order; no rows may be null."""

    output_field = TextField()
    template = "(SELECT JSON_GROUP_ARRAY(line) FROM (%(subquery)s) lines)"

    def __init__(self, rows, *fields):
        super().__init__(rows.values(line=Row(*fields)))

    def as_postgresql(self, compiler, connection, **more):
        return self.as_sql(
            compiler, connection, template="(SELECT JSON_AGG(line)::text FROM (%(subquery)s) lines)", **more
        )


def instance_of(model, fields, line):
    """
    Return the instance that a ``Row`` of these fields told of, with the instances of its relations.

    Whatever was not among the fields is read when somebody asks for it, as with ``only()``; in tests asking fails,
    because a page that is kept by what was told must show nothing else.
    """
    values = json.loads(line) if isinstance(line, str) else line
    return _instance(model, dict(zip(fields, values, strict=True)))


def instances_of(model, fields, lines):
    """Return the instances that ``Rows`` of these fields told of."""
    return [instance_of(model, fields, line) for line in json.loads(lines or "[]")]


def _instance(model, told):
    own, beside = {}, {}
    for name, value in told.items():
        first, _dash, rest = name.partition("__")
        if rest:
            beside.setdefault(first, {})[rest] = value
        else:
            field = model._meta.get_field(first)
            own[field.attname] = _value(field.target_field if field.is_relation else field, value)
    related = {}
    for name, values in beside.items():
        field = model._meta.get_field(name)
        key = field.related_model._meta.pk.name
        related[field] = _instance(field.related_model, values) if values[key] is not None else None
        if not field.auto_created:
            own[field.attname] = related[field].pk if related[field] else None
    # In the order of the model, as from_db wants them.
    names = [field.attname for field in model._meta.concrete_fields if field.attname in own]
    instance = model.from_db(connection.alias, names, [own[name] for name in names])
    for field, one in related.items():
        field.set_cached_value(instance, one)
    if settings.TEST and len(names) < len(model._meta.concrete_fields):
        vars(instance)["refresh_from_db"] = partial(_refuse, model)
    return instance


def _refuse(model, *args, fields=(), **kwargs):
    raise AssertionError(f"{model.__name__}.{', '.join(fields)} was not among the fields")


def _value(field, value):
    if value is None:
        return None
    if isinstance(field, DateTimeField):
        # SQLite keeps moments in UTC and does not say so.
        moment = parse_datetime(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    if isinstance(field, JSONField):
        return json.loads(value) if isinstance(value, str) else value
    return field.to_python(value)


def keep_list(instance, name, make):
    """Let a list of an instance's relation be what ``make()`` returns when it is read, as if it had been prefetched."""
    vars(instance).setdefault("_prefetched_objects_cache", {})[name] = _Kept(make)


class _Kept:
    """Stands in a relation's place: what ``manager.all()`` returns of rows that have been read."""

    def __init__(self, make):
        self._make = make

    @cached_property
    def _rows(self):
        return self._make()

    def __iter__(self):
        return iter(self._rows)

    def __len__(self):
        return len(self._rows)
