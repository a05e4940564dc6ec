"""A result as people read it: numbers, shares of all, the rule in words, and the same as a chart with its table."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.kernel.charts import bar_chart

from .definition import DO_NOT_KNOW
from .enums import QuestionKind, Say, TieRule
from .wording import rule_words


@dataclass(frozen=True)
class Line:
    """One row of a result: what, how many, and its share of all."""

    label: str
    count: int
    share: float
    note: str = ""


@dataclass(frozen=True)
class Drawn:
    """One question of a result."""

    question: object
    rule: str
    lines: list
    found: dict
    verdict: str
    tone: str
    chart: object


def drawn_result(poll, result):
    """Return every question of a result as it is shown; nothing of a void poll, and of one whose owner keeps them."""
    if result.is_void or not result.questions:
        return []
    return [_question(poll, question, result.questions[question.code]) for question in poll.definition.questions]


def counted_of(poll):
    """Return the number that shares of all are taken of: who may vote, and vacant seats where they count."""
    return max(poll.electorate_size or 0, poll.definition.whole)


def _question(poll, question, found):
    base = counted_of(poll)

    def line(label, count, note=""):
        return Line(str(label), count, count / base if base else 0, str(note))

    lines = list(_lines(question, found, line))
    verdict, tone = _verdict(question, found)
    return Drawn(
        question,
        rule_words(question),
        lines,
        found,
        verdict,
        tone,
        bar_chart(_("Number of votes"), [(row.label, row.count) for row in lines], unit=_("votes")),
    )


def _lines(question, found, line):
    if question.kind == QuestionKind.VOTE:
        yield from (line(say.label, found["counts"][say.value]) for say in Say)
    elif question.kind == QuestionKind.ELECTION:
        yield from _standing(question, found, line)
    else:
        for option in question.options:
            yield line(option.label, found["counts"][option.code])
        for point in question.points if question.kind == QuestionKind.SCORE else ():
            yield line(point, found["counts"][point])
        if question.kind in (QuestionKind.RATING, QuestionKind.SCORE):
            yield line(_("Don't know"), found["counts"][DO_NOT_KNOW])


def _standing(question, found, line):
    elected, tied = ({tuple(key) for key in found[name]} for name in ("elected", "tied"))

    def noted(key):
        return _("elected") if key in elected else _("equal votes") if key in tied else ""

    rows = [
        line(option.label, found["votes"][option.code], noted(("code", option.code))) for option in question.options
    ]
    rows += [
        line(_("%(name)s (written in)") % {"name": name}, count, noted(("name", name)))
        for name, count in found["names"].items()
    ]
    return sorted(rows, key=lambda row: -row.count)


def _verdict(question, found):
    if question.kind == QuestionKind.VOTE:
        votes = found["counts"][Say.FOR]
        if found["is_passed"]:
            return _("Passed: %(votes)d for, %(needed)d were needed.") % {
                "votes": votes,
                "needed": found["needed"],
            }, "green"
        words = _("Not passed: %(votes)d for, %(needed)d were needed, %(short)d short.")
        return words % {"votes": votes, "needed": found["needed"], "short": found["needed"] - votes}, "red"
    if question.kind == QuestionKind.ELECTION:
        said = _("%(count)d of %(seats)d seats filled; %(needed)d votes were needed.") % {
            "count": len(found["elected"]),
            "seats": question.seats,
            "needed": found["needed"],
        }
        if found["tie_rule"]:
            said += " " + _("Equal votes for the last seat: decided by %(rule)s.") % {
                "rule": TieRule(found["tie_rule"]).label
            }
        return said, "green" if not found["seats_left"] else "yellow"
    return "", ""
