"""Roster import: upload, look at faults or changes, write or discard."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from portal.kernel.verdicts import ALLOWED, require

from ..authority import authority_of
from ..enums import ImportState, Role
from ..forms import RosterUploadForm
from ..models import RosterImport, Unit
from ..operations.roster import ask_to_write, discard_roster, progress_of, read_roster, receive_roster, write_roster
from ..queries import company
from ..roster.faults import FIX_SENTENCES, content_of, sentence_of
from ..roster.layout import BY_CODE
from ..roster.sheets import XLSX, roster_of, template
from ..rules import may_import_roster, may_manage_roster
from .acts import PROVEN, ActView, RequireMixin

SHOWN = 200
WAITING = {ImportState.RECEIVED, ImportState.READING, ImportState.COMMITTING}
KINDS = ("new", "changed", "returned", "left")


def _may_look(user):
    """The auditor looks at imports, the system administrator also makes them."""
    verdict = may_import_roster(user)
    if not verdict and authority_of(user).holds(Role.AUDITOR):
        return ALLOWED
    return verdict


class RosterListView(RequireMixin, TemplateView):
    """Imports so far, and the way to a new one."""

    template_name = "accounts/roster_list.html"

    def get_verdict(self):
        return _may_look(self.request.user)

    def get_context_data(self, **kwargs):
        rows = (
            RosterImport.objects.select_related("scope", "uploaded_by")
            .defer("changes", "faults", "fixes")
            .order_by("-uploaded_at", "-pk")[:50]
        )
        return super().get_context_data(
            rows=list(rows), can_import=bool(may_import_roster(self.request.user)), **kwargs
        )


class RosterUploadView(ActView):
    """Upload a roster file; it is read, not written."""

    template_name = "accounts/roster_upload.html"
    form_class = RosterUploadForm
    title = gettext_lazy("Import a roster")
    lead = gettext_lazy(
        "The file is read and compared first. You see every change and every fault before anything is written."
    )
    label = gettext_lazy("Read the file")
    icon = "file-up"

    def get_verdict(self):
        return may_import_roster(self.request.user)

    def get_back_url(self):
        return reverse("accounts:rosters")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": Unit.objects.active()}

    def get_initial(self):
        unit = company()
        return {"scope": unit.pk if unit else None}

    def operate(self, form):
        file, scope = form.cleaned_data["file"], form.cleaned_data["scope"]
        row = receive_roster(
            file=file,
            file_name=file.name,
            scope_id=scope.pk if scope else None,
            actor=self.request.user,
            at=timezone.now(),
        )
        return redirect("accounts:roster", pk=row.pk)


class RosterMixin:
    """Find the import of the address."""

    def get_object(self):
        if not _may_look(self.request.user):
            raise Http404
        row = (
            RosterImport.objects.select_related("scope", "uploaded_by", "committed_by")
            .filter(pk=self.kwargs["pk"])
            .first()
        )
        if row is None:
            raise Http404
        return row

    def get_back_url(self):
        return reverse("accounts:roster", args=[self.object.pk])


class RosterView(RosterMixin, TemplateView):
    """One import: progress, faults, or what it changes; asks again by itself while something runs."""

    template_name = "accounts/roster_detail.html"

    def get_context_data(self, **kwargs):
        row = self.object = self.get_object()
        kind = self.request.GET.get("kind", "")
        if kind not in KINDS:
            kind = next((one for one in KINDS if row.summary.get(one)), "new")
        labels = {"new": _("New"), "changed": _("Changed"), "returned": _("Returned"), "left": _("Left")}
        here = reverse("accounts:roster", args=[row.pk])
        tabs = [
            {
                "label": labels[one],
                "url": f"{here}?kind={one}",
                "is_current": one == kind,
                "count": row.summary.get(one, 0),
            }
            for one in KINDS
        ]
        chosen = [change for change in row.changes if change["kind"] == kind]
        return super().get_context_data(
            row=row,
            is_waiting=row.state in WAITING,
            done=progress_of(row.pk) if row.state in WAITING else 0,
            state_tone={"faulty": "red", "failed": "red", "ready": "blue", "committed": "green"}.get(row.state, "grey"),
            faults=[
                fault | {"sentence": sentence_of(fault), "content": content_of(fault)} for fault in row.faults[:SHOWN]
            ],
            faults_total=len(row.faults),
            fixes=[fix | {"sentence": FIX_SENTENCES.get(fix["code"], fix["code"])} for fix in row.fixes[:SHOWN]],
            fixes_total=len(row.fixes),
            tabs=tabs,
            kind=kind,
            changes=[_said(change) for change in chosen[:SHOWN]],
            changes_left=max(0, len(chosen) - SHOWN),
            changes_total=sum(row.summary.get(one, 0) for one in KINDS),
            can_write=row.state == ImportState.READY and bool(may_import_roster(self.request.user, row.scope)),
            can_discard=row.state in (ImportState.READY, ImportState.FAULTY, ImportState.FAILED)
            and bool(may_import_roster(self.request.user, row.scope)),
            can_nudge=row.state in WAITING and bool(may_import_roster(self.request.user, row.scope)),
            **kwargs,
        )


def _said(change):
    """Return a change with its cells as (heading, before, after)."""
    names = [name for name in BY_CODE if name in change["before"] or name in change["after"]]
    return change | {
        "cells": [
            (BY_CODE[name].heading, change["before"].get(name, ""), change["after"].get(name, "")) for name in names
        ]
    }


class RosterWriteView(RosterMixin, ActView):
    """Write what was read to the roster."""

    stepup_methods = PROVEN
    title = gettext_lazy("Write the roster")
    lead = gettext_lazy(
        "All of it or nothing. Whoever has left is signed out and loses all roles; "
        "new people get their slips from the union desk."
    )
    label = gettext_lazy("Write it now")
    icon = "check"

    def get_verdict(self):
        return may_import_roster(self.request.user, self.object.scope)

    def get_details(self):
        words = {"new": _("New"), "changed": _("Changed"), "returned": _("Returned"), "left": _("Left")}
        return [(_("File"), self.object.file_name)] + [
            (label, str(self.object.summary.get(name, 0))) for name, label in words.items()
        ]

    def operate(self, form):
        ask_to_write(import_id=self.object.pk, actor=self.request.user, at=timezone.now())
        return self.done()


class RosterDiscardView(RosterMixin, ActView):
    """Put an import aside."""

    title = gettext_lazy("Discard the file")
    lead = gettext_lazy("Nothing of it is written, and the file is deleted.")
    label = gettext_lazy("Discard")
    tone = "danger"
    icon = "trash-2"

    def get_verdict(self):
        return may_import_roster(self.request.user, self.object.scope)

    def operate(self, form):
        discard_roster(import_id=self.object.pk, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("The file is discarded."))
        return self.done(reverse("accounts:rosters"))


class RosterNudgeView(RosterMixin, View):
    """Do the waiting step in this request, for a portal whose workers are down."""

    def post(self, request, pk):
        row = self.object = self.get_object()
        require(may_import_roster(request.user, row.scope))
        at = timezone.now()
        if row.state == ImportState.COMMITTING:
            write_roster(import_id=row.pk, at=at)
        else:
            read_roster(import_id=row.pk, at=at)
        return redirect(self.get_back_url())


class RosterTemplateView(RequireMixin, View):
    """The empty template."""

    def get_verdict(self):
        return may_manage_roster(self.request.user)

    def get(self, request):
        return _download(template(), "roster-template.xlsx")


class RosterDownloadView(RequireMixin, View):
    """The roster as it is, in the template's form: the way back after an import."""

    def get_verdict(self):
        return may_manage_roster(self.request.user)

    def get(self, request):
        unit = Unit.objects.filter(code=request.GET.get("unit", "").replace("\x00", "")[:20]).first() or company()
        if unit is None:
            raise Http404
        return _download(roster_of(unit), f"roster-{unit.code}-{timezone.now():%Y%m%d}.xlsx")


def _download(content, name):
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
