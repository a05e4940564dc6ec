"""The committee's board, its decisions, the check of replies, best motions, the archive; the union's call."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from feedback.enums import Route
from feedback.queries import current_reply
from feedback.queries.desks import units_that_answer
from portal.accounts.middleware import public_view
from portal.deadlines.clock import clock_of
from portal.kernel.days import local_day

from ..enums import MotionState
from ..forms.motion_desk import ArchiveForm, CallForm, CheckForm, DecisionForm
from ..forms.motions import ReasonForm
from ..operations.motion_replies import check_reply, is_passed_reply
from ..operations.motion_review import archive_motion, call_motions, decide_motion, name_best
from ..queries.motion_report import report_of
from ..queries.motions import call_in_full, calls_known, committees_to_choose, motions_of_call, to_merge_into
from ..rules import motion_desk as rules
from ..rules.motions import may_call_motions
from ..rules.terms import keeps_term
from .motion_base import MotionActView, row_of, standing_of_motion
from .sessions import SessionActView

S = MotionState
# Columns of the board: their heading, and which badge states stand in them.
COLUMNS = (
    (_("with the delegations"), (S.GROUP_REVIEW,)),
    (_("to be examined"), (S.SUBMITTED,)),
    (_("filed: being handled"), (S.FILED,)),
    (_("raised to a bill"), (S.ESCALATED,)),
    (_("ended without filing"), (S.MERGED, S.CONVERTED, S.REJECTED, S.WITHDRAWN)),
    (_("done and archived"), (S.ARCHIVED,)),
)


def find_call(user, pk):
    """Return the call whose board exists for this person; everything else is a 404."""
    call = call_in_full(pk)
    if call is None or not rules.may_see_board(user, call):
        raise Http404
    return call


class MotionBoardView(TemplateView):
    """The motions of a call in columns by state, for the committee and the union as its office."""

    template_name = "congress/motion_board.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        call = find_call(user, self.kwargs["pk"])
        rows = [row_of(one, at) for one in motions_of_call(call)]
        for row in rows:
            row["title"] = row["one"].title
        columns = [
            {"label": label, "rows": [row for row in rows if row["one"].state in states]} for label, states in COLUMNS
        ]
        others = [one for one in calls_known()[:20] if one.pk != call.pk and keeps_term(user, one.session.term)]
        return super().get_context_data(
            call=call,
            is_open=call.is_open(local_day(at)),
            clock=clock_of(call.promise, at),
            columns=[column for column in columns if column["rows"] or column["label"] == COLUMNS[1][0]],
            count=len(rows),
            others=others,
            **kwargs,
        )


@method_decorator(public_view, name="dispatch")
class MotionReportView(TemplateView):
    """The report on the motions of a session to the next congress, computed from what happened."""

    template_name = "congress/motion_report.html"

    def get_context_data(self, **kwargs):
        at = timezone.now()
        call = call_in_full(self.kwargs["pk"])
        if call is None:
            raise Http404
        return super().get_context_data(call=call, today=local_day(at), report=report_of(call, at), **kwargs)


class MotionCallNewView(SessionActView):
    """Call for the motions of a session."""

    form_class = CallForm
    title = _("Call for motions")
    lead = _("Every delegate is told. The last day is kept by the clock: later motions wait for the next call.")
    button = _("Call for motions")
    icon = "megaphone"
    said = _("Motions are called for; the delegates have been told.")

    def verdict(self):
        return may_call_motions(self.request.user, self.thing, self.at)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "committees": committees_to_choose(self.thing.term)}

    def get_initial(self):
        return {"opens_on": local_day(self.at)}

    def operate(self, form):
        call = self.act(call_motions, **form.values())
        messages.success(self.request, self.said)
        return redirect("congress:motion_call", call.pk)


class _CommitteeActView(MotionActView):
    """An act of the committee on a motion, with the motion beside the form."""

    template_name = "congress/motion_decide.html"

    def back_url(self):
        return reverse("congress:motion", args=[self.thing.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**standing_of_motion(self.thing, self.request.user, self.at), **kwargs)


class MotionDecideView(_CommitteeActView):
    """Record what the committee decided on a motion."""

    form_class = DecisionForm
    may = staticmethod(rules.may_decide_motion)
    title = _("Examine the motion")
    button = _("Record the decision")
    icon = "gavel"
    said = _("The decision has been recorded; all signers are told.")

    def get_form_kwargs(self):
        is_union = keeps_term(self.request.user, self.thing.term)
        return {
            **super().get_form_kwargs(),
            "targets": to_merge_into(self.thing),
            "units": units_that_answer(Route.ORDINARY, at=self.at),
            "may_assign": is_union,
        }

    def operate(self, form):
        self.act(decide_motion, **form.values())
        return self.done()

    def done(self):
        messages.success(self.request, self.said)
        return redirect("congress:motion_board", self.thing.call_id)


class MotionCheckView(_CommitteeActView):
    """Check a reply before the head signs it."""

    form_class = CheckForm
    template_name = "congress/motion_check.html"
    title = _("Check the reply")
    lead = _("Does it answer every point, name who does what by when, and is the class right? Then the head signs it.")
    said = _("The check has been recorded.")

    def verdict(self):
        reply = self._reply()
        passed = reply is not None and is_passed_reply(self.thing.inquiry_id, reply)
        return rules.may_check_reply(self.request.user, self.thing, reply, is_passed=passed)

    def _reply(self):
        return current_reply(self.thing.inquiry) if self.thing.inquiry is not None else None

    def operate(self, form):
        is_passed = form.cleaned_data["verdict"] == "yes"
        self.act(check_reply, is_passed=is_passed, comment=form.cleaned_data["comment"])
        return self.done()

    def get_context_data(self, **kwargs):
        return super().get_context_data(draft=self._reply(), **kwargs)


class MotionBestView(_CommitteeActView):
    """Choose a motion as one of the best."""

    form_class = ReasonForm
    may = staticmethod(rules.may_name_best)
    title = _("Choose as one of the best motions")
    button = _("Choose it")
    tone = "seal"
    icon = "award"
    said = _("The motion is one of the best; its signers are told.")

    def operate(self, form):
        self.act(name_best, **form.cleaned_data)
        return self.done()


class MotionArchiveView(_CommitteeActView):
    """Archive a motion that is done."""

    form_class = ArchiveForm
    may = staticmethod(rules.may_archive_motion)
    title = _("Archive the motion")
    button = _("Archive it")
    icon = "archive"
    said = _("The motion is archived.")

    def get_initial(self):
        motion = self.thing
        if motion.call is None:
            return {}
        return {"archive_no": f"TA-{motion.term.number}-{motion.call.session.number}-{motion.serial:03d}"}

    def operate(self, form):
        self.act(archive_motion, **form.cleaned_data)
        return self.done()
