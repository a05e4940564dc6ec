"""A text as a board will draw it, as a worker will read it, as paper will carry it; a board as it stands now."""

from types import SimpleNamespace

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View

from portal.accounts.middleware import public_view

from ..board_drawing import cards_of, draw_text, fingerprint_of
from ..enums import PublicationKind, PublicationState
from ..queries.boards import captions_of, periods_of
from ..queries.programmes import programme_of
from .base import find_desk
from .boards import board_context, number_in, unmarked
from .boards_desk import find_board
from .public import find_public, readable_versions

SECONDS = 15


def preview(request, board, cards, at, *, exit_url, here, **more):
    """Return the page of a board that asks for nothing and tells nothing: the same template, script and style."""
    context = board_context(board, cards, at, wanted=number_in(request, "card"), **more)
    way = "&portrait=1" if "portrait" in request.GET else ""
    following = context["shown"] % len(cards) + 1 if cards else 1
    context |= {
        "exit_url": exit_url,
        "is_paused": "hold" in request.GET,
        "here_url": f"{here}?card={context['shown']}{way}",
        "pause_url": f"{here}?card={context['shown']}{way}&hold=1",
        "next_url": f"{here}?card={following}{way}",
    }
    return unmarked(render(request, "disclosures/boards/board.html", context))


def _text_cards(request, publication, words, at):
    """Return (a board that stands for any, the cards of a text on it)."""
    is_portrait = "portrait" in request.GET
    period = None
    if publication.kind == PublicationKind.NOTICE and publication.publish_at is not None:
        period = periods_of([publication], at)[publication.pk]
    pieces = draw_text(
        publication,
        words,
        is_portrait=is_portrait,
        path=reverse("disclosures:public", args=[publication.number]) if publication.number else "",
        ends_on=period.ends_on if period else None,
        days_left=period.days_left if period and not period.is_over else 0,
        captions=captions_of(publication),
    )
    board = SimpleNamespace(pk="preview", name="", unit=publication.unit, is_portrait=is_portrait, seconds=SECONDS)
    cards = [{"key": str(place), "html": html, "until": None, "text": ""} for place, html in enumerate(pieces, 1)]
    return board, cards


class TextBoardView(View):
    """A text on its way, or its latest version, as a board draws it."""

    def get(self, request, pk):
        at = timezone.now()
        publication = find_desk(request.user, pk)
        versions = readable_versions(request.user, publication, at) if publication.number else []
        words = versions[0] if versions else publication
        board, cards = _text_cards(request, publication, words, at)
        here = reverse("disclosures:preview_board", args=[pk])
        return preview(request, board, cards, at, exit_url=reverse("disclosures:work", args=[pk]), here=here)


@method_decorator(public_view, name="dispatch")
class PublicBoardView(View):
    """A published text as a board draws it, for whoever may read it."""

    def get(self, request, number):
        at = timezone.now()
        publication = find_public(request, number, at)
        versions = readable_versions(request.user, publication, at)
        if not versions or publication.state == PublicationState.WITHDRAWN:
            raise Http404
        board, cards = _text_cards(request, publication, versions[0], at)
        here = reverse("disclosures:public_board", args=[number])
        return preview(request, board, cards, at, exit_url=reverse("disclosures:public", args=[number]), here=here)


class BoardPreviewView(View):
    """A board as it stands now, for those who keep or supervise it, without its address."""

    def get(self, request, pk):
        at = timezone.now()
        board = find_board(request.user, pk)
        programme = programme_of(board, at)
        cards = cards_of(programme, is_portrait=board.is_portrait)
        here = reverse("disclosures:board_preview", args=[pk])
        return preview(
            request,
            board,
            cards,
            at,
            exit_url=reverse("disclosures:board_work", args=[pk]),
            here=here,
            content=fingerprint_of(board, programme),
            is_urgent=bool(programme.urgent),
        )


class _TextView(View):
    """A text on its way, or its latest version, in another of its shapes."""

    template_name = ""

    def get(self, request, pk):
        at = timezone.now()
        publication = find_desk(request.user, pk)
        versions = readable_versions(request.user, publication, at) if publication.number else []
        return render(
            request,
            self.template_name,
            {
                "publication": publication,
                "words": versions[0] if versions else publication,
                "version": versions[0] if versions else None,
                "notice": getattr(publication, "notice", None),
                "files": publication.shown_files,
            },
        )


class TextReaderView(_TextView):
    """As a worker will read it."""

    template_name = "disclosures/boards/preview_reader.html"


class TextPaperView(_TextView):
    """As a sheet of paper for the notice board in the corridor."""

    template_name = "disclosures/boards/preview_paper.html"
