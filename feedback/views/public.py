"""What everybody may read: every number with its clock, the text of those that are published, and their history."""

from django.core.cache import cache
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.accounts.readers import read_for
from portal.deadlines.clock import clock_of
from portal.deadlines.models import Promise
from portal.files.serving import serve
from portal.kernel.days import local_day
from portal.kernel.keeping import fingerprint, is_kept_for, kept_page, loaded, remembered
from portal.kernel.paging import keyset_page
from portal.kernel.replaying import page_as_read
from portal.kernel.templatetags.parts import lamp_shape

from ..enums import OPEN_STATES, InquiryState, Route, Topic
from ..forms.author import LEAST_SEARCH, PublicFilterForm
from ..models import Hiding, Inquiry
from ..queries import delivered_replies, matter_for_everybody, monthly_line, numbered, public_inquiries, under
from ..rules import is_text_public
from .standing import signature_of, standing_of, state_badge

PAGE_SIZE = 25
UNSHOWN = ("body", "suggestion", "public_body", "public_suggestion", "sealed_identity", "fingerprint")
SUMMARY_SECONDS = 60
SUMMARY_KEPT_SECONDS = 10
FIRST_YEAR = 2024
STATES = {
    "open": OPEN_STATES,
    "answered": (InquiryState.ANSWERED, InquiryState.TRACKED),
    "closed": (InquiryState.CLOSED,),
}
TOPIC_LABELS = dict(Topic.choices)
CLOCK = (
    *("kind", "due_on", "due_at", "first_due_on", "paused_on", "paused_days", "met_at", "ended_at", "missed_at"),
    *("end_code", "next_step", "is_provisional", "extended_days", "extension_reason"),
)
# All that a row of the list is made of: what is not among these must not be shown by render_rows.
SHOWN = (
    *("year", "serial", "route", "topic", "state", "public_subject", "is_published", "hidden_class", "unit__name"),
    *(f"promise__{name}" for name in CLOCK),
)


def filtered(chosen, at):
    """Return the public inquiries that fit the filters; those of discipline inspection have no unit or topic here."""
    rows = public_inquiries().select_related(None).select_related("promise", "unit").defer(*UNSHOWN)
    if chosen.get("unit") or chosen.get("topic"):
        rows = rows.filter(route=Route.ORDINARY)
    if words := chosen.get("q"):
        if (found := _numbers_like(words)) is not None:
            rows = rows.filter(found)
        elif len(words) >= LEAST_SEARCH:
            published = Q(is_published=True, route=Route.ORDINARY, hidden_class="")
            rows = rows.filter(published & (Q(public_subject__contains=words) | Q(public_body__contains=words)))
    if unit := chosen.get("unit"):
        rows = rows.filter(under([unit]))
    if topic := chosen.get("topic"):
        rows = rows.filter(topic=topic)
    if state := chosen.get("state"):
        rows = rows.filter(state__in=STATES[state])
    if year := chosen.get("year"):
        rows = rows.filter(year=int(year))
    if chosen.get("late"):
        rows = rows.filter(promise__met_at__isnull=True, promise__ended_at__isnull=True, promise__due_at__lte=at)
    return rows


def _numbers_like(words):
    """Return the condition for something typed as a number ("2026-42", "2026-0042"), or None."""
    year, dash, serial = words.partition("-")
    if (
        dash
        and year.isascii()
        and year.isdigit()
        and len(year) == 4
        and serial.isascii()
        and serial.isdigit()
        and len(serial) <= 9
    ):
        return Q(year=int(year), serial=int(serial))
    return None


def _summary(at):
    """
    Return what the frame of the list needs, remembered for a minute: the units, and the line of this month.

    Each process keeps it by itself for a while: taking the units out of the cache costs more than the list's rows.
    """
    key = f"feedback:public:{local_day(at)}"
    return remembered(
        key,
        lambda: cache.get_or_set(
            key, lambda: (list(Unit.objects.active().order_by("path")), monthly_line(at)), SUMMARY_SECONDS
        ),
        seconds=SUMMARY_KEPT_SECONDS,
    )


@method_decorator(public_view, name="dispatch")
class PublicListView(TemplateView):
    """Every card there is, newest first: nobody can make one disappear from the row of numbers."""

    template_name = "feedback/public_list.html"

    def get(self, request, *args, **kwargs):
        self.at = timezone.now()
        self.units, self.line = _summary(self.at)
        self.page = self.read_page() if request.GET else read_for(request.user, "newest cards", self.read_page)
        if not is_kept_for(request):
            return super().get(request, *args, **kwargs)
        units = [(unit.code, unit.name) for unit in self.units]
        key = fingerprint(request, self.page, local_day(self.at), self.line, units)
        # The page itself is made only when something of all this has changed.
        return kept_page(
            request, key, lambda: super(PublicListView, self).get(request, *args, **kwargs).render().content
        )

    def read_page(self):
        """Return the page of cards that was asked for."""
        rows = filtered(self.form.chosen if self.request.GET else {}, self.at).values("pk", *SHOWN)
        token = self.request.GET.get("after", "")
        return keyset_page(rows, order=("-year", "-serial"), token=token, size=PAGE_SIZE)

    @cached_property
    def form(self):
        years = range(local_day(self.at).year, FIRST_YEAR - 1, -1)
        return PublicFilterForm(self.request.GET, units=self.units, years=years)

    def get_context_data(self, **kwargs):
        words = self.form.chosen.get("q", "")
        return super().get_context_data(
            filters=self.form,
            chosen_count=len(self.form.chosen),
            line=self.line,
            page=self.page,
            rows=render_rows(map(_inquiry_of, self.page), self.at),
            is_search_short=bool(words) and len(words) < LEAST_SEARCH,
            **kwargs,
        )


