"""The working page of one inquiry, and what those who handle it do there."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from portal.accounts.queries import rule_value
from portal.deadlines import rules as clock_rules
from portal.deadlines.clock import clock_of
from portal.files.serving import serve
from portal.kernel.days import local_day
from portal.kernel.verdicts import denied

from .. import numbers
from ..enums import IdentityMode, InquiryState, ReplyState
from ..forms.desk import (
    AskAuthorForm,
    AskReturnForm,
    ConfirmForm,
    ContributeForm,
    PlanForm,
)
from ..operations import ask_author, ask_return, contribute, record_plan, resume_inquiry
from ..queries import (
    current_reply,
    delivered_replies,
    inquiries_visible_to,
    inquiry_by_number,
    matter_of_desk,
    units_that_answer,
)
from ..rules import (
    keeps,
    may_approve,
    may_ask_author,
    may_ask_hiding,
    may_ask_return,
    may_assign,
    may_contribute,
    may_decide_hiding,
    may_decide_return,
    may_deliver,
    may_draft,
    may_merge,
    may_plan,
    may_redact,
    may_register,
    may_resume,
    may_reveal,
    may_send_back,
    may_transfer,
    may_unmerge,
    works_on,
)
from ..rules.handling import pending_return
from ..rules.sight import leads
from .acts import ActView
from .reading import author_of, find_inquiry, stages_of, text_for

S = InquiryState


@dataclass(frozen=True)
class Act:
    """A button of the working page."""

    verb: str
    label: object
    icon: str
    verdict: object
    is_main: bool = False
    key: str = ""
    explains: bool = False  # whether a no is worth a line of its own


def acts_for(user, inquiry, *, reply, extension, at):
    """Return every act on an inquiry with the rule's answer for this person, the main ones first."""
    hiding = pending_hiding(inquiry)
    is_worker = works_on(user, inquiry)
    # Asked of nobody else: the rule refuses them before it counts.
    climb_after = rule_value(numbers.CLIMB_AFTER, unit=inquiry.lead_unit, at=at) if is_worker else 0
    may_wait = may_ask_extension(user, inquiry, extension, at)
    return [
        Act("register", _("Register"), "clipboard-check", may_register(user, inquiry), True, "r"),
        Act("decide_return", _("Decide on the return"), "undo-2", may_decide_return(user, inquiry), True),
        Act(
            "assign",
            _("Assign") if inquiry.lead_unit_id is None else _("Assign anew"),
            "send",
            may_assign(user, inquiry),
            inquiry.state == S.REGISTERED,
            "a",
        ),
        Act("reply", _("Write the reply"), "square-pen", may_draft(user, inquiry), True, "e"),
        Act("contribute", _("Give our part"), "puzzle", may_contribute(user, inquiry), not is_worker),
        Act(
            "approve",
            _("Approve the reply"),
            "stamp",
            may_approve(user, inquiry, reply),
            True,
            "p",
            explains=inquiry.state == S.DRAFTED and (is_worker or leads(user, inquiry)),
        ),
        Act("send_back", _("Send the draft back"), "corner-up-left", may_send_back(user, inquiry, reply)),
        Act("deliver", _("Record the delivery"), "megaphone", _may_deliver(user, inquiry), True, "d"),
        Act(
            "decide_extension",
            _("Decide on more time"),
            "calendar-clock",
            may_decide_extension(user, extension, at),
            True,
        ),
        Act("decide_hiding", _("Decide on hiding"), "eye-off", may_decide_hiding(user, inquiry, hiding), True),
        Act("ask_author", _("Ask the author"), "message-circle-question-mark", may_ask_author(user, inquiry)),
        Act("resume", _("Let the clock run on"), "play", may_resume(user, inquiry)),
        Act("plan", _("Record a negotiated plan"), "handshake", may_plan(user, inquiry)),
        Act(
            "ask_return",
            _("Return: not ours"),
            "undo-2",
            may_ask_return(user, inquiry, today=local_day(at), climb_after=climb_after),
            explains=is_worker and inquiry.state in (S.ASSIGNED, S.NEGOTIATING),
        ),
        Act(
            "ask_extension",
            _("Ask for more time"),
            "calendar-plus",
            may_wait,
            explains=is_worker and inquiry.state in (S.ASSIGNED, S.NEGOTIATING),
        ),
        Act("merge", _("Merge"), "merge", may_merge(user, inquiry), key="m"),
        Act("unmerge", _("Take out of the merge"), "split", may_unmerge(user, inquiry)),
        Act("redact", _("Edit the text others read"), "eraser", may_redact(user, inquiry)),
        Act("ask_hiding", _("Ask to hide"), "eye-off", may_ask_hiding(user, inquiry)),
        Act("transfer", _("Hand to discipline inspection"), "shield", may_transfer(user, inquiry)),
        Act("reveal", _("Open the identity"), "key-round", may_reveal(user, inquiry)),
    ]


