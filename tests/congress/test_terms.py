"""Terms: seats by head-count and region, allocation, second persons, more time."""

import datetime as dt

import pytest

from congress.enums import TERM_TRANSITIONS, TermState
from congress.models import ElectingUnit, Term
from congress.models.terms import chinese_number
from congress.operations import terms as does
from congress.operations.core import move_term
from congress.queries.terms import composition_of, staff_of_units
from congress.seats import (
    SeatRule,
    allocate,
    over_share,
    presidium_bounds,
    quorum_short,
    seat_rule,
    under_share,
    votes_needed,
    winners,
    women_short,
)
from portal.accounts.models import Person
from portal.kernel.days import day_start
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories.cards import AT
from tests.factories.congress import make_term, share_out

pytestmark = pytest.mark.usefixtures("english")
D = dt.date


@pytest.mark.parametrize(
    ("region", "staff", "rule"),
    [
        ("national", 99, SeatRule(30, 30, None, ("general_meeting",))),
        ("national", 100, SeatRule(30, 30)),
        ("national", 600, SeatRule(30, 30)),
        ("national", 601, SeatRule(31, 31)),
        ("national", 1980, SeatRule(99, 99)),
        ("national", 1981, SeatRule(100, 100)),
        ("national", 50_000, SeatRule(100, 100)),
        ("shanghai", 99, SeatRule(30, 30, None, ("general_meeting",))),
        ("shanghai", 100, SeatRule(30, 30)),
        ("shanghai", 101, SeatRule(30, 35, None, ("begun_step",))),
        ("shanghai", 199, SeatRule(30, 35, None, ("begun_step",))),
        ("shanghai", 200, SeatRule(35, 35)),
        ("shanghai", 3000, SeatRule(175, 175)),
        ("shanghai", 3001, SeatRule(175, 175)),
        ("zhejiang", 100, SeatRule(40, 40)),
        ("zhejiang", 150, SeatRule(40, 47, None, ("begun_step",))),
        ("zhejiang", 200, SeatRule(47, 47)),
        ("zhejiang", 1000, SeatRule(100, 103, None, ("border",))),
        ("zhejiang", 1001, SeatRule(100, 120, None, ("begun_step",))),
        ("zhejiang", 4999, SeatRule(160, 180, None, ("begun_step",))),
        ("zhejiang", 5000, SeatRule(200, 200)),
        ("henan", 99, SeatRule(30, 30, None, ("general_meeting",))),
        ("henan", 200, SeatRule(30, 30)),
        ("henan", 201, SeatRule(30, 31, None, ("scale",))),
        ("henan", 1000, SeatRule(100, 150, None, ("scale",))),
        ("henan", 1001, SeatRule(31, 101, None, ("scale",))),
        ("henan", 10_000, SeatRule(300, 1000, None, ("scale",))),
        ("henan", 10_001, SeatRule(30, 30, 500, ("no_least",))),
    ],
)
def test_seats_by_the_text_and_what_it_leaves_open(region, staff, rule):
    assert seat_rule(region, staff) == rule


def test_seats_are_shared_by_largest_remainder_and_one_each():
    assert allocate(10, {"a": 60, "b": 30, "c": 10}) == {"a": 6, "b": 3, "c": 1}
    assert allocate(10, {"a": 47, "b": 16, "c": 158}) == {"a": 2, "b": 1, "c": 7}
    assert allocate(5, {"a": 1000, "b": 1, "c": 1}) == {"a": 3, "b": 1, "c": 1}
    assert allocate(3, {"a": 5, "b": 5}) == {"a": 2, "b": 1}  # a tie goes to the first
    assert allocate(2, {"a": 1, "b": 99}) == {"a": 1, "b": 1}
    for seats, staff in ((1, {"a": 1, "b": 1}), (3, {"a": 0, "b": 3})):
        with pytest.raises(ValueError, match="every unit"):
            allocate(seats, staff)


@pytest.mark.parametrize("seats", [5, 17, 50, 119])
def test_an_allocation_adds_up_and_larger_units_have_no_fewer(seats):
    staff = {n: (n * 7919) % 400 + 1 for n in range(5)}
    found = allocate(seats, staff)
    assert sum(found.values()) == seats and min(found.values()) >= 1
    by_staff = sorted(staff, key=staff.get)
    assert [found[key] for key in by_staff] == sorted(found.values())


