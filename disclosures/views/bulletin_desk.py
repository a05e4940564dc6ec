"""Compiling the bulletin: the desk, the working page of an issue, what is ticked for it, and its acts."""

import datetime as dt

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from feedback.queries import UNION
from portal.accounts.authority import authority_of
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from .. import operations as does
from .. import rules
from ..enums import BulletinState, EntryKind
from ..forms import IssueForm
from ..printed import SECTIONS, issue_label
from ..queries import (
    figures_of,
    issues_of_desk,
    issues_to_issue,
    with_entries,
)
from .bulletin import issue_context

PAGE_SIZE = 25
TONES = {BulletinState.DRAFT: "grey", BulletinState.SUBMITTED: "yellow", BulletinState.ISSUED: "green"}


def find_issue(user, pk):
    """Return the issue whose working page exists for this person; everything else is a 404."""
    issue = only_one(with_entries(issues_of_desk(user)).filter(pk=pk))
    if issue is None:
        raise Http404
    return issue


def figures_for(issue, at):
    """Return the figures that a draft would be issued with; an issued one has its own."""
    has_figures = any(entry.kind == EntryKind.FIGURES for entry in issue.entries.all())
    return figures_of(issue.unit, issue.since, issue.until, at) if has_figures and issue.serial is None else None


def draft_of(form, unit=None):
    """Return what the form says as the operation takes it."""
    values = form.cleaned_data
    names = ("title", "since", "until", "lead", "report_to", "send_to", "idempotency_key")
    return does.IssueDraft(unit=unit or values["unit"], **{name: values[name] for name in names})


class BulletinDeskView(TemplateView):
    """The issues of this person's units, newest first, and how many wait for this chair."""

    template_name = "disclosures/bulletin/desk.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        require(rules.may_use_bulletin_desk(user))
        page = keyset_page(
            issues_of_desk(user).select_related("unit", "compiled_by"),
            order=("-compiled_at", "-pk"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        rows = [
            {"issue": issue, "tone": TONES[issue.state], "label": issue_label(issue) if issue.serial else ""}
            for issue in page
        ]
        return super().get_context_data(page=page, rows=rows, waiting=issues_to_issue(user).count(), **kwargs)


class IssueWorkView(View):
    """An issue being compiled: its parts in order, what may be done now; an issued one with what it delivered."""

    def get(self, request, pk):
        at, user = timezone.now(), request.user
        issue = find_issue(user, pk)
        duty = does.summary_duty(issue, at) if issue.serial else None
        context = issue_context(issue, figures_for(issue, at))
        entries = [entry for part in context["parts"] for entry in part.entries]
        return render(
            request,
            "disclosures/bulletin/work.html",
            {
                **context,
                "entries": entries,
                "kinds": SECTIONS,
                "tone": TONES[issue.state],
                "may_edit": bool(rules.may_edit_issue(user, issue)),
                "may_submit": bool(rules.may_submit_issue(user, issue, is_empty=not entries)),
                "may_issue": rules.may_issue(user, issue),
                "may_send_back": bool(rules.may_send_back_issue(user, issue)),
                "waiting": [entry for entry in entries if waits(entry)],
                "summary_duty": duty if duty and rules.drafts_for(user, duty.owner) else None,
                "lines": history_of(subject_key(issue), with_time=True, with_all=True),
            },
        )


def waits(printed):
    """Whether a printed answer still has to reach the workers."""
    reply = printed.entry.reply
    return reply is not None and reply.state == "approved"


class IssuePreviewView(View):
    """An issue as its readers would read it now."""

    def get(self, request, pk):
        issue = find_issue(request.user, pk)
        context = issue_context(issue, figures_for(issue, timezone.now()))
        return render(request, "disclosures/bulletin/issue.html", {**context, "is_preview": not issue.serial})


class NewIssueView(OperationFormView):
    """Begin an issue."""

    template_name = "disclosures/bulletin/form.html"
    form_class = IssueForm
    extra_context = {"title": _("Compile an issue")}

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_use_bulletin_desk(request.user))
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def units(self):
        return sorted(set(authority_of(self.request.user).units(*UNION)), key=lambda unit: unit.path)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "units": self.units, "at": timezone.now()}

    def get_initial(self):
        first = local_day(timezone.now()).replace(day=1)
        last = first - dt.timedelta(days=1)
        unit = self.units[0].code if len(self.units) == 1 else ""
        return {"since": last.replace(day=1), "until": last, "unit": unit}

    def operate(self, form):
        issue = does.draft_issue(draft=draft_of(form), actor=self.request.user, at=timezone.now())
        messages.success(self.request, gettext("The issue has been begun. Now choose what is to stand in it."))
        return redirect("disclosures:bulletin_work", issue.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back": reverse("disclosures:bulletin_desk"), **kwargs})