def pending_hiding(inquiry):
    """Return the wish to hide that waits for a second person, if any."""
    return next((row for row in inquiry.hidings.all() if row.is_granted is None), None)


def pending_extension(inquiry):
    """Return the extension that waits for a decision, if any."""
    return next((row for row in inquiry.promise.extensions.all() if row.is_granted is None), None)


def _may_deliver(user, inquiry):
    # Whoever may record any delivery may record one on the portal.
    return may_deliver(user, inquiry, "portal")


def may_ask_extension(user, inquiry, extension, at):
    """Whether more time can be asked for now: the clock's rules and the matter's."""
    if extension is not None:
        return denied(_("An extension has been asked for already and waits for a decision."))
    return clock_rules.may_ask_extension(user, inquiry.promise, at)


def may_decide_extension(user, extension, at):
    if extension is None:
        return denied(_("No request for more time is waiting."))
    return clock_rules.may_decide_extension(user, extension, at)


class WorkView(TemplateView):
    """One inquiry with its card, its clock, its people and its history, and the acts that are open to the reader."""

    template_name = "feedback/desk_work.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        inquiry = find_inquiry(user, self.kwargs["number"], matter_of_desk)
        is_keeper = keeps(user, inquiry)
        reply = current_reply(inquiry)
        extension = pending_extension(inquiry)
        clock = clock_of(inquiry.promise, at)
        acts = acts_for(user, inquiry, reply=reply, extension=extension, at=at)
        allowed = [act for act in acts if act.verdict]
        may_see_draft = works_on(user, inquiry)
        rows = [row for row in inquiry.files.all() if is_keeper or not row.is_scan]
        return super().get_context_data(
            **{
                "inquiry": inquiry,
                "text": text_for(user, inquiry),
                "author": author_of(inquiry),
                "is_keeper": is_keeper,
                "clock": clock,
                "stages": stages_of(inquiry, clock),
                "main_acts": [act for act in allowed if act.is_main],
                "other_acts": [act for act in allowed if not act.is_main],
                "refusals": [act for act in acts if act.explains and not act.verdict],
                "parts": [part for part in inquiry.assignments.all() if part.ended_on is None],
                "past_parts": [part for part in inquiry.assignments.all() if part.ended_on is not None],
                "draft": reply if reply and reply.state == ReplyState.DRAFT and may_see_draft else None,
                "submitted": reply if reply and reply.state in (ReplyState.SUBMITTED, ReplyState.APPROVED) else None,
                "replies": delivered_replies(inquiry),
                "plans": inquiry.plans.all(),
                "returns": inquiry.returns.all(),
                "extensions": inquiry.promise.extensions.all(),
                "hiding": pending_hiding(inquiry) if is_keeper else None,
                "merged": inquiry.merged.all() if inquiry.state != S.MERGED else [],
                "reveals": inquiry.reveals.select_related("revealed_by").order_by("pk")
                if is_keeper and inquiry.identity_mode == IdentityMode.CONFIDENTIAL
                else [],
                "card_files": [row for row in rows if row.reply_id is None],
                "reply_files": [row for row in rows if row.reply_id is not None],
                "is_worker": may_see_draft,
                **kwargs,
            }
        )


