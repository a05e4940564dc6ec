"""
Writing to the ledger: one insert in the transaction of the act itself.

Sweeps that record thousands of acts insert by SQL instead: ``INSERT INTO
ledger_entry (id, verb, subject, actor, at, is_day_only, facts) SELECT …``. The
id is ``gen_random_uuid()`` on PostgreSQL and ``lower(hex(randomblob(16)))`` on
SQLite (32 characters, no dashes); facts are ``jsonb_build_object(…)`` or
``json_object(…)`` and keep to the rules of :func:`clean_facts`. A trigger puts
every new entry into the queue of the sealer, whoever inserts it.
"""

import datetime as dt
import re
import uuid

from django.db import models

from portal.accounts.models import Person
from portal.kernel.days import day_start, local_day

from .models import Entry
from .registry import verb_of

SYSTEM = "system"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Codes, ids, hashes, ISO dates: no spaces and no letters beyond ASCII, so that nothing
# a person wrote and nothing translated can slip into a chain that is never erased.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+/#=-]{0,127}|")
_SUBJECT = re.compile(r"[a-z][a-z0-9_.]*:[A-Za-z0-9._-]+")
_LARGEST = 2**53 - 1  # the same number in every JSON reader


def record(*, verb, subject, actor, at, day_only=False, **facts):
    """
    Put one act into the ledger, in the caller's transaction, by one insert.

    ``subject`` is a saved model instance or a ready key; ``actor`` a person,
    ``"system"``, or None for an author who is not to be named. With
    ``day_only`` only the day is stored, as its midnight at the plant.
    ``facts`` are codes, ids, whole numbers, dates, flags, or lists of them; the
    fact ``sha256`` is the fingerprint that a person was given, by which the
    page "Check the ledger" finds the entry.

    :raises UnknownVerb: when no app has registered the verb.
    :raises ValueError: when a fact, the subject or the actor is not what the chain may hold.
    """
    entry = _entry(verb=verb, subject=subject, actor=actor, at=at, day_only=day_only, facts=facts)
    entry.save()
    return entry


def record_many(acts, *, batch_size=2000):
    """
    Put many acts into the ledger by few statements; each is a dict of :func:`record`'s arguments.

    :raises ValueError: as record does, before anything is written.
    """
    return Entry.objects.bulk_create([_from_arguments(**act) for act in acts], batch_size=batch_size)


def entry_for_many(*, verb, actor, at, **facts):
    """
    Return an unsaved entry as many are written alike, whatever their subject; facts that differ are the caller's.

    For jobs that insert by SQL (portal.kernel.inserting), with a subject and an id of their own.

    :raises ValueError: as record does.
    """
    return _entry(verb=verb, subject="ledger.entry:many", actor=actor, at=at, day_only=False, facts=facts)


def subject_key(obj):
    """Return the key under which the ledger knows an object: "feedback.inquiry:<uuid>"; a ready key stays as it is."""
    key = obj if isinstance(obj, str) else f"{obj._meta.label_lower}:{obj.pk}"
    if not _SUBJECT.fullmatch(key) or len(key) > 80:
        raise ValueError(f"not a subject key: {key!r}")
    return key


def actor_key(actor):
    """Return "person:<uuid>", "system", or "" for an author who is not to be named."""
    if actor is None:
        return ""
    if isinstance(actor, Person):
        return f"person:{actor.pk}"
    if actor == SYSTEM:
        return SYSTEM
    raise ValueError(f"an actor is a person, 'system' or None, not {type(actor).__name__}")


def clean_facts(facts):
    """
    Return the facts as the chain may hold them: ids, dates and moments become text, enum members their codes.

    :raises ValueError: naming the fact, never its value, which could be what somebody wrote.
    """
    return {_fact_name(name): _fact(name, value) for name, value in facts.items()}


def _from_arguments(*, verb, subject, actor, at, day_only=False, **facts):
    return _entry(verb=verb, subject=subject, actor=actor, at=at, day_only=day_only, facts=facts)


def _entry(*, verb, subject, actor, at, day_only, facts):
    verb_of(verb)
    if at.tzinfo is None:
        raise ValueError("the time of an act must be aware")
    return Entry(
        verb=verb,
        subject=subject_key(subject),
        actor=actor_key(actor),
        at=day_start(local_day(at)) if day_only else at.astimezone(dt.UTC),
        is_day_only=day_only,
        facts=clean_facts(facts),
    )


def _fact_name(name):
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name for a fact: {name!r}")
    return name


def _fact(name, value, *, is_nested=False):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) <= _LARGEST:
        return int(value)
    if isinstance(value, models.enums.Choices):
        value = value.value
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise ValueError(f"the moment {name!r} must be aware")
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and _CODE.fullmatch(value):
        return str(value)
    if isinstance(value, (list, tuple)) and not is_nested:
        return [_fact(name, one, is_nested=True) for one in value]
    raise ValueError(f"the fact {name!r} is no code, id, whole number, date or list of these")
