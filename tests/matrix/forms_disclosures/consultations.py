"""The forms of consultations, each with a role that may send it and data that it takes (tests.matrix.forms)."""

from disclosures.models import ConsultationOpinion
from tests.matrix.table import NONE, OWN


def forms(Form, text, key, day):
    """Return the forms; the builders of made-up words, keys and days are handed in."""

    def draft(s, r):
        return {
            "department": s.plant.dept.code,
            "unit": r.choice((s.plant.works.code, s.plant.dept.code)),
            "item": r.choice(("", "C01")),
            "title": text(r, least=4, most=30),
            "lead": text(r, least=4, most=90),
            "body": text(r, most=90),
            "audience": r.choice(("everybody", "staff", "unit")),
            "workdays": r.choice(("7", "１０")),
            "idempotency_key": key(r),
        }

    def said(r, **more):
        return {"stance": r.choice(("change", "agree", "against")), "text": text(r, least=2, most=90), **more}

    def token():
        from feedback.views.anonymous import make_token

        return make_token()

    def act(name, route, role, good, texts=(), **over):
        return Form(name, f"disclosures:consultation_{route}", role, OWN, good, texts, **over)

    def opinions(s):
        rows = ConsultationOpinion.objects.filter(consultation=s.texts[OWN]["consultation_group"], group=None)
        return str(rows.values_list("pk", flat=True).first())

    return [
        Form(
            "draft a consultation",
            "disclosures:consultation_new",
            "handler",
            NONE,
            draft,
            ("title", "lead"),
        ),
        act("change a consultation", "edit", "handler", draft, ("title", "lead")),
        act("ask for the opening", "hand", "handler", lambda s, r: {"seen": "draft"}),
        act("open a consultation", "open", "dept_head", lambda s, r: {"seen": "draft"}),
        act(
            "prolong a consultation",
            "extend",
            "dept_head",
            lambda s, r: {"closes_on": r.choice(("2026-04-10", "2026年4月11日")), "reason": text(r, least=4)},
            ("reason",),
        ),
        act("abandon a consultation", "abandon", "dept_head", lambda s, r: {"reason": text(r, least=4)}, ("reason",)),
        act(
            "sort opinions",
            "group",
            "handler",
            lambda s, r: {"opinions": opinions(s), "group": "", "heading": text(r, least=2, most=30)},
            ("heading",),
        ),
        act(
            "answer a group",
            "answer",
            "handler",
            lambda s, r: {
                "heading": text(r, least=2, most=30),
                "summary": text(r),
                "outcome": r.choice(("adopted", "partly", "not_adopted")),
                "answer": text(r, least=4, most=90),
            },
            ("heading", "summary", "answer"),
        ),
        act("hide an opinion", "hide", "union_officer", lambda s, r: {"reason": r.choice(("privacy", "insult"))}),
        act("show an opinion again", "show", "union_chair", lambda s, r: {"seen": "open"}),
        act("publish answers", "complete", "handler", lambda s, r: {"seen": "closed"}),
        act(
            "report a decision",
            "report",
            "handler",
            lambda s, r: {
                "summary": text(r, least=4, most=90),
                "final_body": text(r, most=90),
                "method": text(r, least=2, most=90),
                "decided_on": day(r),
                "document": text(r, most=20),
            },
            ("summary", "method", "document"),
        ),
        act(
            "decide on a report",
            "decide",
            "leader",
            lambda s, r: {"verdict": r.choice(("yes", "no")), "answer": text(r)},
            hidden=("verdict",),
        ),
        act("say what one thinks", "say", "worker", lambda s, r: said(r, idempotency_key=key(r)), ("text",)),
        act(
            "say it under a nickname",
            "say_nickname",
            "visitor",
            lambda s, r: said(r, nickname=text(r, least=2, most=12), form_token=token()),
            ("text", "nickname"),
        ),
    ]
