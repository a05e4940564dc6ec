"""Entries as sentences: the history that every object's page shows."""

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.models import Person, Unit
from portal.kernel.days import LOCAL, local_day
from portal.kernel.templatetags.words import say_day

from .models import Entry
from .registry import UnknownVerb, public_verbs, verb_of

LONGEST = 200
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")
_ROLES = dict(Role.choices)


@dataclass(frozen=True)
class Line:
    """One entry as it is read: its day, its time for staff, who acted, what was done and in which round, if any."""

    on: object
    time: str
    actor: str
    text: str
    verb: str
    round: int = 0


def history_of(subject, *more, with_time=False, with_all=False, limit=LONGEST):
    """
    Return the entries of a subject key, or of several that belong together, as lines, oldest first.

    One query, and one each for units and people that the sentences name.
    Verbs that are not public are left out unless ``with_all``; the time of day
    is given only ``with_time``, and never for entries that carry only a day.
    """
    entries = Entry.objects.filter(subject__in=[subject, *more]) if more else Entry.objects.filter(subject=subject)
    if not with_all:
        entries = entries.filter(verb__in=public_verbs())
    return lines_of(in_order(entries.order_by("-at", "-id")[:limit]), with_time=with_time)


def in_order(entries):
    """
    Return entries oldest first, those of one moment in the order in which their verbs are registered.

    One operation may record several acts with one moment, and an entry's key is random: the last signature,
    the approval and the appearance of a text would else be told in any order.
    """
    return sorted(entries, key=lambda entry: (entry.at, _place_of(entry.verb)))


def _place_of(verb):
    try:
        return verb_of(verb).place
    except UnknownVerb:
        return -1


def lines_of(entries, *, with_time=False, names=None):
    """Return entries as lines, in the order given; ``names`` when they have been read before."""
    names = names_in(entries) if names is None else names
    return [
        Line(
            on=local_day(entry.at),
            time=entry.at.astimezone(LOCAL).strftime("%H:%M") if with_time and not entry.is_day_only else "",
            actor=_actor(entry, names),
            text=_sentence(entry, names),
            verb=entry.verb,
            round=entry.facts.get("round") or 0,
        )
        for entry in entries
    ]


def sentence_for(entry):
    """Return one entry's sentence."""
    return _sentence(entry, names_in([entry]))


def _sentence(entry, names):
    try:
        verb = verb_of(entry.verb)
    except UnknownVerb:
        return entry.verb
    if callable(verb.sentence):
        return str(verb.sentence(entry.facts))
    words = defaultdict(lambda: "–")
    words |= {name: _words(verb, name, value, names) for name, value in entry.facts.items()}
    return str(verb.sentence) % words


def _words(verb, name, value, names):
    if isinstance(value, list):
        return "、".join(_words(verb, name, one, names) for one in value)
    if value is None:
        return "–"
    if name in verb.words:
        return str(verb.words[name](value))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, str) and _DAY.fullmatch(value):
        return say_day(dt.date.fromisoformat(value))
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        moment = dt.datetime.fromisoformat(value).astimezone(LOCAL)
        return f"{say_day(moment.date())} {moment:%H:%M}"
    return names.get((_kind_of(name), str(value)), str(value))


def _kind_of(name):
    """Facts whose name says that they hold a unit or a person."""
    last = name.rsplit("_", 1)[-1]
    return {"unit": "unit", "units": "unit", "person": "person"}.get(last, "")


def _actor(entry, names):
    if entry.actor == "system":
        return str(_("the portal"))
    try:
        verb = verb_of(entry.verb)
    except UnknownVerb:
        return ""
    by = str(_ROLES.get(entry.facts.get("as_role"), verb.by))
    if verb.names_actor and entry.actor:
        return names.get(("person", entry.actor.removeprefix("person:")), by)
    return by


def names_in(entries):
    """
    Return the names that the entries' sentences need, by ("unit", code or id) and ("person", id).

    One query for units and one for people, where there are any.
    """
    wanted = {"unit": set(), "person": set()}
    for entry in entries:
        for name, value in entry.facts.items():
            if kind := _kind_of(name):
                wanted[kind].update(
                    str(one) for one in (value if isinstance(value, list) else [value]) if one is not None
                )
        try:
            if verb_of(entry.verb).names_actor and entry.actor.startswith("person:"):
                wanted["person"].add(entry.actor.removeprefix("person:"))
        except UnknownVerb:
            continue
    names = {}
    if units := wanted["unit"]:
        ids = [int(unit) for unit in units if unit.isdigit() and len(unit) < 10]
        for key, code, name in Unit.objects.filter(Q(code__in=units) | Q(pk__in=ids)).values_list("pk", "code", "name"):
            names["unit", str(key)] = name
            names["unit", code] = name
    if people := wanted["person"]:
        names |= {
            ("person", str(key)): name for key, name in Person.objects.filter(pk__in=people).values_list("pk", "name")
        }
    return names
