"""Pages: who sees what, what they show, and that reading writes nothing."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.accounts.enums import Role
from portal.deadlines import operations
from portal.deadlines.guard import Reading
from portal.deadlines.models import CalendarEdition, ClockGuard, Extension
from portal.deadlines.watch import SWEEP
from portal.kernel.days import day_start
from tests.deadlines.test_calendars import ROWS, csv_of
from tests.factories.people import make_officer, make_person, make_unit
from tests.factories.promises import make_promise
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
D = dt.date
DAY, NOON = dt.timedelta(days=1), dt.timedelta(hours=12)
NOW = day_start(D(2026, 3, 10)) + NOON


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sign_in(client):
    def enter(person):
        return signed_in(client, person)

    return enter


def text(response):
    return response.content.decode()


def test_a_public_promise_is_explained_to_everybody(client):
    response = client.get(reverse("deadlines:explain", args=[make_promise().pk]))
    assert response.status_code == 200
    assert "2026年4月1日(周三)" in text(response)
    assert "第30天" in text(response)


def test_a_promise_that_is_not_public_is_unknown_to_outsiders(client, sign_in):
    promise = make_promise(kind="test.secret")
    url = reverse("deadlines:explain", args=[promise.pk])
    assert client.get(url).status_code == 404
    assert sign_in(make_person()).get(url).status_code == 404
    assert sign_in(make_officer(Role.HANDLER)).get(url).status_code == 200
    assert client.get(reverse("deadlines:explain", args=[uuid.uuid4()])).status_code == 404


def test_the_explanation_shows_pauses_extension_and_calendar(client):
    handler, leader = make_officer(Role.HANDLER), make_officer(Role.LEADER_IN_CHARGE)
    promise = make_promise(kind="test.return", started_on=D(2026, 3, 3))
    operations.pause_promise(promise=promise, reason="请补充班次", actor=handler, at=NOW - 5 * DAY)
    operations.resume_promise(promise=promise, actor=handler, at=NOW - 3 * DAY)
    extension = operations.ask_extension(promise=promise, days=6, reason="需要招标", actor=handler, at=NOW - 2 * DAY)
    operations.decide_extension(extension_id=extension.pk, is_granted=True, actor=leader, at=NOW - DAY)
    page = text(client.get(reverse("deadlines:explain", args=[promise.pk])))
    for shown in (
        "请补充班次",
        "+ 2 天",
        "需要招标",
        "+ 6 天",
        "2026年3月20日(周五)",
        "国办发明电〔2025〕7号",
        "7 个工作日",
    ):
        assert shown in page
    # Who asked and who decided is for the house.
    assert (handler.name in page, leader.name in page) == (False, False)


def test_explaining_costs_the_same_however_much_happened(client, django_assert_max_num_queries):
    handler = make_officer(Role.HANDLER)
    promise = make_promise()
    for days in (1, 3, 5):
        operations.pause_promise(promise=promise, reason="x", actor=handler, at=NOW - 7 * DAY + days * DAY)
        operations.resume_promise(promise=promise, actor=handler, at=NOW - 7 * DAY + (days + 1) * DAY)
    with django_assert_max_num_queries(12):
        client.get(reverse("deadlines:explain", args=[promise.pk]))


def test_asking_and_deciding_an_extension(sign_in):
    handler, leader = make_officer(Role.HANDLER), make_officer(Role.LEADER_IN_CHARGE)
    promise = make_promise()
    ask = reverse("deadlines:ask_extension", args=[promise.pk])
    assert sign_in(make_person()).get(ask).status_code == 403
    client = sign_in(handler)
    assert client.get(ask).status_code == 200
    again = client.post(ask, {"days": "３１", "reason": "需要招标"})
    assert (again.status_code, "需要招标" in text(again), Extension.objects.count()) == (422, True, 0)
    assert client.post(ask, {"days": "15", "reason": "需要招标"}).status_code == 302
    extension = Extension.objects.get()
    decide = reverse("deadlines:decide_extension", args=[extension.pk])
    assert client.get(decide).status_code == 403
    client = sign_in(leader)
    assert extension.reason in text(client.get(reverse("deadlines:extensions")))
    assert client.post(decide, {"decision": "refuse", "note": ""}).status_code == 422
    assert client.post(decide, {"decision": "grant"}).status_code == 302
    promise.refresh_from_db()
    assert promise.due_on == promise.first_due_on + 15 * DAY
    # A second press finds it decided, and says so.
    assert client.post(decide, {"decision": "grant"}).status_code == 403
    assert "没有等待您审批的申请" in text(client.get(reverse("deadlines:extensions")))


def test_an_extension_is_unknown_to_workers(sign_in):
    extension = operations.ask_extension(
        promise=make_promise(), days=5, reason="x", actor=make_officer(Role.HANDLER), at=NOW
    )
    assert sign_in(make_person()).get(reverse("deadlines:decide_extension", args=[extension.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_extension_inbox_costs_the_same_with_one_row_and_three(sign_in, count):
    handler = make_officer(Role.HANDLER)
    for _ in range(count):
        operations.ask_extension(promise=make_promise(), days=5, reason="x", actor=handler, at=NOW)
    client = sign_in(make_officer(Role.LEADER_IN_CHARGE))
    client.get(reverse("deadlines:extensions"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as context:
        response = client.get(reverse("deadlines:extensions"))
    assert text(response).count("data-row") == count
    assert len(context) <= 10


def test_the_calendar_says_what_is_missing(sign_in):
    client = sign_in(make_person())
    page = text(client.get(reverse("deadlines:calendar")))
    assert "尚未导入：2027" in page
    assert reverse("deadlines:import_calendar") not in page
    year = text(client.get(reverse("deadlines:year", args=[2026])))
    assert "国办发明电〔2025〕7号" in year
    assert client.get(reverse("deadlines:year", args=[2027])).status_code == 404
    assert client.get("/deadlines/calendar/99999999999999999999/").status_code == 404


def test_importing_a_year_by_preview(sign_in):
    url, commit = reverse("deadlines:import_calendar"), reverse("deadlines:commit_calendar")
    assert sign_in(make_officer(Role.UNION_CHAIR)).get(url).status_code == 403
    with time_machine.travel(day_start(D(2026, 12, 28)) + NOON, tick=False):
        promise = make_promise(kind="test.return", started_on=D(2026, 12, 28))
        client = sign_in(make_officer(Role.SYSTEM_ADMIN))
        faulty = client.post(url, {"file": SimpleUploadedFile("a.csv", b"x"), "notice_no": "国办发明电〔2026〕9号"})
        assert (faulty.status_code, "国办发明电〔2026〕9号" in text(faulty)) == (422, True)
        preview = client.post(
            url, {"file": SimpleUploadedFile("a.csv", csv_of(ROWS)), "notice_no": "国办发明电〔2026〕9号"}
        )
        assert "2027年1月7日(周四)" in text(preview)
        assert CalendarEdition.objects.filter(year=2027).count() == 0
        packed = preview.context["packed"]
        assert client.post(commit, {"packed": packed[:-3] + "abc"}).url == url
        assert CalendarEdition.objects.filter(year=2027).count() == 0
        assert client.post(commit, {"packed": packed}).url == reverse("deadlines:year", args=[2027])
        promise.refresh_from_db()
        assert (promise.due_on, promise.is_provisional) == (D(2027, 1, 7), False)
        assert client.get(commit).status_code == 405


def test_the_jobs_page_and_letting_the_clock_run_again(sign_in):
    admin = make_officer(Role.SYSTEM_ADMIN)
    jobs, resume = reverse("deadlines:jobs"), reverse("deadlines:resume_clock")
    assert sign_in(make_person()).get(jobs).status_code == 403
    auditor = sign_in(make_officer(Role.AUDITOR))
    assert auditor.get(jobs).status_code == 200
    operations.check_clock(reading=Reading(NOW, "boot-a", 100.0))
    operations.check_clock(reading=Reading(NOW + 400 * DAY, "boot-a", 160.0))
    assert "服务器时钟发生跳变" in text(auditor.get(jobs))
    assert auditor.get(resume).status_code == 403
    client = sign_in(admin)
    assert client.post(resume, {"reason": ""}).status_code == 422
    assert ClockGuard.objects.get().frozen_at is not None
    assert client.post(resume, {"reason": "主板电池更换"}).url == jobs
    assert ClockGuard.objects.get().frozen_at is None
    assert "主板电池更换" in text(client.get(jobs))


@pytest.mark.parametrize(
    ("age", "is_late"),
    [(dt.timedelta(minutes=15), False), (dt.timedelta(minutes=15, microseconds=1), True), (3 * DAY, True)],
)
def test_the_banner_says_that_reminders_are_late_and_clocks_are_right(client, age, is_late):
    make_unit()
    operations.beat(SWEEP, NOW - age)
    page = text(client.get(reverse("deadlines:explain", args=[make_promise().pk])))
    assert ("提醒发送有延迟，页面上的期限和倒计时仍然准确" in page) == is_late


@pytest.mark.parametrize(("role", "is_led"), [(Role.HANDLER, False), (Role.SYSTEM_ADMIN, True)])
def test_the_banner_leads_only_those_to_the_jobs_who_may_see_them(sign_in, role, is_led):
    client = sign_in(make_officer(role))
    jobs = reverse("deadlines:jobs")
    page = text(client.get(reverse("deadlines:explain", args=[make_promise().pk])))
    banner = page[page.index("提醒") :].partition("</div>")[0] if "提醒" in page else ""
    assert banner != ""
    assert (f'href="{jobs}"' in banner, client.get(jobs).status_code) == (is_led, 200 if is_led else 403)


def test_r07_pages_are_right_with_beat_off(client):
    promise = make_promise()
    url = reverse("deadlines:explain", args=[promise.pk])
    for moment, sentence in (
        (promise.due_at - dt.timedelta(microseconds=1), "今天到期"),
        (promise.due_at, "已超期 1 天"),
        (promise.due_at + 3 * DAY, "已超期 4 天"),
    ):
        with time_machine.travel(moment, tick=False):
            assert sentence in text(client.get(url))


def test_reading_pages_writes_nothing(sign_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    promise = make_promise()
    operations.ask_extension(promise=promise, days=5, reason="x", actor=make_officer(Role.HANDLER), at=NOW)
    client = sign_in(make_officer(Role.SYSTEM_ADMIN))
    for name, args in (
        ("explain", [promise.pk]),
        ("extensions", []),
        ("calendar", []),
        ("year", [2026]),
        ("import_calendar", []),
        ("jobs", []),
    ):
        client.get(reverse(f"deadlines:{name}", args=args))
        with CaptureQueriesContext(connection) as context:
            assert client.get(reverse(f"deadlines:{name}", args=args)).status_code == 200
        writes = [query["sql"] for query in context if query["sql"].split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}]
        assert [sql for sql in writes if "session" not in sql] == []
