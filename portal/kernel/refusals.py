"""Refusals that are no fault of the program, each with the page that explains it."""


class Conflict(Exception):
    """The thing has moved on since the page was shown (409); the reason may be shown."""

    def __init__(self, reason=""):
        super().__init__(reason)
        self.reason = reason


class TooMany(Exception):
    """A limit was reached (429); ``retry_after`` says in seconds when to come back."""

    def __init__(self, reason="", *, retry_after=60):
        super().__init__(reason)
        self.reason, self.retry_after = reason, retry_after


class Unavailable(Exception):
    """A part of the portal cannot be reached for now (503)."""

    def __init__(self, reason="", *, retry_after=120):
        super().__init__(reason)
        self.reason, self.retry_after = reason, retry_after
