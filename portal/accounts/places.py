"""Where people find this floor's pages in the navigation."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.navigation import register_item

from .enums import Role
from .rules import READERS


def register():
    """Offer this floor's pages; called once, from ``apps.ready()``."""
    register_item("accounts.me", _("My page"), "accounts:me", "user-round", group="account", order=10)
    register_item(
        "accounts.devices", _("Signed-in devices"), "accounts:devices", "monitor-smartphone", group="account", order=20
    )
    register_item(
        "accounts.secret", _("Change password"), "accounts:change_secret", "key-round", group="account", order=30
    )
    register_item("accounts.people", _("People"), "accounts:people", "users", roles=READERS, group="manage", order=200)
    register_item("accounts.units", _("Units"), "accounts:units", "network", roles=READERS, group="manage", order=210)
    register_item(
        "accounts.rosters",
        _("Roster import"),
        "accounts:rosters",
        "file-up",
        roles=[Role.SYSTEM_ADMIN, Role.AUDITOR],
        group="manage",
        order=220,
    )
    register_item(
        "accounts.appointments",
        _("Appointments"),
        "accounts:appointments",
        "id-card",
        roles=[Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN, Role.AUDITOR, Role.UNION_CHAIR],
        group="manage",
        order=230,
    )
    register_item(
        "accounts.security",
        _("Sign-in security"),
        "accounts:security",
        "shield",
        roles=[Role.SECURITY_ADMIN, Role.AUDITOR],
        group="manage",
        order=240,
    )
    register_item(
        "accounts.rules",
        _("Rules and their sources"),
        "accounts:rules",
        "scale",
        group="manage",
        order=250,
        roles=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.UNION_OFFICER, Role.UNION_CHAIR],
    )
