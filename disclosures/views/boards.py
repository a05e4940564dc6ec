"""The page of a display board, found by the secret of its address: no sign-in, no cookie, nothing of anybody."""

import json
import math
import uuid

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from portal.accounts.middleware import public_view
from portal.kernel import rates

from ..board_drawing import cards_of, edition, fingerprint_of
from ..operations.board_pulses import MOST_LINES, take_pulse
from ..operations.boards import token_hash
from ..queries.boards import board_of_hash
from ..queries.programmes import board_told, programme_of

MOST_BYTES = 64 * 1024


def milliseconds(at):
    """Return a moment as browsers count it; the beginning of time for none."""
    return math.floor(at.timestamp() * 1000) if at else 0


def board_context(board, cards, at, *, wanted=1, content="", is_urgent=False):
    """Return what the template of a board needs; ``wanted`` is the card that is shown without scripts."""
    for card in cards:
        card["until_ms"] = milliseconds(card["until"])
    return {
        "board": board,
        "cards": cards,
        "shown": min(max(wanted, 1), len(cards)) if cards else 0,
        "content": content,
        "edition": edition(),
        "is_urgent": is_urgent,
        "now": timezone.localtime(at),
        "at_ms": milliseconds(at),
    }


def number_in(request, name, *, most=999):
    """Return a small number of the query string, or 1."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= most else 1


def unmarked(response):
    """Return the response of a board: not to be kept by others, and telling nobody where it came from."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


class _BoardView(View):
    """Find the board of an address with what decides what it shows; any other secret is a 404."""

    def dispatch(self, request, *args, token, **kwargs):
        self.token, self.at = token, timezone.now()
        self.told = board_told(token_hash(token), self.at)
        if self.told is None:
            raise Http404
        self.board = self.told.board
        return super().dispatch(request, *args, **kwargs)


@method_decorator(public_view, name="dispatch")
class BoardView(_BoardView):
    """What hangs on the wall: one card after the other, without scripts as well."""

    def get(self, request):
        at = self.at
        programme = programme_of(self.board, at, told=self.told)
        cards = cards_of(programme, is_portrait=self.board.is_portrait)
        content = fingerprint_of(self.board, programme)
        context = board_context(
            self.board, cards, at, wanted=number_in(request, "card"), content=content, is_urgent=bool(programme.urgent)
        )
        here = reverse("disclosures:board", args=[self.token])
        following = context["shown"] % len(cards) + 1 if cards else 1
        context |= {
            "feed_url": reverse("disclosures:board_feed", args=[self.token]),
            "pulse_url": reverse("disclosures:board_pulse", args=[self.token]),
            "is_paused": "hold" in request.GET,
            "here_url": f"{here}?card={context['shown']}",
            "pause_url": f"{here}?card={context['shown']}&hold=1",
            "next_url": f"{here}?card={following}",
        }
        return unmarked(render(request, "disclosures/boards/board.html", context))


@method_decorator(public_view, name="dispatch")
class BoardFeedView(_BoardView):
    """What the board shows now, as its script asks for it; 304 while nothing has changed."""

    def get(self, request):
        at = self.at
        programme = programme_of(self.board, at, told=self.told)
        content = fingerprint_of(self.board, programme)
        tag = f'"{content}"'
        if request.headers.get("If-None-Match") == tag:
            response = HttpResponse(status=304)
        else:
            cards = cards_of(programme, is_portrait=self.board.is_portrait)
            response = JsonResponse(
                {
                    "content": content,
                    "edition": edition(),
                    "seconds": self.board.seconds,
                    "isUrgent": bool(programme.urgent),
                    "cards": [
                        {"key": c["key"], "html": c["html"], "until": milliseconds(c["until"]), "text": c["text"]}
                        for c in cards
                    ],
                },
                json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
            )
        response.headers["ETag"] = tag
        # The board's own clock may be wrong; what it says of days and ends it says by the portal's.
        response.headers["X-Portal-Time"] = str(milliseconds(at))
        return unmarked(response)


@method_decorator([public_view, csrf_exempt], name="dispatch")
class BoardPulseView(View):
    """A board tells once a minute that it is there, and what it has shown; the secret of its address is its right."""

    http_method_names = ("post", "options")

    def post(self, request, token):
        at = timezone.now()
        board = board_of_hash(token_hash(token))
        if board is None:
            raise Http404
        if wait := rates.wait_for("board.pulse", board.pk, at=at):
            return unmarked(HttpResponse(status=429, headers={"Retry-After": str(wait)}))
        told = read_pulse(request)
        if told is None:
            return unmarked(HttpResponse(status=400))
        take_pulse(board=board, content=told[0], shown=told[1], at=at)
        return unmarked(HttpResponse(status=204))


def read_pulse(request):
    """
    Return (the content's fingerprint, {(publication id, day): (times, seconds)}) of a pulse, or None for no pulse.

    A line that cannot be read is left out; a board must not fall silent over one.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        told = json.loads(request.body) if 0 < length <= MOST_BYTES else None
    except (ValueError, RecursionError):  # no JSON, or none that ends
        return None
    if not isinstance(told, dict) or not isinstance(told.get("shown"), dict):
        return None
    content = told.get("content")
    content = content if isinstance(content, str) and content.isascii() and content.isalnum() else ""
    shown = {}
    for name, counts in list(told["shown"].items())[:MOST_LINES]:
        key, _bar, day = name.partition("|")
        try:
            place = uuid.UUID(key), parse_date(day)
        except ValueError:
            continue
        if place[1] is not None and _are_counts(counts):
            shown[place] = counts[0], counts[1]
    return content, shown


def _are_counts(counts):
    return (
        isinstance(counts, list) and len(counts) == 2 and all(type(one) is int and 0 <= one < 2**31 for one in counts)
    )
