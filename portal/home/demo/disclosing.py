"""
Two years of disclosures of the demo enterprise: catalogue given to units, duties, texts in every state.

Duties are opened by the real operation, month by month; texts are written in
bulk, as the real operations would have left them. Late and missing ones are
part of it, so that every page looks as after years of use.
"""

import datetime as dt
import random

from django.db import transaction

from disclosures.enums import (
    PublicationState,
)
from disclosures.models import (
    Assignment,
    CatalogueItem,
    Duty,
)
from disclosures.operations import assign_many, close_notices, open_period, seed_catalogue
from disclosures.periods import MONTHS, periods_between
from disclosures.searching import KIND
from portal.kernel.days import local_day
from portal.search.operations import reindex

from .announcements import EVENT_TEXTS
from .attachments import attach_tables
from .boards import add_boards
from .leftovers import leave_open
from .masking import mask_notices
from .scribe import Scribe, moment_of

S = PublicationState
# Which offices of the demo prepare the company's items.
COMPANY_ITEMS = {
    "A01": "SC",
    "A04": "XX",
    "B01": "CW",
    "B04": "WZ",
    "C04": "RS",
    "C05": "RS",
    "C06": "RS",
    "C09": "PX",
    "C10": "CW",
    "D01": "AH",
    "D03": "AH",
    "E02": "RS",
    "E03": "CW",
    "E04": "CW",
    "B03": "SB",
    "E01": "RS",
    "C07": "RS",
}
WORKS = ("YX", "HF", "YJ", "WS", "DL", "YY", "JX")
WORKS_ITEMS = ("B05", "B06", "C01", "D01", "C02", "C07", "C08", "C11", "D02", "E06", "B07")
OFFICES = ("HQ", "WZ", "PX", "SB")  # with the company and the seven works: twelve units that disclose
OFFICE_ITEMS = ("B05", "C01", "C02")


@transaction.atomic
def add_disclosures(plant, *, at, seed, months=24, scale=1, has_ledger=True, say=lambda text: None):
    """Write the disclosures of so many months before a moment; returns how many texts."""
    say("disclosures")
    seed_catalogue(at=at)
    rng = random.Random(f"{seed}:disclosures")  # noqa: S311 -- made-up days
    today = local_day(at)
    first = _month_before(today, months)
    _give(plant, since=first, at=at)
    periods = sorted(
        (period for frequency in MONTHS for period in periods_between(frequency, first, today)),
        key=lambda period: (period.end, period.frequency),
    )
    for period in periods:
        open_period(period, at=moment_of(period.following().start, rng, 8))
    scribe = Scribe(plant, rng, at, has_ledger)
    for duty in Duty.objects.select_related("item", "unit", "department", "promise").order_by(
        "ends_on", "unit__path", "item__code"
    ):
        scribe.answer(duty)
    scribe.events(_events(rng, first, today, scale))
    scribe.write()
    close_notices(at=at)
    leave_open(scribe)
    mask_notices(scribe)
    attach_tables()
    add_boards(plant, at=at, seed=seed, months=months, has_ledger=has_ledger)
    reindex(KIND)
    return len(scribe.texts)


def _month_before(day, count):
    month0 = day.year * 12 + day.month - 1 - count
    return dt.date(month0 // 12, month0 % 12 + 1, 1)


def _give(plant, *, since, at):
    items = {item.code: item for item in CatalogueItem.objects.all()}
    pairs = [(items[code], plant.company, plant.units[office]) for code, office in COMPANY_ITEMS.items()]
    pairs += [(items[code], plant.units[works], None) for works in WORKS for code in WORKS_ITEMS]
    pairs += [(items[code], plant.units[office], None) for office in OFFICES for code in OFFICE_ITEMS]
    assign_many(pairs=pairs, since=since, at=at)


def _events(rng, first, today, scale):
    """Return events (assignment, day, template) in order of days, more of them where much is posted."""
    rows = list(
        Assignment.objects.filter(item__frequency="event").select_related("item", "unit", "department").order_by("pk")
    )
    found = []
    span = (today - first).days
    for row in rows:
        yearly = {"YJ": 16, "YX": 9}.get(row.unit.code, 5) * min(scale, 1)
        for _n in range(max(1, round(yearly * span / 365))):
            found.append(
                (
                    row,
                    first + dt.timedelta(days=rng.randint(0, max(span - 2, 0))),
                    rng.choice(EVENT_TEXTS[row.item.code]),
                )
            )
    return sorted(found, key=lambda event: (event[1], event[0].pk))
