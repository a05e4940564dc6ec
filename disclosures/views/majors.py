"""The register of major decisions as everybody reads it: what was decided, how far it is, where it was disclosed."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.deadlines.clock import clock_of
from portal.kernel.days import local_day
from portal.kernel.enums import Lamp
from portal.kernel.paging import keyset_page
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..enums import FINISHED, Execution, MajorKind, PublicationState
from ..forms.commitments import MajorFilterForm
from ..models import MajorReport
from ..queries import inside
from ..queries.majors import (
    latest_status,
    major_by_number,
    majors_public,
    with_major_relations,
    with_status,
    with_subject,
)
from ..rules import may_read_public
from ..rules.majors import may_see_major_desk

PAGE_SIZE, FIRST_YEAR = 25, 2024
TONES = {
    Execution.PLANNED: "grey",
    Execution.UNDER_WAY: "blue",
    Execution.DELAYED: "yellow",
    Execution.DONE: "green",
    Execution.STOPPED: "orange",
}


def execution_lamp(status, planned_end, today):
    """Return (lamp, word) of how far a decision is: what is not finished after its planned end is red."""
    word = Execution(status or Execution.PLANNED).label
    if status not in FINISHED and planned_end is not None and planned_end < today:
        over = (today - planned_end).days
        late = ngettext("%(n)d day over its planned end", "%(n)d days over its planned end", over) % {"n": over}
        return Lamp.RED.value, late
    return TONES[Execution(status or Execution.PLANNED)], word


@method_decorator(public_view, name="dispatch")
class MajorsView(TemplateView):
    """The register, latest decision first: what was decided, how far it is, and whether it has been disclosed."""

    template_name = "disclosures/majors/list.html"

    @cached_property
    def form(self):
        years = range(local_day(self.at).year, FIRST_YEAR - 1, -1)
        units = list(Unit.objects.active().select_related("parent").order_by("path"))
        return MajorFilterForm(self.request.GET, units=units, years=years)

    def get_context_data(self, **kwargs):
        self.at = timezone.now()
        chosen = self.form.chosen
        rows = with_subject(with_status(_fitting(majors_public(self.request.user), chosen)))
        if status := chosen.get("status"):
            wanted = Q(status=status)
            rows = rows.filter(wanted | Q(status__isnull=True) if status == Execution.PLANNED else wanted)
        page = keyset_page(
            rows.select_related("unit", "department"),
            order=("-decided_on", "-id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        today = local_day(self.at)
        return super().get_context_data(
            filters=self.form,
            chosen_count=len(chosen),
            page=page,
            rows=[{"one": one, "lamp": execution_lamp(one.status, one.planned_end, today)} for one in page],
            **kwargs,
        )


def _fitting(rows, chosen):
    if words := chosen.get("q"):
        year, dash, serial = words.partition("-")
        if dash and year.isascii() and year.isdigit() and len(year) == 4 and serial.isascii() and serial.isdigit():
            rows = rows.filter(year=int(year), serial=int(serial[:9]))
        else:
            rows = rows.filter(versions__subject__contains=words, versions__is_granted=True).distinct()
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if unit := chosen.get("unit"):
        rows = rows.filter(inside([unit]))
    if year := chosen.get("year"):
        rows = rows.filter(decided_on__year=int(year))
    return rows


def find_major(request, number):
    """Return a public decision for its readers; everything else is a 404, as if there were none."""
    decision = major_by_number(number, with_major_relations(majors_public(request.user)))
    if decision is None:
        raise Http404
    return decision


@method_decorator(public_view, name="dispatch")
class MajorView(View):
    """One decision: what it says now, how it is carried out, what is owed of it, where it was disclosed."""

    def get(self, request, number, version=None):
        at = timezone.now()
        decision = find_major(request, number)
        versions = [row for row in decision.versions.all() if row.is_granted]
        shown = versions[-1] if version is None else next((v for v in versions if v.number == int(version)), None)
        if shown is None:
            raise Http404
        return render(
            request,
            "disclosures/majors/detail.html",
            {
                **major_context(decision, request.user, at),
                "version": shown,
                "versions": versions,
                "is_latest": shown is versions[-1],
                "lines": history_of(subject_key(decision)),
                "may_open_desk": request.user.is_authenticated and may_see_major_desk(request.user, decision),
            },
        )


def major_context(decision, user, at):
    """Return what the public page and the working page show alike."""
    status = latest_status(decision)
    progress = list(decision.progress.all())
    publications = [row.publication for row in decision.disclosures.all()]
    reports = (
        MajorReport.objects.filter(decision=decision).select_related("promise").order_by("starts_on")
        if decision.serial
        else []
    )
    return {
        "decision": decision,
        "kind": MajorKind(decision.kind).label,
        "status": status,
        "lamp": execution_lamp(status, decision.planned_end, local_day(at)),
        "percent": progress[-1].percent if progress else 0,
        "progress": [(row, TONES[Execution(row.status)]) for row in reversed(progress)],
        "publications": [one for one in publications if may_read_public(user, one)],
        "is_disclosed": any(one.state != PublicationState.WITHDRAWN for one in publications),
        "reports": [{"report": row, "clock": clock_of(row.promise, at), "label": _half(row)} for row in reports],
        "finish": clock_of(decision.finish, at) if decision.finish is not None else None,
    }


def _half(report):
    words = _("first half of %(year)d") if report.starts_on.month == 1 else _("second half of %(year)d")
    return words % {"year": report.starts_on.year}
