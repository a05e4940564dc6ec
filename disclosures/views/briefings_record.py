"""What was said at a briefing: questions and answers, figures, the minutes and their publication."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.kernel.forms import PortalForm
from portal.kernel.rows import only_one
from portal.kernel.verdicts import OperationRefused, require

from ..enums import BriefingState
from ..forms import briefing_fields
from ..forms import briefings as forms
from ..models import BriefingQuestion
from ..operations import briefing_record as records
from ..rules import briefings as may
from .briefings_acts import BriefingActView
from .briefings_desk import find_desk_briefing

S = BriefingState


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
        question = only_one(BriefingQuestion.objects.select_related("inquiry", "asker").filter(pk=self.kwargs["pk"]))
        if question is None:
            raise Http404
        briefing = find_desk_briefing(self.request.user, question.briefing_id)
        question.briefing, self.question = briefing, question
        return briefing

    def verdict(self):
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
        return {"title": figure.title, "measure": figure.measure, "rows": briefing_fields.rows_text(figure.rows)}

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
    button = _("Publish the minutes")
    icon = "stamp"
    said = _("The minutes are public.")

    def operate(self, form):
        self.act(records.publish_minutes, read=self.request.POST.get("words_read"))
        return self.done()

    def words_read(self):
        draft = may.draft_minutes(self.briefing)
        return records.minutes_print(self.briefing, draft) if draft is not None else ""

    def get_context_data(self, **kwargs):
        draft = may.draft_minutes(self.briefing)
        before = [row for row in self.briefing.minutes.all() if row.published_at is not None]
        return super().get_context_data(draft=draft, before=before[-1] if before else None, **kwargs)
