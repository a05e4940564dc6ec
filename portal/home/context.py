"""What every page's frame needs, read only when the page asks for it."""

import re
import secrets
from functools import cached_property

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.kernel.anonymity import is_anonymous_path
from portal.kernel.days import local_day
from portal.kernel.formtokens import form_token
from portal.kernel.keeping import OPEN_PARTS, cut, kept_briefly_named, remembered
from portal.kernel.middleware import ELDER_COOKIE_NAME
from portal.kernel.navigation import Banner, NavLink, banners_for, edition, links_for
from portal.kernel.templatetags.parts import drawn_places
from portal.ledger.models import Head

FRAME_SECONDS = 15
# What a kept part of the frame leaves open for each reader. A part is drawn with these marks in the place of the
# values, so that nothing of the reader who happens to be first can be kept in it; nobody can guess a mark.
SLOTS = ("token", "here", "name", "unit", "address")
MARKS = {name: f"{name}{secrets.token_hex(16)}" for name in SLOTS}
OPEN = re.compile("|".join(MARKS.values()))
INDENT = re.compile(r"\n\s+")
_AS_IT_IS = (str, int, type(None))


class Frame:
    """The header, navigation, banners and footer of one request."""

    def __init__(self, request):
        self.request = request
        self.is_plain = is_anonymous_path(request.path)

    @cached_property
    def token(self):
        """The token of the forms of the frame."""
        return form_token(self.request)

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

    def places(self, group):
        """Return the reader's links of a group."""
        return links_for(self.request, group=group, roles=self.roles, is_signed_in=self.person is not None)

    @cached_property
    def nav(self):
        return self.places("main")

    @cached_property
    def manage_nav(self):
        return self.places("manage")

    @cached_property
    def tools(self):
        """Small places at the right of the header: notices, account."""
        return self.places("tools")

    @cached_property
    def account_nav(self):
        return self.places("account")

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

    @cached_property
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
        return remembered("frame:enterprise", _enterprise_name, seconds=FRAME_SECONDS) or gettext("Our enterprise")

    @property
    def desk(self):
        """Who helps people with the portal, as the installation names them."""
        return settings.DESK

    @cached_property
    def head(self):
        """Day, number and hash of the ledger's last published head, or nothing yet."""
        return remembered("frame:head", _last_head, seconds=FRAME_SECONDS)

    def part(self, name):
        """Return "head", "top" or "foot" of the frame as markup: kept for all who see it alike, and filled in."""
        if getattr(self.request, "leaves_frame_open", False):
            return mark_safe(OPEN_PARTS[name])  # noqa: S308 -- made up by the portal
        shown = getattr(self, f"_shown_{name}")()
        pieces = kept_briefly_named(("frame", name, self.language, _plain(shown)), lambda: _drawn(name, shown))
        # The first piece and every second one are the part's own; between them stands what is this reader's.
        own = [piece if at % 2 == 0 else escape(self._own(piece)) for at, piece in enumerate(pieces)]
        return mark_safe("".join(own))  # noqa: S308 -- rendered by a template, and filled with what is escaped here

    def places_part(self, group, label, is_open):
        """Return the places of a group as this reader finds them, kept for all who find the same."""
        links = self.places(group)
        key = ("places", self.language, edition(), group, label, is_open, _plain(links))
        return kept_briefly_named(key, lambda: drawn_places(links, group, label, is_open))

    def _own(self, slot):
        if slot in ("name", "unit"):
            return self.person.name if slot == "name" else self.person.unit.name
        return getattr(self, slot)

    def _shown_head(self):
        return {}

    def _shown_top(self):
        match = getattr(self.request, "resolver_match", None)
        return {
            "edition": edition(),
            "language": self.language,
            "other_language": self.other_language,
            "other_language_name": self.other_language_name,
            "is_elder": self.is_elder,
            "is_plain": self.is_plain,
            "is_help": match is not None and match.view_name == "home:help",
            "enterprise": self.enterprise,
            "person": {"name": MARKS["name"], "unit": {"name": MARKS["unit"]}} if self.person else None,
            "here": MARKS["here"],
            "nav": self.nav,
            "manage_nav": self.manage_nav,
            "tools": self.tools,
            "account_nav": self.account_nav if self.person else [],
            "banners": self.banners,
        }

    def _shown_foot(self):
        return {"desk": self.desk, "head": self.head, "address": MARKS["address"], "today": local_day(self.now)}


def _plain(value):
    """Return all that a part shows as a hashable value; a link stands for its label, which its edition fixes."""
    if isinstance(value, _AS_IT_IS):
        return value
    if isinstance(value, list):
        return tuple([one.key if isinstance(one, NavLink) else _plain(one) for one in value])
    if isinstance(value, dict):
        return tuple([(key, one if isinstance(one, _AS_IT_IS) else _plain(one)) for key, one in value.items()])
    if isinstance(value, Banner):
        return str(value.text), value.tone, value.url, str(value.link)
    return value


def _drawn(name, shown):
    """Return a part's markup in pieces: its own, a slot's name, its own, a slot's name, …"""
    markup = render_to_string(f"home/frame/{name}.html", {"frame": shown, "csrf_token": MARKS["token"]})
    markup = INDENT.sub("\n", markup.strip())  # it is on every page: two KiB less
    slots = {mark: slot for slot, mark in MARKS.items()}
    return cut(markup, OPEN, lambda found: slots[found.group()])


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
