"""What everybody reads of motions: the list with its filters and workbook, one motion, its paper, the call."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from feedback.forms.fields import unit_label
from feedback.queries import current_reply
from feedback.rules import may_see_page
from feedback.views.standing import told_in_order
from portal.accounts.middleware import public_view
from portal.accounts.queries import rule_value
from portal.accounts.readers import read_for
from portal.deadlines.clock import clock_of
from portal.exports.responses import download
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.kernel.days import local_day
from portal.kernel.keeping import fingerprint, is_kept_for, kept_for_reader, kept_page, remembered
from portal.kernel.replaying import page_as_read
from portal.kernel.rulebook import RULES
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from .. import numbers
from ..enums import FILED_STATES, PRIVATE_STATES, MotionState
from ..forms.motions import MotionFilterForm
from ..motion_stages import badge_of, stages_of
from ..operations.motion_replies import is_passed_reply
from ..queries.motions import (
    call_in_full,
    calls_to_choose,
    lead_units,
    open_call,
    public_motions,
    sessions_without_call,
    signing_mandate,
)
from ..queries.newest_motions import motion_of, motions_page
from ..rules import motion_desk as desk_rules
from ..rules import motions as rules
from .motion_base import find_motion, key_of, row_of, standing_of_motion, title_of

# What the history of a motion tells of its inquiry.
HANDLING = frozenset(
    f"inquiry.{code}"
    for code in (
        *("assigned", "reassigned", "return_asked", "return_granted", "return_refused", "climbed", "contributed"),
        *("planned", "approved", "delivered", "rated", "redone", "tracked", "closed", "closed_unrated"),
    )
)


def filtered(chosen):
    """Return the public motions that fit what was chosen."""
    rows = public_motions()
    if "call" in chosen:
        rows = rows.filter(call=chosen["call"])
    for name in ("category", "state"):
        if name in chosen:
            rows = rows.filter(**{name: chosen[name]})
    if "unit" in chosen:
        rows = rows.filter(inquiry__lead_unit=chosen["unit"])
    if "best" in chosen:
        rows = rows.exclude(best_reason="")
    if "q" in chosen:
        rows = rows.filter(title__icontains=chosen["q"])
    return rows


def units_offered():
    """Return the units of the filter, and the same as (code, label); a new one is there a minute later at the most."""

    def read():
        units = lead_units()
        return units, [(unit.code, unit_label(unit)) for unit in units]

    return remembered("units that lead motions", read, seconds=60)


@method_decorator(public_view, name="dispatch")
class MotionsView(TemplateView):
    """The motions that everybody may read."""

    template_name = "congress/motions.html"

    def get(self, request, *args, **kwargs):
        self.at = timezone.now()
        self.today = local_day(self.at)
        self.calls = read_for(request.user, "motion calls", calls_to_choose)
        self.units, self.unit_labels = units_offered()
        # Most readers choose nothing, and the form is not asked.
        self.chosen = self.form.chosen if request.GET.keys() - {"after"} else {}
        self.page = self.read_page(request.GET.get("after", ""))
        self.to_call = [
            session
            for session in sessions_without_call(request.user)
            if rules.may_call_motions(request.user, session, self.at)
        ]
        # The page itself is made only when something of all this has changed.
        shown = ("motions", self.page, self.today, *self.offered(), [session.pk for session in self.to_call])
        if not is_kept_for(request):
            return kept_for_reader(request, shown, lambda: super(MotionsView, self).get(request, *args, **kwargs))
        key = fingerprint(request, *shown)
        return kept_page(request, key, lambda: super(MotionsView, self).get(request, *args, **kwargs).render().content)

    @cached_property
    def form(self):
        return MotionFilterForm(self.request.GET, calls=self.calls, units=self.units)

    def read_page(self, token):
        """Return the page of motions; the newest of all are read once a second for most."""
        if self.chosen or token:
            return motions_page(filtered(self.chosen) if self.chosen else None, token=token)
        return read_for(self.request.user, "newest motions", lambda: motions_page(None, token=""))

    def offered(self):
        """Return all that the filters and the calls above the list are drawn from, but what was asked for."""
        calls = [(call.pk, call.session.title, call.closes_on, call.is_open(self.today)) for call in self.calls]
        return calls, self.unit_labels

    def get_context_data(self, **kwargs):
        rows = [row_of(motion_of(line), self.at) for line in self.page]
        return super().get_context_data(
            filters=self.form,
            filters_key=(self.form.as_key(), len(self.chosen)),
            chosen_count=len(self.chosen),
            page=self.page,
            rows=rows,
            rows_key=[key_of(row) for row in rows],
            open_calls=[call for call in self.calls if call.is_open(self.today)],
            to_call=self.to_call,
            query=self.request.GET.urlencode(),
            **kwargs,
        )


@method_decorator(public_view, name="dispatch")
class MotionsFileView(View):
    """The public list as a workbook, with the same filters."""

    def get(self, request):
        at = timezone.now()
        form = MotionFilterForm(request.GET, calls=calls_to_choose(), units=units_offered()[0])
        rows = filtered(form.chosen).select_related("proposer").order_by("-call__opens_on", "serial")
        sheet = Sheet(
            name=_("Motions"),
            columns=[
                Column(_("Number"), "text", 16),
                Column(_("Title"), "text", 44),
                Column(_("Category of the motion"), "text", 18),
                Column(_("Lead proposer"), "text", 14),
                Column(_("State"), "text", 22),
                Column(_("Lead department"), "text", 20),
                Column(_("Due"), "day"),
                Column(_("Replied on"), "day"),
                Column(_("Class"), "text", 8),
                Column(_("Promised for"), "day"),
                Column(_("Second handlings"), "whole"),
                Column(_("Archive number"), "text", 16),
            ],
            rows=(_cells(one) for one in rows.iterator(chunk_size=500)),
        )
        book = make_workbook(title=_("Motions"), sheets=[sheet], notes=[], cut_off=at)
        return download(book, _("Motions") + ".xlsx")


def _cells(one):
    inquiry = one.inquiry
    lead = inquiry.lead_unit if inquiry is not None else None
    return (
        one.number,
        title_of(one),
        one.get_category_display(),
        one.proposer.name if one.is_open else _("withheld"),
        badge_of(one)[0],
        lead.name if lead is not None else "",
        inquiry.promise.due_on if inquiry is not None else None,
        inquiry.answered_on if inquiry is not None else None,
        inquiry.outcome if inquiry is not None else "",
        inquiry.promised_on if inquiry is not None else None,
        inquiry.redo_count if inquiry is not None else 0,
        one.archive_no,
    )


@method_decorator(public_view, name="dispatch")
class MotionView(View):
    """One motion: what it says, who proposed it, where it stands, its clock, the reply, the ratings in total."""

    def get(self, request, pk):
        return page_as_read(request, lambda: self._page(request, pk))

    def _page(self, request, pk):
        at, user = timezone.now(), request.user
        motion = find_motion(user, pk)
        return render(
            request,
            "congress/motion.html",
            {
                **standing_of_motion(motion, user, at),
                **_acts(motion, user, at),
                "stages": stages_of(motion),
                "lines": lines_of_motion(motion),
            },
        )


def lines_of_motion(motion):
    """Return what was done on a motion and, once it is filed, by those who handle it; its clock has its own words."""
    if motion.inquiry is None or motion.state not in FILED_STATES:
        return history_of(subject_key(motion))
    lines = told_in_order(history_of(subject_key(motion), subject_key(motion.inquiry)))
    return [one for one in lines if one.verb.startswith("motion.") or one.verb in HANDLING]


def _acts(motion, user, at):
    """Return what this reader may do with a motion now."""
    if not user.is_authenticated:
        return {}
    signature = next((one for one in motion.signatures.all() if one.mandate.person_id == user.pk), None)
    if signature is not None:
        signature.motion = motion
    inquiry = motion.inquiry
    reply = current_reply(inquiry) if inquiry is not None else None
    is_own = motion.proposer.person_id == user.pk
    is_ready = is_own and motion.state == MotionState.SECONDING
    asked = motion.state in (MotionState.SECONDING, MotionState.GROUP_REVIEW, MotionState.SUBMITTED)
    return {
        "is_own": is_own,
        # What the delegation missed stands above the page of who is to mend it.
        "is_rewritten": is_own and motion.group_passed is False and motion.state in PRIVATE_STATES,
        "signatures": list(motion.signatures.all()) if is_own or asked else [],
        "may_edit": bool(rules.may_edit_motion(user, motion)),
        "may_discard": bool(rules.may_discard_motion(user, motion)),
        "may_invite": bool(rules.may_invite(user, motion, at)),
        "may_sign": bool(rules.may_sign(user, signature, at)),
        "may_unsign": bool(rules.may_unsign(user, signature)),
        "hand_in": rules.may_hand_in(user, motion, open_call(motion.term, local_day(at)), at) if is_ready else None,
        "may_take_back": bool(rules.may_take_back(user, motion)),
        "may_withdraw": bool(rules.may_withdraw_motion(user, motion)),
        "may_group": bool(rules.may_review_group(user, motion)),
        "may_decide": bool(desk_rules.may_decide_motion(user, motion)),
        "may_check": inquiry is not None
        and bool(desk_rules.may_check_reply(user, motion, reply))
        and not is_passed_reply(inquiry.pk, reply),
        "may_rate": inquiry is not None
        and bool(desk_rules.may_rate_motion(user, motion, signing_mandate(motion, user))),
        "may_best": bool(desk_rules.may_name_best(user, motion)),
        "may_archive": bool(desk_rules.may_archive_motion(user, motion)),
        "board": motion.call if motion.call is not None and desk_rules.may_see_board(user, motion.call) else None,
        "may_work": inquiry is not None and bool(may_see_page(user, inquiry)),
    }


@method_decorator(public_view, name="dispatch")
class MotionPrintView(TemplateView):
    """The motion on paper (提案表): words, signatures, decision, department, reply, ratings."""

    template_name = "congress/motion_print.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        motion = find_motion(user, self.kwargs["pk"])
        return super().get_context_data(**standing_of_motion(motion, user, at), today=local_day(at), **kwargs)


@method_decorator(public_view, name="dispatch")
class MotionCallView(TemplateView):
    """A call for motions: its days, what it asks for, who examines, the rules with their sources."""

    template_name = "congress/motion_call.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        call = call_in_full(self.kwargs["pk"])
        if call is None:
            raise Http404
        today = local_day(at)
        return super().get_context_data(
            call=call,
            is_open=call.is_open(today),
            is_over=today > call.closes_on,
            clock=clock_of(call.promise, at),
            rules_shown=_rules_of(call, at),
            may_board=user.is_authenticated and desk_rules.may_see_board(user, call),
            lines=history_of(subject_key(call)),
            **kwargs,
        )


def _rules_of(call, at):
    """Return the numbers that hold for a call, each with its source."""
    unit = call.session.term.unit
    shown = (
        (numbers.LEAST_SECONDERS, call.least),
        (numbers.CALL_LEAD, None),
        (numbers.REVIEW_DAYS, None),
        (numbers.MOTION_REPLY_DAYS, None),
        (numbers.ASSIST_DAYS, None),
        (numbers.REDO_VOICES, None),
    )
    return [
        {"rule": RULES[key], "value": value if value is not None else rule_value(key, unit=unit, at=at)}
        for key, value in shown
    ]
