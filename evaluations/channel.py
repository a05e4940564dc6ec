"""The channel that the scorecard adds to feedback: objections to a figure."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.channels import Channel, register_channel
from feedback.enums import IdentityMode

OBJECTION = "scorecard_objection"


def register():
    """Offer the channel; called once, from ``apps.ready()``."""
    register_channel(
        Channel(OBJECTION, _("objection to a figure of the scorecard"), modes=(IdentityMode.NAMED,), page=_page)
    )


def _page(inquiry):
    card = inquiry.scorecard_objection.snapshot.scorecard
    return reverse("evaluations:scorecard", args=[card.unit.code, f"{card.month:%Y-%m}"])
