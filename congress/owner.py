"""What the sealed box asks of a session of the congress: who may vote, who looks after it, whether it is lawful now."""

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ballots.owners import OwnerKind, register_owner
from portal.kernel.verdicts import ALLOWED, denied

from .enums import MandateState, SessionState
from .models import Mandate, Session
from .operations.running import OWNER, hear_poll
from .queries.hall import is_in_the_hall, sheet_of
from .rules.hall import is_shut
from .rules.sessions import may_keep_session


def session_of(poll):
    """Return the session that a poll belongs to."""
    return Session.objects.select_related("term__unit").get(pk=uuid.UUID(poll.owner_id))


def _electorate(poll, at):
    rows = Mandate.objects.filter(term__sessions=uuid.UUID(poll.owner_id), state=MandateState.ACTIVE)
    return [(person, "") for person in rows.order_by("person__job_no").values_list("person_id", flat=True)]


def _may_open(poll, at):
    """The gate: the session is open and every line of its validity sheet is met or waived, at this moment."""
    session = session_of(poll)
    if session.state != SessionState.OPEN:
        return denied(_("This session is not open."))
    return is_shut(sheet_of(session, at))


def _may_vote(poll, person, at):
    """Only who is signed in and there votes; a mandate that has ended votes no more."""
    if is_in_the_hall(uuid.UUID(poll.owner_id), person):
        return ALLOWED
    return denied(_("Only delegates who are signed in and in the hall vote."))


def register():
    """Offer sessions as owners of polls; called once, from ``apps.ready()``."""
    register_owner(
        OwnerKind(
            OWNER,
            gettext_lazy("workers' congress"),
            electorate=_electorate,
            door=lambda poll: reverse("congress:my_session", args=[uuid.UUID(poll.owner_id)]),
            may_manage=lambda user, poll: may_keep_session(user, session_of(poll)),
            may_vote=_may_vote,
            place=lambda poll: str(session_of(poll).title),
            may_open=_may_open,
            heard=hear_poll,
        )
    )
