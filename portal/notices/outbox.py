"""
Posting notices, in the transaction of what they tell of.

A notice is one row per desk. The row is the truth: the inbox reads it at once,
the morning's digest gathers it, and urgent ones are passed on by mail and bots
as soon as the outbox is drained. The queue only rings the bell; a lost ring
costs at most the minute until the next scheduled draining.

Sweeps insert by SQL: ``INSERT INTO notices_notice (id, key, desk, kind,
subject, facts, is_urgent, at) SELECT … ON CONFLICT (key) DO NOTHING``, with
``key`` = ``<key> || '|' || <desk>`` as :func:`notice_key` makes it, the id and
the facts as for the ledger (portal.ledger.recording), and call
:func:`ring` once if any row was urgent.
"""

import logging
import time
from functools import partial

from celery import signature
from django.db import transaction

from portal.ledger.recording import clean_facts, subject_key

from .models import Notice
from .registry import notice_kind

logger = logging.getLogger(__name__)

LONGEST_KEY = 100
LONGEST_TEXT = 200
SILENCE = 30  # seconds for which a process does not knock again at a broker that was away

_broker = {"away_until": 0.0}


def post(*, kind, subject, desks, at, key, urgent=False, **facts):
    """
    Put a notice on each desk, once for its key, by one insert.

    ``subject`` is a saved model instance or a ready key. The facts are those
    that the kind's sentence needs: codes, numbers, dates and, unless the kind
    is confidential, short texts. Posting the same key again changes nothing.

    :raises UnknownNotice: when no app has registered the kind.
    :raises ValueError: when a fact is not what a notice may hold.
    """
    hidden = notice_kind(kind).hides(facts)
    kept = clean_facts(facts) if hidden else _plain(facts)
    about = subject_key(subject)
    notices = [
        Notice(key=notice_key(key, desk), desk=desk, kind=kind, subject=about, facts=kept, is_urgent=urgent, at=at)
        for desk in dict.fromkeys(desks)
    ]
    if not notices:
        return
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if urgent:
        ring()


def retell(*, kind, key, subject, **facts):
    """
    Put other facts into the notices of a kind about a thing, and return how many: what they told may no longer be read.

    ``key`` is how the keys of these notices begin, by which they are found.
    Who has read one keeps it as read; what has left the house by mail is out
    of reach. One statement, however many desks were told.

    :raises UnknownNotice: when no app has registered the kind.
    :raises ValueError: when a fact is not what a notice may hold.
    """
    kept = clean_facts(facts) if notice_kind(kind).hides(facts) else _plain(facts)
    told = Notice.objects.filter(key__startswith=key, kind=kind, subject=subject_key(subject))
    return told.update(facts=kept)


def notice_key(key, desk):
    """
    Return the key under which a desk gets a notice once.

    :raises ValueError: when it would not fit its column.
    """
    if not key or len(key) > LONGEST_KEY:
        raise ValueError(f"the key of a notice has 1 to {LONGEST_KEY} characters")
    return f"{key}|{desk}"


def ring():
    """Ask for the outbox to be drained once the transaction is through; without one, at once."""
    transaction.on_commit(partial(_ring, "portal.notices.drain"), robust=True)


def _ring(task):
    # By name, so that operations never import tasks; as a signature, so that eager tests run it.
    # A broker that is away must not hold up pages: settings allow one of them two seconds, the next do not ask.
    if time.monotonic() < _broker["away_until"]:
        return
    try:
        signature(task).apply_async(expires=50, retry=False)
    except Exception as error:
        _broker["away_until"] = time.monotonic() + SILENCE
        logger.warning("The queue is away (%s); the next scheduled draining delivers", type(error).__name__)


def _plain(facts):
    texts = {
        name: value
        for name, value in facts.items()
        if isinstance(value, str) and type(value) is str and len(value) <= LONGEST_TEXT and "\x00" not in value
    }
    return clean_facts({name: value for name, value in facts.items() if name not in texts}) | texts
