"""
Sessions of the demo's congress, by the real operations in the order of days.

One was held half a year ago and is documented to the end: papers, opinions,
door, votes in the sealed box, minutes, report. One is open, with a vote to
try. One is being prepared. One matter bypassed the congress and was demanded
back.
"""

import datetime as dt
import random
import uuid

from django.db import transaction

from congress.models import Delegation, Mandate, Session, Term
from congress.operations import agenda, bypass, hall, running
from congress.operations.planning import do_step, fix_credentials
from congress.operations.records import add_record
from congress.operations.sessions import plan_session
from congress.queries.hall import next_stage, sheet_of
from congress.validity import barred
from portal.accounts.models import Person
from portal.ballots import operations as box
from portal.ballots.enums import Grade, Say
from portal.deadlines.calendar import next_workday
from portal.deadlines.models import Promise
from portal.deadlines.queries import work_calendar
from portal.kernel.days import LOCAL, local_day
from portal.notices.models import Notice

from .doors import come_in
from .open_session import add_open_session
from .papers import signed_paper

PAPER = "<p>一、起草说明</p><p>本文件由行政提出，工会征求各代表团意见后修改形成，现提请职工代表大会审议。</p>"
ITEMS = (
    ("consult", "听取和审议总经理工作报告", "work", "总经理", 60),
    ("supervise", "听取上次职代会决议和提案落实情况的报告", "motions", "工会副主席", 30),
    ("supervise", "听取业务招待费使用情况的报告", "hospitality", "财务处处长", 20),
    ("supervise", "听取集体合同履行情况的报告", "collective", "人事处处长", 20),
    ("approve", "审议通过《职工奖惩办法（修订草案）》", "", "人事处处长", 30),
    ("approve", "审议通过《夜班工间餐管理办法（草案）》", "", "后勤处处长", 20),
    ("approve", "审议通过《2026年集体合同（草案）》", "", "工会主席", 20),
    ("approve", "审议通过《劳动安全卫生专项集体合同（草案）》", "", "安全环保处处长", 15),
    ("approve", "审议通过《年度职工教育培训计划和经费使用方案》", "", "培训中心主任", 15),
    ("approve", "审议通过《职工福利费使用方案》", "", "后勤处处长", 15),
    ("approve", "审议通过《女职工权益保护专项集体合同（草案）》", "", "女职工委员会主任", 10),
)
WORDS = {
    "report": "报告人作了书面报告，并回答了询问。",
    "discuss": "各代表团分组讨论，团长汇报讨论情况。",
    "opinions": "代表意见已逐条答复，详见意见汇总表。",
    "questions": "代表就报告内容提出询问三条，有关部门当场答复。",
    "follow_up": "确定跟踪事项两项，由工会在下次会议上报告落实情况。",
    "candidates": "介绍候选人基本情况。",
}
WRITTEN_IN = ("尹凡芳", "乔飞旭")
OPINIONS = (
    "建议把扣分依据精确到条款，处理前听取本人申辩。",
    "建议夜班工间餐供应时间延长到凌晨一点。",
    "建议机电仪交叉培训每季度安排一期。",
)
EVIDENCE = {
    "motions": "发出《关于征集职工代表提案的通知》，收到提案三十一件。",
    "topics": "与行政协商确定议题七项，形成会议纪要。",
    "discussion": "五个代表团分组讨论，汇总意见三条，已逐条答复。",
    "preparatory": "召开预备会议，通过主席团名单、资格审查报告和议程。",
    "report": "书面报告已报送上级工会。",
}


@transaction.atomic
def add_sessions(plant, *, at, seed, say=lambda text: None):
    """Write the session that was held, the one in preparation, and what bypassed the congress."""
    say("sessions")
    rng = random.Random(f"{seed}:sessions")  # noqa: S311 -- made-up votes
    term = Term.objects.select_related("unit").order_by("-begins_on").get(unit=plant.company)
    officer = plant.officers["QM"][0]
    day = next_workday(local_day(at) - dt.timedelta(days=191), work_calendar())
    held = _plan(term, officer, day, day - dt.timedelta(days=58), rng)
    _prepare(plant, held, officer, rng)
    _hold(plant, held, officer, rng)
    add_open_session(plant, term, officer, rng, at)
    ahead = next_workday(local_day(at) + dt.timedelta(days=35), work_calendar())
    _draft(_plan(term, officer, ahead, local_day(at) - dt.timedelta(days=20), rng), officer, rng, at)
    bypass.flag_bypass(
        term_id=term.pk,
        title="考勤管理办法未经职代会审议即施行",
        kind="approve",
        in_force_on=local_day(at) - dt.timedelta(days=25),
        unit=plant.units["YX"],
        demand="该办法直接涉及职工切身利益，应提交职工代表大会审议通过。请停止执行，补办审议程序，并书面答复。",
        idempotency_key=_key(rng),
        actor=officer,
        at=at - dt.timedelta(days=12),
    )
    Promise.objects.passed(at).filter(kind__startswith="session.").update(missed_at=at)
    Notice.objects.filter(kind__startswith="congress_session", at__lt=at - dt.timedelta(days=14)).delete()
    return Session.objects.count()


