"""The library of regulations: what everybody reads, and the desk of those who enter and approve."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe

from portal.accounts.middleware import public_view

from ..views import regulations as public
from ..views import regulations_acts as acts
from ..views import regulations_desk as desk
from ..views import regulations_file as file

CODE = r"(?P<code>[A-Z0-9][A-Z0-9.-]{0,23})"
NUMBER = r"(?P<number>[1-9][0-9]{0,3})"

urlpatterns = [
    path("open/regulations/", public.RegulationListView.as_view(), name="regulations"),
    path("open/regulations/changes/", public.RegulationChangesView.as_view(), name="regulation_changes"),
    path("open/regulations/looked/", public.RegulationLookedView.as_view(), name="regulation_looked"),
    path("open/regulations/feed/", public_view(require_safe(file.RegulationFeed())), name="regulation_feed"),
    re_path(rf"^open/regulations/{CODE}/$", public.RegulationView.as_view(), name="regulation"),
    re_path(rf"^open/regulations/{CODE}/v{NUMBER}/$", public.RegulationView.as_view(), name="regulation_version"),
    re_path(
        rf"^open/regulations/{CODE}/v{NUMBER}/print/$", public.RegulationPrintView.as_view(), name="regulation_print"
    ),
    re_path(
        rf"^open/regulations/{CODE}/v{NUMBER}/compare/$",
        public.RegulationCompareView.as_view(),
        name="regulation_compare",
    ),
    path("desk/open/regulations/", desk.RegulationsDeskView.as_view(), name="regulations_desk"),
    path("desk/open/regulations/new/<slug:kind>/", desk.EnterRegulationView.as_view(), name="regulation_new"),
    re_path(rf"^desk/open/regulations/{CODE}/revise/$", desk.ReviseRegulationView.as_view(), name="regulation_revise"),
    re_path(rf"^desk/open/regulations/{CODE}/repeal/$", desk.RepealRegulationView.as_view(), name="regulation_repeal"),
    path("desk/open/regulations/versions/<uuid:pk>/", desk.RegulationWorkView.as_view(), name="regulation_work"),
    path("desk/open/regulations/versions/<uuid:pk>/edit/", desk.EditRegulationView.as_view(), name="regulation_edit"),
    path(
        "desk/open/regulations/versions/<uuid:pk>/submit/",
        acts.SubmitRegulationView.as_view(),
        name="regulation_submit",
    ),
    path(
        "desk/open/regulations/versions/<uuid:pk>/discard/",
        acts.DiscardRegulationView.as_view(),
        name="regulation_discard",
    ),
    path(
        "desk/open/regulations/versions/<uuid:pk>/approve/",
        acts.ApproveRegulationView.as_view(),
        name="regulation_approve",
    ),
    path("desk/open/regulations/file/", file.RegulationsFileView.as_view(), name="regulations_file"),
    path("desk/open/regulations/file/template/", file.RegulationsTemplateView.as_view(), name="regulations_template"),
    path("desk/open/regulations/file/<uuid:pk>/", file.RegulationImportView.as_view(), name="regulation_import"),
]
