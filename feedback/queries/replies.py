"""Which reply belongs to which round."""

from ..enums import InquiryState, ReplyState


def current_reply(inquiry):
    """Return the reply of the round at work, if one has been begun (uses prefetched replies)."""
    wanted = next_round(inquiry)
    return next((reply for reply in inquiry.replies.all() if reply.round == wanted), None)


def next_round(inquiry):
    """Return the round a new reply belongs to: a tracked promise opens the next one."""
    return inquiry.round + 1 if inquiry.state == InquiryState.TRACKED else inquiry.round


def delivered_replies(inquiry):
    """Return the delivered replies of a matter, first round first; a merged one shows its target's."""
    source = inquiry.merged_into if inquiry.merged_into_id and not inquiry.replies.all() else inquiry
    rows = source.replies.filter(state=ReplyState.DELIVERED) if source is not inquiry else inquiry.replies.all()
    return [reply for reply in rows if reply.state == ReplyState.DELIVERED]
