"""What many readers are shown alike, read for most of them once a second at most (ADR 0033)."""

from portal.kernel import keeping

from .authority import authority_of


def read_for(user, key, load):
    """
    Return what ``load()`` returns: for whoever holds a role anew, else perhaps as it was within the last second.

    The key must hold all that what is read depends on but the moment; whoever holds a role has perhaps just changed it.
    """
    if authority_of(user).is_staff:
        return load()
    return keeping.remembered(key, load, seconds=keeping.AROUND_SECONDS)
