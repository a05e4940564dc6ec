"""The forms of the bulletin, each with a role that may send it and data that it takes (tests.matrix.forms)."""

from tests.matrix.table import NONE, OWN


def forms(Form, text, key, day):
    """Return the forms; the builders of made-up words, keys and days are handed in."""

    def head(stage, r, **more):
        return {
            "title": text(r, most=30),
            "since": day(r, month=2),
            "until": day(r, month=3),
            "lead": text(r, most=90),
            "report_to": text(r, most=30),
            "send_to": text(r, most=30),
            "idempotency_key": key(r),
            **more,
        }

    words = ("title", "report_to", "send_to")
    officer = "union_officer"
    return [
        Form(
            "begin an issue",
            "disclosures:bulletin_new",
            officer,
            NONE,
            lambda s, r: head(s, r, unit=s.plant.works.code),
            words,
        ),
        Form("change an issue", "disclosures:bulletin_edit", officer, OWN, head, words),
        Form("choose for an issue", "disclosures:bulletin_choose", officer, OWN, lambda s, r: {"figures": "on"}),
        Form(
            "write a text for an issue",
            "disclosures:bulletin_text",
            officer,
            OWN,
            lambda s, r: {"heading": text(r, most=30), "text": text(r, most=90)},
            ("heading",),
        ),
        Form(
            "change a text of an issue",
            "disclosures:bulletin_text_edit",
            officer,
            OWN,
            lambda s, r: {"heading": text(r, most=30), "text": text(r, most=90)},
            ("heading",),
        ),
        Form("hand an issue over", "disclosures:bulletin_submit", officer, OWN, lambda s, r: {"seen": ""}),
        Form("discard an issue", "disclosures:bulletin_discard", officer, OWN, lambda s, r: {"seen": ""}),
        Form(
            "send an issue back",
            "disclosures:bulletin_back",
            "union_chair",
            OWN,
            lambda s, r: {"note": text(r, least=4)},
            ("note",),
        ),
        Form("issue the bulletin", "disclosures:bulletin_issue", "union_chair", OWN, lambda s, r: {"seen": ""}),
        Form("begin a card summary", "disclosures:bulletin_summary", officer, OWN, lambda s, r: {"seen": ""}),
    ]
