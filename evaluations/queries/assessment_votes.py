"""Reads of the congress's votes on assessments."""

from django.db.models import Prefetch

from congress.enums import SessionState
from congress.models import PollItem, Session
from portal.kernel.days import local_day

from ..models import AssessmentVote

ORDER = ("-put_at", "-pk")
VOTES = Prefetch("votes", AssessmentVote.objects.select_related("item__session").order_by(*ORDER), to_attr="put")


def vote_of(assessment):
    """Return the latest vote of the congress on an assessment, or None."""
    rows = AssessmentVote.objects.filter(assessment=assessment).select_related("item__session__term__unit")
    return rows.order_by(*ORDER).first()


def poll_of(vote):
    """Return the latest poll in which an item was voted on, or None."""
    row = PollItem.objects.filter(item=vote.item_id).select_related("session_poll__poll").order_by("-pk").first()
    return row.session_poll.poll if row is not None else None


def sessions_to_ask(assessment, at):
    """Return the sessions of the congress of the unit above whose agenda has not gone out, the soonest first."""
    rows = Session.objects.filter(
        term__unit=assessment.assessor_id, state=SessionState.PLANNED, term__ends_on__gte=local_day(at)
    )
    return rows.select_related("term__unit").order_by("opens_at", "pk")
