"""The forms of disclosure, each with a role that may send it and data that it takes (tests.matrix.forms)."""

from disclosures.masking import TURNING
from disclosures.models import Version
from disclosures.texts import TEXTS, plain
from tests.matrix.table import NONE, OWN


def forms(Form, text, key, day):
    """Return the forms; the builders of made-up words, keys and days are handed in."""

    def item(r, **more):
        return {
            "title": text(r, most=30),
            "content": text(r),
            "department": text(r, most=20),
            "frequency": r.choice(("month", "event")),
            "second_frequency": r.choice(("", "year")),
            "timing": "after",
            "scope": "company",
            "channels": "portal",
            "legal_basis": text(r),
            "opinion": r.choice(("", "union")),
            "notice_workdays": r.choice(("", "５")),
            "display_days": "",
            "is_active": "on",
            **more,
        }

    def publication(r):
        return {
            "title": text(r, most=30),
            "body": text(r, most=90),
            "basis": text(r),
            "method": text(r),
            "objections_heard": text(r),
            "audience": r.choice(("everybody", "staff", "unit")),
            "display_days": r.choice(("15", "３０")),
            "wanted_on": "",
            "wanted_time": "",
            "is_must_read": r.choice(("", "on")),
            "idempotency_key": key(r),
        }

    def decision(r):
        return {"verdict": r.choice(("yes", "no")), "answer": text(r)}

    def said(r, **more):
        return {
            "subject": text(r, least=2, most=30),
            "body": text(r, least=2, most=90),
            "may_publish": "on",
            **more,
        }

    def token():
        from feedback.views.anonymous import make_token

        return make_token()

    def _masked(name, stage, r):
        """Return the notice's own words with some of them masked: masking adds nothing."""
        latest = Version.objects.filter(publication=stage.texts[OWN]["mask"]).order_by("number").last()
        words = plain(getattr(latest, name))
        return "".join(
            r.choice("某*×") if not one.isspace() and one not in TURNING and r.random() < 0.2 else one for one in words
        )

    process = ("basis", "method", "objections_heard")
    return [
        Form(
            "begin a text",
            "disclosures:new",
            "handler",
            NONE,
            lambda s, r: {"assignment": s.texts[OWN]["draft"]},
        ),
        Form("write a text", "disclosures:draft", "handler", OWN, lambda s, r: publication(r), ("title", *process)),
        Form("change a text", "disclosures:edit", "handler", OWN, lambda s, r: publication(r), ("title", *process)),
        Form("hand a text on", "disclosures:submit", "handler", OWN, lambda s, r: {"seen": "draft.1"}),
        Form("discard a text", "disclosures:discard", "dept_head", OWN, lambda s, r: {"seen": "draft.1"}),
        Form(
            "sign",
            "disclosures:sign",
            "dept_head",
            OWN,
            lambda s, r: {"verdict": r.choice(("sign", "back")), "note": text(r)},
            ("note",),
            hidden=("verdict", "seen"),
        ),
        Form("force", "disclosures:force", "leader", OWN, lambda s, r: {"reason": text(r, least=4)}, ("reason",)),
        Form("ratify", "disclosures:ratify", "leader", OWN, lambda s, r: decision(r), ("answer",), hidden=("verdict",)),
        Form(
            "correct a text",
            "disclosures:correct",
            "handler",
            OWN,
            lambda s, r: {"title": text(r, most=30), "body": text(r, most=90), "note": text(r, least=4)},
            ("title", "note"),
        ),
        Form(
            "decide on a correction",
            "disclosures:decide_correction",
            "leader",
            OWN,
            lambda s, r: decision(r),
            ("answer",),
            hidden=("verdict",),
        ),
        Form(
            "withdraw",
            "disclosures:withdraw",
            "handler",
            OWN,
            lambda s, r: {"reason_code": r.choice(("wrong", "privacy")), "reason": text(r, least=4)},
            ("reason",),
        ),
        Form(
            "decide on a withdrawal",
            "disclosures:decide_withdrawal",
            "leader",
            OWN,
            lambda s, r: decision(r),
            ("answer",),
            hidden=("verdict",),
        ),
        Form(
            "enter an outcome",
            "disclosures:outcome",
            "handler",
            OWN,
            lambda s, r: {"outcome": r.choice(("none", "unfounded")), "note": text(r)},
            ("note",),
        ),
        Form(
            "mask a notice",
            "disclosures:mask",
            "handler",
            OWN,
            lambda s, r: {name: _masked(name, s, r) for name in TEXTS} | {"about": "", "notice_basis": ""},
            ("title",),
        ),
        Form(
            "record a gap",
            "disclosures:gap",
            "union_officer",
            OWN,
            lambda s, r: {
                "since": "2026-03-09",
                "until": r.choice(("2026-03-10", "2026年3月10日")),
                "reason": text(r, least=2),
            },
            ("reason",),
        ),
        Form(
            "flag",
            "disclosures:flag",
            "discipline",
            OWN,
            lambda s, r: {"reason": r.choice(("untrue", "late")), "demand": text(r, least=4)},
            ("demand",),
        ),
        Form("put right", "disclosures:rectify", "handler", OWN, lambda s, r: {"done": text(r, least=4)}, ("done",)),
        Form(
            "check what was put right",
            "disclosures:check_rectification",
            "discipline",
            OWN,
            lambda s, r: decision(r),
            ("answer",),
            hidden=("verdict",),
        ),
        Form(
            "report an event",
            "disclosures:event",
            "handler",
            NONE,
            lambda s, r: {
                "assignment": s.texts[OWN]["event_assignment"],
                "event": text(r, least=2, most=30),
                "event_on": day(r),
            },
            ("event",),
        ),
        Form("waive", "disclosures:waive", "union_chair", OWN, lambda s, r: {"reason": text(r, least=4)}, ("reason",)),
        Form(
            "add an item",
            "disclosures:item_add",
            "company_chair",
            NONE,
            lambda s, r: item(r, code=f"C{r.randrange(20, 10**6)}"),
            ("title", "department"),
        ),
        Form(
            "change an item",
            "disclosures:item_edit",
            "company_chair",
            NONE,
            lambda s, r: item(r, version="1", reason=text(r)),
            ("title", "department"),
            hidden=("version",),
        ),
        Form(
            "give an item",
            "disclosures:item_assign",
            "company_chair",
            NONE,
            lambda s, r: {"unit": s.plant.shop.code, "department": "", "since": day(r)},
        ),
        Form(
            "subscribe",
            "disclosures:subscriptions",
            "worker",
            NONE,
            lambda s, r: {"sections": r.choice(("A", "C")), "units": s.plant.works.code},
        ),
        Form(
            "say an opinion",
            "disclosures:opinion",
            "worker",
            OWN,
            lambda s, r: said(r, kind="opinion", mode=r.choice(("named", "confidential")), idempotency_key=key(r)),
            ("subject", "body"),
        ),
        Form(
            "say an opinion without a name",
            "disclosures:opinion_anonymous",
            "visitor",
            OWN,
            lambda s, r: said(r, kind="opinion", form_token=token()),
            ("subject", "body"),
        ),
        Form(
            "ask for disclosure",
            "disclosures:ask",
            "worker",
            NONE,
            lambda s, r: said(
                r, unit=s.plant.works.code, item=r.choice(("", "C01")), mode="named", idempotency_key=key(r)
            ),
            ("subject", "body"),
        ),
        Form(
            "ask for disclosure without a name",
            "disclosures:ask_anonymous",
            "visitor",
            NONE,
            lambda s, r: said(r, unit=s.plant.works.code, item="", form_token=token()),
            ("subject", "body"),
        ),
    ]
