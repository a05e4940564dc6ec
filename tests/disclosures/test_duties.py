"""What is owed: periods by the calendar, events by report; opened once, missed once, whatever was down meanwhile."""

import datetime as dt

import pytest

from disclosures import operations as does
from disclosures.display import least_until, notice_period
from disclosures.enums import Frequency
from disclosures.models import Assignment, Duty
from disclosures.periods import due_day_of, last_ended, period_of, periods_between
from portal.deadlines.calendar import Edition, WorkCalendar
from portal.deadlines.models import Promise
from portal.deadlines.operations import make_promise
from portal.kernel.days import day_start
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry, Pending
from portal.ledger.recording import record
from tests.factories.disclosures import AT, item_of, make_assignment

pytestmark = pytest.mark.usefixtures("english")

D = dt.date


@pytest.mark.parametrize(
    ("frequency", "day", "start", "end", "code"),
    [
        (Frequency.MONTH, D(2024, 2, 29), D(2024, 2, 1), D(2024, 2, 29), "2024-02"),
        (Frequency.MONTH, D(2026, 12, 31), D(2026, 12, 1), D(2026, 12, 31), "2026-12"),
        (Frequency.QUARTER, D(2026, 1, 1), D(2026, 1, 1), D(2026, 3, 31), "2026-Q1"),
        (Frequency.QUARTER, D(2026, 6, 30), D(2026, 4, 1), D(2026, 6, 30), "2026-Q2"),
        (Frequency.HALF_YEAR, D(2026, 7, 1), D(2026, 7, 1), D(2026, 12, 31), "2026-H2"),
        (Frequency.YEAR, D(2026, 7, 1), D(2026, 1, 1), D(2026, 12, 31), "2026"),
    ],
)
def test_periods_have_their_days(frequency, day, start, end, code):
    period = period_of(frequency, day)
    assert (period.start, period.end, period.code) == (start, end, code)
    assert period.previous().following() == period
    assert period_of(frequency, period.end) == period_of(frequency, period.start) == period


def test_events_have_no_period():
    with pytest.raises(ValueError, match="no periods"):
        period_of(Frequency.EVENT, D(2026, 1, 1))


