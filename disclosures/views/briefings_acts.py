"""The acts on a briefing: announcing, changing, putting off, recording, questions, figures, minutes."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.accounts.queries import units_within
from portal.kernel.days import LOCAL, local_day
from portal.kernel.verdicts import require
from portal.kernel.views import ActView, OperationFormView

from ..enums import Audience, BriefingState
from ..forms import briefing_fields
from ..forms import briefings as forms
from ..operations import briefing_record as records
from ..operations import briefings as does
from ..rules import briefings as may
from ..rules import may_prepare
from ..rules.sight import PREPARERS
from .briefings_desk import find_desk_briefing

S = BriefingState


def _draft(form, *, unit=None, **more):
    values = form.cleaned_data
    return does.BriefingDraft(
        unit=unit or values["unit"],
        title=values["title"],
        chair=values["chair"],
        online=values["online"],
        audience=values["audience"],
        agenda=values["agenda"],
        files=tuple(values["files"]),
        idempotency_key=values["idempotency_key"],
        **more,
    )


class PlanBriefingView(OperationFormView):
    """Announce a briefing."""

    form_class = forms.PlanBriefingForm
    template_name = "disclosures/briefings/editor.html"

    def dispatch(self, request, *args, **kwargs):
        require(may_prepare(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        units = units_within(authority_of(self.request.user).units(*PREPARERS)).active().select_related("parent")
        return {**super().get_form_kwargs(), "units": units.order_by("path"), "today": local_day(timezone.now())}

    def get_initial(self):
        return {"audience": Audience.EVERYBODY, "unit": self.request.GET.get("unit", "")[:20]}

    def operate(self, form):
        draft = _draft(form, starts_at=form.starts_at(), place=form.cleaned_data["place"])
        briefing = does.plan_briefing(draft=draft, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("The briefing is announced; its page is open to its readers."))
        return redirect("disclosures:briefing_work", briefing.pk)


class BriefingActView(ActView):
    """One act on one briefing."""

    name = "briefing"
    home = "disclosures:briefing_work"
    template_name = "disclosures/briefings/act.html"
    is_multipart = False

    @property
    def briefing(self):
        return self.thing

    def find(self):
        return find_desk_briefing(self.request.user, self.kwargs["pk"])

    def seen(self):
        return self.briefing.state


class EditBriefingView(BriefingActView):
    """Change what is told of a briefing beforehand."""

    form_class = forms.BriefingForm
    template_name = "disclosures/briefings/editor.html"
    may = staticmethod(may.may_edit_briefing)
    said = _("The announcement has been changed.")

    def get_initial(self):
        briefing = self.briefing
        return {
            "title": briefing.title,
            "chair": briefing.chair.job_no,
            "online": briefing.online,
            "audience": briefing.audience,
            "agenda": briefing_fields.agenda_text(briefing.agenda.select_related("speaker_person")),
        }

    def operate(self, form):
        held = {str(row.file_id) for row in self.briefing.files.all()}
        removed = [key for key in self.request.POST.getlist("remove") if key in held]
        self.act(does.edit_briefing, draft=_draft(form, unit=self.briefing.unit), removed_files=removed)
        return self.done()

    def get_context_data(self, **kwargs):
        return super().get_context_data(held_files=self.briefing.files.all(), **kwargs)


class MoveBriefingView(BriefingActView):
    """Put a briefing off, or move it to another place."""

    form_class = forms.MoveBriefingForm
    may = staticmethod(may.may_move_briefing)
    title = _("Put off")
    lead = _("Day and place change at once, in the list and in everybody's calendar. The old day and your reason stay.")
    button = _("Put off")
    icon = "calendar-clock"
    said = _("The briefing has been put off.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "today": local_day(self.at)}

    def get_initial(self):
        begins = self.briefing.starts_at.astimezone(LOCAL)
        return {"starts_on": begins.date(), "starts_time": begins.time(), "place": self.briefing.place}

    def operate(self, form):
        values = form.cleaned_data
        self.act(does.move_briefing, starts_at=form.starts_at(), place=values["place"], reason=values["reason"])
        return self.done()


class CancelBriefingView(BriefingActView):
    """Cancel a briefing."""

    form_class = forms.CancelBriefingForm
    may = staticmethod(may.may_cancel_briefing)
    title = _("Cancel the briefing")
    lead = _("Its page stays, with your reason. Questions handed in before are answered under their own numbers.")
    button = _("Cancel the briefing")
    tone = "danger"
    icon = "calendar-x"
    said = _("The briefing has been cancelled.")

    def operate(self, form):
        self.act(does.cancel_briefing, reason=form.cleaned_data["reason"])
        return self.done()


class RecordBriefingView(BriefingActView):
    """Record that a briefing was held, who came, and what was said."""

    form_class = forms.RecordBriefingForm
    template_name = "disclosures/briefings/record.html"
    said = _("The record has been saved.")

    def verdict(self):
        return may.may_hold_briefing(self.request.user, self.briefing, self.at)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "points": self.briefing.agenda.all()}

    def words_read(self):
        return records.agenda_print(self.briefing)

    def get_initial(self):
        initial = {f"summary_{point.order}": point.summary for point in self.briefing.agenda.all()}
        for row in self.briefing.attendance.all():
            initial |= {f"invited_{row.group}": row.invited, f"present_{row.group}": row.present}
        return initial

    def operate(self, form):
        self.act(
            records.hold_briefing,
            attendance=form.attendance(),
            summaries=form.summaries(),
            files=form.cleaned_data["files"],
            read=self.request.POST.get("words_read"),
        )
        return self.done()
