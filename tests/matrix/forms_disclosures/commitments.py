"""The forms of commitments, major decisions and responsibilities (tests.matrix.forms)."""

from tests.files.zoo import picture, upload
from tests.matrix.table import NONE, OWN


def forms(Form, text, key, day):
    """Return the forms; the builders of made-up words, keys and days are handed in."""

    def texts(r, **more):
        return {"subject": text(r, most=30), "content": text(r, most=90), "basis": text(r), "vote": text(r), **more}

    def decision(r):
        return {"verdict": r.choice(("yes", "no")), "answer": text(r)}

    return [
        Form(
            "sign a commitment",
            "disclosures:commitment_sign",
            "dept_head",
            OWN,
            lambda s, r: {"is_read": "on"},
        ),
        Form(
            "prepare a commitment",
            "disclosures:round_edit",
            "union_chair",
            OWN,
            lambda s, r: {
                "title": text(r, most=30),
                "body": text(r, most=90),
                "upper": r.choice(("", "810004", "８１０００４")),
            },
            ("title",),
        ),
        Form("open a commitment", "disclosures:round_open", "discipline", OWN, lambda s, r: {"seen": "draft"}),
        Form(
            "enter a signature on paper",
            "disclosures:paper",
            "discipline",
            OWN,
            lambda s, r: {
                "signed_on": r.choice(("2026-03-09", "2026年3月9日")),
                "files": upload(picture(), "签字页.jpg"),
            },
        ),
        Form(
            "compare a signature",
            "disclosures:paper_check",
            "union_chair",
            OWN,
            lambda s, r: decision(r),
            ("answer",),
            hidden=("verdict",),
        ),
        Form(
            "renew a commitment",
            "disclosures:plan_add",
            "union_chair",
            NONE,
            lambda s, r: {
                "kind": r.choice(("letter", "pledge")),
                "unit": s.plant.shop.code,
                "title": text(r, most=30),
                "body": text(r, most=90),
                "month": r.choice(("1", "１２")),
                "day": r.choice(("31", "３１")),
                "since": day(r),
            },
            ("title",),
        ),
        Form(
            "register a decision",
            "disclosures:major_new",
            "dept_head",
            NONE,
            lambda s, r: texts(
                r,
                unit=s.plant.works.code,
                department=s.plant.dept.code,
                kind=r.choice(("decision", "funds")),
                decided_on="2026-02-02",
                meeting=r.choice(("party", "board")),
                responsible=r.choice(("", "810004")),
                planned_end=r.choice(("", "2026年10月31日")),
                audience=r.choice(("everybody", "unit")),
                idempotency_key=key(r),
            ),
            ("subject", "basis", "vote"),
        ),
        Form(
            "decide on a decision",
            "disclosures:major_decide",
            "leader",
            OWN,
            lambda s, r: decision(r),
            ("answer",),
            hidden=("verdict",),
        ),
        Form(
            "correct a decision",
            "disclosures:major_correct",
            "handler",
            OWN,
            lambda s, r: texts(r, note=text(r, least=4)),
            ("subject", "basis", "vote", "note"),
        ),
        Form(
            "report progress",
            "disclosures:major_progress",
            "handler",
            OWN,
            lambda s, r: {
                "status": r.choice(("under_way", "delayed")),
                "percent": r.choice(("0", "４５")),
                "text": text(r, least=2, most=90),
                "on": day(r),
                "idempotency_key": key(r),
            },
            ("text",),
        ),
        Form(
            "name a publication",
            "disclosures:major_link",
            "handler",
            OWN,
            lambda s, r: {"number": s.texts[OWN]["public"]},
        ),
        Form(
            "name who is responsible",
            "disclosures:responsible_set",
            "union_chair",
            OWN,
            lambda s, r: {
                "role": r.choice(("first", "evaluator")),
                "person": "",
                "words": text(r, least=2, most=30),
                "since": day(r),
                "reason": text(r, least=2),
            },
            ("words", "reason"),
        ),
    ]
