"""A text whose display is over, for each works of the stage."""

import datetime as dt

from disclosures.enums import PublicationState
from disclosures.models import Publication
from tests.factories.cards import AT
from tests.factories.disclosures import make_publication

ALONE = {}


def rows_of(side, offices):
    """Return {short route name: its arguments} for a text of one works that can be archived."""
    text = make_publication(offices, at=AT - dt.timedelta(days=60), unit=side.works, department=side.dept)
    # Not by the job of the day, which would end the displays of the other rows as well.
    Publication.objects.filter(pk=text.pk).update(state=PublicationState.EXPIRED)
    return {"archive": text.pk, "package": text.pk}
