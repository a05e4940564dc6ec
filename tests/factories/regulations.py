"""
Regulations in any state, brought there by the real operations.

    rule = make_regulation(offices, texts=[(D(2026, 1, 1), "第一条 …"), (D(2026, 6, 1), "第一条 …")], repealed_on=None)
"""

import datetime as dt
import uuid

from disclosures import operations as does
from disclosures.enums import Audience, RegulationCategory, RegulationKind, RegulationState
from disclosures.models import Regulation, RegulationVersion
from tests.factories.disclosures import AT

BODY = "第一条 为规范奖金分配,制定本办法。\n\n第二条 奖金按班组考核得分核定。\n\n第三条 本办法自施行之日起执行。"
S = RegulationState
D = dt.date
SINCE_MARCH = ((D(2026, 3, 1), BODY),)


def make_place(offices, code="ZD-2026-001", **over):
    """Return where a new regulation stands."""
    plain = {
        "kind": RegulationKind.RULE,
        "code": code,
        "category": RegulationCategory.PAY,
        "unit": offices.works,
        "audience": Audience.EVERYBODY,
    }
    return does.RegulationPlace(**{**plain, **over})


def make_text(**over):
    """Return what a form has cleaned of a version."""
    plain = {
        "title": "奖金分配管理办法",
        "in_force_from": D(2026, 3, 1),
        "body": BODY,
        "document_number": "启石人〔2026〕7号",
        "idempotency_key": uuid.uuid4(),
    }
    return does.RegulationText(**{**plain, **over})


def enter(offices, *, code="ZD-2026-001", at=AT, actor=None, place=None, **over):
    """Enter a regulation that is new; return the draft."""
    return does.enter_regulation(
        place=make_place(offices, code, **(place or {})), text=make_text(**over), actor=actor or offices.handler, at=at
    )


def approve(offices, version, *, at=AT, actor=None, by=None):
    """Hand a draft on and let the head approve it; return it as it is then."""
    if version.state == S.DRAFT:
        does.submit_regulation(version_id=version.pk, actor=by or offices.handler, at=at)
    does.approve_regulation(version_id=version.pk, actor=actor or offices.head, at=at)
    return fresh(version)


def revise(offices, regulation, *, at=AT, actor=None, **over):
    """Begin a new version; return the draft."""
    text = make_text(**{"note": "按职工意见修改", **over})
    return does.revise_regulation(regulation_id=regulation.pk, text=text, actor=actor or offices.handler, at=at)


def repeal(offices, regulation, day, *, at=AT, actor=None):
    """Ask for a repeal and let the head approve it; return the row."""
    version = does.ask_repeal(
        regulation_id=regulation.pk,
        in_force_from=day,
        note_text="已由新办法代替",
        idempotency_key=uuid.uuid4(),
        actor=actor or offices.handler,
        at=at,
    )
    return approve(offices, version, at=at)


def make_regulation(offices, code="ZD-2026-001", *, texts=SINCE_MARCH, repealed_on=None, at=AT, **place):
    """Make a regulation with approved versions, each (first day, text); return it."""
    regulation = None
    for day, body in texts:
        over = {"in_force_from": day, "body": body}
        if regulation is None:
            title = place.pop("title", None)
            named = {"title": title} if title else {}
            draft = enter(offices, code=code, at=at, place=place, **over, **named)
        else:
            draft = revise(offices, regulation, at=at, **over)
        regulation = approve(offices, draft, at=at).regulation
    if repealed_on:
        repeal(offices, regulation, repealed_on, at=at)
    return Regulation.objects.select_related("unit").get(pk=regulation.pk)


def fresh(version):
    """Return the version as it is now, with what its rules read."""
    return RegulationVersion.objects.select_related("regulation__unit", "entered_by").get(pk=version.pk)
