"""The acts on an issue of the bulletin: its head, its parts, handing over, issuing."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.kernel.forms import PortalForm
from portal.kernel.verdicts import OperationRefused
from portal.kernel.views import ActView

from .. import operations as does
from .. import rules
from ..enums import EntryKind
from ..forms import ChooseForm, IssueBackForm, IssueForm, OwnTextForm
from ..printed import issue_label, printed_parts
from ..queries import (
    publications_offered,
    replies_offered,
)
from ..queries.bulletin import OFFERED
from .bulletin_desk import draft_of, figures_for, find_issue, waits


class IssueActView(ActView):
    """One act on one issue."""

    name = "issue"
    home = "disclosures:bulletin_work"
    template_name = "disclosures/bulletin/form.html"
    form_class = PortalForm

    @property
    def issue(self):
        return self.thing

    def find(self):
        return find_issue(self.request.user, self.kwargs["pk"])

    def verdict(self):
        return rules.may_edit_issue(self.request.user, self.issue)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"title": self.title, "back": self.back_url(), **kwargs})


class EditIssueView(IssueActView):
    """Change the head of an issue."""

    form_class = IssueForm
    title = _("Title, period, editorial")
    icon = "save"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "at": self.at}

    def get_initial(self):
        return {name: getattr(self.issue, name) for name in ("title", "since", "until", "lead", "report_to", "send_to")}

    def operate(self, form):
        self.act(does.edit_issue, draft=draft_of(form, self.issue.unit))
        return self.done()


class ChooseView(IssueActView):
    """Tick what is to stand in an issue: answers that wait first, then what was answered and shown in its days."""

    template_name = "disclosures/bulletin/choose.html"
    form_class = ChooseForm
    title = _("Choose what is to stand in it")
    lead = _("Answers that still wait reach the workers with this issue: issuing it keeps their promise.")
    button = _("Put into the issue")
    icon = "plus"

    @cached_property
    def offered(self):
        waiting, answered = replies_offered(self.issue)
        texts = list(publications_offered(self.issue, self.at)[:OFFERED])
        return {
            "waiting": list(waiting[:OFFERED]),
            "answered": list(answered[:OFFERED]),
            "publications": [text for text in texts if text.kind != "notice"],
            "notices": [text for text in texts if text.kind == "notice"],
        }

    def get_form_kwargs(self):
        found = self.offered
        return {
            **super().get_form_kwargs(),
            "replies": found["waiting"] + found["answered"],
            "publications": found["publications"] + found["notices"],
        }

    def operate(self, form):
        values = form.cleaned_data
        added = self.act(
            does.choose_entries,
            replies=values["replies"],
            publications=values["publications"],
            with_figures=values["figures"],
        )
        self.said = ngettext("%(n)d part has been put in.", "%(n)d parts have been put in.", added) % {"n": added}
        return self.done()

    def get_context_data(self, **kwargs):
        form = kwargs.get("form") or self.get_form()
        return super().get_context_data(
            **{
                **self.offered,
                "form": form,
                "chosen": {*form.data.getlist("replies"), *form.data.getlist("publications")} if form.is_bound else (),
                "has_figures": any(entry.kind == EntryKind.FIGURES for entry in self.issue.entries.all()),
                **kwargs,
            }
        )


class OwnTextView(IssueActView):
    """Write a text of the union's own, or change one."""

    form_class = OwnTextForm
    title = _("Text of the union's own")
    icon = "save"

    def find(self):
        issue, key = super().find(), self.kwargs.get("entry")
        texts = (row for row in issue.entries.all() if row.kind == EntryKind.TEXT)
        self.entry = next((row for row in texts if row.pk == key), None)
        if key is not None and self.entry is None:
            raise Http404
        return issue

    def get_initial(self):
        return {"heading": self.entry.heading, "text": self.entry.text} if self.entry else {}

    def operate(self, form):
        self.act(does.write_text, entry_id=self.entry.pk if self.entry else None, **form.cleaned_data)
        return self.done()


