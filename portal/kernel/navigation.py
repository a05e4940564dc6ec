"""
What every page's frame shows, offered by each floor from its ``apps.ready()``.

The frame (portal.home) knows no app; an app registers its places, its banners
and its counts here, and they disappear with the app.
"""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core import checks
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse


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

    def is_for(self, request, roles, is_signed_in):
        """Whether this reader finds the item: by role, by the item's own question, or because it is public."""
        if not self.is_public and not is_signed_in:
            return False
        if self.roles is not None and not self.roles & roles:
            return False
        return self.visible is None or bool(self.visible(request))


@dataclass(frozen=True)
class NavLink:
    """A navigation item as one reader sees it."""

    code: str
    label: object
    url: str
    icon: str
    is_current: bool = False
    badge: int = 0
    in_elder: bool = False


@dataclass(frozen=True)
class Banner:
    """A sentence above every page: that reminders are late, that the clock is frozen, that a drill runs."""

    text: object
    tone: str = "warning"  # info, warning, danger
    url: str = ""
    link: object = ""


_editions = itertools.count(1)


@dataclass
class _Registry:
    items: dict = field(default_factory=dict)
    banners: list = field(default_factory=list)
    edition: int = field(default_factory=lambda: next(_editions))
    addresses: dict = field(default_factory=dict)  # what reverse() said: it is asked thirty times a page

    def group(self, name):
        """Return the items of a group in order."""
        items = [item for item in self.items.values() if item.group == name]
        return sorted(items, key=lambda item: (item.order, item.code))

    def address_of(self, item):
        """Return the address of an item, or None while there is none."""
        key = (get_urlconf(), get_script_prefix(), item.url_name)
        if key not in self.addresses:
            try:
                self.addresses[key] = reverse(item.url_name)
            except NoReverseMatch:  # named by the system check below, never a broken page for a reader
                return None
        return self.addresses[key]


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
    _registry.edition = next(_editions)
    _registry.items[code] = NavItem(
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


def register_banner(source):
    """Offer a callable of the request that returns a Banner or None; it must be cheap or cached."""
    if source not in _registry.banners:
        _registry.banners.append(source)


def links_for(request, *, group, roles, is_signed_in):
    """Return the reader's links of a group, in order, the current one marked (the longest address that fits wins)."""
    links = [
        (item, url)
        for item in _registry.group(group)
        if item.is_for(request, roles, is_signed_in) and (url := _registry.address_of(item)) is not None
    ]
    fitting = [url for _item, url in links if request.path == url or (url != "/" and request.path.startswith(url))]
    current = max(fitting, key=len, default=None)
    return [
        NavLink(
            code=item.code,
            label=item.label,
            url=url,
            icon=item.icon,
            is_current=url == current,
            badge=item.badge(request) if item.badge else 0,
            in_elder=item.in_elder,
        )
        for item, url in links
    ]


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
