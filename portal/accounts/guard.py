"""
How long a session lives, and when its person last proved to be there.

Everything is kept in the session itself, in coarse steps: five minutes say
when to end an idle session and do not say when somebody wrote a card.
"""

import datetime as dt

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from .devices import STAYS
from .enums import DeviceKind

STEP = 300
STEP_UP_MINUTES = 10
KIND, UNTIL, SEEN, PROVED = "device", "until", "seen", "proved"


def _floor(at):
    return int(at.timestamp()) // STEP * STEP


def begin(session, *, kind, at):
    """Start the clocks of a new session."""
    stay = STAYS[kind]
    session[KIND] = str(kind)
    session[UNTIL] = _floor(at + stay.absolute) + STEP
    session[SEEN] = _floor(at)
    session[PROVED] = int(at.timestamp())
    # A phone keeps its cookie; elsewhere it goes with the browser window.
    session.set_expiry(int(stay.absolute.total_seconds()) if kind == DeviceKind.PHONE else 0)
    if kind == DeviceKind.KIOSK:
        touch(session, at=at)


def kind_of_session(session):
    """Return the session's kind of device; one without a kind is held to the strictest office rule."""
    return DeviceKind(session.get(KIND, DeviceKind.DESKTOP))


def ended_because(session, *, at):
    """Return "idle" or "absolute" when the session's time is over, else ""."""
    kind = kind_of_session(session)
    if at.timestamp() >= session.get(UNTIL, 0):
        return "absolute"
    if kind == DeviceKind.KIOSK:
        return "" if cache.get(_seen_key(session)) else "idle"
    idle = STAYS[kind].idle
    # Counted from the start of the step, so that it ends up to five minutes early and never late.
    if idle is not None and at.timestamp() - session.get(SEEN, 0) >= idle.total_seconds():
        return "idle"
    return ""


def touch(session, *, at):
    """Note that a page was asked for: once in five minutes in the session, each time in the cache for a kiosk."""
    if kind_of_session(session) == DeviceKind.KIOSK:
        cache.set(_seen_key(session), True, int(STAYS[DeviceKind.KIOSK].idle.total_seconds()))
    elif STAYS[kind_of_session(session)].idle is not None and session.get(SEEN) != _floor(at):
        session[SEEN] = _floor(at)


def prove(session, *, at):
    """Note that the person has just typed the secret."""
    session[PROVED] = int(at.timestamp())


def has_proved(session, *, at):
    """Whether the secret was typed within the last ten minutes."""
    age = at.timestamp() - session.get(PROVED, 0)
    return 0 <= age < dt.timedelta(minutes=STEP_UP_MINUTES).total_seconds()


def _seen_key(session):
    # The cache is less guarded than the session table: no session key is written there in clear.
    digest = salted_hmac("portal.accounts.kiosk", session.session_key or "", algorithm="sha256").hexdigest()
    return f"kiosk:{digest}"
