"""What of the briefings can be found: their published minutes, by those who may read them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import local_day
from portal.search.registry import Document, register_kind

from .enums import BriefingState
from .models import Briefing, BriefingMinutes
from .searching import FOUND_BY
from .texts import plain

KIND = "disclosures.briefing"


def _url(key):
    return reverse("disclosures:briefing", args=[key])


def keys():
    """Return the keys of all briefings that anybody may find."""
    rows = Briefing.objects.filter(state=BriefingState.MINUTED).values_list("pk", flat=True).iterator()
    return (str(pk) for pk in rows)


def documents(keys):
    """Return what may be found of these briefings: agenda and the latest published minutes."""
    briefings = list(
        Briefing.objects.filter(pk__in=keys, state=BriefingState.MINUTED)
        .select_for_update(of=("self",))
        .prefetch_related("agenda")
        .order_by("pk")
    )
    latest = {
        row.briefing_id: row
        for row in BriefingMinutes.objects.filter(briefing__in=briefings, published_at__isnull=False).order_by("number")
    }
    return [
        Document(
            key=str(briefing.pk),
            title=briefing.title,
            text="\n".join(
                [
                    plain(latest[briefing.pk].text),
                    *(f"{point.title} {point.speaker} {point.summary}".strip() for point in briefing.agenda.all()),
                ]
            ),
            on=local_day(briefing.held_at),
            unit_id=briefing.unit_id,
            audience=FOUND_BY[briefing.audience],
        )
        for briefing in briefings
    ]


def register():
    """Offer the briefings to the search; called once, from ``apps.ready()``."""
    register_kind(
        KIND,
        _("briefing"),
        icon="presentation",
        url=_url,
        documents=documents,
        keys=keys,
        order=12,
    )
