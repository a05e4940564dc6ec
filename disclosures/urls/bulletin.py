"""The union's bulletin: what everybody reads, and the desk of those who compile and issue it."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe

from portal.accounts.middleware import public_view

from ..views import bulletin, bulletin_acts, bulletin_desk

ISSUE = r"(?P<unit>[A-Za-z0-9._-]{1,40})/(?P<number>[0-9]{4}-[0-9]{1,6})"

urlpatterns = [
    path("open/bulletin/", bulletin.BulletinListView.as_view(), name="bulletins"),
    path("open/bulletin/feed/", public_view(require_safe(bulletin.BulletinFeed())), name="bulletin_feed"),
    re_path(rf"^open/bulletin/{ISSUE}/$", bulletin.BulletinView.as_view(), name="bulletin"),
    re_path(rf"^open/bulletin/{ISSUE}/print/$", bulletin.BulletinPrintView.as_view(), name="bulletin_print"),
    re_path(rf"^open/bulletin/{ISSUE}/docx/$", bulletin.BulletinFileView.as_view(), name="bulletin_file"),
    path("desk/open/bulletin/", bulletin_desk.BulletinDeskView.as_view(), name="bulletin_desk"),
    path("desk/open/bulletin/new/", bulletin_desk.NewIssueView.as_view(), name="bulletin_new"),
    path("desk/open/bulletin/<uuid:pk>/", bulletin_desk.IssueWorkView.as_view(), name="bulletin_work"),
    path("desk/open/bulletin/<uuid:pk>/preview/", bulletin_desk.IssuePreviewView.as_view(), name="bulletin_preview"),
    path("desk/open/bulletin/<uuid:pk>/edit/", bulletin_acts.EditIssueView.as_view(), name="bulletin_edit"),
    path("desk/open/bulletin/<uuid:pk>/choose/", bulletin_acts.ChooseView.as_view(), name="bulletin_choose"),
    path("desk/open/bulletin/<uuid:pk>/text/", bulletin_acts.OwnTextView.as_view(), name="bulletin_text"),
    path(
        "desk/open/bulletin/<uuid:pk>/text/<int:entry>/",
        bulletin_acts.OwnTextView.as_view(),
        name="bulletin_text_edit",
    ),
    path("desk/open/bulletin/<uuid:pk>/entries/<int:entry>/", bulletin_acts.EntryView.as_view(), name="bulletin_entry"),
    path("desk/open/bulletin/<uuid:pk>/submit/", bulletin_acts.SubmitIssueView.as_view(), name="bulletin_submit"),
    path("desk/open/bulletin/<uuid:pk>/back/", bulletin_acts.SendBackIssueView.as_view(), name="bulletin_back"),
    path("desk/open/bulletin/<uuid:pk>/discard/", bulletin_acts.DiscardIssueView.as_view(), name="bulletin_discard"),
    path("desk/open/bulletin/<uuid:pk>/issue/", bulletin_acts.IssueView.as_view(), name="bulletin_issue"),
    path("desk/open/bulletin/<uuid:pk>/summary/", bulletin_acts.SummaryView.as_view(), name="bulletin_summary"),
]
