"""What an appraisal sheet (测评表) asks by."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ScaleKind(models.TextChoices):
    """How every item of a sheet is answered (domain.md §6.2)."""

    SCORE = "score", _("score from 0 to 100")
    GRADE = "grade", _("four grades")
    SATISFACTION = "satisfaction", _("satisfaction")


class Grading(models.TextChoices):
    """The four grades of the national frame (优秀、称职、基本称职、不称职)."""

    EXCELLENT = "excellent", pgettext_lazy("grade", "Excellent")
    COMPETENT = "competent", pgettext_lazy("grade", "Competent")
    BASIC = "basic", pgettext_lazy("grade", "Basically competent")
    INCOMPETENT = "incompetent", pgettext_lazy("grade", "Not competent")


class Satisfaction(models.TextChoices):
    """The three steps of satisfaction (满意、基本满意、不满意)."""

    SATISFIED = "satisfied", pgettext_lazy("grade", "Satisfied")
    FAIRLY = "fairly", pgettext_lazy("grade", "Fairly satisfied")
    DISSATISFIED = "dissatisfied", pgettext_lazy("grade", "Dissatisfied")


class CodeSet(models.TextChoices):
    """The sets of dimensions that a new sheet may begin with."""

    FIVE = "five", _("five dimensions: performance, politics, style, unity, integrity")
    CIVIL = "civil", _("virtue, ability, diligence, achievement, integrity")
    EMPTY = "empty", _("none: write your own")
