"""Addresses of the evaluations, a file for each area."""

from . import dashboards, scorecards

app_name = "evaluations"
urlpatterns = [
    *scorecards.urlpatterns,
    *dashboards.urlpatterns,
]
