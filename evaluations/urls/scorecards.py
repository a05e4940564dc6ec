"""Monthly scorecards: sheets, the rows behind their numbers, points, objections."""

from django.urls import path, re_path

from ..views import scorecards, scorecards_desk

SHEET = r"^scorecards/(?P<code>[^/]+)/(?P<month>[0-9]{4}-[0-9]{2})/"
FIGURE = SHEET + r"(?P<indicator>[a-z_]+\.[a-z_]+)/"

urlpatterns = [
    path("scorecards/", scorecards.ScorecardsView.as_view(), name="scorecards"),
    path("scorecards/indicators/", scorecards.IndicatorsView.as_view(), name="indicators"),
    path("scorecards/indicators/new/", scorecards_desk.SchemeView.as_view(), name="scheme_new"),
    path("scorecards/go/<uuid:pk>/", scorecards.ScorecardGoView.as_view(), name="scorecard_go"),
    path("scorecards/objections/<uuid:pk>/", scorecards_desk.DecideObjectionView.as_view(), name="objection_decide"),
    re_path(
        r"^scorecards/file/(?P<month>[0-9]{4}-[0-9]{2})\.xlsx$",
        scorecards_desk.ScorecardsFileView.as_view(),
        name="scorecards_file",
    ),
    re_path(SHEET + "$", scorecards.ScorecardView.as_view(), name="scorecard"),
    re_path(SHEET + "recompute/$", scorecards.RecomputeView.as_view(), name="scorecard_recompute"),
    re_path(SHEET + "confirm/$", scorecards_desk.ConfirmView.as_view(), name="scorecard_confirm"),
    re_path(FIGURE + "$", scorecards.RowsView.as_view(), name="scorecard_rows"),
    re_path(FIGURE + "contest/$", scorecards_desk.ContestView.as_view(), name="scorecard_contest"),
]
