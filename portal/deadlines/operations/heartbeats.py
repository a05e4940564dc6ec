"""Evidence that a job has run to its end."""

from ..models import Heartbeat


def beat(name, at, **detail):
    """Note that a job ended at a moment, with what it did; the watchdog banner and /readyz read it."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": at, "detail": detail})
