"""Editions: seeding, importing, recomputing, and the alarm for a year that is missing."""

import datetime as dt
import io

import openpyxl
import pytest

from portal.accounts.enums import Role
from portal.deadlines import operations
from portal.deadlines.calendar import Edition
from portal.deadlines.calendar_files import read_calendar_file
from portal.deadlines.models import CalendarEdition, Heartbeat, Promise
from portal.deadlines.operations.calendars import differences, effects_of, library_years, missing_year
from portal.deadlines.queries import edition_of, read_calendar
from portal.deadlines.watch import CALENDAR
from portal.kernel.days import day_end, day_start
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.people import make_officer, make_person, make_unit
from tests.factories.promises import make_promise

D = dt.date
DAY = dt.timedelta(days=1)
NOON = dt.timedelta(hours=12)
SPRING_2027 = {
    D(2027, 1, 1): "元旦",
    **{D(2027, 2, day): "春节" for day in (5, 8, 9, 10, 11, 12)},
    D(2027, 10, 1): "国庆节",
}
AT = day_start(D(2026, 12, 20)) + NOON


@pytest.fixture
def admin(db):
    return make_officer(Role.SYSTEM_ADMIN)


def import_2027(admin, days_off=None, days_on=None, at=AT):
    return operations.import_calendar(
        year=2027,
        days_off=SPRING_2027 if days_off is None else days_off,
        days_on=days_on or {},
        notice_no="国办发明电〔2026〕9号",
        actor=admin,
        at=at,
    )


@pytest.mark.django_db
def test_the_years_of_the_library_are_there_from_the_start():
    years = library_years()
    assert {row.year for row in CalendarEdition.objects.all()} == set(years)
    edition = edition_of(CalendarEdition.objects.get(year=2026))
    assert edition.notice_no == "国办发明电〔2025〕7号"
    assert edition.days_on == {
        D(2026, 1, 4): "元旦",
        D(2026, 2, 14): "春节",
        D(2026, 2, 28): "春节",
        D(2026, 5, 9): "劳动节",
        D(2026, 9, 20): "国庆节",
        D(2026, 10, 10): "国庆节",
    }
    assert operations.seed_editions(at=AT) == 0


@pytest.mark.django_db
def test_the_editions_agree_with_the_library_day_by_day():
    import chinese_calendar

    calendar = read_calendar()
    for year in (2024, 2025, 2026):
        day = D(year, 1, 1)
        while day.year == year:
            assert calendar.is_workday(day) == chinese_calendar.is_workday(day), day
            day += DAY


@pytest.mark.django_db
def test_an_import_is_never_overruled_by_the_library(admin):
    operations.import_calendar(
        year=2026, days_off={D(2026, 1, 1): "元旦"}, days_on={}, notice_no="x", actor=admin, at=AT
    )
    assert operations.seed_editions(at=AT) == 0
    assert read_calendar().editions[2026].number == 2


@pytest.mark.django_db
def test_a_provisional_promise_is_settled_by_the_import(admin):
    promise = make_promise(kind="test.return", started_on=D(2026, 12, 28))
    assert (promise.due_on, promise.is_provisional) == (D(2027, 1, 6), True)
    _edition, moved = import_2027(admin)
    promise.refresh_from_db()
    assert (moved, promise.due_on, promise.due_at, promise.is_provisional, promise.calendar) == (
        1,
        D(2027, 1, 7),
        day_end(D(2027, 1, 7)),
        False,
        "2026/1 2027/1",
    )
    assert promise.first_due_on == D(2027, 1, 6)
    entry = Entry.objects.get(verb="promise.recomputed")
    assert (entry.subject, entry.facts["before"], entry.facts["due_on"], entry.facts["editions"]) == (
        promise.subject,
        "2027-01-06",
        "2027-01-07",
        ["2026/1", "2027/1"],
    )


@pytest.mark.django_db
def test_a_provisional_promise_may_settle_earlier_and_is_told(admin):
    promise = make_promise(kind="test.return", started_on=D(2026, 12, 28))
    import_2027(admin, days_off={D(2027, 10, 1): "国庆节"}, days_on={D(2027, 1, 2): "元旦"})
    promise.refresh_from_db()
    assert (promise.due_on, promise.is_provisional) == (D(2027, 1, 5), False)
    assert Entry.objects.get(verb="promise.recomputed").facts["before"] == "2027-01-06"
    assert Notice.objects.filter(kind="promise.recomputed", subject=promise.subject).count() == 1


