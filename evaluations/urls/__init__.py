"""Addresses of the evaluations, a file for each area."""

from . import assessments, dashboards, results, rounds, satisfaction, scorecards

app_name = "evaluations"
urlpatterns = [
    *rounds.urlpatterns,
    *results.urlpatterns,
    *assessments.urlpatterns,
    *satisfaction.urlpatterns,
    *scorecards.urlpatterns,
    *dashboards.urlpatterns,
]
