"""States of a unit's monthly scorecard (月度经济责任考核), and of an objection to one of its figures."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ScorecardState(models.TextChoices):
    """Whether the points of a month are the machine's proposal or a person's word."""

    FIGURES = "figures", _("figures only, no points")
    PROPOSED = "proposed", _("proposed, to be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("scorecard", "confirmed")


SCORECARD_TRANSITIONS = {
    # The enterprise itself, workshops and teams: what nobody is paid by is not scored.
    ScorecardState.FIGURES: set(),
    ScorecardState.PROPOSED: {ScorecardState.CONFIRMED},
    # A figure that proves wrong is corrected beside the sheet, which stays confirmed.
    ScorecardState.CONFIRMED: set(),
}
# What the people of the unit read.
PUBLISHED = (ScorecardState.FIGURES, ScorecardState.CONFIRMED)


class ObjectionState(models.TextChoices):
    """What became of a unit's objection to a figure."""

    OPEN = "open", pgettext_lazy("objection", "being looked into")
    UPHELD = "upheld", pgettext_lazy("objection", "upheld, the figure is corrected")
    REJECTED = "rejected", pgettext_lazy("objection", "not upheld")


OBJECTION_TRANSITIONS = {
    ObjectionState.OPEN: {ObjectionState.UPHELD, ObjectionState.REJECTED},
    ObjectionState.UPHELD: set(),
    ObjectionState.REJECTED: set(),
}
