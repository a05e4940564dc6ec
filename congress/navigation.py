"""Where readers, delegates and the union find the pages of the congress."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.accounts.rules import UNION_DESK
from portal.kernel.navigation import register_item

from .queries.home import is_delegate

# What stands side by side on the pages that everybody reads: {% places "congress" %}.
PUBLIC = "congress"


def register():
    """Offer the pages of the congress; called once, from ``apps.ready()``."""
    register_item(
        "congress.delegates",
        _("Workers' congress"),
        "congress:delegates",
        "users-round",
        order=14,
        is_public=True,
        visible=_is_no_staff,
    )
    register_item(
        "congress.mine",
        _("Delegate home"),
        "congress:mine",
        "id-card",
        order=13,
        visible=lambda request: _is_no_staff(request) and is_delegate(request.user),
    )
    # The bar of the union is full; its desk stands in the menu, and beside the public pages.
    register_item(
        "congress.desk", _("Congress"), "congress:desk", "users-round", roles=UNION_DESK, group="manage", order=20
    )
    register_item(
        "congress.public.desk", _("Congress desk"), "congress:desk", "stamp", roles=UNION_DESK, group=PUBLIC, order=50
    )
    for code, label, url_name, icon, order, is_public in (
        ("sessions", _("Sessions"), "congress:sessions", "calendar-days", 5, True),
        ("motions", _("Motions"), "congress:motions", "file-pen-line", 7, True),
        ("resolutions", _("Resolutions"), "congress:resolutions", "scroll-text", 8, True),
        ("delegates", _("Delegates"), "congress:delegates", "users-round", 10, True),
        ("formation", _("Seats and elections"), "congress:formation", "vote", 20, True),
        ("bodies", _("Delegations and committees"), "congress:bodies", "users", 30, True),
        ("bypasses", _("Not binding"), "congress:bypasses", "flag", 35, True),
        ("motions_mine", _("My motions"), "congress:motions_mine", "square-pen", 36, False),
        ("mine", _("Delegate home"), "congress:mine", "notebook-pen", 40, False),
    ):
        register_item(f"congress.public.{code}", label, url_name, icon, order=order, group=PUBLIC, is_public=is_public)
    # Beside what is disclosed as well: the bar of somebody with an office has no room for it.
    register_item(
        "open.congress",
        _("Workers' congress"),
        "congress:delegates",
        "users-round",
        order=80,
        group="disclosures",
        is_public=True,
    )


def _is_no_staff(request):
    # The bar of somebody with an office is full; the places of 公开 lead there.
    return not authority_of(request.user).is_staff
