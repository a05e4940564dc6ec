"""What runs by itself: appearing, ending, opening duties."""

from .duties import open_duties
from .showing import close_notices, expire_due, publish_due


def run_minute(*, at):
    """Record what has appeared; safe to run any number of times."""
    return {"published": publish_due(at=at)}


def run_daily(*, at):
    """Open duties of ended periods, end displays and notices; safe to run any number of times."""
    return {
        "opened": open_duties(at=at),
        "closed": close_notices(at=at),
        "expired": expire_due(at=at),
    }
