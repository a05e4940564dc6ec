"""The numbers of the quality assessment of units, each with its source (domain.md §9)."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.rulebook import Rule, declare

SELF_WORKDAYS = declare(
    Rule(
        "assessment.self_workdays", 10, 3, 30, "workdays", _("Self-assessment of a unit, proposed by the planner"),
        _("practice of this portal"),
    )
)  # fmt: skip
GROUP_WORKDAYS = declare(
    Rule(
        "assessment.group_workdays", 15, 3, 60, "workdays", _("Work of the assessment group, proposed by the planner"),
        _("practice of this portal"),
    )
)  # fmt: skip
OBJECT_WORKDAYS = declare(
    Rule(
        "assessment.object_workdays", 5, 3, 15, "workdays", _("The unit's objection to the draft of its assessment"),
        _("practice of this portal; public notices before appointments run at least 5 working days"),
    )
)  # fmt: skip
FINAL_WORKDAYS = declare(
    Rule(
        "assessment.final_workdays", 10, 3, 30, "workdays", _("Final result, from the last day for an objection"),
        _("practice of this portal"),
    )
)  # fmt: skip
RECTIFY_DAYS = declare(
    Rule(
        "assessment.rectify_days", 90, 15, 90, "days", _("Putting right what a rectification opinion demands: a unit"),
        _("Shanghai 职工代表大会条例 art. 46: 90 days"),
        "regional",
    )
)  # fmt: skip
RECTIFY_OFFICE_DAYS = declare(
    Rule(
        "assessment.rectify_office_days", 30, 7, 30, "days",
        _("Putting right what a rectification opinion demands: a department"),
        _("Shanghai 职工代表大会条例 art. 46: 30 days"),
        "regional",
    )
)  # fmt: skip
RECHECK_WORKDAYS = declare(
    Rule(
        "assessment.recheck_workdays", 10, 3, 30, "workdays", _("Re-check of what a unit has put right"),
        _("practice of this portal"),
    )
)  # fmt: skip
LEAST_PEOPLE = declare(
    Rule(
        "assessment.least_people", 5, 5, 30, "people", _("Answers below which a figure made of them is not shown"),
        _("workplace survey practice: five"),
    )
)  # fmt: skip
