"""What disclosures tells the floors below, each area for itself: promises, sentences of acts, notices."""

from . import boards, briefings, bulletin, commitments, consultations, publications, regulations
from .publications import seed, subject_url

AREAS = (publications, briefings, bulletin, consultations, boards, commitments, regulations)


def register():
    """Call, in order, what each area has of ``register_kinds``, ``register_verbs``, ``register_notices``."""
    for name in ("register_kinds", "register_verbs", "register_notices"):
        for area in AREAS:
            if hasattr(area, name):
                getattr(area, name)()


__all__ = ["register", "seed", "subject_url"]
