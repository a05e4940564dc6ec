"""What a reader is told: the sentences, the lamps, and the same due day wherever the server stands."""

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.utils import translation

from portal.accounts.enums import Role
from portal.deadlines import operations
from portal.deadlines.calendar import WorkCalendar, due_day
from portal.deadlines.clock import clock_of
from portal.deadlines.kinds import Kind, register_kind
from portal.deadlines.ladders import CARD_LADDER
from portal.deadlines.models import Promise
from portal.deadlines.operations.calendars import library_years
from portal.kernel.days import day_end, day_start
from portal.kernel.enums import Lamp
from tests.factories.people import make_officer
from tests.factories.promises import make_promise

D = dt.date
DAY, NOON, TICK = dt.timedelta(days=1), dt.timedelta(hours=12), dt.timedelta(microseconds=1)
register_kind(
    Kind(
        code="test.zh",
        label="答复",
        opening="已受理",
        rule="month_or_days:30",
        ladder=CARD_LADDER,
        can_pause=True,
        can_extend=True,
    )
)
STARTED_ON, DUE_ON = D(2026, 11, 22), D(2026, 12, 22)


def promise_of(**over):
    plain = {
        "kind": "test.zh",
        "subject": "tests.thing:1",
        "started_on": STARTED_ON,
        "rule": "month_or_days:30",
        "first_due_on": DUE_ON,
        "due_on": DUE_ON,
        "due_at": day_end(DUE_ON),
        "next_step": 4,
    }
    return Promise(**{**plain, **over})


def said(promise, at, language="zh-hans", name="sentence"):
    with translation.override(language):
        return getattr(clock_of(promise, at), name)


@pytest.mark.parametrize(
    ("over", "at", "lamp", "sentence"),
    [
        ({}, day_start(D(2026, 12, 10)), Lamp.BLUE, "已受理，应于 12月22日(周二)前答复，还剩 12 天"),
        ({}, day_start(D(2026, 12, 17)) - TICK, Lamp.BLUE, "已受理，应于 12月22日(周二)前答复，还剩 6 天"),
        ({}, day_start(D(2026, 12, 17)), Lamp.YELLOW, "已受理，应于 12月22日(周二)前答复，还剩 5 天"),
        ({}, day_start(DUE_ON), Lamp.YELLOW, "今天到期"),
        ({}, day_end(DUE_ON) - TICK, Lamp.YELLOW, "今天到期"),
        ({}, day_end(DUE_ON), Lamp.RED, "已超期 1 天"),
        ({}, day_end(DUE_ON) + 3 * DAY, Lamp.RED, "已超期 4 天"),
        ({"next_step": 6}, day_start(D(2026, 12, 25)), Lamp.RED, "已超期 3 天，已提醒承办单位上级"),
        ({"next_step": 7}, day_start(D(2026, 12, 29)), Lamp.RED, "已超期 7 天，已报工会主席"),
        ({"next_step": 9}, day_start(D(2027, 1, 12)), Lamp.RED, "已超期 21 天，已提请纪检部门督办"),
        # A miss that was told stays one, however the machine's clock is set.
        ({"missed_at": day_end(DUE_ON)}, day_start(D(2026, 12, 1)), Lamp.RED, "已超期 1 天"),
        (
            {"paused_on": D(2026, 12, 9)},
            day_start(D(2026, 12, 10)),
            Lamp.GREY,
            "等待提交人补充材料，计时暂停第 2 天（最多 10 天）",
        ),
        (
            {"paused_on": D(2026, 12, 9), "paused_days": 6},
            day_start(D(2026, 12, 13)),
            Lamp.BLUE,
            "已受理，应于 12月26日(周六)前答复，还剩 13 天",
        ),
        (
            {
                "due_on": D(2027, 1, 20),
                "due_at": day_end(D(2027, 1, 20)),
                "extended_days": 29,
                "extension_reason": "需要招标",
            },
            day_start(D(2027, 1, 8)),
            Lamp.BLUE,
            "经批准延期至 1月20日(周三)，理由：需要招标，还剩 12 天",
        ),
        (
            {
                "due_on": D(2027, 1, 20),
                "due_at": day_end(D(2027, 1, 20)),
                "extended_days": 29,
                "extension_reason": "需要招标",
            },
            day_start(D(2026, 12, 31)),
            Lamp.BLUE,
            "经批准延期至 2027年1月20日(周三)，理由：需要招标，还剩 20 天",
        ),
        (
            {"is_provisional": True},
            day_start(D(2026, 12, 10)),
            Lamp.BLUE,
            "已受理，应于 12月22日(周二)前答复，还剩 12 天（暂定：次年工作日历尚未公布）",
        ),
        ({"met_at": day_end(DUE_ON) - TICK}, day_start(D(2027, 3, 1)), Lamp.GREEN, "已按期答复"),
        ({"met_at": day_end(DUE_ON)}, day_start(D(2027, 3, 1)), Lamp.ORANGE, "已答复，超期 1 天"),
        ({"met_at": day_end(DUE_ON) + 3 * DAY}, day_start(D(2027, 3, 1)), Lamp.ORANGE, "已答复，超期 4 天"),
        (
            {"ended_at": day_start(DUE_ON), "end_code": "merged"},
            day_start(D(2027, 3, 1)),
            Lamp.GREY,
            "停止计时：并入其他事项",
        ),
        (
            {"ended_at": day_end(DUE_ON), "end_code": "transferred"},
            day_start(D(2027, 3, 1)),
            Lamp.ORANGE,
            "超期 1 天后停止计时：转其他程序办理",
        ),
    ],
)
def test_the_sentence_and_the_lamp(over, at, lamp, sentence):
    promise = promise_of(**over)
    assert (clock_of(promise, at).lamp, said(promise, at)) == (lamp, sentence)


