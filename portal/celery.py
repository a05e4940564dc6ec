"""The Celery application; the schedule is code, in portal.settings."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

# Whole messages or none, where files are the queue.
TRANSPORT_ALIASES["filesystem"] = "portal.kernel.filequeue:Transport"

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
