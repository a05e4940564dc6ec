"""Words about a session that pages and papers say alike."""

from django.utils.translation import gettext

from portal.kernel.days import LOCAL
from portal.kernel.templatetags.words import say_day
from portal.kernel.texts import colon

from .enums import SessionKind


def when_of(session):
    """Return [(term, value)] of when, where and how a session meets."""
    clock = f"{session.opens_at.astimezone(LOCAL):%H:%M}"
    pairs = [(gettext("Opening"), f"{say_day(session.opens_on)} {clock}")]
    if session.closes_on != session.opens_on:
        pairs.append((gettext("Closing day"), say_day(session.closes_on)))
    pairs += [
        (gettext("Place"), session.place),
        (gettext("How the delegates meet"), session.get_mode_display()),
    ]
    if session.kind == SessionKind.EXTRA:
        pairs.append((gettext("Who asked for it"), f"{session.get_proposer_display()}{colon()}{session.purpose}"))
    return pairs


def composition_label(code):
    """Return what a line of the composition counts."""
    return {
        "leaders": gettext("middle managers and leaders"),
        "women": gettext("women"),
        "frontline": gettext("front-line workers"),
        "technicians": gettext("technicians"),
    }[code]
