"""Briefings: what everybody reads under ``open/briefings/``, the desk under ``desk/open/briefings/``."""

from django.urls import path, re_path

from ..views import briefings, briefings_acts, briefings_asking, briefings_desk, briefings_record

OPEN, DESK = "open/briefings/", "desk/open/briefings/"
ONE, WORK = f"{OPEN}<uuid:pk>/", f"{DESK}<uuid:pk>/"

urlpatterns = [
    path(OPEN, briefings.BriefingsView.as_view(), name="briefings"),
    path(f"{OPEN}calendar.ics", briefings.BriefingsIcsView.as_view(), name="briefings_ics"),
    re_path(
        r"^open/briefings/calendar/(?P<code>[A-Za-z0-9._-]{1,20})\.ics$",
        briefings.BriefingsIcsView.as_view(),
        name="briefings_ics_unit",
    ),
    path(f"{OPEN}go/<slug:kind>/<uuid:pk>/", briefings.BriefingsGoView.as_view(), name="briefings_go"),
    path(ONE, briefings.BriefingView.as_view(), name="briefing"),
    path(f"{ONE}v<int:version>/", briefings.BriefingView.as_view(), name="briefing_version"),
    path(f"{ONE}print/", briefings.BriefingPrintView.as_view(), name="briefing_print"),
    path(f"{ONE}files/<uuid:file_id>/", briefings.BriefingFileView.as_view(), name="briefing_file"),
    path(f"{ONE}ask/", briefings_asking.AskBeforehandView.as_view(), name="briefing_ask"),
    path(
        "a/open/briefings/<uuid:pk>/",
        briefings_asking.AskBeforehandUnnamedView.as_view(),
        name="briefing_ask_anonymous",
    ),
    path(DESK, briefings_desk.BriefingsDeskView.as_view(), name="briefings_desk"),
    path(f"{DESK}new/", briefings_acts.PlanBriefingView.as_view(), name="briefing_new"),
    path(f"{DESK}plans/new/", briefings_desk.SetBriefingPlanView.as_view(), name="briefing_plan"),
    path(f"{DESK}plans/<int:pk>/end/", briefings_desk.EndBriefingPlanView.as_view(), name="briefing_plan_end"),
    path(f"{DESK}questions/<uuid:pk>/", briefings_record.AnswerQuestionView.as_view(), name="briefing_answer"),
    path(f"{DESK}questions/<uuid:pk>/leave/", briefings_record.LeaveQuestionView.as_view(), name="briefing_leave"),
    path(WORK, briefings_desk.BriefingWorkView.as_view(), name="briefing_work"),
    path(f"{WORK}edit/", briefings_acts.EditBriefingView.as_view(), name="briefing_edit"),
    path(f"{WORK}move/", briefings_acts.MoveBriefingView.as_view(), name="briefing_move"),
    path(f"{WORK}cancel/", briefings_acts.CancelBriefingView.as_view(), name="briefing_cancel"),
    path(f"{WORK}record/", briefings_acts.RecordBriefingView.as_view(), name="briefing_record"),
    path(f"{WORK}question/", briefings_record.AddQuestionView.as_view(), name="briefing_question"),
    path(f"{WORK}figures/new/", briefings_record.FigureView.as_view(), name="briefing_figure_new"),
    path(f"{WORK}figures/<uuid:figure>/", briefings_record.FigureView.as_view(), name="briefing_figure"),
    path(
        f"{WORK}figures/<uuid:figure>/remove/",
        briefings_record.RemoveFigureView.as_view(),
        name="briefing_figure_remove",
    ),
    path(f"{WORK}minutes/", briefings_record.MinutesView.as_view(), name="briefing_minutes"),
    path(f"{WORK}publish/", briefings_record.PublishMinutesView.as_view(), name="briefing_publish"),
    path(f"{WORK}files/<uuid:file_id>/", briefings_desk.BriefingDeskFileView.as_view(), name="briefing_desk_file"),
]
