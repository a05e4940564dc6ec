"""
Cards in any state, brought there by the real operations.

    card = make_inquiry(state="answered", identity_mode="confidential")
    card.code                                  # the receipt code, as the author holds it
    plant = make_plant()                       # who handles it; the same people each time in one database

Each step is a function of its own for tests that walk: register, assign, plan,
draft, approve, deliver, rate, merge, hide; all take ``plant`` and ``at``.
"""

import datetime as dt
import uuid
from types import SimpleNamespace

from feedback import operations as does
from feedback.enums import (
    DeliveryChannel,
    HidingReason,
    IdentityMode,
    InquiryKind,
    InquiryState,
    Outcome,
    RatingLevel,
    RedactionReason,
    Route,
    Topic,
)
from feedback.models import IdentityKey, Inquiry
from portal.accounts.enums import Role
from portal.kernel.days import local_day
from tests.factories.people import make_unit, same_person, same_unit

# A Monday morning at the plant; thirty days later is Wednesday, 8 April.
AT = dt.datetime(2026, 3, 9, 1, 30, tzinfo=dt.UTC)
PASSPHRASE = "启明石化工会 2026 灯塔"
REPLY_TEXT = "经现场核查,情况属实。后勤已在控制室旁增设加热柜两台,每周三由保洁清洁,班组可随时使用。"
S = InquiryState
WAY = (S.SUBMITTED, S.REGISTERED, S.ASSIGNED, S.DRAFTED, S.APPROVED, S.ANSWERED, S.CLOSED)


def make_plant():
    """Make, or find again, the units and people that a card meets; everybody signs in with people.SECRET."""
    company = make_unit()
    works = same_unit("YX", "乙烯厂", company)
    shop = same_unit("YX-LJ", "裂解车间", works)
    logistics = same_unit("HQ", "后勤服务部", company)
    safety = same_unit("AQ", "安全环保处", company)
    inspection = same_unit("JW", "纪委办公室", company)
    inspects = ((Role.DISCIPLINE_INSPECTOR, inspection), (Role.DISCIPLINE_INSPECTOR, company))
    return SimpleNamespace(
        company=company,
        works=works,
        shop=shop,
        logistics=logistics,
        safety=safety,
        inspection=inspection,
        worker=same_person("700001", "王海燕", shop),
        worker2=same_person("700002", "刘振东", shop),
        stranger=same_person("700003", "赵春梅", safety),
        officer=same_person("700011", "李国强", company, (Role.UNION_OFFICER, company)),
        officer2=same_person("700012", "孙丽华", company, (Role.UNION_OFFICER, company)),
        chair=same_person("700013", "周建国", company, (Role.UNION_CHAIR, company)),
        leader=same_person("700014", "吴志远", company, (Role.LEADER_IN_CHARGE, company)),
        head=same_person("700015", "郑明", logistics, (Role.DEPARTMENT_HEAD, logistics)),
        handler=same_person("700016", "陈晓", logistics, (Role.HANDLER, logistics)),
        safety_handler=same_person("700017", "何平", safety, (Role.HANDLER, safety)),
        inspector=same_person("700018", "方正", inspection, *inspects),
        inspector2=same_person("700019", "严明", inspection, *inspects),
        auditor=same_person("700020", "顾清", company, (Role.AUDITOR, company)),
        system_admin=same_person("700021", "钱程", company, (Role.SYSTEM_ADMIN, company)),
        security_admin=same_person("700022", "安宁", company, (Role.SECURITY_ADMIN, company)),
    )


def make_identity_key(plant=None, at=AT):
    """Make the union's key for confidential identities (PASSPHRASE), or return the one in use."""
    plant = plant or make_plant()
    key = IdentityKey.objects.filter(retired_at__isnull=True).first()
    return key or does.make_identity_key(passphrase=PASSPHRASE, actor=plant.chair, at=at)