def _inquiry_of(row):
    """Return an inquiry of a row of values, with what the list shows and nothing else."""
    own = {name: row[name] for name in SHOWN if "__" not in name}
    promise = Promise(**{name: row[f"promise__{name}"] for name in CLOCK})
    return Inquiry(pk=row["pk"], unit=Unit(name=row["unit__name"]), promise=promise, **own)


def render_rows(inquiries, at):
    """Return the rows of the list as markup, by one function: a template per row would cost more than the query."""
    shapes, row_html = {}, []
    for inquiry in inquiries:
        clock = clock_of(inquiry.promise, at)
        code = clock.lamp.value
        shape = shapes.get(code) or shapes.setdefault(code, lamp_shape(code))
        badge, tone = state_badge(inquiry)
        row_html.append(
            (
                reverse("feedback:public", args=[inquiry.number]),
                public_title(inquiry),
                inquiry.number,
                *_about(inquiry),
                tone,
                badge,
                code,
                shape,
                clock.sentence,
            )
        )
    return format_html_join(
        "\n",
        '<li class="row-item" data-row><p class="row-title"><a href="{}">{}</a></p>'
        '<p class="row-meta"><span class="row-number">{}</span><span>{}</span><span>{}</span>'
        '<span class="mark mark-{}">{}</span></p>'
        '<div class="row-side"><span class="lamp lamp-{}">{}<span>{}</span></span></div></li>',
        row_html,
    )


def _about(inquiry):
    """Return unit and topic, or, for a matter of discipline inspection, neither: both point at people."""
    if inquiry.route == Route.DISCIPLINE:
        return _("discipline inspection"), ""
    return inquiry.unit.name, TOPIC_LABELS[inquiry.topic]


def public_title(inquiry):
    """Return the subject, or why there is none to read."""
    if is_text_public(inquiry):
        return inquiry.public_subject
    if inquiry.hidden_class:
        return format_html(
            '<span class="soft">{}</span>', _("hidden: %(reason)s") % {"reason": inquiry.get_hidden_class_display()}
        )
    if inquiry.route == Route.DISCIPLINE:
        return format_html('<span class="soft">{}</span>', _("handled by discipline inspection"))
    if inquiry.state == InquiryState.SUBMITTED:
        return format_html('<span class="soft">{}</span>', _("not registered yet"))
    return format_html('<span class="soft">{}</span>', _("text not published"))


@method_decorator(public_view, name="dispatch")
class PublicView(View):
    """One matter as everybody may read it; a hidden one leaves a tombstone, one about a cadre only its clock."""

    def get(self, request, number):
        return page_as_read(request, lambda: self._page(request, number))

    def _page(self, request, number):
        at = timezone.now()
        inquiry = matter_for_everybody(numbered(number, Inquiry.objects.all()))
        if inquiry is None:
            raise Http404
        context = standing_of(inquiry, at)
        is_open = is_text_public(inquiry)
        if not is_open:
            # The clock and the days are everybody's; words are not.
            context |= {"replies": [], "plans": []}
        if inquiry.route == Route.DISCIPLINE:
            context["lines"] = []  # its steps name units
        tombstone = None
        if inquiry.hidden_class:
            tombstone = Hiding.objects.filter(inquiry=inquiry, is_granted=True).order_by("-decided_at").first()
        context |= {
            "is_text_public": is_open,
            "public_title": public_title(inquiry),
            "signature": signature_of(inquiry),
            "tombstone": tombstone,
            "is_public_page": True,
            "public_files": [file for file in inquiry.files.all() if file.reply_id is None and file.is_published]
            if is_open
            else [],
        }
        if not is_kept_for(request):
            return render(request, "feedback/public.html", context)
        about = tombstone and loaded(tombstone)
        # The clock goes by the kinds and the time, the channel's words and page by another app: not by the card alone.
        said = context["clock"], str(inquiry.channel_label), inquiry.channel_page
        key = fingerprint(request, loaded(inquiry), about, context["lines"], said, local_day(at))
        return kept_page(request, key, lambda: render(request, "feedback/public.html", context).content)


@method_decorator(public_view, name="dispatch")
class PublicFileView(View):
    """A published file of a published matter."""

    def get(self, request, number, file_id):
        inquiry = matter_for_everybody(numbered(number, Inquiry.objects.published()))
        if inquiry is None:
            raise Http404
        delivered = {reply.pk for reply in delivered_replies(inquiry)}
        # Of the matter it was merged into, only what came with the answer to both.
        shared = [held for held in inquiry.merged_into.files.all() if held.reply_id] if inquiry.merged_into_id else []
        for held in [*inquiry.files.all(), *shared]:
            is_open = held.is_published and (held.reply_id is None or held.reply_id in delivered)
            if is_open and str(held.file_id) == str(file_id):
                return serve(held.file)
        raise Http404
