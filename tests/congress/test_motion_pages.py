"""The pages of motions: from the call to the archive, bad input, what strangers see, lists of one and three."""

import datetime as dt
import io
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from congress.models import Motion, MotionCall, MotionOffer
from congress.operations.motion_review import name_best
from congress.operations.motions import invite_seconders
from congress.queries.motions import signers_of
from feedback.operations import redact_inquiry
from portal.kernel.days import local_day
from portal.kernel.texts import masked_name
from tests.factories import motions as made
from tests.factories.cards import AT
from tests.factories.congress import staff_of_unit
from tests.signing import signed_in as sign_in

NOW = AT + dt.timedelta(hours=1)
TODAY = local_day(NOW)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def floor(db):
    return made.make_floor()


def get(client, name, /, *args, expect=200, **query):
    answer = client.get(reverse(f"congress:{name}", args=args), query)
    assert answer.status_code == expect, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client, name, /, *args, expect=302, **data):
    answer = client.post(reverse(f"congress:{name}", args=args), data)
    assert answer.status_code == expect, answer.content.decode()[:4000]
    return answer.content.decode()


def form(**over):
    plain = {name: made.WORDS[name] for name in ("category", "title", "cause", "grounds", "proposal")}
    return {**plain, "names": "yes", "idempotency_key": str(uuid.uuid4()), **over}


