"""
What a poll asks, as plain values: questions, options and the rule each is decided by.

The definition is kept as canonical JSON and frozen, with its SHA-256, when the
poll opens. Answers are plain too: ``for``, ``against`` or ``abstain`` to a
matter; ``{"marks": [...], "names": [...]}`` in a contested election (差额);
``{"says": {candidate: …}, "names": [...]}`` in one with as many candidates as
seats (等额); the option's code in a choice; the option's code or ``dk`` in a rating;
the number as digits or ``dk`` in a score; words, perhaps none, in a text. ``skip``
stands where somebody is not asked (``can_skip``).
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property

from portal.kernel.keeping import Shelf

from .enums import Base, Comparator, QuestionKind, Say, TieRule

# Definitions that were read lately, with the JSON they were read from: bytes of it, and how many.
MOST_KNOWN_BYTES, MOST_KNOWN = 512 * 1024, 16

DO_NOT_KNOW, SKIP = "dk", "skip"
SMALLEST_BALLOT = 512
MOST_QUESTIONS, MOST_OPTIONS, MOST_SEATS = 60, 60, 30
MOST_ANSWERED_APART = 800  # questions that an owner counts itself: 20 people × 5 dimensions × items, and words
MOST_POINTS, MOST_BYTES = 100, 2000  # of a score, of a text
LONGEST_NAME = 20  # of somebody written in


class Unfit(ValueError):
    """A definition that cannot be voted on; the text is for programmers, forms say it for people."""


@dataclass(frozen=True)
class Share:
    """The share of votes that decides: ``numerator``/``denominator`` of ``base``, reached or passed."""

    numerator: int = 1
    denominator: int = 2
    comparator: str = Comparator.MORE
    base: str = Base.ALL

    def needed(self, base):
        """Return the smallest whole number of votes that is enough of so many; exact, no fractions."""
        whole, rest = divmod(self.numerator * base, self.denominator)
        if self.comparator == Comparator.MORE:
            return whole + 1
        return whole + (1 if rest else 0)

    def is_met(self, votes, base):
        """Whether so many votes are enough of so many."""
        return votes >= self.needed(base) and base > 0


@dataclass(frozen=True)
class Option:
    """Something that can be chosen: a candidate, an answer, a word of a scale."""

    code: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question of a ballot; what does not belong to its kind stays as it is here."""

    code: str
    kind: str
    text: str
    share: Share = field(default_factory=Share)
    options: tuple[Option, ...] = ()
    seats: int = 0
    can_write_in: bool = False
    tie_rule: str = TieRule.RUN_OFF
    top: int = 0
    step: int = 0
    longest: int = 0  # bytes of a text as JSON
    can_skip: bool = False

    @cached_property
    def codes(self):
        return [option.code for option in self.options]

    @property
    def is_contested(self):
        """Whether there are more candidates than seats (差额选举)."""
        return len(self.options) > self.seats

    def check(self):
        """
        Refuse a question that could not be voted on or counted.

        :raises Unfit: saying what is wrong.
        """
        if self.kind not in QuestionKind.values or not self.text or not self.code.isalnum():
            raise Unfit("kind, text and code")
        if self.share.base not in Base.values or self.share.comparator not in Comparator.values:
            raise Unfit("rule")
        if not 0 < self.share.numerator <= self.share.denominator:
            raise Unfit("share")
        if len(set(self.codes)) != len(self.options) or len(self.options) > MOST_OPTIONS:
            raise Unfit("options")
        if any(not option.label or not option.code.isalnum() for option in self.options):
            raise Unfit("option")
        if not self._has_measure():
            raise Unfit("measure")
        wants = self.kind not in (QuestionKind.VOTE, QuestionKind.SCORE, QuestionKind.TEXT)
        if wants != bool(self.options) or (wants and self.kind != QuestionKind.ELECTION and len(self.options) < 2):
            raise Unfit("number of options")
        if self.kind == QuestionKind.ELECTION:
            if not 1 <= self.seats <= min(MOST_SEATS, len(self.options)) or self.tie_rule not in TieRule.values:
                raise Unfit("seats")
        elif self.seats or self.can_write_in:
            raise Unfit("seats without an election")
        if self.kind == QuestionKind.RATING and DO_NOT_KNOW in self.codes:
            raise Unfit("scale")

    def _has_measure(self):
        """Whether top, step, length and skipping stand where they belong and nowhere else."""
        is_score, is_text = self.kind == QuestionKind.SCORE, self.kind == QuestionKind.TEXT
        if is_score != bool(self.top) or is_score != bool(self.step) or is_text != bool(self.longest):
            return False
        if is_score and (not 1 <= self.step <= self.top <= MOST_POINTS or self.top % self.step):
            return False
        return self.longest <= MOST_BYTES and (not self.can_skip or is_score or self.kind == QuestionKind.RATING)

    @cached_property
    def points(self):
        """The numbers that a score may be, as digits."""
        return [str(number) for number in range(0, self.top + 1, self.step)]

    @cached_property
    def words(self):
        """The answers of a question that takes one of a few words, None where it takes others as well."""
        if self.kind in (QuestionKind.TEXT, QuestionKind.ELECTION):
            return None
        if self.kind == QuestionKind.VOTE:
            takes = Say.values
        else:
            takes = self.points if self.kind == QuestionKind.SCORE else self.codes
        may_not_know = self.kind in (QuestionKind.SCORE, QuestionKind.RATING)
        return frozenset([*takes, *([DO_NOT_KNOW] if may_not_know else ()), *([SKIP] if self.can_skip else ())])

    def is_answer(self, answer):
        """Whether an answer is one that this question takes; anything else is void for this question."""
        if self.words is not None:
            return isinstance(answer, str) and answer in self.words
        if self.kind == QuestionKind.TEXT:
            return isinstance(answer, str) and _length(answer) <= self.longest
        return isinstance(answer, dict) and self._is_election_answer(answer)

    def _is_election_answer(self, answer):
        names = answer.get("names")
        if not isinstance(names, list) or (names and not self.can_write_in) or len(set(map(str, names))) != len(names):
            return False
        if not all(isinstance(name, str) and 0 < len(name) <= LONGEST_NAME for name in names):
            return False
        if set(names) & {option.label for option in self.options}:
            return False
        if self.is_contested:
            marks = answer.get("marks")
            if set(answer) != {"marks", "names"} or not isinstance(marks, list):
                return False
            are_ours = all(isinstance(mark, str) and mark in self.codes for mark in marks)
            # Too many marks void this question of this ballot.
            return are_ours and len(set(marks)) == len(marks) and len(marks) + len(names) <= self.seats
        says = answer.get("says")
        if set(answer) != {"says", "names"} or not isinstance(says, dict) or set(says) != set(self.codes):
            return False
        chosen = sum(said == Say.FOR for said in says.values())
        return all(said in Say.values for said in says.values()) and chosen + len(names) <= self.seats

    def longest_answer(self):
        """Return an answer whose JSON is no shorter than any other's."""
        if self.kind == QuestionKind.VOTE:
            return Say.AGAINST.value
        if self.kind == QuestionKind.SCORE:
            return SKIP
        if self.kind == QuestionKind.TEXT:
            return "-" * self.longest
        if self.kind != QuestionKind.ELECTION:
            return max([*self.codes, DO_NOT_KNOW, *([SKIP] if self.can_skip else ())], key=len)
        # Four bytes a character: longer than any mix of names and marks can be.
        names = ["\U0002000b" * LONGEST_NAME] * (self.seats if self.can_write_in else 0)
        key = {"marks": self.codes} if self.is_contested else {"says": dict.fromkeys(self.codes, Say.ABSTAIN.value)}
        return {**key, "names": names}


