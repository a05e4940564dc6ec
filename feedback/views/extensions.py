"""More time: asked for by those who answer, decided by somebody else."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.deadlines.operations import ask_extension, decide_extension

from ..forms.desk import (
    AskExtensionForm,
    DecideForm,
)
from .acts import ActView
from .work import may_ask_extension, may_decide_extension, pending_extension


class AskExtensionView(ActView):
    """Ask for more days, once."""

    form_class = AskExtensionForm
    title = _("Ask for more time")
    lead = _(
        "Once, thirty days at the most, before the due day is over. The leader in charge or the union chair "
        "decides; the author and everybody reads the reason."
    )
    button = _("Ask")
    icon = "calendar-plus"
    said = _("More time has been asked for. Until somebody decides, the old day holds.")

    def verdict(self, inquiry):
        return may_ask_extension(self.request.user, inquiry, pending_extension(inquiry), self.at)

    def operate(self, form):
        ask_extension(
            promise=self.inquiry.promise,
            days=form.cleaned_data["days"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()

    def is_done(self, inquiry, form):
        extension = pending_extension(inquiry)
        return extension is not None and extension.requested_by_id == self.request.user.pk


class DecideExtensionView(ActView):
    """Grant or refuse more days."""

    template_name = "feedback/desk_decide.html"
    form_class = DecideForm
    title = _("Decide on more time")
    lead = _("Once granted, the new day is shown to the author and everybody together with the reason.")
    button = _("Decide")
    said = _("Your decision has been recorded and the clock says so.")

    def verdict(self, inquiry):
        self.extension = pending_extension(inquiry)
        return may_decide_extension(self.request.user, self.extension, self.at)

    def operate(self, form):
        extension = pending_extension(self.inquiry)
        if extension is None:
            messages.info(self.request, _("The request has been decided already."))
            return redirect("feedback:work", self.inquiry.number)
        decide_extension(
            extension_id=extension.pk,
            is_granted=form.is_granted,
            note=form.cleaned_data["note"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{"request_shown": pending_extension(self.inquiry), "shown_kind": "extension", **kwargs}
        )
