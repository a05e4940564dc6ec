"""Catalogue and publications: what everybody reads, and the desk of those who prepare, sign and supervise."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe

from portal.accounts.middleware import public_view

from ..views import acts, asking, desk, duties, feeds, keeping, preparing, public, reading, supervising

NUMBER = r"(?P<number>[0-9]{4}-[0-9]{1,9})"
FILE = r"(?P<file_id>[0-9a-f-]{36})"
CODE = r"(?P<code>[A-Z][0-9]{1,6})"

urlpatterns = [
    path("open/", public.ListView.as_view(), name="list"),
    re_path(rf"^open/{NUMBER}/$", public.PublicView.as_view(), name="public"),
    re_path(rf"^open/{NUMBER}/v(?P<version>[0-9]{{1,4}})/$", public.PublicView.as_view(), name="version"),
    re_path(rf"^open/{NUMBER}/files/{FILE}/$", public.FileView.as_view(), name="file"),
    re_path(rf"^open/{NUMBER}/read/$", public.ReadView.as_view(), name="read"),
    re_path(rf"^open/{NUMBER}/acknowledge/$", public.AcknowledgeView.as_view(), name="acknowledge"),
    path("open/feed/", public_view(require_safe(feeds.PublicationFeed())), name="feed"),
    re_path(
        r"^open/feed/(?P<about>[A-Za-z0-9._-]{1,20})/$",
        public_view(require_safe(feeds.PublicationFeed())),
        name="feed_about",
    ),
    path("open/subscriptions/", reading.SubscriptionsView.as_view(), name="subscriptions"),
    path("open/duties/", duties.DutiesView.as_view(), name="duties"),
    path("open/duties/missing/", duties.MissingView.as_view(), name="missing"),
    path("open/duties/<uuid:pk>/", duties.DutyView.as_view(), name="duty"),
    path("open/catalogue/", duties.CatalogueView.as_view(), name="catalogue"),
    re_path(rf"^open/catalogue/{CODE}/$", duties.ItemView.as_view(), name="item"),
    re_path(rf"^open/{NUMBER}/opinion/$", asking.OpinionView.as_view(), name="opinion"),
    re_path(rf"^a/open/{NUMBER}/$", asking.OpinionAnonymousView.as_view(), name="opinion_anonymous"),
    path("open/ask/", asking.RequestView.as_view(), name="ask"),
    path("a/ask/", asking.RequestAnonymousView.as_view(), name="ask_anonymous"),
    path("open/go/<slug:kind>/<uuid:pk>/", duties.GoView.as_view(), name="go"),
    path("desk/open/", desk.DeskView.as_view(), name="desk"),
    path("desk/open/new/", preparing.StartView.as_view(), name="new"),
    path("desk/open/new/<int:pk>/", preparing.DraftView.as_view(), name="draft"),
    path("desk/open/event/", preparing.EventView.as_view(), name="event"),
    path("desk/open/<uuid:pk>/", desk.WorkView.as_view(), name="work"),
    path("desk/open/<uuid:pk>/edit/", preparing.EditView.as_view(), name="edit"),
    path("desk/open/<uuid:pk>/slip/", desk.SlipView.as_view(), name="slip"),
    path("desk/open/<uuid:pk>/files/<uuid:file_id>/", desk.DeskFileView.as_view(), name="desk_file"),
    path("desk/open/<uuid:pk>/submit/", acts.SubmitView.as_view(), name="submit"),
    path("desk/open/<uuid:pk>/discard/", acts.DiscardView.as_view(), name="discard"),
    path("desk/open/<uuid:pk>/sign/<slug:step>/", acts.SignView.as_view(), name="sign"),
    path("desk/open/<uuid:pk>/force/", acts.ForceView.as_view(), name="force"),
    path("desk/open/<uuid:pk>/ratify/", acts.RatifyView.as_view(), name="ratify"),
    path("desk/open/<uuid:pk>/correct/", acts.CorrectView.as_view(), name="correct"),
    path("desk/open/<uuid:pk>/correct/decide/", acts.DecideCorrectionView.as_view(), name="decide_correction"),
    path("desk/open/<uuid:pk>/withdraw/", acts.WithdrawView.as_view(), name="withdraw"),
    path("desk/open/<uuid:pk>/withdraw/decide/", acts.DecideWithdrawalView.as_view(), name="decide_withdrawal"),
    path("desk/open/<uuid:pk>/outcome/", acts.OutcomeView.as_view(), name="outcome"),
    path("desk/open/<uuid:pk>/mask/", acts.MaskView.as_view(), name="mask"),
    path("desk/open/<uuid:pk>/gap/", acts.GapView.as_view(), name="gap"),
    path("desk/open/<uuid:pk>/flag/", supervising.FlagView.as_view(), name="flag"),
    path("desk/open/rectifications/<uuid:pk>/report/", supervising.RectifyView.as_view(), name="rectify"),
    path("desk/open/rectifications/<uuid:pk>/check/", supervising.CheckView.as_view(), name="check_rectification"),
    path("desk/open/duties/<uuid:pk>/waive/", preparing.WaiveView.as_view(), name="waive"),
    path("desk/open/catalogue/add/", keeping.AddItemView.as_view(), name="item_add"),
    re_path(rf"^desk/open/catalogue/{CODE}/edit/$", keeping.EditItemView.as_view(), name="item_edit"),
    re_path(rf"^desk/open/catalogue/{CODE}/assign/$", keeping.AssignView.as_view(), name="item_assign"),
    path("desk/open/assignments/<int:pk>/end/", keeping.EndAssignmentView.as_view(), name="assignment_end"),
]
