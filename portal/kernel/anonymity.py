"""
What an anonymous page may know of its visitor: two preferences, nothing else.

The address is turned into a salted bucket before anything else sees the
request. The salt is made up by each process each day and kept in its memory
only, so that nobody, not even with a copy of the server's disk, can turn a
bucket back into an address.
"""

import hashlib
import ipaddress
import secrets
import threading
from dataclasses import dataclass, field
from datetime import date

ANONYMOUS_PREFIX = "/a/"
BALLOT_PREFIX = "/vote/"  # signed in, but as silent as an anonymous page
PER_ADDRESS, PER_SUBNET = 5, 30  # anonymous cards a day (trust A6)


def is_anonymous_path(path):
    """Whether the page belongs to an anonymous card: no session, no cookie, no address, no log line."""
    return path.startswith(ANONYMOUS_PREFIX)


def is_ballot_path(path):
    """Whether the page is a ballot: signed in, and yet nothing of it goes into a log, a session or a cache."""
    return path.startswith(BALLOT_PREFIX)


def is_quiet_path(path):
    """Whether a page leaves no line in a log unless it fails, and then one with the day only."""
    return is_anonymous_path(path) or is_ballot_path(path)


def client_address(request, proxies):
    """Return the visitor's address: the entry the outermost of ``proxies`` trusted proxies wrote, else the peer's."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return request.META.get("REMOTE_ADDR", "")


@dataclass(frozen=True)
class Bucket:
    """Two short digests that stand for an address and its subnet, today, in this process."""

    address: bytes
    subnet: bytes


@dataclass
class Buckets:
    """Count what each bucket sent today; forget everything at midnight and at every restart."""

    day: date | None = None
    salt: bytes = b""
    counts: dict = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def _turn_page(self, day):
        if self.day != day:
            self.day, self.salt, self.counts = day, secrets.token_bytes(32), {}

    def bucket_of(self, address, *, day):
        """Return the bucket of an address; an unreadable address shares one bucket with all others like it."""
        with self.lock:
            self._turn_page(day)
            return Bucket(self._digest(address), self._digest(_subnet(address)))

    def _digest(self, text):
        # Two bytes: several addresses share a bucket, so that even a memory dump points at nobody.
        return hashlib.blake2b(text.encode(), key=self.salt, digest_size=2).digest()

    def take(self, bucket, *, day, per_address=PER_ADDRESS, per_subnet=PER_SUBNET):
        """Count one card for the bucket; return False, counting nothing, when the day's share is used up."""
        with self.lock:
            self._turn_page(day)
            address, subnet = ("address", bucket.address), ("subnet", bucket.subnet)
            if self.counts.get(address, 0) >= per_address or self.counts.get(subnet, 0) >= per_subnet:
                return False
            for key in (address, subnet):
                self.counts[key] = self.counts.get(key, 0) + 1
            return True


def _subnet(address):
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return "unreadable"
    return str(ipaddress.ip_network((number, 24 if number.version == 4 else 56), strict=False))


buckets = Buckets()
