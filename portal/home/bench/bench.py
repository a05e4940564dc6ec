"""What an operation may ask of the bench: people, sessions, shots at pages."""

import importlib
import pkgutil
import resource
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.utils.crypto import get_random_string

from portal.accounts.enums import DeviceKind
from portal.accounts.guard import begin, prove
from portal.accounts.models import Appointment, Person

from . import operations
from .limits import WITH_PERSON, shot_of
from .meter import TURNS, measure
from .registry import OPERATIONS


class UnexpectedAnswer(Exception):
    """A page answered something else than what was to be measured."""


@dataclass(frozen=True)
class Visit:
    """What a shot asks for, so that a browser can ask the same."""

    path: str
    cookies: dict
    data: object
    status: int


class Bench:
    """One run at a moment: its people and their sessions."""

    def __init__(self, at, *, turns=None):
        self.at = at
        self.turns = turns or TURNS
        self._cookies = {}
        self._handler = WSGIHandler()
        self.visits = {}  # name of an operation: (visit, its limit, bytes)

    def person(self, role=None):
        """Return somebody who holds the role, or a worker without any."""
        if role is None:
            ready = Person.objects.filter(has_to_change_secret=False)
            return ready.filter(appointments__isnull=True, is_active=True).order_by("pk")[0]
        holders = Appointment.objects.current(self.at).filter(person__has_to_change_secret=False)
        # The one who covers most: the board of the whole enterprise.
        return holders.filter(role=role).order_by("unit__path", "since", "pk")[0].person

    def cookies(self, person):
        """Return the cookies of a session of the person, made the first time."""
        if person is None:
            return {}
        if person.pk not in self._cookies:
            client = Client()
            client.force_login(person)
            session = client.session
            begin(session, kind=DeviceKind.PHONE, at=self.at)
            prove(session, at=self.at)
            session.save()
            self._cookies[person.pk] = {settings.SESSION_COOKIE_NAME: session.session_key}
        return self._cookies[person.pk]

    def page(self, path, *, person=None, data=None, status=200):
        """
        Return a shot that asks for the page (or posts ``data``, which may be a callable) through the whole stack.

        :raises UnexpectedAnswer: from the shot, when the status is another; a sign-in page is fast and proves nothing.
        """
        ask = self._asker(path, person=person, data=data)
        visit = Visit(path, self.cookies(person), data, status)

        def shot():
            response = ask()
            if response.status_code != status:
                raise UnexpectedAnswer(f"{path}: {response.status_code} instead of {status}")
            return response.content

        shot.visit = visit
        return shot

    def again(self, path):
        """Return a shot that asks for a page the browser still holds; it must be told so."""
        first = self._asker(path)()
        cookies = {name: morsel.value for name, morsel in first.cookies.items()}
        ask = self._asker(path, headers={"HTTP_IF_NONE_MATCH": first.headers.get("ETag", "")}, cookies=cookies)

        def shot():
            response = ask()
            if response.status_code != 304:
                raise UnexpectedAnswer(f"{path}: {response.status_code} instead of 304")

        return shot

    def once_each(self, path, people, *, data, status=200):
        """Return a shot that posts ``data`` as the next of the people each time: what nobody may do twice."""
        asks = (self._asker(path, person=person, data=data) for person in people)

        def shot():
            response = next(asks)()
            if response.status_code != status:
                raise UnexpectedAnswer(f"{path}: {response.status_code} instead of {status}")
            return response.content

        return shot

    def _asker(self, path, *, person=None, data=None, headers=None, cookies=None):
        """Return a callable that sends a request into the portal as its server would, without a test client's work."""
        handler, factory = self._handler, RequestFactory(HTTP_HOST="localhost", **(headers or {}))
        cookies = {**self.cookies(person), **(cookies or {})}
        if data is not None:
            cookies[settings.CSRF_COOKIE_NAME] = token = get_random_string(32)

        def ask():
            if data is None:
                request = factory.get(path)
            else:
                sent = {**(data() if callable(data) else data), "csrfmiddlewaretoken": token}
                # As browsers send a form without files.
                request = factory.post(path, urlencode(sent, doseq=True), "application/x-www-form-urlencoded")
            request.COOKIES.update(cookies)
            return handler.get_response(request)

        return ask

    def run(self, names=(), *, say=lambda line: None):
        """Measure the named operations (default: all) beside their limits; return their rows."""
        rows = []
        for name in names or sorted(OPERATIONS):
            operation = OPERATIONS[name]
            shot = operation.prepare(self)
            shots = {name: (shot, operation.rounds)}
            if operation.limit:
                shots["limit"] = (self._limit_of(operation, shot), None)
            found = measure(shots, turns=self.turns)
            rows.append(_row(operation, found[name], found.get("limit")))
            say(line_of(rows[-1]))
        return rows

    def _limit_of(self, operation, shot):
        """Return the shot of an operation's limit: one of the pages of ``limits``, or one of its own."""
        size = len(shot() or b"")
        if operation.has_loop:
            self.visits[operation.name] = (shot.visit, operation.loop_limit or operation.limit, size)
        if callable(operation.limit):
            return operation.limit(self, size)
        person = self.person() if operation.limit in WITH_PERSON else None
        return shot_of(operation.limit, size=size, cookies=self.cookies(person))


def _row(operation, reading, limit):
    named = operation.limit.__name__ if callable(operation.limit) else operation.limit
    row = reading.as_dict() | {"limit": named, "goal": operation.goal}
    row["limit_cpu_ms"] = limit.cpu_ms if limit else None
    row["ratio"] = round(reading.cpu_ms / limit.cpu_ms, 2) if limit and limit.cpu_ms else None
    row["limit_p95_ms"] = limit.p95_ms if limit else None
    row["failed"] = [
        what
        for what, value, goal in (
            ("ratio", row["ratio"], operation.goal),
            ("statements", reading.statements, operation.statements),
            ("KiB", reading.kib, operation.kib),
        )
        if goal is not None and value is not None and value > goal
    ]
    return row


HEAD = f"{'operation':<28}{'CPU ms':>9}{'limit':>9}{'ratio':>7}{'goal':>6}{'SQL':>5}{'KiB':>8}{'p95 ms':>9}  "


def line_of(row):
    """Return a row of the table as text."""
    cells = (row["limit_cpu_ms"], row["ratio"], row["goal"])
    limit, ratio, goal = ("" if cell is None else f"{cell:g}" for cell in cells)
    words = "over: " + ", ".join(row["failed"]) if row["failed"] else "ok" if row["goal"] else ""
    return (
        f"{row['name']:<28}{row['cpu_ms']:>9g}{limit:>9}{ratio:>7}{goal:>6}"
        f"{row['statements']:>5}{row['kib']:>8g}{row['p95_ms']:>9g}  {words}"
    )


def memory_mib():
    """Return the most memory this process has held so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def load_operations():
    """Import every module of ``operations``; importing registers."""
    for module in pkgutil.iter_modules(operations.__path__, f"{operations.__name__}."):
        importlib.import_module(module.name)
