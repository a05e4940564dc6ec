"""Who may do what with a poll, each no with its reason."""

from collections import Counter

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.kernel.verdicts import ALLOWED, denied

from .enums import Grade, PollState
from .owners import owner_of
from .trials import ORGANISERS

SMALLEST_GROUP = 5  # a smaller group would point at its members (trust §0, 7)


def may_draft_trial(user, unit=None):
    """Whether somebody may make a test poll, for a unit or at all."""
    if authority_of(user).holds(*ORGANISERS, unit=unit):
        return ALLOWED
    return denied(_("Only the union makes test votes, for the unit it looks after."))


def may_manage(user, poll):
    """Whether somebody looks after this poll; its owner says."""
    return owner_of(poll).may_manage(user, poll)


def is_scrutineer(user, poll):
    """Whether somebody is one of the three who open the box."""
    return any(row.person_id == user.pk for row in poll.scrutineers.all())


def may_look_in(user, poll):
    """Whether somebody may see the working page: who looks after the poll, and its scrutineers."""
    return ALLOWED if is_scrutineer(user, poll) else may_manage(user, poll)


def _in_state(poll, *states):
    if poll.state in states:
        return ALLOWED
    return denied(
        _("This cannot be done now: the vote is in the state “%(state)s”.") % {"state": poll.get_state_display()}
    )


def _managed(user, poll, *states):
    return may_manage(user, poll) and _in_state(poll, *states)


def may_take_share(user, poll):
    """Whether somebody may take up a share: each scrutineer, once, before the poll opens."""
    own = next((row for row in poll.scrutineers.all() if row.person_id == user.pk), None)
    if own is None:
        return denied(_("Only the scrutineers of this vote take up a share."))
    if verdict := _in_state(poll, PollState.DRAFT):
        if own.has_share:
            return denied(
                _("You have taken up your share already. It was shown once; ask for new shares if it is lost.")
            )
        return ALLOWED
    return verdict


def may_reset_shares(user, poll):
    """Whether somebody may call all shares back, because one was lost before the opening."""
    return _managed(user, poll, PollState.DRAFT)


def may_print_codes(user, poll):
    """Whether somebody may print codes for the box."""
    if not (verdict := _managed(user, poll, PollState.DRAFT)):
        return verdict
    if poll.grade != Grade.PRINTED_CODE:
        return denied(_("This vote is by sign-in and needs no codes."))
    return ALLOWED


def may_void_codes(user, poll):
    """Whether somebody may void a sheet of codes that was not handed out."""
    if not (verdict := _managed(user, poll, PollState.DRAFT, PollState.OPEN)):
        return verdict
    return ALLOWED if poll.grade == Grade.PRINTED_CODE else denied(_("This vote is by sign-in and needs no codes."))


def may_open(user, poll, at):
    """Whether a poll may open: all shares taken up, codes printed where it needs them, time left."""
    if not (verdict := _managed(user, poll, PollState.DRAFT)):
        return verdict
    if sum(row.has_share for row in poll.scrutineers.all()) < 3:
        return denied(_("Not all three scrutineers have taken up their shares."))
    if not (verdict := owner_of(poll).may_open(poll, at)):
        return verdict
    if poll.closes_at <= at:
        return denied(_("The time at which the vote was to close is over. Make a new one."))
    return _has_codes(poll) if poll.grade == Grade.PRINTED_CODE else ALLOWED


def _has_codes(poll):
    """Whether slips were printed, for each group where there are groups: with too few they would point at people."""
    printed = Counter(poll.codes.filter(is_voided=False).values_list("group", flat=True))
    if not printed:
        return denied(_("No codes have been printed yet."))
    for code, words in owner_of(poll).groups(poll):
        if printed[code] < SMALLEST_GROUP:
            return denied(
                _("Fewer than %(least)d codes have been printed for group %(group)s.")
                % {"least": SMALLEST_GROUP, "group": words}
            )
    return ALLOWED


def is_over(poll, at):
    """Whether a poll was open once and takes no more ballots."""
    return poll.state not in (PollState.DRAFT, PollState.DISCARDED) and not poll.is_open(at)


