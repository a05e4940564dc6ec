"""What of an inquiry a reader at a desk sees: which text, whose name, how far it is, how long there is."""

from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.deadlines.clock import clock_of

from ..enums import IdentityMode, InquiryState, Route
from ..models import Inquiry
from ..queries import matter_at_work, numbered
from ..rules import may_read_original, may_see_page

S = InquiryState
# Six stages as workers know them; a state stands in one of them.
STAGE_OF = {
    S.SUBMITTED: 1,
    S.REGISTERED: 2,
    S.MERGED: 2,
    S.ASSIGNED: 3,
    S.NEGOTIATING: 3,
    S.DRAFTED: 3,
    S.APPROVED: 3,
    S.ANSWERED: 4,
    S.TRACKED: 5,
    S.CLOSED: 6,
}


@dataclass(frozen=True)
class CardText:
    """The words a reader may read, and whether they are the author's own."""

    subject: str
    body: str
    suggestion: str
    is_original: bool
    is_edited: bool


def find_inquiry(person, number, read=matter_at_work):
    """
    Return the inquiry of a number with all that the acts on it read; ``read`` is another way to read it.

    :raises Http404: when it does not exist for this person.
    """
    inquiry = read(numbered(number, Inquiry.objects.all()))
    # The rule says of one matter what inquiries_visible_to says of all, without a statement of thirty conditions.
    if inquiry is None or not may_see_page(person, inquiry):
        raise Http404
    return inquiry


def text_for(user, inquiry):
    """Return the original for those who keep the matter, the text after the union's edit for everybody else."""
    public = (inquiry.public_subject, inquiry.public_body, inquiry.public_suggestion)
    original = (inquiry.subject, inquiry.body, inquiry.suggestion)
    is_edited = bool(inquiry.public_subject) and public != original
    if may_read_original(user, inquiry):
        return CardText(*original, is_original=True, is_edited=is_edited)
    if not inquiry.public_subject:
        return CardText(
            _("Not registered by itself"), _("The union has not set a text for others to read."), "", False, False
        )
    return CardText(*public, is_original=False, is_edited=is_edited)


def title_for(row, *, is_keeper):
    """Return the subject of a row of a list as its reader may see it."""
    return row.subject if is_keeper else row.public_subject or row.number


def author_of(inquiry):
    """Return the author's name and unit when the card is signed openly, else None."""
    return inquiry.author if inquiry.identity_mode == IdentityMode.NAMED else None


def left_words(clock):
    """Return how long there is, for a row: "12 days left", "3 days overdue", "due today"."""
    if clock.code == "paused":
        return _("clock paused")
    if clock.code == "late":
        return ngettext("%(days)d day overdue", "%(days)d days overdue", clock.days_late) % {"days": clock.days_late}
    if clock.code == "today":
        return _("due today")
    if clock.code == "running":
        return ngettext("%(days)d day left", "%(days)d days left", clock.days_left) % {"days": clock.days_left}
    if clock.code == "met":
        return _("in time")
    if clock.code == "met_late":
        return ngettext("%(days)d day late", "%(days)d days late", clock.days_late) % {"days": clock.days_late}
    return _("clock ended")


def stages_of(inquiry, clock):
    """Return the chain 提交→受理→转办→答复→评价→办结 with the days that are known."""
    assigned = next((part.assigned_on for part in inquiry.assignments.all() if part.role == "lead"), None)
    rated = next((rating.on for rating in inquiry.ratings.all() if rating.round == inquiry.round), None)
    place = STAGE_OF[inquiry.state]
    days = (
        (pgettext("chain", "submitted"), inquiry.received_on),
        (pgettext("chain", "accepted"), None),
        (pgettext("chain", "handed on"), assigned),
        (pgettext("chain", "replied"), inquiry.answered_on if place >= 4 else None),
        (pgettext("chain", "rated"), rated),
        (pgettext("chain", "done"), inquiry.closed_on),
    )
    chain = []
    for at, (label, on) in enumerate(days):
        if at < place:
            state = "skipped" if at == 4 and rated is None else "done"
        elif at == place:
            state = "late" if clock.is_open and clock.is_late else "current"
        else:
            state = "ahead"
        chain.append({"label": label, "state": state, "on": on if state == "done" else None})
    return chain


@dataclass(frozen=True)
class Row:
    """One inquiry in a list of a desk."""

    inquiry: object
    title: str
    clock: object
    left: str
    is_discipline: bool
    note: str = ""

    @property
    def number(self):
        return self.inquiry.number


def rows_of(items, *, at, is_keeper=lambda inquiry: False):
    """Return the rows of a list, each with its clock."""
    rows = []
    for inquiry in items:
        clock = clock_of(inquiry.promise, at)
        rows.append(
            Row(
                inquiry=inquiry,
                title=title_for(inquiry, is_keeper=is_keeper(inquiry)),
                clock=clock,
                left=left_words(clock),
                is_discipline=inquiry.route == Route.DISCIPLINE,
            )
        )
    return rows
