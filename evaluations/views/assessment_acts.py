"""The acts on an assessment, each a form and one operation."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import local_day

from ..forms import assessments as forms
from ..operations import assessing, assessment_votes, assessments, rectifying
from ..queries.assessment_votes import sessions_to_ask, vote_of
from ..queries.assessments import lines_of, objections_of
from ..rules import assessments as rules
from .assessment_base import AssessmentActView, line_rows

DESK = "evaluations:assessments_desk"


class PrepareView(AssessmentActView):
    """Name the assessment group and set the days."""

    form_class = forms.PrepareForm
    title = _("Assessment group and days")
    lead = _("At least two people, none of the unit that is assessed. One gives the points, another confirms them.")
    said = _("The group and the days are set.")

    def verdict(self):
        return rules.may_prepare(self.request.user, self.thing)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "unit": self.thing.unit, "today": local_day(self.at)}

    def get_initial(self):
        found = {f"member{place}": person.job_no for place, person in enumerate(self.people, 1)}
        return {**found, "self_by": self.thing.self_by, "group_by": self.thing.group_by}

    def operate(self, form):
        values = form.cleaned_data
        self.act(
            assessments.prepare_assessment,
            people=form.members(),
            self_by=values["self_by"],
            group_by=values["group_by"],
        )
        return self.done()


class CancelView(AssessmentActView):
    """Cancel an assessment that was planned by mistake."""

    form_class = forms.ReasonForm
    title = _("Cancel the assessment")
    lead = _("The unit may be planned anew afterwards.")
    button = _("Cancel the assessment")
    tone, icon = "danger", "x"
    said = _("The assessment is cancelled.")

    def verdict(self):
        return rules.may_cancel_assessment(self.request.user, self.thing)

    def operate(self, form):
        self.act(assessments.cancel_assessment, reason=form.cleaned_data["reason"])
        return self.done()


class OpenView(AssessmentActView):
    """Open the self-assessment and freeze the figures."""

    title = _("Open the self-assessment")
    lead = _(
        "The portal reads its figures once, freezes them and proposes points. The unit is told and its clock starts."
    )
    button = _("Open the self-assessment")
    icon = "send"
    said = _("The figures are frozen, and the unit has been told.")

    def verdict(self):
        return rules.may_open_self(self.request.user, self.thing, self.people, self.at)

    def operate(self, form):
        self.act(assessments.open_self)
        return self.done()


class _LinesView(AssessmentActView):
    """Points and words for each item."""

    form_class = forms.LinesForm
    template_name = "evaluations/assessments/points.html"
    points = words = ""
    words_label = ""

    def find(self):
        found = super().find()
        self.lines = lines_of(found)
        return found

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "lines": self.lines,
            "points": self.points,
            "words": self.words,
            "words_label": self.words_label,
        }

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        shown = {row["line"].pk: row for row in line_rows(self.lines, self.thing)}
        context["rows"] = [{**shown[row["line"].pk], "fields": row} for row in context["form"].rows]
        return context


class SelfView(_LinesView):
    """Fill in the self-assessment of the unit; what is typed can be kept and sent later."""

    title = _("Self-assessment")
    lead = _("The figures propose points. Where you give others, say why; then send it to the assessment group.")
    button = _("Send to the group")
    icon = "send"
    points, words = "own_points", "own_note"
    words_label = _("What you have to say about it")

    @property
    def is_kept_only(self):
        """Whether the button was pressed that keeps and does not send."""
        return self.request.POST.get("act") == "keep"

    def verdict(self):
        return rules.may_assess_self(self.request.user, self.thing)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "is_kept_only": self.is_kept_only}

    def operate(self, form):
        self.act(assessing.save_self, points=form.points(), notes=form.words(), is_sent=not self.is_kept_only)
        if self.is_kept_only:
            messages.success(self.request, _("Kept. Nothing has been sent yet."))
            return redirect(self.request.path)
        messages.success(self.request, _("Sent to the assessment group."))
        return redirect(self.back_url())


class ScoreView(_LinesView):
    """Give the points of the assessment group."""

    title = _("Points of the assessment group")
    lead = _(
        "The figures propose points; a person gives them. Where you give others, say why. Another member confirms."
    )
    button = _("Give these points")
    icon = "save"
    points, words = "points", "reason"
    words_label = _("Reason")
    said = _("The points are given. Another member of the group confirms them.")

    def verdict(self):
        return rules.may_score(self.request.user, self.thing, self.people)

    def operate(self, form):
        self.act(assessing.score_assessment, points=form.points(), reasons=form.words())
        return self.done()


class ConfirmView(AssessmentActView):
    """Confirm the points as another member of the group."""

    template_name = "evaluations/assessments/confirm.html"
    title = _("Confirm the points")
    lead = _("With your yes the unit sees the draft and may object to it.")
    button = _("Yes, these are the group's points")
    said = _("The unit sees the draft now.")

    def find(self):
        found = super().find()
        self.lines = lines_of(found)
        return found

    def verdict(self):
        return rules.may_confirm(self.request.user, self.thing, self.people)

    def words_read(self):
        return assessing.points_print(self.lines)

    def operate(self, form):
        self.act(assessing.confirm_assessment, read=self.request.POST.get("words_read"))
        return self.done()

    def get_context_data(self, **kwargs):
        given = [line.points for line in self.lines if line.points is not None]
        return super().get_context_data(rows=line_rows(self.lines, self.thing), sum=sum(given), **kwargs)


class ObjectView(AssessmentActView):
    """Object to the draft for the unit."""

    form_class = forms.ObjectForm
    title = _("Object to the draft")
    lead = _("The objection is registered with a number and answered within thirty days; until then the draft waits.")
    button = _("Send the objection")
    icon = "send"
    said = _("The objection has been sent. Its number stands below.")

    def verdict(self):
        return rules.may_object(self.request.user, self.thing, objections_of(self.thing), self.at)

    def operate(self, form):
        values = form.cleaned_data
        self.act(
            assessing.object_to_assessment,
            subject=values["subject"],
            body=values["body"],
            key=values["idempotency_key"],
        )
        return self.done()


class AcceptView(AssessmentActView):
    """Accept the draft for the unit."""

    title = _("Accept the draft")
    lead = _("The unit waives its objection, and the result may become final at once.")
    button = _("Accept the draft")
    said = _("The unit has accepted the draft.")

    def verdict(self):
        return rules.may_accept(self.request.user, self.thing, objections_of(self.thing))

    def operate(self, form):
        self.act(assessing.accept_assessment)
        return self.done()


class AgainView(AssessmentActView):
    """Give the draft back to the group after the objection was answered."""

    title = _("Back to the group")
    lead = _("The group gives its points anew, and the unit sees another draft.")
    button = _("Give it back to the group")
    icon = "undo-2"
    said = _("The group has been told.")

    def verdict(self):
        return rules.may_take_up_again(self.request.user, self.thing, objections_of(self.thing))

    def operate(self, form):
        self.act(assessing.take_up_again)
        return self.done()


class FinalView(AssessmentActView):
    """Make the draft the result."""

    title = _("Make the result final")
    lead = _("From now on every worker may read it, and the points never change.")
    button = _("Make it final")
    icon, tone = "stamp", "seal"
    said = _("The result is final.")

    def verdict(self):
        return rules.may_finalise(self.request.user, self.thing, objections_of(self.thing), self.at)

    def operate(self, form):
        self.act(assessing.finalise_assessment)
        return self.done()


class PutView(AssessmentActView):
    """Put the result on the agenda of the congress."""

    form_class = forms.PutForm
    template_name = "evaluations/assessments/put.html"
    title = _("Put the result to the congress")
    lead = _("It becomes an item of the agenda with its own question in a secret ballot; the delegates get the sheet.")
    button = _("Put it on the agenda")
    icon = "landmark"
    said = _("The result is on the agenda.")

    def find(self):
        found = super().find()
        self.sessions = list(sessions_to_ask(found, self.at))
        return found

    def verdict(self):
        return rules.may_put_to_congress(self.request.user, self.thing, vote_of(self.thing))

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "sessions": self.sessions}

    def get_context_data(self, **kwargs):
        return super().get_context_data(sessions=self.sessions, **kwargs)

    def operate(self, form):
        values = form.cleaned_data
        self.act(assessment_votes.put_to_congress, session_id=values["session"], key=values["idempotency_key"])
        return self.done()


class OpinionView(AssessmentActView):
    """Issue the rectification opinion."""

    form_class = forms.DemandsForm
    template_name = "evaluations/assessments/opinion.html"
    title = _("Rectification opinion")
    button = _("Issue the opinion")
    icon, tone = "flag", "seal"
    said = _("The opinion has been issued, and the unit's clocks run.")

    def find(self):
        found = super().find()
        self.lines = lines_of(found)
        return found

    @property
    def lead(self):
        """What the opinion does, with the days that the unit has."""
        return _("Say for each item what is to be put right; leave the others empty. The unit has %(days)d days.") % {
            "days": rectifying.days_to_rectify(self.thing.unit, self.at)
        }

    def verdict(self):
        return rules.may_issue_opinion(self.request.user, self.thing)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "lines": self.lines}

    def operate(self, form):
        self.act(rectifying.issue_opinion, demands=form.demands())
        return self.done()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        shown = {row["line"].pk: row for row in line_rows(self.lines, self.thing)}
        context["rows"] = [{**shown[row["line"].pk], "demand": row["demand"]} for row in context["form"].rows]
        return context


class CloseView(AssessmentActView):
    """Close an assessment in which nothing is to be put right."""

    form_class = forms.ReasonForm
    title = _("Nothing to put right")
    lead = _("The assessment is closed without a rectification opinion. Say why none is needed.")
    button = _("Close the assessment")
    said = _("The assessment is closed.")

    def verdict(self):
        return rules.may_issue_opinion(self.request.user, self.thing)

    def operate(self, form):
        self.act(rectifying.close_without_opinion, reason=form.cleaned_data["reason"])
        return self.done()
