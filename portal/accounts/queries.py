"""Reads about units, people and rule numbers."""

from django.db.models import Count, F, Max, Q

from portal.kernel import rulebook
from portal.kernel.texts import clean_code, clean_line

from .authority import authority_of
from .models import Appointment, Device, Person, RuleValue, SignInTry, Unit
from .rules import READERS


def company():
    """Return the enterprise itself: the root of the tree."""
    return Unit.objects.filter(parent__isnull=True).order_by("path").first()


def units_within(units):
    """Return a Q-filtered query of all units inside any of the given ones."""
    within = Q(pk__in=[])
    for unit in units:
        within |= Q(path__gte=unit.path, path__lt=unit.path_end)
    return Unit.objects.filter(within)


def rule_value(key, *, unit, at):
    """
    Return a rule's number for a unit at a moment.

    The nearest unit with a value of its own wins, then the enterprise's, then
    the default that portal.kernel.rulebook declares with its source.
    """
    rule = rulebook.RULES[key]
    rows = RuleValue.objects.filter(key=key, since__lte=at).filter(
        Q(unit__isnull=True) | Q(unit__in=Unit.objects.above(unit) if unit else [])
    )
    best = rows.order_by(F("unit__path").desc(nulls_last=True), "-since").values_list("value", flat=True).first()
    return rule.default if best is None else best


def rule_values(key, *, units, at):
    """Return {unit's key: a rule's number} for many units by one query; each is what :func:`rule_value` returns."""
    rule = rulebook.RULES[key]
    newest = {}
    rows = RuleValue.objects.filter(key=key, since__lte=at).order_by("since", "pk")
    for path, value in rows.values_list("unit__path", "value"):
        newest[path or ""] = value  # of the enterprise: above every path

    def value_for(path):
        return next((newest[path[:end]] for end in range(len(path), -1, -1) if path[:end] in newest), rule.default)

    return {unit.pk: value_for(unit.path) for unit in units}


def units_readable_by(user):
    """Return the units whose roster somebody may look at."""
    return units_within(authority_of(user).units(*READERS))


def people_readable_by(user):
    """Return the people whom somebody may look up; everybody else is a 404."""
    return Person.objects.filter(unit__in=units_readable_by(user)).select_related("unit")


def people_found(people, text):
    """Narrow people to those whose job number, name, pinyin or initials fit what was typed."""
    text = clean_line(text)[:40]
    if not text:
        return people
    key, code = text.lower().replace(" ", ""), clean_code(text)
    fits = Q(name__contains=text) | Q(name_key__startswith=key) | Q(name_key__contains=f" {key}")
    return people.filter(fits | Q(job_no__startswith=code) if code else fits)


def unit_tree(units, *, with_closed=False):
    """Return units in tree order with the number of people of each, by one query."""
    units = units if with_closed else units.active()
    return (
        units.annotate(people_count=Count("people", filter=Q(people__is_active=True)))
        .select_related("parent")
        .order_by("path")
    )


def appointments_of(person):
    """Return a person's appointments, the running ones first."""
    return person.appointments.select_related("unit", "deputy_for__person", "granted_by").order_by(
        F("until").desc(nulls_first=True), "-since"
    )


def appointments_running(at):
    """Return all appointments in force or still to come, by unit and role, with their people."""
    rows = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gt=at))
    return rows.select_related("person__unit", "unit", "deputy_for__person").order_by(
        "unit__path", "role", "person__job_no"
    )


def devices_of(person):
    """Return where a person is signed in, newest day first."""
    return Device.objects.filter(person=person).order_by("-signed_in_on", "id")


def waits_overview(at):
    """Return how many accounts wait now after wrong secrets, from how many places, and the longest row of failures."""
    rows = SignInTry.objects.filter(blocked_until__gt=at)
    counts = rows.aggregate(places=Count("key"), worst=Max("failures"))
    accounts = len({key[:24] for key in rows.values_list("key", flat=True)[:5000]})
    return {"accounts": accounts, "places": counts["places"], "worst": counts["worst"] or 0}


def waits_of(account_hash, at):
    """Return the failures and waits of one account, by the hash of its job number."""
    return SignInTry.objects.filter(key__startswith=account_hash, blocked_until__gt=at).order_by("-blocked_until")


def rules_in_force(at):
    """Return every declared rule with the values set for the enterprise and for units, newest first, by one query."""
    rows = (
        RuleValue.objects.filter(since__lte=at)
        .select_related("unit", "set_by")
        .order_by("key", F("unit__path").asc(nulls_first=True), "-since", "-pk")
    )
    by_key = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    return [
        {"rule": rule, "own": _latest_by_unit(by_key.get(key, ())), "past": by_key.get(key, ())}
        for key, rule in sorted(rulebook.RULES.items())
    ]


def _latest_by_unit(rows):
    latest = {}
    for row in rows:
        latest.setdefault(row.unit_id, row)
    return list(latest.values())
