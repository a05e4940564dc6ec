"""Who words a resolution, issues it, sets and carries out its tasks, reports on it to the next session."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.rules import UNION_DESK
from portal.kernel.texts import semicolon
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import ItemState, ResolutionState, SessionState, TaskState
from .agenda import may_draft_agenda
from .sessions import may_keep_session
from .terms import keeps_term

DOERS = (Role.HANDLER, Role.DEPARTMENT_HEAD, Role.UNION_OFFICER, Role.UNION_CHAIR)
WATCHERS = (*UNION_DESK, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR)
NAMED = 5


def may_read_resolution(user, resolution):
    """Whether a resolution exists for a reader: for all once it is issued, before that for who words it."""
    if resolution.state != ResolutionState.DRAFT:
        return True
    return user.is_authenticated and keeps_term(user, resolution.session.term)


def may_read_evidence(user, task):
    """
    Whether the photos and papers of a task exist for a reader; what its entries say is public.

    They are inner papers of the unit: for the staff whom its congress binds (知情权), the office and the person who
    owe the task, the union that keeps the congress, and who leads or watches over the unit.
    """
    term = task.resolution.session.term
    authority = authority_of(user)
    return (
        term.unit.covers(user.unit)
        or task.person_id == user.pk
        or authority.holds(*DOERS, unit=task.unit)
        or authority.holds(*WATCHERS, unit=term.unit)
    )


def may_draft_resolution(user, item):
    """Begin the resolution on an item that the congress has adopted."""
    if not (verdict := may_keep_session(user, item.session)):
        return verdict
    if item.session.state not in (SessionState.CLOSED, SessionState.DISCLOSED):
        return denied(_("Resolutions are worded once the session has closed."))
    if item.state != ItemState.ADOPTED:
        return denied(_("Only what the congress has adopted by a vote becomes a resolution."))
    return ALLOWED


def waiting_version(resolution):
    """Return the wording that waits to be issued, or None."""
    return next((one for one in resolution.versions.all() if one.issued_at is None), None)


def may_write_resolution(user, resolution):
    """Word a resolution, or correct a slip in one that was issued; what was issued is never altered."""
    if not (verdict := may_keep_session(user, resolution.session)):
        return verdict
    if resolution.state == ResolutionState.REPLACED:
        return denied(_("A later resolution has replaced this one; it stays as it was."))
    return ALLOWED


def may_issue_resolution(user, resolution):
    """Issue a wording: somebody else than who wrote it."""
    if not (verdict := may_keep_session(user, resolution.session)):
        return verdict
    version = waiting_version(resolution)
    if version is None:
        return denied(_("No wording waits to be issued."))
    if version.written_by_id == user.pk:
        return denied(_("You wrote this yourself; another person must issue it."))
    return ALLOWED


def may_set_task(user, resolution):
    """Say what has to be done for a resolution, by whom and by when."""
    if not (verdict := may_keep_session(user, resolution.session)):
        return verdict
    if resolution.state != ResolutionState.ISSUED:
        return denied(_("Tasks belong to a resolution that is being carried out."))
    return ALLOWED


def may_report_task(user, task):
    """Say how far a task is: the person named, or who works for the office that owes it."""
    if task.person_id != user.pk and not authority_of(user).holds(*DOERS, unit=task.unit):
        return denied(_("Only the office that owes this task, or the person named, says how far it is."))
    if task.state != TaskState.OPEN:
        return denied(_("This task has ended; its entries stay as they are."))
    return ALLOWED


def may_drop_task(user, task):
    """End a task that is no longer owed, with the reason."""
    if not (verdict := may_keep_session(user, task.resolution.session)):
        return verdict
    if task.state != TaskState.OPEN:
        return denied(_("This task has ended; its entries stay as they are."))
    return ALLOWED


def may_report_implementation(user, session):
    """Write what a session is told of earlier resolutions and motions, until its agenda goes out."""
    return may_draft_agenda(user, session)


def has_all_reports(missing):
    """Whether every earlier resolution and motion has its report or reason; else name those that have none."""
    if not missing:
        return ALLOWED
    names = semicolon().join(f"{one.number} {one.title}" for one in missing[:NAMED])
    rest = len(missing) - NAMED
    more = ngettext("and %(n)d more", "and %(n)d more", rest) % {"n": rest} if rest > 0 else ""
    return denied(
        _("Without an implementation report or a recorded reason: %(names)s %(more)s") % {"names": names, "more": more}
    )
