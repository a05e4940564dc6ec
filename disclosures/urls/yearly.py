"""The yearly ledger (台账)."""

from django.urls import path, re_path

from ..views import yearly

urlpatterns = [
    path("desk/open/ledger/", yearly.YearlyView.as_view(), name="yearly"),
    re_path(r"^desk/open/ledger/(?P<year>[0-9]{4})\.xlsx$", yearly.YearlyFileView.as_view(), name="yearly_file"),
]
