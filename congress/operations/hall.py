"""The hall: sign-in and leaving, opening, waivers, closing, results public."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.kernel.refusals import Conflict
from portal.kernel.texts import to_halfwidth
from portal.kernel.verdicts import OperationRefused, require

from ..enums import ItemState, MandateState, SessionState, SignInWay, StepCode
from ..models import Delivery, FrozenSheet, Mandate, Presence, Waiver
from ..queries.agenda import delegate_of
from ..queries.hall import attendance_of, has_live_polls, sheet_of
from ..rules import hall as rules
from ..validity import kept
from .core import locked_session, move_session_to, note
from .planning import pass_step, promise_after
from .speaking import leave_list


@transaction.atomic
def sign_in(*, session_id, mandate_id=None, code="", actor, at):
    """
    Sign a delegate in at the door, from the list or by the code on the phone.

    :raises OperationRefused: with the reason; a code that is nobody's is said.
    :raises Conflict: when the delegate is in the hall already, whoever was quicker.
    """
    session = locked_session(session_id)
    require(rules.may_sign_in(actor, session, at))
    if code:
        digits = to_halfwidth(code).replace(" ", "")
        mandate_id = Delivery.objects.filter(session=session, code=digits).values_list("mandate_id", flat=True).first()
        if mandate_id is None:
            raise OperationRefused(_("No delegate of this session has this code."))
    mandate = Mandate.objects.select_related("electing_unit__unit").filter(pk=mandate_id, term=session.term_id).first()
    if mandate is None or mandate.state != MandateState.ACTIVE:
        raise OperationRefused(_("Only delegates whose mandate runs sign in."))
    return _enter(session, mandate, SignInWay.CODE if code else SignInWay.LIST, actor, at)


@transaction.atomic
def sign_in_online(*, session_id, actor, at):
    """
    Sign in from afar: the delegate, where the session meets online too.

    :raises OperationRefused: with the reason.
    :raises Conflict: when the delegate is signed in already.
    """
    session = locked_session(session_id)
    mandate = delegate_of(session.term_id, actor)
    require(rules.may_sign_in_online(mandate, session, at))
    return _enter(session, mandate, SignInWay.ONLINE, actor, at)


def _enter(session, mandate, way, actor, at):
    row = Presence(session=session, mandate=mandate, way=way, arrived_at=at, recorded_by=actor)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("%(name)s is signed in already.") % {"name": mandate.name}) from error
    note("congress_session.signed_in", session, actor=actor, at=at, mandate=mandate.pk, way=way)
    return row


@transaction.atomic
def sign_out(*, session_id, mandate_id, actor, at):
    """
    Let a delegate leave the hall, and the list of speakers; a second call changes nothing.

    :raises OperationRefused: with the reason.
    """
    session = locked_session(session_id)
    require(rules.may_sign_in(actor, session, at))
    row = Presence.objects.filter(session=session, mandate=mandate_id, left_at__isnull=True).first()
    if row is not None:
        row.left_at = at
        row.save(update_fields=["left_at"])
        note("congress_session.left", session, actor=actor, at=at, mandate=row.mandate_id)
        leave_list(session, mandate_id, actor, at)
    return row


@transaction.atomic
def waive(*, session_id, gate, reason, basis, actor, at):
    """
    Put on record that a red line of the validity sheet is waived: who, why, on what basis.

    :raises OperationRefused: with the reason; what the law demands without exception cannot be waived.
    :raises Conflict: when it has been waived already.
    """
    session = locked_session(session_id)
    line = next(line for line in sheet_of(session, at) if line.gate == gate)
    require(rules.may_waive(actor, session, line))
    row = Waiver(
        session=session, gate=gate, short=line.short, reason=reason, basis=basis, waived_by=actor, waived_at=at
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("This line has been waived already.")) from error
    note("congress_session.waived", session, actor=actor, at=at, gate=gate, short=line.short)
    return row


@transaction.atomic
def open_session(*, session_id, actor, at):
    """
    Open a session: the validity sheet is read under the lock, and every line is met or waived.

    :raises OperationRefused: naming the red lines with what is short.
    """
    session = locked_session(session_id)
    require(rules.may_open_session(actor, session, sheet_of(session, at), at))
    found = attendance_of(session)
    session.opened_at = at
    move_session_to(session, SessionState.OPEN, fields=["opened_at"])
    note(
        "congress_session.opened",
        session,
        actor=actor,
        at=at,
        whole=found.whole,
        present=found.present,
        needed=found.needed,
    )
    return session


@transaction.atomic
def close_session(*, session_id, actor, at):
    """
    Close a session once nothing is left undone; results and the report to the upper union are owed from now on.

    :raises OperationRefused: naming what is left.
    """
    session = locked_session(session_id)
    left = list(session.items.filter(state__in=[ItemState.LISTED, ItemState.RUNNING, ItemState.TO_VOTE]))
    has_polls = has_live_polls(session)
    require(rules.may_close_session(actor, session, left=left, has_polls=has_polls))
    # As the congress met: a delegate who leaves the enterprise tomorrow changes nothing of what was valid today.
    FrozenSheet.objects.create(session=session, lines=[kept(line) for line in sheet_of(session, at)], at=at)
    session.closed_at = at
    move_session_to(session, SessionState.CLOSED, fields=["closed_at"])
    Presence.objects.filter(session=session, left_at__isnull=True).update(left_at=at)
    promise_after(session, at=at)
    states = list(session.items.values_list("state", flat=True))
    note(
        "congress_session.closed",
        session,
        actor=actor,
        at=at,
        items=len(states),
        adopted=states.count(ItemState.ADOPTED),
        rejected=states.count(ItemState.REJECTED),
    )
    return session


@transaction.atomic
def disclose_results(*, session_id, actor, at):
    """
    Make the results of a session public: its minutes, every item with its outcome.

    :raises OperationRefused: with the reason.
    """
    session = locked_session(session_id)
    require(rules.may_disclose(actor, session))
    move_session_to(session, SessionState.DISCLOSED)
    note("congress_session.disclosed", session, actor=actor, at=at)
    pass_step(session, StepCode.RESULTS, actor=actor, at=at)
    return session
