"""The pages of a session, from the plan to the minutes; lists of one and three; what bypassed the congress."""

import datetime as dt
import io
import re
import uuid

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from congress.models import AgendaItem, Bypass, ItemOpinion, Mandate, Paper, Presence, Session
from congress.queries.home import _sitting, is_delegate
from feedback.models import Inquiry
from portal.ballots import operations as box
from portal.kernel.days import LOCAL, local_day
from portal.ledger.models import Entry
from tests.congress.test_hall import come, count
from tests.factories.cards import AT
from tests.factories.congress import make_item, make_paper, make_presidium, make_session, make_term
from tests.signing import signed_in as sign_in

OPENING = AT + dt.timedelta(days=20)
FIGURES = re.compile(r"<(?:dd|strong)>(\d+)<")


def get(client, name, /, *args, expect=200, **query):
    answer = client.get(reverse(f"congress:{name}", args=args), query)
    assert answer.status_code == expect, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client, name, /, *args, expect=302, **data):
    answer = client.post(reverse(f"congress:{name}", args=args), data)
    assert answer.status_code == expect, answer.content.decode()[:4000]
    return answer


def console(client, session, do, *, expect=302, **data):
    """Press a button of the console; return the page that comes back."""
    return post(client, "session_hall", session.pk, do=do, expect=expect, **data).content.decode()


def key():
    return str(uuid.uuid4())


