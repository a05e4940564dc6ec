"""What the congress tells the floors below, each area for itself: promises, sentences of acts, notices."""

from . import agenda, delegates, hall, motions, resolutions, sessions, terms

AREAS = (terms, delegates, sessions, agenda, hall, motions, resolutions)


def register():
    """Call, in order, what each area has of ``register_kinds``, ``register_verbs``, ``register_notices``."""
    for name in ("register_kinds", "register_verbs", "register_notices"):
        for area in AREAS:
            if hasattr(area, name):
                getattr(area, name)()
