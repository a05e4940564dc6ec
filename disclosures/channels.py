"""The channels that disclosure adds to feedback: opinions on texts, requests to disclose, questions left open."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from feedback.channels import Channel, register_channel

OPINION, REQUEST = "disclosure_opinion", "disclosure_request"
BRIEFING_QUESTION = "briefing_question"


def _page_of_opinion(inquiry):
    publication = inquiry.opinion.publication
    return reverse("disclosures:public", args=[publication.number]) if publication is not None else ""


def _page_of_request(inquiry):
    item = inquiry.opinion.item
    return reverse("disclosures:item", args=[item.code]) if item is not None else reverse("disclosures:duties")


def _page_of_question(inquiry):
    return reverse("disclosures:briefing", args=[inquiry.briefing_question.briefing_id])


def register():
    """Offer the channels; called once, from ``apps.ready()``."""
    register_channel(Channel(OPINION, _("opinion on a disclosure"), page=_page_of_opinion))
    register_channel(Channel(REQUEST, _("request to disclose"), page=_page_of_request))
    register_channel(Channel(BRIEFING_QUESTION, _("question at a briefing"), page=_page_of_question))
