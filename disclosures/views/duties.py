"""The catalogue and the calendar of duties, for everybody: what is owed, done, late, and missing."""

import datetime as dt

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.deadlines.clock import clock_of
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..enums import Channel, DutyStatus, Frequency, Section
from ..forms import DutyYearForm
from ..models import CatalogueItem, Duty, Publication, Rectification
from ..operations.catalogue import EDITABLE
from ..periods import period_label, period_of
from ..queries import (
    assignments_of,
    catalogue,
    duties_missing,
    duties_of_year,
    kept_shares,
    missing_counts,
    published_for,
    readable_by,
    units_owing,
)
from ..rules import may_edit_catalogue, may_see_desk_page, may_waive_duty
from ..standing import duty_lamp, duty_status, duty_title
from .public import FIRST_YEAR

CHANNELS = dict(Channel.choices)
MISSING_SHOWN = 25


@method_decorator(public_view, name="dispatch")
class DutiesView(TemplateView):
    """A unit's calendar of duties for a year: each item and period with due, done, late, missing or never."""

    template_name = "disclosures/duties.html"

    @cached_property
    def units(self):
        return list(Unit.objects.filter(pk__in=units_owing()).select_related("parent").order_by("path"))

    def get_context_data(self, **kwargs):
        at = timezone.now()
        today = local_day(at)
        form = DutyYearForm(self.request.GET, units=self.units, years=range(today.year, FIRST_YEAR - 1, -1))
        unit = form.chosen.get("unit") or self._usual()
        year = int(form.chosen.get("year") or today.year)
        missing = missing_counts(at)
        context = {
            "filters": form,
            "unit": unit,
            "year": year,
            "overview": [(one, missing.get(one.pk, 0)) for one in self.units],
        }
        if unit is not None:
            duties = list(duties_of_year(unit, year))
            texts = published_for(duties)
            context |= {
                "rows": _rows(unit, year, duties, texts, at),
                "shares": kept_shares(unit, year, at),
            }
        return super().get_context_data(**context, **kwargs)

    def _usual(self):
        """Return the reader's own unit, or the nearest above it that owes anything; the first one for visitors."""
        user = self.request.user
        if user.is_authenticated:
            above = [unit for unit in self.units if unit.covers(user.unit)]
            if above:
                return above[-1]
        return self.units[0] if self.units else None


def _rows(unit, year, duties, texts, at):
    """Return the lines of a unit's calendar: (item, frequency, [cells]), the periods to come as empty cells."""
    by_item = {}
    for duty in duties:
        by_item.setdefault((duty.item_id, duty.frequency), []).append(duty)
    rows = []
    for assignment in assignments_of(unit):
        for frequency in assignment.item.frequencies:
            found = by_item.pop((assignment.item_id, frequency), [])
            rows.append((assignment.item, frequency, _cells(frequency, year, found, texts, at)))
    # What is no longer owed, but was in this year.
    for (_item, frequency), found in by_item.items():
        rows.append((found[0].item, frequency, _cells(frequency, year, found, texts, at)))
    rows.sort(key=lambda row: (row[0].code, list(Frequency.values).index(row[1])))
    return [{"item": item, "frequency": Frequency(frequency).label, "cells": cells} for item, frequency, cells in rows]


def _cells(frequency, year, duties, texts, at):
    cells = []
    for duty in duties:
        lamp, word = duty_lamp(duty, at)
        text = texts.get(duty.pk)
        cells.append(
            {
                "label": duty_title(duty),
                "lamp": lamp.value,
                "word": word,
                "status": duty_status(duty, at),
                "due_on": duty.promise.due_on,
                "url": reverse("disclosures:duty", args=[duty.pk]),
                "text": text if text is not None and text.publish_at <= at else None,
            }
        )
    if frequency != Frequency.EVENT:
        there = {duty.starts_on for duty in duties}
        period = period_of(frequency, dt.date(year, 1, 1))
        while period.start.year == year:
            if period.start not in there and period.end >= local_day(at):
                cells.append(
                    {
                        "label": period_label(frequency, period.start),
                        "lamp": "grey",
                        "word": DutyStatus.COMING.label,
                        "status": DutyStatus.COMING,
                    }
                )
            period = period.following()
    return cells


@method_decorator(public_view, name="dispatch")
class MissingView(TemplateView):
    """Everything that is due but has not been disclosed, the longest missing first."""

    template_name = "disclosures/missing.html"

    def get_context_data(self, **kwargs):
        at = timezone.now()
        page = keyset_page(
            duties_missing(at),
            order=("promise__due_at", "pk"),
            token=self.request.GET.get("after", ""),
            size=MISSING_SHOWN,
        )
        return super().get_context_data(page=page, rows=missing_rows(page, at), **kwargs)


