"""Resolutions for each works of the stage: one in each state in which something is done with it."""

from types import SimpleNamespace

from congress.models import TaskEvidence
from congress.operations import resolutions
from portal.files.operations import store_file
from tests.factories import resolutions as makes
from tests.factories.cards import AT
from tests.factories.commitments import clean_scan
from tests.factories.congress import make_item


def past_of(side, term):
    """Return the session of the resolutions with its items; made before the planned one, which comes after it."""
    return makes.make_past(term, _hall(side), days=-150, plan_in=150)


def _hall(side):
    return SimpleNamespace(officer=side.officer, chair=side.chair, shops=[side.dept])


def rows_of(side, past, planned):
    """Return {short route name: its arguments}."""
    hall = _hall(side)
    issued = makes.make_resolution(past.items[0], hall)
    task = makes.make_task(issued, hall)
    entry = resolutions.report_task(
        task_id=task.pk,
        percent=30,
        text="已开始",
        on=AT.date(),
        idempotency_key=task.pk,
        actor=side.handler,
        at=AT,
    )
    proof = TaskEvidence.objects.create(entry=entry, file=store_file(clean=clean_scan(), at=AT))
    draft = makes.make_resolution(past.items[1], hall, "draft")
    item = make_item(planned, hall, "supervise")
    return {
        **dict.fromkeys(("resolution", "resolution_file", "task_new"), issued.pk),
        **dict.fromkeys(("resolution_edit", "resolution_issue"), draft.pk),
        "resolution_new": past.items[2].pk,
        **dict.fromkeys(("task_report", "task_drop"), task.pk),
        "evidence": proof.pk,
        "implementation": planned.pk,
        "implementation_report": (planned.pk, issued.pk),
        "_supervise": str(item.pk),
    }
