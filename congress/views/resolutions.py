"""Resolutions as everybody reads them: the register with filters and workbook, one resolution, its document."""

from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.accounts.rules import UNION_DESK
from portal.deadlines.clock import clock_of
from portal.exports.responses import download
from portal.files.serving import serve
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..enums import ResolutionState
from ..forms.resolutions import ResolutionFilterForm
from ..models import Resolution, TaskEvidence
from ..queries.resolutions import drafts_of, items_to_resolve, register_of, resolution_in_full
from ..resolution_papers import adopted_on, document_name, register_workbook, resolution_document
from ..rules import resolutions as rules

PAGE_SIZE, LONGEST = 25, 20
TONES = {
    ResolutionState.DRAFT: "yellow",
    ResolutionState.ISSUED: "blue",
    ResolutionState.DONE: "green",
    ResolutionState.REPLACED: "grey",
}
REPORT_TONES = {"given": "yellow", "approved": "green", "rejected": "red", "examined": "blue"}


def filter_form(data):
    """Return the filters with the years and offices that the register has."""
    years = Resolution.objects.filter(year__isnull=False).order_by("-year").values_list("year", flat=True).distinct()
    units = Unit.objects.filter(pk__in=_owing_units()).select_related("parent").order_by("path")
    return ResolutionFilterForm(data, years=list(years), units=units)


def _owing_units():
    return Resolution.objects.filter(tasks__isnull=False).values("tasks__unit")


def filtered(chosen, at):
    """Return the resolutions of the register that fit what was chosen."""
    rows = register_of(at)
    if words := chosen.get("q"):
        issued = Q(versions__title__icontains=words, versions__issued_at__isnull=False)
        serial = Q(serial=int(words)) if words.isascii() and words.isdigit() and len(words) < 7 else Q(pk__in=[])
        rows = rows.filter(pk__in=Resolution.objects.filter(issued | serial).values("pk"))
    if year := chosen.get("year"):
        rows = rows.filter(year=int(year))
    if state := chosen.get("state"):
        rows = rows.filter(state=state)
    if unit := chosen.get("unit"):
        rows = rows.filter(pk__in=Resolution.objects.filter(tasks__unit=unit).values("pk"))
    if "late" in chosen:
        rows = rows.filter(tasks_late__gt=0)
    return rows


@method_decorator(public_view, name="dispatch")
class ResolutionsView(TemplateView):
    """The register, the latest first; for the union what waits to be worded and issued."""

    template_name = "congress/resolutions.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        form = filter_form(self.request.GET)
        page = keyset_page(
            filtered(form.chosen, at),
            order=("-issued_at", "-id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        units = authority_of(user).units(*UNION_DESK) if user.is_authenticated else []
        return super().get_context_data(
            filters=form,
            chosen_count=len(form.chosen),
            page=page,
            rows=[{"one": one, "tone": TONES[one.state], "share": round(one.percent or 0)} for one in page],
            to_word=list(items_to_resolve(units)[:LONGEST]) if units else [],
            drafts=list(drafts_of(units)[:LONGEST]) if units else [],
            query=self.request.GET.urlencode(),
            **kwargs,
        )


@method_decorator(public_view, name="dispatch")
class ResolutionsFileView(View):
    """The register as a workbook, with the same filters."""

    def get(self, request):
        at = timezone.now()
        rows = filtered(filter_form(request.GET).chosen, at).order_by("-year", "-serial")
        return download(register_workbook(rows, at), _("Resolutions") + ".xlsx")


def find_resolution(user, pk):
    """Return the resolution that exists for this reader; everything else is a 404."""
    resolution = resolution_in_full(pk)
    if resolution is None or not rules.may_read_resolution(user, resolution):
        raise Http404
    return resolution


def version_asked(resolution, number):
    """Return the issued version of a number, the latest without one; everything else is a 404."""
    issued = [one for one in resolution.versions.all() if one.issued_at is not None]
    if not number:
        return issued[-1] if issued else None
    found = next((one for one in issued if str(one.number) == number), None)
    if found is None:
        raise Http404
    return found


@method_decorator(public_view, name="dispatch")
class ResolutionView(TemplateView):
    """One resolution: its text, its tasks with their clocks and entries, what the delegates said of the reports."""

    template_name = "congress/resolution.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        resolution = find_resolution(user, self.kwargs["pk"])
        waiting = rules.waiting_version(resolution)
        known = user.is_authenticated
        keeps = known and bool(rules.may_write_resolution(user, resolution))
        version = version_asked(resolution, self.request.GET.get("version", ""))
        issued = [one for one in resolution.versions.all() if one.issued_at is not None]
        return super().get_context_data(
            resolution=resolution,
            version=version or waiting,
            is_issued=version is not None,
            waiting=waiting if keeps else None,
            versions=issued,
            is_latest=version is None or version == issued[-1],
            tone=TONES[resolution.state],
            adopted=adopted_on(resolution),
            tasks=[_task(task, user, at) for task in resolution.tasks.all()],
            reports=[{"one": one, "tone": REPORT_TONES[one.state]} for one in resolution.reports.all()],
            may_write=keeps,
            may_issue=known and bool(rules.may_issue_resolution(user, resolution)),
            may_set=known and bool(rules.may_set_task(user, resolution)),
            lines=history_of(subject_key(resolution), with_all=keeps),
            **kwargs,
        )


def _task(task, user, at):
    known = user.is_authenticated
    return {
        "one": task,
        "clock": clock_of(task.promise, at),
        "done_on": local_day(task.promise.met_at) if task.promise.met_at else None,
        "may_read": known and bool(rules.may_read_evidence(user, task)),
        "may_report": known and bool(rules.may_report_task(user, task)),
        "may_drop": known and bool(rules.may_drop_task(user, task)),
    }


@method_decorator(public_view, name="dispatch")
class ResolutionFileView(View):
    """A version of a resolution as a Word file in the form of an official document."""

    def get(self, request, pk):
        resolution = find_resolution(request.user, pk)
        version = version_asked(resolution, request.GET.get("version", ""))
        if version is None:
            raise Http404
        return download(resolution_document(resolution, version), document_name(resolution, version))


class EvidenceView(View):
    """A photo or paper beside an entry, for those whom the congress binds, who owe the task and who watch over it."""

    def get(self, request, pk):
        term = "entry__task__resolution__session__term__unit"
        rows = TaskEvidence.objects.select_related("file", "entry__task__unit", term)
        found = rows.filter(pk=pk).first()
        if found is None or not rules.may_read_evidence(request.user, found.entry.task):
            raise Http404
        return serve(found.file)
