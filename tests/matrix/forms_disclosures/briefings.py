"""The forms of briefings, each with a role that may send it and data that it takes (tests.matrix.forms)."""

from tests.matrix.table import NONE, OWN


def forms(Form, text, key, day):
    """Return the forms; the builders of made-up words, keys and days are handed in."""

    def told(stage, r):
        return {
            "title": text(r, least=2, most=30),
            "chair": stage.cast["leader"].job_no,
            "online": text(r, most=30),
            "audience": r.choice(("everybody", "staff", "unit")),
            "agenda": r.choice(("产量完成情况；生产处；15", "成本说明;财务处;２０\n安全形势")),
            "idempotency_key": key(r),
        }

    def when(r):
        return {
            "starts_on": r.choice(("2026-03-20", "2026年3月20日")),
            "starts_time": r.choice(("09:30", "１４：００")),
        }

    def asked(r, **more):
        answer = text(r)
        return {"asked_by": text(r, most=20), "answer": answer, "answered_by": text(r, most=20), **more}

    def token():
        from feedback.views.anonymous import make_token

        return make_token()

    return [
        Form(
            "announce a briefing",
            "disclosures:briefing_new",
            "handler",
            NONE,
            lambda s, r: {
                **told(s, r),
                **when(r),
                "unit": s.plant.dept.code,
                "place": text(r, least=2, most=30),
            },
            ("title", "online", "place"),
        ),
        Form(
            "change a briefing",
            "disclosures:briefing_edit",
            "handler",
            OWN,
            lambda s, r: told(s, r),
            ("title", "online"),
        ),
        Form(
            "put a briefing off",
            "disclosures:briefing_move",
            "handler",
            OWN,
            lambda s, r: {**when(r), "place": text(r, least=2, most=30), "reason": text(r, least=4)},
            ("place", "reason"),
        ),
        Form(
            "cancel a briefing",
            "disclosures:briefing_cancel",
            "handler",
            OWN,
            lambda s, r: {"reason": text(r, least=4)},
            ("reason",),
        ),
        Form(
            "record a briefing",
            "disclosures:briefing_record",
            "handler",
            OWN,
            lambda s, r: {
                "invited_delegates": r.choice(("", "４０")),
                "present_delegates": "36",
                "summary_1": text(r),
                "summary_2": text(r),
            },
            ("summary_1", "summary_2"),
        ),
        Form(
            "add a question",
            "disclosures:briefing_question",
            "handler",
            OWN,
            lambda s, r: asked(r, text=text(r, least=2), asker="", idempotency_key=key(r)),
            ("text", "asked_by", "answer", "answered_by"),
        ),
        Form(
            "answer a question",
            "disclosures:briefing_answer",
            "handler",
            OWN,
            lambda s, r: asked(r, text=text(r, least=2)),
            ("text", "asked_by", "answer", "answered_by"),
        ),
        Form("leave a question open", "disclosures:briefing_leave", "handler", OWN, lambda s, r: {"seen": "held"}),
        Form(
            "add figures",
            "disclosures:briefing_figure_new",
            "handler",
            OWN,
            lambda s, r: {
                "title": text(r, least=2, most=30),
                "measure": r.choice(("", "吨")),
                "rows": r.choice(("乙烯；58.2；57；60", "利润;-12;;３０")),
                "idempotency_key": key(r),
            },
            ("title",),
        ),
        Form(
            "change figures",
            "disclosures:briefing_figure",
            "handler",
            OWN,
            lambda s, r: {
                "title": text(r, least=2, most=30),
                "measure": "",
                "rows": "乙烯;1;2;3",
                "idempotency_key": key(r),
            },
            ("title",),
        ),
        Form("write minutes", "disclosures:briefing_minutes", "handler", OWN, lambda s, r: {"text": text(r, most=90)}),
        Form("publish minutes", "disclosures:briefing_publish", "dept_head", OWN, lambda s, r: {"seen": "held"}),
        Form(
            "let a unit owe briefings",
            "disclosures:briefing_plan",
            "company_chair",
            NONE,
            lambda s, r: {"unit": s.plant.shop.code, "since": day(r)},
        ),
        Form(
            "ask before a briefing",
            "disclosures:briefing_ask",
            "worker",
            OWN,
            lambda s, r: {"text": text(r, least=2), "idempotency_key": key(r)},
            ("text",),
        ),
        Form(
            "ask before a briefing without a name",
            "disclosures:briefing_ask_anonymous",
            "visitor",
            OWN,
            lambda s, r: {
                "subject": text(r, least=2, most=30),
                "body": text(r, least=2, most=90),
                "may_publish": "on",
                "form_token": token(),
            },
            ("subject", "body"),
        ),
    ]
