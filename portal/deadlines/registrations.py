"""What this floor tells the others of itself: verbs, places, banners; and the editions a fresh database begins with."""

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.kernel.navigation import register_banner, register_item
from portal.ledger.registry import register_verb

from .clock import end_words
from .kinds import known_kinds
from .rules import DECIDING_ROLES
from .watch import calendar_banner, reminders_banner


def _kind_words(code):
    kind = known_kinds().get(code)
    return kind.label if kind else code


def _hands_words(code):
    kind = known_kinds().get(code)
    return Role(kind.owing_role).label if kind else code


def jump_words(code):
    """Return which way the clock of the machine jumped."""
    return gettext("backwards") if code == "backwards" else gettext("forwards")


def register():
    """Register verbs, banners and places; called once from ``apps.ready()``."""
    words = {"kind": _kind_words, "hands": _hands_words, "code": end_words}
    for code, sentence in (
        ("promise.met", _("%(kind)s: done, due day %(due_on)s")),
        ("promise.missed", _("%(kind)s: not done by the due day %(due_on)s")),
        ("promise.paused", _("%(kind)s: clock stopped, the sender has to add something")),
        ("promise.resumed", _("%(kind)s: clock running again after %(days)s days, due day now %(due_on)s")),
        ("promise.extension_asked", _("%(kind)s: %(days)s more days asked for")),
        ("promise.extended", _("%(kind)s: extended by %(days)s days, from %(before)s to %(due_on)s")),
        ("promise.extension_refused", _("%(kind)s: %(days)s more days refused, due day stays %(due_on)s")),
        ("promise.moved", _("%(kind)s: handed from %(from_unit)s to %(to_unit)s, due day stays %(due_on)s")),
        (
            "promise.passed_on",
            _("%(kind)s: in %(to_unit)s now with the %(hands)s, due day stays %(due_on)s"),
        ),
        (
            "promise.recomputed",
            _("%(kind)s: due day recomputed after a new work calendar, from %(before)s to %(due_on)s"),
        ),
        ("promise.ended", _("%(kind)s: clock ended: %(code)s")),
    ):
        register_verb(code, sentence, is_public=True, words=words)
    register_verb("calendar.imported", _("work calendar %(year)s, edition %(number)s imported"), is_public=True)
    jumps = {"code": jump_words}
    register_verb(
        "clock.frozen", _("the clock of the machine jumped (%(code)s): reminders stopped"), is_public=True, words=jumps
    )
    register_verb(
        "clock.resumed",
        _("reminders let run again after the clock of the machine had jumped"),
        is_public=True,
        words=jumps,
    )

    register_banner(reminders_banner)
    register_banner(calendar_banner)
    register_item(
        "extensions",
        _("Extensions"),
        "deadlines:extensions",
        "calendar-plus",
        roles=DECIDING_ROLES,
        group="manage",
        order=71,
    )
    register_item(
        "calendar",
        _("Work calendar"),
        "deadlines:calendar",
        "calendar-days",
        group="manage",
        order=80,
        roles=list(Role),
    )
    register_item(
        "jobs",
        _("Jobs"),
        "deadlines:jobs",
        "activity",
        group="manage",
        order=95,
        roles=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.UNION_CHAIR],
    )


def seed_calendar(**_kwargs):
    """After a migration: add the editions that the calendar library knows and the database lacks."""
    from .operations.calendars import seed_editions

    seed_editions(at=timezone.now())  # noqa: TID251 -- a migration's now
