"""What a session is told of earlier resolutions and motions: what is missing, and the acts that fill it."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.kernel.texts import bracketed, colon, stop

from ..forms.resolutions import ReportForm, TakeInForm
from ..operations.implementation import reply_in_a_line, report_implementation, take_in_replies
from ..queries.resolutions import items_for_reports, owed_to
from ..rules import resolutions as rules
from .planning import KeptActView
from .resolutions import REPORT_TONES


class ImplementationView(KeptActView):
    """Everything that earlier sessions left open, with what this session is told; the replies taken in by one act."""

    form_class = TakeInForm
    template_name = "congress/implementation.html"
    title = _("Implementation reports")
    lead = _(
        "The agenda goes out once each open resolution and each filed motion has its report, or a recorded reason."
    )
    button = _("Take in the replies to motions")
    icon = "list-plus"

    def verdict(self):
        return rules.ALLOWED

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "items": items_for_reports(self.thing)}

    def get_initial(self):
        items = items_for_reports(self.thing)
        found = next((one for one in items if one.report == "motions"), None)
        return {"item": str(found.pk)} if found is not None else {}

    def get_context_data(self, **kwargs):
        rows = owed_to(self.thing)
        replied = sum(
            one.kind == "motion" and one.report is None and one.thing.inquiry.answered_on is not None for one in rows
        )
        may = rules.may_report_implementation(self.request.user, self.thing)
        return super().get_context_data(
            rows=[{"one": one, "tone": REPORT_TONES[one.report.state] if one.report else ""} for one in rows],
            missing=sum(one.report is None for one in rows),
            replied=replied,
            may_report=may,
            has_items=bool(items_for_reports(self.thing)),
            **kwargs,
        )

    def operate(self, form):
        count = self.act(take_in_replies, **form.values())
        said = ngettext("%(n)d motion taken in.", "%(n)d motions taken in.", count) % {"n": count}
        messages.success(self.request, said)
        return redirect("congress:implementation", self.thing.pk)


class ReportView(KeptActView):
    """Write what a session is told of one resolution or motion."""

    form_class = ReportForm
    title = _("Report to the session")
    icon = "file-check"
    said = _("The report has been recorded.")

    def find(self):
        session = super().find()
        self.owed = next((one for one in owed_to(session) if one.key == self.kwargs["about"]), None)
        if self.owed is None:
            raise Http404
        return session

    def verdict(self):
        return rules.may_report_implementation(self.request.user, self.thing)

    @property
    def lead(self):
        return f"{self.owed.number} {self.owed.title}"

    def back_url(self):
        return reverse("congress:implementation", args=[self.thing.pk])

    def get_form_kwargs(self):
        items, is_resolution = items_for_reports(self.thing), self.owed.kind == "resolution"
        return {**super().get_form_kwargs(), "items": items, "is_resolution": is_resolution}

    def get_initial(self):
        report = self.owed.report
        if report is not None:
            about = {"kind": report.kind, "text": report.text, "is_final": "1" if report.is_final else "0"}
            return {**about, "item": str(report.item_id)}
        if self.owed.kind == "motion":
            items = [one for one in items_for_reports(self.thing) if one.report == "motions"]
            first = {"item": str(items[0].pk)} if items else {}
            replied = self.owed.thing.inquiry.answered_on is not None
            return {**first, "text": reply_in_a_line(self.owed.thing)} if replied else {**first, "kind": "reason"}
        return {"text": progress_in_words(self.owed.thing)}

    def operate(self, form):
        key = uuid.UUID(str(self.kwargs["about"]))
        self.act(report_implementation, key=key, **form.values())
        return self.done()


def progress_in_words(resolution):
    """Return how far the tasks of a resolution are, a line each, as a beginning of its report."""
    tasks = resolution.tasks.select_related("unit").prefetch_related("entries")
    lines = []
    for place, task in enumerate(tasks, 1):
        last = list(task.entries.all())[-1:]
        said = f"{last[0].text}" if last else task.reason
        lines.append(f"{place}. {task.title}{bracketed(task.unit.name)}{colon()}{task.percent}%{stop()}{said}".rstrip())
    return "\n".join(lines)
