"""The acts on a briefing: announcing, changing, putting off, recording, questions, figures, minutes."""

import contextlib
import datetime as dt

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.accounts.authority import authority_of
from portal.accounts.queries import units_within
from portal.kernel.days import LOCAL, local_day
from portal.kernel.forms import PortalForm
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused, require
from portal.kernel.views import OperationFormView

from ..enums import Audience, BriefingState
from ..forms import briefings as forms
from ..models import BriefingQuestion
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


class BriefingActView(OperationFormView):
    """
    One act on one briefing.

    A GET asks the rule: no is a 403 with the reason. A POST lets the operation
    ask it under its lock, so that a refusal comes back with what was typed:
    403, or 409 when the briefing has moved on since the form was shown.
    """

    template_name = "disclosures/briefings/act.html"
    title = ""
    lead = ""
    button = _("Save")
    busy = _("Saving…")
    tone = "primary"
    icon = "check"
    said = _("Saved.")
    is_multipart = False

    def dispatch(self, request, *args, **kwargs):
        self.at = timezone.now()
        self.briefing = self.find()
        if request.method in ("GET", "HEAD"):
            require(self.verdict(self.briefing))
        return super().dispatch(request, *args, **kwargs)

    def find(self):
        """Return the briefing the act is about; out of this reader's sight is a 404."""
        return find_desk_briefing(self.request.user, self.kwargs["pk"])

    def verdict(self, briefing):
        """Return the rule's answer for this reader."""
        return type(self).may(self.request.user, briefing)

    def form_valid(self, form):
        try:
            return self.operate(form)
        except OperationRefused as refusal:
            before = self.briefing.state
            # Out of this reader's sight meanwhile: the page that was open stays as it was.
            with contextlib.suppress(Http404):
                self.briefing = self.find()
            has_moved = self.request.POST.get("seen", before) != self.briefing.state
            return self._again(form, refusal.reason, 409 if has_moved else 403)
        except Conflict as conflict:
            return self._again(form, conflict.reason or self.moved_on(), 409)
        except IllegalTransition:
            return self._again(form, self.moved_on(), 409)

    def form_invalid(self, form):
        verdict = self.verdict(self.briefing)
        return super().form_invalid(form) if verdict else self._again(form, verdict.reason, 403)

    def act(self, operation, **values):
        """Call an operation on the briefing as this reader, now."""
        return operation(briefing_id=self.briefing.pk, actor=self.request.user, at=timezone.now(), **values)

    def done(self):
        """Say what was done and go back to the working page."""
        messages.success(self.request, self.said)
        return redirect("disclosures:briefing_work", self.briefing.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{"briefing": self.briefing, "seen": self.briefing.state, "act": self, **kwargs}
        )


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
            "agenda": forms.agenda_text(briefing.agenda.select_related("speaker_person")),
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

    def verdict(self, briefing):
        return may.may_hold_briefing(self.request.user, briefing, self.at)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "points": self.briefing.agenda.all()}

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
        )
        return self.done()


class AddQuestionView(BriefingActView):
    """Write down a question asked on the spot."""

    form_class = forms.QuestionForm
    may = staticmethod(may.may_note_briefing)
    title = _("Add a question")
    lead = _("Write down what was asked, and the answer if there was one. It becomes public with the minutes.")

    def operate(self, form):
        values = form.cleaned_data
        names = ("text", "asked_by", "asker", "answer", "answered_by")
        key = values["idempotency_key"]
        self.act(records.note_question, key=key, **{name: values[name] for name in names})
        return self.done()


class _QuestionView(BriefingActView):
    """An act on one question of a briefing that this person works on."""

    def find(self):
        question = BriefingQuestion.objects.select_related("inquiry", "asker").filter(pk=self.kwargs["pk"]).first()
        if question is None:
            raise Http404
        briefing = find_desk_briefing(self.request.user, question.briefing_id)
        question.briefing, self.question = briefing, question
        return briefing

    def verdict(self, briefing):
        return type(self).may(self.request.user, self.question)

    def act(self, operation, **values):
        return operation(question_id=self.question.pk, actor=self.request.user, at=timezone.now(), **values)

    def get_context_data(self, **kwargs):
        return super().get_context_data(question=self.question, **kwargs)


