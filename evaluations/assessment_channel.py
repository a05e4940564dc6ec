"""The channel by which a unit objects to the draft of its assessment: an inquiry of feedback."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.channels import Channel, register_channel
from feedback.enums import IdentityMode

OBJECTION = "assessment_objection"


def _page(inquiry):
    return reverse("evaluations:assessment", args=[inquiry.assessment_objection.assessment_id])


def register(*, hears):
    """Offer the channel; called once, from ``apps.ready()``, with what its operations hear."""
    register_channel(
        Channel(
            OBJECTION,
            _("objection of a unit to its assessment"),
            modes=(IdentityMode.NAMED,),
            page=_page,
            hears=hears,
        )
    )
