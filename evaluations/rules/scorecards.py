"""Who reads a scorecard, confirms its points, objects to a figure, decides on that, writes a new scheme."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.rules import UNION_DESK
from portal.kernel.days import local_day
from portal.kernel.indicators import indicator_of
from portal.kernel.verdicts import ALLOWED, denied

from ..enums.scorecards import ObjectionState, ScorecardState
from ..withholding import tells_few

READERS = (
    *UNION_DESK,
    Role.LEADER_IN_CHARGE,
    Role.DEPARTMENT_HEAD,
    Role.HANDLER,
    Role.DISCIPLINE_INSPECTOR,
    Role.AUDITOR,
)
# The supervisory group and those in charge (domain.md §9: 第一监督人).
CONFIRMING = (Role.UNION_CHAIR, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR)
CONTESTING = (Role.DEPARTMENT_HEAD, Role.LEADER_IN_CHARGE, Role.UNION_CHAIR, Role.UNION_OFFICER)


def _confirms_for(user, unit):
    """Whether somebody assesses a unit: in office one level up or higher, and not of the unit itself."""
    upper = unit.parent
    return upper is not None and authority_of(user).holds(*CONFIRMING, unit=upper) and not unit.covers(user.unit)


def may_confirm(user, card, *, open_objections):
    """Confirm the points of a sheet; the machine only proposes them (个人信息保护法第二十四条)."""
    if not _confirms_for(user, card.unit):
        return denied(
            _(
                "Points are confirmed by the union chair, the leader in charge or discipline inspection of the level"
                " above, nobody of the unit."
            )
        )
    if card.state == ScorecardState.FIGURES:
        return denied(_("This sheet has figures only; nobody is paid by it."))
    if card.state == ScorecardState.CONFIRMED:
        return denied(_("These points have been confirmed already."))
    if open_objections:
        return denied(_("An objection to a figure of this sheet is open. It is decided first."))
    return ALLOWED


def may_contest(user, snapshot, at, *, days, has_open):
    """Object to a frozen figure: those who answer for the unit, until so many days after it was confirmed."""
    card = snapshot.scorecard
    # Whoever speaks for the whole enterprise does not speak for one unit against it.
    own = [unit for unit in authority_of(user).units(*CONTESTING) if unit.parent_id is not None]
    if not any(unit.covers(card.unit) for unit in own):
        return denied(_("Only those who answer for the unit, and its union, object to its figures."))
    if card.state == ScorecardState.FIGURES:
        return denied(_("This sheet has figures only; nobody is paid by it."))
    if snapshot.is_withheld:
        return denied(_("This figure is not shown to anybody and has no points."))
    if has_open:
        return denied(_("An objection to this figure is being looked into already."))
    if card.confirmed_at is not None and (local_day(at) - local_day(card.confirmed_at)).days > days:
        return denied(
            _("The points were confirmed more than %(days)d days ago; objections are no longer taken.") % {"days": days}
        )
    return ALLOWED


def may_decide_objection(user, objection):
    """Uphold an objection with the right figure, or not; nobody of the unit, and never who raised it."""
    if not _confirms_for(user, objection.snapshot.scorecard.unit):
        return denied(
            _(
                "Objections are decided by the union chair, the leader in charge or discipline inspection of the level"
                " above, nobody of the unit."
            )
        )
    if objection.raised_by_id == user.pk:
        return denied(_("You raised this objection yourself; another person must decide."))
    if objection.state != ObjectionState.OPEN:
        return denied(_("This has been decided already."))
    return ALLOWED


def is_dropped_by(snapshot, numerator, denominator, *, k):
    """
    Whether a figure counts no more once it is put right: because the right one would tell what fewer than k said.

    Only figures of what people said can; whatever was printed of them before can be subtracted.
    """
    if not indicator_of(snapshot.indicator).counts_people:
        return False
    printed = [snapshot, *snapshot.corrections.all()]
    return any(
        tells_few((one.numerator, one.denominator), (numerator, denominator), k=k) for one in printed if one.denominator
    )


def may_export(user):
    """Take the confirmed sheets of a month away for the payroll: union, leaders, auditors."""
    if authority_of(user).holds(*UNION_DESK, Role.LEADER_IN_CHARGE, Role.AUDITOR):
        return ALLOWED
    return denied(_("Only the union, leaders in charge and auditors take the confirmed points away."))


def may_write_scheme(user, company):
    """Write another version of the scheme: the union chair of the enterprise."""
    if company is not None and authority_of(user).holds(Role.UNION_CHAIR, unit=company):
        return ALLOWED
    return denied(_("Only the union chair of the enterprise writes a new version of the scheme."))
