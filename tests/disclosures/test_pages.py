"""The pages: what each reader finds, what is refused with a reason, what must not be known; the story end to end."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from disclosures import operations as does
from disclosures.enums import PublicationState as S
from disclosures.models import Approval, Duty, Publication
from disclosures.texts import TEXTS
from portal.kernel.days import day_start
from tests.factories.disclosures import AT, fresh, item_of, make_assignment, make_draft, make_publication
from tests.signing import signed_in as sign_in

D = dt.date
DAY = dt.timedelta(days=1)
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


def test_a_text_from_the_calendar_to_the_workers(client, offices):
    make_assignment(offices, "C01", since=D(2026, 1, 1))
    does.open_duties(at=AT)
    duty = Duty.objects.get(starts_on=D(2026, 2, 1))
    sign_in(client, offices.handler)
    owed = client.get(reverse("disclosures:desk"), {"tab": "owed"})
    days = [duty.promise.due_on for duty in owed.context["page"]]
    assert "C01" in owed.content.decode() and len(days) == 2 and days == sorted(days)  # what is due soonest first
    editor = client.get(reverse("disclosures:new"), {"duty": duty.pk}, follow=True)
    assert editor.status_code == 200
    where = editor.redirect_chain[-1][0]
    fields = {
        "title": "裂解车间二月份奖金分配结果",
        "body": "各班组总额和扣分理由见附表。",
        "basis": "考核办法第三章",
        "method": "班组核分",
        "objections_heard": "无",
        "audience": "everybody",
        "display_days": "15",
        "idempotency_key": str(uuid.uuid4()),
        "duty": str(duty.pk),
    }
    assert client.post(where, fields).status_code == 302
    text = Publication.objects.get()
    assert text.duty == duty
    post(client, "submit", text.pk)
    for person, step in (
        (offices.head, "head"),
        (offices.secrecy, "secrecy"),
        (offices.union_chair, "union"),
        (offices.leader, "group"),
    ):
        sign_in(client, person)
        assert text.title in get(client, "desk", tab="sign")
        get(client, "sign", text.pk, step)
        post(client, "sign", text.pk, step, verdict="sign", note="同意")
    text = fresh(text)
    assert (text.state, Approval.objects.count()) == (S.PUBLISHED, 4)
    client.logout()
    assert text.title in get(client, "list")
    page = get(client, "public", text.number)
    assert "各班组总额和扣分理由见附表" in page
    assert text.versions.all()[0].fingerprint[:4] in page
    assert "C01" in get(client, "duties", unit="YX", year="2026")
    assert text.number in get(client, "duty", duty.pk)


def test_faults_come_back_with_what_was_typed(client, offices):
    owed = make_assignment(offices, "C07")
    sign_in(client, offices.handler)
    answer = post(
        client,
        "draft",
        owed.pk,
        expect=422,
        title="职称评审",
        body="",
        workdays="3",
        wanted_on="2026-02-30",
        audience="x",
    )
    page = answer.content.decode()
    assert "职称评审" in page and 'id="error-summary"' in page
    assert Publication.objects.count() == 0


@pytest.mark.parametrize("name", ["desk", "new", "event"])
def test_workers_have_no_desk(client, offices, name):
    sign_in(client, offices.worker)
    get(client, name, expect=403)


def test_hidden_is_404_and_refused_is_403_with_its_reason(client, offices):
    text = make_publication(offices, S.HEAD)
    sign_in(client, offices.other_handler)
    get(client, "work", text.pk, expect=404)
    post(client, "sign", text.pk, "head", expect=404)
    sign_in(client, offices.handler)
    assert "went-wrong-reason" in get(client, "sign", text.pk, "head", expect=403)
    post(client, "sign", text.pk, "head", expect=403, verdict="sign")
    assert Approval.objects.count() == 0


def test_drafts_and_what_is_scheduled_are_nobody_elses(client, offices):
    draft = make_publication(offices, S.DRAFT, title="还没写完")
    coming = make_publication(offices, S.SCHEDULED, title="后天才公开", wanted_at=NOW + 2 * DAY)
    page = get(client, "list", past="on")
    assert "还没写完" not in page and "后天才公开" not in page
    get(client, "public", coming.number, expect=404)
    sign_in(client, offices.inspector)
    get(client, "work", draft.pk, expect=404)


@pytest.mark.parametrize(("who", "status"), [(None, 404), ("stranger", 404), ("worker", 200), ("inspector", 200)])
def test_what_is_for_a_unit_is_for_nobody_else(client, offices, who, status):
    text = make_publication(offices, audience="unit", title="本车间奖金")
    if who:
        sign_in(client, getattr(offices, who))
    get(client, "public", text.number, expect=status)
    assert ("本车间奖金" in get(client, "list")) is (status == 200)
    assert "本车间奖金" not in get(client, "feed")


def test_a_withdrawn_text_leaves_its_tombstone_and_nothing_else(client, offices):
    text = make_publication(offices, S.WITHDRAWN, body="不应再被读到的正文")
    page = get(client, "public", text.number)
    assert "金额有误" in page and "不应再被读到的正文" not in page
    assert text.number not in get(client, "list")
    assert text.number in get(client, "list", past="on")
    get(client, "version", text.number, 1, expect=404)
    sign_in(client, offices.handler)
    assert "不应再被读到的正文" in get(client, "work", text.pk)


def test_a_masked_notice_shows_no_name_to_workers(client, offices):
    with time_machine.travel(day_start(D(2026, 3, 20)), tick=False):
        text = make_publication(offices, item="C07", body="张大明通过评审")
        does.mask_publication(
            publication_id=text.pk,
            title=text.title,
            body="张某某通过评审",
            actor=offices.handler,
            at=day_start(D(2026, 3, 20)),
        )
        page = get(client, "public", text.number)
        assert "张某某" in page and "张大明" not in page
        get(client, "version", text.number, 1, expect=404)
        sign_in(client, offices.handler)
        assert "张大明" in get(client, "version", text.number, 1)


def as_it_is(text):
    """Return what a masking leaves as it is, beside the body."""
    return {name: getattr(text, name) for name in TEXTS if name != "body"}


def test_masking_with_other_words_keeps_what_was_typed_and_says_where(client, offices):
    with time_machine.travel(day_start(D(2026, 3, 20)), tick=False):
        text = make_publication(offices, item="C07", body="张大明通过评审")
        sign_in(client, offices.handler)
        answer = post(client, "mask", text.pk, **as_it_is(text), body="张某某未通过评审", expect=422)
        assert list(answer.context["form"].errors) == ["body"]
        assert "张某某未通过评审" in answer.content.decode()
        post(client, "mask", text.pk, **as_it_is(text), body="张某某通过评审")
        assert "张某某" in get(client, "public", text.number)


def test_masking_again_tells_how_often_and_an_old_page_what_has_changed(client, offices):
    with time_machine.travel(day_start(D(2026, 3, 20)), tick=False):
        text = make_publication(offices, item="C07", body="张大明、李小红通过评审")
        sign_in(client, offices.handler)
        page = get(client, "mask", text.pk)
        assert "不含姓名" not in page and 'name="names_nobody"' in page
        read = does.latest_version(fresh(text)).fingerprint
        sent = {**as_it_is(text), "words_read": read}
        post(client, "mask", text.pk, body="张某某、李小红通过评审", **sent)
        page = get(client, "mask", text.pk)
        assert "已隐名1次" in page.replace(" ", "") and 'name="names_nobody"' not in page
        # The other page was open since before: told, and what was typed is there.
        answer = post(client, "mask", text.pk, body="张大明、李某某通过评审", expect=409, **sent)
        assert "张大明、李某某通过评审" in answer.content.decode()
        read = does.latest_version(fresh(text)).fingerprint
        post(client, "mask", text.pk, body="张某某、李某某通过评审", **{**sent, "words_read": read})
        client.logout()
        page = get(client, "public", text.number)
        assert "已隐名2次" in page.replace(" ", "") and "张某某、李某某" in page and "李小红" not in page
        get(client, "version", text.number, 2, expect=404)


def test_acknowledging_is_asked_of_readers_and_counted_for_the_desk(client, offices):
    text = make_publication(offices, is_must_read=True)
    sign_in(client, offices.worker)
    post(client, "acknowledge", text.number)
    post(client, "acknowledge", text.number)
    sign_in(client, offices.handler)
    assert "人中不超过10%" in get(client, "work", text.pk)
    for other in (offices.head, offices.leader, offices.officer, offices.secrecy):
        does.acknowledge(publication=text, actor=other, at=NOW)
    assert "5 / " not in get(client, "work", text.pk)
    with time_machine.travel(NOW + DAY, tick=False):
        sign_in(client, offices.handler)
        assert "5 / " in get(client, "work", text.pk)  # as of last night


@pytest.mark.parametrize("tab", ["sign", "owed", "mine", "shown", "flags", "nonsense"])
def test_every_tab_of_the_desk_opens(client, offices, tab):
    make_publication(offices)
    make_publication(offices, S.HEAD)
    sign_in(client, offices.union_chair)
    get(client, "desk", tab=tab)


def test_correcting_withdrawing_flagging_by_pages(client, offices):
    text = make_publication(offices)
    sign_in(client, offices.handler)
    get(client, "correct", text.pk)
    post(client, "correct", text.pk, title=text.title, body="更正正文", note="金额更正")
    sign_in(client, offices.leader)
    assert "更正正文" in get(client, "decide_correction", text.pk)
    post(client, "decide_correction", text.pk, expect=422)
    post(client, "decide_correction", text.pk, verdict="yes")
    client.logout()
    assert "更正正文" in get(client, "public", text.number)
    get(client, "version", text.number, 1)
    sign_in(client, offices.inspector)
    get(client, "flag", text.pk)
    post(client, "flag", text.pk, reason="incomplete", demand="请补充扣分明细")
    flag = fresh(text).rectifications.get()
    sign_in(client, offices.handler)
    get(client, "rectify", flag.pk)
    post(client, "rectify", flag.pk, done="已补充附表")
    sign_in(client, offices.inspector)
    get(client, "check_rectification", flag.pk)
    post(client, "check_rectification", flag.pk, verdict="yes")
    sign_in(client, offices.handler)
    post(client, "withdraw", text.pk, reason_code="wrong", reason="金额有误需重发")
    sign_in(client, offices.leader)
    get(client, "decide_withdrawal", text.pk)
    post(client, "decide_withdrawal", text.pk, verdict="yes")
    assert fresh(text).state == S.WITHDRAWN


def test_the_slip_is_one_page_with_every_signature(client, offices):
    text = make_publication(offices)
    sign_in(client, offices.handler)
    page = get(client, "slip", text.pk)
    for person in (offices.head, offices.secrecy, offices.union_chair, offices.leader):
        assert person.name in page
    # What the form of domain.md 7.1 asks for beside them: how and where, and what came of it.
    for words in (text.method, text.objections_heard, "公开栏、本平台", "实际公开日期", "暂无意见"):
        assert words in page, words
    words = {"subject": "扣分理由不清", "body": "乙班扣分没有依据。", "mode": "named", "kind": "opinion"}
    sign_in(client, offices.worker)
    post(client, "opinion", text.number, idempotency_key=str(uuid.uuid4()), **words)
    does.flag_publication(
        publication_id=text.pk, reason="incomplete", demand="请补充明细", actor=offices.inspector, at=NOW
    )
    sign_in(client, offices.handler)
    page = get(client, "slip", text.pk)
    assert "待登记 1" in page and "请补充明细" in page and words["body"] not in page


def test_a_draft_that_cannot_be_handed_on_says_what_is_missing(client, offices):
    text = make_publication(offices, S.DRAFT, method="")
    sign_in(client, offices.handler)
    page = get(client, "work", text.pk)
    assert "暂不能提交审批" in page and "依据、办法和听取意见的情况尚未填全" in page
    assert reverse("disclosures:submit", args=[text.pk]) not in page
    editor = get(client, "edit", text.pk)
    assert editor.count("提交审批前须填写") == 3
    does.edit_draft(publication_id=text.pk, draft=make_draft(offices), actor=offices.handler, at=NOW)
    page = get(client, "work", text.pk)
    assert "暂不能提交审批" not in page and reverse("disclosures:submit", args=[text.pk]) in page


def test_what_waits_for_a_decision_is_told_until_it_is_made(client, offices):
    text = make_publication(offices)
    sign_in(client, offices.handler)
    post(client, "correct", text.pk, title=text.title, body="更正正文", note="第三项金额更正")
    post(client, "withdraw", text.pk, reason_code="wrong", reason="金额有误须重发")
    page = get(client, "work", text.pk)
    assert "申请更正：第三项金额更正" in page and "申请撤回：金额有误须重发" in page
    sign_in(client, offices.leader)
    post(client, "decide_correction", text.pk, verdict="yes")
    page = get(client, "work", text.pk)
    assert "申请更正：第三项" not in page and "申请撤回：金额有误须重发" in page
    post(client, "decide_withdrawal", text.pk, verdict="no", answer="更正即可")
    assert "申请撤回：金额有误须重发" not in get(client, "work", text.pk)


def test_acts_of_one_moment_are_told_in_the_order_in_which_they_happened(client, offices):
    text = make_publication(offices)  # all at one moment
    told = ["提交审批", "编号 " + text.number, "已公开，编号"]
    page = get(client, "public", text.number)
    places = [page.index(words) for words in (told[0], "已签批：部门负责人", told[1], told[2])]
    assert places == sorted(places)
    assert all(page.index(f"已签批：{step}") < places[2] for step in ("保密审查", "工会意见", "领导小组"))


def test_event_and_waiver_by_pages(client, offices):
    owed = make_assignment(offices, "D02")
    sign_in(client, offices.handler)
    post(client, "event", expect=422, assignment=owed.pk, event="泄漏", event_on="2026-03-11")
    post(client, "event", assignment=owed.pk, event="泄漏", event_on="2026-03-09")
    duty = Duty.objects.get()
    get(client, "waive", duty.pk, expect=403)
    sign_in(client, offices.union_chair)
    get(client, "waive", duty.pk)
    post(client, "waive", duty.pk, reason="经查为误报")
    client.logout()
    assert "经查为误报" in get(client, "duty", duty.pk)


def test_what_was_published_out_of_turn_is_counted_for_all_to_see(client, offices):
    make_assignment(offices, "C01", since=D(2026, 1, 1))
    make_publication(offices)
    for text in [make_publication(offices, S.HEAD) for _twice in range(2)]:
        does.force_publication(publication_id=text.pk, reason="事发突然", actor=offices.leader2, at=AT)
    assert "乙烯厂2026年有2件内容未完成审批即先行公开" in get(client, "duties", unit="YX", year="2026")
    does.open_duties(at=AT)  # duties to hang the count on, or none: it is the same
    assert "乙烯厂2026年有2件内容未完成审批即先行公开" in get(client, "duties", unit="YX", year="2026")
    assert "未完成审批即先行公开" not in get(client, "duties", unit="YX", year="2025")


def test_what_is_missing_is_there_for_all_to_see(client, offices):
    make_assignment(offices, "C01", since=D(2026, 1, 1))
    does.open_duties(at=AT)
    page = get(client, "missing")
    assert "C01" in page
    assert Duty.objects.count() == 2


def test_the_catalogue_is_kept_by_the_union_of_the_enterprise(client, offices):
    assert "C07" in get(client, "catalogue")
    get(client, "item", "C07")
    sign_in(client, offices.handler)
    get(client, "item_edit", "C07", expect=403)
    sign_in(client, offices.officer)
    get(client, "item_edit", "C07")
    values = {
        "title": "职称评聘",
        "department": "人事处",
        "frequency": "event",
        "timing": "during",
        "scope": "company",
        "channels": ["screen", "portal"],
        "is_active": "on",
        "notice_workdays": "7",
    }
    post(client, "item_edit", "C07", version="1", reason="延长公示期", **values)
    post(client, "item_edit", "C07", version="1", reason="同时修改", expect=409, **values)
    assert "延长公示期" in get(client, "item", "C07")
    post(client, "item_add", code="C12", **values)
    get(client, "item_assign", "C12")
    post(client, "item_assign", "C12", unit="YX", department="RS", since="2026-01-01")
    row = item_of("C12").assignments.get()
    post(client, "assignment_end", row.pk)


def test_subscriptions_are_kept(client, offices):
    make_assignment(offices, "C01")
    sign_in(client, offices.worker)
    post(client, "subscriptions", sections=["C"], units=["YX"])
    page = get(client, "subscriptions")
    assert page.count("checked") == 2
    post(client, "subscriptions")
    assert get(client, "subscriptions").count("checked") == 0


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("list", 6), ("missing", 5), ("duties", 10), ("catalogue", 5)])
def test_lists_ask_as_often_for_one_row_as_for_three(client, offices, django_assert_num_queries, name, queries, count):
    for _n in range(count):
        make_publication(offices)
    make_assignment(offices, "C01", since=D(2026, 3 - count, 1) if count < 3 else D(2025, 12, 1))
    does.open_duties(at=AT)
    get(client, name)
    with django_assert_num_queries(queries):
        get(client, name)
