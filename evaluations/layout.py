"""
How a round's subjects and items become the questions of one sealed form, and back.

One form carries all subjects; its length is the same for everybody. What
belongs together on the form is taken apart again by the count alone.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.ballots.definition import DO_NOT_KNOW, SKIP, Definition, Option, Question
from portal.ballots.enums import QuestionKind

from .enums import Grading, Satisfaction, ScaleKind

TOP = 100  # of a score (domain.md §6.2: A 90-100 … D below 60)
BYTES = 3  # of a Chinese character
LABELS = {ScaleKind.GRADE: Grading, ScaleKind.SATISFACTION: Satisfaction}


@dataclass(frozen=True)
class Block:
    """One subject on the form: the code of the question for each item, and that of the remark, if there is one."""

    subject: object
    codes: tuple  # ((code, item), …)
    remark: str

    @property
    def all_codes(self):
        """Every question of the subject."""
        return [code for code, _item in self.codes] + ([self.remark] if self.remark else [])


def blocks_of(subjects, items, *, has_remarks):
    """Return the form's blocks in the order of the subjects; codes are letters and digits only."""
    return [
        Block(
            subject,
            tuple((f"s{place:02d}i{number:02d}", item) for number, item in enumerate(items, 1)),
            f"s{place:02d}w" if has_remarks else "",
        )
        for place, subject in enumerate(subjects, 1)
    ]


def definition_for(blocks, *, edition, remark_limit):
    """Return what the box asks; texts stand as they are published with the fingerprint."""
    kind = QuestionKind.SCORE if edition.scale == ScaleKind.SCORE else QuestionKind.RATING
    measure = {"top": TOP, "step": edition.step} if kind == QuestionKind.SCORE else {"options": options_of(edition)}
    questions = []
    for block in blocks:
        for code, item in block.codes:
            text = f"{block.subject.name} · {item.name}"
            questions.append(Question(code=code, kind=kind.value, text=text, can_skip=True, **measure))
        if block.remark:
            text = _("%(name)s: remark") % {"name": block.subject.name}
            questions.append(
                Question(code=block.remark, kind=QuestionKind.TEXT.value, text=text, longest=BYTES * remark_limit)
            )
    return Definition(questions=tuple(questions)).check()


def options_of(edition):
    """Return the answers of a scale of words, the best first."""
    labels = LABELS[edition.scale]
    return tuple(Option(row.code, str(labels(row.code).label)) for row in edition.scale_points.all())


def points_of(edition):
    """Return {answer: points} of a scale; whoever does not know gives none."""
    if edition.scale == ScaleKind.SCORE:
        return {str(number): number for number in range(0, TOP + 1, edition.step)}
    return {row.code: row.points for row in edition.scale_points.all()}


def skipped(block):
    """Return the answers of somebody who is not asked about a subject."""
    return {code: SKIP for code, _item in block.codes} | ({block.remark: ""} if block.remark else {})


def is_scored(answer):
    """Whether an answer is one that counts for a score."""
    return answer not in (DO_NOT_KNOW, SKIP, "", None)
