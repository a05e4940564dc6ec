"""What waits for a second person."""

from django.utils import timezone
from django.utils.translation import gettext
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.days import local_day
from portal.kernel.verdicts import denied, require

from ..queries import (
    decisions_waiting,
)


class DecisionsView(TemplateView):
    """What waits for a second person: returns, hidings and extensions."""

    template_name = "feedback/desk_decisions.html"

    def dispatch(self, request, *args, **kwargs):
        if not authority_of(request.user).holds(
            Role.UNION_OFFICER, Role.UNION_CHAIR, Role.DISCIPLINE_INSPECTOR, Role.LEADER_IN_CHARGE
        ):
            require(denied(gettext("Only the union, discipline inspection and leaders in charge decide on requests.")))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{**decisions_waiting(self.request.user), "today": local_day(timezone.now()), **kwargs}
        )
