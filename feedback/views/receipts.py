"""What a receipt shows, on paper and on screen, for named and unnamed authors alike."""

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from portal.deadlines.clock import clock_of

from ..enums import Route


def track_address(number, code=""):
    """
    Return the full address of the tracking page for a number.

    The code goes behind "#": a browser keeps that part to itself, so that no
    server or proxy writes it down; static/js/track.js puts it into its field.
    """
    address = f"{settings.ORIGIN}{reverse('feedback:track')}?number={number}"
    return f"{address}#{code}" if code else address


def draw_qr(text):
    """Return a QR code as an image within the page."""
    return format_html(
        '<img src="{}" width="148" height="148" alt="">', segno.make(text, error="m").svg_data_uri(scale=4, border=2)
    )


def receipt_context(request, inquiry, code, at):
    """Return what the receipt templates show."""
    if inquiry.route == Route.DISCIPLINE:
        handler = _("Discipline inspection")
    else:
        handler = _("Union of %(unit)s") % {"unit": inquiry.unit.name}
    return {
        "inquiry": inquiry,
        "code": code,
        "clock": clock_of(inquiry.promise, at),
        "qr": draw_qr(track_address(inquiry.number, code)),
        "track_address": track_address(inquiry.number),
        "handler": handler,
        "is_discipline": inquiry.route == Route.DISCIPLINE,
    }
