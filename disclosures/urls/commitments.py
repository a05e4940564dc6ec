"""Commitments, the four responsibilities and the register of major decisions."""

from django.urls import path, re_path

from ..views import commitments, commitments_desk, majors, majors_desk, responsibilities

NUMBER = r"(?P<number>[0-9]{4}-[0-9]{1,9})"

urlpatterns = [
    path("open/commitments/", commitments.CommitmentsView.as_view(), name="commitments"),
    path(
        "open/commitments/responsible/",
        responsibilities.ResponsibilitiesView.as_view(),
        name="responsibilities",
    ),
    path(
        "open/commitments/responsible/<str:code>/",
        responsibilities.ResponsibleView.as_view(),
        name="responsible",
    ),
    path("open/commitments/<uuid:pk>/", commitments.CommitmentView.as_view(), name="commitment"),
    path(
        "open/commitments/<uuid:pk>/compare/",
        commitments.CommitmentCompareView.as_view(),
        name="commitment_compare",
    ),
    path(
        "open/commitments/go/<slug:kind>/<uuid:pk>/",
        commitments.CommitmentGoView.as_view(),
        name="commitment_go",
    ),
    path("open/majors/", majors.MajorsView.as_view(), name="majors"),
    re_path(rf"^open/majors/{NUMBER}/$", majors.MajorView.as_view(), name="major"),
    re_path(rf"^open/majors/{NUMBER}/v(?P<version>[0-9]{{1,4}})/$", majors.MajorView.as_view(), name="major_version"),
    path("desk/open/commitments/", commitments_desk.CommitmentsDeskView.as_view(), name="commitments_desk"),
    path("desk/open/commitments/plans/add/", commitments_desk.PlanAddView.as_view(), name="plan_add"),
    path("desk/open/commitments/plans/<int:pk>/end/", commitments_desk.PlanEndView.as_view(), name="plan_end"),
    path("desk/open/commitments/<uuid:pk>/edit/", commitments_desk.RoundEditView.as_view(), name="round_edit"),
    path("desk/open/commitments/<uuid:pk>/open/", commitments_desk.RoundOpenView.as_view(), name="round_open"),
    path(
        "desk/open/commitments/sign/<uuid:pk>/",
        commitments_desk.CommitmentSignView.as_view(),
        name="commitment_sign",
    ),
    path("desk/open/commitments/paper/<uuid:pk>/", commitments_desk.PaperView.as_view(), name="paper"),
    path("desk/open/commitments/scans/<uuid:pk>/", commitments_desk.ScanView.as_view(), name="scan"),
    path(
        "desk/open/commitments/scans/<uuid:pk>/check/",
        commitments_desk.PaperCheckView.as_view(),
        name="paper_check",
    ),
    path(
        "desk/open/commitments/responsible/<str:code>/set/",
        responsibilities.ResponsibleSetView.as_view(),
        name="responsible_set",
    ),
    path(
        "desk/open/commitments/responsible/<int:pk>/end/",
        responsibilities.ResponsibleEndView.as_view(),
        name="responsible_end",
    ),
    path("desk/open/majors/new/", majors_desk.MajorNewView.as_view(), name="major_new"),
    path("desk/open/majors/<uuid:pk>/", majors_desk.MajorWorkView.as_view(), name="major_work"),
    path("desk/open/majors/<uuid:pk>/decide/", majors_desk.MajorDecideView.as_view(), name="major_decide"),
    path("desk/open/majors/<uuid:pk>/correct/", majors_desk.MajorCorrectView.as_view(), name="major_correct"),
    path("desk/open/majors/<uuid:pk>/progress/", majors_desk.MajorProgressView.as_view(), name="major_progress"),
    path("desk/open/majors/<uuid:pk>/link/", majors_desk.MajorLinkView.as_view(), name="major_link"),
]