@pytest.mark.django_db
def test_settling_makes_nobody_late_by_the_import_itself(admin):
    promise = make_promise(kind="test.return", started_on=D(2026, 12, 28))
    days_on = {D(2027, 1, 2): "元旦", D(2027, 1, 3): "元旦"}
    import_2027(admin, days_off={D(2027, 10, 1): "国庆节"}, days_on=days_on, at=day_start(D(2027, 1, 5)) + NOON)
    promise.refresh_from_db()
    # By the rule it was due on the 4th; the import came on the 5th, so that the next working day stands.
    assert promise.due_on == D(2027, 1, 6)


@pytest.mark.django_db
def test_a_promised_day_moves_later_but_is_never_made_earlier(admin):
    import_2027(admin)
    later, kept = (make_promise(kind="test.return", started_on=D(2027, 2, day)) for day in (1, 22))
    first = {promise.pk: promise.due_on for promise in (later, kept)}
    import_2027(
        admin,
        days_off={**SPRING_2027, D(2027, 2, 15): "春节"},
        days_on={D(2027, 2, 27): "春节"},
        at=day_start(D(2027, 2, 2)),
    )
    later.refresh_from_db()
    kept.refresh_from_db()
    assert (later.due_on - first[later.pk], kept.due_on - first[kept.pk]) == (DAY, 0 * DAY)
    facts = Entry.objects.get(subject=kept.subject, verb="promise.recomputed").facts
    assert (facts["is_kept"], facts["computed"], facts["due_on"]) == (True, "2027-03-02", kept.due_on.isoformat())
    assert kept.calendar == "2027/2"


@pytest.mark.django_db
def test_pauses_and_extensions_survive_a_recomputation(admin):
    leader, handler = make_officer(Role.LEADER_IN_CHARGE), make_officer(Role.HANDLER)
    promise = make_promise(kind="test.return", started_on=D(2026, 12, 25))
    at = day_start(D(2026, 12, 26)) + NOON
    operations.pause_promise(promise=promise, reason="x", actor=handler, at=at)
    operations.resume_promise(promise=promise, actor=handler, at=at + 2 * DAY)
    extension = operations.ask_extension(promise=promise, days=5, reason="x", actor=handler, at=at + 2 * DAY)
    operations.decide_extension(extension_id=extension.pk, is_granted=True, actor=leader, at=at + 2 * DAY)
    promise.refresh_from_db()
    before = promise.due_on
    import_2027(admin, at=at + 3 * DAY)
    promise.refresh_from_db()
    assert (promise.first_due_on, before, promise.due_on) == (D(2027, 1, 5), D(2027, 1, 12), D(2027, 1, 13))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shift", "moves"), [(-dt.timedelta(microseconds=1), True), (dt.timedelta(), False), (3 * DAY, False)]
)
def test_a_late_promise_is_never_made_on_time_by_a_calendar(admin, shift, moves):
    promise = make_promise(kind="test.return", started_on=D(2026, 12, 28))
    import_2027(admin, at=promise.due_at + shift)
    before = promise.due_on
    promise.refresh_from_db()
    assert (promise.due_on > before) == moves


@pytest.mark.django_db
def test_calendar_days_are_left_alone(admin):
    promise = make_promise(started_on=D(2026, 12, 20))
    assert import_2027(admin)[1] == 0
    promise.refresh_from_db()
    assert promise.due_on == promise.first_due_on
    assert Entry.objects.filter(verb="promise.recomputed").count() == 0


@pytest.mark.django_db
def test_a_crash_after_the_edition_is_healed_by_the_daily_check(admin):
    promise = make_promise(kind="test.return", started_on=D(2026, 12, 28))
    CalendarEdition.objects.create(
        year=2027, number=1, notice_no="x", source="file", days_off={"2027-01-01": "元旦"}, days_on={}, imported_at=AT
    )
    assert operations.recompute_promises(at=AT) == 1
    assert operations.recompute_promises(at=AT) == 0
    promise.refresh_from_db()
    assert promise.is_provisional is False


@pytest.mark.django_db
def test_only_a_system_administrator_imports(admin):
    for actor in (make_person(), make_officer(Role.UNION_CHAIR)):
        with pytest.raises(OperationRefused):
            import_2027(actor)
    assert CalendarEdition.objects.filter(year=2027).count() == 0
    assert Entry.objects.filter(verb="calendar.imported").count() == 0


