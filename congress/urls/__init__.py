"""Addresses of the congress, a file for each area: public under ``congress/``, work under ``desk/congress/``."""

from . import delegates, motions, resolutions, sessions, terms

app_name = "congress"
urlpatterns = [
    *terms.urlpatterns,
    *delegates.urlpatterns,
    *sessions.urlpatterns,
    *motions.urlpatterns,
    *resolutions.urlpatterns,
]
