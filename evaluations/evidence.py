"""Evidence that the evaluations themselves offer for the assessment of a unit."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from portal.deadlines.kept import within_unit
from portal.kernel.days import day_start, local_day
from portal.kernel.indicators import Behind, Indicator, Line, register_indicator

from .enums import RoundState
from .models import Round

NOT_HELD = (RoundState.DRAFT, RoundState.CANCELLED)
COUNTED = (RoundState.COUNTED, RoundState.PUBLISHED)


def _rounds(since, until, within):
    rows = Round.objects.exclude(state__in=NOT_HELD)
    return within_unit(rows.filter(closes_at__gte=day_start(since), closes_at__lt=day_start(until)), within)


def appraisal_figures(since, until, within=None):
    """Return (path, appraisals counted, appraisals announced) of what closed in these days."""
    rows = _rounds(since, until, within).order_by().values_list("unit__path")
    return rows.annotate(counted=Count("pk", filter=Q(state__in=COUNTED)), announced=Count("pk"))


def appraisal_behind(unit, since, until, reader):
    """Return the appraisals by title; what was said in them has its own page and its own thresholds."""
    rows = _rounds(since, until, unit).order_by("closes_at", "pk")
    return Behind(
        tuple(Line(round_.title, "", local_day(round_.closes_at), round_.state in COUNTED) for round_ in rows)
    )


def register():
    """Offer the evidence; called once, from ``apps.ready()``."""
    register_indicator(
        Indicator(
            code="appraisal.held",
            label=_("Appraisals held"),
            formula=_("appraisals counted ÷ appraisals announced whose time ended in the year"),
            numerator=_("appraisals of leaders that were counted"),
            denominator=_("appraisals of leaders that were announced and whose time ended in the year"),
            source=_("Jilin Petrochemical: democratic appraisal of cadres as one of nine channels"),
            figures=appraisal_figures,
            behind=appraisal_behind,
            order=270,
            is_monthly=False,
        )
    )
