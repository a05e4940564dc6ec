"""
Commitments and major decisions in any state, brought there by the real operations.

    one = make_round(offices, state="open", kind="letter")
    decision = make_major(offices)                          # public, unless state="waiting" or "declined"
"""

import datetime as dt
import uuid

from disclosures.models import CommitmentRound, MajorDecision
from disclosures.operations.commitment_years import close_rounds, renew_rounds
from disclosures.operations.commitments import open_round, set_plan
from disclosures.operations.majors import MajorDraft, decide_major, register_major
from portal.files.models import StoredFile
from portal.kernel.days import day_start
from tests.factories.disclosures import AT

D = dt.date
TEXT = "<p>遵守廉洁从业规定，【年份】年不收受礼品礼金，不插手招标采购。</p>"
# A morning early in the year of the factories, when drafts have just come.
JANUARY = day_start(D(2026, 1, 5)) + dt.timedelta(hours=9)


def make_plan(offices, unit=None, *, kind="pledge", at=JANUARY, **over):
    """Let a unit (the works) renew a commitment by 31 January."""
    plain = {
        "kind": kind,
        "unit": unit or offices.works,
        "title": "【年份】年领导干部廉洁从业承诺书" if kind == "pledge" else "【年份】年党风廉政建设责任书",
        "body": TEXT,
        "month": 1,
        "day": 31,
        "since": D(2025, 1, 1),
        "actor": offices.inspector,
        "at": at,
    }
    return set_plan(**{**plain, **over})


def make_round(offices, unit=None, *, kind="pledge", state="open", at=JANUARY, **over):
    """Make this year's round of a unit in a state; "closed" is looked at in the next year."""
    unit = unit or offices.works
    plan = make_plan(offices, unit, kind=kind, at=at, **over)
    renew_rounds(at=at)
    one = CommitmentRound.objects.get(plan=plan)
    if state in ("open", "closed"):
        open_round(round_id=one.pk, actor=offices.inspector, at=at)
    if state == "closed":
        close_rounds(at=day_start(D(one.year + 1, 1, 1)))
    one.refresh_from_db()
    return one


def signature_of(one, person):
    """Return the row of a person in a round."""
    return one.signatures.get(person=person)


def make_draft(offices, **over):
    """Return what a form has cleaned of a decision."""
    plain = {
        "unit": offices.works,
        "kind": "project",
        "subject": "裂解炉烟气余热回收改造",
        "content": "<p>同意实施裂解炉烟气余热回收改造，投资八百六十万元，十月底前投用。</p>",
        "decided_on": D(2026, 2, 2),
        "meeting": "party",
        "idempotency_key": uuid.uuid4(),
        "basis": "《“三重一大”决策制度实施办法》第九条",
        "vote": "应到九人，实到九人，一致同意",
        "planned_end": D(2026, 10, 31),
    }
    return MajorDraft(**{**plain, **over})


def make_major(offices, state="public", *, at=AT, actor=None, decider=None, **over):
    """Make a decision of the works: entered by its handler, made public by its leader."""
    decision = register_major(draft=make_draft(offices, **over), actor=actor or offices.handler, at=at)
    if state in ("public", "declined"):
        is_granted = state == "public"
        answer = "" if is_granted else "未经会议纪要确认"
        decide_major(
            decision_id=decision.pk, is_granted=is_granted, answer=answer, actor=decider or offices.leader, at=at
        )
    return MajorDecision.objects.get(pk=decision.pk)


def make_scan(at=AT):
    """Return a stored scan."""
    from django.core.files.base import ContentFile

    return StoredFile.objects.create(
        file=ContentFile(b"\xff\xd8\xff\xe0scan", name=f"{uuid.uuid4().hex}.jpg"),
        name="签字页.jpg",
        media_type="image/jpeg",
        size=8,
        sha256="0" * 64,
        stored_on=D(2026, 3, 9),
    )


def clean_scan():
    """Return a cleaned upload, as a form hands it over."""
    from portal.files.intake import CleanFile

    return CleanFile(
        content=b"\xff\xd8\xff\xe0scan", name="签字页.jpg", media_type="image/jpeg", size=8, sha256="0" * 64
    )
