"""The numbers of an appraisal, each with its source (domain.md §6.2, trust A6); a round copies them when planned."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.rulebook import Rule, declare

K_SCORES = declare(
    Rule(
        "appraisal.k_scores", 5, 5, 30, "people", _("Forms from which on scores of a group are counted"),
        _("workplace survey practice: five; below it a score points at its raters"),
    )
)  # fmt: skip
K_TEXT = declare(
    Rule(
        "appraisal.k_text", 10, 10, 50, "people", _("Forms from which on remarks about somebody are kept"),
        _("the practice of England's GP patient survey: ten"),
    )
)  # fmt: skip
K_BREAKDOWN = declare(
    Rule(
        "appraisal.k_breakdown", 10, 10, 50, "people", _("Forms from which on a group is shown apart"),
        _("the practice of England's GP patient survey: ten"),
    )
)  # fmt: skip
TRIM_ABOVE = declare(
    Rule(
        "appraisal.trim_above", 5, 0, 100, "people",
        _("Forms above which the highest and the lowest answer are left out; 0: never"),
        _("rules of enterprises on appraisal: above five raters one highest and one lowest are dropped"),
    )
)  # fmt: skip
MIN_SAMPLE = declare(
    Rule(
        "appraisal.min_sample", 8, 5, 50, "people", _("Valid answers that a result needs"),
        _("rules of enterprises on appraisal: eight valid answers for each person"),
    )
)  # fmt: skip
REMARK_LIMIT = declare(
    Rule(
        "appraisal.remark_limit", 100, 20, 200, "characters", _("Characters of a remark about one person"),
        _("the sealed form has one length for everybody: practice of this portal"),
    )
)  # fmt: skip
REMIND_HOURS = declare(
    Rule(
        "appraisal.remind_hours", 24, 1, 168, "hours", _("Reminder to all on the list, before the closing"),
        _("practice of this portal"),
    )
)  # fmt: skip
TOP_PEOPLE = declare(
    Rule(
        "appraisal.top_people", 3, 0, 50, "people", _("People whom one form may place at the top, at most"),
        _("an enterprise's appraisal form: at most three at 90 and above"),
    )
)  # fmt: skip
TOP_SCORE = declare(
    Rule(
        "appraisal.top_score", 90, 50, 100, "points", _("Score from which on somebody is at the top"),
        _("two enterprises' appraisal forms: 优秀 is 90 to 100"),
    )
)  # fmt: skip
LOW_PEOPLE = declare(
    Rule(
        "appraisal.low_people", 2, 0, 50, "people", _("People whom one form has to place below the line, at least"),
        _("an enterprise's appraisal form: at least two below 70"),
    )
)  # fmt: skip
LOW_SCORE = declare(
    Rule(
        "appraisal.low_score", 70, 0, 90, "points", _("Score below which somebody is below the line"),
        _("an enterprise's appraisal form: at least two below 70"),
    )
)  # fmt: skip
