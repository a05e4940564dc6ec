"""
The one publication: both sides of a two-way round together, figures computed and stored, count and remarks destroyed.

There is no second one. What is not printed is not stored; a late form, a
better sheet or another weighting never lead to figures beside these.
"""

import datetime as dt
import secrets
from collections import Counter, defaultdict
from fractions import Fraction

from django.db import transaction

from portal.accounts.queries import rule_value
from portal.ballots.definition import canonical
from portal.ballots.operations import publish_poll
from portal.ballots.sealing import fingerprint
from portal.kernel.days import local_day
from portal.kernel.verdicts import require
from portal.notices.outbox import post

from .. import result_numbers
from ..arithmetic import Thresholds, shown
from ..enums import RemarkDecision, RoundState
from ..models import Count, GroupTally, KeptRemark, Outcome, Publication, Remark, RemarkReview, Round, SelfRating
from ..outcomes import class_bounds, class_bounds_of, outcome_of, paper_of
from ..queries.results import counts_of, outcomes_before, publishing_facts, tallies_of
from ..queries.rounds import items_of, raters_of
from ..rules.results import may_publish
from ..rules.rounds import sides_of
from ..suppression import differencing
from .core import locked, move, note, tell_voters


@transaction.atomic
def publish_rounds(*, round_id, actor, at):
    """
    Publish a counted round, and with it the other side of a two-way one; return the sides.

    :raises OperationRefused: with the reason a person may read.
    """
    # In one order, whichever side it is pressed on: two who publish together wait for each other, and not for ever.
    for key in sorted(side.pk for side in sides_of(Round.objects.select_related("counterpart").get(pk=round_id))):
        locked(key)
    round_ = locked(round_id)
    sides = [round_, *(locked(other.pk) for other in sides_of(round_)[1:])]
    require(may_publish(actor, sides, publishing_facts(sides, at), at))
    for side in sides:
        _publish(side, actor=actor, at=at)
    return sides


def _publish(round_, *, actor, at):
    remarks = _settle_remarks(round_)
    outcomes, facts = _outcomes(round_, remarks, at)
    Outcome.objects.bulk_create(outcomes)
    sha256 = fingerprint_of(round_, facts, outcomes)
    Publication.objects.create(round=round_, by=actor, at=at, facts=facts, sha256=sha256)
    # Nothing reads them again, and what is held back of them must not lie in the database for whoever gets at it.
    Count.objects.filter(subject__round=round_).destroy(times=1)
    GroupTally.objects.filter(subject__round=round_).destroy(raters=0, is_short=True)
    round_.published_at = at
    move(round_, RoundState.PUBLISHED, fields=["published_at"])
    publish_poll(poll_id=round_.poll_id, actor=actor, at=at)
    note("published", round_, actor=actor, at=at, subjects=len(outcomes), sha256=sha256)
    tell_voters("appraisal.published", round_, at=at)
    _tell_rated(round_, at)


def fingerprint_of(round_, facts, outcomes):
    """Return the SHA-256 of all that was published, in the order of the form."""
    parts = [[str(one.subject_id), str(one.score or ""), one.grade_class, one.figures] for one in outcomes]
    return fingerprint([round_.pk.hex, round_.poll.definition_sha256, canonical(facts), canonical(parts)])


def _outcomes(round_, remarks, at):
    """Return (unsaved outcomes, the round's own figures)."""
    bounds = class_bounds(
        *(
            rule_value(key, unit=round_.unit, at=at)
            for key in (
                result_numbers.CLASS_EXCELLENT,
                result_numbers.CLASS_COMPETENT,
                result_numbers.CLASS_BASIC,
            )
        )
    )
    talk, remove = (
        rule_value(key, unit=round_.unit, at=at) for key in (result_numbers.TALK_PART, result_numbers.REMOVE_PART)
    )
    paper = paper_of(
        round_,
        groups=list(round_.groups.all()),
        items=list(items_of(round_)),
        scale_points=list(round_.edition.scale_points.all()),
        classes=bounds,
        thresholds=Thresholds(good_below=1 - Fraction(1, talk), unfit_above=Fraction(1, remove)),
    )
    counts, tallies, before = counts_of(round_), tallies_of(round_), outcomes_before(round_)
    apart = rule_value(result_numbers.APART_DAYS, unit=round_.unit, at=at)
    own = dict(SelfRating.objects.filter(subject__round=round_).values_list("subject", "answers"))
    found = []
    for subject in round_.subjects.all():
        raters, short = tallies[subject.pk]
        earlier = before.get(subject.pk, [])
        last = earlier[0] if earlier else None
        one = outcome_of(
            paper,
            counts[subject.pk],
            raters=raters,
            short=short,
            class_before=_class_of_year(earlier, round_.year - 1),
            own=_by_item(own.get(subject.pk)),
        )
        one.figures["before"] = _before(last, round_, apart)
        one.figures["remarks"] = remarks[subject.pk]
        found.append((subject, one))
    least = rule_value(result_numbers.MEAN_OF, unit=round_.unit, at=at)
    outcomes = [
        Outcome(
            subject=subject,
            score=one.figures["score"] or None,
            grade_class=one.grade_class,
            figures=one.figures,
        )
        for subject, one in found
    ]
    facts = _facts(round_, paper, [one for _subject, one in found], least)
    facts["parts"] = [talk, remove]
    facts["statement_days"] = rule_value(result_numbers.STATEMENT_DAYS, unit=round_.unit, at=at)
    return outcomes, facts


