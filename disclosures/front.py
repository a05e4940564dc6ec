"""What the front page and the home show of disclosure: the newest texts, and how much is missing."""

from portal.kernel.days import local_day

from .models import Publication
from .queries import duties_missing, missing_counts, readable_by
from .views.duties import missing_rows

SHOWN = 5


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


def missing(at, *, count=SHOWN):
    """Return (how many are due but missing, the latest of them as rows)."""
    rows = list(duties_missing(at).order_by("-promise__due_at", "pk")[:count])
    return sum(missing_counts(at).values()), missing_rows(rows, at)
