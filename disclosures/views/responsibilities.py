"""The four responsibilities (四责): who has them in each unit, and what each of them still owes now."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.deadlines.clock import clock_of
from portal.deadlines.kinds import kind_of
from portal.kernel.days import local_day
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require

from ..enums import DutyRole
from ..forms.commitments import ResponsibleForm
from ..models import Responsibility
from ..operations.responsibilities import end_responsible, set_responsible
from ..queries.responsibilities import (
    CHECK,
    COMMIT,
    DECIDE,
    SIGN,
    holders_of,
    owed_by,
    promises_owed,
    responsibilities_of,
    units_listed,
    unsigned_by,
)
from ..responsible import falls_on
from ..rules.commitments import may_set_responsible
from .commitments import tabs_of
from .things import ThingActView

WAITING = {
    SIGN: gettext_lazy("texts to sign"),
    DECIDE: gettext_lazy("requests to decide"),
    CHECK: gettext_lazy("things to check"),
    COMMIT: gettext_lazy("commitments to sign"),
}
MEANING = {
    DutyRole.FIRST: gettext_lazy("Answers for the whole; what is overdue falls back here."),
    DutyRole.EXECUTIVE: gettext_lazy("Prepares and publishes what is owed, carries out what was decided."),
    DutyRole.SUPERVISOR: gettext_lazy("Looks whether it is true, complete and in time; has it put right."),
    DutyRole.EVALUATOR: gettext_lazy("Says whether it is satisfied: by opinions, objections and the yearly rating."),
}


def line_label(line):
    """Return what is owed, in words: the promise's own, or what waits without a promise."""
    return WAITING[line] if line in WAITING else kind_of(line).label


@method_decorator(public_view, name="dispatch")
class ResponsibilitiesView(TemplateView):
    """All units beside the four responsibilities: how much each has open, and how much is overdue."""

    template_name = "disclosures/commitments/responsibilities.html"

    def get_context_data(self, **kwargs):
        at = timezone.now()
        units = units_listed()
        holders, owed = holders_of(units, at), owed_by(units, at)
        rows = [
            {
                "unit": unit,
                "cells": [
                    {
                        "role": role,
                        "label": role.label,
                        "people": len(holders[unit.pk][role]),
                        "is_body": role == DutyRole.EVALUATOR and not holders[unit.pk][role],
                        "open": owed[unit.pk][role].open_count,
                        "late": owed[unit.pk][role].late_count,
                    }
                    for role in DutyRole
                ],
            }
            for unit in units
        ]
        return super().get_context_data(
            tabs=tabs_of("responsibilities"),
            rows=rows,
            roles=[role.label for role in DutyRole],
            late=sum(cell["late"] for row in rows for cell in row["cells"] if cell["role"] != DutyRole.FIRST),
            **kwargs,
        )


def find_listed(code, units):
    """Return the listed unit of a code; 404 for every other."""
    unit = next((one for one in units if one.code == code), None)
    if unit is None:
        raise Http404
    return unit


@method_decorator(public_view, name="dispatch")
class ResponsibleView(View):
    """One unit's four responsibilities: the people, and everything each of them owes now."""

    def get(self, request, code):
        at, user = timezone.now(), request.user
        units = units_listed()
        unit = find_listed(code, units)
        holders, owed = holders_of([unit], at)[unit.pk], owed_by(units, at)[unit.pk]
        unsigned = unsigned_by([person for rows in holders.values() for person, *_rest in rows], at)
        promises = _promises(unit, units, at)
        parts = [
            {
                "role": role,
                "label": role.label,
                "meaning": MEANING[role],
                "people": [
                    {
                        "person": person,
                        "words": words,
                        "is_deputy": is_deputy,
                        "unsigned": unsigned.get(person.pk, 0) if person else 0,
                    }
                    for person, words, is_deputy in holders[role]
                ],
                "is_congress": role == DutyRole.EVALUATOR and not holders[role],
                "open": owed[role].open_count,
                "late": owed[role].late_count,
                "lines": _lines(owed[role]),
                "promises": promises[role],
            }
            for role in DutyRole
        ]
        return render(
            request,
            "disclosures/commitments/responsible.html",
            {
                "unit": unit,
                "tabs": tabs_of("responsibilities"),
                "parts": parts,
                "set_rows": list(responsibilities_of(unit, local_day(at))),
                "may_set": user.is_authenticated and bool(may_set_responsible(user, unit)),
            },
        )


def _lines(owed):
    """Return [(label, open, late)] of what falls on a responsibility, overdue first; what reads alike is one line."""
    found = {}
    for line in {*owed.open, *owed.late}:
        counts = found.setdefault(str(line_label(line)), [0, 0])
        counts[0] += owed.open[line]
        counts[1] += owed.late[line]
    rows = [(label, *counts) for label, counts in found.items() if any(counts)]
    return sorted(rows, key=lambda row: (-row[2], -row[1], row[0]))


def _promises(unit, units, at):
    """Return {responsibility: [rows]} of the promises that fall on each, with the way to what they are about."""
    found = {role: [] for role in DutyRole}
    for promise in promises_owed(unit, units, at):
        kind, clock = kind_of(promise.kind), clock_of(promise, at)
        row = {
            "label": kind.label,
            "unit": promise.unit,
            "due_on": promise.due_on,
            "clock": clock,
            "url": kind.subject_url(promise.subject) if kind.subject_url else "",
        }
        for role in falls_on(kind, is_late=promise.due_at <= at):
            found[role].append(row)
    return found


class ResponsibleSetView(ThingActView):
    """Say who has one of the four responsibilities of a unit."""

    form_class = ResponsibleForm
    title = gettext_lazy("Name who is responsible")
    lead = gettext_lazy("It wins over what the appointments say, for all to see, until you end it.")
    button = gettext_lazy("Name")
    icon = "user-check"
    said = gettext_lazy("The name stands on the page.")

    def find(self):
        return find_listed(self.kwargs["code"], units_listed())

    def verdict(self):
        return may_set_responsible(self.request.user, self.thing)

    def back_url(self):
        return reverse("disclosures:responsible", args=[self.thing.code])

    def eyebrow(self):
        return self.thing.name

    def get_initial(self):
        return {"since": local_day(self.at)}

    def operate(self, form):
        set_responsible(unit=self.thing, **form.cleaned_data, actor=self.request.user, at=timezone.now())
        return self.done()


class ResponsibleEndView(View):
    """Let what was set hold no longer."""

    http_method_names = ("post", "options")

    def post(self, request, pk):
        row = only_one(Responsibility.objects.select_related("unit").filter(pk=pk))
        if row is None:
            raise Http404
        require(may_set_responsible(request.user, row.unit))
        end_responsible(responsibility_id=pk, actor=request.user, at=timezone.now())
        messages.success(request, _("It holds until tonight; the row stays in the history."))
        return redirect("disclosures:responsible", row.unit.code)