class AnswerQuestionView(_QuestionView):
    """Write down the answer that was given."""

    form_class = forms.AnswerQuestionForm
    may = staticmethod(may.may_answer_question)
    title = _("Question and answer")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "is_beforehand": self.question.is_beforehand}

    def get_initial(self):
        return {name: getattr(self.question, name) for name in ("text", "asked_by", "answer", "answered_by")}

    def operate(self, form):
        values = form.cleaned_data
        self.act(
            records.answer_question,
            text=values.get("text", self.question.text),
            asked_by=values["asked_by"],
            answer=values["answer"],
            answered_by=values["answered_by"],
        )
        return self.done()


class LeaveQuestionView(_QuestionView):
    """Leave a question open: it gets its own number and thirty days."""

    form_class = PortalForm
    may = staticmethod(may.may_leave_question_open)
    title = _("Leave the question open")
    lead = _("It becomes an inquiry with a number of its own, and is answered within thirty days of the briefing.")
    button = _("Leave it open")
    icon = "inbox"
    said = _("The question has its own number now.")

    def operate(self, form):
        self.act(records.leave_question_open)
        return self.done()


class FigureView(BriefingActView):
    """Add a table of figures, or change one."""

    form_class = forms.FigureForm
    may = staticmethod(may.may_note_briefing)
    title = _("Figures")
    lead = _("They are shown as a chart and as a table, with the minutes.")

    def find(self):
        briefing = super().find()
        key = self.kwargs.get("figure")
        self.figure = next((one for one in briefing.figures.all() if one.pk == key), None)
        if key is not None and self.figure is None:
            raise Http404
        return briefing

    def get_initial(self):
        figure = self.figure
        if figure is None:
            return {}
        return {"title": figure.title, "measure": figure.measure, "rows": forms.rows_text(figure.rows)}

    def operate(self, form):
        values = form.cleaned_data
        self.act(
            records.put_figure,
            title=values["title"],
            measure=values["measure"],
            rows=values["rows"],
            key=values["idempotency_key"],
            figure_id=self.kwargs.get("figure"),
        )
        return self.done()


class RemoveFigureView(View):
    """Take a table of figures out before the minutes are published."""

    http_method_names = ("post", "options")

    def post(self, request, pk, figure):
        briefing = find_desk_briefing(request.user, pk)
        require(may.may_note_briefing(request.user, briefing))
        try:
            records.remove_figure(briefing_id=pk, figure_id=figure, actor=request.user, at=timezone.now())
        except OperationRefused as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _("The figures have been taken out."))
        return redirect("disclosures:briefing_work", pk)


class MinutesView(BriefingActView):
    """Write the minutes, or a correction of published ones."""

    form_class = forms.MinutesForm
    may = staticmethod(may.may_write_minutes)
    title = _("Minutes")
    lead = _("Another person publishes them: the chair of the briefing, the head of the department or the union chair.")
    said = _("The minutes are saved and wait to be published by another person.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "is_correction": self.briefing.state == S.MINUTED}

    def get_initial(self):
        latest = max(self.briefing.minutes.all(), key=lambda row: row.number, default=None)
        if latest is None:
            return {}
        return {"text": latest.text, "note": latest.note if latest.published_at is None else ""}

    def operate(self, form):
        values = form.cleaned_data
        self.act(records.write_minutes, text=values["text"], note_text=values.get("note", ""))
        return self.done()


class PublishMinutesView(BriefingActView):
    """Publish the minutes that wait, with all that belongs to them."""

    form_class = PortalForm
    template_name = "disclosures/briefings/publish.html"
    may = staticmethod(may.may_publish_minutes)
    title = _("Publish the minutes")
    lead = _("With them attendance, figures, questions and answers become public. From then on nothing of it changes.")
    button = _("Publish")
    icon = "stamp"
    said = _("The minutes are public.")

    def operate(self, form):
        self.act(records.publish_minutes, seen_at=_moment(self.request.POST.get("written_at", "")))
        return self.done()

    def get_context_data(self, **kwargs):
        draft = may.draft_minutes(self.briefing)
        before = [row for row in self.briefing.minutes.all() if row.published_at is not None]
        return super().get_context_data(draft=draft, before=before[-1] if before else None, **kwargs)


def _moment(text):
    """Return the moment that a form remembers, or None where it remembers none that fits."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
