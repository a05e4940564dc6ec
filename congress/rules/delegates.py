"""Who nominates, records elections, reviews credentials and recalls; whose is the duty log."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.rules import UNION_DESK
from portal.kernel.days import local_day
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import LIVE, DutyState, MandateState, TermState
from .terms import keeps_term


def speaks_for(user, electing_unit):
    """Whether the person works for the union of this electing unit, or above it."""
    return authority_of(user).holds(*UNION_DESK, unit=electing_unit.unit)


def works_for(user, electing_unit, term):
    """Whether the person works for the union of this electing unit or for the one that keeps the congress."""
    return speaks_for(user, electing_unit) or keeps_term(user, term)


def _may_work_on(user, electing_unit, at):
    term = electing_unit.term
    if not works_for(user, electing_unit, term):
        return denied(_("Only the union of this electing unit records its elections."))
    if term.state != TermState.FIXED:
        return denied(_("Fix the seats of the term first."))
    if local_day(at) > term.ends_on:
        return denied(_("This term is over."))
    return ALLOWED


def may_nominate(user, electing_unit, at):
    """Put somebody on the list of candidates of an electing unit."""
    return _may_work_on(user, electing_unit, at)


def may_withdraw(user, mandate, at):
    """Take a candidate off the list."""
    if not (verdict := _may_work_on(user, mandate.electing_unit, at)):
        return verdict
    if mandate.state != MandateState.CANDIDATE:
        return denied(_("Only a candidacy can be withdrawn."))
    return ALLOWED


def may_record_election(user, electing_unit, at):
    """Record what the staff of an electing unit voted: there are free seats and candidates for them."""
    if not (verdict := _may_work_on(user, electing_unit, at)):
        return verdict
    rows = [mandate.state for mandate in electing_unit.mandates.all()]
    if sum(state in LIVE for state in rows) >= electing_unit.seats:
        return denied(_("All %(seats)d seats of this electing unit are taken.") % {"seats": electing_unit.seats})
    if MandateState.CANDIDATE not in rows:
        return denied(_("Enter the candidates first."))
    return ALLOWED


def reviews(user, mandate):
    """Whether these credentials wait to be reviewed, and this person neither recorded them nor holds them."""
    if mandate.state != MandateState.ELECTED or mandate.person_id == user.pk:
        return False
    return mandate.meeting.recorded_by_id != user.pk


def may_confirm(user, electing_unit):
    """Review the credentials of those elected (资格审查): another person than who recorded the election."""
    if not keeps_term(user, electing_unit.term):
        return denied(_("Only the union that keeps this congress reviews credentials."))
    elected = [one for one in electing_unit.mandates.all() if one.state == MandateState.ELECTED]
    if not elected:
        return denied(_("No credentials wait to be reviewed here."))
    if not any(reviews(user, one) for one in elected):
        return denied(_("You recorded this election yourself; another person reviews the credentials."))
    return ALLOWED


def may_end(user, mandate, at):
    """Record a recall or a resignation of somebody who holds a seat."""
    if not (verdict := _may_work_on(user, mandate.electing_unit, at)):
        return verdict
    if mandate.state not in LIVE:
        return denied(_("Only a mandate that runs can end."))
    if mandate.person_id == user.pk:
        return denied(_("This is your own mandate; another person records its end."))
    return ALLOWED


def may_write_duty(user, mandate, at):
    """Write into the duty log: the delegate, while the mandate runs."""
    if mandate.person_id != user.pk:
        return denied(_("Everybody writes only their own duty log."))
    if mandate.state != MandateState.ACTIVE or local_day(at) > mandate.term.ends_on:
        return denied(_("Only a delegate whose mandate runs writes a duty log."))
    return ALLOWED


def may_decide_duty(user, entry):
    """Confirm an entry of a duty log, or not: the union, never about oneself."""
    mandate = entry.mandate
    if not works_for(user, mandate.electing_unit, mandate.term):
        return denied(_("Only the union confirms entries of the duty log."))
    if entry.state != DutyState.WRITTEN:
        return denied(_("This has been decided already."))
    if mandate.person_id == user.pk:
        return denied(_("This is your own entry; another person confirms it."))
    return ALLOWED


def may_give_report(user, report):
    """Give the duty report of a year; once, late if it must be."""
    if report.mandate.person_id != user.pk:
        return denied(_("Everybody gives only their own duty report."))
    if report.given_at is not None:
        return denied(_("This report has been given already."))
    if report.promise.ended_at is not None:
        return denied(_("Your mandate has ended; this report is owed no longer."))
    return ALLOWED


def may_rate_report(user, report):
    """Record how the electing unit rated a duty report."""
    mandate = report.mandate
    if not works_for(user, mandate.electing_unit, mandate.term):
        return denied(_("Only the union of this electing unit records its rating."))
    if mandate.person_id == user.pk:
        return denied(_("This is your own report; another person records the rating."))
    if report.given_at is None:
        return denied(_("The report has not been given yet."))
    if report.rated_on is not None:
        return denied(_("This report has been rated already."))
    return ALLOWED


def may_read_report(user, report):
    """A duty report is for its delegate, the staff of the electing unit and the union; else it is a 404."""
    mandate = report.mandate
    if mandate.person_id == user.pk or works_for(user, mandate.electing_unit, mandate.term):
        return True
    return mandate.electing_unit.unit.covers(user.unit)
