"""The base of an act on a motion, and what every page of a motion shows of it."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.enums import AssignmentRole, InquiryState
from feedback.queries import delivered_replies
from portal.deadlines.clock import clock_of
from portal.kernel.verdicts import OperationRefused

from ..enums import MotionRatingLevel, MotionState
from ..motion_stages import badge_of
from ..queries.motions import motion_in_full, signers_of
from ..rules.motion_desk import knew_motion, may_read_motion, sees_inside
from ..rules.motions import signed
from .base import CongressActView


def find_motion(user, pk):
    """
    Return the motion that exists for this reader; everything else is a 404.

    :raises OperationRefused: of a draft which the reader had read before it went back to be rewritten.
    """
    motion = motion_in_full(pk)
    if motion is None:
        raise Http404
    if not may_read_motion(user, motion):
        if knew_motion(user, motion):
            raise OperationRefused(
                _("This motion went back to its lead proposer to be rewritten. You will be asked when it is ready.")
            )
        raise Http404
    return motion


class MotionActView(CongressActView):
    """An act on a motion."""

    name = "motion"
    home = "congress:motion"

    def find(self):
        return find_motion(self.request.user, self.kwargs["pk"])

    def eyebrow(self):
        return f"{self.thing.number} {self.thing.title}".strip()


def words_of(motion, *, is_inside):
    """
    Return [(term, text)] of what a motion says.

    Where the union has taken words out of the text that others read, readers outside read that text.
    """
    inquiry = motion.inquiry
    if (
        not is_inside
        and inquiry is not None
        and (inquiry.public_body, inquiry.public_suggestion) != (inquiry.body, inquiry.suggestion)
    ):
        return [(_("Subject and grounds"), inquiry.public_body), (_("Proposal"), inquiry.public_suggestion)]
    pairs = [
        (_("Subject of the motion"), motion.cause),
        (_("Grounds"), motion.grounds),
        (_("Proposal"), motion.proposal),
    ]
    return [(term, text) for term, text in pairs if text]


def title_of(motion, *, is_inside=False):
    """Return the title that this reader reads."""
    inquiry = motion.inquiry
    return motion.title if is_inside or inquiry is None or not inquiry.public_subject else inquiry.public_subject


def names_of(motion, *, is_inside):
    """Return (lead proposer, [seconders]) as this reader reads them, or None where the names are withheld."""
    if not (motion.is_open or is_inside):
        return None
    return {
        "lead": motion.proposer,
        "seconders": [one.mandate for one in signed(motion)],
        "brought_by": motion.brought_by,
    }


def totals_of(motion):
    """Return, for each round that was rated, how many said what, and of how many signers."""
    signers, found = len(signers_of(motion)), {}
    for rating in motion.ratings.all():
        found.setdefault(rating.round, []).append(rating)
    return [
        {
            "round": number,
            "signers": signers,
            "counts": [(level.label, sum(one.level == level for one in rows)) for level in MotionRatingLevel],
            "comments": [one.comment for one in rows if one.comment],
        }
        for number, rows in sorted(found.items())
    ]


def assists_of(inquiry):
    """Return the assignments of the departments that assist now."""
    parts = inquiry.assignments.all() if inquiry is not None else ()
    return [part for part in parts if part.role == AssignmentRole.ASSIST and part.ended_on is None]


def standing_of_motion(motion, user, at):
    """Return what every page of a motion shows: words, names, badge, clock, replies, ratings in total."""
    is_inside = user.is_authenticated and sees_inside(user, motion)
    main = motion.merged_into if motion.state == MotionState.MERGED else motion
    inquiry = main.inquiry if motion.state != MotionState.MERGED else None
    words, tone = badge_of(motion)
    return {
        "motion": motion,
        "is_inside": is_inside,
        "title": title_of(motion, is_inside=is_inside),
        "words": words_of(motion, is_inside=is_inside),
        "names": names_of(motion, is_inside=is_inside),
        "badge_words": words,
        "badge_tone": tone,
        "inquiry": inquiry,
        "clock": clock_of(inquiry.promise, at) if inquiry is not None else None,
        "is_clock_open": inquiry is not None and inquiry.state != InquiryState.CLOSED,
        "assists": assists_of(inquiry),
        # A promise of a reply that was not enough holds no longer.
        "is_promise_open": inquiry is not None
        and inquiry.state in (InquiryState.ANSWERED, InquiryState.TRACKED, InquiryState.CLOSED),
        "replies": delivered_replies(inquiry) if inquiry is not None else [],
        "totals": totals_of(motion),
        "merged": [
            {"one": one, "names": names_of(one, is_inside=is_inside)}
            for one in motion.merged.all()
            if one.state == MotionState.MERGED
        ],
    }


def row_of(motion, at):
    """Return a row of a list: the motion, its badge, its clock where one runs, the way to its page."""
    words, tone = badge_of(motion)
    inquiry = motion.inquiry
    return {
        "one": motion,
        "title": title_of(motion),
        "badge": words,
        "tone": tone,
        "clock": clock_of(inquiry.promise, at) if inquiry is not None else None,
        "url": reverse("congress:motion", args=[motion.pk]),
    }


def key_of(row):
    """Return all that a row of the list shows, for a kept part (portal.kernel.keeping)."""
    one = row["one"]
    lead = one.inquiry.lead_unit if one.inquiry is not None else None
    shown = (one.number, one.category, bool(one.best_reason), lead.name if lead is not None else "")
    return (*shown, row["title"], row["badge"], row["tone"], row["clock"], row["url"])