def _key(rng):
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def _moment(day, hour, minute=0):
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=LOCAL)


def _plan(term, officer, opens_on, planned_on, rng):
    return plan_session(
        term_id=term.pk,
        kind="regular",
        opens_at=_moment(opens_on, 8, 30),
        closes_on=opens_on,
        place="公司职工俱乐部",
        mode="onsite",
        idempotency_key=_key(rng),
        actor=officer,
        at=_moment(planned_on, 9),
    )


def _items(session, officer, rng, at, rows, joint=None):
    act = {"session_id": session.pk, "actor": officer, "at": at}
    made = []
    for kind, title, report, speaker, minutes in rows:
        item = agenda.set_item(
            kind=kind, title=title, report=report, speaker=speaker, minutes=minutes, idempotency_key=_key(rng), **act
        )
        agenda.add_paper(title=f"{title}（材料）", item=item, text=PAPER, idempotency_key=_key(rng), **act)
        made.append(item)
    if joint is not None:
        title = f"确认联席会议关于{joint.title}的决定"
        item = agenda.set_item(kind="approve", title=title, joint=joint, idempotency_key=_key(rng), **act)
        agenda.add_paper(title=f"{title}（材料）", item=item, text=PAPER, idempotency_key=_key(rng), **act)
        made.append(item)
    return made


