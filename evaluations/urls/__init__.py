"""Addresses of the evaluations, a file for each area."""

from . import assessments, dashboards, rounds, scorecards

app_name = "evaluations"
urlpatterns = [
    *rounds.urlpatterns,
    *assessments.urlpatterns,
    *scorecards.urlpatterns,
    *dashboards.urlpatterns,
]
