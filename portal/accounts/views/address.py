"""Where a request came from: used for a keyed hash and for nothing else."""

from django.conf import settings

from portal.kernel.anonymity import client_address


def address_of(request):
    """Return the client's address as the outermost trusted proxy saw it."""
    return client_address(request, settings.PROXIES if settings.PRODUCTION else 0)
