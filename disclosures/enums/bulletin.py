"""The bulletin: states of an issue and what stands in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BulletinState(models.TextChoices):
    """Where an issue of the union's bulletin stands; an issued one is corrected by a later one, never changed."""

    DRAFT = "draft", _("being compiled")
    SUBMITTED = "submitted", _("with the union chair")
    ISSUED = "issued", _("issued")
    DISCARDED = "discarded", _("discarded")


B = BulletinState
BULLETIN_TRANSITIONS = {
    B.DRAFT: {B.SUBMITTED, B.DISCARDED},
    B.SUBMITTED: {B.ISSUED, B.DRAFT},
    B.ISSUED: set(),
    B.DISCARDED: set(),
}


class EntryKind(models.TextChoices):
    """What a part of the bulletin is."""

    REPLY = "reply", _("replies to workers")
    PUBLICATION = "publication", _("disclosures")
    NOTICE = "notice", _("public notices")
    FIGURES = "figures", _("figures")
    TEXT = "text", _("own texts")