def _prepare(plant, session, officer, rng):
    """Bring a session to its day: steps, credentials, agenda, notice, opinions and answers."""
    day = session.opens_on
    on = {"motions": 50, "topics": 17, "discussion": 2, "preparatory": 0}
    _steps(session, officer, {code: _moment(day - dt.timedelta(days=n), 8) for code, n in on.items() if n > 10})
    joint = agenda.record_joint(
        term_id=session.term_id,
        held_on=day - dt.timedelta(days=80),
        kind="consult",
        title="高温津贴发放办法",
        text="高温津贴按月随工资发放，岗位名单由各单位工会核对后公布。",
        took_part=8,
        idempotency_key=_key(rng),
        actor=officer,
        at=_moment(day - dt.timedelta(days=79), 10),
    )
    fix_credentials(
        session_id=session.pk,
        counts_vacant=True,
        evidence="资格审查小组审查代表变动情况，向大会报告。",
        actor=officer,
        at=_moment(day - dt.timedelta(days=31), 15),
    )
    items = _items(session, officer, rng, _moment(day - dt.timedelta(days=14), 9), ITEMS, joint)
    names = [plant.leaders["YX"].name, plant.heads["YX"].name]
    if len(set(names)) == 2:
        items.append(
            agenda.set_item(
                session_id=session.pk,
                kind="elect",
                title="选举职工董事",
                names=names,
                seats=1,
                can_write_in=True,
                idempotency_key=_key(rng),
                actor=officer,
                at=_moment(day - dt.timedelta(days=14), 9),
            )
        )
    sent = _moment(day - dt.timedelta(days=9), 9)
    agenda.convene_session(session_id=session.pk, actor=officer, at=sent)
    delegates = list(session.deliveries.select_related("mandate__person"))
    for proof in rng.sample(delegates, len(delegates) * 9 // 10):
        proof.seen_at = sent + dt.timedelta(hours=rng.randint(1, 60))
        proof.save(update_fields=["seen_at"])
    heads = list(Delegation.objects.filter(term=session.term_id, head__isnull=False).select_related("head__person"))
    for place, (text, delegation) in enumerate(zip(OPINIONS, heads, strict=False)):
        opinion = agenda.give_opinion(
            item_id=items[(4, 5, 0)[place]].pk,
            text=text,
            is_collective=True,
            idempotency_key=_key(rng),
            actor=delegation.head.person,
            at=_moment(day - dt.timedelta(days=5), 15),
        )
        answer = "采纳，已写入修订草案。" if place != 1 else "先在两个单位试行三个月，再定是否推广。"
        when = _moment(day - dt.timedelta(days=3), 10)
        agenda.answer_opinion(opinion_id=opinion.pk, answer=answer, actor=officer, at=when)
    rest = {code: _moment(day - dt.timedelta(days=n), 8) for code, n in on.items() if n <= 10}
    _steps(session, officer, rest)


def _steps(session, officer, days):
    for code, moment in days.items():
        do_step(step_id=session.steps.get(code=code).pk, evidence=EVIDENCE[code], actor=officer, at=moment)


def _hold(plant, session, officer, rng):
    """Hold a session: the door, items through their procedure, one ballot with a question for each vote."""
    opens = session.opens_at
    delegates = list(
        Mandate.objects.filter(term=session.term_id, state="active").select_related("person").order_by("person__job_no")
    )
    there = rng.sample(delegates, max(len(delegates) * 93 // 100, -(-session.term.seats * 2 // 3)))
    come_in(session, there, officer=officer, rng=rng, ways={"code": 7, "list": 3})
    for line in barred(sheet_of(_fresh(session), opens)):
        hall.waive(
            session_id=session.pk,
            gate=line.gate,
            reason="上届代表调整后尚未补选，已列入补选计划。",
            basis="主席团第一次会议决定",
            actor=plant.chair,
            at=opens,
        )
    hall.open_session(session_id=session.pk, actor=officer, at=opens)
    clock = opens
    for item in session.items.order_by("position"):
        clock += dt.timedelta(minutes=3)
        running.call_item(item_id=item.pk, actor=officer, at=clock)
        item.refresh_from_db()
        while item.state == "running":
            clock += dt.timedelta(minutes=12)
            stage = next_stage(item)
            running.pass_stage(item_id=item.pk, stage=stage, words=WORDS[stage], actor=officer, at=clock)
            item.refresh_from_db()
    _vote(plant, session, there, officer, rng, clock + dt.timedelta(minutes=10))
    closed = clock + dt.timedelta(minutes=110)
    hall.close_session(session_id=session.pk, actor=officer, at=closed)
    hall.disclose_results(session_id=session.pk, actor=officer, at=closed + dt.timedelta(days=1, hours=2))
    _steps(session, officer, {"report": closed + dt.timedelta(days=5)})
    for place, (kind, name) in enumerate((("minutes", "一次会议纪要.png"), ("sign_in", "一次会议签到册.png"))):
        add_record(
            session_id=session.pk,
            kind=kind,
            upload=signed_paper(name),
            idempotency_key=_key(rng),
            actor=officer,
            at=closed + dt.timedelta(days=2, minutes=place),
        )


def _fresh(session):
    return Session.objects.select_related("term__unit").get(pk=session.pk)


def _vote(plant, session, there, officer, rng, at):
    items = list(session.items.filter(state="to_vote").order_by("position"))
    standing = {name for item in items for name in item.names}
    people = Person.objects.filter(pk__in=[one.person_id for one in there]).exclude(pk=officer.pk)
    scrutineers = [one for one in people.order_by("job_no") if one.name not in standing][:3]
    row = running.draw_up_poll(
        session_id=session.pk,
        items=items,
        title=f"职工代表大会表决（{session.opens_on.year}年）",
        grade=Grade.SIGNED_IN,
        scrutineers=scrutineers,
        closes_at=at + dt.timedelta(minutes=60),
        key=_key(rng),
        actor=officer,
        at=at,
    )
    minute = dt.timedelta(minutes=1)
    shares = [box.take_up_share(poll_id=row.poll_id, actor=one, at=at + minute) for one in scrutineers]
    poll = box.open_poll(poll_id=row.poll_id, actor=officer, at=at + 2 * minute)
    for one in there:
        answers = {}
        for place, question in enumerate(poll.definition.questions):
            if question.kind == "vote":
                answers[question.code] = rng.choices(Say.values, (90 - 3 * place, 5 + 2 * place, 5))[0]
            else:
                answers[question.code] = _choice(question, rng)
        box.cast_ballot(poll_id=poll.pk, person=one.person, answers=answers, at=at + dt.timedelta(minutes=20))
    over = at + dt.timedelta(minutes=61)
    box.count_poll(poll_id=poll.pk, codes=shares[:2], actor=officer, at=over + minute)
    box.publish_poll(poll_id=poll.pk, actor=officer, at=over + 5 * minute)


def _choice(question, rng):
    """Return what one delegate puts on the ballot of an election: a candidate, or now and then another name."""
    if rng.random() < 0.06:
        return {"marks": [], "names": [rng.choice(WRITTEN_IN)]}
    return {"marks": [rng.choices(question.codes, (8, 2))[0]], "names": []}


def _draft(session, officer, rng, at):
    """Leave a session in preparation: the call for motions is out, the agenda half written."""
    _steps(session, officer, {"motions": at - dt.timedelta(days=9)})
    _items(session, officer, rng, at - dt.timedelta(days=3), (ITEMS[0], ITEMS[2], ITEMS[4]))
