"""Rounds with forms in them, counted and published by the operations."""

from decimal import Decimal

from evaluations.enums import RemarkDecision, Source
from evaluations.models import Outcome, Remark
from evaluations.operations import announcing, rounds
from evaluations.operations.remarks import decide_remark
from evaluations.operations.results import publish_rounds
from portal.accounts.enums import Role
from tests.factories.appraisals import (
    AT,
    DAY,
    DRAFT,
    OPEN,
    ORDER,
    STEPS,
    make_round,
    rate,
    refreshed,
)
from tests.factories.people import make_officer


def rated_round(*, heads=12, workers=14, remarks=0, silent_heads=0, alike=False, like=None, at=AT, **over):
    """
    Return an open round in which everybody has sent a form.

    Of the first subject three heads of four say excellent and one says competent, one worker of three and two;
    of the second half say competent and half say basic. ``like`` is a round whose people rate and are rated again.
    """
    rated = (
        make_round(OPEN, heads=heads, workers=workers, at=at, **over) if like is None else again(like, at=at, **over)
    )
    heads = {person.pk for person in (like or rated).heads}
    rated.edition = rated.round.edition
    for n, person in enumerate([*(like or rated).heads, *(like or rated).workers]):
        if n < silent_heads:
            continue
        if person.pk in heads:
            answer = "competent" if n % 4 == 0 else "excellent"
        else:
            answer = "excellent" if n % 3 == 0 else "competent"
        remark = f"第{n}条意见：说到做到" if n < remarks else ""
        second = "basic" if n % 2 else "competent"
        rate(rated, person, "excellent" if alike else answer, remark=remark, s02=second, at=at)
    return rated


def again(like, *, at, state=OPEN, has_groups=True, pleads=False, **over):
    """
    Make another round of the same unit, sheet and people and take it to a state.

    ``has_groups`` False makes one group of the whole staff; with ``pleads`` two people answer for it following soon.
    """
    same = {"works": like.unit, "officer": like.officer, "scrutineers": like.scrutineers, "sheet": like.edition}
    rated = make_round(DRAFT, subjects=0, heads=0, workers=0, at=at, has_groups=has_groups, **same, **over)
    act = {"round_id": rated.round.pk, "actor": like.officer, "at": at}
    if not has_groups:
        where = {"unit": like.unit, "with_units_below": True, "sources": [Source.STAFF]}
        rounds.add_group(name="职工", weight=Decimal(1), **where, **act)
    rounds.add_subjects(people=like.subjects, teams=(), **act)
    if pleads:
        second = make_officer(Role.UNION_OFFICER, like.officer.unit)
        announcing.plead_near(reason="调整分工，须重新测评。", **act)
        announcing.plead_near(**{**act, "actor": second})
    for step in ORDER[1 : ORDER.index(state) + 1]:
        STEPS[step](rated, at)
    return refreshed(rated)


def made_public(rated, *, at=None):
    """Pass on every remark not decided on, publish a day after the closing; return the outcomes in their order."""
    at = at or rated.round.closes_at + DAY
    for remark in Remark.objects.filter(subject__round=rated.round, review__isnull=True):
        decide_remark(remark_id=remark.pk, decision=RemarkDecision.KEEP, actor=rated.officer, at=at)
    publish_rounds(round_id=rated.round.pk, actor=rated.officer, at=at)
    refreshed(rated)
    return list(Outcome.objects.filter(subject__round=rated.round).order_by("subject__order"))
