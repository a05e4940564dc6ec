"""What every operation of the congress does alike: lock, move, write down, tell."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import desk_of
from portal.kernel.refusals import Conflict
from portal.kernel.rows import only_one
from portal.kernel.transitions import check_transition
from portal.ledger.recording import record
from portal.notices.outbox import post

from ..enums import MANDATE_TRANSITIONS, SESSION_TRANSITIONS, TERM_TRANSITIONS
from ..models import ElectingUnit, Mandate, Session, Term


def note(verb, subject, *, actor, at, **facts):
    """Write an act down in the ledger."""
    return record(verb=verb, subject=subject, actor=actor, at=at, **facts)


def locked_term(term_id):
    """Return a term locked for this transaction, with what its rules read."""
    Term.objects.select_for_update(of=("self",)).only("pk").get(pk=term_id)
    return Term.objects.select_related("unit").prefetch_related("electing_units__unit", "extensions").get(pk=term_id)


def locked_unit(electing_unit_id):
    """Return an electing unit locked for this transaction, with its mandates."""
    ElectingUnit.objects.select_for_update(of=("self",)).only("pk").get(pk=electing_unit_id)
    rows = ElectingUnit.objects.select_related("unit", "term__unit")
    return rows.prefetch_related("mandates__person__unit").get(pk=electing_unit_id)


def locked_mandate(mandate_id):
    """Return a mandate locked for this transaction, after its electing unit: one order everywhere."""
    key = Mandate.objects.values_list("electing_unit_id", flat=True).get(pk=mandate_id)
    ElectingUnit.objects.select_for_update(of=("self",)).only("pk").get(pk=key)
    Mandate.objects.select_for_update(of=("self",)).only("pk").get(pk=mandate_id)
    return Mandate.objects.select_related(
        "term__unit", "electing_unit__unit", "electing_unit__term__unit", "person__unit", "meeting", "vacancy"
    ).get(pk=mandate_id)


def locked_session(session_id):
    """Return a session locked for this transaction, with its term; a term is locked before its sessions."""
    Session.objects.select_for_update(of=("self",)).only("pk").get(pk=session_id)
    return Session.objects.select_related("term__unit").get(pk=session_id)


def move_session_to(session, target, *, fields=()):
    """
    Take a session to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(SESSION_TRANSITIONS, source=session.state, target=target)
    session.state = target
    session.save(update_fields=["state", *fields])


def move_term(term, target, *, fields=()):
    """
    Take a term to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(TERM_TRANSITIONS, source=term.state, target=target)
    term.state = target
    term.save(update_fields=["state", *fields])


def move_mandate(mandate, target, *, fields=()):
    """
    Take a mandate to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(MANDATE_TRANSITIONS, source=mandate.state, target=target)
    mandate.state = target
    mandate.save(update_fields=["state", *fields])


def tell_delegate(kind, mandate, *, at, step="", **facts):
    """Put a notice on a delegate's own desk."""
    key = f"{kind}:{mandate.pk.hex}:{step}"
    post(kind=kind, subject=mandate, desks=[desk_of(mandate.person)], at=at, key=key, **facts)


def tell_delegates(kind, session, *, at, step="", urgent=False, **facts):
    """Put a notice on the desk of every delegate of a session's term."""
    people = Mandate.objects.live().filter(term=session.term_id).values_list("person_id", flat=True)
    desks = [f"person:{key}" for key in sorted(people)]
    post(kind=kind, subject=session, desks=desks, at=at, key=f"{kind}:{session.pk.hex}:{step}", urgent=urgent, **facts)


def own_of_key(model, key, actor, *, by):
    """
    Return what the form of this key has made already, or None; ``by`` is the path to who made it.

    Ask after the lock: a second press of the button waits there for the first.

    :raises Conflict: when it is somebody else's; a key is no secret.
    """
    found = only_one(model.objects.filter(idempotency_key=key))
    if found is None:
        return None
    owner = found
    for part in by.split("."):
        owner = getattr(owner, part)
    if owner != actor.pk:
        raise Conflict(_("This form has been sent already. Begin a new one."))
    return found


def insert_once(row, actor, *, by):
    """
    Insert a row of which nothing is locked; return None, or what another press of the same button has made.

    :raises Conflict: when it is somebody else's.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if (found := own_of_key(type(row), row.idempotency_key, actor, by=by)) is None:
            raise
        return found
    return None
