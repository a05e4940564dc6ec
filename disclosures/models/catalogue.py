"""The catalogue (公开目录) and who owes what of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit

from ..enums import Frequency, Opinion, Scope, Section, Timing


class CatalogueItem(models.Model):
    """
    Something that must be disclosed: what, by whom, how often, to whom, on which basis.

    The row says what holds now; each state it ever had is kept in a version.
    """

    code = models.CharField(_("code"), max_length=8, unique=True)
    section = models.CharField(_("section"), max_length=1, choices=Section.choices)
    title = models.CharField(_("what is disclosed"), max_length=80)
    content = models.TextField(_("content"), blank=True)
    department = models.CharField(_("responsible department"), max_length=40)
    frequency = models.CharField(_("frequency"), max_length=10, choices=Frequency.choices)
    second_frequency = models.CharField(
        _("and also"), max_length=10, choices=[("", _("nothing else")), *Frequency.choices], blank=True
    )
    timing = models.CharField(_("timing"), max_length=6, choices=Timing.choices, default=Timing.AFTER)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices, default=Scope.COMPANY)
    channels = models.JSONField(_("channels"), default=list)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    # Vital interests show the process (basis, method, objections heard) as well as the result.
    is_vital = models.BooleanField(_("vital interest of workers"), default=False)
    opinion = models.CharField(_("opinions needed"), max_length=10, choices=Opinion.choices, blank=True)
    notice_workdays = models.PositiveSmallIntegerField(_("period of notice in working days"), null=True, blank=True)
    display_days = models.PositiveSmallIntegerField(_("own display period in days"), null=True, blank=True)
    is_active = models.BooleanField(_("in force"), default=True)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(name="catalogue_frequencies_differ", condition=~Q(frequency=F("second_frequency"))),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"

    @property
    def frequencies(self):
        """Both frequencies, or the one."""
        return tuple(value for value in (self.frequency, self.second_frequency) if value)

    @property
    def is_notice(self):
        """Whether it is shown as a public notice (公示) with a period and an outcome."""
        return self.notice_workdays is not None


class CatalogueVersion(models.Model):
    """What an item said from a moment on, and who changed it why."""

    item = models.ForeignKey(CatalogueItem, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    values = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("item", "number")
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="catalogue_version_is_unique")]


class Assignment(models.Model):
    """A unit owes an item from a day on; the department, if any, prepares it for the unit."""

    item = models.ForeignKey(CatalogueItem, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    department = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)  # the last day

    class Meta:
        ordering = ("item__code", "unit__path")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "unit"], condition=Q(until__isnull=True), name="assignment_runs_once"
            ),
            models.CheckConstraint(
                name="assignment_ends_after_start", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]
        indexes = [models.Index(fields=["unit", "item"], name="assignment_by_unit")]

    @property
    def owner(self):
        """The unit that prepares: the department, or the unit itself."""
        return self.department or self.unit


class Duty(models.Model):
    """
    One disclosure that is owed: an item of a unit for a period, or after an event.

    Met by a publication, else missed; both are told by its promise. There is
    one duty for a period, so that nothing can be owed or missed twice.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    item = models.ForeignKey(CatalogueItem, models.PROTECT, related_name="duties")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    frequency = models.CharField(max_length=10, choices=Frequency.choices)
    starts_on = models.DateField()  # of the period, or the day of the event
    ends_on = models.DateField()
    event = models.CharField(_("what happened"), max_length=120, blank=True)
    reported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, related_name="duty")
    waiver_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "item", "frequency", "starts_on"],
                condition=~Q(frequency="event"),
                name="duty_of_period_is_unique",
            ),
            models.CheckConstraint(name="duty_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="duty_event_is_named", condition=~Q(frequency="event") | ~Q(event="")),
        ]
        indexes = [models.Index(fields=["unit", "-ends_on", "id"], name="duty_by_unit")]

    @property
    def owner(self):
        """The unit that prepares: the department, or the unit itself."""
        return self.department or self.unit
