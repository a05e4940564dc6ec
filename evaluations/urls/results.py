"""Results of appraisals and what is done around them."""

from django.urls import path

from ..views import result_acts, results

urlpatterns = [
    path("evaluations/results/", results.ResultsIndexView.as_view(), name="results_index"),
    path("evaluations/<uuid:pk>/results/", results.ResultsView.as_view(), name="results"),
    path("evaluations/<uuid:pk>/results/how/", results.HowView.as_view(), name="how"),
    path("evaluations/<uuid:pk>/results.xlsx", results.ResultsWorkbookView.as_view(), name="results_workbook"),
    path("evaluations/<uuid:pk>/results.docx", results.ResultsDocumentView.as_view(), name="results_document"),
    path("evaluations/<uuid:pk>/publish/", result_acts.PublishView.as_view(), name="publish"),
    path("evaluations/<uuid:pk>/remarks/", result_acts.RemarksView.as_view(), name="remarks"),
    path("evaluations/remarks/<uuid:pk>/decide/", result_acts.RemarkDecideView.as_view(), name="remark_decide"),
    path("evaluations/results/<uuid:pk>/", results.ResultView.as_view(), name="result"),
    path("evaluations/results/<uuid:pk>/sheet/", results.ResultSheetView.as_view(), name="result_sheet"),
    path("evaluations/results/<uuid:pk>/self/", result_acts.RateOneselfView.as_view(), name="rate_oneself"),
    path("evaluations/results/<uuid:pk>/statement/", result_acts.StatementView.as_view(), name="statement"),
    path("evaluations/results/<uuid:pk>/uses/new/", result_acts.UseNewView.as_view(), name="use_new"),
]
