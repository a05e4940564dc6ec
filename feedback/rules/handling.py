"""Registering, assigning, returning, merging, transferring, asking for more time or more facts."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import InquiryState, Route
from .author import is_author
from .sight import assists, is_about, keeps, leads, works_on

S = InquiryState


def _keeper(user, inquiry):
    if not keeps(user, inquiry):
        return denied(_("Only the union officers in charge of this unit may do this."))
    if is_author(user, inquiry):
        return denied(_("You wrote this card yourself; another officer must handle it."))
    return ALLOWED


def may_register(user, inquiry):
    verdict = _keeper(user, inquiry)
    if not verdict:
        return verdict
    if inquiry.state != S.SUBMITTED:
        return denied(_("This card has been registered already."))
    return ALLOWED


def may_assign(user, inquiry):
    """The union assigns; a matter that has climbed is assigned by the leader in charge as well."""
    if not (inquiry.is_escalated and leads(user, inquiry)):
        verdict = _keeper(user, inquiry)
        if not verdict:
            return verdict
    if inquiry.state not in (S.REGISTERED, S.ASSIGNED, S.NEGOTIATING):
        return denied(_("A matter is assigned after it has been registered and before a reply is drafted."))
    if pending_return(inquiry):
        return denied(_("Decide on the return first."))
    return ALLOWED


def pending_return(inquiry):
    """Return the return request that waits for a decision, if any."""
    return next((row for row in inquiry.returns.all() if row.is_granted is None), None)


def may_ask_return(user, inquiry, *, today, climb_after):
    if not works_on(user, inquiry) or inquiry.route == Route.DISCIPLINE:
        return denied(_("Only the lead department may return an assignment."))
    if inquiry.state not in (S.ASSIGNED, S.NEGOTIATING):
        return denied(_("An assignment can be returned while it is being handled, before a reply is drafted."))
    if inquiry.round > 1:
        return denied(_("A second handling stays with the department that answered first."))
    if inquiry.return_count >= climb_after:
        return denied(_("This matter has been returned too often. The leader in charge decides who handles it."))
    if pending_return(inquiry):
        return denied(_("A return has been asked for already."))
    part = next((p for p in inquiry.assignments.all() if p.role == "lead" and p.ended_on is None), None)
    if part is None or today > part.return_by:
        return denied(_("The time for returning an assignment is over; the department is bound to answer."))
    return ALLOWED


def may_decide_return(user, inquiry):
    verdict = _keeper(user, inquiry)
    if not verdict:
        return verdict
    request = pending_return(inquiry)
    if request is None:
        return denied(_("No return is waiting for a decision."))
    if request.asked_by_id == user.pk:
        return denied(_("You asked for this return yourself; somebody else decides."))
    return ALLOWED


def may_contribute(user, inquiry):
    if not assists(user, inquiry):
        return denied(_("Only an assisting department may contribute here."))
    if inquiry.state not in (S.ASSIGNED, S.NEGOTIATING):
        return denied(_("Contributions are taken while the matter is being handled."))
    return ALLOWED


def may_plan(user, inquiry):
    if not (works_on(user, inquiry) or keeps(user, inquiry)):
        return denied(_("Only the lead department and the union may record a negotiated plan."))
    if inquiry.state not in (S.ASSIGNED, S.NEGOTIATING):
        return denied(_("A plan is negotiated while the matter is being handled."))
    return ALLOWED


def may_merge(user, inquiry):
    verdict = _keeper(user, inquiry)
    if not verdict:
        return verdict
    if inquiry.state not in (S.SUBMITTED, S.REGISTERED, S.ASSIGNED):
        return denied(_("Only matters without a drafted reply can be merged."))
    if inquiry.route == Route.DISCIPLINE:
        return denied(_("Matters of discipline inspection are not merged."))
    return ALLOWED


def may_unmerge(user, inquiry):
    verdict = _keeper(user, inquiry)
    if not verdict:
        return verdict
    if inquiry.state != S.MERGED:
        return denied(_("This matter is not merged."))
    return ALLOWED


def may_transfer(user, inquiry):
    verdict = _keeper(user, inquiry)
    if not verdict:
        return verdict
    if inquiry.route == Route.DISCIPLINE:
        return denied(_("Discipline inspection has this matter already."))
    if inquiry.state not in (S.SUBMITTED, S.REGISTERED, S.ASSIGNED, S.NEGOTIATING):
        return denied(_("A matter with a drafted reply can no longer be transferred."))
    return ALLOWED


def may_ask_author(user, inquiry):
    """Whether the sender may be asked for more, which pauses the clock."""
    if not (works_on(user, inquiry) or keeps(user, inquiry)):
        return denied(_("Only those who handle the matter may ask its author."))
    if inquiry.state not in (S.REGISTERED, S.ASSIGNED, S.NEGOTIATING):
        return denied(_("The author is asked while the matter is being handled."))
    if inquiry.promise.paused_on is not None:
        return denied(_("The author has been asked already; the clock is paused."))
    return ALLOWED


def may_resume(user, inquiry):
    if not (works_on(user, inquiry) or keeps(user, inquiry)):
        return denied(_("Only those who handle the matter may do this."))
    if inquiry.promise.paused_on is None:
        return denied(_("The clock is running."))
    return ALLOWED


def may_ask_extension(user, inquiry):
    if not works_on(user, inquiry):
        return denied(_("Only the lead department may ask for more time."))
    if inquiry.state not in (S.ASSIGNED, S.NEGOTIATING, S.DRAFTED):
        return denied(_("More time can be asked for while the matter is being handled."))
    if inquiry.promise.extended_days:
        return denied(_("A promise can be extended once only."))
    return ALLOWED


def may_decide_extension(user, inquiry, requester_id):
    """
    The leader in charge decides, or the union chair; never the one who asked.

    What is with discipline inspection stays there: its keepers decide, no leader learns of it.
    """
    if inquiry.route == Route.DISCIPLINE:
        if not keeps(user, inquiry):
            return denied(_("This matter is not in your hands."))
    elif is_about(user, inquiry) or not (
        leads(user, inquiry) or authority_of(user).holds(Role.UNION_CHAIR, unit=inquiry.unit)
    ):
        return denied(_("The leader in charge or the union chair decides on more time."))
    if requester_id == user.pk:
        return denied(_("You asked for it yourself; somebody else decides."))
    return ALLOWED
