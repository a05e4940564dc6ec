"""
An extra session of the demo's congress that is open now: for the console and the hall, and a vote for its delegates.

It was opened on the last working day and goes on for two weeks, so that whoever
looks at the demo finds it running. The codes of the scrutineers stand in
demo-congress-shares.json.
"""

import datetime as dt
import json
import uuid

from django.conf import settings

from congress.models import Mandate, Session
from congress.operations import agenda, hall, running, speaking
from congress.operations.planning import fix_credentials
from congress.operations.sessions import plan_session
from congress.queries.hall import next_stage, sheet_of
from congress.validity import barred
from portal.accounts.models import Person
from portal.ballots import operations as box
from portal.ballots.enums import Grade
from portal.deadlines.queries import work_calendar
from portal.kernel.days import LOCAL, local_day

from .doors import come_in

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
PAPER = "<p>一、背景</p><p>乙烯装置大修期间连续作业，工时、调休和夜班补助与日常不同，须经职工代表大会审议通过。</p>"
ITEMS = (
    ("consult", "通报乙烯装置大修安全与后勤保障情况", "检维修中心主任", 20),
    ("approve", "审议通过《大修期间工时与调休办法（草案）》", "人事处处长", 30),
    ("approve", "审议通过《大修期间夜班补助办法（草案）》", "财务处处长", 20),
)
PURPOSE = "审议大修期间工时、调休和夜班补助办法"
WORDS = {"report": "报告人作了说明。", "discuss": "各代表团讨论，意见已汇总。", "opinions": "意见已当场答复。"}


def add_open_session(plant, term, officer, rng, at):
    """Write the session up to an open vote on its second item; the third still waits."""
    opens = _morning(_last_workday(local_day(at)))
    act = {"actor": officer}
    session = plan_session(
        term_id=term.pk,
        kind="extra",
        opens_at=opens,
        closes_on=local_day(at) + 14 * DAY,
        place="公司职工俱乐部",
        mode="hybrid",
        proposer="union",
        purpose=PURPOSE,
        idempotency_key=_key(rng),
        at=opens - 20 * DAY,
        **act,
    )
    written = opens - 12 * DAY
    fix_credentials(
        session_id=session.pk, counts_vacant=True, evidence="资格审查小组审查，代表资格有效。", at=written, **act
    )
    for kind, title, speaker, minutes in ITEMS:
        item = agenda.set_item(
            session_id=session.pk, kind=kind, title=title, speaker=speaker, minutes=minutes,
            idempotency_key=_key(rng), at=written, **act,
        )  # fmt: skip
        agenda.add_paper(
            session_id=session.pk, title=f"{title}（材料）", item=item, text=PAPER, idempotency_key=_key(rng),
            at=written, **act,
        )  # fmt: skip
    agenda.convene_session(session_id=session.pk, at=opens - 9 * DAY, **act)
    there = _come(session, plant, officer, rng)
    session = Session.objects.select_related("term__unit").get(pk=session.pk)
    for line in barred(sheet_of(session, opens)):
        hall.waive(
            session_id=session.pk, gate=line.gate, reason="部分代表岗位调整，补选正在进行。",
            basis="主席团会议决定", actor=plant.chair, at=opens,
        )  # fmt: skip
    hall.open_session(session_id=session.pk, at=opens, **act)
    clock = _discuss(session, there, officer, opens)
    _vote(session, there, officer, rng, clock, at)
    return session


def _key(rng):
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def _last_workday(day):
    calendar = work_calendar()
    known = calendar.with_weekdays({day.year, day.year - 1})
    day -= DAY
    while not known.is_workday(day):
        day -= DAY
    return day


def _morning(day):
    return dt.datetime.combine(day, dt.time(8, 30), tzinfo=LOCAL)


def _come(session, plant, officer, rng):
    """Sign delegates in, those among them whose sign-ins the demo prints first."""
    rows = Mandate.objects.filter(term=session.term_id, state="active").select_related("person")
    rows = list(rows.order_by("person__job_no"))
    rng.shuffle(rows)
    known = {row["job_no"] for row in plant.signins}
    rows.sort(key=lambda one: one.person.job_no not in known)
    there = rows[: max(len(rows) * 92 // 100, -(-session.term.seats * 2 // 3))]
    come_in(session, there, officer=officer, rng=rng, ways={"code": 6, "list": 2, "online": 2})
    return there


def _discuss(session, there, officer, opens):
    clock = opens
    first, second, _third = session.items.order_by("position")
    for item in (first, second):
        clock += 2 * MINUTE
        running.call_item(item_id=item.pk, actor=officer, at=clock)
        for place, mandate in enumerate(there[:2]):
            row = speaking.ask_to_speak(session_id=session.pk, mandate_id=mandate.pk, actor=officer, at=clock)
            speaking.give_word(speech_id=row.pk, actor=officer, at=clock)
            clock += (3 + 4 * place) * MINUTE
            speaking.end_speech(speech_id=row.pk, actor=officer, at=clock)
        item.refresh_from_db()
        while item.state == "running":
            clock += 6 * MINUTE
            stage = next_stage(item)
            running.pass_stage(item_id=item.pk, stage=stage, words=WORDS[stage], actor=officer, at=clock)
            item.refresh_from_db()
    return clock + 5 * MINUTE


def _vote(session, there, officer, rng, clock, at):
    people = Person.objects.filter(pk__in=[one.person_id for one in there]).exclude(pk=officer.pk)
    scrutineers = list(people.order_by("job_no")[:3])
    row = running.draw_up_poll(
        session_id=session.pk,
        items=list(session.items.filter(state="to_vote")),
        title="临时会议表决：大修期间工时与调休",
        grade=Grade.SIGNED_IN,
        scrutineers=scrutineers,
        closes_at=at + 13 * DAY,
        key=_key(rng),
        actor=officer,
        at=clock,
    )
    shares = {one.name: box.take_up_share(poll_id=row.poll_id, actor=one, at=clock + MINUTE) for one in scrutineers}
    box.open_poll(poll_id=row.poll_id, actor=officer, at=clock + 2 * MINUTE)
    if settings.DEMO:
        path = settings.VAR / "demo-congress-shares.json"
        path.write_text(json.dumps(shares, ensure_ascii=False, indent=1), encoding="utf-8")
        path.chmod(0o600)