def test_a_motion_from_the_call_to_the_archive(client, db):
    floor = made.make_floor(has_call=False)
    assert "尚无提案" in get(client, "motions")
    sign_in(client, floor.hall.officer)
    assert "征集提案" in get(client, "motions")
    call = {"committee": str(floor.committee.pk), "opens_on": TODAY.isoformat(), "group": "no", "text": "安全与生活"}
    page = post(client, "motion_call_new", floor.session.pk, **call, closes_on="2026-12-31", expect=403)
    assert "大会开幕之前" in page and "安全与生活" in page
    post(client, "motion_call_new", floor.session.pk, **call, closes_on="x", expect=422)
    post(client, "motion_call_new", floor.session.pk, **call, closes_on="2026-04-01")
    call = MotionCall.objects.get()
    get(client, "motion_call_new", floor.session.pk, expect=403)

    lead, first, second = floor.delegates[:3]
    sign_in(client, lead.person)
    assert "征集提案" in get(client, "motions_mine")
    get(client, "motion_new")
    page = post(client, "motion_new", **form(title="长" * 61, cause=""), expect=422)
    assert "长长长" in page
    post(client, "motion_new", **form())
    motion = Motion.objects.get()
    # What the browser keeps of a form that is being written is forgotten once it has been sent.
    key = f"motion-{lead.person_id}"
    assert f'data-draft="{key}"' in get(client, "motion_new")
    marks = [f'data-draft-sent="{key}"' in get(client, "motion", motion.pk, **query) for query in ({"kept": 1}, {})]
    assert marks == [True, False]
    assert "仅提案人本人可见" not in get(client, "motion", motion.pk)
    post(client, "motion_edit", motion.pk, **form(title="关于宿舍隔音的提案"))
    assert first.name in get(client, "motion_invite", motion.pk)
    page = post(client, "motion_invite", motion.pk, expect=422)
    assert "请至少选择一名代表" in page
    post(client, "motion_invite", motion.pk, mandates=[str(first.pk), str(second.pk)])
    get(client, "motion_edit", motion.pk, expect=403)
    get(client, "motion_hand_in", motion.pk, expect=403)

    # Two taps: the notice leads to the page of the signature, the button signs.
    for one in (first, second):
        sign_in(client, one.person)
        answer = client.get(reverse("congress:go", args=["motion", motion.pk]))
        assert answer.headers["Location"] == reverse("congress:motion_sign", args=[motion.pk])
        assert "读后附议" in get(client, "motions_mine")
        page = get(client, "motion_sign", motion.pk)
        assert "关于宿舍隔音的提案" in page and "单层玻璃" in page
        post(client, "motion_sign", motion.pk, answer="maybe", expect=422)
        post(client, "motion_sign", motion.pk, answer="yes")
        get(client, "motion_sign", motion.pk, expect=403)
    post(client, "motion_unsign", motion.pk)
    get(client, "motion_sign", motion.pk, expect=403)
    sign_in(client, lead.person)
    page = post(client, "motion_hand_in", motion.pk, expect=403)
    assert "还差1人附议" in page
    post(client, "motion_invite", motion.pk, mandates=[str(second.pk)])
    post(client, "motion_take_back", motion.pk)
    get(client, "motion_invite", motion.pk)
    post(client, "motion_invite", motion.pk)
    for one in (first, second):
        sign_in(client, one.person)
        post(client, "motion_sign", motion.pk, answer="yes")
    sign_in(client, lead.person)
    get(client, "motion_hand_in", motion.pk)
    post(client, "motion_hand_in", motion.pk)
    client.logout()
    get(client, "motion", motion.pk, expect=404)

    sign_in(client, floor.members[0])
    page = get(client, "motion_board", call.pk)
    assert "关于宿舍隔音的提案" in page and "五届一次-001" in page
    page = get(client, "motion_decide", motion.pk)
    assert "单层玻璃" in page and "id_lead_unit" not in page  # a member who is no officer assigns nothing
    sign_in(client, floor.hall.officer)
    get(client, "motion_decide", motion.pk)
    decision = {"outcome": "filed", "reason": "属于职权范围，建议可行。"}
    page = post(client, "motion_decide", motion.pk, **{**decision, "outcome": "rejected"}, expect=422)
    assert "请说明" in page and "建议可行" in page
    post(client, "motion_decide", motion.pk, **{**decision, "outcome": "merged"}, expect=422)
    post(client, "motion_decide", motion.pk, **decision, assist_1=floor.safety.code, expect=422)
    post(client, "motion_decide", motion.pk, **decision, lead_unit=floor.logistics.code)
    post(client, "motion_decide", motion.pk, **decision, lead_unit=floor.logistics.code, expect=403)
    client.logout()
    page = get(client, "motion", motion.pk)
    assert lead.name in page and "后勤服务部" in page and "属于职权范围" in page and "单层玻璃" in page

    made.draft(motion, floor, at=NOW)
    sign_in(client, floor.hall.officer)
    assert "加热柜" in get(client, "motion_check", motion.pk)
    post(client, "motion_check", motion.pk, verdict="no", comment="", expect=422)
    post(client, "motion_check", motion.pk, verdict="no", comment="未写明时间")
    made.draft(motion, floor, at=NOW)
    sign_in(client, floor.members[0])
    there = reverse("congress:motion_check", args=[motion.pk])
    assert there in get(client, "motion", motion.pk)
    post(client, "motion_check", motion.pk, verdict="yes", comment="")
    assert there not in get(client, "motion", motion.pk)
    assert "已经审核通过" in get(client, "motion_check", motion.pk, expect=403)
    made.feedback.approve_reply(inquiry_id=made.fresh(motion).inquiry_id, actor=floor.chief, at=NOW)
    made.deliver(motion, floor, at=NOW)

    sign_in(client, first.person)
    assert "等待我评价" in get(client, "motions_mine")
    assert "加热柜" in get(client, "motion_rate", motion.pk)
    post(client, "motion_rate", motion.pk, level="9", expect=422)
    post(client, "motion_rate", motion.pk, level="1", comment="", expect=422)
    post(client, "motion_rate", motion.pk, level="3", comment="")
    get(client, "motion_rate", motion.pk, expect=403)
    page = client.get(reverse("feedback:public", args=[made.fresh(motion).inquiry.number])).content.decode()
    assert reverse("congress:motion", args=[motion.pk]) in page
    for one in (lead, second):
        sign_in(client, one.person)
        post(client, "motion_rate", motion.pk, level="2", comment="")
    sign_in(client, lead.person)  # the lead proposer's own page of the inquiry has no second rating
    own = client.get(reverse("feedback:own", args=[made.fresh(motion).inquiry.number])).content.decode()
    assert 'name="level"' not in own
    sign_in(client, floor.members[0])
    get(client, "motion_best", motion.pk)
    post(client, "motion_best", motion.pk, reason="", expect=422)
    post(client, "motion_best", motion.pk, reason="推动宿舍改造")
    get(client, "motion_archive", motion.pk, expect=403)
    sign_in(client, floor.hall.officer)
    assert "TA-5-1-001" in get(client, "motion_archive", motion.pk)
    post(client, "motion_archive", motion.pk, archive_no="TA-5-1-001")
    client.logout()
    page = get(client, "motion", motion.pk)
    assert "推动宿舍改造" in page and "TA-5-1-001" in page and "基本满意" in page
    page = get(client, "motion_print", motion.pk)
    assert "提案表" in page and "加热柜" in page and first.name in page
    page = get(client, "motion_report", call.pk)
    assert "100.0%" in page and "推动宿舍改造" in page
    assert "立案" in get(client, "motion_call", call.pk)
    get(client, "motion_board", call.pk, expect=302)
    for chosen in ({"q": "隔音"}, {"call": str(call.pk)}, {"state": "archived"}, {"unit": "HQ"}, {"best": "1"}):
        assert "关于宿舍隔音的提案" in get(client, "motions", **chosen), chosen
    for chosen in ({"q": "食堂"}, {"category": "pay"}, {"state": "filed"}):
        assert "没有符合" in get(client, "motions", **chosen), chosen
    get(client, "motions", call="x", state="y", unit="z", after="no-token")
    book = client.get(reverse("congress:motions_file"), {"best": "1"})
    cells = [cell for row in load_workbook(io.BytesIO(b"".join(book.streaming_content))).active.values for cell in row]
    assert "关于宿舍隔音的提案" in cells and lead.name in cells and "TA-5-1-001" in cells


