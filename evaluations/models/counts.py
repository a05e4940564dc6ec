"""
What the count leaves: how often an answer was given, never which answers came together.

Rows of different subjects or items share no key but the group; a group with
too few forms leaves no answer at all, and remarks stand apart from everything.
All of it is destroyed with the publication, which stores what is printed: exact
numbers of a group's answers are what bands and withheld figures keep back.
"""

import uuid

from django.db import models
from django.db.models import Q

from .questionnaires import Item
from .rounds import Subject, VoterGroup


class CountedQuerySet(models.QuerySet):
    """Counted once: nothing of it changes afterwards."""

    def update(self, **kwargs):
        raise TypeError("counted once")

    def bulk_update(self, *args, **kwargs):
        raise TypeError("counted once")

    def delete(self):
        raise TypeError("counted once")

    def destroy(self, **blank):
        """Overwrite the rows, so that a page of the file that is not given back holds nothing, and delete them."""
        super().update(**blank)
        super().delete()


class CountedModel(models.Model):
    """A row of the count, written once."""

    objects = CountedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("counted once")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("counted once")


class GroupTally(CountedModel):
    """
    How many valid forms of a group rated a subject.

    Below the round's ``k_scores`` the group is short: its answers were not
    written, nor how many they were, and it takes no part in the total.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="tallies")
    group = models.ForeignKey(VoterGroup, models.PROTECT, related_name="+")
    raters = models.PositiveIntegerField()
    is_short = models.BooleanField()

    class Meta:
        ordering = ("subject__order", "group__order")
        verbose_name_plural = "group tallies"
        constraints = [
            models.UniqueConstraint(fields=["subject", "group"], name="group_tally_once"),
            models.CheckConstraint(
                name="group_tally_short_says_nothing",
                condition=Q(is_short=True, raters=0) | Q(is_short=False, raters__gt=0),
            ),
        ]

    def __str__(self):
        return f"{self.subject_id} {self.group_id}: {self.raters}"


class Count(CountedModel):
    """How often a group answered one item about one subject in one way; ``dk`` is never scored."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="counts")
    group = models.ForeignKey(VoterGroup, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    option = models.CharField(max_length=12)
    times = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "group", "item", "option"], name="count_once"),
            models.CheckConstraint(name="count_is_of_something", condition=Q(times__gt=0)),
        ]

    def __str__(self):
        return f"{self.option}: {self.times}"


class Remark(models.Model):
    """Words about a subject, of nobody and no group, under a random key, written in random order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="remarks")
    text = models.TextField()

    class Meta:
        ordering = ("id",)

    def __str__(self):
        return str(self.pk)
