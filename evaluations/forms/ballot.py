"""The appraisal form as one sealed ballot: a block for each subject, nobody's own among them."""

from functools import cached_property, partial

from django.utils.translation import gettext as _

from portal.ballots.definition import DO_NOT_KNOW
from portal.ballots.forms import BallotForm

from ..enums import ScaleKind, VoidKind
from ..layout import points_of, skipped
from ..policy import statement
from ..queries.rounds import form_of_round, round_at_door
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

    def __init__(self, round_, poll, *, data=None):
        self.round = round_
        blocks, marks = form_of_round(round_, poll.definition), round_.own_marks
        self.asked = [block for block, is_own in zip(blocks, marks, strict=True) if not is_own]
        self.left_out = [block for block, is_own in zip(blocks, marks, strict=True) if is_own]
        self.all_blocks = blocks
        # Short ones: the name stands above. Of all blocks, so that the fields are the same for everybody.
        labels = [(code, item.name) for block in blocks for code, item in block.codes]
        labels += [(block.remark, _("Remarks and suggestions")) for block in blocks if block.remark]
        without = frozenset(code for block in self.left_out for code in block.all_codes)
        super().__init__(poll.definition, data, without=without, labels=labels)

    @classmethod
    def of(cls, poll, person, data=None):
        """Return the form of a poll for somebody, or for whoever holds a code from the box."""
        form = cls(round_at_door(poll, person), poll, data=data)
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
        is_checked = self.is_bound and self.is_valid()
        return {
            "round": self.round,
            "draft_key": self.draft_key,
            "is_score": self.round.edition.scale == ScaleKind.SCORE,
            "blocks": [self._drawn(number, block) for number, block in enumerate(self.asked, 1)],
            "statement": statement(self.round),
            "void_rules": [void_words(rule) for rule in self.rules],
            "broken": self.broken() if is_checked else [],
            "said_blocks": self._said_blocks() if is_checked else [],
        }

    def _drawn(self, number, block):
        labels = tuple((code, item.name) for code, item in block.codes)
        return {
            "number": number,
            "subject": block.subject,
            "rows": partial(self._rows, block),
            "remark": partial(self.__getitem__, block.remark) if block.remark else None,
            # All that a blank block shows: its questions stand in the definition.
            "key": (self.definition.sha256, number, block.subject.name, block.subject.post, labels, block.remark),
        }

    def _rows(self, block):
        return [
            {
                "field": self[code],
                "unknown": self[name] if (name := f"{code}-{DO_NOT_KNOW}") in self.fields else None,
            }
            for code, _item in block.codes
        ]

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
