"""What the front page shows of what can still be taken part in."""

import datetime as dt

from disclosures import front
from disclosures.enums import Audience
from tests.factories.consultations import make_consultation
from tests.factories.disclosures import AT


def test_open_drafts_stand_ahead_until_their_last_day(offices):
    draft = make_consultation(offices, "open", audience=Audience.EVERYBODY)
    (row,) = front.ahead(None, AT)["drafts"]
    assert row == {
        "pk": draft.pk,
        "title": draft.title,
        "unit": draft.unit.name,
        "until": draft.closes_on,
        "days": (draft.closes_on - AT.date()).days,
    }
    assert front.ahead(None, AT + dt.timedelta(days=60)) == {"drafts": [], "briefings": []}


def test_what_is_not_for_everybody_is_not_ahead_of_a_visitor(offices):
    make_consultation(offices, "open", audience=Audience.STAFF)
    assert front.ahead(None, AT)["drafts"] == []
    assert len(front.ahead(offices.worker, AT)["drafts"]) == 1
