"""The pages of commitments, the register and the four responsibilities; step-up, refusals, lists of one and three."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures.models import CommitmentPlan, CommitmentRound, MajorDecision, PaperSignature, Responsibility
from disclosures.operations.commitment_years import renew_rounds
from disclosures.operations.commitments import open_round, sign_commitment
from portal.accounts.enums import Role
from portal.kernel.days import day_start
from portal.ledger.models import Entry
from tests.factories.commitments import JANUARY, make_major, make_plan, make_round, make_scan, signature_of
from tests.factories.disclosures import AT, make_publication
from tests.factories.people import SECRET, make_officer, make_unit
from tests.signing import signed_in as sign_in

D, DAY = dt.date, dt.timedelta(days=1)
NOW = AT + DAY


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def get(client, name, *args, expect=200, **query):
    answer = client.get(reverse(f"disclosures:{name}", args=args), query)
    assert answer.status_code == expect, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client, name, *args, expect=302, **data):
    answer = client.post(reverse(f"disclosures:{name}", args=args), data)
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer


# Commitments ------------------------------------------------------------------------------------------------


def test_a_commitment_from_the_plan_to_the_last_signature(client, offices):
    sign_in(client, offices.inspector)
    fields = {
        "kind": "pledge",
        "unit": "YX",
        "title": "【年份】年承诺书",
        "body": "不收礼金。",
        "month": "1",
        "day": "31",
    }
    post(client, "plan_add", **fields, since="2026-01-01")
    post(client, "plan_add", **fields, since="2026-01-01", expect=409)
    post(client, "plan_add", **{**fields, "month": "2", "day": "30"}, since="2026-01-01", expect=422)
    one = CommitmentRound.objects.get()
    # Before it is open everybody sees that it is late, and only those who prepare it see the text.
    assert "不收礼金" in get(client, "commitment", one.pk)
    client.logout()
    page = get(client, "commitment", one.pk)
    assert "不收礼金" not in page and "逾期" in page
    sign_in(client, offices.union_chair)
    post(client, "round_edit", one.pk, title="2026年承诺书", body="不收礼金，不插手招标。")
    page = get(client, "round_open", one.pk)
    assert "须签字的有2人" in page and offices.head.name in page and offices.leader.name in page
    post(client, "round_open", one.pk)
    get(client, "round_open", one.pk, expect=403)
    get(client, "round_edit", one.pk, expect=403)
    sign_in(client, offices.head)
    assert "2026年承诺书" in get(client, "commitments_desk")
    row = signature_of(one, offices.head)
    assert "不插手招标" in get(client, "commitment_sign", row.pk)
    post(client, "commitment_sign", row.pk, expect=422)
    post(client, "commitment_sign", row.pk, is_read="on")
    post(client, "commitment_sign", row.pk, is_read="on")  # pressed twice
    get(client, "commitment_sign", row.pk, expect=403)
    assert Entry.objects.filter(verb="commitment.signed").count() == 1
    client.logout()
    page = get(client, "commitment", one.pk)
    assert offices.head.name in page and "应签2人，已签1人" in page
    assert "应签2人，已签1人" in get(client, "commitments", unit="YX", year="2026")


def test_signing_asks_for_the_secret_again(client, offices):
    one = make_round(offices)
    row = signature_of(one, offices.head)
    where = reverse("disclosures:commitment_sign", args=[row.pk])
    offices.head.set_password(SECRET)
    offices.head.save()
    with time_machine.travel(NOW - dt.timedelta(minutes=11), tick=False):
        sign_in(client, offices.head)
    assert client.get(where).templates[0].name == "accounts/step_up.html"
    assert client.post(where, {"is_read": "on"}).templates[0].name == "accounts/step_up.html"
    row.refresh_from_db()
    assert row.signed_at is None
    answer = client.post(where, {"is_read": "on", "stepup_secret": SECRET, "stepup_for": "POST"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.signed_at == NOW


def test_nobody_is_asked_for_a_secret_to_sign_for_another(client, offices):
    row = signature_of(make_round(offices), offices.head)
    sign_in(client, offices.leader, at=NOW - dt.timedelta(minutes=11))
    for send in (client.get, client.post):
        answer = send(reverse("disclosures:commitment_sign", args=[row.pk]), {"is_read": "on"})
        assert answer.status_code == 403 and "代签" in answer.content.decode()


def test_a_paper_signature_takes_a_scan_and_a_second_person(client, offices, tmp_path):
    from io import BytesIO

    from PIL import Image

    one = make_round(offices)
    row = signature_of(one, offices.head)
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, "PNG")
    buffer.seek(0)
    buffer.name = "签字页.png"
    sign_in(client, offices.inspector)
    assert "纸面签字日期" in get(client, "paper", row.pk)
    post(client, "paper", row.pk, signed_on="2026-01-06", expect=422)
    post(client, "paper", row.pk, signed_on="2026-01-06", files=buffer)
    paper = PaperSignature.objects.get()
    get(client, "paper_check", paper.pk, expect=403)
    sign_in(client, offices.union_chair)
    assert offices.head.name in get(client, "commitments_desk", tab="papers")
    scan = client.get(reverse("disclosures:scan", args=[paper.pk]))
    assert scan.status_code == 200 and b"".join(scan.streaming_content)[:4] == b"\x89PNG"
    post(client, "paper_check", paper.pk, verdict="yes", answer="")
    assert "纸质签字，落款" in get(client, "commitment", one.pk)
    sign_in(client, offices.worker)
    get(client, "scan", paper.pk, expect=404)
    get(client, "paper_check", paper.pk, expect=404)


def test_the_year_before_is_compared(client, offices):
    before = make_round(offices, at=day_start(D(2025, 1, 6)), since=D(2024, 1, 1))
    renew_rounds(at=JANUARY)
    one = CommitmentRound.objects.get(year=2026)
    get(client, "commitment_compare", one.pk, expect=404)  # not open yet
    open_round(round_id=one.pk, actor=offices.inspector, at=JANUARY)
    assert "2025" in get(client, "commitment_compare", one.pk)
    get(client, "commitment_compare", before.pk, expect=404)
    assert "2025" in get(client, "commitments", year="2025")


def test_ways_on_lead_to_the_page(client, offices):
    one = make_round(offices)
    row = signature_of(one, offices.head)
    paper = PaperSignature.objects.create(
        signature=row, scan=make_scan(), signed_on=D(2026, 1, 6), entered_by=offices.inspector, entered_at=AT
    )
    public, hidden = make_major(offices), make_major(offices, "waiting")

    def way(kind, key):
        answer = client.get(reverse("disclosures:commitment_go", args=[kind, key]))
        return answer.url if answer.status_code == 302 else answer.status_code

    page = reverse("disclosures:commitment", args=[one.pk])
    assert [way("commitmentround", one.pk), way("commitmentsignature", row.pk), way("papersignature", paper.pk)] == [
        page
    ] * 3
    assert way("majordecision", public.pk) == reverse("disclosures:major", args=[public.number])
    assert way("majordecision", hidden.pk) == 404
    for kind in ("commitmentround", "commitmentsignature", "papersignature", "majorreport", "majordecision", "other"):
        assert way(kind, uuid.uuid4()) == 404
    sign_in(client, offices.head)
    assert way("commitmentsignature", row.pk) == reverse("disclosures:commitment_sign", args=[row.pk])
    sign_in(client, offices.union_chair)
    assert way("papersignature", paper.pk) == reverse("disclosures:paper_check", args=[paper.pk])
    assert way("majordecision", hidden.pk) == reverse("disclosures:major_work", args=[hidden.pk])


def test_a_plan_is_ended_by_those_who_keep_it(client, offices):
    plan = make_plan(offices)
    sign_in(client, offices.handler)
    post(client, "plan_end", plan.pk, expect=404)  # who keeps no plans sees none
    assert CommitmentPlan.objects.get().until is None
    sign_in(client, offices.inspector)
    assert "乙烯厂" in get(client, "commitments_desk", tab="plans")
    post(client, "plan_end", plan.pk)
    assert CommitmentPlan.objects.get().until == D(2026, 3, 10)
    post(client, "plan_end", 10**6, expect=404)


# The register -----------------------------------------------------------------------------------------------


def test_a_decision_from_the_meeting_to_its_end(client, offices):
    sign_in(client, offices.handler)
    fields = {
        "unit": "YX",
        "department": "",
        "kind": "project",
        "subject": "余热回收改造",
        "decided_on": "2026-02-02",
        "meeting": "party",
        "content": "同意实施，投资八百六十万元。",
        "basis": "第九条",
        "vote": "一致同意",
        "responsible": offices.leader.job_no,
        "planned_end": "2026-01-31",
        "audience": "everybody",
        "idempotency_key": str(uuid.uuid4()),
    }
    answer = post(client, "major_new", **fields, expect=422)
    assert "计划完成日期早于决策日期" in answer.content.decode() and "余热回收改造" in answer.content.decode()
    post(client, "major_new", **{**fields, "unit": "HF", "planned_end": ""}, expect=422)
    fields["planned_end"] = "2026-10-31"
    first, second = post(client, "major_new", **fields), post(client, "major_new", **fields)
    assert first.url == second.url
    decision = MajorDecision.objects.get()
    get(client, "major_decide", decision.pk, expect=403)
    get(client, "major_progress", decision.pk, expect=403)
    sign_in(client, offices.leader)
    assert "余热回收改造" in get(client, "commitments_desk", tab="decide")
    assert "一致同意" in get(client, "major_decide", decision.pk)
    post(client, "major_decide", decision.pk, verdict="no", answer="", expect=422)
    post(client, "major_decide", decision.pk, verdict="yes", answer="")
    client.logout()
    assert "尚未公开" in get(client, "majors")
    text = make_publication(offices)
    sign_in(client, offices.handler)
    assert "余热回收改造" in get(client, "commitments_desk", tab="report")
    post(client, "major_link", decision.pk, number="2026-9999", expect=422)
    post(client, "major_link", decision.pk, number="二零二六", expect=422)
    post(client, "major_link", decision.pk, number=text.number)
    entry = {"status": "under_way", "percent": "40", "text": "基础完成", "on": "2026-03-10"}
    post(client, "major_progress", decision.pk, **{**entry, "status": "done"}, expect=422)
    post(client, "major_progress", decision.pk, **entry)
    new = {"subject": "余热回收改造（二期）", "content": "投资九百万元。", "basis": "", "vote": "", "note": "金额笔误"}
    post(client, "major_correct", decision.pk, **new)
    get(client, "major_correct", decision.pk, expect=403)
    sign_in(client, offices.union_chair)
    assert "金额笔误" in get(client, "major_decide", decision.pk)
    post(client, "major_decide", decision.pk, verdict="yes", answer="")
    client.logout()
    page = get(client, "major", "2026-0001")
    for words in ("余热回收改造（二期）", "40%", "基础完成", text.number, offices.leader.name):
        assert words in page
    assert "八百六十万元" in get(client, "major_version", "2026-0001", 1)
    get(client, "major_version", "2026-0001", 9, expect=404)
    get(client, "major", "2026-0002", expect=404)
    assert "尚未公开" not in get(client, "majors", kind="project", unit="YX", status="under_way", year="2026")
    assert "请减少筛选条件" in get(client, "majors", q="没有这样的")
    assert "2026-0001" in get(client, "majors", q="2026-0001")


def test_what_was_declined_says_why_to_its_makers_only(client, offices):
    decision = make_major(offices, "declined")
    sign_in(client, offices.handler)
    assert "未经会议纪要确认" in get(client, "major_work", decision.pk)
    sign_in(client, offices.worker)
    get(client, "major_work", decision.pk, expect=404)


# The four responsibilities ----------------------------------------------------------------------------------


def test_the_four_responsibilities_are_read_and_set(client, offices):
    make_round(offices)
    assert "乙烯厂" in get(client, "responsibilities")
    page = get(client, "responsible", "YX")
    for words in (offices.leader.name, offices.head.name, "职工代表大会和全体职工", "待签责任书、承诺书"):
        assert words in page
    get(client, "responsible", "YX-LJ", expect=404)
    sign_in(client, offices.leader)
    get(client, "responsible_set", "YX", expect=403)
    sign_in(client, offices.union_chair)
    fields = {"role": "first", "since": "2026-03-09", "reason": "党委书记", "words": ""}
    post(client, "responsible_set", "YX", **fields, person="", expect=422)
    post(client, "responsible_set", "YX", **fields, person="000000", expect=422)
    post(client, "responsible_set", "YX", **fields, person=offices.leader2.job_no)
    post(client, "responsible_set", "YX", **fields, person=offices.leader2.job_no, expect=409)
    assert offices.leader2.name in get(client, "responsible", "YX")
    post(client, "responsible_end", Responsibility.objects.get().pk)
    post(client, "responsible_end", 10**6, expect=404)


# Lists ------------------------------------------------------------------------------------------------------


def _grow(offices, number):
    unit = make_unit(offices.company, code=f"Z{number}", name=f"单位{number}")
    head = make_officer(Role.DEPARTMENT_HEAD, unit)
    one = make_round(offices, unit)
    make_round(offices, unit, kind="letter", state="draft")
    if number % 2:
        sign_commitment(signature_id=signature_of(one, head).pk, actor=head, at=JANUARY)
    make_officer(Role.DEPARTMENT_HEAD, offices.shop)
    make_major(offices)
    make_major(offices, "waiting")


def test_l04_lists_of_three_ask_as_often_as_lists_of_one(client, offices):
    pages = [
        (None, "commitments", (), {}),
        (None, "responsibilities", (), {}),
        (None, "responsible", ("YX",), {}),
        (None, "majors", (), {}),
        (offices.union_chair, "commitments_desk", (), {"tab": "rounds"}),
        (offices.union_chair, "commitments_desk", (), {"tab": "plans"}),
        (offices.union_chair, "commitments_desk", (), {"tab": "decide"}),
        (offices.handler, "commitments_desk", (), {"tab": "report"}),
        (offices.handler, "commitments_desk", (), {"tab": "register"}),
    ]
    works = make_round(offices)

    def counts():
        from django.core.cache import cache

        from disclosures.operations.commitments import keep_signatories

        keep_signatories(at=NOW)
        found = []
        for person, name, args, query in [*pages, (None, "commitment", (works.pk,), {})]:
            cache.clear()
            client.logout()
            if person is not None:
                sign_in(client, person)
            get(client, name, *args, **query)
            with CaptureQueriesContext(connection) as queries:
                get(client, name, *args, **query)
            found.append((name, query.get("tab"), len(queries)))
        return found

    _grow(offices, 1)
    one = counts()
    for number in (2, 3):
        _grow(offices, number)
    assert counts() == one


def test_who_only_oversees_goes_back_to_the_register(client, offices):
    decision = make_major(offices)
    desk = reverse("disclosures:commitments_desk")
    sign_in(client, offices.auditor)
    page = get(client, "major_work", decision.pk)
    assert f'href="{reverse("disclosures:majors")}"' in page and f'href="{desk}?tab=register"' not in page
    sign_in(client, offices.handler)
    assert f'href="{desk}?tab=register"' in get(client, "major_work", decision.pk)
