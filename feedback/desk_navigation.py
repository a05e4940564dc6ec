"""Where the desks find their pages."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.navigation import register_item

from .rules.care import may_keep_identity_key

UNION = (Role.UNION_OFFICER, Role.UNION_CHAIR)
WORKERS = (Role.HANDLER, Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR)


def register():
    """Offer the pages of the desks; called once, from ``apps.ready()``."""
    register_item(
        "feedback.triage",
        _("Triage board"),
        "feedback:triage",
        "inbox",
        roles=[*UNION, Role.DISCIPLINE_INSPECTOR],
        order=40,
    )
    register_item(
        "feedback.inbox", _("My inbox"), "feedback:inbox", "briefcase", roles=WORKERS, order=42, in_elder=True
    )
    register_item(
        "feedback.decisions",
        _("To decide"),
        "feedback:decisions",
        "gavel",
        roles=[*UNION, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR],
        order=44,
    )
    register_item("feedback.deliver", _("Deliver"), "feedback:deliver_many", "megaphone", roles=UNION, order=46)
    register_item("feedback.on_behalf", _("Paper card"), "feedback:on_behalf", "file-pen-line", roles=UNION, order=48)
    register_item(
        "feedback.statistics",
        _("Statistics"),
        "feedback:statistics",
        "chart-column",
        roles=[*UNION, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR, Role.AUDITOR, Role.DEPARTMENT_HEAD],
        order=60,
    )
    register_item(
        "feedback.scorecard",
        _("My scorecard"),
        "feedback:scorecard",
        "gauge",
        roles=[Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE],
        group="manage",
        order=60,
    )
    register_item(
        "feedback.templates",
        _("Reply templates"),
        "feedback:templates",
        "layout-template",
        roles=[*UNION, Role.DEPARTMENT_HEAD],
        group="manage",
        order=70,
    )
    register_item(
        "feedback.calendar",
        _("Due days in my calendar"),
        "feedback:calendar_address",
        "calendar-days",
        roles=WORKERS,
        group="manage",
        order=72,
    )
    register_item(
        "feedback.identity_key",
        _("Identity key"),
        "feedback:identity_key",
        "key-round",
        visible=_keeps_key,
        group="manage",
        order=74,
    )


def _keeps_key(request):
    return authority_of(request.user).holds(Role.UNION_CHAIR) and bool(may_keep_identity_key(request.user))
