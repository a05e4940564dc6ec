"""The public list of motions, newest first: rows as plain text, which is the key of whatever is kept of them."""

import datetime as dt
import uuid

from django.db.models import DateTimeField, UUIDField

from portal.kernel.paging import KeysetPage, beyond, keyset_page, read_token, token_of
from portal.kernel.prepared import Prepared, Row, Slot, instance_of

from ..models import Motion
from .motions import public_motions

PAGE_SIZE = 25
ORDER = ("-handed_in_at", "-id")
CLOCK = (
    *("id", "kind", "due_on", "due_at", "first_due_on", "paused_on", "paused_days", "met_at", "ended_at", "missed_at"),
    *("end_code", "next_step", "is_provisional", "extended_days", "extension_reason"),
)
# What a row of the public list shows, and no more: of nine tables in full each row would be two hundred values.
FIELDS = (
    *("id", "title", "serial", "category", "state", "is_open", "best_reason", "handed_in_at"),
    *("term__id", "term__number", "call__id", "call__session__id", "call__session__number"),
    *("inquiry__id", "inquiry__public_subject", "inquiry__state", "inquiry__redo_count"),
    *("inquiry__lead_unit__id", "inquiry__lead_unit__name", *(f"inquiry__promise__{name}" for name in CLOCK)),
)


def motions_page(rows, *, token):
    """Return a page of public motions that fit the filters, as lines: see ``motion_of``; no rows: of all there are."""
    if rows is None:
        return _plain_page(token)
    rows = rows.select_related(None).annotate(line=Row(*FIELDS)).values_list("handed_in_at", "id", "line", named=True)
    page = keyset_page(rows, order=ORDER, token=token, size=PAGE_SIZE)
    return KeysetPage([row.line for row in page], page.next_token, page.is_first)


def motion_of(line):
    """Return the motion of a line, with what belongs to it, as far as the list shows them."""
    return instance_of(Motion, FIELDS, line)


def _plain_page(token):
    after = read_token(token, len(ORDER))
    if after is not None and not (isinstance(after[0], dt.datetime) and isinstance(after[1], uuid.UUID)):
        after = None
    values = dict(zip(("last_at", "last_id"), after, strict=True)) if after else {}
    lines = [line for (line,) in PLAIN[after is not None].rows(**values)]
    next_token = token_of(motion_of(lines[PAGE_SIZE - 1]), ORDER) if len(lines) > PAGE_SIZE else ""
    return KeysetPage(lines[:PAGE_SIZE], next_token, after is None)


def _plain_rows(is_after):
    rows = public_motions().select_related(None)
    if is_after:
        rows = rows.filter(beyond(ORDER, (Slot("last_at", DateTimeField()), Slot("last_id", UUIDField()))))
    return rows.order_by(*ORDER).values_list(Row(*FIELDS))[: PAGE_SIZE + 1]


# What nearly all ask for; the first page names no value at all, so that one plan fits it.
PLAIN = {
    False: Prepared(lambda: _plain_rows(False), by_key=True),
    True: Prepared(lambda: _plain_rows(True), by_now=True),
}
