"""Reads of schemes and assessments: what somebody may know of, what waits for somebody, the figures of a unit."""

from collections import Counter
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Sum

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.accounts.queries import rule_value
from portal.accounts.rules import UNION_DESK
from portal.kernel.days import local_day
from portal.kernel.indicators import DAYS, PERCENT, UnknownIndicator, indicator_of
from portal.kernel.rows import only_one

from .. import assessment_numbers as numbers
from ..enums import RESULT_STATES, AssessmentState
from ..models import (
    Assessment,
    AssessmentLine,
    AssessmentObjection,
    AssessmentScheme,
    Figure,
    GroupMember,
    RectificationPoint,
    SchemeItem,
    SchemeVersion,
)
from ..rules.assessments import SPEAKERS
from ..withholding import withheld
from .figures import DEEPEST, STEP
from .year_figures import days_counted, figure_of_year

S = AssessmentState


def _within(units, field):
    found = Q(pk__in=[])
    for unit in units:
        found |= Q(**{f"{field}__path__gte": unit.path, f"{field}__path__lt": unit.path_end})
    return found


def _of_own_unit(user):
    units = [unit.pk for role, unit in authority_of(user).grants if role in SPEAKERS]
    return Q(unit__in=units)


def _in_group(user):
    return Q(Exists(GroupMember.objects.filter(assessment=OuterRef("pk"), person=user)))


def _kept(user):
    return _within(authority_of(user).units(*UNION_DESK), "assessor")


def _plain():
    return Assessment.objects.select_related("unit", "assessor", "version__scheme", "promise")


def assessments_visible_to(user):
    """Return the assessments that somebody may know of: results, and what is on its way in one's own hands."""
    own = _of_own_unit(user) | _in_group(user) | _kept(user)
    return _plain().filter(Q(state__in=RESULT_STATES) | own)


def assessment_for(user, pk):
    """Return one assessment that somebody may know of, or None."""
    return only_one(assessments_visible_to(user).filter(pk=pk))


def results_of(year):
    """Return the results of a year, best first."""
    return _plain().filter(state__in=RESULT_STATES, year=year).order_by("-total", "unit__path")


def years_of_results():
    """Return the years that have results, latest first."""
    rows = Assessment.objects.filter(state__in=RESULT_STATES).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def assessments_on_desk(user):
    """Return all assessments in somebody's hands, whatever side."""
    return _plain().filter(_of_own_unit(user) | _in_group(user) | _kept(user))


def assessments_owed(user, at):
    """Return the assessments that wait for this very person now, the soonest due first."""
    today = local_day(at)
    unanswered = AssessmentObjection.objects.filter(
        assessment=OuterRef("pk"), round=OuterRef("round"), answered_at__isnull=True
    )
    answered = AssessmentObjection.objects.filter(
        assessment=OuterRef("pk"), round=OuterRef("round"), answered_at__isnull=False
    )
    is_objected = Q(Exists(AssessmentObjection.objects.filter(assessment=OuterRef("pk"), round=OuterRef("round"))))
    to_answer = Q(state=S.DRAFT, accepted_at__isnull=True, objections_until__gte=today) & ~is_objected
    is_ripe = Q(accepted_at__isnull=False) | Q(objections_until__lt=today) | Q(Exists(answered))
    wanted = (
        (_of_own_unit(user) & (Q(state__in=[S.SELF, S.RECTIFYING]) | to_answer))
        # Whoever has given the points waits for another member's yes.
        | (_in_group(user) & (Q(state=S.RECHECK) | (Q(state=S.GROUP) & ~Q(scored_by=user))))
        | (_kept(user) & (Q(state__in=[S.PLANNED, S.FINAL]) | (Q(state=S.DRAFT) & is_ripe & ~Q(Exists(unanswered)))))
    )
    return _plain().filter(wanted).order_by(F("promise__due_at").asc(nulls_last=True), "unit__path", "pk")


def group_of(assessment):
    """Return the people of the assessment group, the head first."""
    rows = GroupMember.objects.filter(assessment=assessment).select_related("person__unit").order_by("order")
    return [row.person for row in rows]


def objections_of(assessment):
    """Return the unit's objections to drafts with their inquiries."""
    return list(
        AssessmentObjection.objects.filter(assessment=assessment)
        .select_related("inquiry__promise", "raised_by")
        .order_by("raised_at", "pk")
    )


def lines_of(assessment):
    """Return the items of an assessment with what was given, and the frozen figures, by two queries."""
    figures = Prefetch("figures", Figure.objects.order_by("pk"))
    return list(
        AssessmentLine.objects.filter(assessment=assessment)
        .select_related("item")
        .prefetch_related(figures)
        .order_by("item__order", "pk")
    )


def lines_of_many(keys):
    """Return the items of many assessments with their figures, unit by unit, by two queries."""
    figures = Prefetch("figures", Figure.objects.order_by("pk"))
    return (
        AssessmentLine.objects.filter(assessment__in=keys)
        .select_related("item", "assessment__unit")
        .prefetch_related(figures)
        .order_by("assessment__unit__path", "assessment_id", "item__order", "pk")
    )