def test_two_thirds_half_and_more_than_half_at_the_boundary():
    assert [quorum_short(n, 30) for n in (19, 20, 21)] == [1, 0, 0]
    assert [quorum_short(n, 31) for n in (20, 21)] == [1, 0]
    assert quorum_short(100, 150) == 0 and quorum_short(99, 150) == 1
    assert [votes_needed(n, half_is_enough=False) for n in (20, 21, 150)] == [11, 11, 76]
    assert [votes_needed(n, half_is_enough=True) for n in (20, 21, 150)] == [10, 11, 75]


def test_the_most_votes_win_and_a_tie_for_the_last_seat_wins_nobody():
    assert winners({"a": 11, "b": 10, "c": 15}, 2, 20, half_is_enough=False) == (["c", "a"], [])
    assert winners({"a": 11, "b": 10, "c": 15}, 3, 20, half_is_enough=True) == (["c", "a", "b"], [])
    assert winners({"a": 15, "b": 12, "c": 12}, 2, 20, half_is_enough=False) == (["a"], ["b", "c"])
    assert winners({"a": 10}, 1, 20, half_is_enough=False) == ([], [])


def test_shares_say_how_many_too_many_or_short():
    assert [over_share(n, 50, 20) for n in (9, 10, 11)] == [0, 0, 1]
    assert over_share(10, 49, 20) == 1
    assert [under_share(n, 5, 50) for n in (2, 3)] == [1, 0]
    assert [women_short(n, 50, 36, 100) for n in (17, 18)] == [1, 0]
    assert women_short(18, 51, 36, 100) == 1  # 18.36 of 51
    assert [presidium_bounds(n, small=3, large=7) for n in (30, 99, 100)] == [(3, 5), (3, 5), (7, None)]


def test_terms_are_counted_in_chinese():
    assert [chinese_number(n) for n in (1, 5, 10, 11, 20, 23)] == ["一", "五", "十", "十一", "二十", "二十三"]


@pytest.mark.parametrize("source", list(TermState))
@pytest.mark.parametrize("target", list(TermState))
def test_moves_are_those_of_the_table(source, target, monkeypatch):
    term, saved = Term(state=source), []
    monkeypatch.setattr(Term, "save", lambda self, **kwargs: saved.append(self.state))
    if target in TERM_TRANSITIONS[source]:
        move_term(term, target)
        assert saved == [target]
    else:
        with pytest.raises(IllegalTransition):
            move_term(term, target)
        assert saved == []


def test_a_term_is_counted_shared_and_fixed_by_a_second_person(hall):
    term = make_term(hall, "draft")
    assert (term.ends_on, term.staff, term.least) == (D(2029, 12, 31), 41, 30)
    act = {"term_id": term.pk, "actor": hall.officer, "at": AT}
    plain = {"leader_percent": 20, "half_is_enough": False}
    with pytest.raises(OperationRefused, match=r"^1 short: the text asks for 30"):
        does.set_seats(seats=29, decision="x", **plain, **act)
    with pytest.raises(OperationRefused, match=r"^1 too many: 41 delegates at most"):
        does.set_seats(seats=42, decision="x", **plain, **act)
    with pytest.raises(OperationRefused, match="leaves this open"):
        does.set_seats(seats=30, decision="", **plain, **act)
    does.set_seats(seats=30, decision="商定", **plain, **act)
    term.refresh_from_db()
    assert term.women_of == 41 and term.women_source == ""  # the roster knows everybody
    with pytest.raises(OperationRefused, match="Choose the electing units"):
        does.allocate_seats(seats={}, contacts={}, **act)
    with pytest.raises(OperationRefused, match="does not belong"):
        does.choose_units(units=[hall.works, hall.company], **act)
    does.choose_units(units=hall.shops, **act)
    share_out(term, hall)
    with pytest.raises(OperationRefused, match=r"^2 people belong to no electing unit"):
        does.fix_term(**{**act, "actor": hall.chair})
    does.choose_units(units=[hall.works, *hall.shops], **act)
    rows = list(ElectingUnit.objects.filter(term=term))
    assert [(row.unit.code, row.staff, row.seats) for row in rows] == [
        ("ZD", 2, 0),
        ("ZD-1", 21, 0),
        ("ZD-2", 12, 0),
        ("ZD-3", 6, 0),
    ]
    term.refresh_from_db()
    proposed = does.proposed_seats(term, rows)
    assert list(proposed.values()) == [2, 15, 9, 4]
    with pytest.raises(OperationRefused, match="add up to 31"):
        does.allocate_seats(seats={**proposed, rows[1].pk: 16}, contacts={}, **act)
    with pytest.raises(OperationRefused, match="one seat at least"):
        does.allocate_seats(seats={**proposed, rows[0].pk: 0}, contacts={}, **act)
    does.allocate_seats(seats=proposed, contacts={}, **act)
    with pytest.raises(OperationRefused, match="made this allocation yourself"):
        does.fix_term(**act)
    with pytest.raises(Conflict, match="changed since"):
        does.fix_term(**{**act, "actor": hall.chair}, read="0" * 64)
    does.fix_term(**{**act, "actor": hall.chair})
    with pytest.raises(OperationRefused, match="have been fixed"):
        does.set_seats(seats=31, decision="x", **plain, **act)
    verbs = list(Entry.objects.filter(subject=f"congress.term:{term.pk}").values_list("verb", flat=True))
    assert verbs.count("congress_term.units_chosen") == 2 and "congress_term.fixed" in verbs