class EntryView(View):
    """Move an entry up or down, or take it out; posted by the buttons of the working page."""

    http_method_names = ("post", "options")

    def post(self, request, pk, entry):
        issue = find_issue(request.user, pk)
        here = {"issue_id": issue.pk, "entry_id": entry, "actor": request.user, "at": timezone.now()}
        pressed = request.POST.get("verb", "")
        try:
            if pressed == "remove":
                does.remove_entry(**here)
            elif pressed in ("up", "down"):
                does.move_entry(**here, step=-1 if pressed == "up" else 1)
        except OperationRefused as refusal:
            messages.error(request, refusal.reason)
        return redirect(reverse("disclosures:bulletin_work", args=[issue.pk]) + "#parts")


class SubmitIssueView(IssueActView):
    """Hand an issue to the union's chair."""

    title = _("Hand to the union chair")
    lead = _("From here on the issue cannot be changed. The chair issues it, or sends it back with a remark.")
    button = _("Hand to the union chair")
    icon = "send"
    said = _("The issue is with the union chair.")

    def verdict(self):
        is_empty = not self.issue.entries.all()
        return rules.may_submit_issue(self.request.user, self.issue, is_empty=is_empty)

    def operate(self, form):
        self.act(does.submit_issue)
        return self.done()


class SendBackIssueView(IssueActView):
    """Give an issue back to those who compile it."""

    form_class = IssueBackForm
    title = _("Send the issue back")
    lead = _("Say in a sentence what must be changed. Who handed it over may take it back without one.")
    button = _("Send back")
    tone = "secondary"
    icon = "undo-2"
    said = _("The issue is being compiled again.")

    def verdict(self):
        return rules.may_send_back_issue(self.request.user, self.issue)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "is_own": self.issue.submitted_by_id == self.request.user.pk}

    def operate(self, form):
        self.act(does.send_back_issue, note_text=form.cleaned_data["note"])
        return self.done()


class DiscardIssueView(IssueActView):
    """Give an issue up."""

    title = _("Discard the issue")
    lead = _("What stood in it is untouched. It has no number yet, so none will be missing.")
    button = _("Discard")
    tone = "danger"
    icon = "trash-2"

    def operate(self, form):
        self.act(does.discard_issue)
        messages.success(self.request, gettext("The issue has been discarded."))
        return redirect("disclosures:bulletin_desk")


class IssueView(IssueActView):
    """Issue: number, day, delivery of the answers in it."""

    template_name = "disclosures/bulletin/issue_it.html"
    title = _("Issue the bulletin")
    lead = _("It gets its number and can be read by everybody at once. Nothing in it can be changed afterwards.")
    button = _("Issue now")
    tone = "seal"
    icon = "stamp"
    said = _("The bulletin has been issued. The answers in it count as delivered from now on.")

    def verdict(self):
        return rules.may_issue(self.request.user, self.issue)

    def operate(self, form):
        self.act(does.issue_bulletin)
        return self.done()

    def get_context_data(self, **kwargs):
        parts = printed_parts(self.issue, figures_for(self.issue, self.at))
        entries = [entry for part in parts for entry in part.entries]
        return super().get_context_data(entries=entries, waiting=[entry for entry in entries if waits(entry)], **kwargs)


class SummaryView(IssueActView):
    """Begin the disclosure of the month's card summary (F02) with what an issue says."""

    title = _("Disclose the card summary")
    lead = _("A draft with the answers of this issue as a list; from there it goes its way like any other disclosure.")
    button = _("Begin the draft")
    icon = "square-pen"

    def verdict(self):
        return rules.may_draft(self.request.user, self.issue.unit)

    def operate(self, form):
        title = gettext("Answers to workers' cards, %(label)s") % {"label": issue_label(self.issue)}
        text = self.act(does.draft_summary, title=title[:80], body=summary_body(self.issue))
        messages.success(self.request, gettext("The draft has been saved. Look it over, then hand it on."))
        return redirect("disclosures:edit", text.pk)


def summary_body(issue):
    """Return the answers of an issue as a list of numbers, subjects and outcomes, without their words."""
    rows = [
        ("　".join([entry.number, entry.heading, *entry.about]),)
        for part in printed_parts(issue)
        for entry in part.entries
        if entry.kind == EntryKind.REPLY and not entry.is_removed
    ]
    opening = gettext("The answers below were delivered with the union bulletin, %(label)s.") % {
        "label": issue_label(issue)
    }
    return format_html("<p>{}</p>{}", opening, format_html_join("", "<p>{}</p>", rows))
