"""Appraisal rounds with their voter groups, the people and teams rated, and the rules by which a form is void."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit
from portal.ballots.enums import Grade
from portal.ballots.models import Poll

from ..enums import Direction, RoundState, Source, SubjectKind, Visibility, VoidKind
from .questionnaires import Edition, _weight

BEFORE_OPENING = (RoundState.DRAFT, RoundState.ANNOUNCED)


class RoundQuerySet(models.QuerySet):
    def begun(self, at):
        """Those whose list is frozen and whose time has come, and that nobody has written down as open yet."""
        return self.filter(state=RoundState.ANNOUNCED, poll__opened_at__isnull=False, opens_at__lte=at)

    def running(self, at):
        """Those that take forms at a moment: the door looks at the clock."""
        return self.filter(
            state__in=[RoundState.ANNOUNCED, RoundState.OPEN], poll__state="open", opens_at__lte=at, closes_at__gt=at
        )


class Round(models.Model):
    """
    One appraisal: who is rated by which sheet, by whom, when, and under which numbers.

    The numbers are copied from the rule book when the round is planned, so that
    a later setting changes no round; the poll in the sealed box is drawn up with
    the announcement. ``counterpart`` is the other side of a two-way appraisal.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=50)
    year = models.PositiveSmallIntegerField(_("year"))
    direction = models.CharField(max_length=6, choices=Direction.choices, default=Direction.SINGLE)
    counterpart = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="rounds", verbose_name=_("sheet"))
    state = models.CharField(max_length=9, choices=RoundState.choices, default=RoundState.DRAFT)
    grade = models.CharField(_("secrecy"), max_length=12, choices=Grade.choices, default=Grade.SIGNED_IN)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    poll = models.OneToOneField(Poll, models.PROTECT, null=True, related_name="+")
    k_scores = models.PositiveSmallIntegerField()
    k_text = models.PositiveSmallIntegerField()
    k_breakdown = models.PositiveSmallIntegerField()
    trim_above = models.PositiveSmallIntegerField(null=True)  # empty: nothing is trimmed
    min_sample = models.PositiveSmallIntegerField()
    remark_limit = models.PositiveSmallIntegerField()  # characters; 0: no remarks are asked for
    visibility = models.CharField(max_length=8, choices=Visibility.choices, default=Visibility.SUBJECTS)
    planned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)  # why it was cancelled
    # Why it may follow so soon on one that nearly the same people rated in, and the two who answer for that.
    near_reason = models.CharField(max_length=300, null=True)  # noqa: DJ001 -- empty in rounds before there was one
    near_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    near_granted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    idempotency_key = models.UUIDField(unique=True, default=uuid.uuid4)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ("-opens_at", "-id")
        indexes = [models.Index(fields=["state", "opens_at"], name="round_by_state")]
        constraints = [
            models.CheckConstraint(name="round_state_is_known", condition=Q(state__in=RoundState.values)),
            models.CheckConstraint(name="round_closes_after_opening", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="round_past_planning_has_poll",
                condition=Q(state__in=[RoundState.DRAFT, RoundState.CANCELLED])
                | (Q(poll__isnull=False) & Q(announced_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="round_cancelled_has_reason",
                condition=~Q(state=RoundState.CANCELLED) | (~Q(reason="") & Q(cancelled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="round_two_sides_have_directions",
                condition=Q(counterpart__isnull=True) | ~Q(direction=Direction.SINGLE),
            ),
            models.CheckConstraint(
                name="round_thresholds_protect", condition=Q(k_scores__gte=5, k_text__gte=10, k_breakdown__gte=10)
            ),
        ]

    def __str__(self):
        return self.title

    def is_running(self, at):
        """Whether forms are taken at a moment; the poll has to be at hand."""
        return self.poll is not None and self.poll.is_open(at) and self.opens_at <= at < self.closes_at

    @property
    def number(self):
        """The short name of the round in the minutes: that of its poll."""
        return self.poll.number if self.poll_id else ""


class VoterGroup(models.Model):
    """Voters whose forms are counted together and weigh alike (A 票、B 票、C 票)."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="groups")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=2)
    name = models.CharField(_("name"), max_length=30)
    weight = _weight()

    class Meta:
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="voter_group_code_once"),
            models.CheckConstraint(name="voter_group_weight_is_a_share", condition=Q(weight__gt=0, weight__lte=1)),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class GroupSource(models.Model):
    """People who make up a voter group: those of one kind in one unit, or in it and everything below."""

    group = models.ForeignKey(VoterGroup, models.PROTECT, related_name="sources")
    source = models.CharField(max_length=10, choices=Source.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    with_units_below = models.BooleanField(default=True)

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(fields=["group", "source", "unit"], name="group_source_once")]

    def __str__(self):
        return f"{self.get_source_display()} · {self.unit}"


class Subject(models.Model):
    """
    A leader or a leading team that is rated; name and post stand as they were when added.

    ``members`` do not rate this subject: the leader, or everybody of the team.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="subjects")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=SubjectKind.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    post = models.CharField(max_length=60, blank=True)
    members = models.ManyToManyField(Person, related_name="+")

    class Meta:
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["round", "order"], name="subject_place_once"),
            models.UniqueConstraint(fields=["round", "person"], name="subject_person_once"),
            models.UniqueConstraint(
                fields=["round", "unit"], condition=Q(kind=SubjectKind.TEAM), name="subject_team_once"
            ),
            models.CheckConstraint(
                name="subject_leader_is_a_person",
                condition=Q(kind=SubjectKind.LEADER, person__isnull=False)
                | Q(kind=SubjectKind.TEAM, person__isnull=True),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def duty_report(self):
        """The duty report or the recorded reason, or None."""
        return getattr(self, "report", None)


class VoidRule(models.Model):
    """A rule, switched on for a round, by which a whole form does not count; its numbers and its source."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="void_rules")
    kind = models.CharField(max_length=12, choices=VoidKind.choices)
    people = models.PositiveSmallIntegerField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["round", "kind"], name="void_rule_once"),
            models.CheckConstraint(
                name="void_rule_of_spread_has_numbers",
                condition=Q(kind__in=[VoidKind.SAME, VoidKind.FULL], people__isnull=True, score__isnull=True)
                | Q(kind__in=[VoidKind.TOP_AT_MOST, VoidKind.LOW_AT_LEAST], people__gte=0, score__lte=100),
            ),
        ]

    def __str__(self):
        return self.get_kind_display()
