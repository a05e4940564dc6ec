"""The numbers of a result, each with its source (domain.md §6.2, trust A6); read once, at the publication."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.rulebook import Rule, declare

FORMS = _("two enterprises' appraisal forms: 90 to 100, from 70, from 60, below 60")
CLASS_EXCELLENT = declare(
    Rule("appraisal.class_excellent", 90, 80, 100, "points", _("Score from which on the class is “Excellent”"), FORMS)
)
CLASS_COMPETENT = declare(
    Rule("appraisal.class_competent", 70, 60, 89, "points", _("Score from which on the class is “Competent”"), FORMS)
)
CLASS_BASIC = declare(
    Rule(
        "appraisal.class_basic",
        60,
        40,
        69,
        "points",
        _("Score from which on the class is “Basically competent”"),
        FORMS,
    )
)
CIVIL = _("rules on assessing leading cadres: fewer than two thirds excellent or competent; more than one third not")
TALK_PART = declare(
    Rule(
        "appraisal.talk_part", 3, 2, 10, "parts",
        _("An admonition talk is thought about where more than one in so many is neither excellent nor competent"),
        CIVIL,
    )
)  # fmt: skip
REMOVE_PART = declare(
    Rule(
        "appraisal.remove_part", 3, 2, 10, "parts",
        _("Removal or demotion is thought about where more than one in so many says not competent"), CIVIL,
    )
)  # fmt: skip
TEXT_HOURS = declare(
    Rule(
        "appraisal.text_hours", 24, 24, 168, "hours", _("Time between closing and showing remarks, at least"),
        _("so that nobody joins a remark with who had just filled in a form: practice of this portal"),
    )
)  # fmt: skip
STATEMENT_DAYS = declare(
    Rule(
        "appraisal.statement_days", 15, 5, 60, "days", _("Time in which whoever was rated may make a statement"),
        _("practice of this portal"),
    )
)  # fmt: skip
MEAN_OF = declare(
    Rule(
        "appraisal.mean_of", 5, 3, 30, "people", _("Results from which on their mean is shown"),
        _("of fewer one's own result and the mean would tell the others': practice of this portal"),
    )
)  # fmt: skip
APART_DAYS = declare(
    Rule(
        "appraisal.apart_days", 180, 30, 360, "days",
        _("Time between two appraisals from which on results are compared though the same people rated, but for a few"),
        _("a difference between two near results is about the few who joined or left: practice of this portal"),
    )
)  # fmt: skip
