"""That the result of an assessment was put to the vote of the congress (职代会评议)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from congress.enums import ItemState, SessionState
from congress.models import AgendaItem
from portal.accounts.models import Person

from ..enums import VoteState
from .assessments import Assessment

VOTES = {
    ItemState.LISTED: VoteState.AHEAD,
    ItemState.RUNNING: VoteState.AHEAD,
    ItemState.TO_VOTE: VoteState.AHEAD,
    ItemState.ADOPTED: VoteState.APPROVED,
    ItemState.REJECTED: VoteState.REJECTED,
}


class AssessmentVote(models.Model):
    """
    An item of a session's agenda that asks the congress to approve the result of an assessment.

    What came of it is the state of the item: nothing is kept twice. Where an
    item was taken off, sent back or put off, another one may follow.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="votes", verbose_name=_("assessment"))
    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="+")
    put_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    put_at = models.DateTimeField()

    class Meta:
        ordering = ("-put_at", "-pk")

    def __str__(self):
        return f"{self.assessment_id} {self.item_id}"

    @property
    def state(self):
        """What the congress has said so far."""
        if self.item.session.state == SessionState.CANCELLED and self.item.state == ItemState.LISTED:
            return VoteState.NOT_VOTED
        return VOTES.get(self.item.state, VoteState.NOT_VOTED)
