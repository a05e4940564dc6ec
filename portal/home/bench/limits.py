"""
The limits: the least a Django page can cost that reads or writes what it must.

Each returns as many bytes as the page it stands beside, after the one statement
it cannot do without; nothing of the portal runs but the middleware a bare
project has.
"""

import uuid

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpResponse
from django.middleware.common import CommonMiddleware
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from portal.accounts.models import Person
from portal.ballots.benching import insert_plainly

BODY = b"x" * (1024 * 1024)
ROWS = 25
MATTERS = 30


def rows_of_people():
    """Read 25 rows by their key, as every list page must."""
    return list(Person.objects.order_by("pk").values_list("pk", "name", "job_no", "unit_id")[:ROWS])


def one_select(request, size):
    """A list page anybody may see: one statement."""
    rows = rows_of_people()
    return HttpResponse(BODY[: max(0, size - len(rows))] + b"." * len(rows))


def signed_in(request, size):
    """A list page for a person: session, person, one statement."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return one_select(request, size)


def one_insert(request, size):
    """A page that stores one row and says so; committed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO deadlines_heartbeat (name, beat_at, detail) VALUES (%s, %s, %s)",
            [f"bench:{uuid.uuid4()}", "2000-01-01 00:00:00+00:00", "{}"],
        )
    return HttpResponse(BODY[:size])


def one_ballot(request, size):
    """A ballot without any secrecy: who it is, then the mark and all answers by one statement; committed."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    elector = uuid.uuid4().hex
    rows = [(elector, "", ""), *((elector, f"q{place}", "for") for place in range(1, MATTERS + 1))]
    with transaction.atomic():
        insert_plainly("limit", rows)
    return HttpResponse(BODY[:size])


LIMITS = {limit.__name__: limit for limit in (one_select, signed_in, one_insert, one_ballot)}
WITH_PERSON = frozenset({"signed_in", "one_ballot"})


def chain_of(view, *, size):
    """Return the limit's view behind the middleware it cannot do without."""

    def answer(request):
        return view(request, size)

    def with_person(request):
        request.user = SimpleLazyObject(lambda: get_user(request))
        return answer(request)

    return SecurityMiddleware(
        CommonMiddleware(SessionMiddleware(with_person) if view.__name__ in WITH_PERSON else answer)
    )


def shot_of(name, *, size, cookies=None):
    """Return a shot that asks the limit's page."""
    chain, factory = chain_of(LIMITS[name], size=size), RequestFactory()

    def shot():
        request = (
            factory.post(f"/{name}/", {"text": "x"})
            if name in ("one_insert", "one_ballot")
            else factory.get(f"/{name}/")
        )
        request.COOKIES.update(cookies or {})
        return chain(request).content

    return shot
