"""Display boards: the sentences of their acts, the notice of a silent one."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from ..enums import Orientation
from .shared import titled


def register_verbs():
    ways = {"orientation": lambda code: Orientation(code).label}
    for code, sentence, options in (
        ("board.added", _("display board of %(unit)s put up"), {}),
        ("board.changed", _("changed: %(orientation)s, %(seconds)s seconds for each card"), {"words": ways}),
        ("board.token_renewed", _("new address; the old one is unknown from now on"), {}),
        ("board.retired", _("taken down"), {}),
        ("board.playlist_changed", _("playlist changed"), {}),
        ("board.playlist_removed", _("playlist removed"), {}),
        ("board.pinned", _("%(number)s put on the board from %(since)s"), {}),
        ("board.unpinned", _("%(number)s taken off the playlist"), {}),
        ("board.override_set", _("display interrupted for something urgent"), {}),
        ("board.override_ended", _("interruption of the display ended"), {}),
    ):
        register_verb(code, sentence, is_public=True, by=_("unit"), **options)
    register_verb("board.silent", _("silent for more than ten minutes of its hours"), is_public=True)
    register_verb("board.back", _("heard again"), is_public=True)


def _page(subject, facts):
    return reverse("disclosures:board_work", args=[subject.partition(":")[2]])


def register_notices():
    register_notice(
        "board.silent",
        title=titled(_("The display board “%(name)s” (%(place)s) has been silent for more than ten minutes")),
        url=_page,
        label=_("silent board"),
    )
