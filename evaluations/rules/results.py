"""Who publishes, who sees which result, who says or records something about it."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.rules import UNION_DESK
from portal.kernel.days import LOCAL, local_day
from portal.kernel.verdicts import ALLOWED, denied

from ..enums import RoundState, SubjectKind
from ..models import Subject
from .rounds import is_rated, may_manage


def may_review(user, round_):
    """Whether somebody reads and decides the remarks of a round: between count and publication."""
    if not (verdict := may_manage(user, round_)):
        return verdict
    if round_.state == RoundState.PUBLISHED:
        return denied(_("Published: the remarks as they were written exist no more."))
    if round_.state != RoundState.COUNTED:
        return denied(_("Nothing has been counted yet."))
    return ALLOWED


def may_publish(user, sides, facts, at):
    """
    Whether the sides of a round may be published together now.

    ``facts`` are those of queries.publishing: polls that are void, remarks that nobody has decided on, the hours
    that have to pass after the closing before remarks are shown.
    """
    for side in sides:
        if not (verdict := may_manage(user, side)):
            return verdict
        if side.state == RoundState.PUBLISHED:
            return denied(_("Published already. A result is published once, and nothing is published after it."))
        if side.state != RoundState.COUNTED:
            return denied(
                _("“%(title)s” has not been counted yet. Both sides of a two-way appraisal are published together.")
                % {"title": side.title}
                if len(sides) > 1
                else _("Nothing has been counted yet.")
            )
    if facts.void:
        return denied(
            _("“%(title)s” is void: more forms than could be. It has to be repeated.") % {"title": facts.void[0].title}
        )
    if facts.undecided:
        return denied(
            ngettext(
                "%(count)d remark has not been decided on yet.",
                "%(count)d remarks have not been decided on yet.",
                facts.undecided,
            )
            % {"count": facts.undecided}
        )
    if facts.remarks and at < (free_at := max(side.closed_at for side in sides) + dt.timedelta(hours=facts.hours)):
        return denied(
            _("Remarks are shown %(hours)d hours after the closing at the earliest: from %(on)s, %(time)s.")
            % {"hours": facts.hours, "on": local_day(free_at).isoformat(), "time": _clock(free_at)}
        )
    return ALLOWED


def _clock(moment):
    return f"{moment.astimezone(LOCAL):%H:%M}"


def sees_all(user, round_):
    """Whether somebody sees every result of a round: its union, unless rated in it, and the auditor."""
    authority = authority_of(user)
    if authority.holds(Role.AUDITOR, unit=round_.unit):
        return True
    return authority.holds(*UNION_DESK, unit=round_.unit) and not is_rated(user, round_)


def sees_remarks(user, round_):
    """Whether somebody who sees all results reads the remarks too: the union; an auditor sees how many there are."""
    return authority_of(user).holds(*UNION_DESK, unit=round_.unit) and not is_rated(user, round_)


def is_own(user, subject):
    """Whether a result is about somebody: the leader, or one of the team."""
    return Subject.members.through.objects.filter(subject=subject, person=user).exists()


def may_rate_oneself(user, subject, at):
    """Whether somebody may rate himself now: a leader, before the window closes."""
    if subject.kind != SubjectKind.LEADER or subject.person_id != user.pk:
        return denied(_("Only the person who is rated can do this."))
    round_ = subject.round
    if round_.state not in (RoundState.ANNOUNCED, RoundState.OPEN) or round_.closes_at <= at:
        return denied(_("The appraisal is over. The own rating is given before it closes."))
    return ALLOWED


def may_state(subject, at, *, has_statement, is_own):
    """Whether somebody may say something to the own result: once, for some days after the publication."""
    if not is_own:
        return denied(_("Only whoever is rated can do this."))
    if subject.round.state != RoundState.PUBLISHED:
        return denied(_("There is no result yet."))
    if has_statement:
        return denied(_("The statement has been made. It stands as it is."))
    days = subject.round.publication.facts["statement_days"]
    if at >= subject.round.published_at + dt.timedelta(days=days):
        return denied(_("A statement could be made for %(days)d days after the publication.") % {"days": days})
    return ALLOWED


def may_record_use(user, subject):
    """Whether somebody records what a result was used for: the union of the round, once it is published."""
    if not (verdict := may_manage(user, subject.round)):
        return verdict
    if subject.round.state != RoundState.PUBLISHED:
        return denied(_("There is no result yet."))
    return ALLOWED
