"""Promises with plain defaults: a card's answer, thirty days, owed by the company."""

import datetime as dt
import uuid

from portal.deadlines.kinds import Kind, register_kind
from portal.deadlines.ladders import CARD_LADDER, SHORT_LADDER
from portal.deadlines.operations import make_promise as _make
from portal.kernel.days import day_start
from tests.factories.people import make_unit

STARTED_ON = dt.date(2026, 3, 2)

ANSWER = Kind(
    code="test.answer",
    label="answer",
    opening="accepted",
    rule="month_or_days:30",
    ladder=CARD_LADDER,
    can_pause=True,
    can_extend=True,
)
WORKDAYS = Kind(
    code="test.return", label="return", rule="workdays:7", ladder=SHORT_LADDER, can_pause=True, can_extend=True
)
SECRET = Kind(code="test.secret", label="answer", rule="days:30", public=False)
for _kind in (ANSWER, WORKDAYS, SECRET):
    register_kind(_kind)


def make_subject():
    """Make the key of a thing that no table holds."""
    return f"tests.thing:{uuid.uuid4()}"


def make_promise(**over):
    """Make an open promise; the start of its first day is when it is made."""
    started_on = over.setdefault("started_on", STARTED_ON)
    plain = {"kind": "test.answer", "at": day_start(started_on)}
    if "unit" not in over:
        plain["unit"] = make_unit()
    if "subject" not in over:
        plain["subject"] = make_subject()
    return _make(**{**plain, **over})
