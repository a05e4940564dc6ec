"""Issues of the bulletin for each act, in the state in which it is done, for each works of the stage."""

import datetime as dt

from disclosures import operations as does
from disclosures.enums import BulletinState
from disclosures.models import Assignment
from tests.factories import bulletin as made
from tests.factories.cards import AT
from tests.factories.disclosures import item_of

B = BulletinState
ALONE = {}


def rows_of(side, offices):
    """Return {short route name: its arguments} for the issues of one works."""
    draft, waiting, issued = (
        made.make_issue(side, state, unit=side.works) for state in (B.DRAFT, B.SUBMITTED, B.ISSUED)
    )
    Assignment.objects.create(item=item_of("F02"), unit=side.works, since=dt.date(2026, 2, 1))
    does.open_duties(at=AT)
    entry = draft.entries.all()[0]
    where = (side.works.code, issued.number)
    return {
        "bulletin": where,
        "bulletin_print": where,
        "bulletin_file": where,
        "bulletin_work": draft.pk,
        "bulletin_preview": draft.pk,
        "bulletin_edit": draft.pk,
        "bulletin_choose": draft.pk,
        "bulletin_text": draft.pk,
        "bulletin_text_edit": (draft.pk, entry.pk),
        "bulletin_entry": (draft.pk, entry.pk),
        "bulletin_submit": draft.pk,
        "bulletin_discard": draft.pk,
        "bulletin_back": waiting.pk,
        "bulletin_issue": waiting.pk,
        "bulletin_summary": issued.pk,
    }
