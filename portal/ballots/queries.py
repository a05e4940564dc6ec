"""Reads of the ballot box."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, TextField, UUIDField
from django.db.models.functions import Cast

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.accounts.queries import units_within
from portal.kernel.prepared import PreparedInstances, Slot
from portal.kernel.rows import only_one

from .enums import Grade, PollState
from .models import Elector, PaperEntry, PaperIssue, Participation, Poll, PrintedCode, Scrutineer
from .trials import ORGANISERS, TRIAL


def polls_for(person, at):
    """Return the open polls that somebody may vote in by sign-in, with whether a ballot was put in."""
    mine = Elector.objects.filter(poll=OuterRef("pk"), person=person)
    done = Participation.objects.filter(poll=OuterRef("pk"), elector__person=person)
    handed = PaperIssue.objects.filter(poll=OuterRef("pk"), elector__person=person)
    return (
        Poll.objects.open(at)
        .filter(Exists(mine), grade=Grade.SIGNED_IN)
        .annotate(has_voted=Exists(done), has_paper=Exists(handed))
        .order_by("closes_at", "pk")
    )


def elector_by_sign_in(poll_id, person):
    """
    Return somebody's place on the list of a poll in which people vote by sign-in, with the poll, or None.

    ``has_taken_part`` says whether the ballot is in the box.
    """
    return _with_definition(_ELECTOR_BY_SIGN_IN.one(poll=poll_id, person=person.pk))


def elector_with_poll(poll_id, person):
    """Return somebody's place on a poll's list, with the poll, or None."""
    return _with_definition(_ELECTOR_WITH_POLL.one(poll=poll_id, person=person.pk))


def was_handed_paper(elector):
    """Whether an elector was handed a ballot on paper; whether it is in the box nobody knows."""
    return PaperIssue.objects.filter(pk=elector.pk).exists()


def _electors():
    """A voter's poll comes with its definition as text: what it says was taken out of it long ago."""
    return (
        Elector.objects.filter(poll=Slot("poll", UUIDField()), person=Slot("person", UUIDField()))
        .annotate(definition_text=Cast("poll__definition_json", TextField()))
        .select_related("poll")
        .defer("poll__definition_json")
        .order_by()
    )


def _with_definition(elector):
    if elector is not None:
        elector.poll.definition_text = elector.definition_text
    return elector


# What every ballot asks. The statements are kept, never what they say.
_ELECTOR_WITH_POLL = PreparedInstances(_electors, by_key=True)
_ELECTOR_BY_SIGN_IN = PreparedInstances(
    lambda: (
        _electors()
        .filter(poll__grade=Grade.SIGNED_IN)
        .annotate(has_taken_part=Exists(Participation.objects.filter(pk=OuterRef("pk"))))
    ),
    by_key=True,
)


def polls_at_desk(user):
    """Return the polls that somebody looks after or is a scrutineer of, newest first."""
    units = units_within(authority_of(user).units(*ORGANISERS))
    looked_after = Q(owner_kind=TRIAL, owner_id__in=units.values("code"))
    return Poll.objects.filter(looked_after | Exists(Scrutineer.objects.filter(poll=OuterRef("pk"), person=user)))


def is_scrutineer_of_any(user):
    """Whether somebody is a scrutineer of a vote that is not over."""
    waiting = [PollState.DRAFT, PollState.OPEN, PollState.CLOSED]
    return Scrutineer.objects.filter(person=user, poll__state__in=waiting).exists()


def poll_at_desk(user, key):
    """Return one poll with its scrutineers, if somebody may know of its working page, or None."""
    from .rules import may_look_in

    poll = only_one(Poll.objects.filter(pk=key).prefetch_related("scrutineers__person"))
    return poll if poll is not None and may_look_in(user, poll) else None


def published_polls():
    """Return the polls whose results are for everybody, the newest first."""
    return Poll.objects.published().select_related("result")


def taken_part_count(poll):
    """Return how many ballots the door let through; for the pages after closing only."""
    if poll.grade == Grade.PRINTED_CODE:
        return PrintedCode.objects.filter(poll=poll, is_used=True).count()
    return Participation.objects.filter(poll=poll).count()


def issued_count(poll):
    """Return how many could vote at most: everybody on the list, or every code that was not voided."""
    if poll.grade == Grade.PRINTED_CODE:
        return PrintedCode.objects.filter(poll=poll, is_voided=False).count()
    return poll.electorate_size


@dataclass(frozen=True)
class Reading:
    """How far a paper from the box has come: read once, twice alike, twice differently, settled by a third look."""

    number: int
    entries: tuple

    @property
    def answers(self):
        """Return what the paper says, or None while it is not settled."""
        if len(self.entries) == 3:
            return self.entries[2].answers
        if len(self.entries) == 2 and not self.differs:
            return self.entries[0].answers
        return None

    @property
    def differs(self):
        """Whether two people read it differently and nobody has had the third look."""
        return len(self.entries) == 2 and self.entries[0].answers != self.entries[1].answers


def papers_of(poll):
    """Return the papers of a poll in the order of their numbers, with their readings."""
    rows = PaperEntry.objects.filter(poll=poll).select_related("by").order_by("number", "turn")
    return [Reading(number, tuple(entries)) for number, entries in groupby(rows, key=lambda one: one.number)]


def papers_issued(poll):
    """Return how many papers were handed out."""
    return PaperIssue.objects.filter(poll=poll).count()


def papers_entered(poll):
    """Return how many papers have been entered, by one person at least."""
    return PaperEntry.objects.filter(poll=poll).values("number").distinct().count()


def papers_missing(poll):
    """Return how many papers went out and have not been entered."""
    return max(0, papers_issued(poll) - papers_entered(poll)) if poll.definition.has_paper else 0


def batches_of(poll):
    """Return [(sheet, its group, codes not voided)] of a poll's printed codes, not saying how many were used."""
    rows = PrintedCode.objects.filter(poll=poll).order_by("batch").values_list("batch", "group", "is_voided")
    found = {}
    for batch, group, is_voided in rows:
        found[batch, group] = found.get((batch, group), 0) + (not is_voided)
    return sorted((batch, group, count) for (batch, group), count in found.items())


def units_of_organiser(user):
    """Return the units that somebody may make a test poll for."""
    return Unit.objects.filter(pk__in=units_within(authority_of(user).units(*ORGANISERS))).active().order_by("path")
