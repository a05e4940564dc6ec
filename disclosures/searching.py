"""What of the publications can be found: their latest text, by those who may read it; withdrawn ones by nobody."""

from collections import defaultdict

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import local_day
from portal.search.enums import Audience as Found
from portal.search.registry import Document, register_kind

from .enums import Audience, EntryKind, PublicationState
from .models import BulletinEntry, BulletinIssue, Publication, Version
from .printed import issue_label
from .texts import plain

KIND = "disclosures.publication"
BULLETIN_KIND = "disclosures.bulletin"
SHOWN = (PublicationState.PUBLISHED, PublicationState.EXPIRED, PublicationState.ARCHIVED)
FOUND_BY = {Audience.EVERYBODY: Found.PUBLIC, Audience.STAFF: Found.SIGNED_IN, Audience.UNIT: Found.UNIT}


def _url(key):
    return reverse("disclosures:public", args=[key])


def keys():
    """Return the numbers of all texts that anybody may find."""
    rows = Publication.objects.filter(state__in=SHOWN).values_list("year", "serial").iterator()
    return (f"{year}-{serial:04d}" for year, serial in rows)


def documents(keys):
    """Return what may be found of the texts with these numbers: the latest version of each."""
    numbers = defaultdict(list)
    for key in keys:
        year, _dash, serial = key.partition("-")
        numbers[int(year)].append(int(serial))
    named = Q(pk__in=[])
    for year, serials in numbers.items():
        named |= Q(year=year, serial__in=serials)
    texts = list(
        Publication.objects.filter(named, state__in=SHOWN)
        .select_related("item")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    latest = {row.publication_id: row for row in Version.objects.filter(publication__in=texts).order_by("number")}
    return [
        Document(
            key=text.number,
            title=latest[text.pk].title,
            text="\n".join(
                filter(
                    None,
                    [
                        plain(latest[text.pk].body),
                        latest[text.pk].basis,
                        latest[text.pk].method,
                        latest[text.pk].objections_heard,
                        f"{text.item.code} {text.item.title}",
                        text.number,
                    ],
                )
            ),
            on=local_day(text.publish_at),
            unit_id=text.unit_id,
            audience=FOUND_BY[text.audience],
        )
        for text in texts
    ]


def _bulletin_url(key):
    code, _dot, number = key.rpartition(".")
    return reverse("disclosures:bulletin", args=[code, number])


def bulletin_keys():
    """Return the keys of all issues of the bulletin."""
    rows = BulletinIssue.objects.filter(serial__isnull=False).values_list("unit__code", "year", "serial").iterator()
    return (f"{code}.{year}-{serial}" for code, year, serial in rows)


def bulletin_documents(keys):
    """
    Return what may be found of the issues with these keys: head, editorial and own texts.

    Cards and disclosures are found themselves, and only as long as everybody may read them.
    """
    named = Q(pk__in=[])
    for key in keys:
        code, _dot, number = key.rpartition(".")
        year, _dash, serial = number.partition("-")
        named |= Q(unit__code=code, year=int(year), serial=int(serial))
    issues = list(
        BulletinIssue.objects.filter(named, serial__isnull=False)
        .select_related("unit")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    said = defaultdict(list)
    own = BulletinEntry.objects.filter(issue__in=issues, kind=EntryKind.TEXT).order_by("place", "pk")
    for issue_id, heading, text in own.values_list("issue_id", "heading", "text"):
        said[issue_id] += [heading, plain(text)]
    return [
        Document(
            key=f"{issue.unit.code}.{issue.number}",
            title=issue.title,
            text="\n".join(filter(None, [plain(issue.lead), *said[issue.pk], issue_label(issue)])),
            on=local_day(issue.issued_at),
            unit_id=issue.unit_id,
        )
        for issue in issues
    ]


def register():
    """Offer the publications and the bulletin to the search; called once, from ``apps.ready()``."""
    register_kind(
        KIND,
        _("disclosure"),
        icon="megaphone",
        url=_url,
        documents=documents,
        keys=keys,
        order=10,
    )
    register_kind(
        BULLETIN_KIND,
        _("union bulletin"),
        icon="newspaper",
        url=_bulletin_url,
        documents=bulletin_documents,
        keys=bulletin_keys,
        order=15,
    )
