"""The acts on a text: handing on, signing, forcing, correcting, withdrawing, outcome, flags."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import PortalForm
from portal.kernel.refusals import Conflict

from .. import operations as does
from .. import rules
from ..enums import NoticeOutcome, Step, VersionKind
from ..forms import (
    CorrectForm,
    DecideForm,
    ForceForm,
    GapForm,
    MaskForm,
    OutcomeForm,
    SignForm,
    WithdrawForm,
)
from ..operations.core import require_read
from ..texts import TEXTS, notice_words, notice_words_unmasked
from .base import PublicationActView


class SubmitView(PublicationActView):
    """Hand a draft to the chain of approval."""

    form_class = PortalForm
    may = staticmethod(rules.may_submit)
    title = _("Hand on for approval")
    lead = _("From here on the text cannot be changed. Whoever signs may send it back to you with a remark.")
    button = _("Hand on")
    icon = "send"
    said = _("The text is on its way to the first signature.")

    def operate(self, form):
        self.act(does.submit_publication)
        return self.done()


class DiscardView(PublicationActView):
    """Give a draft up."""

    form_class = PortalForm
    may = staticmethod(rules.may_discard)
    title = _("Discard the draft")
    lead = _("The draft leaves your desk. It was never public; that it existed stays in the ledger.")
    button = _("Discard")
    tone = "danger"
    icon = "trash-2"
    said = _("The draft has been discarded.")

    def operate(self, form):
        self.act(does.discard_draft)
        messages.success(self.request, self.said)
        return redirect("disclosures:desk")


class SignView(PublicationActView):
    """Sign one step, or send the text back from it."""

    template_name = "disclosures/sign.html"
    form_class = SignForm
    title = _("Sign")
    said = _("Your signature is on the slip.")

    @cached_property
    def step(self):
        if self.kwargs["step"] not in Step.values or self.kwargs["step"] == Step.RATIFY:
            raise Http404
        return Step(self.kwargs["step"])

    def verdict(self):
        return rules.may_sign(self.request.user, self.publication, self.step)

    def operate(self, form):
        note = form.cleaned_data["note"]
        if form.is_granted:
            self.act(does.sign_publication, step=self.step, note_text=note)
            messages.success(self.request, self.said)
        else:
            self.act(does.send_back, step=self.step, note_text=note)
            messages.success(self.request, _("The text went back to those who prepare it, with your remark."))
        return redirect("disclosures:desk")

    def get_context_data(self, **kwargs):
        return super().get_context_data(step=self.step, **kwargs)


class ForceView(PublicationActView):
    """Publish at once, without what is left of the chain."""

    form_class = ForceForm
    may = staticmethod(rules.may_force)
    title = _("Publish out of turn")
    lead = _(
        "The text appears at once, marked as published out of turn with your reason. Every such case is counted, and"
        " somebody else must approve it afterwards."
    )
    button = _("Publish now")
    tone = "danger"
    icon = "siren"
    said = _("The text is public. Its approval afterwards is due within a few working days.")

    def operate(self, form):
        self.act(does.force_publication, reason=form.cleaned_data["reason"])
        return self.done()


class RatifyView(PublicationActView):
    """Approve a forced publication afterwards, or not."""

    template_name = "disclosures/decide.html"
    form_class = DecideForm
    may = staticmethod(rules.may_ratify)
    title = _("Approve afterwards")
    lead = _("Your answer stands beside the text. A no does not take it down; that takes a withdrawal.")
    said = _("Your answer has been recorded.")

    def operate(self, form):
        self.act(does.ratify_publication, is_granted=form.is_granted, note_text=form.cleaned_data["answer"])
        return self.done()


class CorrectView(PublicationActView):
    """Ask for another wording of a published text."""

    form_class = CorrectForm
    may = staticmethod(rules.may_correct)
    title = _("Correct")
    lead = _("Another person lets the new wording be shown. The first one stays readable, with what you write here.")
    button = _("Ask for the correction")
    icon = "file-pen-line"
    said = _("The correction waits for the leader in charge or the union chair.")

    def get_initial(self):
        latest = max(self.publication.versions.all(), key=lambda row: row.number)
        return {"title": latest.title, "body": latest.body}

    def operate(self, form):
        values = form.cleaned_data
        self.act(does.ask_correction, title=values["title"], body=values["body"], note_text=values["note"])
        return self.done()


class DecideCorrectionView(PublicationActView):
    """Let a correction be shown, or refuse it."""

    template_name = "disclosures/decide.html"
    form_class = DecideForm
    may = staticmethod(rules.may_decide_correction)
    title = _("Decide on the correction")
    lead = _("A yes shows the new wording at once; the old one stays readable beside it.")
    said = _("Your decision has been recorded.")

    def operate(self, form):
        self.act(does.decide_correction, is_granted=form.is_granted, answer=form.cleaned_data["answer"])
        return self.done()

    def get_context_data(self, **kwargs):
        waiting = next((row for row in self.publication.corrections.all() if row.is_granted is None), None)
        latest = max(self.publication.versions.all(), key=lambda row: row.number)
        # It can only be refused, and may hold the names.
        is_before = latest.kind == VersionKind.MASKED and waiting is not None and latest.shown_from > waiting.asked_at
        return super().get_context_data(correction=waiting, latest=latest, is_before_masking=is_before, **kwargs)


class WithdrawView(PublicationActView):
    """Ask for a published text to be taken down."""

    form_class = WithdrawForm
    may = staticmethod(rules.may_withdraw)
    title = _("Withdraw")
    lead = _("A second person decides. Number, title and reason stay public, and so does that it was done early.")
    button = _("Ask for the withdrawal")
    tone = "danger"
    icon = "archive-x"
    said = _("The withdrawal waits for a second person.")

    def operate(self, form):
        values = form.cleaned_data
        self.act(does.ask_withdrawal, reason_code=values["reason_code"], reason=values["reason"])
        return self.done()


class DecideWithdrawalView(PublicationActView):
    """Take a text down, or leave it."""

    template_name = "disclosures/decide.html"
    form_class = DecideForm
    may = staticmethod(rules.may_decide_withdrawal)
    title = _("Decide on the withdrawal")
    lead = _("A yes takes the text out of lists, boards, feeds and search at once. Its number and the reason stay.")
    said = _("Your decision has been recorded.")

    def operate(self, form):
        self.act(does.decide_withdrawal, is_granted=form.is_granted, answer=form.cleaned_data["answer"])
        return self.done()

    def get_context_data(self, **kwargs):
        waiting = next((row for row in self.publication.withdrawals.all() if row.is_granted is None), None)
        return super().get_context_data(withdrawal=waiting, **kwargs)


class _NoticeActView(PublicationActView):
    """An act on a public notice; other texts have none: 404."""

    def find(self):
        publication = super().find()
        if publication.serial is None or not hasattr(publication, "notice"):
            raise Http404
        return publication

    @property
    def is_over(self):
        return does.period_of_notice(self.publication, self.at).is_over


class OutcomeView(_NoticeActView):
    """Enter what came of a public notice."""

    form_class = OutcomeForm
    title = _("Enter the outcome")
    lead = _(
        "Everybody reads it beside the notice. While the period runs, the notice can only be suspended or cancelled."
    )
    button = _("Enter")
    said = _("The outcome is public.")

    def verdict(self):
        # Suspending and cancelling are possible at any time; which it is, the operation asks with the choice.
        return rules.may_decide_outcome(self.request.user, self.publication, is_over=True)

    def operate(self, form):
        values = form.cleaned_data
        self.act(does.enter_outcome, outcome=values["outcome"], outcome_note=values["note"])
        return self.done()

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        if not self.is_over:
            early = (NoticeOutcome.SUSPENDED, NoticeOutcome.CANCELLED)
            form.fields["outcome"].choices = [(one.value, one.label) for one in early]
        return form


class MaskView(_NoticeActView):
    """Show a notice with its personal data masked; what was overlooked, again."""

    template_name = "disclosures/mask.html"
    form_class = MaskForm
    title = _("Mask personal data")
    lead = _(
        "From now on everybody reads the masked text. What stood there is read by who wrote, signed or supervises it."
    )
    button = _("Mask")
    icon = "eye-off"
    said = _("Personal data are masked.")

    def verdict(self):
        return rules.may_mask(self.request.user, self.publication, is_over=self.is_over)

    def words_read(self):
        return does.latest_version(self.publication).fingerprint

    def get_initial(self):
        latest = does.latest_version(self.publication)
        return {name: getattr(latest, name) for name in TEXTS} | notice_words(self.publication.notice)

    def get_form_kwargs(self):
        first = does.unmasked_version(self.publication)
        return {
            **super().get_form_kwargs(),
            "unmasked": {name: getattr(first, name) for name in TEXTS} | notice_words_unmasked(self.publication.notice),
            "files": self.publication.shown_files,
            "has_been_masked": self.publication.notice.masked_at is not None,
        }

    def form_invalid(self, form):
        read, current = self.request.POST.get("words_read"), self.words_read()
        try:
            # What looks like a change of words may be what somebody else has masked since the form was opened.
            require_read(read, current)
        except Conflict as conflict:
            return self._again(form, conflict.reason, 409)
        return super().form_invalid(form)

    def operate(self, form):
        self.act(does.mask_publication, read=self.request.POST.get("words_read"), **form.cleaned_data)
        return self.done()


class GapView(PublicationActView):
    """Record days on which a text was not on show."""

    form_class = GapForm
    title = _("Record days without display")
    lead = _("Such days do not count towards the period of a notice; its end moves.")
    button = _("Record")
    said = _("The days have been recorded.")

    def find(self):
        publication = super().find()
        if publication.serial is None:
            raise Http404
        return publication

    def verdict(self):
        return rules.may_report_gap(self.request.user, self.publication)

    def operate(self, form):
        values = form.cleaned_data
        self.act(does.record_gap, since=values["since"], until=values["until"], reason=values["reason"])
        return self.done()
