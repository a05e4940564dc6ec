"""Changing what a board shows: its playlists, texts put on it by hand, urgent things before all else."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.accounts.queries import rule_value
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.rows import only_one
from portal.kernel.verdicts import OperationRefused, require

from .. import numbers
from ..forms.boards import OverrideForm, PinForm, PlaylistForm
from ..models import Override, Pin, Playlist
from ..operations import boards as does
from ..queries import inside
from ..queries.boards import boards_kept_by, boards_seen_by
from ..rules import boards as rules
from .boards_desk import BoardFormView, find_board


class OverrideView(BoardFormView):
    """Show something urgent before and instead of everything else."""

    form_class = OverrideForm
    title = gettext_lazy("Show something urgent")
    lead = gettext_lazy(
        "It stands on the board within half a minute, alone, until its end. For safety and other things that cannot"
        " wait; everything else goes through a publication."
    )
    button = gettext_lazy("Show it now")
    tone = "danger"
    icon = "siren"
    said = gettext_lazy("The boards show it within half a minute.")

    @cached_property
    def places(self):
        """The one board, and every unit of this person's that has it among its boards: {code: (unit, board)}."""
        units = authority_of(self.request.user).units(*rules.KEEPERS)
        above = Unit.objects.above(self.board.unit).order_by("-path")
        return {"board": (self.board.unit, self.board)} | {
            unit.code: (unit, None) for unit in above if any(own.covers(unit) for own in units)
        }

    def get_form_kwargs(self):
        labels = [
            (
                code,
                _("only this board: %(name)s") % {"name": board.name}
                if board
                else _("all boards of %(unit)s and below") % {"unit": unit.name},
            )
            for code, (unit, board) in self.places.items()
        ]
        at = timezone.now()
        # Of several places the longest: what holds for the chosen one the operation asks.
        longest = max(rule_value(numbers.URGENT_HOURS, unit=unit, at=at) for unit, _board in self.places.values())
        return {**super().get_form_kwargs(), "places": labels, "longest": longest}

    def operate(self, form):
        at, data = timezone.now(), form.cleaned_data
        unit, board = self.places[data["where"]]
        does.set_override(
            unit=unit,
            board=board,
            title=data["title"],
            message=data["message"],
            publication=data["text"],
            reason=data["reason"],
            until=form.until(at),
            idempotency_key=data["idempotency_key"],
            actor=self.request.user,
            at=at,
        )
        return self.done()


class AddPlaylistView(BoardFormView):
    """Give a board another playlist."""

    form_class = PlaylistForm
    title = gettext_lazy("Add a playlist")

    def operate(self, form):
        does.add_playlist(board_id=self.board.pk, values=form.playlist(), actor=self.request.user, at=timezone.now())
        return self.done()


class EditPlaylistView(BoardFormView):
    """Change what a playlist shows and when."""

    form_class = PlaylistForm
    title = gettext_lazy("Change the playlist")

    def find(self):
        self.playlist = only_one(Playlist.objects.filter(pk=self.kwargs["pk"]))
        if self.playlist is None:
            raise Http404
        return find_board(self.request.user, self.playlist.board_id)

    def get_initial(self):
        return PlaylistForm.initial_of(self.playlist)

    def operate(self, form):
        does.change_playlist(
            playlist_id=self.playlist.pk, values=form.playlist(), actor=self.request.user, at=timezone.now()
        )
        return self.done()


class PinView(BoardFormView):
    """Put a text on a playlist; reached from the text (``?text=``) or from a playlist (``?playlist=``)."""

    form_class = PinForm
    title = gettext_lazy("Put a text on a board")
    lead = gettext_lazy(
        "It comes before what the playlist's rules take. Only texts that everybody may read can be shown."
    )
    button = gettext_lazy("Put it there")
    icon = "pin"
    said = gettext_lazy("The text is on the playlist.")

    def find(self):
        return None

    def verdict(self):
        return rules.may_add_board(self.request.user)

    def back_url(self):
        # Back from the form to the boards; after the act to the board that shows the text.
        return reverse("disclosures:boards") if self.thing is None else super().back_url()

    @cached_property
    def playlists(self):
        rows = Playlist.objects.filter(board__in=boards_kept_by(self.request.user))
        return list(rows.select_related("board__unit").order_by("board__unit__path", "board__name", "place", "pk"))

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "playlists": self.playlists}

    def get_initial(self):
        query = self.request.GET
        return {
            "text": query.get("text", "")[:14],
            "playlist": query.get("playlist", ""),
            "since": local_day(timezone.now()),
        }

    def operate(self, form):
        data = form.cleaned_data
        self.thing = data["playlist"].board
        does.pin_text(
            playlist_id=data["playlist"].pk,
            publication_id=data["text"].pk,
            since=data["since"],
            until=data["until"],
            place=data["order"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()


class _PressView(View):
    """A change by one button: find, call, go back to the board."""

    http_method_names = ("post", "options")
    said = ""

    def post(self, request, pk):
        board, operate = self.find(pk)
        try:
            operate(actor=request.user, at=timezone.now())
        except (OperationRefused, Conflict) as refusal:
            if isinstance(refusal, OperationRefused) and not rules.may_keep_board(request.user, board):
                raise
            messages.error(request, refusal.reason)
        else:
            messages.success(request, self.said)
        return redirect("disclosures:board_work", board.pk)


class UnpinView(_PressView):
    """Take a text off a playlist."""

    said = gettext_lazy("The text is off the playlist.")

    def find(self, pk):
        pin = only_one(Pin.objects.select_related("playlist").filter(pk=pk))
        if pin is None:
            raise Http404
        return find_board(self.request.user, pin.playlist.board_id), lambda **by: does.unpin_text(pin_id=pk, **by)


class RemovePlaylistView(_PressView):
    """Take a playlist off its board."""

    said = gettext_lazy("The playlist has been removed.")

    def find(self, pk):
        playlist = only_one(Playlist.objects.filter(pk=pk))
        if playlist is None:
            raise Http404
        board = find_board(self.request.user, playlist.board_id)
        return board, lambda **by: does.remove_playlist(playlist_id=pk, **by)


class EndOverrideView(View):
    """Let the boards go back to what they show otherwise."""

    http_method_names = ("post", "options")

    def post(self, request, pk):
        override = only_one(Override.objects.select_related("unit", "board__unit").filter(pk=pk))
        seen = boards_seen_by(request.user)
        if override is None or not seen.filter(inside([override.unit])).exists():
            raise Http404
        require(rules.may_override(request.user, override.board.unit if override.board else override.unit))
        if override.ended_at is None:
            does.end_override(override_id=pk, actor=request.user, at=timezone.now())
        messages.success(request, _("The boards go back to what they show otherwise."))
        return (
            redirect("disclosures:board_work", override.board_id)
            if override.board_id
            else redirect("disclosures:boards")
        )
