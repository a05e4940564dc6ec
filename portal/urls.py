"""Composition: where each part of the house is found."""

from django.urls import include, path

from portal.home import health
from portal.kernel.routing import KeptResolver

_addresses = [
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("", include("portal.home.urls")),
    path("people/", include("portal.accounts.urls")),
    path("ledger/", include("portal.ledger.urls")),
    path("deadlines/", include("portal.deadlines.urls")),
    path("notices/", include("portal.notices.urls")),
    path("search/", include("portal.search.urls")),
    path("", include("portal.ballots.urls")),
    path("", include("disclosures.urls")),
    path("", include("congress.urls")),
    path("", include("feedback.urls")),
    path("", include("evaluations.urls")),
]
urlpatterns = [KeptResolver(_addresses)]

handler400 = "portal.home.views.errors.bad_request"
handler403 = "portal.home.views.errors.forbidden"
handler404 = "portal.home.views.errors.not_found"
handler500 = "portal.home.views.errors.server_error"
