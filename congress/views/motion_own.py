"""A delegate's own pages of motions: mine, the editor, seconders, the co-sign page, hand-in, the rating."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from feedback.enums import InquiryState
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page

from ..enums import MotionState, SignatureState
from ..forms.motions import GroupForm, InviteForm, MotionForm, RateMotionForm, ReasonForm, SignForm
from ..operations import motions as does
from ..operations.motion_replies import rate_motion
from ..operations.motion_review import review_in_group
from ..queries.motions import (
    colleagues_to_ask,
    committees_of,
    groups_waiting,
    motions_to_rate,
    offers_waiting,
    open_call,
    own_motions,
    own_offers,
    signatures_of,
    signing_mandate,
    sitting_mandate,
)
from ..rules import motion_desk as desk_rules
from ..rules import motions as rules
from .base import CongressActView
from .motion_base import MotionActView, row_of, standing_of_motion

PAGE_SIZE = 20


class MotionsMineView(TemplateView):
    """What I propose, what I am asked to second, what waits for my rating; what I brought to a delegate."""

    template_name = "congress/motions_mine.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        mandate = sitting_mandate(user, local_day(at))
        page = keyset_page(
            own_motions(user),
            order=("-written_at", "-id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        signatures = list(signatures_of(user)[:50])
        return super().get_context_data(
            mandate=mandate,
            call=open_call(mandate.term, local_day(at)) if mandate is not None else None,
            today=local_day(at),
            page=page,
            rows=[row_of(one, at) for one in page],
            invited=[one for one in signatures if one.state == SignatureState.INVITED],
            seconded=[row_of(one.motion, at) for one in signatures if one.state == SignatureState.SIGNED],
            to_rate=[row_of(one, at) for one in motions_to_rate(user)],
            groups=groups_waiting(user),
            offers=offers_waiting(user),
            own_offers=own_offers(user),
            boards=committees_of(user)[:4],
            **kwargs,
        )


class MotionNewView(CongressActView):
    """Write a motion."""

    name = "mandate"
    form_class = MotionForm
    title = _("Write a motion")
    lead = _("A draft is yours alone until you ask others to second it.")
    button = _("Keep the draft")
    icon = "square-pen"

    def find(self):
        mandate = sitting_mandate(self.request.user, local_day(self.at))
        if mandate is None:
            raise Http404
        return mandate

    def verdict(self):
        return rules.may_write_motion(self.request.user, self.thing, self.at)

    def back_url(self):
        return reverse("congress:motions_mine")

    def eyebrow(self):
        return self.thing.term.title

    def operate(self, form):
        motion = self.act(does.write_motion, words=does.MotionWords(**form.words()))
        messages.success(self.request, _("The draft is kept. Next: ask others to second it."))
        # The page then tells the browser to forget what it had kept of the form.
        return redirect(f"{reverse('congress:motion', args=[motion.pk])}?kept=1")

    def get_context_data(self, **kwargs):
        # Long to write, and a session may end meanwhile.
        return super().get_context_data(draft_key=f"motion-{self.request.user.pk}", **kwargs)


class MotionEditView(MotionActView):
    """Change the words of a draft."""

    form_class = MotionForm
    may = staticmethod(rules.may_edit_motion)
    title = _("Change the motion")
    button = _("Keep the draft")
    icon = "square-pen"
    said = _("The draft is kept.")

    def get_initial(self):
        motion = self.thing
        names = ("category", "title", "cause", "grounds", "proposal")
        return {**{name: getattr(motion, name) for name in names}, "names": "yes" if motion.is_open else "no"}

    def operate(self, form):
        self.act(does.edit_motion, words=does.MotionWords(**form.words()))
        return self.done()


class MotionDiscardView(MotionActView):
    """Throw a draft away."""

    may = staticmethod(rules.may_discard_motion)
    title = _("Throw the draft away")
    lead = _("Its words are deleted. Nobody else has read them.")
    button = _("Throw it away")
    tone = "danger"
    icon = "trash-2"

    def operate(self, form):
        self.act(does.discard_motion)
        messages.success(self.request, _("The draft is gone."))
        return redirect("congress:motions_mine")


class MotionInviteView(MotionActView):
    """Ask other delegates to second."""

    form_class = InviteForm
    title = _("Ask delegates to second")
    button = _("Ask them")
    icon = "user-plus"
    said = _("They have been asked; each finds it on their own desk and signs there.")

    def verdict(self):
        return rules.may_invite(self.request.user, self.thing, self.at)

    def get_form_kwargs(self):
        is_draft = self.thing.state == MotionState.DRAFT
        asked = [one.mandate.name for one in self.thing.signatures.all() if one.state == SignatureState.INVITED]
        again = {"asked_again": asked if is_draft else []}
        return {**super().get_form_kwargs(), "delegates": colleagues_to_ask(self.thing), **again}

    def operate(self, form):
        self.act(does.invite_seconders, mandates=form.cleaned_data["mandates"])
        return self.done()


class MotionSignView(MotionActView):
    """The page on which somebody who was asked reads a motion and signs, or not: two taps on a phone."""

    form_class = SignForm
    template_name = "congress/motion_sign.html"
    title = _("Second this motion?")

    @cached_property
    def signature(self):
        found = next(
            (one for one in self.thing.signatures.all() if one.mandate.person_id == self.request.user.pk), None
        )
        if found is not None:
            found.motion = self.thing
        return found

    def verdict(self):
        return rules.may_sign(self.request.user, self.signature, self.at)

    def operate(self, form):
        is_yes = form.cleaned_data["answer"] == "yes"
        self.act(does.sign_motion if is_yes else does.decline_motion)
        self.said = _("You have seconded this motion.") if is_yes else _("You have declined.")
        return self.done()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**standing_of_motion(self.thing, self.request.user, self.at), **kwargs)


class MotionUnsignView(MotionActView):
    """Take one's signature back."""

    title = _("Take your signature back")
    lead = _("Possible until the committee has decided. The lead proposer is told.")
    button = _("Take it back")
    tone = "danger"
    icon = "undo-2"
    said = _("Your signature has been taken back.")

    def verdict(self):
        found = next(
            (one for one in self.thing.signatures.all() if one.mandate.person_id == self.request.user.pk), None
        )
        if found is not None:
            found.motion = self.thing
        return rules.may_unsign(self.request.user, found)

    def operate(self, form):
        self.act(does.unsign_motion)
        return self.done()


