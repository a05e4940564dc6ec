"""What of the register of major decisions can be found: the version that stands, by those who may read it."""

from collections import defaultdict

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.search.registry import Document, register_kind

from .models import MajorDecision, MajorVersion
from .searching import FOUND_BY
from .texts import plain

KIND = "disclosures.major"


def _url(key):
    return reverse("disclosures:major", args=[key])


def keys():
    """Return the numbers of all decisions that anybody may find."""
    rows = MajorDecision.objects.filter(serial__isnull=False).values_list("year", "serial").iterator()
    return (f"{year}-{serial:04d}" for year, serial in rows)


def documents(keys):
    """Return what may be found of the decisions with these numbers: the version of each that stands."""
    numbers = defaultdict(list)
    for key in keys:
        year, _dash, serial = key.partition("-")
        numbers[int(year)].append(int(serial))
    named = Q(pk__in=[])
    for year, serials in numbers.items():
        named |= Q(year=year, serial__in=serials)
    decisions = list(MajorDecision.objects.filter(named).select_for_update().order_by("pk"))
    granted = MajorVersion.objects.filter(decision__in=decisions, is_granted=True).order_by("number")
    standing = {row.decision_id: row for row in granted}
    return [
        Document(
            key=one.number,
            title=standing[one.pk].subject,
            text="\n".join(
                filter(
                    None,
                    [plain(standing[one.pk].content), standing[one.pk].basis, standing[one.pk].vote, one.number],
                )
            ),
            on=one.decided_on,
            unit_id=one.unit_id,
            audience=FOUND_BY[one.audience],
        )
        for one in decisions
        if one.pk in standing
    ]


def register():
    """Offer the register to the search; called once, from ``apps.ready()``."""
    register_kind(
        KIND,
        _("major decision"),
        icon="landmark",
        url=_url,
        documents=documents,
        keys=keys,
        order=12,
    )
