"""Display boards: the page on the wall, and the desk of those who keep it."""

from django.urls import path, re_path

from ..views import boards, boards_desk, boards_playlists, boards_preview
from .publications import NUMBER

SECRET = r"(?P<token>[A-Za-z0-9_-]{43})"  # noqa: S105 -- the shape of an address, not one
LISTS = "desk/open/boards/playlists/"

urlpatterns = [
    re_path(rf"^board/{SECRET}/$", boards.BoardView.as_view(), name="board"),
    re_path(rf"^board/{SECRET}/feed/$", boards.BoardFeedView.as_view(), name="board_feed"),
    re_path(rf"^board/{SECRET}/pulse/$", boards.BoardPulseView.as_view(), name="board_pulse"),
    re_path(rf"^open/{NUMBER}/board/$", boards_preview.PublicBoardView.as_view(), name="public_board"),
    path("desk/open/<uuid:pk>/board/", boards_preview.TextBoardView.as_view(), name="preview_board"),
    path("desk/open/<uuid:pk>/reader/", boards_preview.TextReaderView.as_view(), name="preview_reader"),
    path("desk/open/<uuid:pk>/paper/", boards_preview.TextPaperView.as_view(), name="preview_paper"),
    path("desk/open/boards/", boards_desk.BoardsView.as_view(), name="boards"),
    path("desk/open/boards/new/", boards_desk.AddView.as_view(), name="board_new"),
    path("desk/open/boards/pin/", boards_playlists.PinView.as_view(), name="board_pin"),
    path("desk/open/boards/pins/<int:pk>/remove/", boards_playlists.UnpinView.as_view(), name="board_unpin"),
    path("desk/open/boards/<uuid:pk>/", boards_desk.BoardWorkView.as_view(), name="board_work"),
    path("desk/open/boards/<uuid:pk>/preview/", boards_preview.BoardPreviewView.as_view(), name="board_preview"),
    path("desk/open/boards/<uuid:pk>/edit/", boards_desk.EditView.as_view(), name="board_edit"),
    path("desk/open/boards/<uuid:pk>/address/", boards_desk.AddressView.as_view(), name="board_address"),
    path("desk/open/boards/<uuid:pk>/retire/", boards_desk.RetireView.as_view(), name="board_retire"),
    path("desk/open/boards/<uuid:pk>/urgent/", boards_playlists.OverrideView.as_view(), name="board_urgent"),
    path("desk/open/boards/urgent/<uuid:pk>/end/", boards_playlists.EndOverrideView.as_view(), name="board_urgent_end"),
    path("desk/open/boards/<uuid:pk>/playlists/new/", boards_playlists.AddPlaylistView.as_view(), name="playlist_new"),
    path(f"{LISTS}<int:pk>/edit/", boards_playlists.EditPlaylistView.as_view(), name="playlist_edit"),
    path(
        f"{LISTS}<int:pk>/remove/",
        boards_playlists.RemovePlaylistView.as_view(),
        name="playlist_remove",
    ),
]