class MotionHandInView(MotionActView):
    """Hand a motion in."""

    title = _("Hand the motion in")
    lead = _("From here on its words are fixed. It gets its number and is examined; you may withdraw it until then.")
    button = _("Hand it in")
    icon = "send"
    said = _("The motion is handed in.")

    def verdict(self):
        call = open_call(self.thing.term, local_day(self.at))
        return rules.may_hand_in(self.request.user, self.thing, call, self.at)

    def operate(self, form):
        self.act(does.hand_in_motion)
        return self.done()


class MotionTakeBackView(MotionActView):
    """Take a motion back to rewrite it."""

    may = staticmethod(rules.may_take_back)
    title = _("Take the motion back to rewrite it")
    lead = _("It becomes a draft again. Whoever has seconded it signed the old words and signs anew.")
    button = _("Take it back")
    icon = "undo-2"
    said = _("The motion is a draft again.")

    def operate(self, form):
        self.act(does.take_back_motion)
        return self.done()


class MotionWithdrawView(MotionActView):
    """Withdraw a motion."""

    form_class = ReasonForm
    may = staticmethod(rules.may_withdraw_motion)
    title = _("Withdraw the motion")
    lead = _("Whoever has seconded it is told. It cannot be taken up again; a new motion can.")
    button = _("Withdraw it")
    tone = "danger"
    icon = "x"
    said = _("The motion is withdrawn.")

    def operate(self, form):
        self.act(does.withdraw_motion, **form.cleaned_data)
        return self.done()


class MotionGroupView(MotionActView):
    """Say what the delegation thinks of a motion."""

    form_class = GroupForm
    template_name = "congress/motion_group.html"
    may = staticmethod(rules.may_review_group)
    title = _("Opinion of the delegation")
    said = _("The opinion of the delegation has been recorded.")

    def operate(self, form):
        is_passed = form.cleaned_data["verdict"] == "yes"
        self.act(review_in_group, is_passed=is_passed, opinion=form.cleaned_data["opinion"])
        return self.done()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**standing_of_motion(self.thing, self.request.user, self.at), **kwargs)

    def done(self):
        messages.success(self.request, self.said)
        return redirect("congress:motions_mine")


class MotionRateView(MotionActView):
    """Rate the reply as one of the signers."""

    form_class = RateMotionForm
    template_name = "congress/motion_rate.html"
    title = _("Rate the reply")
    lead = _("Every proposer and seconder rates for themselves; everybody reads only how many said what.")
    button = _("Give my rating")
    icon = "star"
    said = _("Thank you. Your rating counts.")

    def verdict(self):
        mandate = signing_mandate(self.thing, self.request.user)
        return desk_rules.may_rate_motion(self.request.user, self.thing, mandate)

    def operate(self, form):
        if self.act(rate_motion, **form.cleaned_data).motion.inquiry.state == InquiryState.ASSIGNED:
            self.said = _("Your rating counts: the department works on the motion again and replies anew.")
        return self.done()

    def get_context_data(self, **kwargs):
        return super().get_context_data(**standing_of_motion(self.thing, self.request.user, self.at), **kwargs)
