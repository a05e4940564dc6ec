"""The appraisal form as one sealed ballot: a block for each subject, nobody's own among them."""

import uuid
from functools import cached_property

from django.utils.translation import gettext as _

from portal.ballots.definition import DO_NOT_KNOW, Definition
from portal.ballots.forms import BallotForm

from ..enums import ScaleKind, VoidKind
from ..layout import points_of, skipped
from ..models import Round
from ..policy import statement
from ..queries.rounds import blocks_of_round, own_marks, subjects_with_reports
from ..voiding import void_kinds


def void_words(rule):
    """Return a rule by which a form is void, in one sentence with its numbers."""
    words = {
        VoidKind.SAME: _("A form with the same answer for everybody and everything is void."),
        VoidKind.FULL: _("A form with full marks for everybody and everything is void."),
        VoidKind.TOP_AT_MOST: _("At most %(people)s may be at %(score)s points or more; otherwise the form is void."),
        VoidKind.LOW_AT_LEAST: _("At least %(people)s have to be below %(score)s points; otherwise the form is void."),
    }
    return words[VoidKind(rule.kind)] % {"people": rule.people, "score": rule.score}


class AppraisalForm(BallotForm):
    """
    What one rater fills in for all subjects of a round.

    Subjects that this person does not rate are not shown; their answers are
    filled up as skipped, so that every form has the same questions and length.
    """

    paper_template, check_template = "evaluations/ballot.html", "evaluations/check.html"

    def __init__(self, round_, poll, *, person, data=None):
        self.round = round_
        blocks = blocks_of_round(round_)
        marks = own_marks(round_.pk, person) if person is not None else [False] * len(blocks)
        self.asked = [block for block, is_own in zip(blocks, marks, strict=True) if not is_own]
        self.left_out = [block for block, is_own in zip(blocks, marks, strict=True) if is_own]
        self.all_blocks = blocks
        codes = {code for block in self.asked for code in block.all_codes}
        questions = tuple(question for question in poll.definition.questions if question.code in codes)
        super().__init__(Definition(questions), data)
        for block in self.asked:
            for code, item in block.codes:
                self.fields[code].label = item.name
            if block.remark:
                self.fields[block.remark].label = _("Remarks and suggestions")

    @classmethod
    def of(cls, poll, person, data=None):
        """Return the form of a poll for somebody, or for whoever holds a code from the box."""
        rows = Round.objects.select_related("edition__questionnaire", "unit")
        form = cls(rows.get(pk=uuid.UUID(poll.owner_id)), poll, person=person, data=data)
        form.draft_key = f"appraisal-{form.round.pk}-{person.pk}" if person is not None else ""
        return form

    def answers(self):
        return super().answers() | {code: value for block in self.left_out for code, value in skipped(block).items()}

    @cached_property
    def rules(self):
        """The rules by which a form of this round is void."""
        return list(self.round.void_rules.all())

    def broken(self):
        """Return the sentences of the rules that the filled-in form breaks: it would not count."""
        kinds = void_kinds(self.rules, self.all_blocks, self.answers(), points_of(self.round.edition))
        return [void_words(rule) for rule in self.rules if rule.kind in kinds]

    def page_context(self):
        subjects = {one.pk: one for one in subjects_with_reports(self.round)}
        is_checked = self.is_bound and self.is_valid()
        return {
            "round": self.round,
            "draft_key": self.draft_key,
            "is_score": self.round.edition.scale == ScaleKind.SCORE,
            "blocks": [self._drawn(number, block, subjects) for number, block in enumerate(self.asked, 1)],
            "statement": statement(self.round),
            "void_rules": [void_words(rule) for rule in self.rules],
            "broken": self.broken() if is_checked else [],
            "said_blocks": self._said_blocks() if is_checked else [],
        }

    def _drawn(self, number, block, subjects):
        return {
            "number": number,
            "subject": subjects[block.subject.pk],
            "rows": [
                {
                    "field": self[code],
                    "unknown": self[name] if (name := f"{code}-{DO_NOT_KNOW}") in self.fields else None,
                }
                for code, _item in block.codes
            ],
            "remark": self[block.remark] if block.remark else None,
        }

    def _said_blocks(self):
        said = {question.code: " ".join(map(str, sentences)) for question, sentences in self.in_words()}
        return [
            {
                "subject": block.subject,
                "lines": [(item.name, said[code]) for code, item in block.codes],
                "remark": said.get(block.remark, ""),
            }
            for block in self.asked
        ]
