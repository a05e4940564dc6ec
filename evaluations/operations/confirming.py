"""A person's word on a sheet: confirming its points, or setting some otherwise with a reason."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import nearest_desk
from portal.accounts.enums import Role
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import record
from portal.notices.outbox import post

from ..enums.scorecards import SCORECARD_TRANSITIONS, ObjectionState, ScorecardState
from ..models import Award, Objection, Scorecard
from ..queries.scorecards import lines_of, sheet_of
from ..rules.scorecards import may_confirm
from ..scoring import total_of
from ..standing import points_now


def move_scorecard(card, target, *, fields=()):
    """
    Take a sheet to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(SCORECARD_TRANSITIONS, source=card.state, target=target)
    card.state = target
    card.save(update_fields=["state", *fields])


def locked_card(card_id):
    """Return a sheet locked for this transaction, with all that belongs to it."""
    Scorecard.objects.select_for_update(of=("self",)).only("pk").get(pk=card_id)
    return sheet_of(Scorecard.objects.filter(pk=card_id)).get()


def total_now(card, awards=None):
    """Return the total of a sheet as it stands, with points by indicator that are just being set."""
    awards, lines = awards or {}, lines_of(card.scheme)
    pairs = []
    for snapshot in card.snapshots.all():
        points = awards.get(snapshot.indicator, points_now(snapshot))
        if points is not None and snapshot.indicator in lines:
            pairs.append((points, lines[snapshot.indicator].weight))
    return total_of(pairs)


@transaction.atomic
def confirm_scorecard(*, scorecard_id, points, reasons, note, actor, at):
    """
    Confirm the points of a sheet; ``points`` and ``reasons`` are by indicator, and what is left out stays as proposed.

    Points set otherwise than they stand need a reason that the unit reads. From
    here on the people of the unit read the sheet.

    :raises OperationRefused: with the reason a person may read.
    """
    card = locked_card(scorecard_id)
    has_open = Objection.objects.filter(snapshot__scorecard=card, state=ObjectionState.OPEN).exists()
    require(may_confirm(actor, card, open_objections=has_open))
    lines, awards = lines_of(card.scheme), []
    for snapshot in card.snapshots.all():
        now, wanted = points_now(snapshot), points.get(snapshot.indicator)
        if now is None or wanted is None or wanted == now:
            continue
        if not Decimal(0) <= wanted <= lines[snapshot.indicator].weight:
            raise OperationRefused(_("Points lie between nought and the weight of their indicator."))
        if not reasons.get(snapshot.indicator):
            raise OperationRefused(_("Please say why the points differ from those proposed."))
        awards.append(Award(snapshot=snapshot, points=wanted, reason=reasons[snapshot.indicator], by=actor, at=at))
    Award.objects.bulk_create(awards)
    card.total = total_now(card, {award.snapshot.indicator: award.points for award in awards})
    card.confirmed_by, card.confirmed_at, card.note = actor, at, note
    move_scorecard(card, ScorecardState.CONFIRMED, fields=("total", "confirmed_by", "confirmed_at", "note"))
    record(
        verb="scorecard.confirmed",
        subject=card,
        actor=actor,
        at=at,
        month=card.month,
        unit=card.unit.code,
        total="" if card.total is None else str(card.total),
        set_otherwise=len(awards),
    )
    tell_unit("scorecard.confirmed", card, at=at, total=str(card.total or ""))
    return card


def tell_unit(kind, card, *, at, step="", desks=(), **facts):
    """Put a notice on the desks of those who answer for the unit, and its union."""
    roles = (Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE, Role.UNION_CHAIR)
    desks = dict.fromkeys([*(nearest_desk(role, card.unit, at) for role in roles), *desks])
    post(
        kind=kind,
        subject=card,
        desks=list(desks),
        at=at,
        key=f"{kind}:{card.pk.hex}:{step}",
        unit=card.unit.name,
        month=card.month,
        **facts,
    )
