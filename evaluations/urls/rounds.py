"""Appraisals: my own, the union's desk, acts on a round, sheets; forms go in under /vote/ (portal.ballots)."""

from django.urls import path

from ..views import desk, own, planning

urlpatterns = [
    path("appraisals/", own.MineView.as_view(), name="mine"),
    path("appraisals/<uuid:pk>/", own.RoundView.as_view(), name="round"),
    path("appraisals/reports/<uuid:pk>/file/", own.ReportFileView.as_view(), name="report_file"),
    path("desk/appraisals/", desk.DeskView.as_view(), name="desk"),
    path("desk/appraisals/new/", planning.RoundNewView.as_view(), name="round_new"),
    path("desk/appraisals/<uuid:pk>/", desk.RoundDeskView.as_view(), name="round_desk"),
    path("desk/appraisals/<uuid:pk>/change/", planning.RoundChangeView.as_view(), name="round_change"),
    path("desk/appraisals/<uuid:pk>/groups/", planning.GroupNewView.as_view(), name="group_new"),
    path(
        "desk/appraisals/<uuid:pk>/groups/<int:group>/remove/", planning.GroupRemoveView.as_view(), name="group_remove"
    ),
    path("desk/appraisals/<uuid:pk>/subjects/", planning.SubjectsAddView.as_view(), name="subjects_add"),
    path("desk/appraisals/subjects/<uuid:pk>/remove/", planning.SubjectRemoveView.as_view(), name="subject_remove"),
    path("desk/appraisals/<uuid:pk>/rules/", planning.VoidRulesView.as_view(), name="void_rules"),
    path("desk/appraisals/<uuid:pk>/list/", desk.RollView.as_view(), name="roll"),
    path("desk/appraisals/<uuid:pk>/announce/", planning.AnnounceView.as_view(), name="announce"),
    path("desk/appraisals/<uuid:pk>/near/", planning.NearView.as_view(), name="near"),
    path("desk/appraisals/<uuid:pk>/cancel/", planning.CancelView.as_view(), name="cancel"),
    path("desk/appraisals/subjects/<uuid:pk>/report/", planning.ReportAddView.as_view(), name="report_add"),
    path("desk/appraisals/subjects/<uuid:pk>/waive/", planning.ReportWaiveView.as_view(), name="report_waive"),
    path("desk/appraisals/<uuid:pk>/remind/", planning.RemindView.as_view(), name="remind"),
    path("desk/appraisals/sheets/", desk.SheetsView.as_view(), name="sheets"),
    path("desk/appraisals/sheets/new/", desk.SheetNewView.as_view(), name="sheet_new"),
    path("desk/appraisals/sheets/<uuid:pk>/", desk.SheetView.as_view(), name="sheet"),
    path("desk/appraisals/sheets/<uuid:pk>/edition/", desk.EditionNewView.as_view(), name="edition_new"),
]
