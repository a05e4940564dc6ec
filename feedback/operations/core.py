"""What every operation of feedback does alike: lock, move, count, tell."""

from django.db import connection

from portal.accounts.desks import desk_of, nearest_desk
from portal.accounts.enums import Role
from portal.accounts.queries import company
from portal.kernel.transitions import check_transition
from portal.ledger.recording import record
from portal.notices.outbox import post
from portal.search.operations import refresh_entry

from ..channels import tell_channel
from ..enums import TRANSITIONS, IdentityMode, InquiryKind, Outcome, RatingLevel, Route
from ..models import Inquiry, Tally
from ..queries import matter_at_work
from ..searching import KIND

NOW_MONTH = Tally.NOW
# The acts that change what everybody may read of a matter, or whether they may.
SHOWN_BY = {"registered", "planned", "delivered", "redacted", "hidden", "transferred"}


def locked(inquiry_id):
    """Return the inquiry locked for this transaction, with what its rules read."""
    Inquiry.objects.select_for_update(of=("self",)).only("pk").get(pk=inquiry_id)
    inquiry = matter_at_work(Inquiry.objects.filter(pk=inquiry_id))
    inquiry._counted = tallies_of(inquiry)
    return inquiry


def move(inquiry, target, *, fields=()):
    """
    Take the inquiry to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(TRANSITIONS, source=inquiry.state, target=target)
    inquiry.state = target
    inquiry.save(update_fields=["state", *fields])


def tallies_of(inquiry):
    """
    Return what one inquiry adds to the tallies: {(unit id, month, measure): how many}.

    The month is that of receipt. Measures are counted for the unit concerned
    and, with "d:" before them, for the department that leads; "is:<state>" says
    how many stand there now, "disc:<state>" the same for discipline inspection.
    What is with discipline inspection is counted for the enterprise as a whole:
    in the figures of a unit, one more would tell that somebody has reported it.
    feedback.operations.daily.recount says the same in SQL.
    """
    home_id = inquiry.unit_id if inquiry.route == Route.ORDINARY else company().pk
    month = inquiry.received_on.replace(day=1)
    measures = {
        "received": 1,
        "answered": int(inquiry.answered_on is not None),
        "on_time": int(bool(inquiry.was_in_time)),
        "landed": int(inquiry.outcome == Outcome.SOLVED),
        "rated": int(inquiry.rating is not None),
        "satisfied": int(inquiry.rating is not None and inquiry.rating >= RatingLevel.FAIR),
        "redo": inquiry.redo_count,
        "hidden": int(inquiry.hidden_class != ""),
    }
    found = {(home_id, NOW_MONTH, Tally.measure_of(inquiry.route, inquiry.state)): 1}
    found |= {(home_id, month, measure): n for measure, n in measures.items() if n}
    if inquiry.lead_unit_id is not None:
        found |= {(inquiry.lead_unit_id, month, f"d:{measure}"): n for measure, n in measures.items() if n}
    return found


def settle(inquiry):
    """Bring the tallies in line with what has become of the inquiry since it was locked, in one statement."""
    before, after = getattr(inquiry, "_counted", {}), tallies_of(inquiry)
    count({key: after.get(key, 0) - before.get(key, 0) for key in before.keys() | after.keys()})
    inquiry._counted = after


def count(changes):
    """
    Add to the tallies: {(unit id, month, measure): how many}, in one statement.

    Rows are touched in one order everywhere, so that two transactions never wait for each other in a ring.
    """
    rows = [(*key, n) for key, n in sorted(changes.items()) if n]
    if not rows:
        return
    adapt = connection.ops.adapt_datefield_value
    values = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    flat = [value for unit, month, measure, n in rows for value in (unit, adapt(month), measure, n)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feedback_tally (unit_id, month, measure, n) VALUES "  # noqa: S608 -- only placeholders are joined
            + values
            + " ON CONFLICT (unit_id, month, measure) DO UPDATE SET n = feedback_tally.n + excluded.n",
            flat,
        )


def note(verb, inquiry, *, actor, at, day_only=False, **facts):
    """
    Write an act down: in the ledger, under the inquiry, in the tallies, and in what the search finds of it.

    Then its channel hears of it.
    """
    settle(inquiry)
    if verb in SHOWN_BY:
        refresh_entry(kind=KIND, key=inquiry.number)
    record(verb=f"inquiry.{verb}", subject=inquiry, actor=actor, at=at, day_only=day_only, round=inquiry.round, **facts)
    tell_channel(verb, inquiry, at=at)


def inspection_of(inquiry):
    """
    Return the unit whose discipline inspection has a matter of that route.

    One level above the unit it is about, so that nobody there is reminded of
    it, and so far up that it covers the unit concerned: who is told can look.
    """
    unit = inquiry.about_unit.parent if inquiry.about_unit is not None else inquiry.unit.parent
    unit = unit or inquiry.unit
    while not unit.covers(inquiry.unit):
        unit = unit.parent
    return unit


def tell(kind, inquiry, *roles, at, unit=None, author=False, urgent=False, step="", also=()):
    """
    Put a notice on the desks of the nearest holders of the roles, on a named author's own, and on those in ``also``.

    On the discipline route only discipline inspection is told, and, of a report
    of retaliation, the union chair one level up. An unnamed author never gets a
    notice: a row with the person's desk would join the person to the card.
    """
    place = unit or inquiry.lead_unit or inquiry.unit
    if inquiry.route == Route.DISCIPLINE:
        desks = _desks_of_inspection(inquiry, roles, at)
    else:
        desks = {nearest_desk(role, place, at) for role in roles} | set(also)
    desks = sorted(desks)
    if author and inquiry.identity_mode == IdentityMode.NAMED:
        desks.append(desk_of(inquiry.author))
    if desks:
        post(
            kind=f"inquiry.{kind}",
            subject=inquiry,
            desks=desks,
            at=at,
            key=f"inquiry.{kind}:{inquiry.pk}:{inquiry.round}:{step}",
            urgent=urgent,
            number=inquiry.number,
            channel=inquiry.channel,
            is_private=inquiry.route == Route.DISCIPLINE or inquiry.identity_mode != IdentityMode.NAMED,
        )


def _desks_of_inspection(inquiry, roles, at):
    desks = set()
    if Role.DISCIPLINE_INSPECTOR in roles:
        desks.add(nearest_desk(Role.DISCIPLINE_INSPECTOR, inquiry.promise.unit, at))
    if Role.UNION_CHAIR in roles and inquiry.kind == InquiryKind.RETALIATION:
        desks.add(nearest_desk(Role.UNION_CHAIR, inspection_of(inquiry), at))
    return desks


def tell_received(inquiry, *, at):
    """Tell those who register it: the union, or discipline inspection and, of retaliation, the upper union."""
    if inquiry.route == Route.DISCIPLINE:
        tell("received", inquiry, Role.DISCIPLINE_INSPECTOR, Role.UNION_CHAIR, at=at, urgent=True)
    else:
        tell("received", inquiry, Role.UNION_OFFICER, unit=inquiry.unit, at=at)