def test_names_and_words_are_kept_from_those_outside(client, floor):
    motion = made.make_motion(floor, "filed", is_open=False)
    page = get(client, "motion", motion.pk)
    assert floor.proposer.name not in page and "按提案人意愿" in page
    assert floor.proposer.name not in get(client, "motion_print", motion.pk)
    sign_in(client, floor.chief)
    assert floor.proposer.name in get(client, "motion", motion.pk)
    client.logout()
    redact_inquiry(
        inquiry_id=motion.inquiry_id,
        texts={"public_subject": "关于宿舍的提案", "public_body": "窗户旧。", "public_suggestion": "换窗。"},
        reason="privacy",
        actor=floor.hall.officer,
        at=NOW,
    )
    page = get(client, "motion", motion.pk)
    assert "单层玻璃" not in page and "隔音和采光" not in page and "换窗。" in page
    assert "关于宿舍的提案" in get(client, "motions")
    sign_in(client, floor.delegates[1].person)
    assert "单层玻璃" in get(client, "motion", motion.pk)
    sign_in(client, floor.delegates[5].person)
    assert "单层玻璃" not in get(client, "motion", motion.pk)
    for stage, expect in (("draft", 404), ("seconding", 404), ("submitted", 404)):
        get(client, "motion", made.make_motion(floor, stage).pk, expect=expect)
    get(client, "motion_board", floor.call.pk, expect=404)
    get(client, "motion_new")
    get(client, "motion", uuid.uuid4(), expect=404)


def test_the_page_of_the_inquiry_keeps_what_the_signers_were_promised(client, floor):
    motion = made.make_motion(floor, "answered", at=NOW, is_open=False)
    sign_in(client, floor.delegates[1].person)
    get(client, "motion_rate", motion.pk)
    rated = {"level": "1", "comment": "未写明何时完工"}
    answer = client.post(reverse("congress:motion_rate", args=[motion.pk]), rated, follow=True)
    assert "已退回承办部门二次办理" in (page := answer.content.decode()) and "第1次答复" in page
    sign_in(client, floor.delegates[2].person)  # who has not rated yet reads why that is over
    assert "正在二次办理" in get(client, "motion_rate", motion.pk, expect=403)
    number = made.fresh(motion).inquiry.number
    client.logout()
    page = client.get(reverse("feedback:public", args=[number])).content.decode()
    assert "评价：不满意" in page and "未写明何时完工" not in page
    assert masked_name(floor.proposer.name) not in page and "按提交人意愿不公开" in page
    sign_in(client, floor.handler)
    assert "未写明何时完工" in client.get(reverse("feedback:work", args=[number])).content.decode()
    told = made.make_motion(floor, "filed", at=NOW).inquiry.number
    assert masked_name(floor.proposer.name) in client.get(reverse("feedback:public", args=[told])).content.decode()


def test_staff_bring_a_matter_and_the_delegate_answers(client, floor):
    delegate, worker = floor.proposer, staff_of_unit(floor.proposer.electing_unit)[-1]
    sign_in(client, floor.hall.stranger)
    assert "暂无代表" in get(client, "offer_new")
    get(client, "motion_new", expect=404)
    sign_in(client, worker)
    page = get(client, "offer_new")
    assert delegate.name in page and "您不是职工代表" in get(client, "motions_mine")
    offer = {
        "mandate": str(delegate.pk),
        "category": "safety",
        "title": "护栏松动",
        "text": "挂牌半个月",
        "named": "no",
    }
    key = str(uuid.uuid4())
    post(client, "offer_new", **{**offer, "mandate": "x"}, idempotency_key=key, expect=422)
    for _turn in range(2):
        answer = client.post(reverse("congress:offer_new"), {**offer, "idempotency_key": key}, follow=True)
        assert f'data-draft-sent="offer-{worker.pk}"' in answer.content.decode()
    post(client, "offer_new", **{**offer, "title": "班车晚点"}, idempotency_key=str(uuid.uuid4()))
    first, second = MotionOffer.objects.order_by("title")
    assert (first.title, second.title) == ("护栏松动", "班车晚点")
    post(client, "offer_take_back", second.pk)
    get(client, "offer_answer", first.pk, expect=404)
    sign_in(client, delegate.person)
    assert worker.name in get(client, "motions_mine") and worker.name in get(client, "offer_answer", first.pk)
    post(client, "offer_answer", first.pk, verdict="no", answer="", expect=422)
    post(client, "offer_take_back", first.pk, expect=404)
    post(client, "offer_answer", first.pk, verdict="yes")
    motion = Motion.objects.get()
    assert "挂牌半个月" in get(client, "motion_edit", motion.pk)
    get(client, "motion_discard", motion.pk)
    post(client, "motion_discard", motion.pk)
    assert not Motion.objects.exists()
    get(client, "offer_answer", first.pk, expect=403)


