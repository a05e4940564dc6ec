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
MASK_WORKDAYS = declare(
    Rule(
        "notice.mask_workdays", 10, 1, 30, "workdays",
        _("Masking of personal data in a public notice, from the end of its period"),
        _("个人信息保护法 arts. 19, 47: kept no longer than needed; the number is practice of this portal"),
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
URGENT_HOURS = declare(
    Rule(
        "board.urgent_hours", 72, 1, 168, "hours", _("Longest urgent message on a display board"),
        _(
            "what lasts longer goes through a publication and its signatures (Shandong 厂务公开条例 art. 11);"
            " the number is practice of this portal"
        ),
    )
)  # fmt: skip
MINUTES_WORKDAYS = declare(
    Rule(
        "briefing.minutes_workdays", 3, 1, 10, "workdays", _("Minutes of a briefing, from the day it was held"),
        _("practice of a mine: within 3 days, cost and loss items explained"),
    )
)  # fmt: skip
CONSULTATION_WORKDAYS = declare(
    Rule(
        "consultation.workdays", 7, 3, 60, "workdays", _("Shortest period of a consultation before a decision"),
        _(
            "Labour Contract Law art. 4 (劳动合同法第四条): rules on workers' vital interests are discussed by the"
            " congress or all staff, who put forward proposals and opinions; Company Law 2023 art. 17 (公司法第十七条):"
            " the union and the workers are heard first. Neither names a number: practice of this portal"
        ),
    )
)  # fmt: skip
CONSULTATION_ANSWER_WORKDAYS = declare(
    Rule(
        "consultation.answer_workdays", 10, 1, 30, "workdays", _("Answers to opinions, from the end of a consultation"),
        _(
            "Labour Contract Law art. 4: decided by equal consultation with the union or workers' representatives;"
            " the number is practice of this portal"
        ),
    )
)  # fmt: skip
CONSULTATION_REPORT_WORKDAYS = declare(
    Rule(
        "consultation.report_workdays", 20, 1, 60, "workdays", _("Report of a consultation, from the last answer"),
        _(
            "Labour Contract Law art. 4: rules and decisions on vital interests are shown or told to the workers;"
            " the number is practice of this portal"
        ),
    )
)  # fmt: skip
COMMITMENT_RENEW_DAY = declare(
    Rule(
        "commitment.renew_day", 31, 10, 90, "days", _("Days from New Year until the year's commitments are open"),
        _("practice of this portal"),
    )
)  # fmt: skip
COMMITMENT_SIGN_WORKDAYS = declare(
    Rule(
        "commitment.sign_workdays", 10, 1, 30, "workdays", _("Signing a commitment, from the day it was opened"),
        _("practice of this portal"),
    )
)  # fmt: skip
