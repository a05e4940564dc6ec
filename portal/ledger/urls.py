"""Addresses of the ledger, below /ledger/."""

from django.urls import path, register_converter

from . import views
from .converters import DayConverter

register_converter(DayConverter, "ledger_day")

app_name = "ledger"
urlpatterns = [
    path("", views.VerifyView.as_view(), name="verify"),
    path("days/<ledger_day:day>/slip/", views.HeadSlipView.as_view(), name="slip"),
    path("days/<ledger_day:day>/export/", views.DayExportView.as_view(), name="export"),
    path("entries/", views.AuditView.as_view(), name="audit"),
]
