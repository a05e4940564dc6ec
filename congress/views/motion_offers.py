"""Matters that staff bring to a delegate, and the delegate's answer."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from portal.kernel.days import local_day
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView

from ..forms.motions import OfferForm
from ..forms.terms import VerdictForm
from ..models import MotionOffer
from ..operations.motion_offers import OfferWords, adopt_offer, decline_offer, offer_matter, take_back_offer
from ..queries.motions import delegates_for
from ..rules import motions as rules
from .base import CongressActView


class OfferNewView(OperationFormView):
    """Bring a matter to a delegate of one's own electing unit."""

    form_class = OfferForm
    template_name = "congress/offer_new.html"

    def get_form_kwargs(self):
        self.delegates = delegates_for(self.request.user, local_day(timezone.now()))
        return {**super().get_form_kwargs(), "delegates": self.delegates}

    def operate(self, form):
        mandate_id = next(one.pk for one in self.delegates if str(one.pk) == form.cleaned_data["mandate"])
        words = OfferWords(**form.words())
        offer_matter(mandate_id=mandate_id, words=words, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("Your delegate has it now."))
        # The list then tells the browser to forget what it had kept of the form.
        return redirect(f"{reverse('congress:motions_mine')}?sent=offer")

    def get_context_data(self, **kwargs):
        found = super().get_context_data(**kwargs)
        return {**found, "has_delegates": bool(self.delegates), "back": reverse("congress:motions_mine")}


class OfferAnswerView(CongressActView):
    """Take a matter up as one's own motion, or say why not."""

    name = "offer"
    form_class = VerdictForm
    template_name = "congress/offer_answer.html"
    title = gettext_lazy("A matter brought to you")

    def find(self):
        rows = MotionOffer.objects.select_related("mandate__term__unit", "mandate__person", "author__unit")
        offer = rows.filter(pk=self.kwargs["pk"], mandate__person=self.request.user).first()
        if offer is None:
            raise Http404
        return offer

    def verdict(self):
        return rules.may_answer_offer(self.request.user, self.thing, self.at)

    def back_url(self):
        return reverse("congress:motions_mine")

    def operate(self, form):
        if not form.is_granted:
            self.act(decline_offer, answer=form.cleaned_data["answer"])
            messages.success(self.request, _("Your answer has been recorded."))
            return redirect(self.back_url())
        motion = self.act(adopt_offer, answer=form.cleaned_data["answer"])
        messages.success(self.request, _("It is your draft now: complete grounds and proposal."))
        return redirect("congress:motion_edit", motion.pk)


class OfferTakeBackView(View):
    """Take a matter back before the delegate has answered."""

    http_method_names = ("post", "options")

    def post(self, request, pk):
        offer = MotionOffer.objects.filter(pk=pk, author=request.user).first()
        if offer is None:
            raise Http404
        require(rules.may_take_back_offer(request.user, offer))
        take_back_offer(offer_id=pk, actor=request.user, at=timezone.now())
        messages.success(request, _("You have taken it back."))
        return redirect("congress:motions_mine")
