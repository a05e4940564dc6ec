"""Composition: the pages that gather from every floor, and the running of the whole."""

import json


def demo_signins():
    """
    Return the sign-ins of the demo's people: dicts with role, name, job_no and secret.

    ``seed_demo`` writes them to demo-signins.json in the var folder; outside
    demo mode there are none.
    """
    from django.conf import settings

    path = settings.VAR / "demo-signins.json"
    if not settings.DEMO or not path.exists():
        return []
    return json.loads(path.read_text(encoding="utf-8"))
