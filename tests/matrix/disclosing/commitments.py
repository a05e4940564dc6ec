"""Commitments and major decisions of each works: one of each in the state in which the act on it is done."""

import datetime as dt
import uuid

from disclosures.models import CommitmentRound, PaperSignature
from disclosures.operations.commitment_years import renew_rounds
from disclosures.operations.commitments import open_round, set_plan
from disclosures.operations.majors import ask_major_correction, link_publication
from disclosures.operations.responsibilities import set_responsible
from portal.deadlines.operations import make_promise
from portal.kernel.days import local_day
from tests.factories import commitments as made
from tests.factories import disclosures
from tests.factories.cards import AT

ALONE = {}
LONG_AGO = dt.date(2025, 1, 1)
DEPT_HEAD = "810003"


def rows_of(side, offices):
    """Return {short route name: its arguments} for the commitments, decisions and responsibilities of one works."""

    def plan(kind, unit):
        return set_plan(
            kind=kind,
            unit=unit,
            title="【年份】年" + ("承诺书" if kind == "pledge" else "责任书"),
            body=made.TEXT,
            month=3,
            day=31,
            since=LONG_AGO,
            actor=side.inspector,
            at=AT,
        )

    pledge, letter = plan("pledge", side.works), plan("letter", side.works)
    renew_rounds(at=AT)
    signed, draft = CommitmentRound.objects.get(plan=pledge), CommitmentRound.objects.get(plan=letter)
    _leave_year_before(signed)
    open_round(round_id=signed.pk, actor=side.inspector, at=AT)
    head, leader = signed.signatures.get(person=side.head), signed.signatures.get(person=side.leader)
    # In the first works the column's own, else that of somebody there.
    own = signed.signatures.filter(person__job_no=DEPT_HEAD).first() or head
    paper = PaperSignature.objects.create(
        signature=leader,
        scan=made.make_scan(),
        signed_on=local_day(AT),
        entered_by=side.inspector2,
        entered_at=AT,
    )

    def major(state="public", **over):
        texts = {"unit": side.works, "department": side.dept, "decided_on": dt.date(2026, 2, 2), **over}
        return made.make_major(offices, state, at=AT, decider=side.leader2, **texts)

    shown, waiting, corrected = major(audience="unit"), major("waiting"), major()
    ask_major_correction(
        decision_id=corrected.pk,
        texts={"subject": "更正", "content": "更正", "basis": "", "vote": ""},
        note_text="金额笔误",
        actor=side.handler,
        at=AT,
    )
    text = disclosures.make_publication(offices, unit=side.works, department=side.dept)
    link_publication(decision_id=corrected.pk, publication=text, actor=side.handler, at=AT)
    named = set_responsible(
        unit=side.works,
        role="first",
        person=side.leader,
        words="",
        reason="党委书记",
        since=LONG_AGO,
        actor=side.chair,
        at=AT,
    )
    return {
        "responsible": side.works.code,
        "responsible_set": side.works.code,
        "responsible_end": named.pk,
        "commitment": signed.pk,
        "commitment_compare": signed.pk,
        "commitment_go": ("commitmentsignature", own.pk),
        "commitment_sign": own.pk,
        "round_edit": draft.pk,
        "round_open": draft.pk,
        "paper": head.pk,
        "scan": paper.pk,
        "paper_check": paper.pk,
        "plan_end": pledge.pk,
        "major": shown.number,
        "major_version": (shown.number, 1),
        "major_work": waiting.pk,
        "major_decide": waiting.pk,
        "major_correct": shown.pk,
        "major_progress": shown.pk,
        "major_link": shown.pk,
    }


def _leave_year_before(one):
    """Leave the same unit's round of the year before, so that there is something to compare with."""
    key = uuid.uuid4()
    day = dt.date(one.year - 1, 1, 5)
    CommitmentRound.objects.create(
        id=key,
        plan=one.plan,
        kind=one.kind,
        unit=one.unit,
        year=one.year - 1,
        title="上年承诺书",
        body="<p>上年文本</p>",
        state="closed",
        fingerprint="0" * 64,
        drafted_at=AT - dt.timedelta(days=400),
        opened_by=one.plan.set_by,
        opened_at=AT - dt.timedelta(days=400),
        closed_at=AT - dt.timedelta(days=60),
        promise=make_promise(
            kind="commitment.renew",
            subject=f"disclosures.commitmentround:{key}",
            unit=one.unit,
            started_on=day,
            due_on=day,
            at=AT,
        ),
    )
