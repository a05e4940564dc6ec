"""Planning assessments, naming the group, opening the self-assessment with its figures frozen, cancelling."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from disclosures.numbers import MIN_DISPLAY_DAYS
from portal.accounts.queries import rule_value
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require

from ..enums import AssessmentState
from ..models import Assessment, AssessmentLine, Figure, GroupMember
from ..pointing import proposed_points, share_of
from ..queries.assessments import (
    figures_of,
    group_of,
    is_in_days,
    items_of_version,
    measure_of,
    version_of,
)
from ..queries.year_figures import lock_months
from ..rules import assessments as rules
from .assessment_core import locked, move, note, promise, tell, unit_desks

PERCENT_TARGET = 100


@transaction.atomic
def plan_assessments(*, version_id, year, units, self_by, group_by, actor, at):
    """
    Plan the assessment of some units for a year by a version in force; returns them in the order of the units.

    A unit that has an assessment for the year already keeps it: planning twice plans once.

    :raises OperationRefused: with the reason.
    """
    version = version_of(version_id)
    if version is None or version.is_draft:
        raise OperationRefused(_("This version of the scheme is not in force."))
    above = version.scheme.unit
    require(rules.may_plan_assessments(actor, above))
    _check_days(self_by, group_by, at)
    if not units:
        raise OperationRefused(_("Choose at least one unit."))
    for unit in units:
        if unit.pk == above.pk or not above.covers(unit):
            raise OperationRefused(_("%(unit)s does not lie below the unit of the scheme.") % {"unit": unit.name})
        if rules.belongs_to(actor, unit):
            raise OperationRefused(
                _("You belong to %(unit)s. Somebody else plans its assessment.") % {"unit": unit.name}
            )
    found = []
    for unit in units:
        there = Assessment.objects.filter(unit=unit, year=year).exclude(state=AssessmentState.CANCELLED).first()
        if there is None:
            there = _plan(version, unit, above, year, self_by, group_by, actor, at)
        found.append(there)
    return found


def _plan(version, unit, above, year, self_by, group_by, actor, at):
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                version=version,
                unit=unit,
                assessor=above,
                year=year,
                since=dt.date(year, 1, 1),
                until=dt.date(year, 12, 31),
                self_by=self_by,
                group_by=group_by,
                planned_by=actor,
                planned_at=at,
            )
    except IntegrityError:  # planned by a colleague at this moment
        return Assessment.objects.exclude(state=AssessmentState.CANCELLED).get(unit=unit, year=year)
    note("planned", assessment, actor=actor, at=at, unit=unit.code, year=year, version=version.number)
    return assessment


def _check_days(self_by, group_by, at):
    if self_by < local_day(at):
        raise OperationRefused(_("The day of the self-assessment lies in the past."))
    if group_by <= self_by:
        raise OperationRefused(_("The group's day has to come after that of the self-assessment."))


@transaction.atomic
def prepare_assessment(*, assessment_id, people, self_by, group_by, actor, at):
    """
    Name the assessment group, its head first, and set the days, until the self-assessment is opened.

    :raises OperationRefused: with the reason, as when somebody belongs to the unit.
    """
    assessment = locked(assessment_id)
    require(rules.may_prepare(actor, assessment))
    if fault := rules.fault_of_group(people, assessment.unit):
        raise OperationRefused(fault)
    _check_days(self_by, group_by, at)
    assessment.members.all().delete()
    GroupMember.objects.bulk_create(
        GroupMember(assessment=assessment, order=place, person=person) for place, person in enumerate(people, 1)
    )
    assessment.self_by, assessment.group_by = self_by, group_by
    assessment.save(update_fields=["self_by", "group_by"])
    note("prepared", assessment, actor=actor, at=at, members=len(people), self_by=self_by, group_by=group_by)
    return assessment


@transaction.atomic
def cancel_assessment(*, assessment_id, reason, actor, at):
    """Cancel an assessment that was planned by mistake; its unit may be planned anew."""
    assessment = locked(assessment_id)
    require(rules.may_cancel_assessment(actor, assessment))
    assessment.reason = reason
    move(assessment, AssessmentState.CANCELLED, fields=["reason"])
    note("cancelled", assessment, actor=actor, at=at)
    return assessment


@transaction.atomic
def open_self(*, assessment_id, actor, at):
    """
    Open the self-assessment: the figures are read once and frozen, the unit is told, its clock starts.

    The figures go to the end of the days assessed, or to yesterday where these are not over.

    :raises OperationRefused: with the reason.
    """
    assessment = locked(assessment_id)
    require(rules.may_open_self(actor, assessment, group_of(assessment), at))
    lock_months()
    assessment.frozen_on = min(assessment.until + dt.timedelta(days=1), local_day(at))
    assessment.opened_at = at
    _freeze(assessment, at)
    promise(assessment, "self", assessment.unit, at=at, due_on=assessment.self_by)
    move(assessment, AssessmentState.SELF, fields=["frozen_on", "opened_at", "promise"])
    note("opened", assessment, actor=actor, at=at, until=assessment.frozen_on - dt.timedelta(days=1))
    tell("opened", assessment, unit_desks(assessment, at), at=at, due_on=assessment.self_by)
    return assessment


def _freeze(assessment, at):
    items = items_of_version(assessment.version)
    codes = sorted({one.indicator for item in items for one in item.evidence.all()})
    figures = figures_of(assessment.unit, codes, since=assessment.since, until=assessment.frozen_on, at=at)
    days = least_display_days(assessment.unit, at)
    lines, rows = [], []
    for item in items:
        shares, own = [], []
        for one in item.evidence.all():
            numerator, denominator, is_withheld = figures[one.indicator]
            target = days if is_in_days(one.indicator) else PERCENT_TARGET
            measure, is_higher_better = measure_of(one.indicator)
            share = share_of(numerator, denominator, measure=measure, target=target, is_higher_better=is_higher_better)
            shares.append((one.weight, share))
            own.append((one, numerator, denominator, is_withheld, target))
        lines.append(AssessmentLine(assessment=assessment, item=item, proposed=proposed_points(item.points, shares)))
        rows.append(own)
    lines = AssessmentLine.objects.bulk_create(lines)
    Figure.objects.bulk_create(
        Figure(
            line=line,
            indicator=one.indicator,
            weight=one.weight,
            target=target,
            numerator=numerator,
            denominator=denominator,
            is_withheld=is_withheld,
        )
        for line, own in zip(lines, rows, strict=True)
        for one, numerator, denominator, is_withheld, target in own
    )


def least_display_days(unit, at):
    """Return the days for which a text has to be shown at least: what a mean of days is held against."""
    return rule_value(MIN_DISPLAY_DAYS, unit=unit, at=at)
