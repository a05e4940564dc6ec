"""The inbox: what lies on the desks a person holds."""

import datetime as dt
from functools import cache

from django.db.models import CharField, DateTimeField, Exists, F, Max, OuterRef, Q, UUIDField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from portal.accounts.authority import authority_of
from portal.accounts.desks import desk_of
from portal.accounts.models import Appointment, Person
from portal.kernel.prepared import Counted, Prepared, Slot

from .models import Bot, Channel, Dispatch, DispatchState, Notice, Reading

MOST_COUNTED = 100  # shown as 99+
OWN_UNREAD = "own_unread"
BEFORE_ALL = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
DIGEST_REACH = dt.timedelta(days=7)


def desks_of(person):
    """Return the desks a person reads now, from the authority already read for this request."""
    grants = authority_of(person).grants
    return [desk_of(person), *sorted({f"{role}:{unit.pk}" for role, unit in grants})]


def notices_for(person):
    """Return the notices on a person's desks, each with ``is_read``; order by ("-at", "-id")."""
    read = Exists(Reading.objects.filter(notice=OuterRef("pk"), person=person))
    if person.notices_read_to:
        read = Q(at__lte=person.notices_read_to) | read
    return Notice.objects.filter(desk__in=desks_of(person)).annotate(is_read=read)


def notices_unread(person):
    """Return those the person has not read."""
    return _unread(desks_of(person), person.notices_read_to, person)


def _unread(desks, read_to, person):
    unread = Notice.objects.filter(desk__in=desks)
    if read_to:
        unread = unread.filter(at__gt=read_to)
    return unread.filter(~Exists(Reading.objects.filter(notice=OuterRef("pk"), person=person)))


def unread_count(person, at=None):
    """
    Return how many notices a person has not read, at most 100; ``at`` leaves out later ones.

    One query for whoever holds a role; for all others it has been read with the person as the request began.
    """
    own = getattr(person, OWN_UNREAD, None)
    if own is not None and at is None and not authority_of(person).grants:
        return own
    desks = {f"desk{number}": desk for number, desk in enumerate(desks_of(person))}
    values = {"person": person.pk, "read_to": person.notices_read_to, "at": at, **desks}
    return len(_counting(tuple(desks), bool(person.notices_read_to), at is not None).rows(**values))


def own_unread():
    """Return how many on the own desk have not been read, as an expression of a person (portal.accounts.beside)."""
    read_to = Coalesce(OuterRef("notices_read_to"), Value(BEFORE_ALL))
    unread = _unread([Slot("own_desk", CharField())], read_to, Slot("person", UUIDField()))
    return Counted(unread.order_by().values_list(Value(1))[:MOST_COUNTED])


@cache
def _counting(desks, has_read_to, has_end):
    """Return the prepared statement of the badge on every page, for so many desks."""

    def build():
        read_to = Slot("read_to", DateTimeField()) if has_read_to else None
        unread = _unread([Slot(desk, CharField()) for desk in desks], read_to, Slot("person", UUIDField()))
        if has_end:
            unread = unread.filter(at__lte=Slot("at", DateTimeField()))
        return unread.order_by().values_list(Value(1))[:MOST_COUNTED]

    return Prepared(build, by_key=True)


def holders_of(desks, at):
    """Return a dict from each desk to the people who read it at a moment, by at most two queries."""
    held = {desk: [] for desk in desks}
    own = {desk.removeprefix("person:"): desk for desk in desks if desk.startswith("person:")}
    if own:
        for person in Person.objects.filter(pk__in=list(own), is_active=True):
            held[own[str(person.pk)]].append(person)
    wanted = Q(pk__in=[])
    roles = {}
    for desk in desks:
        role, _mark, unit = desk.partition(":")
        if role != "person" and unit.isdigit():
            roles.setdefault(role, []).append(int(unit))
    for role, units in roles.items():
        wanted |= Q(role=role, unit__in=units)
    if roles:
        rows = Appointment.objects.current(at).filter(wanted, person__is_active=True).select_related("person")
        for row in rows:
            people = held[f"{row.role}:{row.unit_id}"]
            if row.person not in people:
                people.append(row.person)
    return held


def digest_readers(at):
    """
    Return the people for whom something new has come since their last digest.

    New means unread, at most a week old, and later than the last digest made
    for the person; so a digest that did not run yesterday is made up for today.
    """
    since = at - DIGEST_REACH
    latest = dict(
        Notice.objects.filter(at__gt=since, at__lte=at).values_list("desk").annotate(last=Max("at")).order_by()
    )
    newest = {}
    for desk, people in holders_of(list(latest), at).items():
        for person in people:
            if person.email and person.wants_mail:
                known = newest.get(person.pk, (person, latest[desk]))[1]
                newest[person.pk] = (person, max(known, latest[desk]))
    made = dict(
        Dispatch.objects.filter(channel=Channel.MAIL, key__startswith="digest:", person__in=list(newest))
        .values_list("person")
        .annotate(last=Max("created_at"))
        .order_by()
    )
    return [
        person
        for person, last in newest.values()
        if last > (person.notices_read_to or since) and last > made.get(person.pk, since)
    ]


def dispatches_shown(state=""):
    """Return dispatches for the outbox page; order by ("-created_at", "-id")."""
    rows = Dispatch.objects.select_related("person", "bot")
    return rows.filter(state=state) if state else rows


def dispatches_stuck(at=None):
    """Return what waits longer than an hour, as the watch on the outbox counts it."""
    moment = (at or timezone.now()) - dt.timedelta(hours=1)  # noqa: TID251 -- a page's now
    return Dispatch.objects.filter(state=DispatchState.WAITING, created_at__lt=moment)


def has_failed_dispatches():
    """Whether a message has been given up by the portal and waits for a person to decide."""
    return Dispatch.objects.filter(state=DispatchState.FAILED).exists()


def bots_listed():
    """Return all bots with their units."""
    return Bot.objects.select_related("unit").annotate(unit_path=F("unit__path")).order_by("unit_path", "name")
