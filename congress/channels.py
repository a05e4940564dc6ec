"""The channels that the congress adds to feedback: motions, what they were converted to, the union's demands."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.channels import Channel, register_channel
from feedback.enums import IdentityMode

BYPASS = "congress_bypass"
MOTION, MOTION_ADVICE = "motion", "motion_advice"


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


def register_motions(*, guards, hears):
    """Offer the channels of motions; called once, with what their operations guard and hear."""
    both = {
        "modes": (IdentityMode.NAMED,),
        "page": _page_of_motion,
        "withholds_author": lambda inquiry: not inquiry.motion.is_open,
    }
    register_channel(Channel(MOTION, _("motion"), guards=guards, hears=hears, collects_ratings=True, **both))
    register_channel(Channel(MOTION_ADVICE, _("suggestion from a motion"), **both))


def _page_of_motion(inquiry):
    return reverse("congress:motion", args=[inquiry.motion.pk])