def make_receipt(plant=None, *, at=AT, author=None, **over):
    """Send a card and return its Receipt; ``author`` is plant.worker unless it is anonymous."""
    plant = plant or make_plant()
    plain = {
        "kind": InquiryKind.SUGGESTION,
        "topic": Topic.LIVING,
        "unit": plant.shop,
        "subject": "夜班吃不上热饭",
        "body": "三班倒职工在夜班十一点后吃不上热饭。",
        "suggestion": "在控制室旁增设加热柜。",
        "identity_mode": IdentityMode.NAMED,
        "idempotency_key": uuid.uuid4(),
    }
    draft = does.CardDraft(**{**plain, **over})
    if draft.identity_mode == IdentityMode.CONFIDENTIAL:
        make_identity_key(plant, at)
    actor = None if draft.identity_mode == IdentityMode.ANONYMOUS else author or plant.worker
    return does.submit_card(draft=draft, actor=actor, at=at)


def make_inquiry(plant=None, *, state=S.SUBMITTED, at=AT, outcome=Outcome.SOLVED, **over):
    """Send a card and bring it to a state; returned fresh, with ``code`` as the author holds it."""
    plant = plant or make_plant()
    receipt = make_receipt(plant, at=at, **over)
    inquiry = bring(receipt.inquiry, state, plant=plant, at=at, outcome=outcome)
    inquiry.code = receipt.code
    return inquiry


def bring(inquiry, state, *, plant=None, at=AT, outcome=Outcome.SOLVED):
    """Bring a submitted inquiry to a state along the shortest way, and return it fresh."""
    plant = plant or make_plant()
    if state == S.MERGED:
        merge(inquiry, plant=plant, at=at)
        return fresh(inquiry)
    if state == S.NEGOTIATING:
        steps = [S.REGISTERED, S.ASSIGNED]
    elif state == S.TRACKED:
        steps, outcome = list(WAY[1:6]), Outcome.PLANNED if outcome == Outcome.SOLVED else outcome
    else:
        steps = list(WAY[1 : WAY.index(state) + 1])
    acts = {
        S.REGISTERED: register,
        S.ASSIGNED: assign,
        S.DRAFTED: lambda card, **more: draft(card, outcome=outcome, **more),
        S.APPROVED: approve,
        S.ANSWERED: deliver,
        S.CLOSED: rate,
    }
    for step in steps:
        acts[step](inquiry, plant=plant, at=at)
    if state == S.NEGOTIATING:
        plan(inquiry, plant=plant, at=at)
    if state == S.TRACKED:
        rate(inquiry, plant=plant, at=at)
    return fresh(inquiry)


def fresh(inquiry):
    """Return the inquiry as it now stands, keeping the author's code."""
    again = Inquiry.objects.select_related("promise", "unit", "lead_unit", "author").get(pk=inquiry.pk)
    if hasattr(inquiry, "code"):
        again.code = inquiry.code
    return again


def _is_discipline(inquiry):
    return fresh(inquiry).route == Route.DISCIPLINE


def keeper(inquiry, plant):
    """Return who registers and assigns it: a union officer, or an inspector on the discipline route."""
    return plant.inspector if _is_discipline(inquiry) else plant.officer


def register(inquiry, *, plant=None, at=AT, is_published=True, **over):
    plant = plant or make_plant()
    texts = {"public_subject": inquiry.subject, "public_body": inquiry.body, "public_suggestion": inquiry.suggestion}
    plain = {"texts": texts, "is_published": is_published, "actor": keeper(inquiry, plant), "at": at}
    reason = RedactionReason.PRIVACY if over.get("texts", texts) != texts else ""
    return does.register_inquiry(inquiry_id=inquiry.pk, **{**plain, "edit_reason": reason, **over})


