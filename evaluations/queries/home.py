"""What of the evaluations waits for somebody on the home, by one statement."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Concat

from portal.ballots.enums import PollState

from .assessments import assessments_owed
from .rounds import waiting_for
from .satisfaction import open_for, polls_on_desk

ROUND, SATISFACTION, POLL, ASSESSMENT = "round", "satisfaction", "poll_", "assessment_"
COLUMNS = ("home_kind", "pk", "home_title", "home_year", "home_due")


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what it is and how far it has come, its key, its name, of which year, until when."""

    kind: str
    key: UUID
    title: str
    year: int
    due: datetime | None


def waiting_at_home(user, at, *, count):
    """Return what waits for somebody: forms to fill in, polls to look after, assessments; the soonest due first."""
    rows = waiting_for(user, at).annotate(
        home_kind=_text(ROUND), home_title=F("title"), home_year=F("year"), home_due=F("closes_at")
    )
    polls = open_for(user, at).filter(has_sent=False)
    is_over = ~Q(poll__state=PollState.OPEN) | Q(poll__closes_at__lte=at)
    kept = polls_on_desk(user).filter(is_over)
    others = [
        _plain(polls, _text(SATISFACTION), F("poll__closes_at")),
        _plain(kept, Concat(_text(POLL), F("poll__state")), F("poll__closes_at")),
        _plain(assessments_owed(user, at), Concat(_text(ASSESSMENT), F("state")), F("promise__due_at")),
    ]
    united = rows.order_by().values_list(*COLUMNS).union(*others, all=True)
    found = [Waiting(*row) for row in united[: 10 * count]]
    return sorted(found, key=lambda one: (one.due is None, one.due or at, one.title, one.key))[:count]


def _text(words):
    return Value(words, output_field=CharField())


def _plain(rows, kind, due):
    rows = rows.annotate(home_kind=kind, home_title=F("unit__name"), home_year=F("year"), home_due=due)
    return rows.order_by().values_list(*COLUMNS)
