"""What every page's frame needs, read only when the page asks for it."""

from functools import cached_property

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation
from django.utils.translation import gettext

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.kernel.anonymity import is_anonymous_path
from portal.kernel.middleware import ELDER_COOKIE_NAME
from portal.kernel.navigation import banners_for, links_for
from portal.ledger.models import Head

# Never kept in tests: they count the queries of a page, and a warm cache would make the count depend on their order.
FRAME_SECONDS = 0 if settings.TEST else 300


class Frame:
    """The header, navigation, banners and footer of one request."""

    def __init__(self, request):
        self.request = request
        self.is_plain = is_anonymous_path(request.path)

    @cached_property
    def person(self):
        """The person signed in, or None; never asked for on an anonymous page."""
        user = None if self.is_plain else getattr(self.request, "user", None)
        return user if getattr(user, "is_authenticated", False) else None

    @cached_property
    def authority(self):
        return authority_of(self.person)

    @property
    def is_staff(self):
        return self.authority.is_staff

    @cached_property
    def roles(self):
        return frozenset(str(role) for role in self.authority.roles)

    def _links(self, group):
        return links_for(self.request, group=group, roles=self.roles, is_signed_in=self.person is not None)

    @cached_property
    def nav(self):
        return self._links("main")

    @cached_property
    def manage_nav(self):
        return self._links("manage")

    @cached_property
    def tools(self):
        """Small places at the right of the header: notices, account."""
        return self._links("tools")

    @cached_property
    def account_nav(self):
        return self._links("account")

    @cached_property
    def elder_nav(self):
        """The four main places of the home in elder mode: those marked so first."""
        elsewhere = [link for link in self.nav if not link.is_current]
        return sorted(elsewhere, key=lambda link: not link.in_elder)[:4]

    @cached_property
    def banners(self):
        return [] if self.is_plain else banners_for(self.request)

    @property
    def is_elder(self):
        return bool(getattr(self.request, "is_elder_mode", self.request.COOKIES.get(ELDER_COOKIE_NAME) == "1"))

    @property
    def language(self):
        return "en" if (translation.get_language() or "").startswith("en") else "zh-Hans"

    @property
    def other_language(self):
        return "zh-hans" if self.language == "en" else "en"

    @property
    def other_language_name(self):
        return "中文" if self.language == "en" else "English"

    @property
    def here(self):
        """This page's address, to come back to after a switch; a page that answered a POST has none."""
        return self.request.get_full_path() if self.request.method in ("GET", "HEAD") else self.request.path

    @property
    def address(self):
        """This page's full address, printed at its foot."""
        return self.request.build_absolute_uri()

    @property
    def now(self):
        """When the page was made, for its printed foot."""
        return timezone.now()

    @cached_property
    def enterprise(self):
        """The company's name: the root of the unit tree."""
        return cache.get_or_set("frame:enterprise", _enterprise_name, FRAME_SECONDS) or gettext("Our enterprise")

    @property
    def desk(self):
        """Who helps people with the portal, as the installation names them."""
        return settings.DESK

    @cached_property
    def head(self):
        """Day, number and hash of the ledger's last published head, or nothing yet."""
        return cache.get_or_set("frame:head", _last_head, FRAME_SECONDS)


def _enterprise_name():
    return Unit.objects.order_by("path").values_list("name", flat=True).first() or ""


def _last_head():
    return Head.objects.order_by("-day").values("day", "seq", "hash").first() or {}


def frame(request):
    """Give every template ``frame``."""
    return {"frame": Frame(request)}


def shown_around(request):
    """Return what the frame shows a visitor that may change without the page's doing."""
    shown = Frame(request)
    return shown.enterprise, shown.head, shown.desk, shown.banners
