"""The supervisory group's flags, rectification, the outcome of public notices, recorded gaps."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import PREPARING, PublicationState, VersionKind
from .sight import may_see_desk_page, works_on

SUPERVISORS = (Role.DISCIPLINE_INSPECTOR, Role.UNION_CHAIR)


def _supervises(user, publication):
    return authority_of(user).holds(*SUPERVISORS, unit=publication.unit)


def may_flag(user, publication):
    """The supervisory group (discipline inspection and the union's chair) may flag what has been published."""
    if not _supervises(user, publication):
        return denied(_("Only the supervisory group may demand a rectification."))
    if publication.state in PREPARING or publication.state == PublicationState.DISCARDED:
        return denied(_("Only what has been published can be flagged."))
    if publication.is_written_by(user):
        return denied(_("You wrote this text yourself; another supervisor must look at it."))
    return ALLOWED


def may_rectify(user, rectification):
    if not works_on(user, rectification.publication):
        return denied(_("Only those who prepare disclosures for this unit report what was put right."))
    if rectification.done_at and rectification.is_accepted is not False:
        return denied(_("This has been reported already."))
    return ALLOWED


def may_check_rectification(user, rectification):
    if not _supervises(user, rectification.publication):
        return denied(_("Only the supervisory group checks a rectification."))
    if not rectification.done_at or rectification.checked_at:
        return denied(_("Nothing is waiting to be checked."))
    if rectification.done_by_id == user.pk:
        return denied(_("You reported this yourself; another supervisor must check it."))
    return ALLOWED


def may_decide_outcome(user, publication, *, is_over):
    """Enter what came of a public notice, once its period is over; suspending is possible at any time."""
    if not works_on(user, publication):
        return denied(_("Only those who prepare disclosures for this unit enter the outcome."))
    notice = publication.notice
    if notice.outcome and notice.outcome != "suspended":
        return denied(_("The outcome has been entered already."))
    if publication.state == PublicationState.WITHDRAWN:
        return denied(_("The notice has been withdrawn."))
    if not is_over:
        return denied(_("The period of the notice is not over yet."))
    return ALLOWED


def may_report_gap(user, publication):
    """Say that a text was not on show on some days, so that they do not count."""
    authority = authority_of(user)
    if authority.holds(Role.UNION_OFFICER, *SUPERVISORS, unit=publication.unit) or authority.holds(
        Role.SYSTEM_ADMIN, unit=publication.unit
    ):
        return ALLOWED
    return denied(_("Only the union, discipline inspection and the system administrator record days without display."))


def may_mask(user, publication, *, is_over):
    """
    Show a notice with its personal data masked, once its period is over (个人信息保护法 arts. 19, 47).

    Whoever masked, or said that it names nobody, may have overlooked a name: it can be masked again at any time.
    """
    if not works_on(user, publication):
        return denied(_("Only those who prepare disclosures for this unit mask personal data."))
    if not hasattr(publication, "notice"):
        return denied(_("There is nothing to mask here."))
    if not is_over:
        return denied(_("Personal data are masked once the period of the notice is over."))
    return ALLOWED


def may_read_unmasked(user, publication):
    """
    Whether a person may read what stood in a notice before it was masked: whoever answers for it, and nobody else.

    That is who wrote or changed it, who signed it or decided its corrections, and the supervisory group, which
    hears objections and sees whether too much was masked. Whoever else prepares, signs or audits for the unit
    reads what everybody reads; so does who has left the office in which they wrote or signed.
    """
    if not may_see_desk_page(user, publication):
        return denied(_("Only those who prepare, sign or supervise disclosures have this desk."))
    if (
        publication.is_written_by(user)
        or any(row.is_granted and row.by_id == user.pk for row in publication.approvals.all())
        or any(
            user.pk in (row.by_id, row.approved_by_id)
            for row in publication.versions.all()
            if row.kind != VersionKind.MASKED
        )
        or _supervises(user, publication)
    ):
        return ALLOWED
    return denied(_("What stood here before it was masked is read by who wrote, signed or supervises it."))
