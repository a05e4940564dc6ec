"""Delegates of the demo coming into a hall, as the operation would have left it, in two statements for all."""

import datetime as dt

from congress.models import Presence
from portal.ledger.recording import record_many, subject_key

LATEST = 25  # minutes before the opening, the earliest; nobody is late


def come_in(session, mandates, *, officer, rng, ways):
    """Sign delegates in before the opening; ``ways`` says how many of ten come in which way."""
    moments = [session.opens_at - dt.timedelta(minutes=rng.randint(1, LATEST)) for _one in mandates]
    chosen = rng.choices(list(ways), list(ways.values()), k=len(mandates))
    rows = [
        Presence(
            session=session,
            mandate=mandate,
            way=way,
            arrived_at=moment,
            recorded_by=mandate.person if way == "online" else officer,
        )
        for mandate, moment, way in zip(mandates, moments, chosen, strict=True)
    ]
    Presence.objects.bulk_create(rows)
    subject = subject_key(session)
    record_many(
        {
            "verb": "congress_session.signed_in",
            "subject": subject,
            "actor": row.recorded_by,
            "at": row.arrived_at,
            "mandate": row.mandate_id,
            "way": row.way,
        }
        for row in sorted(rows, key=lambda row: row.arrived_at)
    )
