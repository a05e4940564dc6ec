"""What people type about a meeting: a time of day, an agenda line by line, figures line by line."""

import math
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.kernel.forms import CleanTextField
from portal.kernel.texts import clean_line, to_halfwidth

AGENDA_MAX, ROWS_MAX = 20, 20
TITLE_MAX, SPEAKER_MAX, LABEL_MAX = 80, 40, 30
LARGEST = 1e12
_SEPARATOR = re.compile(r"[;；|｜\t]")  # noqa: RUF001 -- what people type
_NUMBERED = re.compile(r"(.*?)[\s(（]*([0-9]{4,12})[)）]?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,4})?")


@dataclass(frozen=True)
class Point:
    """One cleaned line of an agenda."""

    title: str
    speaker: str
    person: object
    minutes: int | None


def lines_of(text):
    """Return (number of the line, its cells) of what was typed, empty lines left out."""
    return [
        (number, [clean_line(cell) for cell in _SEPARATOR.split(line)])
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]


class AgendaField(CleanTextField):
    """An agenda, a line a point: what; who speaks, with a job number if they are to be told; minutes."""

    default_error_messages = {
        "too_many": _("An agenda has at most %(n)d points."),
        "too_long": _("Line %(line)d: what it is about has up to 80 characters, the speaker up to 40."),
        "cells": _("Line %(line)d has more than three parts."),
        "minutes": _("Line %(line)d: the minutes are a whole number from 1 to 480."),
        "unknown": _("Line %(line)d: nobody on the roster has the job number %(code)s."),
    }

    def clean(self, value):
        rows, faults = [], []
        lines = lines_of(super().clean(value))
        if len(lines) > AGENDA_MAX:
            raise ValidationError(self.error_messages["too_many"], code="too_many", params={"n": AGENDA_MAX})
        for number, cells in lines:
            title, speaker, minutes = [*cells, "", ""][:3]
            speaker, code = self._speaker(speaker)
            amount = to_halfwidth(minutes)
            if len(cells) > 3:
                faults.append(("cells", {"line": number}))
            elif not title or len(title) > TITLE_MAX or len(speaker) > SPEAKER_MAX:
                faults.append(("too_long", {"line": number}))
            elif amount and not (re.fullmatch("[0-9]{1,3}", amount) and 1 <= int(amount) <= 480):
                faults.append(("minutes", {"line": number}))
            rows.append((number, title, speaker, code, amount))
        people = self._people({code for _n, _t, _s, code, _a in rows if code})
        faults += [
            ("unknown", {"line": number, "code": code})
            for number, _t, _s, code, _a in rows
            if code and code not in people
        ]
        if faults:
            raise ValidationError(
                [ValidationError(self.error_messages[name], code=name, params=params) for name, params in faults]
            )
        return tuple(
            Point(title, speaker or people[code].name if code else speaker, people.get(code), int(amount or 0) or None)
            for _n, title, speaker, code, amount in rows
        )

    @staticmethod
    def _speaker(cell):
        found = _NUMBERED.fullmatch(to_halfwidth(cell))
        return (found[1].strip(), found[2]) if found else (cell, "")

    @staticmethod
    def _people(codes):
        return {person.job_no: person for person in Person.objects.filter(job_no__in=codes)} if codes else {}


def agenda_text(points):
    """Return an agenda as it is typed, from its rows with ``speaker_person`` fetched."""
    return "\n".join(
        "；".join(
            [
                point.title,
                f"{point.speaker} {point.speaker_person.job_no}" if point.speaker_person else point.speaker,
                str(point.minutes or ""),
            ]
        ).rstrip("；")
        for point in points
    )


def number_in(cell):
    """
    Return the number in a cell, or None where there is none.

    :raises ValueError: for anything else.
    """
    text = to_halfwidth(cell).replace(",", "").strip()
    if text in ("", "-", "–", "—"):
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(cell)
    value = float(text)
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ValueError(cell)
    return int(value) if value == int(value) else value


def rows_text(rows):
    """Return figures as they are typed."""
    return "\n".join("；".join("" if cell is None else str(cell) for cell in row).rstrip("；") for row in rows)
