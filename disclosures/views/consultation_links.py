"""
The way from a page that only its readers see to the nameless form about it.

A draft for one unit's workers is not shown to everybody, and a nameless page
knows nobody. So the page that a reader has carries a sign of the day, the same
for all readers, which the nameless page asks for: it says that somebody who may
read the draft gave it, and nothing of who or when.
"""

import datetime as dt
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from ..enums import Audience

SALT = "disclosures.consultation-reader"


def _sign(consultation, day):
    return signing.Signer(salt=SALT).signature(f"{consultation.pk}:{day.isoformat()}")


def nickname_url(consultation, anchor, today):
    """Return the address of the nameless form about a clause, with the day's sign where it is needed."""
    url = reverse("disclosures:consultation_say_nickname", args=[consultation.pk, anchor])
    if consultation.audience == Audience.EVERYBODY:
        return url
    return f"{url}?{urlencode({'r': _sign(consultation, today)})}"


def is_vouched(consultation, sign, today):
    """Whether a nameless reader came from a page that only readers have, today or yesterday."""
    if consultation.audience == Audience.EVERYBODY:
        return True
    days = (today, today - dt.timedelta(days=1))
    return any(constant_time_compare(sign, _sign(consultation, day)) for day in days)
