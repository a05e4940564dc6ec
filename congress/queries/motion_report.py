"""The report on the motions of a session to the next congress, counted from the rows (domain.md §4.5)."""

from dataclasses import dataclass

from django.db.models import Count, F, Max, Q

from feedback.enums import Outcome
from portal.accounts.models import Unit
from portal.deadlines.clock import clock_of

from ..enums import (
    FILED_STATES,
    MotionCategory,
    MotionOutcome,
    MotionRatingLevel,
    MotionState,
    RejectionReason,
)
from ..models import Motion, MotionDecision, MotionRating
from .motions import motions_of_call

S = MotionState


@dataclass(frozen=True)
class Rate:
    """So many of so many; no share of nothing."""

    count: int
    whole: int

    @property
    def share(self):
        """The share, or None of nothing."""
        return self.count / self.whole if self.whole else None


def report_of(call, at):
    """Return what a report on the motions of a call says, as a dict of figures and lists; by five statements."""
    rows = Motion.objects.filter(call=call).exclude(state=S.DRAFT)
    filed = Q(state__in=FILED_STATES)
    replied = filed & Q(inquiry__answered_on__isnull=False)
    n = rows.aggregate(
        received=Count("pk"),
        filed=Count("pk", filter=filed),
        waiting=Count("pk", filter=Q(state__in=(S.GROUP_REVIEW, S.SUBMITTED))),
        replied=Count("pk", filter=replied),
        on_time=Count("pk", filter=filed & Q(inquiry__was_in_time=True)),
        redone=Count("pk", filter=filed & Q(inquiry__redo_count__gt=0)),
        archived=Count("pk", filter=Q(state=S.ARCHIVED)),
        **{f"class_{one.value}": Count("pk", filter=filed & Q(inquiry__outcome=one)) for one in Outcome},
        **{f"of_{one.value}": Count("pk", filter=Q(category=one)) for one in MotionCategory},
    )
    decided = n["received"] - n["waiting"]
    levels = _levels(call)
    rated = sum(levels.values())
    content = levels[MotionRatingLevel.GOOD] + levels[MotionRatingLevel.FAIR]
    listed = list(motions_of_call(call).filter(filed | Q(state=S.ESCALATED)))
    overdue = [
        one
        for one in listed
        if one.state == S.FILED and one.inquiry.answered_on is None and clock_of(one.inquiry.promise, at).lamp == "red"
    ]
    outcomes = _outcomes(call)
    return {
        "received": n["received"],
        "waiting": n["waiting"],
        "replied": n["replied"],
        "redone": n["redone"],
        "archived": n["archived"],
        "filing": Rate(n["filed"], decided),
        "answering": Rate(n["replied"], n["filed"]),
        "punctual": Rate(n["on_time"], n["replied"]),
        "carried_out": Rate(n["class_A"], n["filed"]),
        "satisfaction": Rate(content, rated),
        "classes": [(one.label, n[f"class_{one.value}"]) for one in Outcome],
        "categories": [(one.label, n[f"of_{one.value}"]) for one in MotionCategory if n[f"of_{one.value}"]],
        "outcomes": [(one.label, outcomes.get((one.value, ""), 0)) for one in MotionOutcome if one != "rejected"],
        "rejections": [
            (one.label, outcomes[MotionOutcome.REJECTED.value, one.value])
            for one in RejectionReason
            if (MotionOutcome.REJECTED.value, one.value) in outcomes
        ],
        "ratings": [(level.label, levels[level]) for level in MotionRatingLevel],
        "departments": _departments(call),
        "overdue": overdue,
        "best": [one for one in listed if one.best_reason],
        "bills": [one for one in listed if one.state == S.ESCALATED],
        "rows": listed,
    }


def _outcomes(call):
    rows = MotionDecision.objects.filter(motion__call=call).order_by().values_list("outcome", "rejection")
    return {(outcome, rejection): n for outcome, rejection, n in rows.annotate(n=Count("pk"))}


def _levels(call):
    """Return how many said what of the latest round that was rated, motion by motion."""
    rows = MotionRating.objects.filter(motion__call=call)
    latest = dict(rows.order_by().values_list("motion_id").annotate(last=Max("round")))
    found = dict.fromkeys(MotionRatingLevel, 0)
    for motion_id, number, level in rows.order_by().values_list("motion_id", "round", "level"):
        if latest[motion_id] == number:
            found[MotionRatingLevel(level)] += 1
    return found


def _departments(call):
    """Return, for each department that leads, filed, replied, on time and solved; the most first."""
    filed = Motion.objects.filter(call=call, state__in=FILED_STATES, inquiry__lead_unit__isnull=False)
    rows = list(
        filed.order_by()
        .values(unit=F("inquiry__lead_unit"))
        .annotate(
            filed=Count("pk"),
            replied=Count("pk", filter=Q(inquiry__answered_on__isnull=False)),
            on_time=Count("pk", filter=Q(inquiry__was_in_time=True)),
            solved=Count("pk", filter=Q(inquiry__outcome=Outcome.SOLVED)),
        )
        .order_by("-filed", "inquiry__lead_unit__path")
    )
    names = dict(Unit.objects.filter(pk__in=[row["unit"] for row in rows]).values_list("pk", "name"))
    return [{**row, "name": names[row["unit"]]} for row in rows]
