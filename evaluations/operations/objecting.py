"""Objections to a figure: each is an inquiry of feedback; one that is upheld puts a correction beside the figure."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback.enums import IdentityMode, InquiryKind, Topic
from feedback.operations import InquiryDraft, open_inquiry
from portal.accounts.desks import desk_of, nearest_desk
from portal.accounts.enums import Role
from portal.accounts.queries import company, rule_value
from portal.kernel.indicators import PERCENT, indicator_of
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import record
from portal.notices.outbox import post

from .. import scorecard_numbers as numbers
from ..channel import OBJECTION
from ..enums.scorecards import OBJECTION_TRANSITIONS, ObjectionState, ScorecardState
from ..models import Correction, Objection, Snapshot
from ..queries.scorecards import lines_of
from ..rules.scorecards import is_dropped_by, may_contest, may_decide_objection
from .confirming import locked_card, tell_unit, total_now
from .freezing import points_for


def move_objection(objection, target, *, fields=()):
    """
    Take an objection to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(OBJECTION_TRANSITIONS, source=objection.state, target=target)
    objection.state = target
    objection.save(update_fields=["state", *fields])


@transaction.atomic
def contest_figure(*, snapshot_id, reason, idempotency_key, actor, at):
    """
    Object to a figure for the unit; the union of the enterprise registers it, and it is answered within thirty days.

    Sending the same form again returns the same objection.

    :raises OperationRefused: with the reason a person may read.
    """
    if known := Objection.objects.filter(inquiry__idempotency_key=idempotency_key, raised_by=actor).first():
        return known
    snapshot = Snapshot.objects.select_related("scorecard__unit__parent").get(pk=snapshot_id)
    card = snapshot.scorecard = locked_card(snapshot.scorecard_id)
    days = rule_value(numbers.CONTEST_DAYS, unit=card.unit, at=at)
    has_open = Objection.objects.filter(snapshot=snapshot, state=ObjectionState.OPEN).exists()
    require(may_contest(actor, snapshot, at, days=days, has_open=has_open))
    label = indicator_of(snapshot.indicator).label
    subject = _("Objection to a figure of %(unit)s for %(month)s: %(what)s") % {
        "unit": card.unit.name,
        "month": f"{card.month:%Y-%m}",
        "what": label,
    }
    draft = InquiryDraft(
        kind=InquiryKind.COMPLAINT,
        topic=Topic.RULES,
        unit=company(),
        subject=subject[:60],
        body=reason,
        identity_mode=IdentityMode.NAMED,
        idempotency_key=idempotency_key,
        may_publish=False,
    )
    receipt = open_inquiry(channel=OBJECTION, draft=draft, author=actor, actor=actor, at=at)
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                snapshot=snapshot, inquiry=receipt.inquiry, reason=reason, raised_by=actor, raised_at=at
            )
    except IntegrityError as error:
        raise OperationRefused(_("An objection to this figure is being looked into already.")) from error
    number = receipt.inquiry.number
    record(verb="scorecard.contested", subject=card, actor=actor, at=at, indicator=snapshot.indicator, number=number)
    desks = [nearest_desk(Role.UNION_CHAIR, card.unit.parent, at)]
    post(
        kind="scorecard.contested",
        subject=card,
        desks=desks,
        at=at,
        key=f"scorecard.contested:{objection.pk.hex}",
        unit=card.unit.name,
        month=card.month,
    )
    return objection


@transaction.atomic
def decide_objection(*, objection_id, is_upheld, numerator, denominator, answer, actor, at):
    """
    Decide on an objection. Upheld, the right figure is put beside the frozen one, and points and total follow from it.

    Where that would tell what few people said, the figure counts no more instead: nothing is printed and nothing kept
    of the right one.

    :raises OperationRefused: with the reason a person may read.
    """
    found = Objection.objects.select_for_update(of=("self",)).select_related("snapshot").get(pk=objection_id)
    card = locked_card(found.snapshot.scorecard_id)
    snapshot = next(one for one in card.snapshots.all() if one.pk == found.snapshot_id)
    snapshot.scorecard = card
    found.snapshot = snapshot
    require(may_decide_objection(actor, found))
    found.decided_by, found.decided_at, found.answer = actor, at, answer
    fields = ("decided_by", "decided_at", "answer")
    facts = {"indicator": snapshot.indicator, "number": found.inquiry.number}
    if is_upheld:
        move_objection(found, ObjectionState.UPHELD, fields=fields)
        verb, corrected = _correct(found, card, snapshot, numerator, denominator, actor, at)
        facts |= corrected
    else:
        move_objection(found, ObjectionState.REJECTED, fields=fields)
        verb = "objection_rejected"
    record(verb=f"scorecard.{verb}", subject=card, actor=actor, at=at, **facts)
    tell_unit("scorecard.objection_decided", card, at=at, step=found.pk.hex[:16], desks=[desk_of(found.raised_by)])
    return found


def _correct(objection, card, snapshot, numerator, denominator, actor, at):
    """Put the right figure beside the frozen one; return the verb and the facts of what was done."""
    indicator = indicator_of(snapshot.indicator)
    if numerator is None or denominator is None:
        raise OperationRefused(_("Please enter the right figure, above and below the line."))
    if indicator.measure == PERCENT and numerator > denominator:
        raise OperationRefused(_("What stands above the line is part of what stands below it and cannot be more."))
    is_dropped = is_dropped_by(snapshot, numerator, denominator, k=rule_value(numbers.SMALL_N, unit=None, at=at))
    if is_dropped:
        numerator = denominator = 0
    line = lines_of(card.scheme).get(snapshot.indicator)
    points = points_for(indicator, line, numerator, denominator) if line is not None else None
    Correction.objects.create(
        objection=objection,
        snapshot=snapshot,
        numerator=numerator,
        denominator=denominator,
        points=points,
        by=actor,
        at=at,
    )
    card = locked_card(card.pk)
    if card.state == ScorecardState.CONFIRMED:
        card.total = total_now(card)
        card.save(update_fields=["total"])
    total = "" if card.total is None else str(card.total)
    if is_dropped:
        return "figure_dropped", {"total": total}
    return "objection_upheld", {
        "numerator": numerator,
        "denominator": denominator,
        "points": "" if points is None else str(points),
        "total": total,
    }
