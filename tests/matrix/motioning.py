"""Motions for each works of the stage: for each act one in the state in which it is done."""

import datetime as dt
from types import SimpleNamespace

from congress.models import Delegation
from congress.operations import bodies, motion_offers, motion_review, motions
from congress.queries.motions import signers_of
from portal.kernel.days import local_day
from tests.factories import congress as made
from tests.factories import motions as makes
from tests.factories.cards import AT


def rows_of(side, term, sitting, group, session_id, planned):
    """Return {short route name: its arguments}; the author is the delegate who proposes, seconds and decides."""
    hall = SimpleNamespace(officer=side.officer, chair=side.chair)
    own, other, *rest = sitting
    delegation = Delegation.objects.get(term=term)
    bodies.set_delegation(
        term_id=term.pk,
        name=delegation.name,
        electing_units=list(delegation.electing_units.all()),
        head=own,
        delegation=delegation,
        actor=side.officer,
        at=AT,
    )
    floor = SimpleNamespace(
        hall=hall,
        delegates=sitting,
        proposer=other,
        committee=group,
        logistics=side.dept2,
        handler=side.handler,
        chief=side.head,
        at=AT,
    )
    values = makes.call_values(floor, closes_on=local_day(AT) + dt.timedelta(days=60), has_group_review=True)
    floor.call = motion_review.call_motions(session_id=session_id, **values)
    draft = makes.make_motion(floor, "draft", proposer=own)
    seconding = makes.make_motion(floor, "seconding", proposer=own, seconders=[other, rest[0]])
    asked = makes.make_motion(floor, "draft")
    motions.invite_seconders(motion_id=asked.pk, mandates=[own], actor=other.person, at=AT)
    in_group = makes.make_motion(floor, "submitted", seconders=rest[:2])
    waiting = _passed(floor, side, rest[:2])
    drafted, answered, closed = (_passed(floor, side, who) for who in (rest[:2], [own, rest[0]], rest[:2]))
    for place, motion in enumerate((drafted, answered, closed)):
        makes.file(motion, floor)
        makes.draft(motion, floor)
        if place:
            makes.approve(motion, floor)
            makes.deliver(motion, floor)
    for mandate in signers_of(makes.fresh(closed)):
        makes.rate(motion=closed, mandate=mandate, level=3)
    signed = _passed(floor, side, [own, rest[0]])
    sitters = {one.person_id for one in sitting}
    worker = next(one for one in made.staff_of_unit(own.electing_unit) if one.pk not in sitters)
    offer = motion_offers.offer_matter(
        mandate_id=own.pk,
        words=motion_offers.OfferWords("safety", "护栏松动", "挂牌半个月", True, draft.pk),
        actor=worker,
        at=AT,
    )
    return {
        "motion_edit": draft.pk,
        "motion_discard": draft.pk,
        **dict.fromkeys(("motion_invite", "motion_hand_in", "motion_take_back", "motion_withdraw"), seconding.pk),
        "motion_sign": asked.pk,
        "motion_unsign": signed.pk,
        "motion_group": in_group.pk,
        "motion_decide": waiting.pk,
        "motion_check": drafted.pk,
        **dict.fromkeys(("motion", "motion_print", "motion_rate", "motion_best"), answered.pk),
        "motion_archive": closed.pk,
        **dict.fromkeys(("motion_call", "motion_report", "motion_board"), floor.call.pk),
        "motion_call_new": planned,
        "offer_answer": offer.pk,
        "offer_take_back": offer.pk,
        "_committee": str(group.pk),
        "_colleague": str(rest[1].pk),
        "_filed": str(drafted.pk),
    }


def _passed(floor, side, seconders):
    """Return a motion that the head of the delegation has passed on to the committee."""
    motion = makes.make_motion(floor, "submitted", seconders=seconders)
    motion_review.review_in_group(motion_id=motion.pk, is_passed=True, opinion="", actor=side.worker, at=AT)
    return motion
