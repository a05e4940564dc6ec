"""
Counting, in whole numbers only (domain.md §3.5).

Nothing here knows of keys, people or tables: opened ballots go in, in any
order, and numbers come out. Whoever was absent and whoever abstained counts as
not for, because the share is taken of all unless the rule says otherwise.
"""

import json
from collections import Counter
from dataclasses import dataclass

from .definition import DO_NOT_KNOW, canonical
from .enums import Base, QuestionKind, Say, TieRule

VOID = "void"


@dataclass(frozen=True)
class Tally:
    """What a count came to; ``questions`` and ``answers`` are empty when the whole poll is void."""

    issued: int
    returned: int
    valid: int
    void: int
    is_void: bool
    questions: dict
    answers: dict


def tally(definition, ballots, *, issued, taken_part, electorate, papers=(), paper_issued=0):
    """
    Count opened ballots; one that is None could not be opened and is void as a whole.

    ``issued`` is how many could vote at most, ``taken_part`` how many the door
    let through. More ballots than issued, or another number than came through
    the door, make the whole poll void: nothing is counted, it has to be repeated.
    ``papers`` are the readings of papers; of those no more may come back than were
    handed out, and fewer may.
    """
    ballots = [*ballots, *papers]
    returned = len(ballots)
    readable = [ballot for ballot in ballots if isinstance(ballot, dict)]
    void = returned - len(readable)
    if is_out_of_step(returned, issued=issued, taken_part=taken_part, papers=papers, paper_issued=paper_issued):
        return Tally(issued, returned, 0, returned, True, {}, {})
    answers = {
        question.code: sorted_answers(question, [ballot.get(question.code) for ballot in readable])
        for question in definition.questions
    }
    questions = {
        question.code: count_question(
            question,
            answers[question.code],
            electorate=max(electorate, definition.whole),
            present=definition.present,
        )
        for question in definition.questions
    }
    return Tally(issued, returned, len(readable), void, False, questions, answers)


def is_out_of_step(returned, *, issued, taken_part, papers=(), paper_issued=0):
    """Whether a box holds more than was issued or another number than came through the door: it is void as a whole."""
    in_the_box = returned - len(papers)
    return returned > issued or in_the_box != taken_part - paper_issued or len(papers) > paper_issued


def sorted_answers(question, answers):
    """
    Return [[answer, how often], …] in the order of the answers' text; what the question does not take is void.

    Each question has a list of its own: nobody can see which answers to two
    questions came from one hand. From this list alone the count can be done again.
    """
    counts = Counter(canonical(tidy(question, answer)) for answer in answers)
    return [[text, counts[text]] for text in sorted(counts)]


def tidy(question, answer):
    """Return an answer with its marks in the order of the ballot paper, so that their order tells nothing."""
    if not question.is_answer(answer):
        return VOID
    if isinstance(answer, dict):
        answer = {**answer, "names": sorted(answer["names"])}
        if "marks" in answer:
            answer["marks"] = sorted(answer["marks"], key=question.codes.index)
    return answer


def count_question(question, answers, *, electorate, present):
    """Count one question from its sorted answers and say what its rule makes of the numbers."""
    rows = [(json.loads(text), times) for text, times in answers]
    void = sum(times for answer, times in rows if answer == VOID)
    valid = sum(times for answer, times in rows if answer != VOID)
    base = {Base.ALL: electorate, Base.VALID: valid, Base.PRESENT: present}[Base(question.share.base)]
    found = {"valid": valid, "void": void, "base": base, "needed": question.share.needed(base)}
    rows = [(answer, times) for answer, times in rows if answer != VOID]
    if question.kind == QuestionKind.VOTE:
        counts = _count(rows, Say.values)
        return {**found, "counts": counts, "is_passed": question.share.is_met(counts[Say.FOR], base)}
    if question.kind == QuestionKind.ELECTION:
        return {**found, **_election(question, rows, base)}
    if question.kind in (QuestionKind.RATING, QuestionKind.SCORE):
        codes = question.points if question.kind == QuestionKind.SCORE else question.codes
        return {**found, "counts": _count(rows, [*codes, DO_NOT_KNOW])}
    return {**found, "counts": _count(rows, question.codes)}


def _count(rows, codes):
    counts = dict.fromkeys(map(str, codes), 0)
    for answer, times in rows:
        counts[answer] += times
    return counts


def _election(question, rows, base):
    votes, names = dict.fromkeys(question.codes, 0), Counter()
    says = {code: dict.fromkeys(Say.values, 0) for code in question.codes}
    for answer, times in rows:
        for code in answer.get("marks", ()):
            votes[code] += times
        for code, said in answer.get("says", {}).items():
            says[code][said] += times
            votes[code] += times if said == Say.FOR else 0
        for name in answer["names"]:
            names[name] += times
    result = {"votes": votes, "names": dict(sorted(names.items()))}
    if not question.is_contested:
        result["says"] = says
    # Whoever was written in stands beside the candidates; a name cannot be the code of one.
    standing = {("code", code): count for code, count in votes.items()} | {
        ("name", name): count for name, count in names.items()
    }
    return result | _seats(question, standing, base)


def _seats(question, standing, base):
    """Fill the seats from the most votes down; equal votes for the last seat are left to the rule fixed beforehand."""
    enough = [key for key, votes in standing.items() if question.share.is_met(votes, base)]
    enough.sort(key=lambda key: (-standing[key], key))
    elected, tied = enough[: question.seats], []
    if len(enough) > question.seats and standing[enough[question.seats]] == standing[enough[question.seats - 1]]:
        last = standing[enough[question.seats]]
        elected = [key for key in enough if standing[key] > last]
        tied = [key for key in enough if standing[key] == last]
    return {
        "elected": [list(key) for key in elected],
        "tied": [list(key) for key in tied],
        "seats_left": question.seats - len(elected),
        "tie_rule": str(TieRule(question.tie_rule).value) if tied else "",
    }
