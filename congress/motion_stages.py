"""How far a motion has come, as the stage chain draws it."""

from django.utils.translation import gettext as _

from feedback.enums import InquiryState

from .enums import MotionState

M, S = MotionState, InquiryState
TONES = {
    M.DRAFT: "grey",
    M.SECONDING: "ink",
    M.GROUP_REVIEW: "blue",
    M.SUBMITTED: "blue",
    M.FILED: "seal",
    M.MERGED: "grey",
    M.CONVERTED: "yellow",
    M.REJECTED: "grey",
    M.ESCALATED: "seal",
    M.WITHDRAWN: "grey",
    M.ARCHIVED: "green",
}
# How many of the last five steps are done, by the state of the inquiry: assigned, handled, replied, rated, done.
HANDLED = {
    S.SUBMITTED: 0,
    S.REGISTERED: 0,
    S.MERGED: 0,
    S.ASSIGNED: 1,
    S.NEGOTIATING: 1,
    S.DRAFTED: 2,
    S.APPROVED: 2,
    S.ANSWERED: 3,
    S.TRACKED: 4,
    S.CLOSED: 5,
}
ENDED = (M.REJECTED, M.CONVERTED, M.MERGED, M.WITHDRAWN, M.ESCALATED)


def badge_of(motion):
    """Return (words, tone) of where a motion stands: until it is filed its own state, then that of its inquiry."""
    if motion.state == M.FILED:
        words, tone = {
            S.SUBMITTED: (_("filed, to be assigned"), "blue"),
            S.REGISTERED: (_("filed, to be assigned"), "blue"),
            S.ASSIGNED: (_("being handled"), "ink"),
            S.NEGOTIATING: (_("being handled"), "ink"),
            S.DRAFTED: (_("reply being checked and signed"), "ink"),
            S.APPROVED: (_("reply awaiting delivery"), "ink"),
            S.ANSWERED: (_("replied, being rated"), "yellow"),
            S.TRACKED: (_("replied, promise being tracked"), "yellow"),
            S.CLOSED: (_("done"), "green"),
            S.MERGED: (_("being handled"), "ink"),
        }[motion.inquiry.state]
        if motion.inquiry.redo_count and motion.inquiry.state in (S.ASSIGNED, S.NEGOTIATING, S.DRAFTED, S.APPROVED):
            return _("second handling"), "orange"
        return words, tone
    return motion.get_state_display(), TONES[motion.state]


def stages_of(motion):
    """Return the stages of a motion for the stage chain."""
    labels = [
        _("seconded"),
        _("handed in"),
        _("examined"),
        _("assigned"),
        _("handled"),
        _("replied"),
        _("rated"),
        _("done"),
    ]
    if motion.state in ENDED:
        last = motion.get_state_display()
        done = 0 if motion.state == M.WITHDRAWN and motion.handed_in_at is None else 2
        return [
            *({"label": label, "state": "done"} for label in labels[:done]),
            {"label": last, "state": "current"},
        ]
    done = {M.DRAFT: 0, M.SECONDING: 0, M.GROUP_REVIEW: 2, M.SUBMITTED: 2, M.ARCHIVED: 8}.get(motion.state)
    if done is None:
        done = 3 + HANDLED[motion.inquiry.state]
    return [
        {"label": label, "state": "done" if place < done else "current" if place == done else "ahead"}
        for place, label in enumerate(labels)
    ]