def test_a_period_is_over_on_the_day_after_its_last():
    assert last_ended(Frequency.QUARTER, D(2026, 3, 31)).code == "2025-Q4"
    assert last_ended(Frequency.QUARTER, D(2026, 4, 1)).code == "2026-Q1"
    assert [p.code for p in periods_between(Frequency.MONTH, D(2025, 12, 1), D(2026, 3, 1))] == [
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert due_day_of(period_of(Frequency.QUARTER, D(2026, 1, 1)), 10) == D(2026, 4, 10)


def opened():
    return sorted(Duty.objects.values_list("item__code", "frequency", "starts_on"))


def test_duties_open_when_their_period_has_ended(offices):
    make_assignment(offices, "C01", since=D(2026, 1, 1))  # monthly
    make_assignment(offices, "B02", since=D(2026, 1, 1))  # quarterly
    assert does.open_duties(at=day_start(D(2026, 3, 1)) - dt.timedelta(microseconds=1)) == 1
    assert opened() == [("C01", "month", D(2026, 1, 1))]
    assert does.open_duties(at=day_start(D(2026, 3, 1))) == 1
    assert does.open_duties(at=day_start(D(2026, 4, 1))) == 2
    assert opened() == [
        ("B02", "quarter", D(2026, 1, 1)),
        ("C01", "month", D(2026, 1, 1)),
        ("C01", "month", D(2026, 2, 1)),
        ("C01", "month", D(2026, 3, 1)),
    ]
    assert set(Duty.objects.values_list("promise__started_on", "promise__due_on")) == {
        (D(2026, 2, 1), D(2026, 2, 10)),
        (D(2026, 3, 1), D(2026, 3, 10)),
        (D(2026, 4, 1), D(2026, 4, 10)),
    }


def test_opening_twice_opens_once(offices):
    make_assignment(offices, "C01", since=D(2026, 1, 1))
    assert does.open_duties(at=AT) == 2
    assert does.open_duties(at=AT) == 0
    assert Promise.objects.count() == 2
    assert Entry.objects.filter(verb="duty.opened").count() == 2


def plain(row, *but):
    return {field.name: field.value_from_object(row) for field in row._meta.concrete_fields if field.name not in but}


def test_a_batch_writes_what_single_acts_would_write(offices):
    make_assignment(offices, "C01", since=D(2026, 2, 1), department=offices.personnel)
    make_assignment(offices, "C01", since=D(2026, 2, 1), unit=offices.other)
    before = Pending.objects.count()
    assert does.open_duties(at=AT) == 2
    assert Pending.objects.count() == before + 2  # for the sealer, by the trigger
    for duty in Duty.objects.all():
        promise, key = duty.promise, f"disclosures.duty:{duty.pk}"
        single = make_promise(
            kind="disclosure.publish",
            subject=f"disclosures.single:{duty.pk}",
            unit=duty.owner,
            started_on=D(2026, 3, 1),
            due_on=D(2026, 3, 10),
            at=AT,
        )
        single.refresh_from_db()
        assert plain(promise, "id", "subject") == plain(single, "id", "subject")
        assert (promise.subject, promise.unit, duty.event) == (key, duty.department or duty.unit, "")
        facts = {"code": duty.item.code, "unit": duty.unit.code, "period": "2026-02", "due_on": D(2026, 3, 10)}
        act = record(verb="duty.opened", subject="x:y", actor="system", at=AT, **facts)
        entry = Entry.objects.get(subject=key)
        assert plain(entry, "id", "subject") == plain(act, "id", "subject")


def test_downtime_of_months_loses_nothing(offices):
    make_assignment(offices, "C01", since=D(2025, 10, 1))
    assert does.open_duties(at=day_start(D(2025, 11, 1))) == 1
    # Nothing ran for four months.
    assert does.open_duties(at=day_start(D(2026, 3, 1))) == 4
    assert [starts_on for *_rest, starts_on in opened()] == [D(2025, m, 1) for m in (10, 11, 12)] + [
        D(2026, 1, 1),
        D(2026, 2, 1),
    ]


@pytest.mark.parametrize("units", [1, 3])
def test_opening_asks_as_often_for_three_units_as_for_one(units, offices, django_assert_num_queries):
    for unit in (offices.works, offices.other, offices.shop)[:units]:
        make_assignment(offices, "C01", unit=unit)
    period = last_ended(Frequency.MONTH, D(2026, 3, 9))
    does.open_period(period.previous(), at=AT)  # the calendar is read once for all
    with django_assert_num_queries(12):
        assert does.open_period(period, at=AT) == units


def test_an_item_with_two_frequencies_is_owed_twice(offices):
    make_assignment(offices, "A01", since=D(2025, 1, 1))
    does.open_duties(at=day_start(D(2026, 1, 1)))
    assert [row[1:] for row in opened()] == [
        ("quarter", D(2025, 1, 1)),
        ("quarter", D(2025, 4, 1)),
        ("quarter", D(2025, 7, 1)),
        ("quarter", D(2025, 10, 1)),
        ("year", D(2025, 1, 1)),
    ]


def test_what_ended_is_owed_no_longer_and_what_is_new_only_from_its_day(offices):
    make_assignment(offices, "C01", since=D(2026, 1, 15))
    make_assignment(offices, "B06", since=D(2025, 1, 1), until=D(2025, 12, 30))
    does.open_duties(at=day_start(D(2026, 3, 1)))
    # January had begun before the assignment did; the last quarter of 2025 had not ended when it ended.
    assert opened() == [("B06", "quarter", D(2025, m, 1)) for m in (1, 4, 7)] + [("C01", "month", D(2026, 2, 1))]


def test_an_item_out_of_force_opens_nothing(offices):
    make_assignment(offices, "C01", since=D(2026, 1, 1))
    item = item_of("C01")
    does.edit_item(
        item_id=item.pk, seen_version=1, values={"is_active": False}, reason="停用", actor=offices.officer, at=AT
    )
    assert does.open_duties(at=AT) == 0


def test_an_event_is_due_seven_working_days_later(offices):
    owed = make_assignment(offices, "D02")
    duty = does.report_event(
        assignment_id=owed.pk, event="三号罐区可燃气体泄漏", event_on=D(2026, 3, 6), actor=offices.handler, at=AT
    )
    # Friday 6 March is day zero.
    assert (duty.promise.kind, duty.promise.due_on) == ("disclosure.event", D(2026, 3, 17))
    again = does.report_event(
        assignment_id=owed.pk, event="另一起", event_on=D(2026, 3, 6), actor=offices.handler, at=AT
    )
    assert again.pk != duty.pk


def test_events_are_reported_by_those_who_prepare_and_for_items_of_events_only(offices):
    owed = make_assignment(offices, "D02")
    with pytest.raises(OperationRefused, match="prepare"):
        does.report_event(assignment_id=owed.pk, event="x", event_on=AT.date(), actor=offices.worker, at=AT)
    monthly = make_assignment(offices, "C01")
    with pytest.raises(OperationRefused, match="periods"):
        does.report_event(assignment_id=monthly.pk, event="x", event_on=AT.date(), actor=offices.handler, at=AT)
    assert Duty.objects.count() == 0


def test_waiving_is_the_chairs_with_a_reason_and_never_the_own_report(offices):
    owed = make_assignment(offices, "D02")
    duty = does.report_event(assignment_id=owed.pk, event="误报", event_on=D(2026, 3, 6), actor=offices.handler, at=AT)
    with pytest.raises(OperationRefused, match="union chair"):
        does.waive_duty(duty_id=duty.pk, reason="误报", actor=offices.handler, at=AT)
    does.waive_duty(duty_id=duty.pk, reason="经查为误报", actor=offices.union_chair, at=AT)
    duty.promise.refresh_from_db()
    assert (duty.promise.end_code, duty.promise.met_at) == ("waived", None)
    with pytest.raises(OperationRefused, match="no longer open"):
        does.waive_duty(duty_id=duty.pk, reason="再次", actor=offices.union_chair, at=AT)
    own = does.report_event(
        assignment_id=owed.pk, event="自报", event_on=D(2026, 3, 6), actor=offices.union_chair, at=AT
    )
    with pytest.raises(OperationRefused, match="yourself"):
        does.waive_duty(duty_id=own.pk, reason="自报", actor=offices.union_chair, at=AT)


def test_a_unit_owes_an_item_once_at_a_time(offices):
    does.assign_item(
        item_id=item_of("C01").pk,
        unit=offices.works,
        department=None,
        since=D(2026, 1, 1),
        actor=offices.officer,
        at=AT,
    )
    with pytest.raises(OperationRefused, match="already"):
        does.assign_item(
            item_id=item_of("C01").pk,
            unit=offices.works,
            department=None,
            since=D(2026, 2, 1),
            actor=offices.officer,
            at=AT,
        )
    with pytest.raises(OperationRefused, match="union officers"):
        does.assign_item(
            item_id=item_of("C02").pk,
            unit=offices.works,
            department=None,
            since=D(2026, 1, 1),
            actor=offices.handler,
            at=AT,
        )
    ended = does.end_assignment(assignment_id=Assignment.objects.get().pk, actor=offices.officer, at=AT)
    assert ended.until == AT.date()


def test_editing_what_somebody_else_changed_is_a_conflict(offices):
    item = item_of("C01")
    arguments = {"item_id": item.pk, "seen_version": 1, "reason": "修订", "actor": offices.officer, "at": AT}
    does.edit_item(values={"department": "综合科"}, **arguments)
    with pytest.raises(Conflict):
        does.edit_item(values={"department": "财务科"}, **arguments)
    item.refresh_from_db()
    assert (item.department, item.version) == ("综合科", 2)


# The period of a notice -------------------------------------------------------------------------------------

CALENDAR = WorkCalendar(
    {
        2026: Edition(
            2026,
            1,
            days_off={D(2026, 4, 6): "清明节"},
            days_on={D(2026, 4, 11): "清明节"},
        )
    }
)


def stand(begun_on, today, *, workdays=5, gaps=(), stopped_on=None):
    period = notice_period(
        begun_on=begun_on, workdays=workdays, gaps=list(gaps), today=today, calendar=CALENDAR, stopped_on=stopped_on
    )
    return period.ends_on, period.counted, period.is_over


def test_the_day_of_publication_does_not_count():
    # Monday 9 March, five working days: 10, 11, 12, 13, 16.
    assert stand(D(2026, 3, 9), D(2026, 3, 9)) == (D(2026, 3, 16), 0, False)
    assert stand(D(2026, 3, 9), D(2026, 3, 16)) == (D(2026, 3, 16), 4, False)
    assert stand(D(2026, 3, 9), D(2026, 3, 17)) == (D(2026, 3, 16), 5, True)
    assert stand(D(2026, 3, 9), D(2026, 3, 20)) == (D(2026, 3, 16), 5, True)


def test_holidays_and_make_up_days_move_the_end():
    # Friday 3 April: Monday is a holiday, Saturday the 11th is worked: 7, 8, 9, 10, 11.
    assert stand(D(2026, 4, 3), D(2026, 4, 4)) == (D(2026, 4, 11), 0, False)


def test_days_without_display_do_not_count():
    gap = (D(2026, 3, 11), D(2026, 3, 12))
    assert stand(D(2026, 3, 9), D(2026, 3, 17), gaps=[gap]) == (D(2026, 3, 18), 3, False)
    assert stand(D(2026, 3, 9), D(2026, 3, 19), gaps=[gap]) == (D(2026, 3, 18), 5, True)
    # A gap over a weekend costs nothing.
    assert stand(D(2026, 3, 9), D(2026, 3, 17), gaps=[(D(2026, 3, 14), D(2026, 3, 15))])[0] == D(2026, 3, 16)


def test_what_was_taken_down_is_never_over():
    assert stand(D(2026, 3, 9), D(2026, 5, 1), stopped_on=D(2026, 3, 12)) == (D(2026, 3, 11), 2, False)


def test_a_year_without_calendar_is_counted_by_weekdays_and_says_so():
    period = notice_period(begun_on=D(2026, 12, 30), workdays=5, gaps=[], today=D(2026, 12, 31), calendar=CALENDAR)
    assert (period.ends_on, period.is_provisional) == (D(2027, 1, 6), True)


@pytest.mark.parametrize(("days", "until"), [(1, D(2026, 3, 9)), (15, D(2026, 3, 23))])
def test_the_day_of_publication_is_the_first_on_show(days, until):
    assert least_until(D(2026, 3, 9), days) == until