def test_a_session_from_the_plan_to_the_minutes(client, hall):
    term = make_term(hall)
    make_presidium(term, hall)
    delegate = Mandate.objects.filter(term=term, state="active").order_by("seat").first()
    with time_machine.travel(AT, tick=False):
        assert "尚未安排会议" in get(client, "sessions")
        sign_in(client, hall.officer)
        when = {"opens_on": f"{OPENING.astimezone(LOCAL):%Y-%m-%d}", "opens_time": "８：３０", "place": "职工俱乐部"}
        plan = {"kind": "extra", **when, "mode": "onsite", "idempotency_key": key()}
        answer = post(client, "session_new", term.pk, **plan, expect=422)
        assert "召开临时会议须填写此项" in answer.content.decode()
        post(client, "session_new", term.pk, **plan, proposer="union", purpose="审议改制方案")
        session = Session.objects.get()
        page = get(client, "session_desk", session.pk)
        assert "提案征集" in page and "本年度议程中尚缺的报告" in page and "议程尚无议题" in page
        step = session.steps.get(code="topics")
        post(client, "step_do", step.pk, evidence="与行政商定议题五项")
        post(client, "session_credentials", session.pk, counts_vacant="1", evidence="资格审查小组")
        assert "业务招待费" in get(client, "item_new", session.pk, report="hospitality")
        item = {"kind": "approve", "title": "职工奖惩办法", "idempotency_key": key()}
        post(client, "item_new", session.pk, **item)
        post(client, "item_new", session.pk, **{**item, "kind": "elect", "idempotency_key": key()}, expect=422)
        rules = AgendaItem.objects.get()
        post(client, "item_edit", rules.pk, **{**item, "title": "职工奖惩办法（修订草案）"})
        assert "尚未添加材料" in get(client, "convene", session.pk, expect=403)
        paper = {"title": "修订草案", "item": str(rules.pk), "text": "第一条 为了……", "idempotency_key": key()}
        post(client, "paper_new", session.pk, **paper)
        assert "职工奖惩办法" not in get(client, "session", session.pk), "before the notice it is a draft"
        post(client, "convene", session.pk)
        assert "职工奖惩办法" in get(client, "session", session.pk)
        assert "平台送达" in get(client, "session_deliveries", session.pk)
        post(client, "joint_new", term.pk, held_on="2026-03-01", kind="consult", title="高温津贴", text="按月发放",
             took_part="7", idempotency_key=key())  # fmt: skip
        sign_in(client, delegate.person)
        mine = get(client, "my_session", session.pk)
        code = session.deliveries.get(mandate=delegate).code
        assert code in mine and "<svg" in mine and "修订草案" in mine
        home = get(client, "mine")
        assert code in home and "尚未签到" in home and "待阅1份" in home and "可提出意见的议题" in home
        paper = Paper.objects.get()
        assert "我已阅读" in get(client, "paper", paper.pk)
        for _ in range(2):
            post(client, "paper", paper.pk)
        home = get(client, "mine")
        assert "待阅0份" in home
        _sitting["until"] = 0.0  # the minute is over: the bar leads whoever sits and has no office there
        assert is_delegate(delegate.person) and not is_delegate(hall.stranger)
        post(client, "receipt", session.pk)
        get(client, "receipt", session.pk, expect=403)
        post(client, "opinion_new", rules.pk, text="处罚应先听取本人申辩", idempotency_key=key())
        assert "可提出意见的议题" not in get(client, "mine")
        sign_in(client, hall.officer)
        assert "听取本人申辩" in get(client, "session_opinions", session.pk)
        post(client, "opinion_answer", ItemOpinion.objects.get().pk, answer="采纳，写入第七条")
        sign_in(client, hall.stranger)
        for name in ("session_desk", "session_hall", "my_session", "validity"):
            get(client, name, session.pk, expect=404)
    session.refresh_from_db()
    at = session.opens_at
    with time_machine.travel(at, tick=False):
        sign_in(client, hall.officer)
        assert "签到码" in post(client, "door", session.pk, code="０００", expect=403).content.decode()
        post(client, "door", session.pk, code=code)
        assert "已签到" in post(client, "door", session.pk, code=code, expect=409).content.decode()
        post(client, "leave", session.pk, mandate=str(delegate.pk))
        post(client, "door", session.pk, mandate=str(delegate.pk))
        door = Entry.objects.filter(verb__in=["congress_session.signed_in", "congress_session.left"])
        assert list(door.order_by("verb").values_list("verb", "facts__mandate", "facts__way")) == [
            ("congress_session.left", str(delegate.pk), None),
            *[("congress_session.signed_in", str(delegate.pk), way) for way in ("code", "list")],
        ]
        assert "法定人数（差19）" in console(client, session, "open", expect=403)
        people = [one.person for one in come(session, hall, 19, at)] + [delegate.person]
        assert "各项核验均无红项" in get(client, "validity", session.pk)
        assert "会议有效性核验表" in get(client, "validity_sheet", session.pk)
        assert "会议尚未开幕" in get(client, "hall_screen", session.pk)
        console(client, session, "open")
        console(client, session, "call", item=rules.pk)
        assert "1. 职工奖惩办法" in get(client, "hall_screen", session.pk)
        for stage in ("report", "discuss"):
            console(client, session, "stage", item=rules.pk, stage=stage, words="听取说明")
        scrutineers = [hall.branch, hall.stranger, hall.chair]
        vote = {"items": [str(rules.pk)], "title": "表决", "grade": "signed_in", "minutes": "60"}
        vote |= {f"scrutineer_{n}": one.job_no for n, one in zip(("one", "two", "three"), scrutineers, strict=True)}
        post(client, "vote_new", session.pk, **{**vote, "items": []}, idempotency_key=key(), expect=422)
        post(client, "vote_new", session.pk, **vote, idempotency_key=key())
        row = session.polls.get()
        assert "不能以" not in get(client, "session_hall", session.pk)
        shares = [box.take_up_share(poll_id=row.poll_id, actor=one, at=at) for one in scrutineers]
        console(client, session, "poll_open", poll=row.poll_id)
        sign_in(client, delegate.person)
        get(client, "hall_screen", session.pk, expect=404)
        ballot = reverse("ballots:ballot", args=[row.poll_id])
        assert client.get(ballot).status_code == 200
        outside = term.mandates.filter(state="active", presences=None).select_related("person").first()
        sign_in(client, outside.person)
        answer = client.get(ballot)
        page, door = answer.content.decode(), reverse("congress:my_session", args=[session.pk])
        assert answer.status_code == 403 and "只有已签到且在会场的代表可以投票" in page and f'href="{door}"' in page
        assert 'name="q1"' not in page
        sign_in(client, delegate.person)
        home = get(client, "mine")
        assert "去投票：表决" in home and "已签到" in home
        mine = get(client, "my_session", session.pk)
        assert "去投票：表决" in mine and "待表决" in mine and "提出意见" not in mine
        get(client, "opinion_new", rules.pk, expect=403)
        for place, person in enumerate(people):
            said = "for" if place < 16 else "against"
            if place == 19:
                sign_in(client, hall.officer)
                screen = get(client, "hall_screen", session.pk)
                assert "无记名投票" in screen and "1/2" in screen
                assert FIGURES.findall(screen) == ["30", "20", "20"], "no number of a vote before its result"
            box.cast_ballot(poll_id=row.poll_id, person=person, answers={"q1": said}, at=at)
        count(hall, row, shares, at)
        sign_in(client, hall.officer)
        screen = get(client, "hall_screen", session.pk)
        assert FIGURES.findall(screen) == ["30", "20", "20", "16", "4", "0"] and "hall-adopted" in screen
        post(client, "leave", session.pk, mandate=str(delegate.pk))
        assert "不足法定人数，尚差1人" in get(client, "hall_screen", session.pk)
    with time_machine.travel(at + dt.timedelta(hours=5), tick=False):
        sign_in(client, hall.officer)
        console(client, session, "close")
        assert "会议已闭幕" in get(client, "hall_screen", session.pk)
        sign_in(client, hall.stranger)
        get(client, "session_minutes", session.pk, expect=404)
        sign_in(client, hall.officer)
        post(client, "disclose", session.pk)
        sign_in(client, hall.stranger)
        text = get(client, "session_minutes", session.pk)
        assert "赞成16" in text and "以全体代表30名为基数，通过须16票" in text and "应到代表30名" in text
        answer = client.get(reverse("congress:minutes_file", args=[session.pk]))
        body = "\n".join(line.text for line in Document(io.BytesIO(answer.getvalue())).paragraphs)
        assert "赞成16" in body and "听取说明" in body
        # The credential report, as a page and as a file, with right figures; the sheet of the session is frozen.
        report = Document(io.BytesIO(client.get(reverse("congress:credential_file", args=[session.pk])).getvalue()))
        lines = "\n".join(line.text for line in report.paragraphs)
        assert "本次会议应到代表：30（含空缺名额）" in lines and "现在（闭幕时）在场：19（63.3%）" in lines
        shares, units = ([[cell.text for cell in row.cells] for row in table.rows] for table in report.tables)
        assert shares[2] == ["女代表", "13 / 30", "43.3%"]
        assert units[-1] == ["合计", "30", "30", "13", "0", "30", "20"]
        assert "含空缺名额" in get(client, "credential_report", session.pk)
        before = get_sheet(client, hall, session)
        # Who leaves the day after was a delegate there; the report and the sheet stay what they were.
        session.refresh_from_db()
        gone = Mandate.objects.filter(pk__in=[one.pk for one in come_out(session)])
        gone.update(state="ended_transfer", ended_on=local_day(session.closed_at) + dt.timedelta(days=1))
        again = Document(io.BytesIO(client.get(reverse("congress:credential_file", args=[session.pk])).getvalue()))
        assert "\n".join(line.text for line in again.paragraphs) == lines
        tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in again.tables]
        assert tables == [shares, units]
        assert get_sheet(client, hall, session) == before and "会议闭幕时的核验结果" in before
        assert "表决" in get(client, "session", session.pk)


