"""Delegates: elections and mandates, the duty log, the reports of a year."""

from django.urls import path

from ..views import desk, electing, own

urlpatterns = [
    path("congress/mine/", own.MineView.as_view(), name="mine"),
    path("congress/mine/<uuid:pk>/log/", own.DutyNewView.as_view(), name="duty_new"),
    path("congress/mine/reports/<uuid:pk>/", own.ReportGiveView.as_view(), name="report_give"),
    path("congress/reports/<uuid:pk>/", own.ReportView.as_view(), name="report"),
    path("congress/reports/<uuid:pk>/file/", own.ReportFileView.as_view(), name="report_file"),
    path("desk/congress/units/<int:pk>/", electing.ElectingUnitView.as_view(), name="electing_unit"),
    path("desk/congress/units/<int:pk>/contact/", electing.ContactView.as_view(), name="contact"),
    path("desk/congress/units/<int:pk>/nominate/", electing.NominateView.as_view(), name="nominate"),
    path("desk/congress/units/<int:pk>/election/", electing.ElectionView.as_view(), name="election"),
    path("desk/congress/units/<int:pk>/credentials/", electing.CredentialsView.as_view(), name="credentials"),
    path("desk/congress/mandates/<uuid:pk>/withdraw/", electing.WithdrawView.as_view(), name="withdraw"),
    path("desk/congress/mandates/<uuid:pk>/recall/", electing.RecallView.as_view(), name="recall"),
    path("desk/congress/mandates/<uuid:pk>/resign/", electing.ResignView.as_view(), name="resign"),
    path("desk/congress/duties/<uuid:pk>/decide/", desk.DutyDecideView.as_view(), name="duty_decide"),
    path("desk/congress/reports/<uuid:pk>/rate/", desk.ReportRateView.as_view(), name="report_rate"),
]
