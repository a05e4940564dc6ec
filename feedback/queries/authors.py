"""What authors find again: by number, by code, by the tags that only they have."""

from django.db.models import Q

from portal.accounts.models import Person
from portal.kernel.rows import only_one

from .. import sealing
from ..enums import IdentityMode, InquiryState
from ..models import (
    Inquiry,
    Rating,
)


def inquiry_by_number(number, queryset=None):
    """Return the inquiry with a public number as typed ("2026-42", "2026-0042"), or None."""
    return only_one(numbered(number, Inquiry.objects.all() if queryset is None else queryset))


def numbered(number, rows):
    """Return those of the rows that have a public number as typed: one, or none."""
    year, _dash, serial = number.strip().partition("-")
    if not (
        year.isascii()
        and year.isdigit()
        and serial.isascii()
        and serial.isdigit()
        and len(year) == 4
        and len(serial) <= 9
    ):
        return rows.none()
    return rows.filter(year=int(year), serial=int(serial))


def inquiry_by_code(number, code):
    """Return the inquiry that a receipt's number and code open, or None; both must fit."""
    found = inquiry_by_number(number)
    return only_one(Inquiry.objects.filter(code_hash=sealing.code_hash(code), pk__in=[found.pk] if found else []))


def inquiries_of(person):
    """
    Return the author's own named and confidential inquiries.

    Confidential ones are found by their tags, a block at a time until a block
    comes back with a gap: tags are given out in order.
    """
    tags, place = [], 0
    while True:
        block = sealing.owner_tags(person, place)
        found = set(Inquiry.objects.filter(owner_tag__in=block).values_list("owner_tag", flat=True))
        tags += found
        if len(found) < len(block):
            break
        place += len(block)
    return Inquiry.objects.filter(Q(author=person) | Q(owner_tag__in=tags))


def free_owner_tag(person):
    """Return the person's next unused tag; a race on it meets the unique constraint."""
    place = 0
    while True:
        block = sealing.owner_tags(person, place)
        found = set(Inquiry.objects.filter(owner_tag__in=block).values_list("owner_tag", flat=True))
        for tag in block:
            if tag not in found:
                return tag
        place += len(block)


def waiting_for_author(person):
    """Return the person's own cards that wait for the person: asked for more, or answered and not rated."""
    asked = Q(promise__paused_on__isnull=False, promise__met_at__isnull=True, promise__ended_at__isnull=True)
    return (
        inquiries_of(person)
        .filter(asked | Q(state=InquiryState.ANSWERED))
        .select_related("promise", "unit")
        .order_by("-year", "-serial")
    )


def named_author(promise):
    """Return the person to whom a promise of now was made, if the author gave the name openly, else None."""
    return Person.objects.filter(
        inquiries__promise=promise, inquiries__identity_mode=IdentityMode.NAMED, is_active=True
    ).first()


def is_sent(idempotency_key):
    """Whether a card with this key of its form has come in already."""
    return Inquiry.objects.filter(idempotency_key=idempotency_key).exists()


def is_rated(inquiry, round_no):
    """Whether the answer of a round has been rated; read now, not from what was prefetched."""
    return Rating.objects.filter(inquiry=inquiry, round=round_no).exists()
