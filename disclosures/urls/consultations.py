"""Consultations: what workers read and say, and the desk of those who prepare, open, answer and decide."""

from django.urls import path, re_path

from ..views import consultation_acts as acts
from ..views import consultation_desk as desk
from ..views import consultation_speaking as speaking
from ..views import consultations as views

KEY = r"(?P<pk>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
ANCHOR = r"(?P<anchor>[a-z][a-z0-9-]{0,39})"
PUBLIC = rf"^open/consultations/{KEY}"
ONE = "desk/open/consultations/<uuid:pk>"

urlpatterns = [
    path("open/consultations/", views.ConsultationListView.as_view(), name="consultations"),
    path("open/consultations/<uuid:pk>/", views.ConsultationView.as_view(), name="consultation"),
    path("open/consultations/<uuid:pk>/compare/", views.ConsultationCompareView.as_view(), name="consultation_compare"),
    re_path(rf"{PUBLIC}/on/{ANCHOR}/$", views.ConsultationClauseView.as_view(), name="consultation_clause"),
    re_path(rf"{PUBLIC}/say/{ANCHOR}/$", speaking.ConsultationSayView.as_view(), name="consultation_say"),
    re_path(
        rf"^a/consultations/{KEY}/{ANCHOR}/$",
        speaking.ConsultationSayNicknameView.as_view(),
        name="consultation_say_nickname",
    ),
    path("desk/open/consultations/", desk.ConsultationsDeskView.as_view(), name="consultations_desk"),
    path("desk/open/consultations/new/", desk.ConsultationNewView.as_view(), name="consultation_new"),
    path(f"{ONE}/", desk.ConsultationWorkView.as_view(), name="consultation_work"),
    path(f"{ONE}/edit/", desk.ConsultationEditView.as_view(), name="consultation_edit"),
    path(f"{ONE}/hand/", acts.ConsultationHandView.as_view(), name="consultation_hand"),
    path(f"{ONE}/open/", acts.ConsultationOpenView.as_view(), name="consultation_open"),
    path(f"{ONE}/extend/", acts.ConsultationExtendView.as_view(), name="consultation_extend"),
    path(f"{ONE}/abandon/", acts.ConsultationAbandonView.as_view(), name="consultation_abandon"),
    path(f"{ONE}/group/", acts.ConsultationGroupView.as_view(), name="consultation_group"),
    path(f"{ONE}/complete/", acts.ConsultationCompleteView.as_view(), name="consultation_complete"),
    path(f"{ONE}/report/", acts.ConsultationReportView.as_view(), name="consultation_report"),
    path(f"{ONE}/decide/", acts.ConsultationDecideView.as_view(), name="consultation_decide"),
    path(
        "desk/open/consultations/groups/<uuid:pk>/", acts.ConsultationAnswerView.as_view(), name="consultation_answer"
    ),
    path("desk/open/consultations/opinions/<uuid:pk>/", acts.ConsultationHideView.as_view(), name="consultation_hide"),
    path(
        "desk/open/consultations/opinions/<uuid:pk>/show/",
        acts.ConsultationShowView.as_view(),
        name="consultation_show",
    ),
]
