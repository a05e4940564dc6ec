"""The share of satisfied answers as evidence for the assessment of a unit: only what the poll itself may show."""

from collections import defaultdict
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.deadlines.kept import within_unit
from portal.kernel.days import day_start, local_day
from portal.kernel.indicators import Behind, Indicator, Line, register_indicator

from .enums import PolledOn
from .models import SatisfactionPart, SatisfactionPoll, SatisfactionTally


def _in_days(since, until, prefix=""):
    return {
        f"{prefix}published_at__isnull": False,
        f"{prefix}is_given_up": False,
        f"{prefix}poll__closes_at__gte": day_start(since),
        f"{prefix}poll__closes_at__lt": day_start(until),
    }


def figures(subject, since, until, within=None):
    """
    Return (path, satisfied, answered) of polls that closed in these days, each shown part by itself, by one statement.

    The rest of a poll stands with the unit that was asked, so that together they are what is shown of the whole.
    """
    rows = SatisfactionTally.objects.filter(subject=subject, **_in_days(since, until, "satisfaction__"))
    found = defaultdict(lambda: [0, 0])
    columns = ("satisfaction__unit__path", "part__unit__path", "satisfied", "answered")
    for whole, part, satisfied, answered in rows.order_by("pk").values_list(*columns):
        found[part or whole][0] += satisfied
        found[part or whole][1] += answered
        if part:
            found[whole][0] -= satisfied
            found[whole][1] -= answered
    pairs = [(path, *pair) for path, pair in sorted(found.items()) if any(pair)]
    if within is None:
        return pairs
    return [row for row in pairs if within.path <= row[0] < within.path_end]


def withheld(subject, since, until):
    """Return the paths of the units whose figure a poll of these days does not show, by one statement."""
    shown = SatisfactionTally.objects.filter(subject=subject)
    polls = SatisfactionPoll.objects.filter(**_in_days(since, until)).exclude(
        pk__in=shown.filter(part=None).values("satisfaction")
    )
    parts = SatisfactionPart.objects.filter(**_in_days(since, until, "satisfaction__")).exclude(
        pk__in=shown.filter(part__isnull=False).values("part")
    )
    rows = polls.order_by().values_list("unit__path").union(parts.order_by().values_list("unit__path"))
    return {path for (path,) in rows}


def polls_behind(unit, since, until, reader):
    """Return the published polls of a unit, of those below, and of one above that counted it apart."""
    rows = SatisfactionPoll.objects.filter(**_in_days(since, until)).select_related("unit", "poll")
    own = within_unit(rows, unit)
    above = rows.filter(parts__unit=unit)
    return Behind(
        tuple(
            Line(str(one), reverse("evaluations:satisfaction", args=[one.pk]), local_day(one.poll.closes_at))
            for one in (own | above).distinct().order_by("poll__closes_at", "pk")
        )
    )


def register():
    """Offer both shares; called once, from ``apps.ready()``."""
    for order, subject, label in (
        (280, PolledOn.DISCLOSURE, _("Staff satisfied with disclosure")),
        (290, PolledOn.CONGRESS, _("Staff satisfied with the congress")),
    ):
        register_indicator(
            Indicator(
                code=f"satisfaction.{subject.value}",
                label=label,
                formula=_("“very” and “fairly satisfied” ÷ all answers of the yearly poll but “don't know”"),
                numerator=_("answers “very” or “fairly satisfied”; nearly all or nearly none as the edge of the band"),
                denominator=_("answers of the yearly satisfaction poll, “don't know” left out"),
                source=_("“seven ones” of Dafeng: one yearly rating of disclosure and congress by all staff"),
                figures=partial(figures, subject.value),
                behind=polls_behind,
                counts_people=True,
                withheld=partial(withheld, subject.value),
                order=order,
                is_monthly=False,
            )
        )