def test_who_the_roster_does_not_know_is_entered_with_a_source(hall):
    Person.objects.filter(unit=hall.shops[2]).update(gender="")
    term = make_term(hall, "draft")
    act = {"term_id": term.pk, "actor": hall.officer, "at": AT, "seats": 30, "decision": "商定"}
    plain = {"leader_percent": 20, "half_is_enough": False}
    with pytest.raises(OperationRefused, match="enter the women"):
        does.set_seats(**plain, **act)
    does.set_seats(**plain, **act, women=12, women_of=41, women_source="人事处年报", women_on=D(2026, 1, 1))
    term.refresh_from_db()
    assert (term.women, term.women_of, term.women_source) == (12, 41, "人事处年报")


def test_terms_of_a_unit_share_no_number_and_no_day(hall):
    make_term(hall, "draft")
    with pytest.raises(Conflict, match="runs on some of these days"):
        make_term(hall, "draft", number=6, begins_on=D(2029, 12, 31))
    with pytest.raises(Conflict, match="of this number"):
        make_term(hall, "draft", number=5, begins_on=D(2030, 1, 1))
    make_term(hall, "draft", number=6, begins_on=D(2030, 1, 1))
    with pytest.raises(OperationRefused, match="Only the union"):
        does.prepare_term(
            unit=hall.works, number=9, noun="workers", begins_on=D(2040, 1, 1), years=3, region="national",
            actor=hall.branch, at=AT,
        )  # fmt: skip


def test_a_term_is_extended_once_a_year_at_most_by_a_second_person(hall):
    term = make_term(hall, "fixed")
    act = {"term_id": term.pk, "reason": "改制未完成", "actor": hall.officer}
    for until in (D(2029, 12, 31), D(2031, 1, 1)):
        with pytest.raises(OperationRefused, match="a year at most"):
            does.ask_extension(until=until, at=AT, **act)
    over = day_start(D(2030, 1, 1))
    with pytest.raises(OperationRefused, match="is over"):
        does.ask_extension(until=D(2030, 12, 31), at=over, **act)
    one = does.ask_extension(until=D(2030, 12, 31), at=over - dt.timedelta(microseconds=1), **act)
    with pytest.raises(OperationRefused, match="waits to be decided"):
        does.ask_extension(until=D(2030, 12, 31), at=AT, **act)
    verdict = {"extension_id": one.pk, "answer": "", "at": AT}
    with pytest.raises(OperationRefused, match="another person must decide"):
        does.decide_extension(is_granted=True, actor=hall.officer, **verdict)
    does.decide_extension(is_granted=True, actor=hall.chair, **verdict)
    term.refresh_from_db()
    assert (term.first_ends_on, term.ends_on) == (D(2029, 12, 31), D(2030, 12, 31))
    with pytest.raises(OperationRefused, match="extended already"):
        does.ask_extension(until=D(2031, 6, 30), at=AT, **act)


def test_everybody_belongs_to_the_nearest_electing_unit(hall):
    works, shop = hall.works.path, hall.shops[0].path
    assert staff_of_units(hall.works, {works, shop}) == {works: 20, shop: 21}
    assert staff_of_units(hall.works, {shop}) == {shop: 21, None: 20}


def test_the_composition_counts_who_holds_a_seat(hall):
    term = make_term(hall)
    found = {one.code: (one.count, one.whole, one.wrong) for one in composition_of(term)}
    women = found["women"][0]
    assert found["leaders"] == (0, 30, 0) and found["frontline"] == (30, 30, 0) and women >= 10
    term.mandates.filter(seat__lte=3).update(category="leader")
    assert composition_of(term)[0].wrong == term.mandates.filter(category="leader").count() - 6
