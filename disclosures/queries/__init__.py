"""Reads that join, annotate or scope."""

from .duties import (
    assignments_of,
    catalogue,
    duties_missing,
    duties_of_year,
    duties_to_prepare,
    event_assignments,
    kept_shares,
    missing_counts,
    published_for,
    units_owing,
)
from .publications import (
    awaiting_signature,
    desk_publications,
    inside,
    publication_by_number,
    publications_appeared,
    readable_by,
    with_working_relations,
)

__all__ = [
    "assignments_of",
    "awaiting_signature",
    "catalogue",
    "desk_publications",
    "duties_missing",
    "duties_of_year",
    "duties_to_prepare",
    "event_assignments",
    "inside",
    "kept_shares",
    "missing_counts",
    "publication_by_number",
    "publications_appeared",
    "published_for",
    "readable_by",
    "units_owing",
    "with_working_relations",
]
