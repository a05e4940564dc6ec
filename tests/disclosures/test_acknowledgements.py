"""Acknowledgement by unit: totals that fit together, and no number that tells who."""

import datetime as dt
import itertools

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures import operations as does
from disclosures.queries.acknowledgements import (
    _Group,
    acknowledged_by_unit,
    acknowledged_total,
    suppressed,
    withheld,
)
from portal.kernel.days import day_start, local_day
from tests.factories.disclosures import AT, make_publication
from tests.factories.people import make_person, make_unit
from tests.signing import signed_in as sign_in

NEXT_DAY = AT + dt.timedelta(days=1)
INSTANT = dt.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ([], set()),
        ([5, 9, 30], set()),
        ([4, 9, 30], {0, 1}),  # one alone could be told from the total: the next smallest as well
        ([30, 9, 4], {2, 1}),
        ([4, 3, 30], {0, 1}),  # seven together
        ([2, 1, 9, 30], {0, 1, 2}),  # three together are too few still
        ([1, 1, 1, 1, 30], {0, 1, 2, 3, 4}),
        ([4, 9, 9], {0, 1}),
        ([4], {0}),
        ([3, 30], {0, 1}),
    ],
)
def test_what_is_hidden_cannot_be_told_from_the_rest(sizes, hidden):
    assert suppressed(sizes) == hidden


def test_a_small_unit_is_counted_with_the_people_right_in_the_unit():
    assert suppressed([9, 4, 30], parent=2) == {1, 2}
    assert suppressed([9, 3, 1], parent=2) == {0, 1, 2}
    assert suppressed([9, 7, 1], parent=1) == {1, 2}
    assert suppressed([9, 7, 6], parent=2) == set()


@pytest.mark.parametrize(
    ("groups", "hidden"),
    [
        ([(4, 9), (3, 9)], (set(), False)),
        ([(9, 9), (3, 9), (5, 12)], ({0, 1}, False)),  # the smallest other, or the rest would tell the first
        ([(8, 9), (3, 9), (5, 12)], ({0, 1}, False)),  # all but one looks alike
        ([(0, 9), (3, 9), (5, 12)], ({0, 1}, False)),
        ([(9, 9), (7, 9), (5, 12)], ({0, 1}, True)),  # the other has no room for one more: not even the total
        ([(5, 5), (0, 7), (6, 6)], ({0, 1, 2}, False)),
        ([(9, 9), (9, 9)], (None, True)),  # nothing is broken out of all or nobody
        ([(0, 9), (1, 9)], (None, True)),
        ([(8, 9)], (None, True)),
        ([(4, 9)], (set(), False)),
        ([(99, 100), (40, 100)], ({0, 1}, False)),
        ([(98, 100), (40, 100)], (set(), False)),
    ],
)
def test_all_or_nobody_is_a_band_and_no_subtraction_tells_it(groups, hidden):
    assert withheld([_Group("", None, *group) for group in groups]) == hidden


@pytest.mark.parametrize("sizes", [(9,), (5, 5, 5), (5, 6, 7), (12, 5), (12, 6, 9)])
def test_of_every_small_table_a_reader_finds_both_answers_possible(sizes):
    """Of all tables of these sizes that look alike, some are not all, some not nobody, unit by unit."""
    alike = {}
    for done in itertools.product(*(range(size + 1) for size in sizes)):
        groups = [_Group("", None, one, size) for one, size in zip(done, sizes, strict=True)]
        hidden, is_total_hidden = withheld(groups)
        shown = [
            group.done if place not in hidden else group.span if group.is_banded else None
            for place, group in enumerate(groups)
            if hidden is not None
        ]
        total = _Group("", None, sum(done), sum(sizes))
        whole = total.done if not is_total_hidden else total.span if total.is_banded else None
        alike.setdefault((*shown, whole), []).append(done)
    for picture, found in alike.items():
        for place, size in enumerate(sizes):
            assert {done[place] for done in found} not in ({0}, {size}), (picture, found)


@pytest.fixture
def text(offices):
    return make_publication(offices, is_must_read=True, audience="unit")


def people_of(unit, count):
    return [make_person(unit=unit) for _n in range(count)]


def acknowledge(text, people):
    for person in people:
        does.acknowledge(publication=text, actor=person, at=AT)


def rows_for(text, user, at=NEXT_DAY):
    """Return what stands there: numbers, or the band in words in the place of the first."""
    total, rates = acknowledged_by_unit(text, user, at)
    rows = [(row.name, row.band or row.acknowledged, row.people) for row in rates]
    return (total.band or total.acknowledged, total.people), rows


def test_units_right_below_are_counted_with_all_below_them(offices, text):
    team = make_unit(offices.shop, code="YX-LJ-1", name="甲班")
    second = make_unit(offices.works, code="YX-JH", name="聚合车间")
    shop_people, team_people, second_people = people_of(offices.shop, 5), people_of(team, 3), people_of(second, 7)
    own = people_of(offices.works, 2)
    # There are, besides: one worker of the shop; handler, head and leader of the works itself.
    acknowledge(text, [*shop_people[:2], *team_people, *second_people[:4], own[0], offices.handler])
    total, rows = rows_for(text, offices.union_chair)
    assert rows == [("裂解车间", 5, 9), ("聚合车间", 4, 7), ("本单位直属人员", 2, 5)]
    assert total == (11, 21) == (sum(row[1] for row in rows), sum(row[2] for row in rows))
    assert acknowledged_total(text, NEXT_DAY).people == 21


