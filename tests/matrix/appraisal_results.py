"""Appraisals for each works of the stage: one in each state in which something is done with its results."""

import datetime as dt
from types import SimpleNamespace

from evaluations.models import Remark
from evaluations.operations.announcing import plead_near
from evaluations.operations.results import publish_rounds
from evaluations.queries.rounds import items_of
from tests.factories.appraisals import COUNTED, DRAFT, OPEN, make_sheet
from tests.factories.cards import AT
from tests.factories.people import make_person
from tests.factories.results import again
from tests.matrix.table import OWN

BEGUN = AT - dt.timedelta(days=10)


def rows_of(side, leader, pleader=None):
    """Return {short route name: its arguments}; the works' own leader is rated, in the own one that of the columns."""
    like = SimpleNamespace(
        unit=side.works,
        officer=side.officer,
        subjects=[leader],
        scrutineers=[side.colleague, side.worker2, side.handler],
        edition=make_sheet(side.works, side.officer, name="结果测评表", at=BEGUN),
    )

    def made(state, **over):
        return again(like, **{"at": BEGUN, "state": state, "has_groups": False, **over}).round

    running = made(OPEN, closes_at=AT + dt.timedelta(days=30))
    counted, ready, out = made(COUNTED), made(COUNTED, has_remarks=False), made(COUNTED, has_remarks=False)
    remark = Remark.objects.create(subject=counted.subjects.get(), text="说到做到")
    publish_rounds(round_id=out.pk, actor=side.officer, at=out.closes_at)
    result = out.subjects.get().pk
    # One more on the list than when the others were held: the next one is too near, for a reason that two answer for.
    make_person(unit=side.works)
    near = made(DRAFT, at=AT)
    if pleader is not None:
        plead_near(round_id=near.pk, reason="调整分工，须重新测评。", actor=pleader, at=AT)
    return {
        "near": near.pk,
        "remarks": counted.pk,
        "remark_decide": remark.pk,
        "publish": ready.pk,
        **dict.fromkeys(("results", "how", "results_workbook", "results_document"), out.pk),
        **dict.fromkeys(("result", "result_sheet", "statement", "use_new"), result),
        "rate_oneself": running.subjects.get().pk,
        "_items": [item.pk for item in items_of(running)],
    }


def forms(Form, text, key):
    """Return the forms around results; the builders of made-up words and keys are handed in."""

    def covered(s, r):
        return {
            "decision": r.choice(("keep", "withhold")),
            "text": r.choice(("说到做到", "说□做到", "")),
            "reason": "empty",
        }

    def own(s, r):
        return {f"i{item}": r.choice(("excellent", "basic")) for item in s.rounds[OWN]["_items"]}

    def use(s, r):
        return {
            "kind": r.choice(("promote", "talk", "nothing")),
            "decided_by": text(r, least=2, most=30),
            "decided_on": r.choice(("2026-03-01", "2026年3月1日")),
            "reason": text(r, least=2, most=300),
            "idempotency_key": key(r),
        }

    rows = [
        ("publish results", "publish", "union_officer", lambda s, r: {"is_sure": "on"}, ()),
        ("decide on a remark", "remark_decide", "union_chair", covered, ()),
        ("rate oneself", "rate_oneself", "leader", own, ()),
        ("make a statement", "statement", "leader", lambda s, r: {"text": text(r, least=2)}, ("text",)),
        ("record a use", "use_new", "union_officer", use, ("decided_by", "reason")),
        (
            "record why it follows so soon",
            "near",
            "union_officer",
            lambda s, r: {"reason": text(r, least=2, most=300)},
            ("reason",),
        ),
    ]
    return [Form(name, f"evaluations:{route}", role, OWN, good, texts) for name, route, role, good, texts in rows]
