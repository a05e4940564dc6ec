"""Paper cards: typed in by the union, with a slip for who wrote them."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.accounts.queries import units_within
from portal.exports.qr import qr_svg
from portal.kernel.days import local_day
from portal.kernel.views import OperationFormView, VerdictRequiredMixin

from ..enums import IdentityMode
from ..forms.paper import PaperCardForm
from ..operations import CardDraft, submit_card
from ..queries import UNION
from ..rules.templates import may_type_card


def tracking_address():
    """Return the full address of the page where number and code show the progress."""
    try:
        return settings.ORIGIN + reverse("feedback:track")
    except NoReverseMatch:
        return settings.ORIGIN


class PaperCardView(VerdictRequiredMixin, OperationFormView):
    """
    Type a paper card in; the answer to the form is the slip to print.

    The slip has the receipt code, so it is never cached and has no address of
    its own; sending the same form again prints the same slip.
    """

    template_name = "feedback/desk_paper.html"
    form_class = PaperCardForm
    may = staticmethod(may_type_card)

    def dispatch(self, request, *args, **kwargs):
        self.at = timezone.now()
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    def get_form_kwargs(self):
        units = (
            units_within(authority_of(self.request.user).units(*UNION))
            .active()
            .select_related("parent")
            .order_by("path")
        )
        return {**super().get_form_kwargs(), "units": units, "today": local_day(self.at)}

    def get_initial(self):
        return {"paper_on": local_day(self.at), "may_publish": True, "identity_mode": IdentityMode.NAMED}

    def operate(self, form):
        cleaned = form.cleaned_data
        draft = CardDraft(
            kind=cleaned["kind"],
            topic=cleaned["topic"],
            unit=cleaned["unit"],
            subject=cleaned["subject"],
            body=cleaned["body"],
            suggestion=cleaned["suggestion"],
            identity_mode=cleaned["identity_mode"],
            idempotency_key=cleaned["idempotency_key"],
            may_publish=cleaned["may_publish"],
            is_about_cadre=cleaned["is_about_cadre"],
            scans=tuple(cleaned["scans"]),
            paper_on=cleaned["paper_on"],
            author=cleaned["author"],
        )
        receipt = submit_card(draft=draft, actor=self.request.user, at=timezone.now())
        self.template_name = "feedback/desk_slip.html"
        return self.render_to_response(
            self.get_context_data(
                form=form,
                receipt=receipt,
                inquiry=receipt.inquiry,
                track_url=tracking_address(),
                qr=qr_svg(tracking_address(), label=_("Scan, then type number and code")),
                qr_label=_("Scan, then type number and code"),
            )
        )
