"""The page of the search: what this reader may find, with the words marked."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.kernel.anonymity import client_address
from portal.kernel.rates import wait_for
from portal.kernel.refusals import TooMany
from portal.kernel.templatetags.parts import component
from portal.kernel.templatetags.words import querystring

from .drawing import OPEN, kept_around, render_count, render_rows
from .forms import SearchForm
from .queries import search
from .registry import edition, kinds_for
from .units import known_units

# Of an address with no more than these nothing is left to the form but to be drawn.
PLAIN = {"q", "after"}


@method_decorator(public_view, name="dispatch")
class SearchView(TemplateView):
    """Ask for words; see what holds them, as far as this reader may."""

    template_name = "search/search.html"

    def get(self, request, *args, **kwargs):
        self.words, self.chosen = self._asked()
        self.found = None
        if self.words and not self.is_faulty:
            self._count(request)
            self.found = search(self.words, person=request.user, after=request.GET.get("after", ""), **self.chosen)
        filled = self._filled()
        if self.is_plain and not self.is_faulty:
            response = kept_around(request, self._key(), self._drawn, filled)
        else:
            response = self._drawn(filled)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            # Whoever only looks something up is given no mark: the frame's form goes without its token's cookie.
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = False
        # What somebody looked for is nobody else's to find in a cache.
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @cached_property
    def is_plain(self):
        """Whether no filter was chosen: then the form need not be asked."""
        return self.request.GET.keys() <= PLAIN

    def _asked(self):
        """Return the words and the filters that were chosen; ``is_faulty`` says whether they can be understood."""
        self.is_faulty = False
        if self.is_plain:
            try:
                return SearchForm.base_fields["q"].clean(self.request.GET.get("q")), {}
            except ValidationError:
                pass
        form = self._form(self.request.GET)
        self.is_faulty = not form.is_valid()
        chosen = {name: value for name, value in form.cleaned_data.items() if value}
        return chosen.pop("q", ""), chosen

    def _form(self, data):
        return SearchForm(data, kinds=kinds_for(self.request.user), units=self.units.choices)

    @cached_property
    def units(self):
        return known_units()

    def _filled(self):
        """Return the markup for each of the page's places."""
        page = self.found and self.found.page
        return {
            "typed": escape(self.request.GET.get("q", "")),
            "words": escape(self.words),
            "count": render_count(self.found) if page else "",
            "rows": render_rows(page.items, self.found.terms, self.units) if page else "",
            "more": escape(self._address(after=page.next_token)) if page and page.next_token else "",
            "first": escape(self._address()) if page and not page.is_first else "",
        }

    def _address(self, **place):
        """Return the query of this search at another place, or at its beginning."""
        if not self.is_plain:
            return querystring({"request": self.request}, **place)
        # Without filters there is nothing to copy.
        return f"?{urlencode({'q': self.request.GET.get('q', '')} | place)}"

    def _key(self):
        """Return all that is shown but for what is filled in."""
        page = self.found and self.found.page
        shown = page and (self.found.count > 0, bool(page.next_token), page.is_first)
        words = bool(self.words), bool(self.request.GET.get("q"))
        return shown, words, self.request.user.is_authenticated, edition(), self.units.digest

    def _drawn(self, places, **more):
        """Return the page with this in its places: what is to be filled in, or what keeps them open."""
        data, page = self.request.GET, self.found and self.found.page
        if places is OPEN and data.get("q"):
            data = data.copy()
            data["q"] = OPEN["typed"]
        context = self.get_context_data(
            filters=self._form(data),
            words=self.words and places["words"],
            chosen_count=len(self.chosen),
            found=self.found,
            rows=places["rows"],
            count_line=places["count"],
            pager=component(
                "pager",
                more_url=places["more"] if page and page.next_token else "",
                first_url=places["first"] if page and not page.is_first else "",
                label=_("More"),
            ),
            bare_url=f"{self.request.path}?{urlencode({'q': self.words})}",
            **more,
        )
        return self.render_to_response(context).render()

    def _count(self, request):
        """:raises TooMany: a plant sits behind few addresses, so whoever is signed in is counted by person."""
        who = request.user.pk if request.user.is_authenticated else client_address(request, settings.PROXIES)
        wait = wait_for("search", who, at=timezone.now())
        if wait:
            raise TooMany(_("That were many searches within a minute. Please wait a moment."), retry_after=wait)
