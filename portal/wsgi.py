"""WSGI entry of the portal."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
# All views are loaded before the first request comes, not by it: half a second of CPU, and many times that on a busy
# machine, for which everybody who asked the new worker meanwhile waited too.
get_resolver().url_patterns  # noqa: B018 -- asked for what asking does