def test_a_small_unit_is_counted_together_with_the_people_right_in_the_unit(offices, text):
    small = make_unit(offices.works, code="YX-YB", name="仪表组")
    second = make_unit(offices.works, code="YX-JH", name="聚合车间")
    shop_people, _own = people_of(offices.shop, 9), people_of(offices.works, 5)
    acknowledge(text, [*people_of(small, 4), *people_of(second, 6)[:2], *shop_people[:3]])
    total, rows = rows_for(text, offices.union_chair)
    assert rows == [("裂解车间", 3, 10), ("聚合车间", 2, 6), ("仪表组、本单位直属人员（合并统计）", 4, 12)]
    assert total == (9, 28)


def test_numbers_move_at_midnight_and_tell_nobody_what_was_just_pressed(offices, text):
    people_of(offices.shop, 9), people_of(offices.works, 6)
    acknowledge(text, people_of(offices.shop, 4))
    midnight = day_start(local_day(NEXT_DAY))
    seen = [rows_for(text, offices.union_chair, at)[0][0] for at in (AT, midnight - INSTANT, midnight, NEXT_DAY)]
    assert seen == ["不超过10%", "不超过10%", 4, 4]
    assert [acknowledged_total(text, at).acknowledged for at in (midnight - INSTANT, midnight)] == [None, 4]


def test_who_left_or_moved_counts_where_people_are_counted_now(offices, text):
    second = make_unit(offices.works, code="YX-JH", name="聚合车间")
    gone, moved, *rest = people_of(offices.shop, 9)
    acknowledge(text, [gone, moved, *rest[:3], *people_of(second, 5)[:1], *people_of(offices.works, 5)[:3]])
    gone.is_active = False
    gone.save()
    moved.unit = second
    moved.save()
    _total, rows = rows_for(text, offices.union_chair)
    assert rows[:2] == [("裂解车间", 3, 8), ("聚合车间", 2, 6)]


def test_a_text_for_everybody_counts_the_others_in_one_row(offices):
    text = make_publication(offices, is_must_read=True, audience="everybody")
    own = [*people_of(offices.shop, 5)[:2], *people_of(offices.works, 3)[:2]]
    acknowledge(text, [*people_of(offices.other, 6), *own])
    total, rows = rows_for(text, offices.union_chair)
    assert rows[-1][:2] == ("其他单位", 6)
    assert total == (10, sum(row[2] for row in rows))


def test_a_reader_sees_the_units_of_the_own_office_only(offices, text):
    from portal.accounts.enums import Role
    from tests.factories.people import make_appointment

    second = make_unit(offices.works, code="YX-JH", name="聚合车间")
    readers = [*people_of(second, 6)[:2], *people_of(offices.shop, 6)[:2], *people_of(offices.works, 6)[:6]]
    acknowledge(text, readers)
    clerk = make_person(unit=second)
    make_appointment(clerk, Role.HANDLER, second)
    total, rows = rows_for(text, clerk)
    assert (total, rows) == ((10, 23), [("聚合车间", 2, 7)])
    assert rows_for(text, offices.other_handler)[1] == []


def test_of_fewer_than_five_there_is_no_total(offices):
    lonely = make_unit(offices.works, code="YX-XX", name="消防班")
    text = make_publication(offices, unit=lonely, is_must_read=True, audience="unit", actor=offices.officer)
    acknowledge(text, people_of(lonely, 4))
    assert rows_for(text, offices.union_chair) == ((None, None), [])
    total = acknowledged_total(text, NEXT_DAY)
    assert (total.acknowledged, total.people, total.share) == (None, None, None)


def test_pages_show_rates_to_the_desk_and_the_total_to_workers_and_names_to_nobody(client, offices, text):
    readers = people_of(offices.shop, 9)
    acknowledge(text, [*readers[:3], *people_of(offices.works, 6)])
    with time_machine.travel(AT + dt.timedelta(days=1), tick=False):
        sign_in(client, offices.handler)
        page = client.get(reverse("disclosures:work", args=[text.pk])).content.decode()
        assert "裂解车间" in page and "30.0%" in page
        sign_in(client, offices.worker)
        public = client.get(reverse("disclosures:public", args=[text.number])).content.decode()
        assert "19人中已有9人" in public and "30.0%" not in public
        for person in readers:
            assert person.name not in page + public and person.job_no not in page + public
        client.logout()


def test_three_units_ask_as_often_as_one(offices, text):
    def count():
        with CaptureQueriesContext(connection) as queries:
            acknowledged_by_unit(text, offices.union_chair, NEXT_DAY)
        return len(queries)

    people_of(offices.shop, 5)
    offices.union_chair._authority = None
    one = count()
    for number in range(2):
        acknowledge(text, people_of(make_unit(offices.works, code=f"YX-{number}"), 6))
    offices.union_chair._authority = None
    assert (count(), one) == (4, 4)
