"""Whether the index holds what the apps say may be found, and nothing else."""

from dataclasses import dataclass

from django.db.models import Count

from .models import SearchEntry
from .registry import known_kinds


@dataclass(frozen=True)
class Drift:
    """A kind whose index differs: how many are missing, how many should not be there."""

    kind: str
    missing: int
    stray: int

    def __str__(self):
        return f"{self.kind}: {self.missing} missing, {self.stray} stray"


def counts():
    """Return what may be found and what is filed, of every kind: {code: (wanted, filed)}."""
    filed = dict(SearchEntry.objects.order_by().values_list("kind").annotate(Count("pk")))
    wanted = {kind.code: sum(1 for _key in kind.all_keys()) for kind in known_kinds()}
    return {code: (wanted.get(code, 0), filed.get(code, 0)) for code in sorted(wanted.keys() | filed.keys())}


def drifts():
    """Return the kinds whose keys differ from those that are filed; empty when all is well."""
    found, known = [], known_kinds()
    left = set(SearchEntry.objects.order_by().values_list("kind", flat=True).distinct())
    for kind in known:
        wanted = set(kind.all_keys())
        filed = set(SearchEntry.objects.filter(kind=kind.code).values_list("object_key", flat=True).iterator())
        if wanted != filed:
            found.append(Drift(kind.code, len(wanted - filed), len(filed - wanted)))
    for code in sorted(left - {kind.code for kind in known}):
        found.append(Drift(code, 0, SearchEntry.objects.filter(kind=code).count()))
    return found
