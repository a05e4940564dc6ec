"""What the evaluations put on the home of somebody signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .queries.home import ASSESSMENT, POLL, ROUND, SATISFACTION, waiting_at_home


@dataclass(frozen=True)
class Card:
    """A line of the home: what it is, where it leads, what is asked for, until when."""

    title: str
    url: str
    act: str
    icon: str
    due: datetime | None
    has_time: bool


TICK = timedelta(microseconds=1)
ACTS = {
    ROUND: (gettext_lazy("Waits for your form"), "clipboard-check"),
    SATISFACTION: (gettext_lazy("Waits for your form"), "vote"),
    f"{POLL}draft": (gettext_lazy("To be opened"), "lock-open"),
    f"{POLL}open": (gettext_lazy("Time is over: to be counted"), "key-round"),
    f"{POLL}closed": (gettext_lazy("To be counted"), "key-round"),
    f"{POLL}counted": (gettext_lazy("Result to be published"), "megaphone"),
    f"{ASSESSMENT}planned": (gettext_lazy("Name the group and open it"), "users"),
    f"{ASSESSMENT}self": (gettext_lazy("Self-assessment to send"), "square-pen"),
    f"{ASSESSMENT}group": (gettext_lazy("Items to check, points to give"), "list-checks"),
    f"{ASSESSMENT}draft": (gettext_lazy("Draft result to answer or decide on"), "message-square"),
    f"{ASSESSMENT}final": (gettext_lazy("Say what is to be put right"), "flag"),
    f"{ASSESSMENT}rectifying": (gettext_lazy("To put right and report"), "flag"),
    f"{ASSESSMENT}recheck": (gettext_lazy("To re-check"), "search-check"),
}


def waiting(person, at, *, count):
    """Return the Cards of what waits for somebody, by one statement."""
    return [_card(one) for one in waiting_at_home(person, at, count=count)]


def _card(one):
    act, icon = ACTS[one.kind]
    about = {"unit": one.title, "year": one.year}
    title, route, due = one.title, "evaluations:round", one.due
    if one.kind.startswith(ASSESSMENT):
        title, route = _("Assessment of %(unit)s, %(year)s") % about, "evaluations:assessment"
        due = due and due - TICK  # a promise is late from the midnight after its day on
    elif one.kind != ROUND:
        title, route = _("Satisfaction of the staff of %(unit)s, %(year)s") % about, "evaluations:satisfaction"
    has_time = not one.kind.startswith(ASSESSMENT)
    return Card(title, reverse(route, args=[one.key]), str(act), icon, due, has_time)