def get_sheet(client, hall, session):
    """Return the rows of the validity sheet as its union prints it."""
    sign_in(client, hall.officer)
    page = get(client, "validity_sheet", session.pk)
    return page[page.index("<h1") : page.index("sheet-sign")]


def come_out(session):
    """Return delegates of a session whose mandates are to end after it."""
    return list(Mandate.objects.filter(term=session.term_id, state="active")[:9])


def test_what_bypassed_the_congress_is_flagged_and_demanded(client, hall):
    term = make_term(hall, "fixed")
    with time_machine.travel(AT, tick=False):
        sign_in(client, hall.officer)
        flag = {"title": "考勤管理办法", "kind": "approve", "unit": hall.shops[0].code, "demand": "请提交职代会审议"}
        flag |= {"in_force_on": "2026-03-01", "idempotency_key": key()}
        post(client, "bypass_new", term.pk, **{**flag, "demand": ""}, expect=422)
        post(client, "bypass_new", term.pk, **flag)
        post(client, "bypass_new", term.pk, **flag)
        inquiry = Inquiry.objects.get()
        assert (Bypass.objects.get().inquiry, inquiry.channel, inquiry.body) == (
            inquiry,
            "congress_bypass",
            flag["demand"],
        )
        client.logout()
        page = get(client, "bypasses")
        assert "对本单位职工不具有约束力" in page and inquiry.number in page


def test_lists_ask_as_often_for_one_row_as_for_three(client, hall):
    term = make_term(hall)
    with time_machine.travel(AT, tick=False):
        session = make_session(term, hall)
        sign_in(client, hall.officer)
        counted = {}
        for turn in (1, 3):
            while AgendaItem.objects.filter(session=session).count() < turn:
                item = make_item(session, hall)
                make_paper(session, hall, item=item)
            for name in ("session_desk", "session_hall", "hall_screen", "validity"):
                with CaptureQueriesContext(connection) as asked:
                    get(client, name, session.pk)
                counted.setdefault(name, []).append(len(asked))
            for name in ("sessions", "bypasses"):
                with CaptureQueriesContext(connection) as asked:
                    get(client, name)
                counted.setdefault(name, []).append(len(asked))
            make_session(term, hall, opens_at=OPENING + dt.timedelta(days=100 + turn))
        Session.objects.filter(pk=session.pk).update(state="open", convened_at=AT, opened_at=AT, whole=30)
        for turn in (1, 3):
            rows = Mandate.objects.filter(term=term, state="active").exclude(presences__session=session)
            for one in rows[: turn - Presence.objects.count()]:
                Presence.objects.create(
                    session=session, mandate=one, way="list", arrived_at=AT, recorded_by=hall.officer
                )
            for name in ("session_deliveries", "session_minutes"):
                with CaptureQueriesContext(connection) as asked:
                    get(client, name, session.pk)
                counted.setdefault(name, []).append(len(asked))
        uneven = {name: found for name, found in counted.items() if found[0] != found[1]}
        assert uneven == {}
        assert max(max(found) for found in counted.values()) < 45
