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
    """Return the delivered replies of a matter, first round first; a merged one begins with its target's."""
    own = [reply for reply in inquiry.replies.all() if reply.state == ReplyState.DELIVERED]
    if inquiry.merged_into_id is None or inquiry.state == InquiryState.MERGED:
        return own
    # It was answered with the first answer of the other; what came later there is not its own.
    shared = [reply for reply in inquiry.merged_into.replies.all() if reply.round == 1]
    return [reply for reply in shared if reply.state == ReplyState.DELIVERED] + own
