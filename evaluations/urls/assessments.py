"""Schemes and assessments of units: results under ``open/``, work under ``desk/``."""

from django.urls import path

from ..views import assessment_acts, assessments, assessments_desk, demand_acts, schemes

DESK = "desk/assessments/"

urlpatterns = [
    path("open/assessments/", assessments.AssessmentsView.as_view(), name="assessments"),
    path("open/assessments/<uuid:pk>/", assessments.AssessmentView.as_view(), name="assessment"),
    path("open/assessments/<uuid:pk>/sheet/", assessments.AssessmentSheetView.as_view(), name="assessment_sheet"),
    path(
        "open/assessments/<uuid:pk>/evidence/<int:figure>/",
        assessments.EvidenceView.as_view(),
        name="assessment_evidence",
    ),
    path(
        "open/assessments/<uuid:pk>/sheet.docx",
        assessments.AssessmentDocumentView.as_view(),
        name="assessment_document",
    ),
    path(
        "open/assessments/<int:year>.xlsx", assessments.AssessmentsWorkbookView.as_view(), name="assessments_workbook"
    ),
    path(DESK, assessments_desk.AssessmentsDeskView.as_view(), name="assessments_desk"),
    path(f"{DESK}plan/", assessments_desk.PlanView.as_view(), name="assessments_plan"),
    path(f"{DESK}<uuid:pk>/group/", assessment_acts.PrepareView.as_view(), name="assessment_prepare"),
    path(f"{DESK}<uuid:pk>/cancel/", assessment_acts.CancelView.as_view(), name="assessment_cancel"),
    path(f"{DESK}<uuid:pk>/open/", assessment_acts.OpenView.as_view(), name="assessment_open"),
    path(f"{DESK}<uuid:pk>/self/", assessment_acts.SelfView.as_view(), name="assessment_self"),
    path(f"{DESK}<uuid:pk>/points/", assessment_acts.ScoreView.as_view(), name="assessment_score"),
    path(f"{DESK}<uuid:pk>/confirm/", assessment_acts.ConfirmView.as_view(), name="assessment_confirm"),
    path(f"{DESK}<uuid:pk>/object/", assessment_acts.ObjectView.as_view(), name="assessment_object"),
    path(f"{DESK}<uuid:pk>/accept/", assessment_acts.AcceptView.as_view(), name="assessment_accept"),
    path(f"{DESK}<uuid:pk>/again/", assessment_acts.AgainView.as_view(), name="assessment_again"),
    path(f"{DESK}<uuid:pk>/final/", assessment_acts.FinalView.as_view(), name="assessment_final"),
    path(f"{DESK}<uuid:pk>/congress/", assessment_acts.PutView.as_view(), name="assessment_put"),
    path(f"{DESK}<uuid:pk>/opinion/", assessment_acts.OpinionView.as_view(), name="assessment_opinion"),
    path(f"{DESK}<uuid:pk>/close/", assessment_acts.CloseView.as_view(), name="assessment_close"),
    path(f"{DESK}demands/<uuid:pk>/report/", demand_acts.ReportView.as_view(), name="demand_report"),
    path(f"{DESK}demands/<uuid:pk>/check/", demand_acts.CheckView.as_view(), name="demand_check"),
    path(f"{DESK}schemes/", schemes.SchemesView.as_view(), name="schemes"),
    path(f"{DESK}schemes/new/", schemes.SchemeNewView.as_view(), name="scheme_start"),
    path(f"{DESK}schemes/<uuid:pk>/begin/", schemes.SchemeBeginView.as_view(), name="scheme_begin"),
    path(f"{DESK}versions/<uuid:pk>/", schemes.VersionView.as_view(), name="scheme_version"),
    path(f"{DESK}versions/<uuid:pk>/item/", schemes.ItemAddView.as_view(), name="scheme_item_add"),
    path(f"{DESK}versions/<uuid:pk>/enforce/", schemes.EnforceView.as_view(), name="scheme_enforce"),
    path(f"{DESK}items/<uuid:pk>/edit/", schemes.ItemEditView.as_view(), name="scheme_item_edit"),
    path(f"{DESK}items/<uuid:pk>/drop/", schemes.ItemDropView.as_view(), name="scheme_item_drop"),
]
