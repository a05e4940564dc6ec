"""Session rows whose expiry tells the day, never the moment, of a sign-in."""

import datetime as dt

from django.contrib.sessions.backends import cached_db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from portal.kernel.days import LOCAL
from portal.kernel.prepared import PreparedInstances, Slot

# Asked for every page of somebody signed in whose session the cache has forgotten.
_SESSION = PreparedInstances(
    lambda: Session.objects.filter(
        session_key=Slot("key", CharField()), expire_date__gt=Slot("at", DateTimeField())
    ).order_by(),
    by_key=True,
)


class SessionStore(cached_db.SessionStore):
    """
    Sessions in cache and database, with an expiry rounded up to midnight.

    A row's expiry to the microsecond would give away when somebody signed in,
    and could be joined with the arrival of an anonymous card (trust A6). How
    long a session really lives is the guard's business (portal.accounts.middleware).
    """

    cache_key_prefix = "portal.accounts.sessions"

    def _get_session_from_db(self):
        session = _SESSION.one(key=self.session_key, at=timezone.now())  # noqa: TID251 -- a request's now
        if session is None:
            self._session_key = None
        return session

    def get_expiry_date(self, **kwargs):
        exact = super().get_expiry_date(**kwargs)
        day = timezone.localtime(exact, LOCAL).date() + dt.timedelta(days=1)
        return dt.datetime.combine(day, dt.time(), tzinfo=LOCAL).astimezone(dt.UTC)

    def save(self, must_create=False):
        """Save the session; a database that is away is said to be away, and not taken for a session that has ended."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise
