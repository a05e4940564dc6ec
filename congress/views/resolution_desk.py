"""The union's and the owners' acts on resolutions: wording, issuing, tasks, how far they are."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import local_day
from portal.kernel.forms import PortalForm

from ..enums import ResolutionState
from ..forms.agenda import ReasonForm
from ..forms.resolutions import EntryForm, ResolutionForm, TaskForm
from ..models import AgendaItem, ResolutionTask
from ..operations import resolutions as does
from ..queries.resolutions import open_resolutions
from ..queries.terms import units_to_choose
from ..rules import resolutions as rules
from ..rules.terms import keeps_term
from .base import CongressActView
from .resolutions import find_resolution


class ResolutionNewView(CongressActView):
    """Word the resolution on an adopted item."""

    name = "item"
    form_class = ResolutionForm
    may = staticmethod(rules.may_draft_resolution)
    title = _("Word the resolution")
    lead = _("Somebody else issues it; then it has its number and nobody alters it any more.")
    icon = "file-pen-line"
    said = _("The wording waits to be issued by somebody else.")

    def find(self):
        item = AgendaItem.objects.select_related("session__term__unit").filter(pk=self.kwargs["pk"]).first()
        if item is None or not keeps_term(self.request.user, item.session.term):
            raise Http404
        return item

    def back_url(self):
        return reverse("congress:resolutions")

    def eyebrow(self):
        return self.thing.title

    def get_form_kwargs(self):
        unit = self.thing.session.term.unit
        return {**super().get_form_kwargs(), "is_correction": False, "replaceable": open_resolutions(unit)}

    def get_initial(self):
        return {"title": _now("Resolution on “%(title)s”") % {"title": self.thing.title}}

    def operate(self, form):
        made = self.act(does.draft_resolution, **form.values())
        return redirect("congress:resolution", made.pk)


class _ResolutionActView(CongressActView):
    name = "resolution"
    home = "congress:resolution"

    def find(self):
        resolution = find_resolution(self.request.user, self.kwargs["pk"])
        if not keeps_term(self.request.user, resolution.session.term):
            raise Http404
        return resolution

    def eyebrow(self):
        return self.thing.number or self.thing.item.title


class ResolutionEditView(_ResolutionActView):
    """Change the wording that waits, or correct what was issued by another version."""

    form_class = ResolutionForm
    may = staticmethod(rules.may_write_resolution)
    icon = "square-pen"
    said = _("The wording waits to be issued by somebody else.")

    @property
    def is_correction(self):
        """Whether a version has been issued already."""
        return self.thing.state != ResolutionState.DRAFT

    @property
    def title(self):
        return _("Correct by another version") if self.is_correction else _("Change the wording")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "is_correction": self.is_correction}

    def get_initial(self):
        version = list(self.thing.versions.all())[-1]
        return {
            "title": version.title,
            "text": version.text,
            "reason": version.reason if version.issued_at is None else "",
        }

    def operate(self, form):
        self.act(does.write_resolution, **form.values())
        return self.done()


class ResolutionIssueView(_ResolutionActView):
    """Issue the wording that waits."""

    form_class = PortalForm
    template_name = "congress/resolution_issue.html"
    may = staticmethod(rules.may_issue_resolution)
    title = _("Issue the resolution")
    lead = _("It gets its number and is frozen; everybody reads it, the delegates are told.")
    button = _("Issue it")
    tone = "seal"
    icon = "stamp"
    said = _("The resolution has been issued.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(version=rules.waiting_version(self.thing), **kwargs)

    def operate(self, form):
        self.act(does.issue_resolution)
        return self.done()


class TaskNewView(_ResolutionActView):
    """Say what has to be done for a resolution."""

    form_class = TaskForm
    may = staticmethod(rules.may_set_task)
    title = _("Set a task")
    lead = _("The office is told and reminded; after the day its lamp is red for everybody.")
    icon = "list-plus"
    said = _("The task has been set.")

    def get_form_kwargs(self):
        units = units_to_choose(self.thing.session.term)
        return {**super().get_form_kwargs(), "units": units, "today": local_day(self.at)}

    def operate(self, form):
        self.act(does.set_task, **form.cleaned_data)
        return self.done()


class _TaskActView(CongressActView):
    name = "task"

    def find(self):
        rows = ResolutionTask.objects.select_related("resolution__session__term__unit", "unit", "person", "promise")
        task = rows.filter(pk=self.kwargs["pk"]).first()
        if task is None:
            raise Http404
        return task

    def back_url(self):
        return reverse("congress:resolution", args=[self.thing.resolution_id])

    def eyebrow(self):
        return f"{self.thing.resolution.number} · {self.thing.title}"


class TaskReportView(_TaskActView):
    """Say how far a task is."""

    form_class = EntryForm
    may = staticmethod(rules.may_report_task)
    title = _("How far is the task")
    lead = _("Entries are only added: what was said stays. Everybody reads them.")
    icon = "trending-up"
    said = _("The entry has been added.")
    needs_multipart = True

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "today": local_day(self.at)}

    def get_initial(self):
        return {"on": local_day(self.at), "percent": self.thing.percent}

    def operate(self, form):
        self.act(does.report_task, **form.cleaned_data)
        return self.done()


class TaskDropView(_TaskActView):
    """End a task that is no longer owed."""

    form_class = ReasonForm
    may = staticmethod(rules.may_drop_task)
    title = _("End the task without its being done")
    lead = _("It stays in sight with the reason; a miss stays recorded.")
    button = _("End the task")
    tone = "danger"
    said = _("The task is no longer owed.")

    def operate(self, form):
        self.act(does.drop_task, **form.cleaned_data)
        return self.done()
