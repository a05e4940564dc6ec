"""Clocks in templates: {% clock_for promise as clock %}, then {% lamp clock %} or {% clock_sentence clock %}."""

from django import template
from django.utils import timezone

from portal.deadlines.clock import clock_of
from portal.deadlines.watch import steady

register = template.Library()


@register.simple_tag
def clock_for(promise):
    """Return the clock of a promise now; never at a moment before the last sweep."""
    return clock_of(promise, steady(timezone.now()))  # noqa: TID251 -- a page's now