def points_of(assessment):
    """Return the demands of the rectification opinion."""
    return list(
        RectificationPoint.objects.filter(assessment=assessment)
        .select_related("line__item", "promise", "done_by", "checked_by")
        .order_by("place")
    )


def points_open(user):
    """Return the demands that are not found put right, of the assessments in somebody's hands."""
    hands = Assessment.objects.filter(_of_own_unit(user) | _in_group(user) | _kept(user))
    return (
        RectificationPoint.objects.filter(Q(is_accepted__isnull=True) | Q(is_accepted=False), assessment__in=hands)
        .select_related("assessment__unit", "line__item", "promise")
        .order_by("promise__due_at", "pk")
    )


def figure_of(assessment, pk):
    """Return a frozen figure of an assessment with its item, or None."""
    return only_one(Figure.objects.select_related("line__item").filter(line__assessment=assessment, pk=pk))


# Figures ----------------------------------------------------------------------------------------------------


def figures_of(unit, codes, *, since, until, at):
    """
    Return {code: (numerator, denominator, is withheld)} of a unit and all below it, by a fixed number of statements.

    A figure made of what single people said is withheld below the threshold,
    and where it, one of another unit or of a month could tell by subtraction
    what fewer said; one that no app offers any more is nothing of nothing.
    """
    least = rule_value(numbers.LEAST_PEOPLE, unit=unit, at=at)
    found = {}
    for code in codes:
        try:
            indicator = indicator_of(code)
        except UnknownIndicator:
            found[code] = (0, 0, False)
            continue
        is_guarded = indicator.counts_people and indicator.withheld is None
        begun, ended, months = days_counted(indicator, since, until, at)
        if months is not None:
            found[code] = figure_of_year(indicator, unit, months, since=since, until=until, k=least)
            continue
        rows = list(indicator.figures(begun, ended, None if is_guarded else unit))
        own = [row for row in rows if unit.path <= row[0] < unit.path_end]
        if indicator.withheld is not None:
            is_withheld = unit.path in indicator.withheld(since, until)
        else:
            is_withheld = is_guarded and unit.path in withheld(people_in(rows, unit), k=least)
        found[code] = (0, 0, True) if is_withheld else (sum(row[1] for row in own), sum(row[2] for row in own), False)
    return found


def people_in(rows, unit):
    """
    Return {path: how many spoke} of rows of an indicator, of every unit with all that lies below it.

    A unit that is assessed stands there even where nobody below it is counted
    by itself: a team counts to its workshop unless it is the one assessed.
    """
    counts = Counter()
    for path, _numerator, spoke in rows:
        deepest = len(unit.path) if path.startswith(unit.path) else 0
        for end in range(STEP, min(len(path), max(DEEPEST, deepest)) + 1, STEP):
            counts[path[:end]] += spoke
    return counts


def measure_of(code):
    """Return (measure, whether higher is better) of an indicator; a share when no app offers it any more."""
    try:
        indicator = indicator_of(code)
    except UnknownIndicator:
        return PERCENT, True
    return indicator.measure, indicator.is_higher_better


def is_in_days(code):
    """Whether a figure is a mean of days, to be held against a target."""
    return measure_of(code)[0] == DAYS


# Schemes ----------------------------------------------------------------------------------------------------


def schemes_of(user):
    """Return the schemes of the units whose union somebody works for, with their versions."""
    versions = Prefetch("versions", with_points(SchemeVersion.objects.order_by("-number")))
    rows = AssessmentScheme.objects.filter(_within(authority_of(user).units(*UNION_DESK), "unit"))
    return rows.select_related("unit").prefetch_related(versions).order_by("unit__path", "title", "pk")


def with_points(versions):
    """Add to versions how many items they have and how many points these make."""
    return versions.annotate(item_count=Count("items"), point_sum=Sum("items__points", default=Decimal(0)))


def version_of(pk):
    """Return a version with its scheme, or None."""
    return only_one(SchemeVersion.objects.select_related("scheme__unit", "in_force_by").filter(pk=pk))


def items_of_version(version):
    """Return the items of a version with their evidence."""
    return list(SchemeItem.objects.filter(version=version).prefetch_related("evidence").order_by("order", "pk"))


def versions_to_plan(user):
    """Return the versions in force of the schemes that somebody may plan by, the newest of each scheme only."""
    newer = SchemeVersion.objects.in_force().filter(scheme=OuterRef("scheme"), number__gt=OuterRef("number"))
    rows = SchemeVersion.objects.in_force().filter(~Exists(newer))
    return (
        rows.filter(_within(authority_of(user).units(*UNION_DESK), "scheme__unit"))
        .select_related("scheme__unit")
        .order_by("scheme__unit__path", "scheme__title", "pk")
    )


def units_to_assess(user):
    """Return the units below those whose union somebody works for, in the order of the tree."""
    found = Q(pk__in=[])
    for unit in authority_of(user).units(*UNION_DESK):
        found |= Q(path__gt=unit.path, path__lt=unit.path_end)
    return Unit.objects.active().filter(found).exclude(kind__in=["team"]).select_related("parent").order_by("path")
