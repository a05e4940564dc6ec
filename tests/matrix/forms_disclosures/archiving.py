"""The form of archiving (tests.matrix.forms)."""

from tests.matrix.table import OWN


def forms(Form, text, key, day):
    """Return the forms; the builders of made-up words, keys and days are handed in."""

    def number(stage, r):
        return {"archive_no": r.choice(("", f"DA-2026-{r.randrange(10_000)}"))}

    return [Form("archive a text", "disclosures:archive", "handler", OWN, number)]
