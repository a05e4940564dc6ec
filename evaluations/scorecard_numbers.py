"""The numbers of the scorecard, each with its source (domain.md §9, trust-and-experience.md)."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.rulebook import Rule, declare

SMALL_N = declare(
    Rule(
        "scorecard.small_n", 5, 5, 20, "people", _("Rows below which a figure of a scorecard is small or withheld"),
        _("practice of surveys: results of fewer than five people are not shown"),
    )
)  # fmt: skip
CONTEST_DAYS = declare(
    Rule(
        "scorecard.contest_days", 15, 5, 60, "days", _("Days in which a unit may object to a figure once confirmed"),
        _("practice of this portal"),
    )
)  # fmt: skip
