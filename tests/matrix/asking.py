"""Asking for a page as somebody, in a savepoint, and looking at what came of it."""

import re
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from portal.kernel.anonymity import buckets

WRITE = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+\"?(\w+)", re.I)
# What a page may write while it is only read, and why.
ALLOWED_WRITES = {
    "django_session": "the guard notes every five minutes that a session is in use",
}


@dataclass
class Answer:
    """What a request came back with."""

    response: object
    status: int
    text: str = ""
    content: bytes = b""
    wrote: list = field(default_factory=list)
    statements: list = field(default_factory=list)

    @property
    def is_taken(self):
        """Whether a form was taken: no list of faults came back."""
        return self.status in (200, 302) and 'id="error-summary"' not in self.text

    @property
    def cell(self):
        """The answer as a cell of the table: the status, or "in" for the way to the sign-in page."""
        if self.status == 302 and self.response.url.partition("?")[0] == reverse("accounts:sign_in"):
            return "in"
        return str(self.status)


def body_of(response):
    """Return the whole content as bytes, whether it streams or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


class QuickClient(Client):
    """A client that keeps no contexts of templates and looks at no page: five thousand requests are asked with it."""

    def request(self, **request):
        response = self.handler(self._base_environ(**request))
        response.resolver_match = getattr(response.wsgi_request, "resolver_match", None)
        return response


class Asker:
    """Ask as a role of the stage; what is written is taken back after each request."""

    client_class = QuickClient

    def __init__(self, stage, sessions=None):
        self.sessions = stage.sessions if sessions is None else sessions
        self.is_clean = False
        self.handler = None

    def client(self, role):
        """Return a client with the role's session."""
        client = self.client_class(raise_request_exception=False)
        # One chain of middleware serves every visitor, as it does outside of tests.
        self.handler = client.handler = self.handler or client.handler
        if key := self.sessions.get(role):
            client.cookies[settings.SESSION_COOKIE_NAME] = key
        return client

    def __call__(self, role, method, path, data=None, *, keep=False, **extra):
        """Send one request; ``keep`` leaves what it wrote."""
        statements = []

        def watch(execute, sql, params, many, context):
            if not sql.startswith("SELECT") and (found := WRITE.match(sql)) and found[2] not in ALLOWED_WRITES:
                statements.append((found[2], sql, params))
            return execute(sql, params, many, context)

        # What a POST has kept may be of rows that are taken back; what reading keeps may serve the next reader,
        # as it does outside of tests: a part kept for one role and shown to another would be found.
        if method not in ("GET", "HEAD") or not self.is_clean:
            cache.clear()
        self.is_clean = method in ("GET", "HEAD")
        buckets.day = None  # a day's share of anonymous cards is not what is tried here
        client = self.client(role)
        point = transaction.savepoint()
        try:
            with connection.execute_wrapper(watch):
                response = getattr(client, method.lower())(path, data, **extra)
                content = body_of(response)
        finally:
            (transaction.savepoint_commit if keep else transaction.savepoint_rollback)(point)
        is_text = "charset" in response.headers.get("Content-Type", "") or "text/" in response.headers.get(
            "Content-Type", ""
        )
        return Answer(
            response,
            response.status_code,
            content.decode(errors="replace") if is_text else "",
            content,
            [table for table, *_ in statements],
            statements,
        )
