"""Stored results in the reader's words: for pages, sheets and files alike, so that all show the same numbers."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.kernel.charts import radar_chart

from .enums import Grading, NoScore, Satisfaction, ScaleKind, Standing, UseKind, WithheldReason

LEAST_AXES = 3
PARTS = (3, 3)  # of what was published before the numbers were in the rule book


def label_of(scale, code):
    """Return the word of a grade class or band."""
    words = Satisfaction if scale == ScaleKind.SATISFACTION else Grading
    return str(words(code).label) if code else ""


def share_of(value):
    """Return hundredths of answers in words; None is the band of nearly all."""
    return "≥ 90%" if value is None else f"{value}%"


def class_words(facts):
    """Return the scores of each grade class in a sentence, the best first; the last is what is below all others."""
    *better, (worst, _nought) = facts["classes"]
    found = [
        _("%(label)s: from %(least)s") % {"label": label_of(facts["scale"], code), "least": least}
        for code, least in better
    ]
    below = _("%(label)s: below %(least)s") % {"label": label_of(facts["scale"], worst), "least": better[-1][1]}
    return [*found, below]


def prompt_words(code, parts):
    """
    Return what a threshold asks people to think about; it decides nothing (domain.md §6.2).

    ``parts`` are the two numbers of the rule book that the publication went by: one part in so many.
    """
    talk, remove = parts
    words = {
        "talk": _(
            "Excellent and competent together are below %(share)s: if found unfit after looking into it, an"
            " admonition talk or another post is to be considered."
        )
        % {"share": f"{talk - 1}/{talk}"},
        "remove": _("Not competent is above %(share)s: removal, resignation or demotion is to be considered.")
        % {"share": f"1/{remove}"},
        "dismiss": _("Not competent two years running: dismissal is to be considered."),
    }
    return words[code]


@dataclass(frozen=True)
class DimensionRow:
    """One dimension as a page shows it."""

    name: str
    weight: str
    score: str  # the number, or why there is none
    number: str
    mean: str
    own: str
    spread: list  # (band, share) in words


class Reading:
    """One outcome in words, in the language of one request; a page asks for the same several times."""

    def __init__(self, outcome, publication):
        self.outcome, self.facts = outcome, publication.facts
        self.figures = outcome.figures
        self.scale = self.facts["scale"]

    @property
    def score(self):
        """The score as printed; empty where there is none."""
        return self.figures["score"]

    @property
    def grade_class(self):
        """The word of the grade class."""
        return label_of(self.scale, self.outcome.grade_class)

    @property
    def why(self):
        """Why there is no score, in words; empty where there is one."""
        code = self.figures.get("why", "")
        return str(NoScore(code).label) if code else ""

    @property
    def has_result(self):
        """Whether there is anything but the reason why not."""
        return bool(self.outcome.grade_class)

    @property
    def raters(self):
        """About how many rated, to the nearest five."""
        return self.figures.get("raters", 0)

    @property
    def mean(self):
        """The mean of all results of the round; empty where too few."""
        return self.facts["mean"]

    @property
    def own(self):
        """The own rating, or None."""
        return self.figures["own"]

    @cached_property
    def dimensions(self):
        """The rows of the table of dimensions."""
        means = self.facts["dimensions"]
        own = self.own["dimensions"] if self.own else [""] * len(means)
        return [
            DimensionRow(
                name=row["name"],
                weight=row["weight"],
                score=row["score"] or str(Standing(row["standing"]).label),
                number=row["score"],
                mean=mean,
                own=mine,
                spread=self._bands(row["spread"]),
            )
            for row, (_name, mean), mine in zip(self.figures.get("dimensions", []), means, own, strict=False)
        ]

    def _bands(self, spread):
        return [(label_of(self.scale, code), share_of(share)) for code, share in spread]

    @cached_property
    def spread(self):
        """How all answers together fall into the bands."""
        return self._bands(self.figures.get("spread", []))

    @cached_property
    def bands(self):
        """The words of all bands, the best first."""
        words = Satisfaction if self.scale == ScaleKind.SATISFACTION else Grading
        return [str(label) for label in words.labels]

    @cached_property
    def spreads(self):
        """The rows of the table of answers by band: (name, [(band, share)]); a dash where nothing is printed."""
        rows = [(row.name, row.spread) for row in self.dimensions] + [(_("All together"), self.spread)]
        return [(name, [(band, dict(spread).get(band, "–")) for band in self.bands]) for name, spread in rows if spread]

    @cached_property
    def groups(self):
        """The groups that count: (group, weight, share of the total in hundredths, score or why there is none)."""
        return [
            (
                f"{row['code']} {row['name']}",
                row["weight"],
                f"{row['used']}%",
                row["score"] or str(Standing(row["standing"]).label),
            )
            for row in self.figures.get("groups", [])
        ]

    @cached_property
    def parts(self):
        """Groups by dimension: (group, [(dimension, score or a dash)])."""
        names = [row["name"] for row in self.figures.get("dimensions", [])]
        return [
            (code, [(name, score or "–") for name, score in zip(names, scores, strict=True)])
            for code, scores in self.figures.get("parts", [])
        ]

    @property
    def left(self):
        """Sentences on what does not count."""
        found = []
        for row in self.figures["left"]:
            words = {
                "short": _("Group %(group)s does not count: too few scored forms. Nothing of them is kept."),
                "unknown": _("Group %(group)s does not count: too few knew enough to answer."),
            }
            found.append(words[row["why"]] % {"group": f"{row['code']} {row['name']}"})
        for code, item in self.figures["missing"]:
            found.append(
                _("Of group %(group)s too few answered “%(item)s”; its weight went to the others of the group.")
                % {"group": code, "item": item}
            )
        return found

    @property
    def hidden(self):
        """Sentences on what is not printed, and why."""
        rows = self.figures.get("dimensions", [])
        found = []
        if any(row["standing"] == Standing.ALIKE for row in rows):
            found.append(_("Where nearly all answers are alike a number would tell what everybody said."))
        if any(row["standing"] == Standing.HIDDEN for row in rows):
            found.append(_("A dimension without a number could be used to compute another that may not be shown."))
        if any(not row["spread"] for row in rows):
            found.append(
                _(
                    "How the answers to a dimension are spread is shown only where no small group could be"
                    " computed from it."
                )
            )
        if any(row["standing"] == Standing.HIDDEN for row in self.figures.get("groups", [])):
            found.append(
                _(
                    "A group is not shown by itself where it is too small, or where a small one could be computed"
                    " from it; it counts in the total."
                )
            )
        return found

    @property
    def formulas(self):
        """The sums by which the score can be computed again."""
        return self.figures.get("formulas", [])

    @property
    def before(self):
        """The result of the time before, or None."""
        return self.figures["before"]

    @property
    def before_class(self):
        """The word of the class of the time before."""
        return label_of(self.scale, self.before["class"]) if self.before else ""

    @property
    def change(self):
        """By how much the score differs from the time before, with its sign; empty where it cannot be said."""
        if not (self.before and self.before["score"] and self.score):
            return ""
        difference = self.outcome.score - type(self.outcome.score)(self.before["score"])
        return f"{difference:+.2f}"

    @property
    def before_value(self):
        """The score of the time before or, without one, its class."""
        return (self.before["score"] or self.before_class) if self.before else ""

    @property
    def before_note(self):
        """The year of the time before and the change since."""
        return " ".join(filter(None, [str(self.before["year"]), self.change])) if self.before else ""

    @cached_property
    def prompts(self):
        """(code, sentence) of what the thresholds ask."""
        parts = self.facts.get("parts", PARTS)
        return [(code, prompt_words(code, parts)) for code in self.figures.get("prompts", [])]

    @property
    def withheld(self):
        """(reason, how many) of remarks that were not passed on."""
        reasons = self.figures["remarks"]["withheld"]
        return [(str(WithheldReason(code).label), reasons[code]) for code in sorted(reasons)]

    @property
    def kept(self):
        """How many remarks were passed on."""
        return self.figures["remarks"]["kept"]

    @cached_property
    def radar(self):
        """The chart of the dimensions beside mean and own rating; None where a dimension has no number."""
        rows = self.dimensions
        if len(rows) < LEAST_AXES or not all(row.number for row in rows):
            return None
        series = [(_("Result"), [float(row.number) for row in rows])]
        if all(row.mean for row in rows):
            series.append((_("Mean of all"), [float(row.mean) for row in rows]))
        if self.own and all(row.own for row in rows):
            series.append((_("Own rating"), [float(row.own) for row in rows]))
        return radar_chart(_("Dimensions"), [row.name for row in rows], series)

    @property
    def facts_in_words(self):
        """Pairs for the head of sheets and files."""
        pairs = [(_("Score"), self.score or self.why), (_("Grade class"), self.grade_class or "–")]
        if self.raters:
            pairs.append((_("Raters, to the nearest five"), str(self.raters)))
        if self.mean:
            pairs.append((_("Mean of all results"), self.mean))
        if self.before:
            pairs.append(
                (
                    pgettext("appraisal", "The time before (%(year)s)") % {"year": self.before["year"]},
                    " ".join(
                        filter(None, [self.before["score"], self.before_class, self.change and f"({self.change})"])
                    ),
                )
            )
        if self.own:
            pairs.append((_("Own rating (not counted)"), self.own["score"]))
        return pairs


def use_label(kind):
    """Return what was decided, in words."""
    return str(UseKind(kind).label)
