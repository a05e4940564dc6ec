"""
Every form of the portal, with a role that may send it and data that it takes.

``good(stage, rng)`` returns data that is valid by construction; ``texts`` are
the fields whose words must be found again, unchanged, in what was written.
A form that is missing here is found by tests/matrix/test_forms.py.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from feedback.enums import HidingReason, IdentityMode, InquiryKind, RatingLevel, RedactionReason, Topic
from feedback.sealing import receipt_code
from portal.accounts.enums import Category, Role, UnitKind
from portal.deadlines.models import ClockGuard
from tests.factories import cards
from tests.factories.people import SECRET
from tests.matrix import (
    appraisal_results,
    appraising,
    assessing,
    balloting,
    forms_congress,
    forms_disclosures,
    forms_motions,
    forms_resolutions,
    scoring,
)
from tests.matrix.nasty import fair_text
from tests.matrix.stage import NOW
from tests.matrix.table import NONE, OWN

NEW_SECRET = "Jinse-2026-麦田"
OTHER_PASSPHRASE = "麦田 里的 灯塔 二零二六"


@dataclass(frozen=True)
class Form:
    """One form: where, by whom, with what."""

    name: str
    route: str
    role: str
    whose: str
    good: Callable
    texts: tuple = ()
    # Fields that hold no typed text: faults in them are no fault of the writer.
    hidden: tuple = ("idempotency_key", "form_token", "step", "act", "base", "packed", "files-kept", "seen")
    is_slow: bool = False  # a hash made to be slow stands behind it
    prepare: Callable = lambda stage: None  # what has to be there before the form can be taken

    def __str__(self):
        return self.name


def _text(rng, **bounds):
    return fair_text(rng, **bounds)


def _key(rng):
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _day(rng, month=3, last=9):
    return rng.choice(("2026-{m:02}-{d:02}", "2026/{m}/{d}", "2026.{m}.{d}", "2026年{m}月{d}日")).format(
        m=month, d=rng.randrange(1, last + 1)
    )


def _card(stage, rng, **more):
    return {
        "kind": rng.choice([kind for kind in InquiryKind.values if kind != InquiryKind.RETALIATION]),
        "topic": rng.choice(Topic.values),
        "unit": stage.plant.shop.code,
        "subject": _text(rng, most=30),
        "body": _text(rng, most=90),
        "suggestion": _text(rng),
        **more,
    }


def _wizard(stage, rng):
    return _card(
        stage,
        rng,
        mode=rng.choice(("named", "confidential")),
        may_publish="on",
        step="check",
        idempotency_key=_key(rng),
    )


def _anonymous(stage, rng):
    from feedback.views.anonymous import make_token

    return _card(stage, rng, may_publish="on", step="check", form_token=make_token())


def _tracked(stage, rng):
    card = stage.cards[OWN]["own"]
    return {"number": card.number, "code": receipt_code(card.idempotency_key)}


def _person(rng):
    return {
        "name": "王" + rng.choice("海江河湖") + rng.choice("燕雁鹰"),
        "post": rng.choice(("", "主操", "班长")),
        "category": rng.choice(Category.values),
        "gender": rng.choice(("", "female", "male")),
        "phone": rng.choice(("", "139 0000 1234", "１３９００００１２３４")),
        "email": rng.choice(("", "w@example.com")),
        "joined_on": rng.choice(("", "2020-02-29")),
    }


def _decision(yes, no):
    def good(stage, rng):
        decision = rng.choice((yes, no))
        return {"decision": decision, "note": _text(rng)}

    return good


def _reply(stage, rng):
    outcome = rng.choice("ABCD")
    return {
        "text": _text(rng, least=30, most=90) + "已经现场核查并在本周内完成整改,请班组监督。",
        "measures": _text(rng),
        "outcome": outcome,
        "promised_on": "2026-05-20" if outcome in "BC" else "",
        "act": "send",
    }


def _delivery(stage, rng):
    channel = rng.choice(
        ("staff_meeting", "dispatch_meeting", "union_chair_meeting", "union_bulletin", "portal", "personal")
    )
    return {
        "channel": channel,
        "delivered_on": "2026-03-10",
        "place": _text(rng, most=30),
        "bulletin_no": f"2026年第{rng.randrange(1, 60)}期",
    }


def _public(rng):
    return {"public_subject": _text(rng, most=40), "public_body": _text(rng, most=90), "public_suggestion": _text(rng)}


def _freeze(stage):
    guard, _is_new = ClockGuard.objects.get_or_create(pk=1, defaults={"latest_at": NOW})
    guard.frozen_at, guard.frozen_code = NOW, "forwards"
    guard.save()


TEXTS = ("public_subject", "public_body", "public_suggestion")
BODY = ("subject", "body", "suggestion")

FORMS = [
    Form(
        "sign in",
        "accounts:sign_in",
        "visitor",
        NONE,
        lambda s, r: {"job_no": r.choice(("810001", "８１０ 001", "810-001")), "password": SECRET},
    ),
    Form(
        "change secret",
        "accounts:change_secret",
        "worker",
        NONE,
        lambda s, r: {"old": SECRET, "new": NEW_SECRET, "again": NEW_SECRET},
        is_slow=True,
    ),
    Form(
        "profile",
        "accounts:me",
        "worker",
        NONE,
        lambda s, r: {
            "language": r.choice(("zh-hans", "en")),
            "is_elder_mode": r.choice(("", "on")),
            "phone": "13900001234",
            "email": "a@example.com",
        },
    ),
    Form(
        "open a unit",
        "accounts:unit_create",
        "system_admin",
        NONE,
        lambda s, r: {
            "parent": s.plant.works.pk,
            "code": f"N{r.randrange(10**6)}",
            "name": _text(r),
            "short_name": "短名",
            "kind": r.choice(("workshop", "team")),
        },
        ("name",),
    ),
    Form(
        "rename a unit",
        "accounts:unit_rename",
        "system_admin",
        OWN,
        lambda s, r: {"name": _text(r), "short_name": "短名", "kind": UnitKind.WORKSHOP},
        ("name",),
    ),
    Form("move a unit", "accounts:unit_move", "system_admin", OWN, lambda s, r: {"parent": s.far.works.pk}),
    Form(
        "add a person",
        "accounts:person_add",
        "system_admin",
        NONE,
        lambda s, r: {**_person(r), "unit": s.plant.shop.pk, "job_no": f"N{r.randrange(10**9)}"},
        ("name",),
    ),
    Form("correct a person", "accounts:person_edit", "system_admin", OWN, lambda s, r: _person(r), ("name",)),
    Form("move a person", "accounts:person_move", "system_admin", OWN, lambda s, r: {"unit": s.far.shop.pk}),
    Form("return a person", "accounts:person_return", "system_admin", OWN, lambda s, r: {"unit": s.far.shop.pk}),
    Form("has left", "accounts:person_leave", "system_admin", OWN, lambda s, r: {"left_on": _day(r)}),
    Form(
        "appoint",
        "accounts:grant",
        "security_admin",
        NONE,
        lambda s, r: {
            "job_no": s.plant.colleague.job_no,
            "role": r.choice((Role.HANDLER, Role.DEPARTMENT_HEAD)),
            "unit": s.plant.dept.pk,
            "until_on": r.choice(("", "2026-12-31")),
        },
    ),
    Form(
        "deputy",
        "accounts:deputy",
        "security_admin",
        OWN,
        lambda s, r: {"job_no": s.plant.colleague.job_no, "until_on": "2026年12月31日"},
    ),
    Form(
        "rule",
        "accounts:rule_set",
        "system_admin",
        NONE,
        lambda s, r: {"unit": r.choice(("", s.plant.works.pk)), "value": r.choice(("20", "２５")), "reason": _text(r)},
        ("reason",),
    ),
    Form(
        "more days",
        "deadlines:ask_extension",
        "handler",
        OWN,
        lambda s, r: {"days": r.randrange(1, 31), "reason": _text(r)},
        ("reason",),
    ),
    Form("decide on days", "deadlines:decide_extension", "leader", OWN, _decision("grant", "refuse"), ("note",)),
    Form(
        "let the clock run",
        "deadlines:resume_clock",
        "system_admin",
        NONE,
        lambda s, r: {"reason": _text(r)},
        ("reason",),
        prepare=_freeze,
    ),
    Form(
        "add a bot",
        "notices:add_bot",
        "system_admin",
        NONE,
        lambda s, r: {
            "unit": s.plant.works.code,
            "channel": "wecom",
            "name": _text(r),
            "address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a",
            "secret": "",
        },
        ("name",),
    ),
    Form(
        "change a bot",
        "notices:change_bot",
        "system_admin",
        NONE,
        lambda s, r: {"name": _text(r), "address": "", "secret": "s"},
        ("name",),
    ),
    Form("write", "feedback:write", "worker", NONE, _wizard, BODY),
    Form("write anonymously", "feedback:write_anonymous", "visitor", NONE, _anonymous, BODY),
    Form("track", "feedback:track", "visitor", NONE, _tracked),
    Form(
        "track, add",
        "feedback:track",
        "visitor",
        NONE,
        lambda s, r: {**_tracked(s, r), "act": "message", "text": _text(r), "idempotency_key": _key(r)},
        ("text",),
    ),
    Form(
        "track, rate",
        "feedback:track",
        "visitor",
        NONE,
        lambda s, r: {**_tracked(s, r), "act": "rate", "level": r.choice(RatingLevel.values), "comment": _text(r)},
        ("comment",),
    ),
    Form(
        "own card, add",
        "feedback:own",
        "author",
        OWN,
        lambda s, r: {"act": "message", "text": _text(r, most=90), "idempotency_key": _key(r)},
        ("text",),
    ),
    Form(
        "own card, rate",
        "feedback:own",
        "author",
        OWN,
        lambda s, r: {"act": "rate", "level": r.choice(RatingLevel.values), "comment": _text(r)},
        ("comment",),
    ),
    Form(
        "register",
        "feedback:register",
        "union_officer",
        OWN,
        lambda s, r: {
            **_public(r),
            "edit_reason": r.choice(RedactionReason.values),
            "is_published": "on",
            "lead_unit": r.choice(("", s.plant.dept.code)),
            "instruction": "",
        },
        TEXTS,
    ),
    Form(
        "assign",
        "feedback:assign",
        "union_officer",
        OWN,
        lambda s, r: {
            "lead_unit": s.plant.dept.code,
            "assist_1": r.choice(("", s.far.dept.code)),
            "instruction": _text(r),
        },
        ("instruction",),
    ),
    Form("decide on a return", "feedback:decide_return", "union_officer", OWN, _decision("yes", "no"), ("note",)),
    Form("merge", "feedback:merge", "union_officer", OWN, lambda s, r: {"number": s.cards[OWN]["assigned"].number}),
    Form(
        "transfer",
        "feedback:transfer",
        "union_officer",
        OWN,
        lambda s, r: {"about_unit": s.plant.dept.code, "about_person": r.choice(("", s.plant.colleague.job_no))},
    ),
    Form(
        "return",
        "feedback:ask_return",
        "handler",
        OWN,
        lambda s, r: {"reason": _text(r), "proposed_unit": r.choice(("", s.far.dept.code))},
        ("reason",),
    ),
    Form("contribute", "feedback:contribute", "handler", OWN, lambda s, r: {"text": _text(r, most=90)}, ("text",)),
    Form(
        "plan",
        "feedback:plan",
        "handler",
        OWN,
        lambda s, r: {"text": _text(r), "parties": _text(r), "agreed_on": r.choice(("", "2026-03-09"))},
        ("text", "parties"),
    ),
    Form("ask the author", "feedback:ask_author", "handler", OWN, lambda s, r: {"text": _text(r)}, ("text",)),
    Form(
        "ask for time",
        "feedback:ask_extension",
        "handler",
        OWN,
        lambda s, r: {"days": r.choice((1, 30, "１０")), "reason": _text(r)},
        ("reason",),
    ),
    Form("decide on time", "feedback:decide_extension", "leader", OWN, _decision("yes", "no"), ("note",)),
    Form("reply", "feedback:reply", "handler", OWN, _reply, ("text", "measures")),
    Form("reply draft", "feedback:reply_draft", "handler", OWN, _reply, ("text", "measures")),
    Form("send back", "feedback:send_back", "dept_head", OWN, lambda s, r: {"note": _text(r)}, ("note",)),
    Form("deliver", "feedback:deliver", "union_officer", OWN, _delivery),
    Form(
        "deliver many",
        "feedback:deliver_many",
        "union_officer",
        NONE,
        lambda s, r: {**_delivery(s, r), "numbers": [s.cards[OWN]["deliver"].number]},
    ),
    Form(
        "redact",
        "feedback:redact",
        "union_officer",
        OWN,
        lambda s, r: {**_public(r), "reason": r.choice(RedactionReason.values)},
        TEXTS,
    ),
    Form(
        "ask to hide",
        "feedback:ask_hiding",
        "union_officer",
        OWN,
        lambda s, r: {"reason_class": r.choice(HidingReason.values), "reason": _text(r)},
        ("reason",),
    ),
    Form(
        "decide on hiding",
        "feedback:decide_hiding",
        "union_officer",
        OWN,
        lambda s, r: {"decision": r.choice(("yes", "no"))},
    ),
    Form(
        "reveal",
        "feedback:reveal",
        "union_officer",
        OWN,
        lambda s, r: {"reason": _text(r), "passphrase": cards.PASSPHRASE},
        ("reason",),
        is_slow=True,
    ),
    Form(
        "make a key",
        "feedback:identity_key_make",
        "company_chair",
        NONE,
        lambda s, r: {"passphrase": OTHER_PASSPHRASE, "again": OTHER_PASSPHRASE},
        is_slow=True,
    ),
    Form(
        "change the passphrase",
        "feedback:identity_key_passphrase",
        "company_chair",
        NONE,
        lambda s, r: {"old": cards.PASSPHRASE, "passphrase": OTHER_PASSPHRASE, "again": OTHER_PASSPHRASE},
        is_slow=True,
    ),
    Form(
        "add a template",
        "feedback:template_add",
        "dept_head",
        NONE,
        lambda s, r: {
            "title": _text(r, most=30),
            "kind": r.choice(("", *InquiryKind.values)),
            "unit": s.plant.dept.code,
            "text": _text(r),
        },
        ("title", "text"),
    ),
    Form(
        "edit a template",
        "feedback:template_edit",
        "dept_head",
        OWN,
        lambda s, r: {"title": _text(r, most=30), "kind": "", "unit": s.plant.dept.code, "text": _text(r)},
        ("title", "text"),
    ),
    Form(
        "paper card",
        "feedback:on_behalf",
        "union_officer",
        NONE,
        lambda s, r: {
            **_card(s, r),
            "paper_on": _day(r),
            "identity_mode": IdentityMode.NAMED,
            "author": s.plant.colleague.job_no,
            "may_publish": "on",
            "idempotency_key": _key(r),
        },
        BODY,
    ),
]
# Forms whose only field is a file: tests/files and tests/accounts send them what breaks files.

FORMS += forms_disclosures.forms(Form, _text, _key, _day)
FORMS += forms_congress.forms(Form, _text, _key, _day)
FORMS += forms_motions.forms(Form, _text, _key)
FORMS += forms_resolutions.forms(Form, _text, _key)
FORMS += balloting.forms(Form, _text, _key)
FORMS += scoring.forms(Form, _text, _key)
FORMS += assessing.forms(Form, _text, _key)
FORMS += appraising.forms(Form, _text, _key)
FORMS += appraisal_results.forms(Form, _text, _key)
FILES_ONLY = {
    "accounts:roster_upload",
    "deadlines:import_calendar",
    "disclosures:regulations_file",
    "evaluations:report_add",
}
