"""Addresses of the evaluations, a file for each area."""

from . import assessments, dashboards, scorecards

app_name = "evaluations"
urlpatterns = [
    *assessments.urlpatterns,
    *scorecards.urlpatterns,
    *dashboards.urlpatterns,
]
