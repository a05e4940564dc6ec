"""What the sealed box asks of an appraisal: who is on the list, who looks after it, whether the door is open."""

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ballots.definition import SKIP
from portal.ballots.enums import PollState
from portal.ballots.owners import OwnerKind, register_owner
from portal.kernel.verdicts import ALLOWED, denied

from .enums import RoundState
from .forms.ballot import AppraisalForm
from .models import Round, VoterGroup
from .operations.core import OWNER
from .operations.counting import count_forms
from .operations.running import hear_poll
from .queries.electorate import electorate_of
from .queries.results import round_with_results
from .queries.rounds import door_of, facts_of, held_with_round, marks_for
from .rules.rounds import may_manage, may_open, may_rate

ALLOWED_ACTS = {"publish": RoundState.PUBLISHED, "discard": RoundState.CANCELLED}
# What is handed in is a form (测评表), whoever asks for it: a round or the yearly poll.
FORM_PAGES = {
    "over": "evaluations/form_over.html",
    "voted": "evaluations/form_sent.html",
    "not_now": "evaluations/form_not_now.html",
    "receipt": "evaluations/form_receipt.html",
}
EARLY = gettext_lazy("This appraisal has not begun. No forms are taken yet.")
LATE = gettext_lazy("This appraisal is over. No more forms are taken; nothing of yours was kept.")


def round_of(poll):
    """Return the round that a poll belongs to."""
    rows = Round.objects.select_related("unit", "poll", "edition")
    return rows.get(pk=uuid.UUID(poll.owner_id))


def _electorate(poll, at):
    return electorate_of(round_of(poll), at)


def _may_open(poll, at):
    round_ = round_of(poll)
    return may_open(round_, facts_of(round_, at), at)


def _may_do(poll, act):
    """Publishing and giving up follow the round; asking again is a new round; the clock alone closes one."""
    if ALLOWED_ACTS.get(act) == round_of(poll).state:
        return ALLOWED
    if act == "close":
        return denied(_("An appraisal closes by the clock, at the hour that was announced; nobody closes it earlier."))
    return denied(_("The appraisal itself decides this, on its own page."))


def _takes(poll, person, answers):
    """Nobody rates himself: exactly those whom this person is not to rate are skipped, and nothing is said of them."""
    if person is None:
        return True
    # One read at most: the cast path asks no more than it must. Codes begin with the subject's place on the form.
    own = {f"s{place:02d}" for place, is_own in enumerate(marks_for(poll, person), 1) if is_own}
    nothing = {True: "", False: SKIP}  # a remark that is not written, a question that is not answered
    return all(
        answer == nothing[code.endswith("w")] if code[:3] in own else answer != SKIP for code, answer in answers.items()
    )


def _read(poll, user):
    """The round as raters on the list see it; once it is published the results, for those who may know of them."""
    key = uuid.UUID(poll.owner_id)
    if poll.state != PollState.PUBLISHED:
        return reverse("evaluations:round", args=[key])  # asks nothing: a receipt follows on every form
    is_reader = user.is_authenticated and round_with_results(user, key) is not None
    return reverse("evaluations:results", args=[key]) if is_reader else ""


def _groups(poll):
    """The groups of a round by codes: each draws its slips from a box of its own."""
    return [(group.code, str(group)) for group in VoterGroup.objects.filter(round=uuid.UUID(poll.owner_id))]


def register():
    """Offer rounds as owners of polls; called once, from ``apps.ready()``."""
    register_owner(
        OwnerKind(
            OWNER,
            gettext_lazy("appraisal"),
            electorate=_electorate,
            may_manage=lambda user, poll: may_manage(user, round_of(poll)),
            may_vote=lambda poll, person, at: may_rate(door_of(poll, person), at),
            place=lambda poll: round_of(poll).unit.name,
            may_open=_may_open,
            heard=hear_poll,
            may_do=_may_do,
            held=held_with_round,
            takes=_takes,
            paper=AppraisalForm.of,
            count=count_forms,
            url=lambda poll: reverse("evaluations:round_desk", args=[uuid.UUID(poll.owner_id)]),
            read=_read,
            pages=FORM_PAGES,
            early=EARLY,
            late=LATE,
            groups=_groups,
        )
    )
