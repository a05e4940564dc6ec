"""The yearly satisfaction poll (满意度测评) of a unit's staff: a poll in the sealed box, the little that is kept."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit
from portal.ballots.enums import PollState
from portal.ballots.models import Poll

from ..enums import PolledOn
from .counts import CountedModel


class SatisfactionPolls(models.QuerySet):
    """What can be asked of polls."""

    def running(self, at):
        """Return the polls that take forms now."""
        return self.filter(is_given_up=False, poll__state=PollState.OPEN, poll__closes_at__gt=at)


class SatisfactionPoll(models.Model):
    """
    One year's poll of everybody in a unit on disclosure and congress, without names.

    How far it has come is the state of its ``poll`` in the box. The thresholds
    are copied when it is drawn up: a later setting changes no poll.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    poll = models.OneToOneField(Poll, models.PROTECT, related_name="+")
    k_total = models.PositiveSmallIntegerField()
    k_breakdown = models.PositiveSmallIntegerField()
    is_given_up = models.BooleanField(default=False)  # or void as a whole: another one may take its place
    planned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    objects = SatisfactionPolls.as_manager()

    class Meta:
        ordering = ("-year", "unit__path", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year"], condition=Q(is_given_up=False), name="satisfaction_poll_once_a_year"
            ),
            models.CheckConstraint(
                name="satisfaction_thresholds_protect", condition=Q(k_total__gte=5, k_breakdown__gte=10)
            ),
        ]

    def __str__(self):
        return str(_("Satisfaction of the staff of %(unit)s, %(year)s") % {"unit": self.unit.name, "year": self.year})


class SatisfactionPart(models.Model):
    """A unit directly below whose ballots are counted apart too, as the list was frozen; ``code`` stands on them."""

    satisfaction = models.ForeignKey(SatisfactionPoll, models.PROTECT, related_name="parts")
    code = models.CharField(max_length=20)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("code",)
        constraints = [models.UniqueConstraint(fields=["satisfaction", "code"], name="satisfaction_part_once")]


class SatisfactionTally(CountedModel):
    """
    How many of those who answered a question were satisfied, of all (no part) or of a part: only what may be shown.

    A band keeps its edge and not the number; ``spread`` is how the answers of all fall into the levels.
    """

    satisfaction = models.ForeignKey(SatisfactionPoll, models.PROTECT, related_name="tallies")
    subject = models.CharField(max_length=10, choices=PolledOn.choices)
    part = models.ForeignKey(SatisfactionPart, models.PROTECT, null=True, related_name="tallies")
    answered = models.PositiveIntegerField()
    satisfied = models.PositiveIntegerField()
    is_band = models.BooleanField(default=False)
    spread = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "satisfaction tallies"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["satisfaction", "subject"], condition=Q(part__isnull=True), name="satisfaction_whole_once"
            ),
            models.UniqueConstraint(fields=["part", "subject"], name="satisfaction_part_tally_once"),
            models.CheckConstraint(
                name="satisfaction_tally_of_enough",
                condition=Q(satisfied__lte=F("answered"))
                & (Q(answered__gte=10) | Q(part__isnull=True, answered__gte=5)),
            ),
        ]
