"""Scorecards of each works: one whose points wait, and one with an objection that is open; and the forms about them."""

import datetime as dt
import uuid

from evaluations.models import Scorecard
from evaluations.operations.freezing import freeze_month
from evaluations.operations.objecting import contest_figure
from evaluations.scoring import DEFAULT_LINES
from tests.factories import scorecards as made
from tests.factories.cards import AT
from tests.matrix.table import NONE, OWN

# Long before anything else of the stage fell due.
CONTESTED, WAITING = dt.date(2024, 3, 1), dt.date(2024, 4, 1)
FIGURE = "briefing.held"
# Addresses that belong to no works.
SCORED_ALONE = {"scorecards_file": (f"{WAITING:%Y-%m}",), "assessments_workbook": (2018,)}


def sheets_of(sides):
    """Freeze two months of both works; return {whose: {short route name: its arguments}}."""
    for month in (CONTESTED, WAITING):
        for side in sides.values():
            made.owe(side.works, kept=1, late=1, month=month)
        freeze_month(month=month, at=AT)
    return {whose: _rows_of(side) for whose, side in sides.items()}


def _rows_of(side):
    contested = Scorecard.objects.get(unit=side.works, month=CONTESTED)
    objection = contest_figure(
        snapshot_id=contested.snapshots.get().pk,
        reason=made.REASON,
        idempotency_key=uuid.uuid4(),
        actor=side.chair,
        at=AT,
    )
    sheet = (side.works.code, f"{WAITING:%Y-%m}")
    return {
        **dict.fromkeys(("scorecard", "scorecard_recompute", "scorecard_confirm"), sheet),
        **dict.fromkeys(("scorecard_rows", "scorecard_contest"), (*sheet, FIGURE)),
        "dashboard": (side.works.code,),
        "scorecard_go": (contested.pk,),
        "objection_decide": (objection.pk,),
    }


def forms(Form, text, key):
    """Return the forms; the builders of made-up words and keys are handed in."""

    def scheme(s, r):
        data = {"since": r.choice(("2026-12", "２０２６年１２月")), "note": text(r, least=2), "idempotency_key": key(r)}
        for number, (_code, weight, zero_at, full_at) in enumerate(DEFAULT_LINES):
            data |= {f"weight-{number}": weight, f"zero-{number}": zero_at, f"full-{number}": full_at}
        return data

    def decision(s, r):
        outcome = r.choice(("yes", "no"))
        figure = {"numerator": r.choice(("1", "２")), "denominator": "2"} if outcome == "yes" else {}
        return {"outcome": outcome, "answer": text(r, least=5), **figure}

    rows = (
        (
            "confirm points",
            "scorecard_confirm",
            "company_chair",
            OWN,
            lambda s, r: {"points-0": r.choice(("4.00", "４", "7.5")), "reason-0": text(r, least=1), "note": text(r)},
            ("note",),
        ),
        (
            "object to a figure",
            "scorecard_contest",
            "union_chair",
            OWN,
            lambda s, r: {"reason": text(r, least=10), "idempotency_key": key(r)},
            ("reason",),
        ),
        ("decide on an objection", "objection_decide", "company_chair", OWN, decision, ("answer",)),
        ("write a scheme", "scheme_new", "company_chair", NONE, scheme, ("note",)),
    )
    return [Form(name, f"evaluations:{route}", *rest) for name, route, *rest in rows]
