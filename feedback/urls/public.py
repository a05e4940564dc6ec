"""Addresses that everybody may open."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe

from portal.accounts.middleware import public_view

from ..views import feeds, public

NUMBER = r"(?P<number>[0-9]{4}-[0-9]{1,9})"

urlpatterns = [
    path("inquiries/", public.PublicListView.as_view(), name="public_list"),
    path("inquiries/feed.rss", public_view(require_safe(feeds.AnsweredFeed())), name="feed"),
    re_path(rf"^inquiries/{NUMBER}/$", public.PublicView.as_view(), name="public"),
    re_path(
        rf"^inquiries/{NUMBER}/files/(?P<file_id>[0-9a-f-]{{36}})/$",
        public.PublicFileView.as_view(),
        name="public_file",
    ),
]
