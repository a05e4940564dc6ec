"""The numbers of the yearly satisfaction poll, each with its source; a poll copies the two thresholds."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.rulebook import Rule, declare

LEAST_TOTAL = declare(
    Rule(
        "satisfaction.least_total", 5, 5, 30, "people", _("Satisfaction poll: answers from which a result is kept"),
        _("workplace survey practice: five"),
    )
)  # fmt: skip
LEAST_BREAKDOWN = declare(
    Rule(
        "satisfaction.least_breakdown", 10, 10, 50, "people",
        _("Satisfaction poll: answers from which a unit below, or the spread, is shown by itself"),
        _("workplace survey practice: ten for breakdowns"),
    )
)  # fmt: skip
REMIND_HOURS = declare(
    Rule(
        "satisfaction.remind_hours", 24, 1, 168, "hours",
        _("Satisfaction poll: reminder to everybody who is asked, before the closing"),
        _("practice of this portal"),
    )
)  # fmt: skip
LONGEST_DAYS = declare(
    Rule(
        "satisfaction.longest_days", 30, 3, 90, "days", _("Satisfaction poll: longest time in which forms are taken"),
        _("practice of this portal"),
    )
)  # fmt: skip
