"""
The portal's Celery application on a fast schedule: what takes a minute in a plant takes a second here.

The sweep works in small batches, so that a thousand cards are many transactions and a kill finds one open.
"""

import django

django.setup()

from portal.celery import app  # noqa: E402 -- the models come first
from portal.deadlines.operations import sweeping  # noqa: E402

app.conf.beat_schedule = {
    "sweep": {"task": "portal.deadlines.sweep", "schedule": 1.0, "options": {"expires": 5}},
    "drain": {"task": "portal.notices.drain", "schedule": 1.0, "options": {"expires": 5}},
}
sweeping.sweep.__kwdefaults__["batch"] = 40
