"""What is taken from sight, and whose name is opened: rare acts that leave their trace."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.accounts.stepup import StepUpMixin
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView, VerdictRequiredMixin

from ..forms.care import AskHidingForm, ChangePassphraseForm, DecideHidingForm, MakeKeyForm, RedactForm, RevealForm
from ..models import IdentityKey
from ..operations import (
    ask_hiding,
    change_passphrase,
    decide_hiding,
    make_identity_key,
    redact_inquiry,
    reveal_identity,
)
from ..rules import may_ask_hiding, may_decide_hiding, may_redact, may_reveal
from ..rules.care import may_keep_identity_key
from ..sealing import WrongPassphrase
from .acts import ActView
from .work import pending_hiding

TEXTS = ("public_subject", "public_body", "public_suggestion")


class RedactView(ActView):
    """Change the text that others read, beside the original that stays as written."""

    form_class = RedactForm
    may = staticmethod(may_redact)
    title = _("Edit the text others read")
    lead = _("The original stays as it was written. The history says that words were taken out, and for which reason.")
    button = _("Set the text")
    icon = "eraser"
    said = _("The text that others read has been changed.")

    def get_initial(self):
        return {name: getattr(self.inquiry, name) for name in TEXTS}

    def operate(self, form):
        redact_inquiry(
            inquiry_id=self.inquiry.pk,
            texts=form.texts(),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()


class AskHidingView(ActView):
    """Ask that a matter be hidden; a second person decides."""

    form_class = AskHidingForm
    may = staticmethod(may_ask_hiding)
    title = _("Ask to hide")
    lead = _(
        "Nothing is hidden until a second person agrees. Number, dates and reason stay public, and the clock runs on."
    )
    button = _("Ask")
    icon = "eye-off"
    said = _("A second person has been asked.")

    def operate(self, form):
        ask_hiding(inquiry_id=self.inquiry.pk, **form.cleaned_data, actor=self.request.user, at=timezone.now())
        return self.done()

    def is_done(self, inquiry, form):
        hiding = pending_hiding(inquiry)
        return hiding is not None and hiding.asked_by_id == self.request.user.pk


class DecideHidingView(ActView):
    """Agree, or not, as a second person."""

    template_name = "feedback/desk_decide.html"
    form_class = DecideHidingForm
    title = _("Decide on hiding")
    lead = _("You are the second person. A hidden matter keeps its number, its clock and a public line that says why.")
    button = _("Decide")
    icon = "eye-off"
    said = _("Your decision has been recorded.")

    def verdict(self, inquiry):
        return may_decide_hiding(self.request.user, inquiry, pending_hiding(inquiry))

    def operate(self, form):
        hiding = pending_hiding(self.inquiry)
        if hiding is None:
            messages.info(self.request, _("The request has been decided already."))
            return redirect("feedback:work", self.inquiry.number)
        decide_hiding(hiding_id=hiding.pk, is_granted=form.is_granted, actor=self.request.user, at=timezone.now())
        return self.done()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{"request_shown": pending_hiding(self.inquiry), "shown_kind": "hiding", **kwargs}
        )


class RevealView(StepUpMixin, ActView):
    """Open a confidential identity; it is shown once, on the page that answers the form, and kept nowhere."""

    form_class = RevealForm
    may = staticmethod(may_reveal)
    title = _("Open the identity")
    lead = _("Only when the matter cannot be handled otherwise. The author reads who opened it, when and why.")
    button = _("Open it now")
    busy = _("Opening…")
    tone = "danger"
    icon = "key-round"
    no_store = True

    def operate(self, form):
        try:
            identity = reveal_identity(
                inquiry_id=self.inquiry.pk,
                passphrase=form.cleaned_data["passphrase"],
                reason=form.cleaned_data["reason"],
                actor=self.request.user,
                at=timezone.now(),
            )
        except WrongPassphrase:
            form.add_error("passphrase", _("The passphrase does not fit. Nothing has been opened or recorded."))
            return self.form_invalid(form)
        self.template_name = "feedback/desk_revealed.html"
        return self.render_to_response(self.get_context_data(form=form, identity=identity))


class IdentityKeyView(VerdictRequiredMixin, TemplateView):
    """The union's key for confidential identities: what it is, since when, and what to do with it."""

    template_name = "feedback/desk_key.html"
    may = staticmethod(may_keep_identity_key)

    def get_context_data(self, **kwargs):
        keys = list(IdentityKey.objects.select_related("made_by").order_by("-pk"))
        return super().get_context_data(
            **{
                "key": next((key for key in keys if key.retired_at is None), None),
                "old_keys": [key for key in keys if key.retired_at is not None],
                **kwargs,
            }
        )


class _KeyFormView(StepUpMixin, VerdictRequiredMixin, OperationFormView):
    template_name = "feedback/desk_key_form.html"
    may = staticmethod(may_keep_identity_key)

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{"act": self, "has_key": IdentityKey.objects.filter(retired_at__isnull=True).exists(), **kwargs}
        )


class MakeKeyView(_KeyFormView):
    """Make the key, or a new one for the cards to come."""

    form_class = MakeKeyForm
    title = _("Make an identity key")
    button = _("Make the key")

    def operate(self, form):
        key = make_identity_key(passphrase=form.cleaned_data["passphrase"], actor=self.request.user, at=timezone.now())
        messages.success(
            self.request,
            _("The key is made. Print the sheet now and keep the passphrase where the union keeps its seal."),
        )
        return HttpResponseRedirect(reverse("feedback:identity_key_sheet", args=[key.pk]))


class ChangePassphraseView(_KeyFormView):
    """Lock the key under another passphrase, as when an officer leaves."""

    form_class = ChangePassphraseForm
    title = _("Change the passphrase")
    button = _("Change")

    def operate(self, form):
        key = get_object_or_404(IdentityKey, pk=self.kwargs["pk"])
        try:
            change_passphrase(
                key_id=key.pk,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["passphrase"],
                actor=self.request.user,
                at=timezone.now(),
            )
        except WrongPassphrase:
            form.add_error("old", _("The passphrase does not fit."))
            return self.form_invalid(form)
        messages.success(self.request, _("The passphrase is changed. The old one opens nothing any more."))
        return redirect("feedback:identity_key")

    def get_context_data(self, **kwargs):
        key = get_object_or_404(IdentityKey, pk=self.kwargs["pk"])
        return super().get_context_data(**{"key": key, **kwargs})


class KeySheetView(TemplateView):
    """A sheet for the safe: which key it is, how it is used, and a line for the passphrase, by hand."""

    template_name = "feedback/desk_key_sheet.html"

    def get_context_data(self, **kwargs):
        require(may_keep_identity_key(self.request.user))
        key = get_object_or_404(IdentityKey.objects.select_related("made_by"), pk=self.kwargs["pk"])
        return super().get_context_data(**{"key": key, "public_hex": bytes(key.public_key).hex(), **kwargs})
