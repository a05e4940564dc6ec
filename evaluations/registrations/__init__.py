"""What the evaluations tell the floors below, each area for itself: sentences of acts, notices."""

from . import assessments, rounds, scorecards

AREAS = (rounds, scorecards, assessments)


def register():
    """Call, in order, what each area has of ``register_kinds``, ``register_verbs``, ``register_notices``."""
    for name in ("register_kinds", "register_verbs", "register_notices"):
        for area in AREAS:
            if hasattr(area, name):
                getattr(area, name)()
