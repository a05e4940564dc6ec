"""Addresses of clocks, calendars and jobs."""

from django.urls import path

from . import views

app_name = "deadlines"
urlpatterns = [
    path("<uuid:pk>/explain/", views.PromiseExplainView.as_view(), name="explain"),
    path("<uuid:pk>/extension/", views.ExtensionAskView.as_view(), name="ask_extension"),
    path("extensions/", views.ExtensionListView.as_view(), name="extensions"),
    path("extensions/<uuid:pk>/", views.ExtensionDecideView.as_view(), name="decide_extension"),
    path("calendar/", views.CalendarView.as_view(), name="calendar"),
    path("calendar/<int:year>/", views.CalendarYearView.as_view(), name="year"),
    path("calendar/import/", views.CalendarImportView.as_view(), name="import_calendar"),
    path("calendar/import/commit/", views.CalendarCommitView.as_view(), name="commit_calendar"),
    path("jobs/", views.JobsView.as_view(), name="jobs"),
    path("jobs/resume/", views.ClockResumeView.as_view(), name="resume_clock"),
]