def _by_item(answers):
    return {int(item): option for item, option in answers.items()} if answers else None


def _before(outcome, round_, apart):
    """
    Return the result of the time before as it was printed then; its score only where the sheets measure alike.

    None too where it is so near, and its raters so nearly the same, that the difference would be about the few
    who joined or left.
    """
    if outcome is None:
        return None
    earlier = outcome.subject.round
    is_near = round_.closes_at - earlier.closes_at < dt.timedelta(days=apart)
    if is_near and differencing(raters_of(earlier), raters_of(round_), k=round_.k_scores):
        return None
    is_alike = earlier.edition.scale == round_.edition.scale
    return {
        "year": earlier.year,
        "title": earlier.title,
        "subject": str(outcome.subject_id),
        "score": str(outcome.score) if is_alike and outcome.score is not None else "",
        "class": outcome.grade_class,
    }


def _class_of_year(outcomes, year):
    """Return the newest class of a year: two years running are two neighbouring years, not any two rounds."""
    return next((one.grade_class for one in outcomes if one.subject.round.year == year), "")


def _facts(round_, paper, found, least):
    """Return the round's own figures: forms, the mean of all results, how many of each class."""
    result = round_.poll.result
    scores = [one.score for one in found if one.score is not None]
    means = defaultdict(list)
    for one in found:
        for key, mean in one.dimension_means.items():
            means[key].append(mean)
    left = Counter(group["code"] for one in found for group in one.figures["left"])
    return {
        "issued": result.issued,
        "returned": result.returned,
        "valid": result.valid,
        "void": result.void,
        "mean": _mean(scores, least),
        "dimensions": [[paper.dimensions[key], _mean(means[key], least)] for key in paper.sheet.dimensions],
        "mean_of": least,
        "left": [[code, left[code]] for code in paper.groups if left[code]],
        "subjects": len(found),
        "classes": class_bounds_of(paper.sheet.scale),
        "scale": round_.edition.scale,
    }


def _mean(values, least):
    return shown(sum(values) / len(values)) if len(values) >= least else ""


def _settle_remarks(round_):
    """
    Write what is passed on in random order, destroy originals and decisions; return what is said of them by subject.

    Originals are overwritten before they are deleted, so that a page of the database file that is not given
    back holds nothing either.
    """
    reviews = list(RemarkReview.objects.filter(remark__subject__round=round_).select_related("remark"))
    said = defaultdict(lambda: {"kept": 0, "withheld": {}})
    kept, withheld = [], defaultdict(Counter)
    for review in reviews:
        subject = review.remark.subject_id
        if review.decision == RemarkDecision.KEEP:
            kept.append(KeptRemark(subject_id=subject, text=review.text))
            said[subject]["kept"] += 1
        else:
            withheld[subject][review.reason] += 1
    for subject, reasons in withheld.items():
        said[subject]["withheld"] = dict(sorted(reasons.items()))
    secrets.SystemRandom().shuffle(kept)
    KeptRemark.objects.bulk_create(kept)
    RemarkReview.objects.filter(remark__subject__round=round_).update(text="□", decision=RemarkDecision.KEEP, reason="")
    RemarkReview.objects.filter(remark__subject__round=round_).delete()
    originals = Remark.objects.filter(subject__round=round_)
    originals.update(text="□")
    originals.delete()
    return said


def _tell_rated(round_, at):
    for subject in round_.subjects.prefetch_related("members"):
        post(
            kind="appraisal.rated",
            subject=subject,
            desks=[f"person:{person.pk}" for person in subject.members.all()],
            at=at,
            key=f"appraisal.rated:{subject.pk.hex}",
            title=round_.title,
            on=local_day(at).isoformat(),
        )
