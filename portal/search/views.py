"""The page of the search: what this reader may find, with the words marked."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.kernel.anonymity import client_address
from portal.kernel.rates import wait_for
from portal.kernel.refusals import TooMany
from portal.kernel.templatetags.words import icon, time_tag

from .folding import spans_of
from .forms import SearchForm
from .queries import COUNTED, search
from .registry import kind_of, kinds_for

UNITS_SECONDS = 60


def marked(text, terms):
    """Return a text as markup with the words marked."""
    parts, end = [], 0
    for start, stop in spans_of(text, terms):
        parts += [escape(text[end:start]), format_html("<mark>{}</mark>", text[start:stop])]
        end = stop
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308 -- every piece is escaped above


def snippet_of(entry, terms):
    """Return the piece of a text around what was found, with dots where it goes on."""
    before = "…" if entry.begins_at > 1 else ""
    after = "…" if entry.goes_on else ""
    return format_html("{}{}{}", before, marked(" ".join(entry.snippet.split()), terms), after)


def render_rows(entries, terms):
    """Return the rows of results as markup, by one function."""
    kinds = {entry.kind: kind_of(entry.kind) for entry in entries}
    return format_html_join(
        "\n",
        '<li class="row-item" data-row><p class="row-title"><a href="{}">{}</a></p>'
        '<p class="row-text">{}</p>'
        '<p class="row-meta"><span class="row-kind">{}{}</span><span>{}</span>{}</p></li>',
        (
            (
                kinds[entry.kind].url(entry.object_key),
                marked(entry.title, terms),
                snippet_of(entry, terms),
                icon(kinds[entry.kind].icon, 16),
                kinds[entry.kind].label,
                entry.unit_name or "",
                time_tag(entry.on),
            )
            for entry in entries
        ),
    )


def _units():
    return list(Unit.objects.active().order_by("path"))


@method_decorator(public_view, name="dispatch")
class SearchView(TemplateView):
    """Ask for words; see what holds them, as far as this reader may."""

    template_name = "search/search.html"

    def get(self, request, *args, **kwargs):
        form, found = self.form, None
        form.is_valid()
        chosen = {name: value for name, value in form.cleaned_data.items() if value}
        words = chosen.pop("q", "")
        if words and not form.errors:
            self._count(request)
            found = search(words, person=request.user, after=request.GET.get("after", ""), **chosen)
        context = self.get_context_data(
            filters=form,
            words=words,
            chosen_count=len(chosen),
            found=found,
            page=found and found.page,
            rows=render_rows(found.page.items, found.terms) if found else "",
            counted=COUNTED,
            bare_url=f"{request.path}?{urlencode({'q': words})}",
            **kwargs,
        )
        response = self.render_to_response(context).render()
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            # Whoever only looks something up is given no mark: the frame's form goes without its token's cookie.
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
        # What somebody looked for is nobody else's to find in a cache.
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @cached_property
    def form(self):
        units = cache.get_or_set("search:units", _units, UNITS_SECONDS)
        return SearchForm(self.request.GET, kinds=kinds_for(self.request.user), units=units)

    def _count(self, request):
        """:raises TooMany: a plant sits behind few addresses, so whoever is signed in is counted by person."""
        who = request.user.pk if request.user.is_authenticated else client_address(request, settings.PROXIES)
        wait = wait_for("search", who, at=timezone.now())
        if wait:
            raise TooMany(_("That were many searches within a minute. Please wait a moment."), retry_after=wait)
