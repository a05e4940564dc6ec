"""Who plans, announces, opens and cancels a round; when forms are taken."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.rules import UNION_DESK
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import RoundState
from ..models import Subject
from ..models.rounds import BEFORE_OPENING

MOST_SUBJECTS, MOST_GROUPS = 20, 6


def may_use_desk(user):
    """Whether somebody has the union's desk of appraisals."""
    if authority_of(user).holds(*UNION_DESK):
        return ALLOWED
    return denied(_("Only the union has this desk."))


def may_plan(user, unit=None):
    """Whether somebody may plan an appraisal, for a unit or at all."""
    if authority_of(user).holds(*UNION_DESK, unit=unit):
        return ALLOWED
    return denied(_("Only the union of this unit plans its appraisals."))


def may_manage(user, round_):
    """Whether somebody looks after a round: the union of its unit, but nobody who is rated in it."""
    if not authority_of(user).holds(*UNION_DESK, unit=round_.unit):
        return denied(_("Only the union of this unit looks after this appraisal."))
    if is_rated(user, round_):
        return denied(_("You are rated in this appraisal yourself. Somebody else looks after it."))
    return ALLOWED


def is_rated(person, round_):
    """Whether somebody is rated in a round, alone or as one of a team."""
    return Subject.members.through.objects.filter(subject__round=round_, person=person).exists()


def _in_state(round_, *states):
    if round_.state in states:
        return ALLOWED
    return denied(
        _("This cannot be done now: the appraisal is in the state “%(state)s”.") % {"state": round_.get_state_display()}
    )


def may_change(user, round_):
    """Whether subjects, groups, times and rules may be changed: until the announcement."""
    return may_manage(user, round_) and _in_state(round_, RoundState.DRAFT)


def announcing_faults(round_, facts, at):
    """Return why a round cannot be announced or opened, each in a sentence; nothing when all is right."""
    found = []
    if round_.closes_at <= at:
        found.append(_("The closing time is over. Set a later one."))
    if not facts.subjects:
        found.append(_("Nobody is rated yet. Add leaders or leading teams."))
    if not facts.groups:
        found.append(_("There is no voter group yet."))
    elif facts.weight != 1:
        words = _("The weights of the groups add up to %(sum)s; they have to add up to 1.")
        found.append(words % {"sum": f"{float(facts.weight):.4g}"})
    for group, size in facts.groups:
        if not size:
            found.append(_("Group %(group)s is empty: nobody holds what it is made up of.") % {"group": group})
    empty = {group.pk for group, size in facts.groups if not size}
    for subject, group, size in facts.faults:
        if group.pk in empty:
            continue
        if size >= round_.k_scores:
            words = _("What group %(group)s says about %(subject)s could be worked out by subtraction. Regroup.")
            found.append(words % {"group": group, "subject": subject})
        else:
            found.append(
                _(
                    "Fewer than %(least)d people of group %(group)s may rate %(subject)s: their answers would point at"
                    " them. Put the group together with another one."
                )
                % {"least": round_.k_scores, "group": group, "subject": subject}
            )
    return found + near_faults(round_, facts)


def near_faults(round_, facts):
    """Return why a round may not follow so soon, in sentences; nothing once two people have answered for it."""
    if round_.near_granted_by_id is not None:
        return []
    words = _(
        "Nearly the same people rated in “%(title)s”: the difference of both results would be about a few of them."
        " From %(on)s on it may be held, before that for a reason that two people answer for."
    )
    return [words % {"title": earlier.title, "on": day.isoformat()} for earlier, day in facts.near]


def may_plead(user, round_, facts):
    """Whether somebody may record why a round follows so soon, or agree to what another has recorded."""
    if not (verdict := may_manage(user, round_)):
        return verdict
    if not (verdict := _in_state(round_, *BEFORE_OPENING)):
        return verdict
    if is_frozen(round_):
        return denied(_("The list is frozen: from here on the appraisal takes its course."))
    if round_.near_granted_by_id is not None or not near_faults(round_, facts):
        return denied(_("Nothing stands against this appraisal following so soon."))
    if round_.near_by_id == user.pk:
        return denied(_("You recorded the reason yourself. A second person of the union agrees to it, or does not."))
    return ALLOWED


def may_announce(user, round_, facts, at):
    """Whether a round may be announced now; its facts come from queries.rounds.facts_of."""
    if not (verdict := may_change(user, round_)):
        return verdict
    faults = announcing_faults(round_, facts, at)
    return denied(faults[0]) if faults else ALLOWED


def may_open(round_, facts, at):
    """Whether the list may be frozen: all reports disclosed or waived with a reason, and all still right."""
    if not (verdict := _in_state(round_, RoundState.ANNOUNCED)):
        return verdict
    if facts.unreported:
        return denied(
            _("No duty report of %(names)s has been disclosed, and no reason recorded why there is none.")
            % {"names": _(", ").join(str(subject) for subject in facts.unreported)}
        )
    faults = announcing_faults(round_, facts, at)
    return denied(faults[0]) if faults else ALLOWED


def may_rate(round_, at):
    """Whether forms are taken at this moment; the poll has to be at hand."""
    if at < round_.opens_at:
        return denied(_("This appraisal has not begun yet."))
    if round_.closes_at <= at or round_.state in (RoundState.CLOSED, RoundState.COUNTED, RoundState.PUBLISHED):
        return denied(_("This appraisal is over. No more forms are taken."))
    return _in_state(round_, RoundState.ANNOUNCED, RoundState.OPEN)


def may_cancel(user, round_):
    """Whether a round may be cancelled: before its list was frozen."""
    if not (verdict := may_manage(user, round_)):
        return verdict
    if not (verdict := _in_state(round_, *BEFORE_OPENING)):
        return verdict
    if is_frozen(round_):
        return denied(_("The list is frozen: from here on the appraisal takes its course."))
    return ALLOWED


def is_frozen(round_):
    """Whether the list of those who rate was frozen; the poll has to be at hand."""
    return round_.poll is not None and round_.poll.opened_at is not None


def may_add_report(user, round_):
    """Whether duty reports may be disclosed or waived: until the list is frozen."""
    if not (verdict := may_manage(user, round_)):
        return verdict
    if not (verdict := _in_state(round_, *BEFORE_OPENING)):
        return verdict
    if is_frozen(round_):
        return denied(_("The list is frozen: what was disclosed before the appraisal stays as it is."))
    return ALLOWED


def may_remind(user, round_, at):
    """Whether everybody on the list may be reminded now; who has sent a form is not asked."""
    if not (verdict := may_manage(user, round_)):
        return verdict
    if not is_frozen(round_) or not round_.is_running(at):
        return denied(_("Forms are not being taken now."))
    return ALLOWED


def sides_of(round_):
    """Return the rounds that are published together: one, or both sides of a two-way appraisal."""
    other = round_.counterpart
    return [round_] if other is None or other.state == RoundState.CANCELLED else [round_, other]