@dataclass(frozen=True)
class Definition:
    """
    All that a poll asks; ``present`` is the number of those present where a rule counts by it.

    ``whole`` is the number that a share of all is taken of where it is more
    than who is on the list: vacant seats of a congress that still count.
    ``has_paper`` lets those vote on paper who are handed one.
    """

    questions: tuple[Question, ...]
    present: int = 0
    whole: int = 0
    has_paper: bool = False

    def check(self):
        """
        Refuse a definition that could not be voted on.

        :raises Unfit: saying what is wrong.
        """
        codes = [question.code for question in self.questions]
        most = MOST_ANSWERED_APART if self.is_counted_apart else MOST_QUESTIONS
        if not 1 <= len(codes) <= most or len(set(codes)) != len(codes):
            raise Unfit("number of questions")
        for question in self.questions:
            question.check()
            if question.share.base == Base.PRESENT and self.present < 1:
                raise Unfit("nobody present")
        return self

    @cached_property
    def is_counted_apart(self):
        """Whether only an owner that counts by itself can ask this: words, and questions that some are not asked."""
        return any(question.kind == QuestionKind.TEXT or question.can_skip for question in self.questions)

    @cached_property
    def by_code(self):
        """The questions by their codes."""
        return {question.code: question for question in self.questions}

    def takes(self, answers):
        """Whether answers, {code: answer}, are to all the questions, and each one that its question takes."""
        return answers.keys() == self.by_code.keys() and all(
            question.is_answer(answers[code]) for code, question in self.by_code.items()
        )

    @cached_property
    def ballot_size(self):
        """Bytes to which every ballot of this poll is filled up."""
        longest = {question.code: question.longest_answer() for question in self.questions}
        length = len(json.dumps(longest, ensure_ascii=False, separators=(",", ":")).encode())
        return SMALLEST_BALLOT * (length // SMALLEST_BALLOT + 1)

    def as_json(self):
        """Return the definition as plain lists and dicts, texts and numbers."""
        plain = asdict(self)
        for name in ("whole", "has_paper"):
            if not plain[name]:
                del plain[name]  # as polls were written before there was such a thing
        for question in plain["questions"]:
            for name in ("top", "step", "longest", "can_skip"):
                if not question[name]:
                    del question[name]
        return json.loads(json.dumps(plain, ensure_ascii=False))

    @cached_property
    def sha256(self):
        """The fingerprint: of canonical JSON, so that anybody can compute it again from the published definition."""
        return hashlib.sha256(canonical(self.as_json()).encode()).hexdigest()

    @cached_property
    def beside(self):
        """What forms and pages make of it and nothing else, for as long as it is kept; nothing of anybody."""
        return {}


def _length(text):
    """Return the bytes of a text inside the JSON of a ballot, without its two quotes."""
    return len(json.dumps(text, ensure_ascii=False).encode(errors="surrogatepass")) - 2


def canonical(value):
    """Return JSON with sorted keys and no spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def definition_of(value):
    """Return the Definition that was kept as JSON."""
    questions = tuple(
        Question(
            **{
                **question,
                "share": Share(**question["share"]),
                "options": tuple(Option(**option) for option in question["options"]),
            }
        )
        for question in value["questions"]
    )
    return Definition(
        questions=questions,
        present=value["present"],
        whole=value.get("whole", 0),
        has_paper=value.get("has_paper", False),
    )


_known = Shelf(most_bytes=MOST_KNOWN_BYTES, most=MOST_KNOWN)
_known_texts = Shelf(most_bytes=MOST_KNOWN_BYTES, most=MOST_KNOWN)


def known_definition(name, value):
    """
    Return the Definition kept as JSON, made once for equal JSON while it is in use.

    ``name`` only says where to look: a definition is taken when it was made of exactly this JSON.
    """
    found = _known.find(name)
    if found is None or found[0] != value:
        text = json.dumps(value, ensure_ascii=False)
        found = json.loads(text), definition_of(value)  # a copy: nobody else holds it
        _known.put(name, found, len(text))
    return found[1]


def definition_in(name, text):
    """Return the same Definition of JSON as the database gives it: as text, which is parsed when it is another one."""
    found = _known_texts.find(name)
    if found is None or found[0] != text:
        found = text, known_definition(name, json.loads(text))
        _known_texts.put(name, found, len(text))
    return found[1]
