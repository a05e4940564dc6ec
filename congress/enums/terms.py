"""Terms: how the congress is called, whose text fixes its size, where its preparation stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CongressNoun(models.TextChoices):
    """How the enterprise calls its congress (domain.md §2: 员工代表大会 in PetroChina's own wording)."""

    WORKERS = "workers", _("workers' congress")
    EMPLOYEES = "employees", _("employees' congress")


class Region(models.TextChoices):
    """Whose text says how many delegates there are (domain.md §3.1)."""

    NATIONAL = "national", _("national provisions")
    SHANGHAI = "shanghai", _("Shanghai")
    ZHEJIANG = "zhejiang", _("Zhejiang")
    HENAN = "henan", _("Henan")


class TermState(models.TextChoices):
    """Whether seats and electing units may still change; whether the term runs is a comparison with its days."""

    DRAFT = "draft", _("being prepared")
    FIXED = "fixed", _("seats fixed")


TERM_TRANSITIONS = {TermState.DRAFT: {TermState.FIXED}, TermState.FIXED: set()}
