"""The front page, the home after signing in, help and privacy."""

from django.core.cache import cache
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from disclosures import front as disclosed
from evaluations import front as rated
from feedback.enums import OPEN_STATES
from feedback.queries import answered_inquiries, inquiries_of, lamp_totals, waiting_for_author
from feedback.statistics import statistics_of
from feedback.views.author import card_row
from feedback.views.statistics import charts_of, period_of
from portal.accounts.middleware import public_view
from portal.accounts.queries import company
from portal.deadlines.clock import clock_of
from portal.home.desk_tiles import tiles_for
from portal.kernel.days import local_day
from portal.notices.queries import notices_unread
from portal.notices.registry import sentence_of

FRONT_SECONDS, YEAR_SECONDS = 60, 600
ANSWERED_SHOWN, CARDS_SHOWN, NOTICES_SHOWN = 5, 5, 5


def _front(at):
    """Return what every visitor of the front page sees, remembered for a minute."""
    answered = answered_inquiries().select_related("promise")[:ANSWERED_SHOWN]
    missing_total, missing = disclosed.missing(at)
    return {
        "disclosed": disclosed.newest(None, at),
        "ahead": disclosed.ahead(None, at),
        "missing_total": missing_total,
        "missing": missing,
        "totals": lamp_totals(at),
        "answered": [
            {
                "number": inquiry.number,
                "subject": inquiry.public_subject,
                "unit": inquiry.unit.name,
                "answered_on": inquiry.answered_on,
                "outcome": inquiry.outcome,
                "lamp": clock_of(inquiry.promise, at).lamp.value
                if inquiry.was_in_time is None
                else ("green" if inquiry.was_in_time else "orange"),
            }
            for inquiry in answered
        ],
    }


def _year(at):
    """Return the figures of the last twelve months, as the page of statistics counts them."""
    since, until = period_of("12", local_day(at))
    root = company()
    return statistics_of([root] if root else [], since=since, until=until, at=at)


@method_decorator(public_view, name="dispatch")
class FrontView(TemplateView):
    """What a visitor sees: one main act, the progress box, the lamps, what was answered last, the year in figures."""

    template_name = "home/front.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            return redirect("home:home")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        at = timezone.now()
        year = cache.get_or_set("home:year", lambda: _year(at), YEAR_SECONDS)
        return super().get_context_data(
            **cache.get_or_set("home:front", lambda: _front(at), FRONT_SECONDS),
            year=year.total,
            chart=charts_of(year)[0],
            **kwargs,
        )


class HomeView(TemplateView):
    """The home of somebody signed in: what waits for them first, then what is on its way."""

    template_name = "home/home.html"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return redirect("home:front")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        person, at = self.request.user, timezone.now()
        todo = [card_row(inquiry, at) for inquiry in waiting_for_author(person)[:CARDS_SHOWN]]
        waiting = {row["inquiry"].pk for row in todo}
        mine = (
            inquiries_of(person)
            .filter(state__in=OPEN_STATES)
            .select_related("promise", "unit")
            .order_by("promise__due_at", "pk")
        )
        return super().get_context_data(
            disclosed=disclosed.newest(person, at, count=CARDS_SHOWN),
            ahead=disclosed.ahead(person, at),
            tiles=tiles_for(person, at),
            todo=todo,
            rated=rated.waiting(person, at, count=CARDS_SHOWN),
            cards=[card_row(inquiry, at) for inquiry in mine[:CARDS_SHOWN] if inquiry.pk not in waiting],
            news=[
                {"text": sentence_of(notice), "notice": notice}
                for notice in notices_unread(person).order_by("-at", "-id")[:NOTICES_SHOWN]
            ],
            **kwargs,
        )


@method_decorator(public_view, name="dispatch")
class HelpView(TemplateView):
    """How to do the few things that most people come for, and whom to ask."""

    template_name = "home/help.html"


@method_decorator(public_view, name="dispatch")
class PrivacyView(TemplateView):
    """What is stored for how long, and which identity mode reveals what."""

    template_name = "home/privacy.html"