class WorkFileView(View):
    """A file of an inquiry for those who work with it; the scan of a paper card only for those who keep it."""

    def get(self, request, number, pk):
        inquiry = inquiry_by_number(
            number,
            inquiries_visible_to(request.user).select_related("unit", "unit__parent", "about_unit", "about_person"),
        )
        row = inquiry and inquiry.files.select_related("file").filter(file_id=pk).first()
        if row is None or (row.is_scan and not keeps(request.user, inquiry)):
            raise Http404
        return serve(row.file, inline_image="download" not in request.GET)


class AskReturnView(ActView):
    """Say "not ours"."""

    form_class = AskReturnForm
    title = _("Return: not ours")
    lead = _(
        "Nobody forwards by himself: the union decides whose it is. Until then the matter stays with you and its "
        "clock runs on."
    )
    button = _("Ask the union to take it back")
    icon = "undo-2"
    said = _("The union has been asked to take the matter back.")

    def verdict(self, inquiry):
        climb_after = rule_value(numbers.CLIMB_AFTER, unit=inquiry.lead_unit, at=self.at)
        return may_ask_return(self.request.user, inquiry, today=local_day(self.at), climb_after=climb_after)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "units": units_that_answer(self.inquiry.route, at=self.at)}

    def operate(self, form):
        ask_return(
            inquiry_id=self.inquiry.pk,
            reason=form.cleaned_data["reason"],
            proposed_unit=form.cleaned_data["proposed_unit"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()

    def is_done(self, inquiry, form):
        request = pending_return(inquiry)
        return request is not None and request.asked_by_id == self.request.user.pk


class ContributeView(ActView):
    """Give an assisting department's part."""

    form_class = ContributeForm
    may = staticmethod(may_contribute)
    title = _("Give our part")
    lead = _("Your department assists. What you write here goes to the lead department, which answers for all.")
    button = _("Hand in")
    said = _("Your part has been handed in to the lead department.")

    def get_initial(self):
        own = next(
            (
                part
                for part in self.inquiry.assignments.all()
                if part.ended_on is None and part.contributed_by_id == self.request.user.pk
            ),
            None,
        )
        return {"text": own.contribution if own else ""}

    def operate(self, form):
        contribute(
            inquiry_id=self.inquiry.pk, text=form.cleaned_data["text"], actor=self.request.user, at=timezone.now()
        )
        return self.done()


class PlanView(ActView):
    """Record a negotiated plan (协商方案)."""

    form_class = PlanForm
    may = staticmethod(may_plan)
    title = _("Record a negotiated plan")
    lead = _("Where departments and workers have to agree first. The clock runs on while they talk.")
    button = _("Record")
    said = _("The plan has been recorded.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "today": local_day(self.at)}

    def operate(self, form):
        record_plan(inquiry_id=self.inquiry.pk, **form.cleaned_data, actor=self.request.user, at=timezone.now())
        return self.done()


class AskAuthorView(ActView):
    """Ask the author for what is missing; the clock stands still."""

    form_class = AskAuthorForm
    may = staticmethod(may_ask_author)
    title = _("Ask the author")
    lead = _(
        "The clock stands still from today until the author answers, ten days in all at the most. Ask everything at "
        "once."
    )
    button = _("Ask, and stop the clock")
    icon = "message-circle-question-mark"
    said = _("The author has been asked; the clock stands still.")

    def operate(self, form):
        ask_author(
            inquiry_id=self.inquiry.pk, text=form.cleaned_data["text"], actor=self.request.user, at=timezone.now()
        )
        return self.done()


class ResumeView(ActView):
    """Let the clock run on without the author's answer."""

    form_class = ConfirmForm
    may = staticmethod(may_resume)
    title = _("Let the clock run on")
    lead = _("You go on without waiting for the author's answer. The days of waiting do not count.")
    button = _("Let it run on")
    icon = "play"
    said = _("The clock runs again.")

    def operate(self, form):
        resume_inquiry(inquiry_id=self.inquiry.pk, actor=self.request.user, at=timezone.now())
        return self.done()

    def is_done(self, inquiry, form):
        return inquiry.promise.paused_on is None
