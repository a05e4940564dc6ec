"""The desk of those who keep display boards: all of them, one with its playlists, and every change."""

import datetime as dt

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.accounts.queries import units_within
from portal.kernel.days import local_day
from portal.kernel.forms import PortalForm
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import ActView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from .. import board_cards
from ..board_drawing import qr_of
from ..boards_standing import board_standing, hours_of, rules_of
from ..enums import Orientation
from ..forms.boards import AddBoardForm, BoardForm
from ..models import Outage, Override, Showing
from ..operations import boards as does
from ..queries.boards import boards_seen_by
from ..queries.programmes import overrides_of, programme_of
from ..rules import boards as rules

DAYS_SHOWN, OUTAGES_SHOWN, MOST_BOARDS = 14, 20, 200


def find_board(user, pk):
    """Return the board whose working page exists for this person; everything else is a 404."""
    board = only_one(boards_seen_by(user).select_related("pulse").filter(pk=pk))
    if board is None:
        raise Http404
    return board


class BoardsView(TemplateView):
    """All boards of somebody's units: where they hang, whether they are heard."""

    template_name = "disclosures/boards/boards.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_use_boards(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        boards = boards_seen_by(user).select_related("pulse").prefetch_related("playlists")
        boards = boards.order_by("-is_active", "unit__path", "name")[:MOST_BOARDS]
        return super().get_context_data(
            rows=[{"board": board, "standing": board_standing(board, at)} for board in boards],
            may_add=bool(rules.may_add_board(user)),
            **kwargs,
        )


class BoardWorkView(View):
    """One board: how it is doing, what it shows and when, what interrupts it, what it has shown."""

    def get(self, request, pk):
        at, user = timezone.now(), request.user
        board = find_board(user, pk)
        playlists = list(board.playlists.prefetch_related("pins__publication", "pins__by"))
        programme = programme_of(board, at) if board.is_active else None
        since = local_day(at) - dt.timedelta(days=DAYS_SHOWN - 1)
        showings = Showing.objects.filter(board=board, day__gte=since).select_related("publication")
        overrides = Override.objects.filter(board=board) | Override.objects.filter(
            board__isnull=True, unit__in=Unit.objects.above(board.unit)
        )
        running = {row.pk for row in overrides_of(board, at)}
        labels = {card.code: card.label for card in board_cards.board_cards()}
        return render(
            request,
            "disclosures/boards/board_work.html",
            {
                "board": board,
                "standing": board_standing(board, at, playlists),
                "playlists": [
                    {
                        "playlist": playlist,
                        "hours": hours_of(playlist),
                        "rules": rules_of(playlist),
                        "cards": [labels[code] for code in playlist.cards if code in labels],
                        "pins": playlist.pins.all(),
                    }
                    for playlist in playlists
                ],
                "programme": programme,
                "overrides": [
                    {
                        "override": row,
                        "is_running": row.pk in running,
                        "may_end": row.pk in running and bool(rules.may_end_override(user, row)),
                    }
                    for row in overrides.select_related(
                        "by", "ended_by", "publication", "unit", "board__unit"
                    ).order_by("-since", "-pk")[:10]
                ],
                "outages": Outage.objects.filter(board=board)[:OUTAGES_SHOWN],
                "showings": shown_days(showings),
                "days": DAYS_SHOWN,
                "lines": history_of(subject_key(board), with_time=True, with_all=True),
                "may_keep": bool(rules.may_keep_board(user, board)),
            },
        )


def shown_days(showings):
    """Return what a board has shown, a line for each text: on how many days, how often, how long."""
    lines = {}
    for row in showings.order_by("-day", "-seconds"):
        line = lines.setdefault(
            row.publication_id, {"publication": row.publication, "days": 0, "times": 0, "seconds": 0, "last": row.day}
        )
        line["days"] += 1
        line["times"] += row.times
        line["seconds"] += row.seconds
    for line in lines.values():
        line["minutes"] = line["seconds"] // 60
    return list(lines.values())[:100]


class BoardFormView(ActView):
    """A change of one board."""

    name = "board"
    home = "disclosures:board_work"
    template_name = "disclosures/boards/board_form.html"

    @property
    def board(self):
        return self.thing

    def find(self):
        return find_board(self.request.user, self.kwargs["pk"])

    def verdict(self):
        return rules.may_keep_board(self.request.user, self.board)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back": self.back_url(), **kwargs})


class AddView(BoardFormView):
    """Put up a board; its address is shown once, on a sheet to print."""

    form_class = AddBoardForm
    title = gettext_lazy("Put up a board")
    lead = gettext_lazy(
        "Any screen with a browser will do. On the next page stands the address that it opens, shown once: print it."
    )
    button = gettext_lazy("Put it up")
    icon = "monitor"

    def find(self):
        return None

    def verdict(self):
        return rules.may_add_board(self.request.user)

    def back_url(self):
        return reverse("disclosures:boards")

    def get_form_kwargs(self):
        units = units_within(authority_of(self.request.user).units(*rules.KEEPERS)).active().select_related("parent")
        return {**super().get_form_kwargs(), "units": units.order_by("path")}

    def get_initial(self):
        return {"orientation": Orientation.LANDSCAPE}

    def operate(self, form):
        board, token = does.add_board(
            unit=form.cleaned_data["unit"],
            values=form.values(),
            playlist=form.playlist(),
            actor=self.request.user,
            at=timezone.now(),
        )
        return sheet(self.request, board, token)


def sheet(request, board, token):
    """Return the sheet with a board's address and its code; the secret is nowhere else."""
    path = reverse("disclosures:board", args=[token])
    response = render(
        request,
        "disclosures/boards/sheet.html",
        {"board": board, "path": path, "address": request.build_absolute_uri(path), "qr": qr_of(path)},
    )
    response.headers["Cache-Control"] = "no-store"
    return response


class EditView(BoardFormView):
    """Change name, place, orientation and pace."""

    form_class = BoardForm
    title = gettext_lazy("Change the board")

    def get_initial(self):
        return {name: getattr(self.board, name) for name in does.FACTS}

    def operate(self, form):
        does.change_board(board_id=self.board.pk, values=form.values(), actor=self.request.user, at=timezone.now())
        return self.done()


class _Confirm(BoardFormView):
    """A change without anything to fill in."""

    form_class = PortalForm


class AddressView(_Confirm):
    """Give a board a new address."""

    title = gettext_lazy("New address")
    lead = gettext_lazy(
        "The old address stops working at once, and the screen shows nothing until it opens the new one. The new"
        " address is shown once, on a sheet to print."
    )
    button = gettext_lazy("Make a new address")
    icon = "key-round"

    def operate(self, form):
        token = does.renew_token(board_id=self.board.pk, actor=self.request.user, at=timezone.now())
        return sheet(self.request, self.board, token)


class RetireView(_Confirm):
    """Take a board down."""

    title = gettext_lazy("Take the board down")
    lead = gettext_lazy("Its address stops working at once. What it has shown stays on record.")
    button = gettext_lazy("Take it down")
    tone = "danger"
    icon = "archive"
    said = gettext_lazy("The board has been taken down.")

    def operate(self, form):
        does.retire_board(board_id=self.board.pk, actor=self.request.user, at=timezone.now())
        return self.done()
