"""What every operation of disclosures does alike: lock, move, number, write down, tell."""

import logging

from django.db import connection
from django.utils.translation import gettext as _

from portal.accounts.desks import desk_of, nearest_desk
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import check_transition
from portal.ledger.recording import record
from portal.notices.outbox import post
from portal.search.operations import refresh_entry

from ..enums import TRANSITIONS
from ..models import Publication
from ..queries.publications import working_publication
from ..searching import KIND

# The notices that name a text's title, which is public by then.
TITLED = ("published", "subscribed")

logger = logging.getLogger(__name__)


def locked(publication_id):
    """Return the publication locked for this transaction, with what its rules read."""
    Publication.objects.select_for_update(of=("self",)).only("pk").get(pk=publication_id)
    return working_publication(publication_id)


def move(publication, target, *, fields=()):
    """
    Take the publication to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(TRANSITIONS, source=publication.state, target=target)
    publication.state = target
    publication.save(update_fields=["state", *fields])


def next_serial(year):
    """Return the next public number of the year; its row is the lock, so numbers have no gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosures_publicationseries (year, last) VALUES (%s, 1)"
            " ON CONFLICT (year) DO UPDATE SET last = disclosures_publicationseries.last + 1 RETURNING last",
            [year],
        )
        return cursor.fetchone()[0]


def one_by_one(keys, act, failed):
    """
    Let an act return how many it did for each key, and return them all.

    One bad row must not keep the others waiting: it is logged by ``failed``, a
    sentence with a %s for the key, and comes up again with the next run.
    """
    done = 0
    for key in keys:
        try:
            done += act(key)
        except Exception:
            logger.exception(failed, key)
    return done


def own_of_key(model, key, actor, *, by):
    """
    Return what the form of this key has made already, or None; ``by`` names the field of who made it.

    :raises Conflict: when it is somebody else's; a key is no secret.
    """
    found = model.objects.filter(idempotency_key=key).first() if key else None
    if found is not None and getattr(found, f"{by}_id") != actor.pk:
        raise Conflict(_("This form has been sent already. Begin a new one."))
    return found


def require_read(read, current):
    """
    Ask that what a second person has read is what stands there now; ``read`` None: nothing was remembered.

    :raises Conflict: when somebody has changed it between the page and the yes.
    """
    if read is not None and read != current:
        raise Conflict(_("The text has been changed since you opened this page. Please read it again."))


def note(verb, subject, *, actor, at, **facts):
    """Write an act down in the ledger."""
    return record(verb=verb, subject=subject, actor=actor, at=at, **facts)


def refile(publication):
    """Bring what the search finds of a text in line with what may be read of it now."""
    if publication.number:
        refresh_entry(kind=KIND, key=publication.number)


def tell(kind, publication, *roles, at, unit=None, person=None, step="", urgent=False):
    """Put a notice on the desks of the nearest holders of the roles, and on a person's own."""
    place = unit or publication.owner
    desks = sorted({nearest_desk(role, place, at) for role in roles})
    if person is not None:
        desks.append(desk_of(person))
    if desks:
        post(
            kind=f"publication.{kind}",
            subject=publication,
            desks=desks,
            at=at,
            key=f"publication.{kind}:{publication.pk.hex}:{publication.round}:{step}",
            urgent=urgent,
            code=publication.item.code,
            **({"title": publication.title} if kind in TITLED else {}),
        )
