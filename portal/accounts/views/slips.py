"""The address on a slip, in words and as a QR code."""

from functools import lru_cache

import segno
from django.conf import settings
from django.urls import reverse


def sign_in_address():
    """Return the address people type to sign in."""
    return settings.ORIGIN.rstrip("/") + reverse("accounts:sign_in")


@lru_cache(maxsize=4)
def _qr(address):
    return segno.make(address, error="m").svg_data_uri(scale=3, border=1)


def sign_in_qr():
    """Return the same address as a QR code, ready for an <img>."""
    return _qr(sign_in_address())
