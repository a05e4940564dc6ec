"""The channel that the congress adds to feedback: the union's written demand where the congress was bypassed."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.channels import Channel, register_channel
from feedback.enums import IdentityMode

BYPASS = "congress_bypass"


def register():
    """Offer the channel; called once, from ``apps.ready()``."""
    register_channel(
        Channel(
            BYPASS,
            _("demand of the union to put right what bypassed the congress"),
            modes=(IdentityMode.NAMED,),
            page=lambda inquiry: reverse("congress:bypasses"),
        )
    )
