"""The answer to "may this person do this?": yes, or no with a reason that can be read aloud."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True)
class Verdict:
    """A yes, or a no with its reason in the reader's language; true when it is a yes."""

    is_allowed: bool
    reason: str = ""

    def __bool__(self):
        return self.is_allowed


ALLOWED = Verdict(True)


class OperationRefused(PermissionDenied):
    """An operation was refused under its lock; ``reason`` may be shown to the person."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def denied(reason):
    """Return a no with the sentence that the refused person reads."""
    return Verdict(False, reason)


def require(verdict):
    """
    Go on only when the verdict is a yes.

    :raises OperationRefused: with the verdict's reason.
    """
    if not verdict:
        raise OperationRefused(verdict.reason)
