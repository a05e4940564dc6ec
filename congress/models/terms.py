"""Terms (届) with their seats, electing units, delegations, bodies and observers."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit

from ..enums import BodyKind, CongressNoun, Region, TermState

CN_DIGITS = "零一二三四五六七八九十"


class TermQuerySet(models.QuerySet):
    def running(self, day):
        """Those whose seats are fixed and whose days include this one."""
        return self.filter(state=TermState.FIXED, begins_on__lte=day, ends_on__gte=day)


class Term(models.Model):
    """
    One term of a unit's congress: its days, and its seats with the head-count and the text they come from.

    ``staff`` is the head-count on ``counted_on``, frozen with the rule: people
    who come and go later change no seat. ``women`` and ``women_of`` give the
    share of women among the staff, from the roster where ``women_source`` is
    empty. ``first_ends_on`` is what was fixed, before any extension.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    number = models.PositiveSmallIntegerField(_("number"))
    noun = models.CharField(max_length=10, choices=CongressNoun.choices, default=CongressNoun.WORKERS)
    begins_on = models.DateField(_("from"))
    first_ends_on = models.DateField()
    ends_on = models.DateField(_("until"))  # the last day
    region = models.CharField(max_length=10, choices=Region.choices)
    half_is_enough = models.BooleanField(default=False)
    staff = models.PositiveIntegerField()
    counted_on = models.DateField()
    least = models.PositiveIntegerField()
    strict = models.PositiveIntegerField()
    most = models.PositiveIntegerField(null=True)
    seats = models.PositiveIntegerField(null=True)
    decision = models.CharField(max_length=500, blank=True)
    leader_percent = models.PositiveSmallIntegerField(default=20)
    women = models.PositiveIntegerField(null=True)
    women_of = models.PositiveIntegerField(null=True)
    women_source = models.CharField(max_length=100, blank=True)
    women_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=TermState.choices, default=TermState.DRAFT)
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    allocated_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    fixed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    fixed_at = models.DateTimeField(null=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ("unit__path", "-number")
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="congress_term_number_is_unique"),
            models.CheckConstraint(name="congress_term_ends_after_start", condition=Q(ends_on__gt=F("begins_on"))),
            models.CheckConstraint(
                name="congress_term_fixed_has_seats",
                condition=~Q(state=TermState.FIXED)
                | (Q(seats__isnull=False) & Q(fixed_at__isnull=False) & ~Q(fixed_by=F("allocated_by"))),
            ),
        ]

    def __str__(self):
        return str(self.title)

    @property
    def title(self):
        """The term as its pages call it: 启明石化公司第五届职工代表大会."""
        is_chinese = (get_language() or "").startswith("zh")
        words = {"unit": self.unit.name, "number": chinese_number(self.number) if is_chinese else self.number}
        if self.noun == CongressNoun.EMPLOYEES:
            return _("%(unit)s: employees' congress, term %(number)s") % words
        return _("%(unit)s: workers' congress, term %(number)s") % words


class TermExtension(models.Model):
    """More time for a term: once, at most a year, with a reason, decided by somebody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["term"],
                condition=Q(is_granted__isnull=True) | Q(is_granted=True),
                name="congress_term_is_extended_once",
            ),
            models.CheckConstraint(
                name="congress_extension_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
            ),
        ]


class Delegation(models.Model):
    """A delegation (代表团) of a term: the delegates of some electing units, under a head of their own choice."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="delegations")
    name = models.CharField(_("name"), max_length=40)
    head = models.ForeignKey("Mandate", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["term", "name"], name="congress_delegation_name_is_unique"),
        ]

    def __str__(self):
        return self.name


class ElectingUnit(models.Model):
    """
    A unit whose staff elect delegates; everybody belongs to the nearest one above them.

    ``staff`` is that of the day on which the term's seats were counted; an
    election freezes its own.
    """

    term = models.ForeignKey(Term, models.PROTECT, related_name="electing_units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    staff = models.PositiveIntegerField()
    seats = models.PositiveSmallIntegerField(default=0)
    contact = models.CharField(_("contact office"), max_length=80, blank=True)
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="electing_units")

    class Meta:
        ordering = ("unit__path",)
        constraints = [
            models.UniqueConstraint(fields=["term", "unit"], name="congress_unit_elects_once_a_term"),
        ]

    def __str__(self):
        return self.unit.name


class Body(models.Model):
    """The presidium (主席团) or a special committee (专门委员会) of a term."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="bodies")
    kind = models.CharField(max_length=10, choices=BodyKind.choices)
    name = models.CharField(_("name"), max_length=40)
    remit = models.CharField(_("what it does"), max_length=200, blank=True)
    decided_on = models.DateField()

    class Meta:
        verbose_name_plural = "bodies"
        ordering = ("-kind", "name")
        constraints = [
            models.UniqueConstraint(fields=["term", "name"], name="congress_body_name_is_unique"),
            models.UniqueConstraint(
                fields=["term"], condition=Q(kind=BodyKind.PRESIDIUM), name="congress_term_has_one_presidium"
            ),
        ]

    def __str__(self):
        return self.name


class BodyMember(models.Model):
    """A delegate in a body; at most one of them chairs it."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="members")
    mandate = models.ForeignKey("Mandate", models.PROTECT, related_name="memberships")
    is_chair = models.BooleanField(default=False)

    class Meta:
        ordering = ("-is_chair", "pk")
        constraints = [
            models.UniqueConstraint(fields=["body", "mandate"], name="congress_member_once_a_body"),
            models.UniqueConstraint(fields=["body"], condition=Q(is_chair=True), name="congress_body_has_one_chair"),
        ]


class Observer(models.Model):
    """Somebody who attends without a vote (列席代表)."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="observers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(_("why"), max_length=100)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["term", "person"], condition=Q(until__isnull=True), name="congress_observer_once_a_term"
            ),
        ]


def chinese_number(number):
    """Return a small number as a term is counted: 5 is 五, 12 is 十二, 23 is 二十三."""
    if number <= 10:
        return CN_DIGITS[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else CN_DIGITS[tens]) + "十" + (CN_DIGITS[ones] if ones else "")