def assign(inquiry, *, plant=None, at=AT, **over):
    plant = plant or make_plant()
    plain = {
        "lead_unit": plant.inspection if _is_discipline(inquiry) else plant.logistics,
        "assist_units": [],
        "instruction": "",
        "actor": keeper(inquiry, plant),
        "at": at,
    }
    return does.assign_inquiry(inquiry_id=inquiry.pk, **{**plain, **over})


def plan(inquiry, *, plant=None, at=AT, **over):
    plant = plant or make_plant()
    plain = {
        "text": "先改北楼两层,再议其余。",
        "parties": "后勤服务部、裂解车间工会",
        "agreed_on": None,
        "actor": keeper(inquiry, plant),
        "at": at,
    }
    return does.record_plan(inquiry_id=inquiry.pk, **{**plain, **over})


def draft(inquiry, *, plant=None, at=AT, outcome=Outcome.SOLVED, **over):
    plant = plant or make_plant()
    waits = outcome in (Outcome.PLANNED, Outcome.LATER)
    plain = {
        "text": REPLY_TEXT,
        "measures": "",
        "outcome": outcome,
        "promised_on": local_day(at) + dt.timedelta(days=60) if waits else None,
        "template": None,
        "actor": plant.inspector if _is_discipline(inquiry) else plant.handler,
        "at": at,
    }
    return does.submit_reply(inquiry_id=inquiry.pk, **{**plain, **over})


def approve(inquiry, *, plant=None, at=AT, **over):
    plant = plant or make_plant()
    plain = {"actor": plant.inspector2 if _is_discipline(inquiry) else plant.head, "at": at}
    return does.approve_reply(inquiry_id=inquiry.pk, **{**plain, **over})


def deliver(inquiry, *, plant=None, at=AT, **over):
    plant = plant or make_plant()
    plain = {
        "channel": DeliveryChannel.PORTAL,
        "delivered_on": local_day(at),
        "place": "",
        "bulletin_no": "",
        "actor": keeper(inquiry, plant),
        "at": at,
    }
    return does.deliver_reply(inquiry_id=inquiry.pk, **{**plain, **over})


def rate(inquiry, *, plant=None, at=AT, level=RatingLevel.SATISFIED, comment=""):
    return does.rate_inquiry(inquiry_id=inquiry.pk, level=level, comment=comment, at=at)


def merge(inquiry, *, plant=None, at=AT, target=None):
    """Merge it into another card, made for the purpose unless given."""
    plant = plant or make_plant()
    target = target or make_inquiry(plant, state=S.ASSIGNED, at=at, author=plant.worker2)
    return does.merge_inquiry(inquiry_id=inquiry.pk, target_id=target.pk, actor=plant.officer, at=at)


def ask_author(inquiry, *, plant=None, at=AT, text="请补充一下是哪几个班次。"):
    plant = plant or make_plant()
    return does.ask_author(inquiry_id=inquiry.pk, text=text, actor=keeper(inquiry, plant), at=at)


def hide(inquiry, *, plant=None, at=AT, reason_class=HidingReason.PRIVACY):
    """Hide it, as two people do."""
    plant = plant or make_plant()
    hiding = does.ask_hiding(
        inquiry_id=inquiry.pk, reason_class=reason_class, reason="涉及他人病情", actor=plant.officer, at=at
    )
    return does.decide_hiding(hiding_id=hiding.pk, is_granted=True, actor=plant.officer2, at=at)


def transfer(inquiry, *, plant=None, at=AT, about_person=None, about_unit=None):
    plant = plant or make_plant()
    return does.transfer_inquiry(
        inquiry_id=inquiry.pk,
        about_person=about_person,
        about_unit=about_unit or plant.shop,
        actor=plant.officer,
        at=at,
    )


def reveal(inquiry, *, plant=None, at=AT, reason="需要当面核实事故经过"):
    plant = plant or make_plant()
    return does.reveal_identity(inquiry_id=inquiry.pk, passphrase=PASSPHRASE, reason=reason, actor=plant.officer, at=at)
