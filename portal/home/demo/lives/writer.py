"""All tables the lives write to, and what they share."""

import datetime as dt

from feedback.enums import InquiryState
from feedback.models import (
    Assignment,
    Delivery,
    Hiding,
    IdentityKey,
    Inquiry,
    Message,
    Plan,
    Rating,
    Redaction,
    Reply,
    ReturnRequest,
)
from portal.deadlines.calendar import due_day
from portal.deadlines.models import Extension, Pause, Promise
from portal.deadlines.queries import read_calendar
from portal.ledger.models import Entry
from portal.notices.models import Notice

from ..writing import Table

S = InquiryState
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


class Future(Exception):
    """The next act lies after today: the life stops here."""


class Writer:
    """All tables a life writes to, and what lives share: the plant, the calendar, the numbers given."""

    def __init__(self, plant, *, seed, today, now, has_ledger=True):
        self.plant, self.seed, self.today, self.now, self.has_ledger = plant, seed, today, now, has_ledger
        self.calendar = read_calendar()
        self.serials = {}
        self.tags = {}
        self.key = IdentityKey.objects.filter(retired_at__isnull=True).first()
        self.tables = {
            model: Table(model)
            for model in (
                Promise,
                Inquiry,
                Assignment,
                ReturnRequest,
                Plan,
                Reply,
                Delivery,
                Message,
                Rating,
                Redaction,
                Hiding,
                Pause,
                Extension,
                Entry,
                Notice,
            )
        }
        self.hosts = {}  # matters that a later one of the same content may be merged into, by subject
        self._due = {}

    def add(self, model, **values):
        self.tables[model].add(**values)

    def flush(self):
        """Write what has been gathered, parents first."""
        for table in self.tables.values():
            table.flush()

    def due(self, rule, started_on):
        key = (rule, started_on)
        if key not in self._due:
            self._due[key] = due_day(rule, started_on, self.calendar)
        return self._due[key]

    def serial(self, year):
        self.serials[year] = self.serials.get(year, 0) + 1
        return self.serials[year]
