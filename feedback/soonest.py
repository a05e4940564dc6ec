"""
The soonest due of what somebody has in hand, a page at a time, at the same price however much there is.

A join of matters and promises in the order of their due days leaves the choice
of a plan to the database's guess, and the guess is wrong: it takes "open" and
"assigned" for independent and sorts thousands of rows to show twenty-five. So
the promises are read first, by the index in due order, and then the matters.
"""

import datetime as dt
from dataclasses import dataclass

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.queries import units_within
from portal.deadlines.models import Promise
from portal.kernel.days import local_day
from portal.kernel.paging import KeysetPage, keyset_page, token_of

from . import clocks
from .queries import leader_inbox

ORDER = ("due_at", "unit_id", "id")
WINDOWS = (200, 1000, 5000)  # promises looked at, one reach after the other, until a page is full
LAMPS = ("red", "yellow", "blue", "grey")
KINDS = {"handle": ("reply", "redo"), "reported": ("reply", "redo"), "tracked": ("follow_up",)}


@dataclass(frozen=True)
class Inbox:
    """A page of an inbox, with how many of the soonest due show each lamp; ``is_capped`` when there are more."""

    page: KeysetPage
    counts: dict
    is_capped: bool


def soonest_due(person, tab, *, at, lamp="", token="", size=25):
    """Return a page of a tab whose matters are found by their promises (the keys of KINDS), the soonest due first."""
    promises, rows = _promises(person, tab), leader_inbox(person, tab)
    first, matters = _reach(promises, rows, token="", size=WINDOWS[0])
    counts = dict.fromkeys(LAMPS, 0)
    for promise in first.items:
        if promise["id"] in matters:
            counts[_lamp(promise, at)] += 1
    if lamp or token:
        page = _page(promises.filter(**_due_between(lamp, at)), rows, token=token, size=size)
    else:
        page = _page(promises, rows, token="", size=size, begun=(first, matters))
    return Inbox(page, counts, bool(first.next_token))


def _promises(person, tab):
    """Open promises that may stand behind the tab's matters; the matters' own condition decides."""
    authority = authority_of(person)
    if tab == "reported":
        own, inspected = authority.units(Role.LEADER_IN_CHARGE), []
    else:
        own, inspected = (
            authority.units(Role.DEPARTMENT_HEAD, Role.HANDLER),
            authority.units(Role.DISCIPLINE_INSPECTOR),
        )
    # Nothing here is in the union's hands: it has a lead department.
    hands = ([""] if own else []) + ([clocks.DISCIPLINE, clocks.RETALIATION] if inspected else [])
    kinds = clocks.kinds_of(*KINDS[tab], hands=hands)
    # Named one by one: for a single department the index is then read in order, without a sort.
    units = list(units_within([*own, *inspected]).order_by().values_list("pk", flat=True))
    where = {"unit": units[0]} if len(units) == 1 else {"unit__in": units}
    shown = ("id", "unit_id", "due_at", "due_on", "paused_on")
    return Promise.objects.open().filter(kind__in=kinds, **where).values(*shown)


def _reach(promises, rows, *, token, size):
    """Return a stretch of promises, and the matters among them: promise key to inquiry key."""
    window = keyset_page(promises, order=ORDER, token=token, size=size)
    if not window.items:
        return window, {}
    found = rows.filter(promise_id__in=[promise["id"] for promise in window.items])
    return window, dict(found.order_by().values_list("promise_id", "pk"))


def _page(promises, rows, *, token, size, begun=None):
    """Return a page; after the last reach it may be short of rows and still lead on."""
    taken, is_first = [], None
    for reach in WINDOWS:
        window, matters = begun or _reach(promises, rows, token=token, size=reach)
        begun, token = None, window.next_token
        is_first = window.is_first if is_first is None else is_first
        taken += [promise | {"inquiry": matters[promise["id"]]} for promise in window if promise["id"] in matters]
        if len(taken) > size:
            taken, token = taken[:size], token_of(taken[size - 1], ORDER)
        if len(taken) == size or not token:
            break
    keys = [promise["inquiry"] for promise in taken]
    shown = {inquiry.pk: inquiry for inquiry in rows.filter(pk__in=keys)} if keys else {}
    return KeysetPage([shown[key] for key in keys if key in shown], token, is_first)


def _lamp(promise, at):
    if promise["due_at"] <= at:
        return "red"
    if promise["paused_on"] is not None:
        return "grey"
    return "yellow" if promise["due_on"] <= _soon(at) else "blue"


def _due_between(lamp, at):
    """Return the filter on promises that show a lamp at a moment; none for no lamp."""
    return {
        "red": {"due_at__lte": at},
        "yellow": {"due_at__gt": at, "paused_on__isnull": True, "due_on__lte": _soon(at)},
        "blue": {"due_at__gt": at, "paused_on__isnull": True, "due_on__gt": _soon(at)},
        "grey": {"due_at__gt": at, "paused_on__isnull": False},
    }.get(lamp, {})


def _soon(at):
    return local_day(at) + dt.timedelta(days=5)
