"""
Writing ballots and participation anew in random order, so that neither place nor transaction says who came when.

The rows are rewritten in the count's own transaction; giving the old ones back
(VACUUM) cannot be done inside one, so it follows, and a task redoes it where it
was missed.
"""

import logging
import secrets

from django.db import DatabaseError, connection

from ..enums import PollState
from ..models import Ballot, KeyBlob, PaperEntry, Participation, Poll, Scrutineer
from .core import rows

logger = logging.getLogger(__name__)
TABLES = (Ballot, Participation, KeyBlob, Scrutineer, PaperEntry)
A_BATCH = 500


def rebuild(poll):
    """Delete a counted poll's ballots and participation and insert them again, shuffled, under new keys."""
    shuffle = secrets.SystemRandom().shuffle
    ballots = [
        Ballot(poll=poll, group=group, ciphertext=bytes(ciphertext), tracker=tracker)
        for group, ciphertext, tracker in Ballot.objects.filter(poll=poll).values_list("group", "ciphertext", "tracker")
    ]
    electors = list(Participation.objects.filter(poll=poll).values_list("elector_id", flat=True))
    rows(Ballot).filter(poll=poll).delete()
    rows(Participation).filter(poll=poll).delete()
    shuffle(ballots)
    shuffle(electors)
    Ballot.objects.bulk_create(ballots, batch_size=A_BATCH)
    Participation.objects.bulk_create(
        (Participation(poll=poll, elector_id=one) for one in electors), batch_size=A_BATCH
    )
    poll.is_rebuilt = True
    poll.save(update_fields=["is_rebuilt"])


def vacuum(*, poll_id):
    """
    Give back the space of the old rows; return whether it could be done now.

    Inside a transaction, without the right to it, or while somebody holds the
    tables, it is left to the task.
    """
    if connection.in_atomic_block:
        return False
    try:
        is_done = _vacuum()
    except DatabaseError as error:
        logger.warning("The old places of ballots were not given back yet (%s)", type(error).__name__)
        return False
    if not is_done:
        logger.warning("The database did not give back the old places of ballots; its user must own their tables")
        return False
    return bool(Poll.objects.filter(pk=poll_id).update(is_vacuumed=True))


def _vacuum():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return True
        before = _files(cursor)
        cursor.execute("SET lock_timeout = '3s'")
        try:
            for model in TABLES:
                cursor.execute(f"VACUUM FULL {connection.ops.quote_name(model._meta.db_table)}")
        finally:
            cursor.execute("RESET lock_timeout")
        # Without the right to it PostgreSQL only warns: a table that was written anew has another file.
        return not before & _files(cursor)


def _files(cursor):
    tables = [model._meta.db_table for model in TABLES]
    cursor.execute("SELECT pg_relation_filenode(name::regclass) FROM unnest(%s) AS name", [tables])
    return {number for (number,) in cursor.fetchall()}


def vacuum_missed():
    """Give back what was left after a count; return for how many polls."""
    missed = list(
        Poll.objects.filter(
            state__in=[PollState.COUNTED, PollState.PUBLISHED], is_rebuilt=True, is_vacuumed=False
        ).values_list("pk", flat=True)
    )
    return sum(vacuum(poll_id=key) for key in missed)
