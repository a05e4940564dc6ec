"""A day in an address."""

import datetime as dt


class DayConverter:
    """An ISO date such as 2026-11-22; what is no day is no address."""

    regex = r"20\d{2}-\d{2}-\d{2}"

    def to_python(self, value):
        return dt.date.fromisoformat(value)

    def to_url(self, value):
        return str(value)
