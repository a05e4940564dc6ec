"""The console: one lawful step at a time; a cut connection, a tie, a missed quorum, a void vote, as minuted."""

import datetime as dt
import re
import uuid

import time_machine

from congress.minutes import course_of
from congress.models import Mandate, Presence, SessionPoll, Speech
from congress.operations import running
from congress.queries.console import STEPS
from congress.queries.minutes import minutes_of
from portal.ballots import operations as box
from portal.ballots.models import Ballot
from tests.congress.test_hall import box_of, come, convened
from tests.congress.test_session_pages import console, get
from tests.signing import signed_in as sign_in

ENABLED = re.compile(r'name="do" value="(\w+)"')
STAMP = re.compile(r'data-stamp="(\w+)"')


def pressable(page):
    """Return the steps whose button can be pressed, by form or by link."""
    links = {"vote/": "ballot", "again/": "repeat", "count/": "poll_count"}
    steps = page[page.index('class="console-steps"') : page.index("</ol>", page.index('class="console-steps"'))]
    found = [code for code in ENABLED.findall(steps) if code in STEPS]
    return found + [code for path, code in links.items() if f'{path}"' in steps]


def test_cut_tie_missed_quorum_and_repeated_vote_come_out_right(client, hall):
    items = [
        ("consult", {"title": "工作报告"}),
        ("approve", {"title": "奖惩办法"}),
        ("elect", {"title": "选举职工董事", "names": ["张三", "李四"], "seats": 1}),
        ("supervise", {"title": "集体合同履行"}),
    ]
    session = convened(hall, items=items)
    report, rules, seat, last = session.items.order_by("position")
    at = session.opens_at
    people = [one.person for one in come(session, hall, 20, at)]

    with time_machine.travel(at, tick=False) as clock:
        sign_in(client, hall.officer)
        page = get(client, "session_hall", session.pk)
        assert pressable(page) == ["open"] and page.count("须先完成：宣布开幕") == 9
        console(client, session, "open")
        assert pressable(get(client, "session_hall", session.pk)) == ["call"]
        # The connection is cut after the form was sent: sending it again changes nothing.
        seen = STAMP.search(get(client, "session_hall", session.pk)).group(1)
        for _ in range(2):
            answer = client.post(
                f"/desk/congress/sessions/{session.pk}/hall/", {"do": "call", "item": report.pk, "seen": seen}
            )
            assert answer.status_code == 302 and answer.url.endswith("?focus=step")
        assert "该步骤已经完成" in client.get(answer.url).content.decode()
        # A speaker within the time, one over it, one who thinks better of it.
        for person in people[:3]:
            console(client, session, "ask", who=person.job_no)
        console(client, session, "ask", who=people[0].job_no)  # on the list already: harmless
        first, second, third = Speech.objects.order_by("pk")
        console(client, session, "word", speech=first.pk)
        assert "有代表正在发言" in get_after(client, console_url(session), do="word", speech=second.pk)
        clock.shift(dt.timedelta(minutes=4))
        console(client, session, "spoken", speech=first.pk)
        console(client, session, "word", speech=second.pk)
        clock.shift(dt.timedelta(minutes=6))
        page = get(client, "session_hall", session.pk)
        assert "超时" in page and 'accesskey="e"' in page
        console(client, session, "spoken", speech=second.pk)
        console(client, session, "spoken", speech=second.pk)
        console(client, session, "spoken", speech=third.pk)
        for stage in ("report", "discuss", "opinions"):
            seen = STAMP.search(get(client, "session_hall", session.pk)).group(1)
            for _ in range(2):
                console(client, session, "stage", item=report.pk, stage=stage, seen=seen)
        for item, stages in ((rules, ("report", "discuss")), (seat, ("candidates",))):
            console(client, session, "call", item=item.pk)
            for stage in stages:
                console(client, session, "stage", item=item.pk, stage=stage)
        # A quorum that is missed: nothing goes on but putting the item off, and that is on record.
        console(client, session, "call", item=last.pk)
        assert "已达法定人数" in console(client, session, "put_off", item=last.pk, expect=403)
        console(client, session, "leave", who=people[5].name)
        page = get(client, "session_hall", session.pk)
        assert pressable(page) == [] and "不足法定人数" in page and 'value="put_off"' in page
        clock.shift(dt.timedelta(minutes=5))
        console(client, session, "put_off", item=last.pk)
        code = session.deliveries.get(mandate__person=people[5]).code
        console(client, session, "sign_in", who=f"{code[:3]} {code[3:]}")
        console(client, session, "sign_in", who=code)  # scanned twice: harmless
        assert Presence.objects.filter(mandate__person=people[5]).count() == 2
        page = console(client, session, "sign_in", who="无此人", expect=403)
        assert "没有此签到码、工号或姓名" in page and 'value="无此人"' in page
        assert pressable(get(client, "session_hall", session.pk)) == ["ballot"]
        # A vote that is void as a whole is repeated; nothing else can be done before.
        now = at + dt.timedelta(minutes=15)
        session.refresh_from_db()
        row, shares = box_of(hall, session, [rules, seat], now)
        assert pressable(get(client, "session_hall", session.pk)) == ["poll_open"]
        console(client, session, "poll_open", poll=row.poll_id)
        console(client, session, "poll_open", poll=row.poll_id, seen=seen)
        assert pressable(get(client, "session_hall", session.pk)) == ["poll_close"]
        said = {"q1": "for", "q2": {"marks": ["c1"], "names": []}}
        for person in people:
            box.cast_ballot(poll_id=row.poll_id, person=person, answers=said, at=now)
        extra = Ballot.objects.filter(poll=row.poll_id).first()
        Ballot(poll_id=row.poll_id, ciphertext=bytes(extra.ciphertext), tracker="f" * 10).save()
        for _ in range(2):  # ten have not voted: two people sign, and whoever signs twice counts once
            console(client, session, "poll_close", poll=row.poll_id, seen=seen)
        assert pressable(get(client, "session_hall", session.pk)) == ["poll_close"]
        scrutineers = [one.person for one in row.poll.scrutineers.all()]
        box.close_poll(poll_id=row.poll_id, actor=scrutineers[0], at=now)
        assert pressable(get(client, "session_hall", session.pk)) == ["poll_count"]
        box.count_poll(poll_id=row.poll_id, codes=shares[:2], actor=hall.officer, at=now)
        assert pressable(get(client, "session_hall", session.pk)) == ["poll_publish"]
        console(client, session, "poll_publish", poll=row.poll_id)
        page = get(client, "session_hall", session.pk)
        assert pressable(page) == ["repeat"] and "整体作废" in page
        again = running.repeat_poll(
            session_poll_id=row.pk, closes_at=now + dt.timedelta(hours=1), key=uuid.uuid4(), actor=hall.officer, at=now
        )
        codes = [box.take_up_share(poll_id=again.poll_id, actor=one, at=now) for one in scrutineers]
        box.open_poll(poll_id=again.poll_id, actor=hall.officer, at=now)
        # 15 of 30 are a tie of all and no majority: one short. Ten against ten is a tie for the seat, 16 of 30 elect.
        for place, person in enumerate(people):
            said = {
                "q1": "for" if place < 15 else "against",
                "q2": {"marks": ["c1" if place < 10 else "c2"], "names": []},
            }
            box.cast_ballot(poll_id=again.poll_id, person=person, answers=said, at=now)
        for person in scrutineers[:2]:
            box.close_poll(poll_id=again.poll_id, actor=person, at=now)
        box.count_poll(poll_id=again.poll_id, codes=codes[:2], actor=hall.officer, at=now)
        console(client, session, "poll_publish", poll=again.poll_id)
        assert pressable(get(client, "session_hall", session.pk)) == ["close"]
        console(client, session, "close")
        console(client, session, "close", seen=seen)
        session.refresh_from_db()
        lines = {one.item.title: course_of(one, session) for one in minutes_of(session).items}
        numbers = [one.poll.number for one in SessionPoll.objects.order_by("pk")]
    void = f"投票{numbers[0]}整体作废：收回选票21张，发出29张，参加投票20人，未予计票。已重新投票。"
    assert lines == {
        "工作报告": [
            "09:00 开始审议",
            f"09:00至09:04 {people[0].name}（{unit_of(people[0])}）发言，限时5分钟，未超时",
            f"09:04至09:10 {people[1].name}（{unit_of(people[1])}）发言，限时5分钟，超时",
            "09:10 听取报告",
            "09:10 代表团讨论",
            "09:10 汇总并答复意见",
            "09:10 议毕",
        ],
        "奖惩办法": [
            "09:10 开始审议", "09:10 听取报告", "09:10 代表团讨论", "09:15 无记名投票", void,
            f"投票{numbers[1]}：赞成15，反对5，弃权0；以全体代表30名为基数，通过须16票。", "09:15 议毕",
        ],
        "选举职工董事": [
            "09:10 开始审议", "09:10 介绍候选人", "09:15 无记名投票", void,
            f"投票{numbers[1]}：张三10，李四10；以全体代表30名为基数，通过须16票。", "09:15 议毕",
        ],
        "集体合同履行": ["09:10 开始审议", "09:15 因不足法定人数延期审议：应到30人，实到19人，法定人数20人"],
    }  # fmt: skip


def unit_of(person):
    return Mandate.objects.get(person=person).electing_unit.unit.name


def console_url(session):
    return f"/desk/congress/sessions/{session.pk}/hall/"


def get_after(client, url, **data):
    """Send a form of the console and return the page that it leads to."""
    return client.post(url, data, follow=True).content.decode()
