"""What every operation on an assessment does alike: lock, move, promise, write down, tell."""

from portal.accounts.desks import desk_of, nearest_desk
from portal.accounts.enums import Role
from portal.deadlines.operations import end_promise, make_promise, meet_promise
from portal.kernel.days import local_day
from portal.kernel.transitions import check_transition
from portal.ledger.recording import record
from portal.notices.outbox import post

from ..enums import ASSESSMENT_TRANSITIONS
from ..models import Assessment
from ..queries.assessments import group_of


def locked(assessment_id):
    """Return an assessment locked for this transaction, with what its rules read."""
    Assessment.objects.select_for_update(of=("self",)).only("pk").get(pk=assessment_id)
    return Assessment.objects.select_related("unit", "assessor", "version__scheme", "promise").get(pk=assessment_id)


def move(assessment, target, *, fields=()):
    """
    Take an assessment to another state and save it with the named fields.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(ASSESSMENT_TRANSITIONS, source=assessment.state, target=target)
    assessment.state = target
    assessment.save(update_fields=["state", *fields])


def note(verb, assessment, *, actor, at, **facts):
    """Write an act down in the ledger."""
    return record(verb=f"assessment.{verb}", subject=assessment, actor=actor, at=at, **facts)


def promise(assessment, what, unit, *, at, due_on=None, started_on=None):
    """Make the promise that runs from here on; one of an earlier draft keeps its own row."""
    assessment.promise = make_promise(
        kind=f"assessment.{what}",
        subject=assessment,
        unit=unit,
        started_on=started_on or local_day(at),
        round=max(1, assessment.round),
        due_on=due_on,
        at=at,
    )


def keep(assessment, *, actor, at, code=""):
    """Let the promise that runs be kept, or ended by a code; there may be none."""
    if assessment.promise is None:
        return
    if code:
        end_promise(promise=assessment.promise, code=code, actor=actor, at=at)
    else:
        meet_promise(promise=assessment.promise, actor=actor, at=at)


def unit_desks(assessment, at):
    """Return the desks of those who speak for the unit."""
    return [nearest_desk(role, assessment.unit, at) for role in (Role.UNION_CHAIR, Role.UNION_OFFICER)]


def keeper_desks(assessment, at):
    """Return the desks of the union above."""
    return [nearest_desk(role, assessment.assessor, at) for role in (Role.UNION_CHAIR, Role.UNION_OFFICER)]


def group_desks(assessment):
    """Return the desks of the members of the group."""
    return [desk_of(person) for person in group_of(assessment)]


def tell(kind, assessment, desks, *, at, step="", **facts):
    """Put a notice on desks, each once."""
    post(
        kind=f"assessment.{kind}",
        subject=assessment,
        desks=sorted(set(desks)),
        at=at,
        key=f"assessment.{kind}:{assessment.pk.hex}:{assessment.round}:{step}",
        unit=assessment.unit.name,
        year=assessment.year,
        **facts,
    )
