"""Who draws up the satisfaction poll of a unit."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.rules import UNION_DESK
from portal.kernel.verdicts import ALLOWED, denied


def may_poll_staff(user, unit=None):
    """Whether somebody draws up satisfaction polls, of a unit or at all."""
    if authority_of(user).holds(*UNION_DESK, unit=unit):
        return ALLOWED
    return denied(_("Only the union of this unit, or of one above, polls its staff."))


def may_remind_staff(user, satisfaction, at):
    """Whether everybody who is asked may be reminded now; who has sent a form is not looked at."""
    if not (verdict := may_poll_staff(user, satisfaction.unit)):
        return verdict
    if satisfaction.is_given_up or not satisfaction.poll.is_open(at):
        return denied(_("Forms are not being taken now."))
    return ALLOWED


def is_enough(people, least):
    """Whether so many people are enough to ask: of fewer every answer would point at somebody."""
    if people >= least:
        return ALLOWED
    return denied(
        _("Fewer than %(least)d people would be asked: their answers would point at them.") % {"least": least}
    )
