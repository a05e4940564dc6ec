"""The forms of disclosure, each with a role that may send it and data that it takes (tests.matrix.forms)."""

from . import archiving, boards, briefings, bulletin, commitments, consultations, publications, regulations

AREAS = (publications, briefings, bulletin, consultations, boards, commitments, regulations, archiving)


def forms(Form, text, key, day):
    """Return the forms of all areas; the builders of made-up words, keys and days are handed in."""
    return [form for area in AREAS for form in area.forms(Form, text, key, day)]