def may_vote(user, poll, at):
    """Whether somebody who is on the list may put in a ballot now."""
    owner = owner_of(poll)
    if poll.state == PollState.DRAFT or poll.state == PollState.DISCARDED:
        return denied(str(owner.early))
    if not poll.is_open(at):
        return denied(str(owner.late))
    if poll.grade != Grade.SIGNED_IN:
        return denied(_("This vote is by codes drawn from a box, without signing in."))
    return owner.may_vote(poll, user, at)


def may_use_code(poll, at):
    """Whether a code drawn from the box is good for a ballot now."""
    if poll.is_open(at):
        return ALLOWED
    owner = owner_of(poll)
    return denied(str(owner.early if poll.state == PollState.DRAFT else owner.late))


def may_close(user, poll, at):
    """Whether somebody may close a poll, or sign for closing it early where its owner allows that."""
    if not (verdict := may_look_in(user, poll)):
        return verdict
    if not (verdict := _in_state(poll, PollState.OPEN)):
        return verdict
    return owner_of(poll).may_do(poll, "close") if at < poll.closes_at else ALLOWED


def may_count(user, poll, at):
    """Whether the box may be opened now; a poll whose time is over counts as closed."""
    if not (verdict := may_look_in(user, poll)):
        return verdict
    if poll.state == PollState.OPEN and poll.closes_at <= at:
        return ALLOWED
    if poll.state == PollState.OPEN:
        return denied(_("The vote is still open."))
    return _in_state(poll, PollState.CLOSED)


def may_publish(user, poll):
    """Whether the result may be published now."""
    return _managed(user, poll, PollState.COUNTED) and owner_of(poll).may_do(poll, "publish")


def may_discard(user, poll):
    """Whether a poll may be given up: only while nobody could vote yet."""
    return _managed(user, poll, PollState.DRAFT) and owner_of(poll).may_do(poll, "discard")


def may_repeat(user, poll):
    """Whether the same questions may be asked again in a new poll; the old one stays as it is."""
    states = (PollState.CLOSED, PollState.COUNTED, PollState.PUBLISHED)
    return _managed(user, poll, *states) and owner_of(poll).may_do(poll, "repeat")


def may_issue_paper(user, poll, person, at):
    """Whether an elector may be handed a ballot on paper now."""
    if not (verdict := may_look_in(user, poll)):
        return verdict
    if not poll.definition.has_paper:
        return denied(_("Nobody votes on paper here: the vote was drawn up without it."))
    return may_vote(person, poll, at)


def may_enter_papers(user, poll, at):
    """Whether papers from the box may be entered: between closing and count."""
    if not (verdict := may_look_in(user, poll)):
        return verdict
    if not poll.definition.has_paper:
        return denied(_("Nobody votes on paper here: the vote was drawn up without it."))
    if poll.state == PollState.OPEN and poll.closes_at <= at:
        return ALLOWED
    return _in_state(poll, PollState.CLOSED)


def may_enter_paper(user, poll, entries):
    """Whether somebody may read a paper that was read so far as ``entries`` say."""
    if any(one.by_id == user.pk for one in entries):
        return denied(_("You have entered this paper already. Somebody else enters it again, without seeing yours."))
    if len(entries) < 2:
        return ALLOWED
    if len(entries) == 2 and entries[0].answers != entries[1].answers:
        if is_scrutineer(user, poll):
            return ALLOWED
        return denied(_("The two readings differ: a scrutineer who has not read this paper yet has the third look."))
    return denied(_("This paper has been settled already."))


def may_add_scan(user, poll):
    """Whether the scanned papers may be added, once, from the closing on."""
    if not (verdict := may_look_in(user, poll)):
        return verdict
    if not poll.definition.has_paper:
        return denied(_("Nobody votes on paper here: the vote was drawn up without it."))
    return _in_state(poll, PollState.CLOSED, PollState.COUNTED, PollState.PUBLISHED)


def may_see_result(poll):
    """Whether a result is for everybody: never before it is published."""
    return poll.state == PollState.PUBLISHED
