"""Resolutions: the register and one resolution for everybody, the acts on them, what the next session is told."""

from django.urls import path

from ..views import implementation, resolution_desk, resolutions

urlpatterns = [
    path("congress/resolutions/", resolutions.ResolutionsView.as_view(), name="resolutions"),
    path("congress/resolutions/file/", resolutions.ResolutionsFileView.as_view(), name="resolutions_file"),
    path("congress/resolutions/<uuid:pk>/", resolutions.ResolutionView.as_view(), name="resolution"),
    path("congress/resolutions/<uuid:pk>/file/", resolutions.ResolutionFileView.as_view(), name="resolution_file"),
    path("congress/evidence/<int:pk>/", resolutions.EvidenceView.as_view(), name="evidence"),
    path(
        "desk/congress/items/<uuid:pk>/resolution/", resolution_desk.ResolutionNewView.as_view(), name="resolution_new"
    ),
    path(
        "desk/congress/resolutions/<uuid:pk>/edit/",
        resolution_desk.ResolutionEditView.as_view(),
        name="resolution_edit",
    ),
    path(
        "desk/congress/resolutions/<uuid:pk>/issue/",
        resolution_desk.ResolutionIssueView.as_view(),
        name="resolution_issue",
    ),
    path("desk/congress/resolutions/<uuid:pk>/tasks/", resolution_desk.TaskNewView.as_view(), name="task_new"),
    path("desk/congress/tasks/<uuid:pk>/", resolution_desk.TaskReportView.as_view(), name="task_report"),
    path("desk/congress/tasks/<uuid:pk>/drop/", resolution_desk.TaskDropView.as_view(), name="task_drop"),
    path(
        "desk/congress/sessions/<uuid:pk>/implementation/",
        implementation.ImplementationView.as_view(),
        name="implementation",
    ),
    path(
        "desk/congress/sessions/<uuid:pk>/implementation/<uuid:about>/",
        implementation.ReportView.as_view(),
        name="implementation_report",
    ),
]
