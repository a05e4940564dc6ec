"""Which view an address leads to, found once for addresses that are asked for again."""

from functools import lru_cache

from django.urls.resolvers import RegexPattern, URLResolver

MOST_KNOWN = 512  # addresses that lead somewhere; those that do not are never remembered


class KeptResolver(URLResolver):
    """
    All of the portal's addresses, asked one after the other for an address that is new, and remembered for the next.

    What an address leads to depends on nothing but its letters: neither on the reader nor on any row.
    """

    def __init__(self, patterns):
        super().__init__(RegexPattern(r""), patterns)
        self._known = lru_cache(maxsize=MOST_KNOWN)(self._find)

    def resolve(self, path):
        """Return the match of an address; its parent makes a new one of it for each request."""
        return self._known(path)

    def _find(self, path):
        match = super().resolve(path)
        # What did not fit is told by the page of a 404 while somebody develops; here it would be copied each time.
        match.tried = []
        return match
