"""Entries as sentences, for everybody and for staff."""

import pytest
from django.template import Context, Template
from django.utils import translation

from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.kernel.days import local_day
from portal.ledger.history import history_of
from tests.factories.people import make_officer, make_person, make_unit
from tests.ledger.acts import NOON, make_entry

pytestmark = pytest.mark.django_db
SUBJECT = "test.thing:1"


def read(**over):
    return [(line.text, line.actor, line.time) for line in history_of(SUBJECT, **over)]


def test_public_verbs_read_as_sentences_without_time():
    make_entry(thing="a1")
    make_entry(verb="test.hidden", thing="b2", at=NOON.replace(minute=1))
    make_entry(subject="test.thing:2", thing="c3")
    assert read() == [("done with a1", "系统自动", "")]
    assert [line.on for line in history_of(SUBJECT)] == [local_day(NOON)]
    assert read(with_all=True, with_time=True) == [
        ("done with a1", "系统自动", "12:00"),
        ("hidden act b2", "系统自动", "12:01"),
    ]


def test_acts_of_one_moment_are_told_in_the_order_of_their_verbs():
    for _time in range(4):
        make_entry(verb="test.hidden", thing="b2")
        make_entry(thing="a1")
    make_entry(verb="test.hidden", thing="first", at=NOON.replace(hour=3))
    verbs = [line.verb for line in history_of(SUBJECT, with_all=True)]
    assert verbs == ["test.hidden", *["test.done"] * 4, *["test.hidden"] * 4]


def test_a_day_only_entry_never_has_a_time():
    make_entry(actor=None, day_only=True, thing="a1")
    assert read(with_all=True, with_time=True) == [("done with a1", "somebody", "")]


def test_facts_become_words():
    make_entry(thing=None)
    make_entry(thing=True, at=NOON.replace(hour=5))
    make_entry(thing=["a", 2], at=NOON.replace(hour=6))
    make_entry(at=NOON.replace(hour=7))
    assert [line.text for line in history_of(SUBJECT)] == [
        "done with –",
        "done with 是",
        "done with a、2",
        "done with –",
    ]


def test_days_read_as_days_in_the_language_of_the_reader():
    make_entry(thing="2026-12-22")
    assert read() == [("done with 2026年12月22日(周二)", "系统自动", "")]
    with translation.override("en"):
        assert read() == [("done with Tue 22 Dec 2026", "the portal", "")]


@pytest.mark.parametrize("moment", ["2026-12-21T16:05:09.690561Z", "2026-12-22T00:05:00+08:00"])
def test_moments_read_as_day_and_clock_of_the_place(moment):
    make_entry(thing=moment)
    assert read() == [("done with 2026年12月22日(周二) 00:05", "系统自动", "")]
    with translation.override("en"):
        assert read() == [("done with Tue 22 Dec 2026 00:05", "the portal", "")]


def test_units_and_people_are_named_by_two_more_queries(django_assert_num_queries):
    unit, other, person = make_unit(), make_unit(parent=make_unit()), make_person(name="王建国")
    for _turn in range(3):
        make_entry(verb="test.named", actor=person, unit=unit.code, from_unit=other.pk)
    with django_assert_num_queries(3):
        lines = read()
    assert lines == [(f"named act in {unit.name} and {other.name}", "王建国", "")] * 3


def test_one_query_whatever_the_number(django_assert_num_queries):
    for count in (1, 3):
        for _turn in range(count):
            make_entry(thing="a")
        with django_assert_num_queries(1):
            read()


def test_the_role_in_which_somebody_acted_is_shown_instead_of_the_name():
    person = make_person(name="王建国")
    make_entry(actor=person, as_role=Role.UNION_OFFICER, thing="a")
    make_entry(actor=person, thing="a", at=NOON.replace(hour=5))
    assert [line.actor for line in history_of(SUBJECT)] == ["工会干事", "somebody"]


def test_the_tag_gives_staff_the_time_and_others_the_day(rf):
    entry = make_entry(actor=None, thing="a1")
    request = rf.get("/")
    template = Template("{% history subject %}|{% history subject all=True %}")
    for user, has_time in ((make_person(), False), (make_officer(Role.HANDLER), True)):
        request.user = Person.objects.get(pk=user.pk)
        page = template.render(Context({"request": request, "subject": entry.subject}))
        assert ("12:00" in page) is has_time
        assert page.count("done with a1") == 2
    assert "暂无记录" in template.render(Context({"subject": "test.thing:9"}))
