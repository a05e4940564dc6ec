"""L4: every list asks the database as often for three rows (and for thirty) as for one."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.enums import InquiryState
from feedback.models import ReplyTemplate
from feedback.operations import ask_hiding, ask_return
from portal.accounts import acts
from portal.accounts.enums import DeviceKind, ImportState, Role
from portal.accounts.models import AppointmentRequest, Device, RosterImport, RuleValue
from portal.deadlines.operations import ask_extension
from portal.kernel.days import local_day
from portal.ledger.models import Head
from portal.notices.models import Bot, Channel, Dispatch, Notice
from tests.factories import cards
from tests.factories.people import make_appointment, make_person, make_unit
from tests.matrix.asking import Asker
from tests.matrix.stage import AT, TOKEN, Stage

pytestmark = pytest.mark.django_db
S = InquiryState

# Queries of each list, whatever the number of rows; the session and the person are among them.
LISTS = {
    ("home:home", "author"): 15,
    ("home:home", "union_officer"): 24,
    ("home:home", "handler"): 19,
    ("accounts:people", "system_admin"): 10,
    ("accounts:units", "system_admin"): 9,
    ("accounts:appointments", "security_admin"): 9,
    ("accounts:rosters", "system_admin"): 9,
    ("accounts:rules", "worker"): 7,
    ("accounts:devices", "worker"): 7,
    ("accounts:me", "handler"): 8,
    ("deadlines:extensions", "leader"): 9,
    ("deadlines:calendar", "worker"): 8,
    ("deadlines:jobs", "system_admin"): 13,
    ("ledger:verify", "visitor"): 6,
    ("ledger:audit", "auditor"): 10,
    ("notices:inbox", "union_officer"): 8,
    ("notices:outbox", "system_admin"): 9,
    ("notices:bots", "system_admin"): 9,
    ("search:search", "visitor"): 6,
    ("search:search", "union_officer"): 9,
    ("feedback:mine", "author"): 8,
    ("feedback:public_list", "visitor"): 11,
    ("feedback:public_statistics", "visitor"): 9,
    ("feedback:feed", "visitor"): 1,
    ("feedback:triage", "union_officer"): 11,
    ("feedback:triage", "discipline"): 10,
    ("feedback:triage_file", "union_officer"): 4,
    ("feedback:decisions", "union_officer"): 10,
    ("feedback:decisions", "leader"): 8,
    ("feedback:inbox", "handler"): 11,
    ("feedback:inbox", "dept_head"): 9,
    ("feedback:inbox", "leader"): 11,
    ("feedback:deliver_many", "union_officer"): 8,
    ("feedback:statistics", "union_officer"): 11,
    ("feedback:scorecard", "handler"): 15,
    ("feedback:templates", "dept_head"): 8,
    (f"feedback:ics {TOKEN}", "visitor"): 3,
}


def _address(name, query=""):
    floor_name, _space, argument = name.partition(" ")
    return reverse(floor_name, args=[argument] if argument else []) + query


PAGES = {
    ("home:home", "author"): "",
    ("home:home", "union_officer"): "",
    ("home:home", "handler"): "",
    ("accounts:people", "system_admin"): "",
    ("accounts:units", "system_admin"): "",
    ("accounts:appointments", "security_admin"): "",
    ("accounts:rosters", "system_admin"): "",
    ("accounts:rules", "worker"): "",
    ("accounts:devices", "worker"): "",
    ("accounts:me", "handler"): "",
    ("deadlines:extensions", "leader"): "",
    ("deadlines:calendar", "worker"): "",
    ("deadlines:jobs", "system_admin"): "",
    ("ledger:verify", "visitor"): "",
    ("ledger:audit", "auditor"): "",
    ("notices:inbox", "union_officer"): "",
    ("notices:outbox", "system_admin"): "",
    ("notices:bots", "system_admin"): "",
    ("search:search", "visitor"): "?q=夜班",
    ("search:search", "union_officer"): "?q=夜班",
    ("feedback:mine", "author"): "",
    ("feedback:public_list", "visitor"): "",
    ("feedback:public_statistics", "visitor"): "",
    ("feedback:feed", "visitor"): "",
    ("feedback:triage", "union_officer"): "?stage=submitted",
    ("feedback:triage", "discipline"): "?stage=all",
    ("feedback:triage_file", "union_officer"): "",
    ("feedback:decisions", "union_officer"): "",
    ("feedback:decisions", "leader"): "",
    ("feedback:inbox", "handler"): "?tab=handle",
    ("feedback:inbox", "dept_head"): "?tab=approve",
    ("feedback:inbox", "leader"): "?tab=reported",
    ("feedback:deliver_many", "union_officer"): "",
    ("feedback:statistics", "union_officer"): "",
    ("feedback:scorecard", "handler"): "",
    ("feedback:templates", "dept_head"): "",
    (f"feedback:ics {TOKEN}", "visitor"): "",
}


def _grow(stage, first, last):
    """Add the rows numbered first to last of everything that a list shows."""
    plant, cast = stage.plant, stage.cast
    for number in range(first, last + 1):
        unit = make_unit(plant.works, code=f"Z{number}", name=f"班组{number}")
        person = make_person(unit=unit, email=f"z{number}@example.com")
        make_appointment(person, Role.HANDLER, plant.dept)
        RosterImport.objects.create(
            file_name="r.xlsx",
            file_sha256="0" * 64,
            state=ImportState.COMMITTED,
            uploaded_by=cast["system_admin"],
            uploaded_at=AT,
        )
        rule = RuleValue.objects.create(
            key="card.reply_days", unit=unit, value=20, since=AT, set_by=cast["system_admin"], reason="试行"
        )
        # Names a unit and a person, and is newer than all else: entries of one time stand in the random order of their
        # keys, so that without it chance would say whether the auditor's first page has anybody to name.
        acts.record(
            verb="rule.set",
            subject=f"accounts.rulevalue:{rule.pk}",
            actor=cast["system_admin"],
            at=AT + dt.timedelta(seconds=number),
            **{"key": rule.key, "before": 15, "after": 20, "unit": unit.code},
        )
        AppointmentRequest.objects.create(
            person=person, role=Role.AUDITOR, unit=stage.company, asked_by=person, asked_at=AT
        )
        Device.objects.create(
            person=cast["worker"],
            session_key=f"list-{number}",
            kind=DeviceKind.PHONE,
            signed_in_on=local_day(AT),
            expires_on=local_day(AT),
        )
        for who in ("union_officer", "author"):
            Notice.objects.create(
                key=f"list:{who}:{number}",
                desk=f"person:{cast[who].pk}",
                kind="accounts.role_granted",
                subject=f"accounts.person:{cast[who].pk}",
                at=AT + dt.timedelta(seconds=number),
            )
        bot = Bot.objects.create(unit=unit, channel=Channel.WECOM, name=f"群{number}", address="https://a.example/x")
        Dispatch.objects.create(key=f"list:{number}", channel=Channel.WECOM, bot=bot, next_at=AT, created_at=AT)
        Head.objects.create(day=dt.date(2025, 1, 1) + dt.timedelta(days=number), seq=0, hash="0" * 64, made_at=AT)
        ReplyTemplate.objects.create(title=f"模板{number}", unit=plant.dept, text="【】")
        over = {"plant": plant, "unit": unit}
        cards.make_inquiry(state=S.SUBMITTED, **over)
        returned = cards.make_inquiry(state=S.ASSIGNED, **over)
        ask_return(inquiry_id=returned.pk, reason="不属于本科职责", proposed_unit=None, actor=plant.handler, at=AT)
        longer = cards.make_inquiry(state=S.ASSIGNED, **over)
        ask_extension(promise=longer.promise, days=9, reason="等待设备到货", actor=plant.handler, at=AT)
        hidden = cards.make_inquiry(state=S.DRAFTED, **over)
        ask_hiding(inquiry_id=hidden.pk, reason_class="privacy", reason="涉及病情", actor=plant.officer, at=AT)
        cards.make_inquiry(state=S.APPROVED, **over)
        cards.make_inquiry(state=S.ANSWERED, **over)
        cards.make_inquiry(kind="retaliation", **over)


def _counts(ask):
    found = {}
    for (name, role), query in PAGES.items():
        path = _address(name, query)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = ask(role, "GET", path)
        assert answer.status == 200, (path, role, answer.status)
        # The savepoint around the request is the test's own.
        found[name, role] = sum("SAVEPOINT" not in q["sql"] for q in queries.captured_queries)
    return found


@pytest.fixture(scope="module")
def bare_stage(open_database):
    cache.clear()
    return Stage(is_bare=True)


def _grown(stage, sizes):
    ask, found, done = Asker(stage), {}, 0
    for size in sizes:
        _grow(stage, done + 1, size)
        done = size
        connection.queries_log.clear()
        found[size] = _counts(ask)
    return found


def test_l04_a_list_of_three_asks_as_often_as_a_list_of_one(bare_stage, db):
    found = _grown(bare_stage, (1, 3))
    assert found[1] == found[3] == LISTS


@pytest.mark.slow
def test_l04_a_list_of_thirty_asks_as_often_as_a_list_of_three(bare_stage, db):
    found = _grown(bare_stage, (3, 30))
    assert found[3] == LISTS
    assert found[30] == LISTS
