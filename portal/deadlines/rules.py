"""Who may stop, extend and explain a clock, and who may touch the calendar; a kind may answer for itself."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from .clock import EXTENSION_CAP, PAUSE_CAP, clock_of
from .kinds import DECIDING_ROLES, kind_of

WORKING_ROLES = (Role.HANDLER, Role.DEPARTMENT_HEAD)
UNION_ROLES = (Role.UNION_OFFICER, Role.UNION_CHAIR)


def may_see(user, promise):
    """Whether somebody may read how a due date came about: everybody, when the subject is public."""
    kind = kind_of(promise.kind)
    if kind.may_see is not None:
        return kind.may_see(user, promise)
    if kind.public:
        return ALLOWED
    if authority_of(user).holds(*WORKING_ROLES, *UNION_ROLES, *DECIDING_ROLES, unit=promise.unit):
        return ALLOWED
    return denied(_("This matter is not public."))


def may_pause(user, promise, at):
    """Whether somebody may stop the clock because the sender has to add something."""
    kind, clock = kind_of(promise.kind), clock_of(promise, at)
    if not kind.can_pause:
        return denied(_("The clock of this kind of promise cannot be stopped."))
    if clock.code == "paused":
        return denied(_("The clock is standing still already."))
    if not clock.is_open:
        return denied(_("This promise is closed."))
    if clock.is_late:
        return denied(_("It is overdue: the clock can no longer be stopped."))
    if promise.paused_on is not None or promise.paused_days >= PAUSE_CAP:
        return denied(_("The clock has stood still for all of the %(cap)d days allowed.") % {"cap": PAUSE_CAP})
    if kind.may_pause is not None:
        return kind.may_pause(user, promise)
    if authority_of(user).holds(*WORKING_ROLES, *UNION_ROLES, unit=promise.unit):
        return ALLOWED
    return denied(_("Only the unit that answers and the union may stop the clock."))


def may_resume(user, promise, at):
    """Whether somebody may let the clock run again; the portal itself always may."""
    if promise.paused_on is None:
        return denied(_("The clock is running."))
    if promise.met_at or promise.ended_at:
        return denied(_("This promise is closed."))
    # The sender's addition comes without a name where the sender has none, so no actor is no obstacle here.
    if user is None or user == "system":
        return ALLOWED
    kind = kind_of(promise.kind)
    if kind.may_pause is not None and kind.may_pause(user, promise):
        return ALLOWED
    if authority_of(user).holds(*WORKING_ROLES, *UNION_ROLES, unit=promise.unit):
        return ALLOWED
    return denied(_("Only the unit that answers and the union may let the clock run again."))


def may_ask_extension(user, promise, at):
    """Whether somebody may ask for more days: before the due day, once."""
    kind, clock = kind_of(promise.kind), clock_of(promise, at)
    if not kind.can_extend:
        return denied(_("This kind of promise cannot be extended."))
    if not clock.is_open:
        return denied(_("This promise is closed."))
    if clock.is_late:
        return denied(_("It is overdue: an extension must be asked for before the due day is over."))
    if promise.extended_days:
        return denied(_("It has been extended once; there is no second extension."))
    if kind.may_ask_extension is not None:
        return kind.may_ask_extension(user, promise)
    if authority_of(user).holds(*WORKING_ROLES, unit=promise.unit):
        return ALLOWED
    return denied(_("Only the unit that answers may ask for an extension."))


def may_decide_extension(user, extension, at):
    """Whether somebody may grant or refuse more days: never who asked for them."""
    if extension.is_granted is not None:
        return denied(_("This request has been decided already."))
    if extension.requested_by_id == getattr(user, "pk", None):
        return denied(_("You asked for it: somebody else has to decide."))
    promise = extension.promise
    kind = kind_of(promise.kind)
    if kind.may_decide_extension is not None:
        return kind.may_decide_extension(user, promise)
    if authority_of(user).holds(*DECIDING_ROLES, unit=promise.unit):
        return ALLOWED
    return denied(_("Only the leader in charge or the union chair decides on an extension."))


def may_grant_extension(extension, at):
    """Whether the days asked for can still be granted: not once the promise is late or closed."""
    clock = clock_of(extension.promise, at)
    if not clock.is_open:
        return denied(_("This promise is closed."))
    if clock.is_late:
        return denied(_("It is overdue: the request can only be refused."))
    if not 1 <= extension.days <= EXTENSION_CAP:
        return denied(_("An extension is at most %(cap)d days.") % {"cap": EXTENSION_CAP})
    return ALLOWED


def may_import_calendar(user):
    """Whether somebody may add an edition of a year's work calendar."""
    if authority_of(user).holds(Role.SYSTEM_ADMIN):
        return ALLOWED
    return denied(_("Only a system administrator imports the work calendar."))


def may_see_jobs(user):
    """Whether somebody may look at the jobs behind the portal."""
    if authority_of(user).holds(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.UNION_CHAIR):
        return ALLOWED
    return denied(_("Only administrators, auditors and the union chair see the jobs."))


def may_resume_clock(user):
    """Whether somebody may let the sweeps run again after the machine's clock has jumped."""
    if authority_of(user).holds(Role.SYSTEM_ADMIN):
        return ALLOWED
    return denied(_("Only a system administrator lets the reminders run again."))
