"""Once a day: close what nobody rated, tell of unnamed authors' words, compare counters with a recount."""

import datetime as dt
import logging

from django.db import connection, transaction
from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import TruncMonth

from portal.accounts.queries import company, rule_value
from portal.deadlines.operations import workday_limit
from portal.kernel.days import local_day

from .. import numbers
from ..enums import InquiryState, Outcome, RatingLevel, Route
from ..models import Inquiry, Tally
from .author import finish, tell_of_unnamed_authors
from .core import NOW_MONTH, count, locked

logger = logging.getLogger(__name__)


def run_daily(*, at):
    """Do the day's work and return what was done; safe to run any number of times."""
    today = local_day(at)
    return {
        "closed": close_unrated(today=today, at=at),
        "told": tell_of_unnamed_authors(day=today - dt.timedelta(days=1), at=at),
        "mended": len(mend_tallies()),
    }


def close_unrated(*, today, at):
    """Close matters whose author has not rated in time; unrated never counts as satisfied."""
    closed = 0
    answered = Inquiry.objects.filter(state=InquiryState.ANSWERED, answered_on__lt=today)
    days = {}
    for pk, answered_on in (
        answered.order_by("answered_on", "pk").values_list("pk", "answered_on").iterator(chunk_size=1000)
    ):
        if answered_on not in days:
            workdays = rule_value(numbers.RATING_WORKDAYS, unit=None, at=at)
            days[answered_on] = workday_limit(started_on=answered_on, count=workdays)
        if days[answered_on] >= today:
            break  # in order of day: all later ones have time left too
        try:
            closed += _close(pk, today=today, at=at)
        except Exception:  # one bad row must not keep the others waiting
            logger.exception("an answered matter could not be closed")
    return closed


@transaction.atomic
def _close(pk, *, today, at):
    inquiry = locked(pk)
    if inquiry.state != InquiryState.ANSWERED:
        return 0
    finish(inquiry, today=today, at=at, verb="closed_unrated")
    return 1


MEASURES = {
    "received": Count("pk"),
    "answered": Count("pk", filter=Q(answered_on__isnull=False)),
    "on_time": Count("pk", filter=Q(was_in_time=True)),
    "landed": Count("pk", filter=Q(outcome=Outcome.SOLVED)),
    "rated": Count("pk", filter=Q(rating__isnull=False)),
    "satisfied": Count("pk", filter=Q(rating__gte=RatingLevel.FAIR)),
    "redo": Sum("redo_count"),
    "hidden": Count("pk", filter=~Q(hidden_class="")),
}


def recount():
    """Return what the tallies should say, counted from the matters themselves: {(unit id, month, measure): n}."""
    # What is with discipline inspection counts for the enterprise (feedback.operations.core.tallies_of).
    root = company()
    home = Case(When(route=Route.ORDINARY, then=F("unit_id")), default=Value(root.pk if root else None))
    rows = Inquiry.objects.annotate(home_id=home)
    wanted = {}
    for unit, prefix, counted in (
        ("home_id", "", rows),
        ("lead_unit_id", "d:", rows.filter(lead_unit__isnull=False)),
    ):
        figures = (
            counted.annotate(month=TruncMonth("received_on"))
            .values(unit, "month")
            .annotate(**{f"n_{k}": v for k, v in MEASURES.items()})
        )
        for row in figures.order_by():
            wanted |= {
                (row[unit], row["month"], prefix + measure): row[f"n_{measure}"]
                for measure in MEASURES
                if row[f"n_{measure}"]
            }
    for row in rows.values("home_id", "route", "state").annotate(n=Count("pk")).order_by():
        wanted[row["home_id"], NOW_MONTH, Tally.measure_of(row["route"], row["state"])] = row["n"]
    return wanted


def mend_tallies():
    """
    Set tallies that differ from a recount right, log each, and return their keys.

    A difference is a fault of the program: the counters change in the
    transaction that changes the matter. It is mended and shouted about.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and is_outermost:
            with connection.cursor() as cursor:
                # Both readings of one moment, without holding up anybody who writes meanwhile.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        stored = {(t.unit_id, t.month, t.measure): t.n for t in Tally.objects.all()}
        wanted = recount()
    wrong = {key: wanted.get(key, 0) - stored.get(key, 0) for key in stored.keys() | wanted.keys()}
    wrong = {key: n for key, n in wrong.items() if n}
    for key, n in sorted(wrong.items()):
        logger.error("tally %s differs from its recount by %d", key, n)
    with transaction.atomic():
        count(wrong)
    return list(wrong)
