"""
Motions in any stage, brought there by the real operations, at the congress of tests.factories.congress.

    floor = make_floor()                                # a confirmed term, a session, a committee, an open call
    motion = make_motion(floor, "filed")                # draft, seconding, submitted, filed, drafted, answered, closed
"""

import datetime as dt
import uuid
from types import SimpleNamespace

from congress.models import Body, Delegation, ElectingUnit, Mandate
from congress.operations import bodies, motion_replies, motion_review, motions
from congress.queries.motions import signers_of
from feedback import operations as feedback
from feedback.enums import DeliveryChannel, Outcome
from portal.accounts.enums import Role
from portal.kernel.days import day_start, local_day
from tests.factories.cards import AT, REPLY_TEXT
from tests.factories.congress import make_hall, make_session, make_term
from tests.factories.people import same_person, same_unit

STAGES = ("draft", "seconding", "submitted", "filed", "drafted", "approved", "answered", "closed")
WORDS = {
    "category": "living",
    "title": "关于改善倒班宿舍隔音和采光的提案",
    "cause": "倒班宿舍临街一侧夜间噪声大，职工白天补觉困难。",
    "grounds": "北楼二、三层四十间窗户为单层玻璃，去年收到同类意见十一条。",
    "proposal": "先改北楼二、三层四十间，列入明年福利费计划，由后勤服务部负责。",
    "is_open": True,
}


def words(**over):
    """Return what a form has cleaned of a motion."""
    return motions.MotionWords(**{"idempotency_key": uuid.uuid4(), **WORDS, **over})


def make_floor(*, at=AT, has_call=True, has_group_review=False, hall=None, days=30):
    """Make a congress whose delegates may hand motions in from today on, and departments that answer."""
    hall = hall or make_hall()
    term = make_term(hall, at=at)
    session = make_session(term, hall, opens_at=day_start(local_day(at) + dt.timedelta(days=60)), at=at)
    company = hall.company
    logistics, safety = same_unit("HQ", "后勤服务部", company), same_unit("AQ", "安全环保处", company)
    delegates = list(
        Mandate.objects.filter(term=term, electing_unit__unit=hall.shops[0], state="active")
        .select_related("person__unit", "term__unit", "electing_unit__unit")
        .order_by("seat")
    )
    members = list(Mandate.objects.filter(term=term, electing_unit__unit=hall.shops[1], state="active")[:3])
    committee = Body.objects.filter(term=term).first() or bodies.set_body(
        term_id=term.pk,
        kind="committee",
        name="提案审查委员会",
        remit="审查提案",
        decided_on=local_day(at),
        members=members,
        chair=members[0],
        actor=hall.officer,
        at=at,
    )
    bodies.set_delegation(
        term_id=term.pk,
        name="车间代表团",
        electing_units=list(ElectingUnit.objects.filter(term=term, unit=hall.shops[0])),
        head=delegates[-1],
        actor=hall.officer,
        at=at,
    )
    floor = SimpleNamespace(
        hall=hall,
        term=term,
        session=session,
        committee=committee,
        members=[one.person for one in members],
        delegates=delegates,
        proposer=delegates[0],
        head=Delegation.objects.get(term=term).head,
        logistics=logistics,
        safety=safety,
        handler=same_person("730001", "钱经办", logistics, (Role.HANDLER, logistics)),
        chief=same_person("730002", "孙科长", logistics, (Role.DEPARTMENT_HEAD, logistics)),
        assistant=same_person("730003", "周会办", safety, (Role.HANDLER, safety)),
        at=at,
        call=None,
    )
    if has_call:
        floor.call = motion_review.call_motions(
            session_id=session.pk, **call_values(floor, has_group_review=has_group_review, days=days)
        )
    return floor


def call_values(floor, *, days=30, **over):
    """Return the arguments of a lawful call."""
    today = local_day(floor.at)
    plain = {
        "committee": floor.committee,
        "opens_on": today,
        "closes_on": today + dt.timedelta(days=days),
        "has_group_review": False,
        "text": "围绕安全生产和职工生活。",
        "actor": floor.hall.officer,
        "at": floor.at,
    }
    return {**plain, **over}


def make_motion(floor, stage="filed", *, proposer=None, seconders=None, assists=(), at=None, outcome=None, **over):
    """Make a motion in a stage; two delegates second it unless others are named."""
    at, steps = at or floor.at, STAGES.index(stage)
    proposer = proposer or floor.proposer
    seconders = floor.delegates[1:3] if seconders is None else seconders
    act = {"actor": proposer.person, "at": at}
    motion = motions.write_motion(mandate_id=proposer.pk, words=words(**over), **act)
    if steps >= 1:
        motions.invite_seconders(motion_id=motion.pk, mandates=seconders, **act)
        for one in seconders:
            motions.sign_motion(motion_id=motion.pk, actor=one.person, at=at)
    if steps >= 2:
        motions.hand_in_motion(motion_id=motion.pk, **act)
    if steps >= 3:
        file(motion, floor, assists=assists, at=at)
    if steps >= 4:
        draft(motion, floor, outcome=outcome, at=at)
    if steps >= 5:
        approve(motion, floor, at=at)
    if steps >= 6:
        deliver(motion, floor, at=at)
    if steps >= 7:
        for mandate in signers_of(fresh(motion)):
            rate(motion, mandate, 3, at=at)
    return fresh(motion)


def fresh(motion):
    """Return a motion as its pages and rules read it."""
    return motions.motion_in_full(motion.pk)


def file(motion, floor, *, assists=(), at=AT, actor=None, **over):
    """Let the union record that the committee files it, and assign it to logistics."""
    plain = {"outcome": "filed", "reason": "属于企业职权范围，建议可行。", "lead_unit": floor.logistics}
    return motion_review.decide_motion(
        motion_id=motion.pk,
        actor=actor or floor.hall.officer,
        at=at,
        **{**plain, "assist_units": list(assists), **over},
    )


def draft(motion, floor, *, outcome=None, promised_on=None, at=AT):
    """Let the department send its reply for approval."""
    return feedback.submit_reply(
        inquiry_id=fresh(motion).inquiry_id,
        text=REPLY_TEXT,
        measures="已列入计划",
        outcome=outcome or Outcome.SOLVED,
        promised_on=promised_on,
        template=None,
        actor=floor.handler,
        at=at,
    )


def approve(motion, floor, *, at=AT):
    """Let the union check the reply and the head sign it."""
    motion_replies.check_reply(motion_id=motion.pk, is_passed=True, comment="", actor=floor.hall.officer, at=at)
    return feedback.approve_reply(inquiry_id=fresh(motion).inquiry_id, actor=floor.chief, at=at)


def deliver(motion, floor, *, at=AT):
    """Deliver the reply on the portal."""
    return feedback.deliver_reply(
        inquiry_id=fresh(motion).inquiry_id,
        channel=DeliveryChannel.PORTAL,
        delivered_on=local_day(at),
        place="",
        bulletin_no="",
        actor=floor.hall.officer,
        at=at,
    )


def rate(motion, mandate, level, *, comment="", at=AT):
    """Let one signer rate the reply."""
    return motion_replies.rate_motion(motion_id=motion.pk, level=level, comment=comment, actor=mandate.person, at=at)
