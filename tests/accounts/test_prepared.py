"""Prepared statements give what the ORM gives, as often as they are asked, with whatever values."""

import datetime as dt

import pytest
from django.db.models import Count, DateTimeField, UUIDField
from django.db.models.signals import post_init

from portal.accounts.models import Appointment, Person, Unit
from portal.kernel.prepared import PreparedInstances, Slot
from portal.kernel.rows import only_one
from tests.factories.cards import make_plant
from tests.services import both_engines

pytestmark = [pytest.mark.django_db, both_engines]
NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


@pytest.fixture
def plant(engine):
    return make_plant()


def everything(instance):
    """Return all values of an instance and of those it was joined with, and which those are."""
    own = {name: value for name, value in vars(instance).items() if name != "_state"}
    return type(instance), own, {name: everything(one) for name, one in instance._state.fields_cache.items() if one}


def test_instances_are_those_of_the_orm_with_relations_and_annotations(plant):
    def build(of, at):
        rows = Appointment.objects.current(at).filter(person=of).select_related("unit", "person__unit")
        return rows.annotate(others=Count("unit__people")).order_by("since", "pk")

    asked = PreparedInstances(lambda: build(Slot("of", UUIDField()), Slot("at", DateTimeField())))
    for who in (plant.inspector, plant.worker, plant.inspector):
        found = [everything(one) for one in asked.all(of=who.pk, at=NOW)]
        assert found == [everything(one) for one in build(who.pk, NOW)]
    assert [relations.keys() for _model, _own, relations in found] == [{"unit", "person"}] * 2


def test_one_statement_the_only_one_or_none(plant, django_assert_num_queries):
    asked = PreparedInstances(lambda: Person.objects.filter(pk=Slot("pk", UUIDField())).order_by())
    with django_assert_num_queries(2):
        assert (asked.one(pk=plant.worker.pk), asked.one(pk=plant.shop.pk)) == (plant.worker, None)


def test_only_one_asks_for_no_order(plant, django_assert_num_queries):
    with django_assert_num_queries(2) as asked:
        assert only_one(Person.objects.order_by("name").filter(pk=plant.worker.pk)) == plant.worker
        assert only_one(Person.objects.filter(pk=plant.shop.pk)) is None
    assert [one["sql"] for one in asked.captured_queries if "ORDER BY" in one["sql"]] == []


def test_what_was_left_out_is_read_when_asked_for_and_a_missing_relation_is_none(plant, django_assert_num_queries):
    rows = Unit.objects.select_related("parent").only("name", "parent__name").order_by()
    asked = PreparedInstances(lambda: rows.filter(pk=Slot("pk", Unit._meta.pk)))
    shop, root = (asked.one(pk=plant.shop.pk), asked.one(pk=Unit.objects.get(parent__isnull=True).pk))
    for found in (shop, root):
        plain = rows.get(pk=found.pk)
        assert everything(found) == everything(plain) and found.get_deferred_fields() == plain.get_deferred_fields()
        assert vars(found._state) | {"fields_cache": 0} == vars(plain._state) | {"fields_cache": 0}
    assert root.parent is None
    with django_assert_num_queries(1):
        assert shop.path == plant.shop.path


def test_a_model_to_which_somebody_listens_is_made_as_the_orm_makes_it(plant):
    heard = []

    def listen(sender, instance, **more):
        heard.append(instance.pk)

    post_init.connect(listen, sender=Unit)
    try:
        asked = PreparedInstances(lambda: Unit.objects.filter(pk=Slot("pk", Unit._meta.pk)).order_by())
        assert asked.one(pk=plant.shop.pk).name == plant.shop.name
    finally:
        post_init.disconnect(listen, sender=Unit)
    assert heard == [plant.shop.pk]
