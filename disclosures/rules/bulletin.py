"""Who compiles the union's bulletin and who issues it: never the same person."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import BulletinState

B = BulletinState
COMPILERS = (Role.UNION_OFFICER, Role.UNION_CHAIR)


def may_use_bulletin_desk(user):
    """Whether somebody compiles or issues the bulletin of any unit."""
    if authority_of(user).holds(*COMPILERS):
        return ALLOWED
    return denied(_("Only union officers and chairs compile the bulletin."))


def may_compile(user, unit):
    """The union of a unit compiles its bulletin."""
    if authority_of(user).holds(*COMPILERS, unit=unit):
        return ALLOWED
    return denied(_("Only the union of this unit compiles its bulletin."))


def may_edit_issue(user, issue):
    verdict = may_compile(user, issue.unit)
    if verdict and issue.state != B.DRAFT:
        return denied(
            _("Only an issue that is being compiled can be changed. An issued one is corrected by a later one.")
        )
    return verdict


def may_submit_issue(user, issue, *, is_empty):
    """Hand an issue to the chair; an empty one says nothing."""
    verdict = may_edit_issue(user, issue)
    if verdict and is_empty:
        return denied(_("There is nothing in this issue yet."))
    return verdict


def _decides(user, issue):
    if issue.state != B.SUBMITTED:
        return denied(_("This issue is not waiting for the chair."))
    if not authority_of(user).holds(Role.UNION_CHAIR, unit=issue.unit):
        return denied(_("Only the union chair issues the bulletin."))
    return ALLOWED


def may_issue(user, issue):
    """The union's chair issues what somebody else has compiled and handed over."""
    verdict = _decides(user, issue)
    if verdict and user.pk in (issue.compiled_by_id, issue.submitted_by_id):
        return denied(_("You compiled this issue yourself; another chair must issue it."))
    return verdict


def may_send_back_issue(user, issue):
    """The chair sends an issue back with a remark; who handed it over may also take it back."""
    if issue.state == B.SUBMITTED and issue.submitted_by_id == user.pk and may_compile(user, issue.unit):
        return ALLOWED
    return _decides(user, issue)
