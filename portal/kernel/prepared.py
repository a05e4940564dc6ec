"""
Statements that a public page asks again and again: put into SQL by the ORM once in a process, afterwards only asked.

To build and compile a query costs more than to run it. A prepared one is built
with slots where its values go, and must not differ by anything else.
"""

import datetime as dt
import json
from functools import cached_property, lru_cache, partial

from django.conf import settings
from django.db import connection
from django.db.models import (
    CharField,
    DateTimeField,
    Expression,
    Func,
    IntegerField,
    JSONField,
    Model,
    Subquery,
    TextField,
)
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators
from django.db.models.signals import post_init, pre_init
from django.utils.dateparse import parse_datetime

from .planned import Planned


class Slot(Expression):
    """
    The place of a value that is given when the statement is asked.

    A ``is_constant`` one is a value like the day: the same for everybody, so that it may stand in what a server plans.
    """

    def __init__(self, name, output_field, *, is_constant=False):
        super().__init__(output_field)
        self.name, self.is_constant = name, is_constant

    def as_sql(self, compiler, connection):
        return "%s", [self]


class Prepared:
    """
    A query, built by ``build()`` when it is first asked; its rows come as the database gives them.

    What the ORM cannot say is built as (SQL, parameters).

    ``by_key`` says that its values are keys, so that one plan fits them all and the server need not plan it again;
    ``by_now`` that they are keys, places in the order, and moments of now, and every day is a constant: what is on
    show today is few of all there ever was, and no plan that does not know the day may be trusted to know that.
    """

    def __init__(self, build, *, by_key=False, by_now=False):
        self._build = build
        self._is_planned = by_key or by_now
        self._statements = {}

    def rows(self, **values):
        """Return the rows, unconverted, for the values of the slots; one statement."""
        if connection.vendor not in self._statements:
            built = self._build()
            sql, params = built if isinstance(built, tuple) else built.query.sql_with_params()
            self._statements[connection.vendor] = _Statement(sql, params, self._is_planned)
        return self._statements[connection.vendor].rows(values)


class PreparedInstances:
    """
    A query of whole instances, with what it joins by ``select_related``, built by ``build()`` when it is first asked.

    Relations that would be prefetched have no place in it.
    ``by_key`` as for ``Prepared``. ``held`` is a model whose rows are held until the transaction ends, together with
    others who hold them so, where the engine can; SQLite has one writer at a time anyway.
    """

    def __init__(self, build, *, by_key=False, held=None):
        self._build = build
        self._by_key = by_key
        self._held = held
        self._plans = {}

    def all(self, **values):
        """Return the instances for the values of the slots; one statement."""
        if connection.vendor not in self._plans:
            self._plans[connection.vendor] = _Plan(self._build().query, self._by_key, self._held)
        plan = self._plans[connection.vendor]
        return [plan.instance(row) for row in plan.statement.rows(values)]

    def one(self, **values):
        """Return the only instance there can be, or None; one statement."""
        return next(iter(self.all(**values)), None)


class _Plan:
    """What compiling a query says of its statement and of its rows."""

    def __init__(self, query, by_key, held):
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        if held is not None and connection.vendor == "postgresql":
            sql += f" FOR SHARE OF {connection.ops.quote_name(held._meta.db_table)}"
        self.statement = _Statement(sql, params, by_key)
        told = compiler.klass_info
        own = told["select_fields"]
        self._own = slice(own[0], own[-1] + 1)
        self._make = _maker(told["model"], [column.target.attname for column, *_ in compiler.select[self._own]])
        self._related = [_Related(one) for one in get_related_populators(told, compiler.select, connection.alias)]
        self._annotations = compiler.annotation_col_map or {}
        self._converters = compiler.get_converters([one for one, *_ in compiler.select[: compiler.col_count]])

    def instance(self, row):
        row = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        instance = self._make(row[self._own])
        for related in self._related:
            related.populate(row, instance)
        for name, place in self._annotations.items():
            setattr(instance, name, row[place])
        return instance


class _Related:
    """What a row says of an instance that was joined: as the ORM populates it, by its own plan of the columns."""

    def __init__(self, plan):
        self._plan = plan
        self._make = _maker(plan.model_cls, plan.init_list)
        self._related = [_Related(one) for one in plan.related_populators]

    def populate(self, row, holder):
        plan = self._plan
        values = plan.reorder_for_init(row) if plan.reorder_for_init else row[plan.cols_start : plan.cols_end]
        if values[plan.pk_idx] is None:
            plan.local_setter(holder, None)
            return
        instance = self._make(values)
        for related in self._related:
            related.populate(row, instance)
        plan.local_setter(holder, instance)
        plan.remote_setter(instance, holder)


def _maker(model, names):
    """
    Return what makes an instance of the values of these fields, as ``from_db`` does.

    A model that adds nothing to that, and to which nobody listens, is filled without its forty calls a row.
    """
    is_plain = model.__init__ is Model.__init__ and model.from_db.__func__ is Model.from_db.__func__
    if not is_plain or pre_init.has_listeners(model) or post_init.has_listeners(model):
        return lambda values: model.from_db(connection.alias, names, values)

    def make(values):
        instance, state = model.__new__(model), ModelState()
        state.adding, state.db = False, connection.alias
        own = vars(instance)
        own["_state"] = state
        own.update(zip(names, values, strict=True))
        return instance

    return make


