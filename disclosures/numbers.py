"""The numbers of disclosure, each with its source (domain.md §1, §7)."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.rulebook import Rule, declare

MIN_DISPLAY_DAYS = declare(
    Rule(
        "disclosure.min_display_days", 15, 7, 365, "days", _("Shortest display of a published text"),
        _("Shandong 厂务公开条例 art. 12, Chongqing 厂务公开条例 art. 9: at least 15 days; Henan art. 28: 7"),
        "regional",
    )
)  # fmt: skip
PERIODIC_DUE_DAY = declare(
    Rule(
        "disclosure.periodic_due_day", 10, 1, 28, "days", _("Days after the end of a period by which it is disclosed"),
        _("practice of workshop catalogues: by the 10th of the following month"),
    )
)  # fmt: skip
EVENT_WORKDAYS = declare(
    Rule(
        "disclosure.event_workdays", 7, 1, 20, "workdays", _("Disclosure of an event, from the day it happened"),
        _("practice of enterprises: 7 working days after the information arises; others 20"),
    )
)  # fmt: skip
RATIFY_WORKDAYS = declare(
    Rule(
        "disclosure.ratify_workdays", 5, 1, 15, "workdays", _("Approval of a forced publication afterwards"),
        _("practice of this portal"),
    )
)  # fmt: skip
RECTIFY_WORKDAYS = declare(
    Rule(
        "disclosure.rectify_workdays", 15, 1, 30, "workdays", _("Rectification after the supervisory group's flag"),
        _("Shandong 厂务公开条例 art. 11: rectification within a set time; the number is practice of this portal"),
    )
)  # fmt: skip
OUTCOME_WORKDAYS = declare(
    Rule(
        "notice.outcome_workdays", 5, 1, 15, "workdays", _("Outcome of a public notice, from the end of its period"),
        _("practice of this portal"),
    )
)  # fmt: skip
NOTICE_WORKDAYS = declare(
    Rule(
        "notice.workdays", 5, 3, 15, "workdays", _("Period of a public notice about persons"),
        _(
            "practice before appointments and admissions: at least 5 working days;"
            " tender candidates: 3 days (招标投标法实施条例 art. 54)"
        ),
    )
)  # fmt: skip
DARK_HOURS = declare(
    Rule(
        "disclosure.dark_hours", 4, 1, 10, "hours",
        _("Hours without the portal, of those from 8 to 18, from which on a day does not count for a public notice"),
        _("a public notice counts the days on which it could be seen; the number is practice of this portal"),
    )
)  # fmt: skip
MINUTES_WORKDAYS = declare(
    Rule(
        "briefing.minutes_workdays", 3, 1, 10, "workdays", _("Minutes of a briefing, from the day it was held"),
        _("practice of a mine: within 3 days, cost and loss items explained"),
    )
)  # fmt: skip
