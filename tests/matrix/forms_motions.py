"""The forms of motions, each with a role that may send it and data that it takes (tests.matrix.forms)."""

from tests.matrix.table import NONE, OWN


def forms(Form, text, key):
    """Return the forms; the builders of made-up words and keys are handed in."""

    def hall(s):
        return s.halls[OWN]

    def words(s, r):
        return {
            "category": r.choice(("safety", "pay")),
            "title": text(r, least=2, most=30),
            "cause": text(r, least=2, most=90),
            "grounds": text(r, least=2, most=90),
            "proposal": text(r, least=2, most=90),
            "names": r.choice(("yes", "no")),
            "idempotency_key": key(r),
        }

    written = ("title", "cause", "grounds", "proposal")
    rows = [
        ("write a motion", "motion_new", "author", words, written),
        ("change a motion", "motion_edit", "author", words, written),
        ("ask to second", "motion_invite", "author", lambda s, r: {"mandates": [hall(s)["_colleague"]]}, ()),
        ("second a motion", "motion_sign", "author", lambda s, r: {"answer": r.choice(("yes", "no"))}, ()),
        ("withdraw a motion", "motion_withdraw", "author", lambda s, r: {"reason": text(r, least=2)}, ("reason",)),
        (
            "say what a delegation thinks",
            "motion_group",
            "author",
            lambda s, r: {"verdict": r.choice(("yes", "no")), "opinion": text(r, least=2)},
            ("opinion",),
        ),
        (
            "rate a reply to a motion",
            "motion_rate",
            "author",
            lambda s, r: {"level": r.choice("123"), "comment": text(r, least=2)},
            ("comment",),
        ),
        (
            "bring a matter to a delegate",
            "offer_new",
            "worker",
            lambda s, r: {
                "mandate": hall(s)["_sitting"][0],
                "category": "living",
                "title": text(r, least=2, most=30),
                "text": text(r, least=2, most=90),
                "named": r.choice(("yes", "no")),
                "idempotency_key": key(r),
            },
            ("title", "text"),
        ),
        (
            "answer a matter brought to one",
            "offer_answer",
            "author",
            lambda s, r: {"verdict": r.choice(("yes", "no")), "answer": text(r, least=2)},
            ("answer",),
        ),
        (
            "call for motions",
            "motion_call_new",
            "union_officer",
            lambda s, r: {
                "committee": hall(s)["_committee"],
                "opens_on": r.choice(("2026-03-20", "2026年3月20日")),
                "closes_on": "2026-04-20",
                "group": r.choice(("yes", "no")),
                "text": text(r),
            },
            ("text",),
        ),
        (
            "decide on a motion",
            "motion_decide",
            "union_officer",
            lambda s, r: {
                "outcome": r.choice(("filed", "rejected", "converted", "escalated")),
                "reason": text(r, least=2),
                "rejection": "conditions",
                "target": "",
                "lead_unit": s.plant.dept.code,
                "assist_1": "",
                "assist_2": "",
            },
            ("reason",),
        ),
        (
            "check a reply to a motion",
            "motion_check",
            "union_officer",
            lambda s, r: {"verdict": r.choice(("yes", "no")), "comment": text(r, least=2)},
            ("comment",),
        ),
        (
            "choose a best motion",
            "motion_best",
            "union_officer",
            lambda s, r: {"reason": text(r, least=2)},
            ("reason",),
        ),
        (
            "archive a motion",
            "motion_archive",
            "union_officer",
            lambda s, r: {"archive_no": text(r, least=2, most=20)},
            ("archive_no",),
        ),
    ]
    return [
        Form(
            name,
            f"congress:{route}",
            role,
            NONE if route in ("motion_new", "offer_new") else OWN,
            good,
            texts,
            **({"hidden": (BUTTONS[route],)} if route in BUTTONS else {}),
        )
        for name, route, role, good, texts in rows
    ]


# Fields that the buttons of a form fill in.
BUTTONS = {
    "motion_sign": "answer",
    "motion_group": "verdict",
    "motion_check": "verdict",
    "offer_answer": "verdict",
}
