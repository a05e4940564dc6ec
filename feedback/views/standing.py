"""Where a matter stands, as its author and as everybody may read it: one telling for all pages."""

from django.utils.translation import gettext as _

from portal.deadlines.clock import clock_of
from portal.kernel.texts import masked_name
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..channels import collects_ratings, withholds_author
from ..enums import HidingReason, IdentityMode, InquiryState, Outcome, RatingLevel, Route
from ..forms.author import MessageForm, RateForm
from ..queries import delivered_replies
from ..rules import may_add_message, may_rate
from .reading import stages_of

S = InquiryState
OUTCOME_TONES = {Outcome.SOLVED: "green", Outcome.PLANNED: "blue", Outcome.LATER: "yellow", Outcome.REFERENCE: "grey"}


def state_badge(inquiry):
    """Return (words, tone) of the state, for a badge; late is said by the clock, never here."""
    tone = {S.SUBMITTED: "grey", S.ANSWERED: "green", S.TRACKED: "blue", S.CLOSED: "grey", S.MERGED: "grey"}.get(
        inquiry.state, "ink"
    )
    label = _("answered, awaiting a rating") if inquiry.state == S.ANSWERED else inquiry.get_state_display()
    return label, tone


def replies_of(inquiry):
    """Return the delivered replies with how they reached the workers and what the author thought of them."""
    ratings = {rating.round: rating for rating in inquiry.ratings.all()}
    sources = [inquiry, inquiry.merged_into] if inquiry.merged_into_id else [inquiry]
    files = [file for source in sources for file in source.files.all() if file.reply_id]
    told = []
    for reply in delivered_replies(inquiry):
        delivery, rating = reply.delivery, ratings.get(reply.round)
        told.append(
            {
                "reply": reply,
                "number": len(told) + 1,
                "outcome": Outcome(reply.outcome).label,
                "outcome_tone": OUTCOME_TONES[reply.outcome],
                "channel": delivery.get_channel_display(),
                "delivered_on": delivery.delivered_on,
                "where": delivery.place or delivery.bulletin_no,
                "files": [file for file in files if file.reply_id == reply.pk],
                "rating": rating,
                "rating_label": RatingLevel(rating.level).label if rating else "",
                # Of several who rated, what they wrote is for those who handle it.
                "comment": rating.comment if rating and not collects_ratings(inquiry) else "",
            }
        )
    return told


# Where an act belongs within its day and round; all others come between registering and rating.
PLACES = {
    "inquiry.submitted": 0,
    "inquiry.redone": 0,  # begins the round that it names
    "inquiry.registered": 1,
    "inquiry.rated": 3,
    "inquiry.tracked": 4,
    "inquiry.closed": 4,
}


def told_in_order(lines):
    """
    Return the lines of a history with those of one day in the order in which they must have happened.

    What an author does carries a day and no time, and would else stand before everything else of its day:
    within a day the rounds follow each other, and a round ends with its rating.
    """
    keys, at_round = {}, 1
    for index, line in enumerate(lines):
        place = PLACES.get(line.verb)
        if place is None:
            # Only acts with a time of day stand in order as they come; those of the author do not.
            at_round = line.round or at_round
        keys[index] = (line.on, line.round or (at_round if place is None else 1), 2 if place is None else place, index)
    return [lines[index] for index in sorted(keys, key=keys.get)]


def standing_of(inquiry, at):
    """Return what every page of one matter shows: clock, chain, events, replies, plans."""
    clock = clock_of(inquiry.promise, at)
    return {
        "inquiry": inquiry,
        "clock": clock,
        "stages": stages_of(inquiry, clock),
        "state_badge": state_badge(inquiry),
        "replies": replies_of(inquiry),
        "plans": inquiry.plans.all(),
        "is_discipline": inquiry.route == Route.DISCIPLINE,
        "hidden_label": HidingReason(inquiry.hidden_class).label if inquiry.hidden_class else "",
        "lines": told_in_order(history_of(subject_key(inquiry))),
    }


def author_context(inquiry, at, *, message_form=None, rate_form=None):
    """Return what an author's page shows beside the common part, with the forms that may be used now."""
    can_rate, can_add = bool(may_rate(inquiry)), bool(may_add_message(inquiry))
    is_asked = inquiry.promise.paused_on is not None and inquiry.promise.met_at is None
    return {
        **standing_of(inquiry, at),
        "author_sentence": clock_of(inquiry.promise, at).sender_sentence,
        "own_files": [file for file in inquiry.files.all() if file.reply_id is None],
        "chat": list(inquiry.messages.all()),
        "reveals": [
            {"who": reveal.revealed_by.name, "on": reveal.revealed_at, "reason": reveal.reason}
            for reveal in inquiry.reveals.all()
        ],
        "is_asked": is_asked,
        "is_confidential": inquiry.identity_mode == IdentityMode.CONFIDENTIAL,
        "is_named": inquiry.identity_mode == IdentityMode.NAMED,
        "mode_label": inquiry.get_identity_mode_display(),
        "is_edited": bool(inquiry.public_subject)
        and (inquiry.public_subject, inquiry.public_body, inquiry.public_suggestion)
        != (inquiry.subject, inquiry.body, inquiry.suggestion),
        # A form that was refused is shown with its reason even where a new one would not be.
        "rate_form": rate_form or (RateForm(initial={"round": inquiry.round}) if can_rate else None),
        "message_form": message_form or (MessageForm() if can_add else None),
    }


def signature_of(inquiry):
    """Return how everybody reads the author: surname and stars, or that there is no name."""
    if withholds_author(inquiry):
        return _("withheld as the author wishes")
    if inquiry.identity_mode == IdentityMode.NAMED and inquiry.author is not None:
        return masked_name(inquiry.author.name)
    return inquiry.get_identity_mode_display()
