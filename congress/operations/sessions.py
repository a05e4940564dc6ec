"""Sessions: planned, moved, put off, given up."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require

from ..enums import SessionKind, SessionState
from ..models import Session
from ..rules.sessions import may_cancel_session, may_move_session, may_plan_session, may_postpone_session
from .core import locked_session, locked_term, move_session_to, note, own_of_key, tell_delegates
from .planning import PUT_OFF, drop_steps, open_steps, rehang_steps


@transaction.atomic
def plan_session(
    *, term_id, kind, opens_at, closes_on, place, mode, proposer="", purpose="", idempotency_key, actor, at
):
    """
    Plan the next session of a term; an extra one says who asked for it and why.

    :raises OperationRefused: with the reason.
    :raises Conflict: when somebody planned one at the same time.
    """
    term = locked_term(term_id)
    if (done := own_of_key(Session, idempotency_key, actor, by="planned_by_id")) is not None:
        return done
    require(may_plan_session(actor, term, at))
    _require_days(term, opens_at, closes_on, at)
    if kind == SessionKind.EXTRA and not (proposer and purpose):
        raise OperationRefused(_("An extra session is asked for by somebody, for something: enter both."))
    others = list(term.sessions.exclude(state=SessionState.CANCELLED))
    _require_order(others, opens_at)
    session = Session(
        term=term,
        number=max((one.number for one in others), default=0) + 1,
        kind=kind,
        proposer=proposer if kind == SessionKind.EXTRA else "",
        purpose=purpose if kind == SessionKind.EXTRA else "",
        opens_at=opens_at,
        closes_on=closes_on,
        place=place,
        mode=mode,
        planned_by=actor,
        planned_at=at,
        idempotency_key=idempotency_key,
    )
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError as error:
        raise Conflict(_("Somebody has planned a session at the same time.")) from error
    note(
        "congress_session.planned",
        session,
        actor=actor,
        at=at,
        unit=term.unit.code,
        number=session.number,
        kind=session.kind,
        on=session.opens_on,
        mode=mode,
    )
    open_steps(session, at=at)
    return session


def _require_days(term, opens_at, closes_on, at):
    on = local_day(opens_at)
    if opens_at <= at:
        raise OperationRefused(_("The opening lies in the past."))
    if closes_on < on:
        raise OperationRefused(_("The last day lies before the opening."))
    if not (term.begins_on <= on and closes_on <= term.ends_on):
        raise OperationRefused(_("A session lies within its term."))


def _require_order(others, opens_at):
    """Sessions follow one another in the order of their numbers; ``others`` come before this one."""
    if any(one.opens_at >= opens_at for one in others):
        raise OperationRefused(_("A later session opens after the one before it."))


@transaction.atomic
def move_session(*, session_id, opens_at, closes_on, place, mode, actor, at):
    """
    Give a session another day, time, place or mode; who has been told of it already is told again.

    A postponed session becomes a planned one and is convened anew.

    :raises OperationRefused: with the reason.
    """
    session = locked_session(session_id)
    require(may_move_session(actor, session))
    _require_days(session.term, opens_at, closes_on, at)
    rest = session.term.sessions.exclude(state=SessionState.CANCELLED).exclude(pk=session.pk)
    _require_order([one for one in rest if one.number < session.number], opens_at)
    if any(one.opens_at <= opens_at for one in rest if one.number > session.number):
        raise OperationRefused(_("A later session opens after the one before it."))
    before, was_put_off = session.opens_on, session.state == SessionState.POSTPONED
    session.opens_at, session.closes_on, session.place, session.mode = opens_at, closes_on, place, mode
    session.save(update_fields=["opens_at", "closes_on", "place", "mode"])
    if was_put_off:
        session.reason, session.convened_at = "", None
        move_session_to(session, SessionState.PLANNED, fields=["reason", "convened_at"])
    note("congress_session.moved", session, actor=actor, at=at, before=before, on=session.opens_on, mode=mode)
    if session.opens_on != before or was_put_off:
        rehang_steps(session, actor=actor, at=at)
    if session.state == SessionState.CONVENED:
        tell_delegates("congress_session.moved", session, at=at, step=f"{at:%Y%m%d%H%M%S}", on=session.opens_on)
    return session


@transaction.atomic
def postpone_session(*, session_id, reason, actor, at):
    """Put a session off without a new day yet; the reason is public, delegates who were convened are told."""
    session = locked_session(session_id)
    require(may_postpone_session(actor, session))
    return _put_off(session, SessionState.POSTPONED, reason, actor, at)


@transaction.atomic
def cancel_session(*, session_id, reason, actor, at):
    """Give a session up; the reason is public, delegates who were convened are told."""
    session = locked_session(session_id)
    require(may_cancel_session(actor, session))
    return _put_off(session, SessionState.CANCELLED, reason, actor, at)


def _put_off(session, target, reason, actor, at):
    were_told = session.convened_at is not None
    session.reason = reason
    move_session_to(session, target, fields=["reason"])
    drop_steps(session, code=PUT_OFF, actor=actor, at=at)
    note(f"congress_session.{target}", session, actor=actor, at=at, on=session.opens_on)
    if were_told:
        step = f"{at:%Y%m%d%H%M%S}"
        tell_delegates(f"congress_session.{target}", session, at=at, step=step, urgent=True, on=session.opens_on)
    return session