@pytest.mark.django_db
def test_the_preview_writes_nothing_and_says_what_the_import_does(admin):
    promise = make_promise(kind="test.return", started_on=D(2026, 12, 28))
    edition = Edition(2027, 1, SPRING_2027, {}, "x")
    effects, has_more = effects_of(edition, AT)
    assert ([(one.pk, before, after) for one, before, after in effects], has_more) == (
        [(promise.pk, D(2027, 1, 6), D(2027, 1, 7))],
        False,
    )
    assert (Promise.objects.get().due_on, CalendarEdition.objects.filter(year=2027).count()) == (D(2027, 1, 6), 0)
    assert differences(None, edition)[0] == (D(2027, 1, 1), "", "off", "元旦")


@pytest.mark.parametrize(
    ("today", "known", "missing"),
    [
        (D(2026, 10, 31), {2026}, None),
        (D(2026, 11, 1), {2026}, 2027),
        (D(2026, 11, 1), {2026, 2027}, None),
        (D(2027, 1, 1), {2026}, 2027),
    ],
)
def test_next_year_is_missed_from_the_first_of_november(today, known, missing):
    from portal.deadlines.calendar import WorkCalendar

    assert missing_year(today, WorkCalendar({year: Edition(year, 1) for year in known})) == missing


@pytest.mark.django_db
def test_the_alarm_is_raised_weekly_and_stops_with_the_import(admin):
    company = make_unit()
    first = day_start(D(2026, 11, 2)) + NOON
    for days in (-2, 0, 1, 6, 7):
        operations.check_calendar(at=first + days * DAY)
    desks = [f"system_admin:{company.pk}", f"union_chair:{company.pk}"]
    # 31 October is too early; then once a week on each desk.
    assert sorted(Notice.objects.filter(kind="calendar.missing").values_list("desk", flat=True)) == sorted(desks * 2)
    assert Heartbeat.objects.get(name=CALENDAR).detail == {"missing": 2027}
    import_2027(admin)
    assert Heartbeat.objects.get(name=CALENDAR).detail == {"missing": None}


ROWS = [(day.isoformat(), "否", name) for day, name in SPRING_2027.items()] + [("2027-02-20", "是", "春节")]


def csv_of(rows, encoding="utf-8"):
    return "\r\n".join(["日期,是否上班,名称", *(",".join(row) for row in rows)]).encode(encoding)


def xlsx_of(rows):
    book = openpyxl.Workbook()
    book.active.append(("日期", "是否上班", "名称"))
    for day, worked, name in rows:
        book.active.append((dt.datetime.fromisoformat(day), worked, name))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", csv_of(ROWS)),
        ("a.csv", csv_of(ROWS, "utf-8-sig")),
        ("a.csv", csv_of(ROWS, "gb18030")),
        ("a.CSV", csv_of([(day.replace("-", "/"), worked, name) for day, worked, name in ROWS])),
        ("a.xlsx", xlsx_of(ROWS)),
        (
            "a.json",
            (
                "["
                + ",".join(
                    f'{{"date": "{d}", "worked": {"true" if w == "是" else "false"}, "name": "{n}"}}'
                    for d, w, n in ROWS
                )
                + "]"
            ).encode(),
        ),
        (
            "a.json",
            (
                '{"year": 2027, "days": ['
                + ",".join(
                    f'{{"date": "{d}", "isOffDay": {"true" if w == "否" else "false"}, "name": "{n}"}}'
                    for d, w, n in ROWS
                )
                + "]}"
            ).encode(),
        ),
    ],
)
def test_a_file_is_read_in_every_form(name, data):
    reading = read_calendar_file(name, data)
    assert (reading.faults, reading.year, reading.days_off, reading.days_on) == (
        [],
        2027,
        SPRING_2027,
        {D(2027, 2, 20): "春节"},
    )


@pytest.mark.parametrize(
    ("name", "data", "faults"),
    [
        ("a.txt", b"", 1),
        ("a.xlsx", b"not a workbook", 1),
        ("a.json", b"{", 1),
        ("a.json", b"[1, 2]", 1),
        ("a.csv", b"", 1),
        ("a.csv", b"\x00" * 2000, 2),
        ("a.csv", b"x" * (600 * 1024), 1),
        ("a.csv", csv_of([("2027-02-30", "否", "x"), *ROWS]), 1),
        ("a.csv", csv_of([("2027-03-03", "也许", "x"), *ROWS]), 1),
        ("a.csv", csv_of([ROWS[0], *ROWS]), 1),
        ("a.csv", csv_of([("2028-01-03", "否", "元旦"), *ROWS]), 1),
        ("a.csv", csv_of(ROWS[:3]), 1),
    ],
)
def test_a_faulty_file_is_told_and_gives_nothing(name, data, faults):
    reading = read_calendar_file(name, data)
    assert (reading.year, len(reading.faults) >= 1, len(reading.faults) <= faults + 1) == (None, True, True)
