"""How the library's texts are read: since when they hold, how they stand on a day, what they consist of."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.kernel.richtext import blocks_of
from portal.kernel.templatetags.words import say_day

from .standing import Standing

SHOWN_OF_CLAUSE = 18


@dataclass(frozen=True)
class Validity:
    """The days on which a row holds: from the first one up to, and without, the end."""

    start: object
    end: object

    def covers(self, day):
        """Whether the row holds on a day."""
        return self.start <= day and (self.end is None or day < self.end)


def validity(version):
    """Return the days on which an approved row holds."""
    return Validity(version.in_force_from, version.in_force_to)


def standing_row(version, today):
    """Return how one row of a regulation stands today; a comparison with the clock."""
    start, end = version.in_force_from, version.in_force_to
    begins = _("from %(day)s") % {"day": say_day(start)}
    if start > today:
        word = _("to be repealed") if version.is_repeal else _("coming into force")
        return Standing("coming", "blue", word, begins)
    if end is not None and end <= today:
        until = _("from %(day)s until %(end)s") % {"day": say_day(start), "end": say_day(end)}
        return Standing("past", "grey", _("no longer in force"), until)
    if version.is_repeal:
        return Standing("repealed", "grey", _("repealed"), begins)
    ends = _("from %(day)s until %(end)s") % {"day": say_day(start), "end": say_day(end)} if end else begins
    return Standing("in_force", "green", _("in force"), ends)


def standing_of(versions, shown, today):
    """Return how what is shown stands today; of nothing, that it was not there yet."""
    if shown is None:
        return Standing("before", "grey", _("not in force yet"))
    return standing_row(shown, today)


@dataclass(frozen=True)
class Entry:
    """A line of the table of contents: where it leads, what it says, and whether it is a chapter."""

    anchor: str
    label: str
    words: str
    is_chapter: bool


def contents_of(markup):
    """Return the chapters and articles of a text with their anchors; other paragraphs have none in the table."""
    entries = []
    for clause in blocks_of(markup):
        is_heading = clause.tag.startswith("h")
        is_named = clause.anchor[0] in "azs" and clause.label
        if not is_heading and not is_named:
            continue
        is_chapter = is_heading or clause.anchor[0] in "zs"
        rest = clause.text.removeprefix(clause.label).strip(" \u3000\n") if is_named else clause.text
        words = rest if is_chapter or len(rest) <= SHOWN_OF_CLAUSE else f"{rest[:SHOWN_OF_CLAUSE]}…"
        entries.append(Entry(clause.anchor, clause.label if is_named else "", words, is_chapter))
    return entries
