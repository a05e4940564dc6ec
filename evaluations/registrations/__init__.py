"""What the evaluations tell the floors below, each area for itself: sentences of acts, notices."""

from . import assessments, results, rounds, satisfaction, scorecards

AREAS = (rounds, results, scorecards, assessments, satisfaction)


def register():
    """Call, in order, what each area has of ``register_kinds``, ``_verbs``, ``_notices`` and ``_places``."""
    for name in ("register_kinds", "register_verbs", "register_notices", "register_places"):
        for area in AREAS:
            if hasattr(area, name):
                getattr(area, name)()
