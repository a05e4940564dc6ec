"""The briefing owed each month: opened by the calendar, met at the moment it was held, missed once otherwise."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disclosures.enums import BriefingState, DutyStatus
from disclosures.models import BriefingDuty, BriefingPlan
from disclosures.operations import briefing_duties as does
from disclosures.operations import briefing_record as records
from disclosures.queries.briefings import briefing_shares
from disclosures.standing import duty_status
from portal.deadlines.models import Promise
from portal.deadlines.operations import sweep
from portal.kernel.days import day_start, local_day
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories.briefings import make_briefing, make_plan
from tests.factories.disclosures import AT, make_offices
from tests.factories.people import make_unit
from tests.faults.stage import in_parallel
from tests.services import both_engines

pytestmark = pytest.mark.usefixtures("english")
S = BriefingState
D = dt.date
INSTANT = dt.timedelta(microseconds=1)


def duties(unit=None):
    rows = BriefingDuty.objects.order_by("starts_on", "unit__path")
    return list((rows.filter(unit=unit) if unit else rows).values_list("starts_on", "ends_on"))


def test_a_month_is_owed_from_its_first_moment_until_its_last_day(offices):
    make_plan(offices.works, since=D(2026, 2, 1))
    assert does.open_briefing_duties(at=day_start(D(2026, 2, 1)) - INSTANT) == 0
    assert does.open_briefing_duties(at=day_start(D(2026, 2, 1))) == 1
    assert does.open_briefing_duties(at=day_start(D(2026, 3, 1)) - INSTANT) == 0
    promise = Promise.objects.get()
    assert (promise.kind, promise.started_on, promise.due_on) == ("briefing.hold", D(2026, 2, 1), D(2026, 2, 28))
    assert promise.due_at == day_start(D(2026, 3, 1))
    assert does.open_briefing_duties(at=day_start(D(2026, 3, 1))) == 1
    assert duties() == [(D(2026, 2, 1), D(2026, 2, 28)), (D(2026, 3, 1), D(2026, 3, 31))]


def test_downtime_of_months_loses_nothing_and_twice_opens_once(offices):
    make_plan(offices.works, since=D(2025, 11, 15))
    assert does.open_briefing_duties(at=AT) == 4
    assert does.open_briefing_duties(at=AT) == 0
    # November had begun before the plan did.
    assert [start for start, _end in duties()] == [D(2025, 12, 1), D(2026, 1, 1), D(2026, 2, 1), D(2026, 3, 1)]
    assert Entry.objects.filter(verb="briefing.owed").count() == 4


def test_what_ended_is_owed_no_longer_and_the_running_month_still_is(offices):
    plan = make_plan(offices.works, since=D(2026, 1, 1))
    does.open_briefing_duties(at=AT)
    with pytest.raises(OperationRefused, match="union officers"):
        does.end_briefing_plan(plan_id=plan.pk, actor=offices.handler, at=AT)
    does.end_briefing_plan(plan_id=plan.pk, actor=offices.officer, at=AT)
    with pytest.raises(OperationRefused, match="already"):
        does.end_briefing_plan(plan_id=plan.pk, actor=offices.officer, at=AT)
    does.open_briefing_duties(at=day_start(D(2026, 5, 1)))
    assert [start for start, _end in duties()] == [D(2026, 1, 1), D(2026, 2, 1), D(2026, 3, 1)]


def test_a_unit_owes_one_at_a_time(offices):
    arguments = {"unit": offices.works, "since": D(2026, 4, 1), "at": AT}
    with pytest.raises(OperationRefused, match="union officers"):
        does.set_briefing_plan(actor=offices.handler, **arguments)
    does.set_briefing_plan(actor=offices.officer, **arguments)
    with pytest.raises(OperationRefused, match="already"):
        does.set_briefing_plan(actor=offices.officer, **arguments)


def test_nobody_comes_to_owe_a_briefing_for_months_that_are_over(offices):
    arguments = {"unit": offices.works, "actor": offices.officer, "at": AT}
    first = local_day(AT).replace(day=1)
    with pytest.raises(OperationRefused, match="months that are over"):
        does.set_briefing_plan(since=first - dt.timedelta(days=1), **arguments)
    assert BriefingPlan.objects.count() == 0
    does.set_briefing_plan(since=first, **arguments)
    does.open_briefing_duties(at=AT)
    assert [start for start, _end in duties()] == [first]


def held(offices, day, *, recorded=None, hour=6, **over):
    """Hold a briefing of a day at 14:00 at the plant and record it then, or later."""
    starts_at = day_start(day) + dt.timedelta(hours=hour)
    return make_briefing(offices, S.HELD, starts_at=starts_at, at=recorded or starts_at, **over)


@pytest.mark.parametrize(
    ("starts_at", "expected"),
    [
        (day_start(D(2026, 2, 1)), DutyStatus.DONE),
        (day_start(D(2026, 3, 1)) - INSTANT, DutyStatus.DONE),
        (day_start(D(2026, 3, 1)), DutyStatus.MISSING),
        (day_start(D(2026, 3, 4)), DutyStatus.MISSING),
    ],
)
def test_a_briefing_counts_for_the_month_in_which_it_is_held(offices, starts_at, expected):
    make_plan(offices.works, since=D(2026, 2, 1))
    does.open_briefing_duties(at=day_start(D(2026, 2, 1)))
    make_briefing(offices, S.HELD, starts_at=starts_at, at=starts_at)
    february = BriefingDuty.objects.select_related("promise").get(starts_on=D(2026, 2, 1))
    assert duty_status(february, AT) == expected


@pytest.mark.parametrize(
    ("at", "missed"),
    [
        (day_start(D(2026, 3, 1)) - INSTANT, 0),
        (day_start(D(2026, 3, 1)), 1),
        (day_start(D(2026, 3, 4)), 1),
    ],
)
def test_a_month_without_a_briefing_is_missed_once(offices, at, missed):
    make_plan(offices.works, since=D(2026, 2, 1))
    does.open_briefing_duties(at=day_start(D(2026, 2, 1)))
    for _turn in range(2):
        sweep(at=at)
    found = Entry.objects.filter(verb="promise.missed")
    assert found.count() == missed
    assert [entry.at for entry in found] == [day_start(D(2026, 3, 1))] * missed


def test_a_second_briefing_of_a_month_makes_up_late_for_the_month_before_and_no_further(offices):
    make_plan(offices.works, since=D(2026, 1, 1))
    does.open_briefing_duties(at=day_start(D(2026, 3, 1)))
    first, second, third = (held(offices, D(2026, 3, day)) for day in (3, 10, 17))
    rows = BriefingDuty.objects.select_related("promise").order_by("starts_on")
    assert [row.briefing_id for row in rows] == [None, second.pk, first.pk]
    at = day_start(D(2026, 3, 20))
    assert [duty_status(row, at) for row in rows] == [DutyStatus.NEVER, DutyStatus.LATE, DutyStatus.DONE]
    assert third.state == S.HELD
    assert briefing_shares(2026, at) == {"done": 1, "late": 1, "missing": 1, "due": 0}
    assert briefing_shares(2026, at, unit=offices.other) == {"done": 0, "late": 0, "missing": 0, "due": 0}


def test_holding_meets_a_duty_that_nothing_had_opened_yet(offices):
    make_plan(offices.works, since=D(2026, 3, 1))
    briefing = held(offices, D(2026, 3, 2))
    duty = BriefingDuty.objects.get()
    assert (duty.briefing, duty.promise.met_at) == (briefing, briefing.held_at)
    assert does.open_briefing_duties(at=briefing.held_at) == 0


def test_recording_again_meets_nothing_again(offices):
    make_plan(offices.works, since=D(2026, 2, 1))
    briefing = held(offices, D(2026, 3, 2))
    records.hold_briefing(briefing_id=briefing.pk, attendance={}, actor=offices.handler, at=briefing.held_at)
    assert Entry.objects.filter(verb="briefing.duty_met").count() == 1
    assert BriefingDuty.objects.get(starts_on=D(2026, 2, 1)).briefing is None


def test_a_briefing_of_a_unit_without_a_duty_meets_none(offices):
    make_plan(offices.works, since=D(2026, 1, 1))
    held(offices, D(2026, 3, 2), unit=offices.other, actor=offices.other_handler)
    assert Entry.objects.filter(verb="briefing.duty_met").count() == 0


def test_a_miss_that_was_told_stays_a_miss_when_it_is_recorded_afterwards(offices):
    make_plan(offices.works, since=D(2026, 2, 1))
    does.open_briefing_duties(at=day_start(D(2026, 2, 1)))
    sweep(at=day_start(D(2026, 3, 2)))
    held(offices, D(2026, 2, 27), recorded=day_start(D(2026, 3, 3)))
    duty = BriefingDuty.objects.select_related("promise").get(starts_on=D(2026, 2, 1))
    assert duty_status(duty, AT) == DutyStatus.LATE


def test_opening_asks_as_often_for_three_units_as_for_one(offices):
    def count(at):
        with CaptureQueriesContext(connection) as queries:
            does.open_briefing_duties(at=at)
        return len(queries)

    make_plan(offices.works, since=D(2026, 2, 1))
    does.open_briefing_duties(at=day_start(D(2026, 2, 1)))
    one = count(day_start(D(2026, 3, 1)))
    for number in range(2):
        make_plan(make_unit(offices.company, code=f"Q{number}"), since=D(2026, 4, 1))
    three = count(day_start(D(2026, 4, 1)))
    assert (len(duties()), one) == (5, three)


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_doubled_sweepers_open_and_meet_once(engine, transactional_db):
    offices = make_offices()
    for unit in (offices.works, offices.other, offices.company):
        make_plan(unit, since=D(2025, 6, 1))
    found = in_parallel(4, range(4), lambda _n: does.open_briefing_duties(at=AT))
    assert sum(found) == BriefingDuty.objects.count() == Promise.objects.count() == 3 * 10
    briefing = make_briefing(offices, starts_at=AT)
    in_parallel(
        4,
        range(4),
        lambda _n: records.hold_briefing(briefing_id=briefing.pk, attendance={}, actor=offices.handler, at=AT),
    )
    assert Entry.objects.filter(verb="briefing.held").count() == 1
    assert Entry.objects.filter(verb="briefing.duty_met").count() == 1
    assert Promise.objects.filter(kind="briefing.minutes").count() == 1