def test_the_sender_is_asked_in_person():
    promise = promise_of(paused_on=D(2026, 12, 9))
    assert (
        said(promise, day_start(D(2026, 12, 10)), name="sender_sentence")
        == "等待您补充材料，计时暂停第 2 天（最多 10 天）"
    )


def test_the_sentence_speaks_english_too():
    assert (
        said(promise_of(kind="test.answer"), day_start(D(2026, 12, 10)), "en")
        == "accepted, answer due by Tue 22 Dec, 12 days left"
    )


def test_reading_a_clock_asks_nobody(django_assert_num_queries, db):
    promise = make_promise()
    with django_assert_num_queries(0):
        str(clock_of(promise, promise.due_at))


@pytest.mark.django_db
def test_a_late_clock_says_who_was_told_only_once_somebody_was():
    for role in (Role.LEADER_IN_CHARGE, Role.UNION_CHAIR):
        make_officer(role)
    promise = make_promise(kind="test.zh")
    late = promise.due_at + 2 * DAY
    assert said(promise, late) == "已超期 3 天"
    operations.sweep(at=late)
    promise.refresh_from_db()
    assert said(promise, late) == "已超期 3 天，已提醒承办单位上级"


CODE = """
import datetime as dt, hashlib, sys
import django
django.setup()
from portal.deadlines.calendar import Edition, WorkCalendar, due_day
from portal.deadlines.clock import clock_of
from portal.deadlines.kinds import Kind, register_kind
from portal.deadlines.models import Promise
from portal.deadlines.operations.calendars import library_years
from portal.kernel.days import day_end, day_start, local_day
register_kind(Kind(code="zone.answer", label="a", rule="month_or_days:30"))
def iso(days): return {dt.date.fromisoformat(day): name for day, name in days.items()}
calendar = WorkCalendar({year: Edition(year, 1, iso(off), iso(on)) for year, (off, on) in library_years().items()})
digest, day, tick = hashlib.sha256(), dt.date(2024, 1, 1), dt.timedelta(microseconds=1)
while day.year <= 2032:
    for rule in ("month_or_days:30", "workdays:7", "workdays:1", "days:15"):
        due = due_day(rule, day, calendar)
        late = day_end(due.on)
        promise = Promise(kind="zone.answer", started_on=day, rule=rule, due_on=due.on, due_at=late)
        promise.first_due_on = due.on
        before, at, after = (clock_of(promise, moment) for moment in (late - tick, late, late + dt.timedelta(days=3)))
        assert (before.is_late, at.is_late, after.is_late) == (False, True, True)
        assert (local_day(late - tick), local_day(late)) == (due.on, due.on + dt.timedelta(days=1))
        left = (before.days_left, at.days_left, after.days_left)
        digest.update(f"{day} {rule} {due.on} {late.isoformat()} {left}".encode())
    day += dt.timedelta(days=1)
sys.stdout.write(digest.hexdigest())
"""


@pytest.mark.slow
def test_r10_every_date_has_one_due_day_wherever_the_server_stands(tmp_path):
    """Each day of 2024 to 2032 by four rules, on servers set to UTC, to Beijing time and to a zone with summer time."""
    runs = {}
    for zone in ("UTC", "Asia/Shanghai", "America/New_York"):
        environment = {
            **os.environ,
            "TZ": zone,
            "PORTAL_MODE": "test",
            "PORTAL_VAR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        environment.pop("DATABASE_URL", None)
        runs[zone] = subprocess.run(
            [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True
        ).stdout
    assert len(set(runs.values())) == 1
    assert len(runs["UTC"]) == 64


def test_r10_due_days_of_known_dates():
    calendar = WorkCalendar({year: _edition(year, *days) for year, days in library_years().items()})
    for started_on, rule, due_on in (
        (D(2024, 1, 30), "month_or_days:30", D(2024, 2, 29)),
        (D(2024, 1, 31), "month_or_days:30", D(2024, 2, 29)),
        (D(2026, 1, 30), "month_or_days:30", D(2026, 2, 28)),
        (D(2026, 3, 8), "month_or_days:30", D(2026, 4, 7)),
        (D(2026, 9, 25), "workdays:7", D(2026, 10, 12)),
        (D(2025, 12, 31), "workdays:1", D(2026, 1, 4)),
        (D(2032, 2, 28), "days:2", D(2032, 3, 1)),
    ):
        assert due_day(rule, started_on, calendar).on == due_on, (started_on, rule)


def _edition(year, off, on):
    from portal.deadlines.calendar import Edition

    def iso(days):
        return {D.fromisoformat(day): name for day, name in days.items()}

    return Edition(year, 1, iso(off), iso(on))
