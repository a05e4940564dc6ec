"""What the author of a matter may do."""

from django.utils.translation import gettext as _

from portal.kernel.verdicts import ALLOWED, denied

from .. import sealing
from ..channels import collects_ratings
from ..enums import RATEABLE_STATES, IdentityMode, InquiryState
from .templates import may_type_card


def is_author(user, inquiry):
    """Whether the signed-in person wrote it; for a confidential matter by its tag, without naming anybody."""
    if not getattr(user, "is_authenticated", False):
        return False
    return inquiry.pk in own_among(user, [inquiry])


def own_among(user, inquiries):
    """
    Return the keys of those that the signed-in person wrote, by one set of tags for all of them.

    Where none is confidential no tag is made: 320 of them cost about a millisecond.
    """
    own = {one.pk for one in inquiries if one.identity_mode == IdentityMode.NAMED and one.author_id == user.pk}
    tagged = {one.owner_tag: one.pk for one in inquiries if one.owner_tag}
    place = 0
    # The author's matters are numbered from zero without gaps: look a little further than any have.
    while tagged and place < 10 * sealing.TAGS_AT_ONCE:
        own |= {tagged.pop(tag) for tag in sealing.owner_tags(user, place) if tag in tagged}
        place += sealing.TAGS_AT_ONCE
    return own


def may_submit(user, mode):
    """Whether a matter may be sent in this identity mode."""
    if mode != IdentityMode.ANONYMOUS and not getattr(user, "is_authenticated", False):
        return denied(_("Sign in to send a card with your name, or send it anonymously."))
    return ALLOWED


def may_open_card(actor, draft):
    """Whether a card may be sent: by its author, or typed in from paper by the union of the unit."""
    if draft.paper_on is not None:
        return may_type_card(actor, draft.unit)
    return may_submit(actor, draft.identity_mode)


def may_rate(inquiry, *, is_collected=False):
    """Whether the answer of this round may be rated now: by its author, or by all whom the channel has asked."""
    if collects_ratings(inquiry) and not is_collected:
        return denied(_("Several people rate this answer, each for themselves, on the page of what it belongs to."))
    if inquiry.state not in RATEABLE_STATES:
        return denied(_("An answer can be rated once it has been delivered."))
    if any(rating.round == inquiry.round for rating in inquiry.ratings.all()):
        return denied(_("This answer has been rated already."))
    return ALLOWED


def may_add_message(inquiry):
    """Whether the author may add something."""
    if inquiry.state in (InquiryState.CLOSED,):
        return denied(_("This matter is closed. Send a new card if there is more."))
    return ALLOWED
