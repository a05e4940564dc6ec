"""The forms of the library, each with a role that may send it and data that it takes (tests.matrix.forms)."""

from tests.matrix.table import NONE, OWN


def forms(Form, text, key, day):
    """Return the forms; the builders of made-up words, keys and days are handed in."""

    def version(r, **more):
        return {
            "title": text(r, least=2, most=30),
            "document_number": text(r, most=20),
            "in_force_from": r.choice(("2026-05-01", "2026年6月1日", "２０２７/1/1")),
            "body": text(r, most=90),
            "consulted": text(r),
            "idempotency_key": key(r),
            **more,
        }

    return [
        Form(
            "enter a regulation",
            "disclosures:regulation_new",
            "handler",
            NONE,
            lambda s, r: version(
                r,
                code=f"T-{r.randrange(10**6)}",
                category=r.choice(("pay", "safety")),
                unit=s.plant.dept.code,
                audience=r.choice(("everybody", "staff", "unit")),
            ),
            ("title",),
        ),
        Form(
            "write a new version",
            "disclosures:regulation_revise",
            "handler",
            OWN,
            lambda s, r: version(r, note=text(r)),
            ("title", "note"),
        ),
        Form(
            "change a draft of the library",
            "disclosures:regulation_edit",
            "handler",
            OWN,
            lambda s, r: version(r, note=text(r)),
            ("title",),
        ),
        Form("hand a version on", "disclosures:regulation_submit", "handler", OWN, lambda s, r: {"seen": "draft"}),
        Form("give a version up", "disclosures:regulation_discard", "handler", OWN, lambda s, r: {"seen": "draft"}),
        Form(
            "ask for a repeal",
            "disclosures:regulation_repeal",
            "handler",
            OWN,
            lambda s, r: {
                "in_force_from": r.choice(("2026-05-01", "2026年6月1日")),
                "document_number": text(r, most=20),
                "note": text(r, least=4),
                "idempotency_key": key(r),
            },
            ("note",),
        ),
        Form(
            "approve a version",
            "disclosures:regulation_approve",
            "dept_head",
            OWN,
            lambda s, r: {"verdict": r.choice(("yes", "no")), "answer": text(r)},
            ("answer",),
            hidden=("verdict",),
        ),
        Form(
            "let a file be written",
            "disclosures:regulation_import",
            "company_chair",
            OWN,
            lambda s, r: {"seen": "waiting"},
        ),
    ]
