"""The numbers of terms and delegates, each with its source (domain.md §1, §3)."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.rulebook import Rule, declare

TERM_YEARS = declare(
    Rule(
        "congress.term_years", 5, 3, 5, "years", _("Length of a term of the congress"),
        _("Shanghai 职工代表大会条例 art. 22: three to five years; 企业民主管理规定 art. 10 says the same"),
        "law",
    )
)  # fmt: skip
EXTENSION_MONTHS = declare(
    Rule(
        "congress.extension_months", 12, 0, 12, "months", _("Longest extension of a term"),
        _("Shanghai 职工代表大会条例 art. 22: at most one year"),
        "law",
    )
)  # fmt: skip
MANAGER_SHARE = declare(
    Rule(
        "congress.manager_share_max", 20, 20, 35, "percent", _("Largest share of middle managers and leaders"),
        _(
            "Shanghai 职工代表大会条例 art. 16, Zhejiang 企业民主管理条例 art. 11: 20 per cent;"
            " group headquarters of a central enterprise 25 or 35 per cent (SASAC guidance)"
        ),
        "law",
    )
)  # fmt: skip
PRESIDIUM_SMALL = declare(
    Rule(
        "congress.presidium_small", 3, 3, 5, "people", _("Smallest presidium of fewer than 100 delegates"),
        _("Shanghai 职工代表大会条例 art. 23: three to five people for 30 to 100 delegates"),
        "regional",
    )
)  # fmt: skip
PRESIDIUM_LARGE = declare(
    Rule(
        "congress.presidium_large", 7, 7, 35, "people", _("Smallest presidium of 100 delegates and more"),
        _("Shanghai 职工代表大会条例 art. 23: seven people at least"),
        "regional",
    )
)  # fmt: skip
PRESIDIUM_FRONT = declare(
    Rule(
        "congress.presidium_front", 50, 50, 100, "percent", _("Smallest share of front-line workers in the presidium"),
        _(
            "Shanghai 职工代表大会条例 art. 23: half at least;"
            " 企业民主管理规定 art. 19 counts technicians and managers too"
        ),
        "regional",
    )
)  # fmt: skip
BY_ELECTION_DAYS = declare(
    Rule(
        "delegate.by_election_days", 90, 15, 365, "days", _("By-election of a delegate, from the day of the vacancy"),
        _(
            "the same electing unit elects anew (Shanghai 职工代表大会条例 art. 19);"
            " the number is practice of this portal"
        ),
    )
)  # fmt: skip
REPORT_DAYS = declare(
    Rule(
        "delegate.report_days", 31, 10, 180, "days", _("Duty report of a delegate, from New Year"),
        _(
            "a report to the electing unit each year (Henan 企业职工民主权利保障条例 arts. 16, 17);"
            " the number is practice of this portal"
        ),
    )
)  # fmt: skip
PLAN_MOTIONS = declare(
    Rule(
        "congress.plan_motions_days", 45, 30, 60, "days", _("Call for motions out, before the opening"),
        _("30 to 60 days before the session by rules of enterprises; the number is practice of this portal"),
    )
)  # fmt: skip
PLAN_CREDENTIALS = declare(
    Rule(
        "congress.plan_credentials_days", 30, 7, 60, "days", _("Credentials reviewed, before the opening"),
        _("changes of delegates are reviewed before each session (SASAC guidance); the number is practice"),
    )
)  # fmt: skip
PLAN_TOPICS = declare(
    Rule(
        "congress.plan_topics_days", 15, 7, 45, "days", _("Topics agreed with the employer, before the opening"),
        _("企业民主管理规定 art. 18: union and employer agree on topics; the number is practice of this portal"),
    )
)  # fmt: skip
PAPERS_DAYS = declare(
    Rule(
        "congress.material_lead_days", 7, 5, 30, "days", _("Agenda and papers to the delegates, before the opening"),
        _("Shanghai 职工代表大会条例 art. 30, Henan 企业职工民主权利保障条例 art. 19, Shandong 厂务公开条例 art. 12:"
          " seven days, in writing"),
        "law",
    )
)  # fmt: skip
RESULTS_DAYS = declare(
    Rule(
        "congress.result_publish_days", 3, 1, 7, "days", _("Results public, after the closing"),
        _("Shandong 厂务公开条例 art. 12: within three days"),
        "regional",
    )
)  # fmt: skip
REPORT_WORKDAYS = declare(
    Rule(
        "congress.upper_union_report_workdays", 7, 3, 15, "workdays", _("Report to the upper union, after the closing"),
        _("Shanghai 职工代表大会条例 art. 37: within seven working days"),
        "regional",
    )
)  # fmt: skip
PASS_AT_HALF = declare(
    Rule(
        "congress.pass_at_half", 0, 0, 1, "switch", _("Half of all delegates is enough to pass (半数以上)"),
        _("企业民主管理规定 art. 20: more than half of all delegates (过半数);"
          " Shanghai 职工代表大会条例 art. 31: half or more (半数以上)"),
        "law",
    )
)  # fmt: skip
SPEECH_MINUTES = declare(
    Rule(
        "congress.speech_minutes", 5, 1, 60, "minutes", _("Time of a speaker on an item"),
        _("no source names a number: the presidium announces it; the number is practice of this portal"),
    )
)  # fmt: skip
CALL_LEAD = declare(
    Rule(
        "motion.call_lead_days", 30, 30, 60, "days", _("Call for motions before the opening day, at least"),
        _("rules of enterprises on motions: 30 to 60 days before the congress"),
    )
)  # fmt: skip
LEAST_SECONDERS = declare(
    Rule(
        "motion.min_seconders", 2, 1, 10, "people", _("Delegates who second a motion, at least"),
        _("rules of enterprises on motions: two seconders; others three delegates in all, or at most three signers"),
    )
)  # fmt: skip
REVIEW_DAYS = declare(
    Rule(
        "motion.review_days", 15, 5, 30, "days", _("Examination of all motions, from the end of the call"),
        _("practice of this portal"),
    )
)  # fmt: skip
MOTION_REPLY_DAYS = declare(
    Rule(
        "motion.reply_days", 30, 20, 30, "days", _("Reply to a motion, from its filing"),
        _("rules of enterprises on motions: 20 to 30 days; people's congresses: three months"),
    )
)  # fmt: skip
ASSIST_DAYS = declare(
    Rule(
        "motion.assist_days", 10, 5, 15, "days", _("Countersigning of a reply by the assisting departments"),
        _("people's congresses: one of three months, a third of the time"),
    )
)  # fmt: skip
REDO_VOICES = declare(
    Rule(
        "motion.redo_voices", 1, 1, 5, "people", _("Signers not satisfied from whom on a motion is handled again"),
        _("the sources name no number: one voice is the strictest reading; practice of this portal"),
    )
)  # fmt: skip
