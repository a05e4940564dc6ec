"""Reads about units, people and rule numbers."""

from django.db.models import F, Q

from portal.kernel import rulebook

from .models import RuleValue, Unit


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