def test_the_delegation_and_the_withdrawal(client, db):
    floor = made.make_floor(has_group_review=True)
    motion = made.make_motion(floor, "submitted")
    sign_in(client, floor.head.person)
    assert motion.title in get(client, "motions_mine") and "单层玻璃" in get(client, "motion_group", motion.pk)
    assert motion.title in get(client, "mine")
    post(client, "motion_group", motion.pk, verdict="no", opinion="", expect=422)
    post(client, "motion_group", motion.pk, verdict="no", opinion="请写明责任部门")
    # Whoever read it before it went back is told so; for others there is no such page.
    for person in (floor.head.person, floor.delegates[1].person):
        sign_in(client, person)
        assert "退回提案人修改" in get(client, "motion_group", motion.pk, expect=403)
    post(client, "motion_group", motion.pk, verdict="no", opinion="再次退回", expect=403)
    sign_in(client, floor.delegates[4].person)
    get(client, "motion_group", motion.pk, expect=404)
    sign_in(client, floor.proposer.person)
    assert "代表团已退回修改" in (page := get(client, "motion", motion.pk)) and "请写明责任部门" in page
    names = "、".join(one.name for one in floor.delegates[1:3])
    assert f"{names}将再次收到附议邀请" in get(client, "motion_invite", motion.pk)
    post(client, "motion_invite", motion.pk)
    for one in floor.delegates[1:3]:
        sign_in(client, one.person)
        assert "不附议" in get(client, "motion_sign", motion.pk)
        post(client, "motion_sign", motion.pk, answer="yes")
    sign_in(client, floor.proposer.person)
    post(client, "motion_hand_in", motion.pk)
    sign_in(client, floor.head.person)
    assert "代表团对上一稿的意见" in get(client, "motion_group", motion.pk)
    post(client, "motion_group", motion.pk, verdict="yes", opinion="同意提交")
    sign_in(client, floor.members[0])
    assert "同意提交" in get(client, "motion_decide", motion.pk)
    sign_in(client, floor.proposer.person)
    get(client, "motion_withdraw", motion.pk)
    post(client, "motion_withdraw", motion.pk, reason="", expect=422)
    post(client, "motion_withdraw", motion.pk, reason="已解决")
    get(client, "motion_withdraw", motion.pk, expect=403)
    assert "同意提交" in get(client, "motion", motion.pk)


def count(client, name, *args, **query):
    get(client, name, *args, **query)
    with CaptureQueriesContext(connection) as found:
        get(client, name, *args, **query)
    return len(found), "\n".join(query["sql"][:300] for query in found)


def test_lists_ask_the_same_with_one_and_three(client, floor):
    """One of everything a page may show, then three: the number of statements stays."""
    people = {"": None, "lead": floor.proposer.person, "union": floor.hall.officer, "asked": floor.delegates[1].person}
    pages = [
        ("", "motions", ()),
        ("", "motion_report", (floor.call.pk,)),
        ("lead", "motions_mine", ()),
        ("asked", "motions_mine", ()),
        ("union", "motion_board", (floor.call.pk,)),
    ]

    def fill():
        made.make_motion(floor, "closed")
        made.make_motion(floor, "answered")
        made.make_motion(floor, "seconding", seconders=[floor.delegates[3]])
        main = made.make_motion(floor, "filed")
        made.file(made.make_motion(floor, "submitted"), floor, outcome="merged", target_id=main.pk)
        name_best(motion_id=made.make_motion(floor, "answered").pk, reason="好", actor=floor.members[0], at=AT)
        asked = {"mandates": floor.delegates[1:3], "actor": floor.proposer.person, "at": AT}
        invite_seconders(motion_id=made.make_motion(floor, "draft").pk, **asked)
        return main

    def figures():
        found = {}
        for who, name, args in pages:
            client.logout()
            if people[who] is not None:
                sign_in(client, people[who])
            found[who, name] = count(client, name, *args)
        return found

    main = fill()
    once = figures()
    client.logout()
    one = count(client, "motion", main.pk)
    for _turn in range(2):
        fill()
        made.file(made.make_motion(floor, "submitted"), floor, outcome="merged", target_id=main.pk)
    thrice = figures()
    for key, (n, said) in thrice.items():
        assert n == once[key][0], f"{key}: {once[key][0]} became {n}\n{said}"
    client.logout()
    n, said = count(client, "motion", main.pk)
    assert n == one[0], said
    assert len(signers_of(made.fresh(main))) == 3
