"""The work calendar, promises with their clock, and what the sweep has recorded."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit


class CalendarEdition(models.Model):
    """
    One edition of a year's work calendar, from a State Council notice (国务院办公厅通知).

    The edition in force for a year is the one with the highest number. Only
    days that differ from Monday-to-Friday are kept, so an edition is small.
    """

    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    notice_no = models.CharField(_("number of the notice"), max_length=60)  # 国办发明电〔2025〕7号
    source = models.CharField(max_length=20)  # "library" or "file"
    days_off = models.JSONField(default=dict)  # {"2026-01-01": "元旦", …} weekdays not worked
    days_on = models.JSONField(default=dict)  # {"2026-01-04": "元旦", …} weekend days worked (调休)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-year", "-number")
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="calendar_edition_is_unique")]


class PromiseQuerySet(models.QuerySet):
    def open(self):
        """Neither kept nor ended."""
        return self.filter(met_at__isnull=True, ended_at__isnull=True)

    def passed(self, at):
        """Open and due at or before a moment: late, whether or not a sweep has noticed."""
        return self.open().filter(due_at__lte=at)


class Promise(models.Model):
    """
    Something that must be done by a moment.

    ``due_on`` is computed once, when the clock starts, and kept with the rule
    and the calendar it came from; ``due_at`` is the first moment at which it is
    late: the midnight after ``due_on``, and while it is paused the midnight
    after the day on which it would be due if nobody ended the pause before its
    cap. So late is one comparison, ``due_at <= at``, paused or not, swept or
    not, and never a column: ``missed_at`` only records that it was told, and is
    dated when it fell due.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)  # "inquiry.reply", declared by an app
    subject = models.CharField(max_length=80)  # ledger subject key, "feedback.inquiry:<uuid>"
    round = models.PositiveSmallIntegerField(default=1)  # a redo is a new promise of the next round
    # Who owes. No index of its own: promise_open_by_unit begins with it, and each index costs the sweep.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    started_on = models.DateField()
    rule = models.CharField(max_length=40)  # "days:30", "workdays:7", "month_or_days:30"
    calendar = models.CharField(max_length=60, blank=True)  # editions used, "2026/1 2027/0"
    is_provisional = models.BooleanField(default=False)  # reaches into a year without data
    first_due_on = models.DateField()  # as promised first; never changed
    due_on = models.DateField()
    due_at = models.DateTimeField()
    paused_on = models.DateField(null=True)
    paused_days = models.PositiveSmallIntegerField(default=0)
    extended_days = models.PositiveSmallIntegerField(default=0)
    extension_reason = models.CharField(max_length=300, blank=True)  # public, part of the status sentence
    met_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # ended without being kept: transferred, merged, withdrawn
    end_code = models.CharField(max_length=20, blank=True)
    missed_at = models.DateTimeField(null=True)
    # The ladder: the step the sweep will take next, and when (while paused: when the pause reaches its cap).
    next_step = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "kind", "round"], name="promise_is_made_once"),
            models.CheckConstraint(name="pauses_are_capped", condition=Q(paused_days__lte=10)),
            models.CheckConstraint(name="extension_is_capped", condition=Q(extended_days__lte=30)),
            models.CheckConstraint(
                name="promise_met_or_ended_once", condition=Q(met_at__isnull=True) | Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="promise_due_after_start", condition=Q(due_on__gte=F("started_on"))),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="promise_to_sweep",
                condition=Q(met_at__isnull=True, ended_at__isnull=True, next_at__isnull=False),
            ),
            models.Index(
                fields=["unit", "kind", "due_at"],
                name="promise_open_by_unit",
                condition=Q(met_at__isnull=True, ended_at__isnull=True),
            ),
            # The soonest due first, of one unit or of many: the order of every inbox.
            models.Index(
                fields=["due_at", "unit", "id"],
                name="promise_open_by_due",
                condition=Q(met_at__isnull=True, ended_at__isnull=True),
            ),
        ]


class Pause(models.Model):
    """Days on which the clock stood still because the sender had to add something."""

    promise = models.ForeignKey(Promise, models.PROTECT, related_name="pauses")
    since = models.DateField()
    until = models.DateField(null=True)  # the first day on which the clock ran again
    reason = models.CharField(max_length=300)
    paused_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise"], condition=Q(until__isnull=True), name="one_pause_at_a_time"),
        ]


class Extension(models.Model):
    """A request for more days: once, at most thirty, decided by somebody else, with a public reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    promise = models.ForeignKey(Promise, models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    requested_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promise"], condition=Q(is_granted=True), name="one_extension_granted"),
            models.UniqueConstraint(
                fields=["promise"], condition=Q(is_granted__isnull=True), name="one_extension_asked"
            ),
            models.CheckConstraint(name="extension_days_in_range", condition=Q(days__gte=1, days__lte=30)),
            models.CheckConstraint(
                name="extension_by_another", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by"))
            ),
        ]


class Step(models.Model):
    """A step of the ladder that was taken, once, for a promise and its due day."""

    pk = models.CompositePrimaryKey("promise", "code", "due_on")
    # Written only by the sweep, in the statement that locks the promise, which is never deleted: a
    # constraint checked row by row at commit would cost a mass sweep more than all it writes.
    promise = models.ForeignKey(Promise, models.DO_NOTHING, related_name="steps", db_index=False, db_constraint=False)
    code = models.CharField(max_length=12)  # "received", "day15", "yellow", "day29", "due", "red", "week1", "weekly:3"
    due_on = models.DateField()
    on = models.DateField()


class Heartbeat(models.Model):
    """When a job last ran to its end: the watchdog's and /readyz's evidence."""

    name = models.CharField(max_length=60, primary_key=True)
    beat_at = models.DateTimeField()
    detail = models.JSONField(default=dict)


class ClockGuard(models.Model):
    """
    One row: the latest moment seen, and whether a jump of the clock has frozen the sweeps.

    ``anchors`` maps the boot id of a machine to the wall clock and the uptime
    it showed when first seen; between two readings of one boot both must have
    moved alike (docs/decisions/0011-clock-guard.md).
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    latest_at = models.DateTimeField()
    anchors = models.JSONField(default=dict)  # {"<boot id>": ["2026-11-23T05:00:00+00:00", 81234.5], …}
    frozen_at = models.DateTimeField(null=True)
    frozen_code = models.CharField(max_length=20, blank=True)  # "backwards" or "forwards"
    resumed_at = models.DateTimeField(null=True)
    resumed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    resume_reason = models.CharField(max_length=300, blank=True)
