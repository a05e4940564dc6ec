"""
The lines at the very end of an official document (版记): who else gets it, who printed it when.

    OfficialDocument(title=…, body=[…, Colophon(copies=["报送：公司党委"], issuer="公司工会", day=day)])
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal.exports.official import FANGSONG, SIZE_4, indent, lines_at, official_day
from portal.kernel.texts import clean_text

THICK, THIN = 8, 4  # eighths of a point: 0.35 mm and 0.25 mm


@dataclass(frozen=True)
class Colophon:
    """The last part of a body; ``copies`` are whole lines."""

    copies: Sequence
    issuer: object
    day: dt.date

    def write(self, writer):
        writer.empty()
        lines = [*self.copies, f"{self.issuer}\u3000\u3000{official_day(self.day)}印发"]
        for number, line in enumerate(lines):
            paragraph = writer.paragraph(clean_text(line), FANGSONG, SIZE_4)
            indent(paragraph, leftChars=100, left=280, rightChars=100, right=280)
            is_last = number == len(lines) - 1
            paragraph.paragraph_format.keep_with_next = not is_last
            # Thick above the first and below the last line, thin between them (GB/T 9704-2012, 7.4.1).
            edges = [("top", THIN if number else THICK)] + ([("bottom", THICK)] if is_last else [])
            lines_at(paragraph, edges, "000000")
