"""Addresses of those who write cards; everything below /a/ knows nobody."""

from django.urls import path, re_path

from ..views import anonymous, author, track, write

NUMBER = r"(?P<number>[0-9]{4}-[0-9]{1,9})"

urlpatterns = [
    path("cards/new/", write.WriteView.as_view(), name="write"),
    path("cards/mine/", author.MineView.as_view(), name="mine"),
    re_path(rf"^cards/{NUMBER}/$", author.OwnView.as_view(), name="own"),
    re_path(rf"^cards/{NUMBER}/receipt/$", author.ReceiptView.as_view(), name="receipt"),
    re_path(rf"^cards/{NUMBER}/files/(?P<file_id>[0-9a-f-]{{36}})/$", author.OwnFileView.as_view(), name="own_file"),
    path("a/card/", anonymous.WriteAnonymousView.as_view(), name="write_anonymous"),
    path("a/track/", track.TrackView.as_view(), name="track"),
    path("go/<uuid:pk>/", author.GoView.as_view(), name="go"),
]