def missing_rows(duties, at):
    """Return duties as rows of a list: title, unit, lamp and word."""
    rows = []
    for duty in duties:
        lamp, word = duty_lamp(duty, at)
        rows.append(
            {
                "url": reverse("disclosures:duty", args=[duty.pk]),
                "item": duty.item,
                "label": duty_title(duty),
                "unit": duty.unit,
                "department": duty.department,
                "due_on": duty.promise.due_on,
                "lamp": lamp.value,
                "word": word,
            }
        )
    return rows


def find_duty(pk):
    """Return a duty with what its page shows, or None."""
    return (
        Duty.objects.select_related("item", "unit", "department", "promise__unit", "reported_by").filter(pk=pk).first()
    )


@method_decorator(public_view, name="dispatch")
class DutyView(View):
    """One duty: by when, how that was computed, what met it, what was done about it."""

    def get(self, request, pk):
        duty = find_duty(pk)
        if duty is None:
            raise Http404
        at = timezone.now()
        lamp, word = duty_lamp(duty, at)
        texts = Publication.objects.appeared(at).filter(readable_by(request.user), duty=duty).order_by("publish_at")
        user = request.user
        return render(
            request,
            "disclosures/duty.html",
            {
                "duty": duty,
                "title": duty_title(duty),
                "clock": clock_of(duty.promise, at),
                "lamp": lamp.value,
                "word": word,
                "texts": texts,
                "lines": history_of(subject_key(duty)),
                "may_waive": user.is_authenticated and bool(may_waive_duty(user, duty)),
            },
        )


@method_decorator(public_view, name="dispatch")
class CatalogueView(TemplateView):
    """The catalogue: what must be disclosed, by whom, how often, to whom, on which basis."""

    template_name = "disclosures/catalogue.html"

    def get_context_data(self, **kwargs):
        may_edit = self.request.user.is_authenticated and bool(may_edit_catalogue(self.request.user))
        items = list(catalogue(with_retired=may_edit))
        sections = [
            {"code": code, "label": label, "items": [item for item in items if item.section == code]}
            for code, label in Section.choices
        ]
        return super().get_context_data(sections=sections, may_edit=may_edit, **kwargs)


@method_decorator(public_view, name="dispatch")
class ItemView(View):
    """One item of the catalogue with every version it ever had, and what was disclosed under it."""

    def get(self, request, code):
        item = only_one(CatalogueItem.objects.filter(code=code))
        if item is None:
            raise Http404
        at = timezone.now()
        user = request.user
        return render(
            request,
            "disclosures/item.html",
            {
                "item": item,
                "channels": [CHANNELS.get(channel, channel) for channel in item.channels],
                "versions": item_versions(item),
                "lines": history_of(subject_key(item)),
                "owing": item.assignments.filter(until__isnull=True)
                .select_related("unit", "department")
                .order_by("unit__path"),
                "texts": Publication.objects.appeared(at)
                .filter(readable_by(user), item=item)
                .exclude(state="withdrawn")
                .select_related("unit")
                .order_by("-publish_at", "-pk")[:10],
                "may_edit": user.is_authenticated and bool(may_edit_catalogue(user)),
            },
        )


def item_versions(item):
    """Return the versions of an item, newest first, each with the fields that changed against the one before."""
    rows, before = [], None
    for version in item.versions.select_related("by"):
        changed = [name for name in EDITABLE if before is not None and before.get(name) != version.values.get(name)]
        rows.append(
            {
                "version": version,
                "changes": [
                    {
                        "label": CatalogueItem._meta.get_field(name).verbose_name,
                        "before": _shown(item, name, before[name]),
                        "after": _shown(item, name, version.values[name]),
                    }
                    for name in changed
                ],
            }
        )
        before = version.values
    return rows[::-1]


def _shown(item, name, value):
    field = CatalogueItem._meta.get_field(name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "、".join(str(CHANNELS.get(one, one)) for one in value)
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    return "" if value is None else value


@method_decorator(public_view, name="dispatch")
class GoView(View):
    """Send a reader on from a notice or a promise to the page of a duty, a publication or a rectification."""

    def get(self, request, kind, pk):
        if kind == "duty":
            return redirect("disclosures:duty", pk)
        publication = self._publication(kind, pk)
        if publication is None:
            raise Http404
        if request.user.is_authenticated and may_see_desk_page(request.user, publication):
            return redirect("disclosures:work", publication.pk)
        if publication.publish_at is not None and publication.publish_at <= timezone.now():
            return redirect("disclosures:public", publication.number)
        raise Http404

    @staticmethod
    def _publication(kind, pk):
        rows = Publication.objects.select_related("unit", "department", "item")
        if kind == "publication":
            return only_one(rows.filter(pk=pk))
        flag = only_one(Rectification.objects.filter(pk=pk))
        return rows.filter(pk=flag.publication_id).first() if flag else None
