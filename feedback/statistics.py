"""What the counters say: by unit and month, with every rate's denominator, and a mark on small numbers."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Case, CharField, Count, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Concat, TruncMonth

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.queries import rule_value, units_within
from portal.deadlines.models import Promise
from portal.kernel.days import local_day, months_after

from . import clocks, numbers
from .enums import InquiryState, Route
from .models import Inquiry, Tally
from .queries import UNION, kept_by, under

REPLY_KINDS = clocks.kinds_of("reply", "redo")
ON_BOARD = [state for state in InquiryState if state not in (InquiryState.MERGED, InquiryState.CLOSED)]
COUNTED = ("received", "answered", "on_time", "landed", "rated", "satisfied", "redo", "hidden")


def board_counts(person):
    """Return how many matters stand in each state on a person's board, in one statement."""
    authority = authority_of(person)
    counters = (
        Tally.objects.filter(under(authority.units(*UNION)), month=Tally.NOW, measure__startswith="is:")
        .order_by()
        .values_list("measure")
        .annotate(count=Sum("n", output_field=IntegerField()))
    )
    if authority.holds(Role.DISCIPLINE_INSPECTOR, Role.UNION_CHAIR):
        # Few, and who sees which depends on whom they are about: counted as they stand.
        inspected = (
            kept_by(person)
            .filter(route=Route.DISCIPLINE, state__in=ON_BOARD)
            .order_by()
            .annotate(measure=Concat(Value("is:"), "state", output_field=CharField()))
            .values_list("measure")
            .annotate(count=Count("pk"))
        )
        counters = counters.union(inspected, all=True)
    counts = dict.fromkeys(InquiryState.values, 0)
    for measure, n in counters:
        counts[measure.removeprefix("is:")] += n
    return counts


@dataclass
class Figures:
    """The counters of one unit or month, and the rates that follow from them."""

    received: int = 0
    answered: int = 0
    on_time: int = 0
    landed: int = 0
    rated: int = 0
    satisfied: int = 0
    redo: int = 0
    hidden: int = 0
    overdue: int = 0
    small_n: int = 5

    def add(self, measure, n):
        setattr(self, measure, getattr(self, measure) + n)

    @property
    def open(self):
        """Received and not answered yet."""
        return self.received - self.answered

    @property
    def due(self):
        """The denominator of "on time": what was answered, and what should have been by now."""
        return self.answered + self.overdue

    @property
    def on_time_rate(self):
        return self.on_time / self.due if self.due else None

    @property
    def landed_rate(self):
        return self.landed / self.answered if self.answered else None

    @property
    def satisfied_rate(self):
        return self.satisfied / self.rated if self.rated else None

    @property
    def is_small(self):
        """Whether so few have rated that the rate says little and might point at people."""
        return 0 < self.rated < self.small_n

    @property
    def has_any(self):
        return any((self.received, self.answered, self.redo, self.overdue))


@dataclass
class Statistics:
    """Figures of a period: by unit in the order of the tree, by month, and in all."""

    since: dt.date
    until: dt.date  # the first of the month behind the last
    by_department: bool
    as_of: dt.datetime
    units: list = field(default_factory=list)  # (Unit, Figures)
    months: list = field(default_factory=list)  # (first of month, Figures)
    total: Figures = field(default_factory=Figures)

    @property
    def last(self):
        """The last day of the period."""
        return self.until - dt.timedelta(days=1)


def month_of(day):
    """Return the first of a day's month."""
    return day.replace(day=1)


def months_between(since, until):
    """Return the first of every month from since up to, without, until."""
    months = []
    while since < until and len(months) < 240:
        months.append(since)
        since = months_after(since, 1)
    return months


def statistics_of(units, *, since, until, at, by_department=False):
    """
    Return the figures of the units and all below them, gathered under their secondary units.

    ``since`` and ``until`` are firsts of months, the second one not included.
    Three statements, whatever the number of inquiries: units, counters, and the
    open promises that are late at this moment.
    """
    small_n = rule_value(numbers.SMALL_N, unit=None, at=at)
    found = list(units_within(units).order_by("path"))
    shown = {unit.path: unit for unit in found}
    top = min((unit.depth for unit in units), default=1)
    # One row for each unit right below the topmost, and one for the topmost itself.
    home = {unit.pk: unit.path[: 4 * (top + 1)] for unit in found}
    by_unit, by_month, total = defaultdict(Figures), defaultdict(Figures), Figures()

    def count(unit_id, month, measure, n):
        by_unit[home[unit_id]].add(measure, n)
        by_month[month].add(measure, n)
        total.add(measure, n)

    prefix = "d:" if by_department else ""
    measures = {prefix + measure: measure for measure in COUNTED}
    counters = Tally.objects.filter(
        unit__in=[unit.pk for unit in found], month__gte=since, month__lt=until, measure__in=list(measures)
    )
    for unit_id, month, measure, n in counters.values_list("unit_id", "month", "measure", "n"):
        count(unit_id, month, measures[measure], n)
    late = Inquiry.objects.filter(
        promise__in=Promise.objects.passed(at).filter(kind__in=REPLY_KINDS),
        received_on__gte=since,
        received_on__lt=until,
    )
    here = [unit.pk for unit in found]
    if by_department:
        late = late.filter(lead_unit__in=here).annotate(counted=F("lead_unit_id"))
    else:
        # As the counters have it: what is with discipline inspection counts for the enterprise, not for the unit.
        root = next((unit.pk for unit in found if unit.parent_id is None), None)
        inspected = Q(route=Route.DISCIPLINE) if root is not None else Q(pk__in=[])
        late = late.filter(Q(route=Route.ORDINARY, unit__in=here) | inspected).annotate(
            counted=Case(When(route=Route.ORDINARY, then=F("unit_id")), default=Value(root))
        )
    late = late.annotate(month=TruncMonth("received_on")).order_by()
    for unit_id, month, n in late.values_list("counted", "month").annotate(n=Count("pk")):
        count(unit_id, month, "overdue", n)
    for figures in (*by_unit.values(), *by_month.values(), total):
        figures.small_n = small_n
    return Statistics(
        since=since,
        until=until,
        by_department=by_department,
        as_of=at,
        units=[(shown[path], by_unit[path]) for path in sorted(by_unit) if path in shown],
        months=[(month, by_month.get(month) or Figures(small_n=small_n)) for month in months_between(since, until)],
        total=total,
    )


def quarter_of(day):
    """Return (since, until) of the quarter of a day, both firsts of months."""
    since = dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return since, months_after(since, 3)


def scorecard_of(units, *, at):
    """Return (figures of this quarter, of the last one) of the departments: their own past, no league table."""
    since, until = quarter_of(local_day(at))
    before = months_after(since, -3)
    now = statistics_of(units, since=since, until=until, at=at, by_department=True)
    last = statistics_of(units, since=before, until=since, at=at, by_department=True)
    return now, last