class _Statement:
    """SQL with its parameters, of which some are slots."""

    def __init__(self, sql, params, is_planned):
        self._sql, self._params = sql, params
        self._planned = Planned(sql, params, _type_of, lambda slot: slot.name) if is_planned else None
        # A value that stands at several places is made ready once.
        self._fields = {(one.name, type(one.output_field)): one.output_field for one in params if isinstance(one, Slot)}
        self._order = [(one.name, type(one.output_field)) if isinstance(one, Slot) else None for one in params]

    def rows(self, values):
        ready = {key: field.get_db_prep_value(values[key[0]], connection) for key, field in self._fields.items()}
        filled = [ready[key] if key else one for key, one in zip(self._order, self._params, strict=True)]
        if self._planned is not None:
            return self._planned.ask(filled)
        with connection.cursor() as cursor:
            cursor.execute(self._sql, filled)
            return cursor.fetchall()


def _type_of(param):
    is_value = isinstance(param, Slot) and not param.is_constant
    return param.output_field.cast_db_type(connection) if is_value else None


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


class Counted(Subquery):
    """How many rows a subquery has; cut short where more of them make no difference."""

    output_field = IntegerField()
    template = "(SELECT COUNT(*) FROM (%(subquery)s) lines)"


def instance_of(model, fields, line):
    """
    Return the instance that a ``Row`` of these fields told of, with the instances of its relations.

    Whatever was not among the fields is read when somebody asks for it, as with ``only()``; in tests asking fails,
    because a page that is kept by what was told must show nothing else.
    """
    values = json.loads(line) if isinstance(line, str) else line
    if len(values) != len(fields):
        raise ValueError(f"{len(values)} values for {len(fields)} fields")
    return _instance(_plan(model, tuple(enumerate(fields))), values)


def instances_of(model, fields, lines):
    """Return the instances that ``Rows`` of these fields told of."""
    return [instance_of(model, fields, line) for line in json.loads(lines or "[]")]


@lru_cache(maxsize=256)
def _plan(model, places):
    """Return how instances are made of values whose names stand at these places: the same for every row."""
    own, beside, related = {}, {}, []
    for place, name in places:
        first, _dash, rest = name.partition("__")
        if rest:
            beside.setdefault(first, []).append((place, rest))
        else:
            field = model._meta.get_field(first)
            own[field.attname] = place, _reader(field.target_field if field.is_relation else field)
    for name, inner in beside.items():
        field = model._meta.get_field(name)
        key = next(place for place, rest in inner if rest == field.related_model._meta.pk.name)
        related.append((field, _plan(field.related_model, tuple(inner)), key))
        if not field.auto_created:
            own[field.attname] = key, _reader(field.target_field)
    # In the order of the model, as from_db wants them.
    names = [field.attname for field in model._meta.concrete_fields if field.attname in own]
    is_partial = len(names) < len(model._meta.concrete_fields)
    return model, names, [own[name] for name in names], related, is_partial


def _instance(plan, values):
    model, names, own, related, is_partial = plan
    row = [None if (value := values[place]) is None else read(value) if read else value for place, read in own]
    instance = model.from_db(connection.alias, names, row)
    for field, inner, key in related:
        field.set_cached_value(instance, _instance(inner, values) if values[key] is not None else None)
    if settings.TEST and is_partial:
        vars(instance)["refresh_from_db"] = partial(_refuse, model)
    return instance


def _refuse(model, *args, fields=(), **kwargs):
    raise AssertionError(f"{model.__name__}.{', '.join(fields)} was not among the fields")


def _reader(field):
    """Return what makes a field's value of what JSON holds of it, None where that is the value itself."""
    if isinstance(field, DateTimeField):
        return moment_of
    if isinstance(field, JSONField):
        return _loaded
    return None if isinstance(field, CharField | TextField) else field.to_python


def moment_of(value):
    """Return the moment that a row's JSON tells of."""
    # SQLite keeps moments in UTC and does not say so.
    moment = parse_datetime(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _loaded(value):
    return json.loads(value) if isinstance(value, str) else value


def keep_list(instance, name, make):
    """Let a list of an instance's relation be what ``make()`` returns when it is read, as if it had been prefetched."""
    vars(instance).setdefault("_prefetched_objects_cache", {})[name] = _Kept(make)


def hang(instance, name, rows):
    """Let the rows of an instance's reverse relation be those given, as if they had been prefetched."""
    manager = getattr(instance, name)
    queryset = manager.all()
    queryset._result_cache, queryset._prefetch_done = list(rows), True
    for row in queryset._result_cache:
        manager.field.set_cached_value(row, instance)
    vars(instance).setdefault("_prefetched_objects_cache", {})[name] = queryset


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
