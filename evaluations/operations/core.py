"""What every operation on a round does alike: lock, move, write down, tell."""

from django.utils.translation import gettext as _

from portal.ballots.models import Elector
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import check_transition
from portal.ledger.recording import record
from portal.notices.outbox import post

from ..enums import ROUND_TRANSITIONS
from ..models import Round

OWNER = "appraisal"


def note(verb, subject, *, actor, at, **facts):
    """Write an act down in the ledger; there is no entry for a form, ever."""
    return record(verb=f"appraisal.{verb}", subject=subject, actor=actor, at=at, **facts)


def locked(round_id):
    """Return a round locked for this transaction, with its poll, its unit and the other side."""
    Round.objects.select_for_update(of=("self",)).only("pk").get(pk=round_id)
    return Round.objects.select_related("poll", "unit", "edition", "counterpart").get(pk=round_id)


def move(round_, target, *, fields=()):
    """
    Take a round to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(ROUND_TRANSITIONS, source=round_.state, target=target)
    round_.state = target
    round_.save(update_fields=["state", *fields])


def tell_voters(kind, round_, *, at, step="", **facts):
    """Put a notice on the desk of everybody on the frozen list, whoever has sent a form or not."""
    people = Elector.objects.filter(poll=round_.poll_id).values_list("person_id", flat=True)
    desks = [f"person:{key}" for key in sorted(people)]
    post(
        kind=kind, subject=round_, desks=desks, at=at, key=f"{kind}:{round_.pk.hex}:{step}", title=round_.title, **facts
    )


def own_of_key(model, key, actor, *, by, field="idempotency_key"):
    """
    Return what the form of this key has made already, or None; ``field`` is where the row keeps it.

    :raises Conflict: when it is somebody else's; a key is no secret.
    """
    found = model.objects.filter(**{field: key}).first()
    if found is not None and getattr(found, by) != actor.pk:
        raise Conflict(_("This form has been sent already. Begin a new one."))
    return found
