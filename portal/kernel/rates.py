"""
How often anybody may do what costs the portal something: every limit of this sort, in one place.

Counted in the cache, by minutes and hours of the clock, under a digest of who
asks. A cache that is away counts nothing: a limit saves work, it guards no secret.
"""

from dataclasses import dataclass

from django.core.cache import cache
from django.utils.crypto import salted_hmac


@dataclass(frozen=True)
class Rate:
    """At most so often in so many seconds."""

    most: int
    seconds: int


RATES = {
    # Thirty searches a minute (trust A9): a person who reads results stays far below.
    "search": Rate(most=30, seconds=60),
    # A year of a whole enterprise is some thousand rows: enough for somebody who looks for the right one.
    "ledger.file": Rate(most=10, seconds=3600),
    # A board tells once a minute what it has shown; after a reload or in two windows a little more often.
    "board.pulse": Rate(most=12, seconds=60),
}


def wait_for(name, who, *, at):
    """Count one for ``who`` and return 0, or the seconds to wait when the limit is reached; refusals count as well."""
    rate = RATES[name]
    window, gone = divmod(int(at.timestamp()), rate.seconds)
    # The cache is less guarded than the database: no address and no key of a person is written there in clear.
    digest = salted_hmac("portal.kernel.rates", f"{name}:{window}:{who}", algorithm="sha256").hexdigest()[:32]
    key = f"rate:{digest}"
    return rate.seconds - gone if _counted(key, rate.seconds) > rate.most else 0


def _counted(key, seconds):
    """Count one under a key that goes after so many seconds, and return how many there are by now."""
    if hasattr(cache, "count"):
        return cache.count(key, seconds)
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # dropped between the two, by a full cache or the end of its time
        return 0
