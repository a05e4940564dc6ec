"""
The pages of disclosure beside their limits (performance.md §8, rows 1 to 5).

Texts are copied until there are as many as ``PORTAL_BENCH_TEXTS`` says; 100,000
over five years are what the goals are about.
"""

import datetime as dt
import os
import random
import uuid

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.urls import reverse

from disclosures.enums import Audience, PublicationKind, PublicationState
from disclosures.models import Publication, Version
from disclosures.texts import fingerprint_of
from portal.accounts.enums import Role
from portal.accounts.models import Unit
from portal.home.bench.registry import register
from portal.kernel.days import local_day
from portal.kernel.paging import token_of
from portal.kernel.statistics import refresh_statistics

COUNT = int(os.environ.get("PORTAL_BENCH_TEXTS", "2000"))
YEARS, DAYS_ON_SHOW, BATCH = 5, 30, 2000
MARK = uuid.uuid5(uuid.NAMESPACE_URL, "bench:texts")
TEXTS = ("title", "body", "basis", "method", "objections_heard")


def _copied(model, number, at, rng, units):
    """Return a copy of a published text that appeared at some moment of the last years, and its version."""
    age = dt.timedelta(seconds=int(number * YEARS * 365 * 86400 / COUNT) + 3600)
    moment = at - age
    day = local_day(moment)
    text = Publication(
        **{name: getattr(model, name) for name in (*TEXTS, "item_id", "drafted_by_id", "display_days")},
        id=uuid.uuid5(MARK, f"{number}"),
        idempotency_key=uuid.uuid5(MARK, f"key {number}"),
        kind=PublicationKind.ANNOUNCEMENT,
        unit=rng.choice(units),
        audience=rng.choices((Audience.EVERYBODY, Audience.STAFF, Audience.UNIT), (6, 3, 1))[0],
        # A series of its own beside the demo's numbers.
        year=day.year,
        serial=1_000_000 + number,
        publish_at=moment,
        drafted_at=moment,
        shown_until=day + dt.timedelta(days=DAYS_ON_SHOW),
    )
    text.state = PublicationState.PUBLISHED if text.shown_until >= local_day(at) else PublicationState.EXPIRED
    values = {name: getattr(text, name) for name in TEXTS}
    version = Version(
        publication=text, number=1, fingerprint=fingerprint_of(text.number, values), shown_from=moment, **values
    )
    return text, version


def _fill(bench):
    """Copy texts until there are enough; those of an earlier run stay."""
    held = Publication.objects.filter(serial__gte=1_000_000)
    if held.count() >= COUNT:
        return
    model = Publication.objects.filter(state=PublicationState.PUBLISHED, kind=PublicationKind.ANNOUNCEMENT).first()
    if model is None:
        raise ImproperlyConfigured("There is no published text; seed the database first.")
    rng = random.Random("bench texts")  # noqa: S311 -- made-up texts
    units = list(Unit.objects.active().order_by("path"))
    with transaction.atomic():
        Version.objects.filter(publication__in=held).delete()
        held.delete()
        for start in range(0, COUNT, BATCH):
            pairs = [_copied(model, n, bench.at, rng, units) for n in range(start, min(start + BATCH, COUNT))]
            Publication.objects.bulk_create(text for text, _version in pairs)
            Version.objects.bulk_create(version for _text, version in pairs)
    refresh_statistics(vacuum=True)


def _list(query=""):
    return reverse("disclosures:list") + query


def _deep(bench):
    """Return the token of a place at four fifths of all that a visitor may read, as the list itself would say it."""
    rows = Publication.objects.appeared(bench.at).filter(audience=Audience.EVERYBODY).order_by("-publish_at", "-id")
    place = rows[int(rows.count() * 0.8)]
    return token_of(place, ("-publish_at", "-id"))


def _newest(**over):
    return Publication.objects.filter(state=PublicationState.PUBLISHED, audience=Audience.EVERYBODY, **over).order_by(
        "-publish_at"
    )[0]


@register("disclosures: list", limit="one_select", goal=1.5, statements=2, has_loop=True)
def disclosures_list(bench):
    """What is on show, as a visitor sees it."""
    _fill(bench)
    return bench.page(_list())


@register("disclosures: list, unchanged", limit="one_select", goal=1.0, statements=1)
def disclosures_list_unchanged(bench):
    """The same for a browser that has it."""
    _fill(bench)
    return bench.again(_list())


@register("disclosures: list, signed in", limit="signed_in", goal=1.6, statements=4, has_loop=True)
def disclosures_list_signed_in(bench):
    """The same for a worker, with what is only for staff and for the own unit."""
    _fill(bench)
    return bench.page(_list(), person=bench.person())


@register("disclosures: text", limit="one_select", goal=1.6, statements=2, has_loop=True)
def disclosures_text(bench):
    """One text with its signatures and history, as a visitor sees it."""
    _fill(bench)
    return bench.page(reverse("disclosures:public", args=[_newest(serial__lt=1_000_000).number]))


@register("disclosures: text, signed in", limit="signed_in", goal=2.0, statements=6, has_loop=True)
def disclosures_text_signed_in(bench):
    """The same for a worker."""
    _fill(bench)
    return bench.page(reverse("disclosures:public", args=[_newest(serial__lt=1_000_000).number]), person=bench.person())


@register("disclosures: list, first page of all", limit="one_select", goal=1.5, statements=2)
def disclosures_list_past(bench):
    """The first page of everything there ever was."""
    _fill(bench)
    return bench.page(_list("?past=on"))


def first_page(bench, size):
    """Return a shot of the first page of everything: what a deep one is held against."""
    return bench.page(_list("?past=on"), person=bench.person(Role.UNION_OFFICER))


@register("disclosures: list, at four fifths", limit=first_page, goal=1.2, statements=4)
def disclosures_list_deep(bench):
    """A page four fifths down: by key, so that it costs what the first does; both are read anew."""
    _fill(bench)
    return bench.page(_list(f"?past=on&after={_deep(bench)}"), person=bench.person(Role.UNION_OFFICER))
