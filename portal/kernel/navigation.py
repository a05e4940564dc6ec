"""
What every page's frame shows, offered by each floor from its ``apps.ready()``.

The frame (portal.home) knows no app; an app registers its places, its banners
and its counts here, and they disappear with the app.
"""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.core import checks
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class NavItem:
    """A place in the main navigation and who finds it there."""

    code: str
    label: object
    url_name: str
    icon: str = "circle"
    order: int = 100
    roles: frozenset | None = None
    visible: Callable | None = None
    is_public: bool = False
    group: str = "main"
    badge: Callable | None = None
    in_elder: bool = False

    def is_offered_to(self, roles, is_signed_in):
        """Whether readers with these roles find the item, if its own question does not say no."""
        return (self.is_public or is_signed_in) and (self.roles is None or bool(self.roles & roles))


@dataclass(frozen=True)
class NavLink:
    """A navigation item as one reader sees it; ``key`` says which, among those of an edition."""

    code: str
    label: object
    url: str
    icon: str
    is_current: bool = False
    badge: int = 0
    in_elder: bool = False
    key: tuple = ()


@dataclass(frozen=True)
class Banner:
    """A sentence above every page: that reminders are late, that the clock is frozen, that a drill runs."""

    text: object
    tone: str = "warning"  # info, warning, danger
    url: str = ""
    link: object = ""


_editions = itertools.count(1)


# Of places and links worked out before, until a place is registered; far more than there are roles and badges.
MOST_KNOWN = 4096


@dataclass
class _Registry:
    items: dict = field(default_factory=dict)
    banners: list = field(default_factory=list)
    edition: int = field(default_factory=lambda: next(_editions))
    places: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)

    def register(self, item):
        self.edition = next(_editions)
        self.items[item.code] = item
        self.places, self.links = {}, {}

    def places_of(self, request, group, roles, is_signed_in):
        """Return (item, address) of all places of a group that are offered to readers with these roles, in order."""
        key = (settings.ROOT_URLCONF, request.META.get("SCRIPT_NAME", ""), group, roles, is_signed_in)
        if key not in self.places:
            items = sorted(self.items.values(), key=lambda item: (item.order, item.code))
            found = [(item, _address_of(item)) for item in items if item.group == group]
            _make_room(self.places)
            self.places[key] = [
                (item, url) for item, url in found if url is not None and item.is_offered_to(roles, is_signed_in)
            ]
        return self.places[key]

    def link(self, item, url, is_current, badge):
        """Return the link to a place, the same object for the same key."""
        key = (item.code, url, is_current, badge)
        link = self.links.get(key)
        if link is None:
            link = NavLink(
                code=item.code,
                label=item.label,
                url=url,
                icon=item.icon,
                is_current=is_current,
                badge=badge,
                in_elder=item.in_elder,
                key=key,
            )
            _make_room(self.links)
            self.links[key] = link
        return link


def _make_room(known):
    if len(known) >= MOST_KNOWN:
        known.clear()


def _address_of(item):
    try:
        return reverse(item.url_name)
    except NoReverseMatch:  # named by the system check below, never a broken page for a reader
        return None


_registry = _Registry()


def edition():
    """Return a number that changes whenever a place is registered."""
    return _registry.edition


def register_item(
    code,
    label,
    url_name,
    icon="circle",
    *,
    roles: Iterable | None = None,
    visible=None,
    order=100,
    is_public=False,
    group="main",
    badge=None,
    in_elder=False,
):
    """
    Offer a place in the navigation; a second call with the same code replaces the first.

    ``roles`` lists the role codes that see it (none: everybody signed in),
    ``visible`` is asked with the request after that, ``is_public`` shows it
    to visitors too. ``group`` is "main" (in the bar) or "manage" (in the menu 管理).
    ``badge`` returns a number for the request; it must cost at most one query.
    """
    _registry.register(
        NavItem(
            code=code,
            label=label,
            url_name=url_name,
            icon=icon,
            order=order,
            roles=None if roles is None else frozenset(str(role) for role in roles),
            visible=visible,
            is_public=is_public,
            group=group,
            badge=badge,
            in_elder=in_elder,
        )
    )


def register_banner(source):
    """Offer a callable of the request that returns a Banner or None; it must be cheap or cached."""
    if source not in _registry.banners:
        _registry.banners.append(source)


def links_for(request, *, group, roles, is_signed_in):
    """Return the reader's links of a group, in order, the current one marked (the longest address that fits wins)."""
    places = [
        (item, url)
        for item, url in _registry.places_of(request, group, roles, is_signed_in)
        if item.visible is None or item.visible(request)
    ]
    path = request.path
    fitting = [url for _item, url in places if path.startswith(url) and (url != "/" or path == "/")]
    current = max(fitting, key=len, default=None)
    return [_registry.link(item, url, url == current, item.badge(request) if item.badge else 0) for item, url in places]


def banners_for(request):
    """Return the banners that hold now."""
    return [banner for source in _registry.banners if (banner := source(request))]


@checks.register(checks.Tags.urls)
def check_items_resolve(app_configs, **kwargs):
    """Name every navigation item whose address does not exist."""
    faults = []
    for item in _registry.items.values():
        try:
            reverse(item.url_name)
        except NoReverseMatch:
            faults.append(
                checks.Warning(
                    f"Navigation item {item.code} names {item.url_name}, which is no address.", id="portal.W010"
                )
            )
    return faults
