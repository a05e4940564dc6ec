"""What a worker wants to be told of."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.accounts.models import Unit
from portal.kernel.views import OperationFormView

from ..forms import SubscriptionsForm
from ..models import Subscription
from ..operations import set_subscriptions
from ..queries import units_owing


class SubscriptionsView(OperationFormView):
    """Choose categories and units; whatever they publish comes as a notice."""

    form_class = SubscriptionsForm
    template_name = "disclosures/subscriptions.html"

    def get_form_kwargs(self):
        units = Unit.objects.filter(pk__in=units_owing()).order_by("path")
        return {**super().get_form_kwargs(), "units": units}

    def get_initial(self):
        rows = Subscription.objects.filter(person=self.request.user).select_related("unit")
        return {
            "sections": [row.section for row in rows if row.section],
            "units": [row.unit.code for row in rows if row.unit],
        }

    def operate(self, form):
        set_subscriptions(actor=self.request.user, sections=form.cleaned_data["sections"], units=form.chosen_units())
        messages.success(self.request, _("Your choice has been saved."))
        return redirect("disclosures:subscriptions")
