"""Signing in: counting wrong secrets, changing secrets, opening and ending sessions."""

import datetime as dt
import math
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from portal.kernel.days import day_start, local_day
from portal.kernel.verdicts import require

from .. import acts
from ..devices import STAYS
from ..models import Device, Person, SignInTry
from ..rules import may_end_sessions, may_lift_blocks

LONGEST_WAIT = 60
PREFERENCES = frozenset({"language", "is_elder_mode", "wants_mail", "has_seen_welcome", "phone", "email"})


def account_hash(job_no):
    """Return the part of a try's key that stands for the account; useless without the server's secret."""
    return salted_hmac("portal.accounts.try.account", job_no, algorithm="sha256").hexdigest()[:24]


def try_key(job_no, address):
    """Return the key of one account tried from one address."""
    pair = salted_hmac("portal.accounts.try.pair", f"{job_no}|{address}", algorithm="sha256").hexdigest()[:40]
    return account_hash(job_no) + pair


@transaction.atomic
def claim_try(*, job_no, address, at):
    """
    Take the right to test one secret; return 0, or the seconds to wait first.

    The try counts as a failure until :func:`forget_tries` is called, so that a
    hundred parallel guesses are one guess. The wait doubles from one second to
    a minute and belongs to account *and* address: a plant sits behind one
    address, and nobody may lock out a colleague (trust A9).
    """
    row, _made = SignInTry.objects.select_for_update().get_or_create(
        key=try_key(job_no, address), defaults={"last_at": at}
    )
    if row.blocked_until and row.blocked_until > at:
        return math.ceil((row.blocked_until - at).total_seconds())
    row.failures = min(row.failures + 1, 1000)
    row.last_at = at
    row.blocked_until = at + dt.timedelta(seconds=min(2 ** min(row.failures - 1, 10), LONGEST_WAIT))
    row.save(update_fields=["failures", "last_at", "blocked_until"])
    return 0


def forget_tries(*, job_no, address):
    """Drop the count after the right secret."""
    SignInTry.objects.filter(key=try_key(job_no, address)).delete()


@transaction.atomic
def lift_blocks(*, person_id, actor, at):
    """Let somebody who mistyped too often try again at once, from any address; return how many waits ended."""
    person = Person.objects.get(pk=person_id)
    require(may_lift_blocks(actor, person))
    count, _rows = SignInTry.objects.filter(key__startswith=account_hash(person.job_no)).delete()
    acts.record(verb="person.blocks_lifted", subject=person, actor=actor, at=at, count=count)
    return count


@transaction.atomic
def open_device(*, person, session_key, kind, label, at):
    """Note a new session where its owner sees it, and the day of the sign-in; the time of day is kept nowhere."""
    today = local_day(at)
    if person.last_login is None or local_day(person.last_login) != today:
        person.last_login = day_start(today)
        Person.objects.filter(pk=person.pk).update(last_login=person.last_login)
    last_day = local_day(at + STAYS[kind].absolute)
    return Device.objects.create(
        person=person, session_key=session_key, kind=kind, label=label[:80], signed_in_on=today, expires_on=last_day
    )


def close_device(*, session_key):
    """Forget a device whose session has ended."""
    if session_key:
        Device.objects.filter(session_key=session_key).delete()


@transaction.atomic
def end_device(*, device):
    """End the session of one device of the person who asks."""
    _drop_sessions([device.session_key])
    device.delete()


@transaction.atomic
def end_sessions(*, person_id, actor, at):
    """
    Sign a person out everywhere, from the next request on.

    :raises OperationRefused: unless the actor is the person, a security administrator or the system.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    if actor != "system":
        require(may_end_sessions(actor, person))
    bump_epochs(Person.objects.filter(pk=person.pk))
    acts.record(verb="person.sessions_ended", subject=person, actor=actor, at=at)
    person.refresh_from_db(fields=["session_epoch"])
    return person


@transaction.atomic
def end_all_sessions(*, at):
    """Sign everybody out; for an emergency, from the command line. Return how many people had a device."""
    count = Device.objects.values("person").distinct().count()
    people = Person.objects.filter(devices__isnull=False)
    acts.record_many(
        [
            {"verb": "person.sessions_ended", "subject": f"accounts.person:{pk}", "actor": "system", "at": at}
            for pk in set(people.values_list("pk", flat=True))
        ]
    )
    Person.objects.update(session_epoch=F("session_epoch") + 1)
    _drop_sessions(list(Device.objects.values_list("session_key", flat=True)))
    Device.objects.all().delete()
    return count


def bump_epochs(people):
    """End every session of the people of a query; the epoch is part of each session's fingerprint."""
    devices = Device.objects.filter(person__in=people.values("pk"))
    _drop_sessions(list(devices.values_list("session_key", flat=True)))
    devices.delete()
    people.update(session_epoch=F("session_epoch") + 1)


def _drop_sessions(keys):
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        store().delete(key)


@transaction.atomic
def change_secret(*, person, secret, at):
    """
    Set the person's own new secret, which ends every other session.

    The ledger gets the day only: a precise moment of somebody's own act could
    be joined with an anonymous card (trust A6).
    """
    locked = Person.objects.select_for_update().get(pk=person.pk)
    locked.set_password(secret)
    locked.has_to_change_secret = False
    locked.save(update_fields=["password", "has_to_change_secret"])
    Device.objects.filter(person=locked).delete()
    acts.record(verb="person.secret_changed", subject=locked, actor=None, at=at, day_only=True)
    person.password, person.has_to_change_secret = locked.password, False
    return person


def set_preferences(*, person, **values):
    """Keep how a person likes the portal: language, type size, mail; a matter between them and the portal."""
    if not set(values) <= PREFERENCES:
        raise ValueError(f"no preferences: {sorted(set(values) - PREFERENCES)}")
    Person.objects.filter(pk=person.pk).update(**values)
    for name, value in values.items():
        setattr(person, name, value)
    return person


def tidy(*, at):
    """Drop what has served its time: tries of a day ago, devices whose last day is over; return the counts."""
    tries, _rows = SignInTry.objects.filter(last_at__lt=at - dt.timedelta(days=1)).delete()
    devices, _rows = Device.objects.filter(expires_on__lt=local_day(at)).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {"tries": tries, "devices": devices}
