"""The forms of resolutions, each with a role that may send it and data that it takes (tests.matrix.forms)."""

from tests.matrix.table import OWN


def forms(Form, text, key):
    """Return the forms; the builders of made-up words and keys are handed in."""

    def wording(s, r):
        return {"title": text(r, least=2, most=60), "text": text(r, least=2)}

    rows = [
        ("word a resolution", "resolution_new", "union_officer", wording, ("title",)),
        ("change a wording", "resolution_edit", "union_chair", wording, ("title",)),
        (
            "set a task",
            "task_new",
            "union_officer",
            lambda s, r: {
                "title": text(r, least=2, most=60),
                "unit": s.plant.shop.code,
                "person": "",
                "due_on": r.choice(("2060-01-01", "2060年1月1日")),
                "idempotency_key": key(r),
            },
            ("title",),
        ),
        (
            "say how far a task is",
            "task_report",
            "handler",
            lambda s, r: {
                "percent": r.choice(("0", "４０", "99")),
                "on": "2026-03-10",
                "text": text(r, least=2),
                "idempotency_key": key(r),
            },
            ("text",),
        ),
        ("end a task", "task_drop", "union_chair", lambda s, r: {"reason": text(r, least=2)}, ("reason",)),
        (
            "take replies in",
            "implementation",
            "union_chair",
            lambda s, r: {"item": s.halls[OWN]["_supervise"]},
            (),
        ),
        (
            "report to a session",
            "implementation_report",
            "union_chair",
            lambda s, r: {
                "kind": r.choice(("report", "reason")),
                "text": text(r, least=2),
                "item": r.choice(("", s.halls[OWN]["_supervise"])),
                "is_final": "0",
            },
            ("text",),
        ),
    ]
    return [Form(name, f"congress:{route}", role, OWN, good, texts) for name, route, role, good, texts in rows]
