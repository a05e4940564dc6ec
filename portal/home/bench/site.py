"""The portal with the limits' pages beside it, for measuring both under load in one server."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.core import signals
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

from portal.wsgi import application as portal

from .limits import LIMITS, chain_of
from .operations.searching import offer

offer()

PREFIX = "/limit/"
DONE = "200 OK"


def application(environ, start_response):
    """Answer ``/limit/<name>/<size>`` with a limit's page, everything else with the portal's."""
    if not environ["PATH_INFO"].startswith(PREFIX):
        return portal(environ, start_response)
    name, size = environ["PATH_INFO"].removeprefix(PREFIX).strip("/").split("/")
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    signals.request_started.send(sender=application, environ=environ)
    response: HttpResponse = chain_of(LIMITS[name], size=int(size))(WSGIRequest(environ))
    start_response(DONE, [("Content-Type", "text/html"), ("Content-Length", str(len(response.content)))])
    signals.request_finished.send(sender=application)
    return [response.content]
