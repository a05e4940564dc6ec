"""What the front page and the home show of disclosure: the newest texts, and how much is missing."""

from portal.kernel.days import local_day

from .enums import BriefingState, ConsultationState
from .models import Briefing, Publication
from .queries import duties_missing, missing_counts, readable_by
from .queries.briefings import briefings_readable_by
from .queries.consultations import consultations_readable_by
from .views.duties import missing_rows

SHOWN = 5
AHEAD_SHOWN = 3


def newest(user, at, *, count=SHOWN):
    """Return the newest texts on show that a reader may read, as plain values that can be remembered."""
    rows = (
        Publication.objects.on_show(at, local_day(at))
        .filter(readable_by(user))
        .select_related("unit", "item")
        .order_by("-publish_at", "-pk")[:count]
    )
    return [
        {
            "number": row.number,
            "title": row.title,
            "code": row.item.code,
            "unit": row.unit.name,
            "on": local_day(row.publish_at),
            "is_notice": row.kind == "notice",
        }
        for row in rows
    ]


def ahead(user, at):
    """Return what a reader can still take part in: drafts open for opinions, soonest closing first, and briefings."""
    today = local_day(at)
    drafts = (
        consultations_readable_by(user)
        .filter(state=ConsultationState.OPEN, closes_on__gte=today)
        .select_related("unit")
        .order_by("closes_on", "pk")[:AHEAD_SHOWN]
    )
    briefings = (
        Briefing.objects.filter(briefings_readable_by(user), state=BriefingState.PLANNED, starts_at__gte=at)
        .select_related("unit")
        .order_by("starts_at", "pk")[:AHEAD_SHOWN]
    )
    return {
        "drafts": [
            {
                "pk": row.pk,
                "title": row.title,
                "unit": row.unit.name,
                "until": row.closes_on,
                "days": (row.closes_on - today).days,
            }
            for row in drafts
        ],
        "briefings": [
            {"pk": row.pk, "title": row.title, "unit": row.unit.name, "starts_at": row.starts_at, "place": row.place}
            for row in briefings
        ],
    }


def missing(at, *, count=SHOWN):
    """Return (how many are due but missing, the latest of them as rows)."""
    rows = list(duties_missing(at).order_by("-promise__due_at", "pk")[:count])
    return sum(missing_counts(at).values()), missing_rows(rows, at)
