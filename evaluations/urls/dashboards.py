"""Dashboards of the enterprise, its works and workshops."""

from django.urls import path

from ..views import dashboards

urlpatterns = [
    path("dashboards/", dashboards.DashboardsView.as_view(), name="dashboards"),
    path("dashboards/<str:code>/", dashboards.DashboardView.as_view(), name="dashboard"),
]
