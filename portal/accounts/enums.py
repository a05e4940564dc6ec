"""Kinds of units, roles, and how long each kind of device stays signed in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    """Levels of the enterprise (公司、二级单位、机关处室、车间、班组)."""

    COMPANY = "company", _("company")
    SECONDARY = "secondary", _("secondary unit")
    OFFICE = "office", _("company office")
    WORKSHOP = "workshop", _("workshop")
    TEAM = "team", _("team")


class Category(models.TextChoices):
    """What a person counts as in the statistics of the congress (一线职工、专业技术人员、管理人员)."""

    FRONTLINE = "frontline", _("front-line worker")
    TECHNICIAN = "technician", _("technician")
    MANAGER = "manager", _("manager")


class Gender(models.TextChoices):
    """As in the roster; used only for the composition of the congress."""

    FEMALE = "female", _("female")
    MALE = "male", _("male")


class Role(models.TextChoices):
    """What a person may be appointed to, for a unit and everything under it."""

    UNION_OFFICER = "union_officer", _("union officer")
    UNION_CHAIR = "union_chair", _("union chair")
    LEADER_IN_CHARGE = "leader", _("leader in charge")
    DEPARTMENT_HEAD = "dept_head", _("department head")
    HANDLER = "handler", _("handler")
    DISCIPLINE_INSPECTOR = "discipline", _("discipline inspector")
    SECRECY_REVIEWER = "secrecy", _("secrecy reviewer")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    SECURITY_ADMIN = "security_admin", _("security administrator")
    AUDITOR = "auditor", _("auditor")


# 三员: who sets up, who grants, who looks on; no person may hold two of them (domain.md §11).
SEPARATED_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


class DeviceKind(models.TextChoices):
    """Where somebody signed in; decides how long the session lives (trust A9)."""

    DESKTOP = "desktop", _("office computer")
    PHONE = "phone", _("own phone")
    KIOSK = "kiosk", _("shared kiosk")


class RequestState(models.TextChoices):
    """What became of an appointment that needs a second person."""

    WAITING = "waiting", _("waiting for confirmation")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


REQUEST_TRANSITIONS = {RequestState.WAITING: {RequestState.CONFIRMED, RequestState.DECLINED, RequestState.WITHDRAWN}}


class ImportState(models.TextChoices):
    """How far a roster file has come."""

    RECEIVED = "received", _("waiting to be read")
    READING = "reading", _("being read")
    FAULTY = "faulty", _("has faults")
    READY = "ready", _("ready to commit")
    COMMITTING = "committing", _("being written")
    COMMITTED = "committed", _("committed")
    DISCARDED = "discarded", _("discarded")
    FAILED = "failed", _("failed")


IMPORT_TRANSITIONS = {
    ImportState.RECEIVED: {ImportState.READING, ImportState.DISCARDED},
    # A killed worker's task is run again: reading and writing may both start over.
    ImportState.READING: {
        ImportState.READING,
        ImportState.FAULTY,
        ImportState.READY,
        ImportState.FAILED,
        ImportState.DISCARDED,
    },
    ImportState.FAULTY: {ImportState.DISCARDED},
    ImportState.READY: {ImportState.COMMITTING, ImportState.DISCARDED},
    ImportState.COMMITTING: {ImportState.COMMITTING, ImportState.COMMITTED, ImportState.FAILED},
    ImportState.FAILED: {ImportState.DISCARDED},
}
