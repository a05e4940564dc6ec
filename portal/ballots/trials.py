"""Test polls (试投票): what a union officer makes to try the box with the people of a unit before it counts."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.models import Person, Unit
from portal.kernel.verdicts import ALLOWED, denied

from .definition import Definition, Option, Question, Share
from .enums import Comparator, QuestionKind, TieRule
from .owners import OwnerKind

TRIAL = "trial"
ORGANISERS = (Role.UNION_OFFICER, Role.UNION_CHAIR)


def trial_definition(
    *, matters, candidates=(), seats=0, comparator=Comparator.MORE, can_write_in=False, tie_rule=TieRule.RUN_OFF
):
    """Return what a test poll asks: a vote on each matter, and an election when there are candidates."""
    share = Share(comparator=str(comparator))
    questions = [
        Question(code=f"q{place}", kind=QuestionKind.VOTE.value, text=matter, share=share)
        for place, matter in enumerate(matters, 1)
    ]
    if candidates:
        questions.append(
            Question(
                code=f"q{len(questions) + 1}",
                kind=QuestionKind.ELECTION.value,
                text=_now("Election"),
                share=share,
                options=tuple(Option(f"c{place}", name) for place, name in enumerate(candidates, 1)),
                seats=seats,
                can_write_in=can_write_in,
                tie_rule=str(tie_rule),
            )
        )
    return Definition(questions=tuple(questions)).check()


def unit_of(poll):
    """Return the unit whose people a test poll is for."""
    return Unit.objects.get(code=poll.owner_id)


def _electorate(poll, at):
    people = Person.objects.filter(unit__in=Unit.objects.under(unit_of(poll)), is_active=True)
    return [(pk, "") for pk in people.order_by("job_no").values_list("pk", flat=True)]


def _may_manage(user, poll):
    if authority_of(user).holds(*ORGANISERS, unit=unit_of(poll)):
        return ALLOWED
    return denied(_now("Only the union of this unit looks after this test vote."))


OWNER = OwnerKind(
    TRIAL, _("test vote"), electorate=_electorate, may_manage=_may_manage, place=lambda poll: unit_of(poll).name
)
