"""
Briefings in any state, brought there by the real operations.

    offices = make_offices()
    briefing = make_briefing(offices, state="held", starts_at=AT - dt.timedelta(days=1))
"""

import datetime as dt
import uuid

from disclosures.enums import BriefingState
from disclosures.models import Briefing, BriefingPlan
from disclosures.operations import briefing_record as records
from disclosures.operations import briefings as does
from disclosures.queries.briefings import with_briefing_relations
from feedback.models import IdentityKey
from feedback.operations import make_identity_key
from tests.factories.cards import PASSPHRASE
from tests.factories.disclosures import AT

S = BriefingState
AGENDA = (
    does.AgendaLine("产量完成情况", "生产处 赵立", None, 15),
    does.AgendaLine("成本与亏损项目说明", "财务处 孙敏", None, 20),
)
CAME = {"delegates": (40, 36), "managers": (12, 11), "workers": (0, 8)}


def make_plan(unit, since=dt.date(2025, 1, 1), **over):
    """Let a unit owe a briefing each month."""
    return BriefingPlan.objects.create(unit=unit, since=since, **over)


def make_briefing_draft(offices, **over):
    """Return what a form has cleaned of a briefing."""
    plain = {
        "unit": offices.works,
        "title": "乙烯厂三月厂情发布会",
        "chair": offices.leader,
        "starts_at": AT + dt.timedelta(days=2),
        "place": "厂部二楼会议室",
        "agenda": AGENDA,
        "idempotency_key": uuid.uuid4(),
    }
    return does.BriefingDraft(**{**plain, **over})


def make_key(offices):
    """Make the union's identity key once: questions with a name are sealed when they are left open."""
    if not IdentityKey.objects.exists():
        make_identity_key(passphrase=PASSPHRASE, actor=offices.union_chair, at=AT)


def make_briefing(offices, state=S.PLANNED, *, at=None, **over):
    """
    Make a briefing in a state by the real operations.

    It is announced two days before it begins; what follows is done an hour
    after it has begun, or at ``at``.
    """
    actor = over.pop("actor", offices.handler)
    make_key(offices)
    draft = make_briefing_draft(offices, **over)
    briefing = does.plan_briefing(draft=draft, actor=actor, at=draft.starts_at - dt.timedelta(days=2))
    later = at or draft.starts_at + dt.timedelta(hours=1)
    if state == S.CANCELLED:
        before = draft.starts_at - dt.timedelta(days=1)
        does.cancel_briefing(briefing_id=briefing.pk, reason="会议室检修", actor=actor, at=before)
    if state in (S.HELD, S.MINUTED):
        records.hold_briefing(
            briefing_id=briefing.pk, attendance=CAME, summaries={1: "完成计划的百分之九十八"}, actor=actor, at=later
        )
    if state == S.MINUTED:
        write(briefing, actor=actor, at=later)
        records.publish_minutes(briefing_id=briefing.pk, actor=offices.head, at=later)
    return fresh_briefing(briefing)


def ask(briefing, *, actor, at, text="检修期间的夜班津贴怎样核定?", answer="", answered_by="", asker=None, key=None):
    """Write down a question asked on the spot."""
    return records.note_question(
        briefing_id=briefing.pk,
        text=text,
        asked_by="裂解车间代表",
        asker=asker,
        answer=answer,
        answered_by=answered_by,
        key=key or uuid.uuid4(),
        actor=actor,
        at=at,
    )


def write(briefing, *, actor, at, text="会议通报了产量、成本和亏损项目,并当场答复提问。", note=""):
    """Write the minutes of a briefing."""
    return records.write_minutes(briefing_id=briefing.pk, text=text, note_text=note, actor=actor, at=at)


def fresh_briefing(briefing):
    """Return the briefing as it is now, with what its rules read."""
    return with_briefing_relations(Briefing.objects.all()).get(pk=briefing.pk)
