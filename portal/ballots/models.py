"""
Polls, who may vote, who has voted, and the sealed ballots, which share no key, no time and no order.

What is frozen at opening is refused here and, whoever asks, by triggers on
both engines (migration 0002_guards). Only the poll itself carries times.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.files.models import StoredFile

from .definition import definition_in, known_definition
from .enums import Grade, PollState

# What may change of a poll that is no draft any more.
MOVABLE = frozenset(
    {
        "state",
        "closed_at",
        "counted_at",
        "published_at",
        "early_close_by",
        "is_rebuilt",
        "is_vacuumed",
    }
)


# What decides whether a ballot is taken now.
DOOR = ("owner_kind", "owner_id", "grade", "state", "closes_at")


class Frozen(Exception):
    """Somebody tried to change or delete what was fixed when the poll opened."""


class FrozenQuerySet(models.QuerySet):
    """Rows in bulk: changes and deletions are for the operations that name what they do."""

    def update(self, **kwargs):
        raise Frozen

    def delete(self):
        raise Frozen

    def bulk_update(self, *args, **kwargs):
        raise Frozen


class PollQuerySet(models.QuerySet):
    def update(self, **kwargs):
        if set(kwargs) - MOVABLE:
            raise Frozen
        return super().update(**kwargs)

    def delete(self):
        raise Frozen

    def bulk_update(self, *args, **kwargs):
        raise Frozen

    def open(self, at):
        """Those that take ballots at a moment: the door closes by the clock, whether or not anybody closes it."""
        return self.filter(state=PollState.OPEN, closes_at__gt=at)

    def due(self, at):
        """Those whose time is over and that nobody has closed yet."""
        return self.filter(state=PollState.OPEN, closes_at__lte=at)

    def published(self):
        return self.filter(state=PollState.PUBLISHED)


class Poll(models.Model):
    """One vote: what it asks, who may take part, how far it has come."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_kind = models.CharField(max_length=20)
    owner_id = models.CharField(max_length=60)
    title = models.CharField(_("title"), max_length=60)
    grade = models.CharField(_("secrecy"), max_length=12, choices=Grade.choices)
    is_test = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=PollState.choices, default=PollState.DRAFT)
    definition_json = models.JSONField()
    definition_sha256 = models.CharField(max_length=64)
    electorate_size = models.PositiveIntegerField(default=0)
    electorate_sha256 = models.CharField(max_length=64, blank=True)
    closes_at = models.DateTimeField(_("closes"))
    public_key = models.BinaryField(default=bytes)
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats")
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    early_close_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_rebuilt = models.BooleanField(default=False)
    is_vacuumed = models.BooleanField(default=False)

    objects = PollQuerySet.as_manager()
    is_held = False  # read within a ballot's transaction: only what the door goes by

    class Meta:
        ordering = ("-drafted_at", "-id")
        indexes = [
            models.Index(fields=["state", "closes_at"], name="poll_by_state"),
            models.Index(fields=["owner_kind", "owner_id"], name="poll_by_owner"),
        ]
        constraints = [
            models.CheckConstraint(name="poll_state_is_known", condition=Q(state__in=PollState.values)),
            models.CheckConstraint(
                name="poll_open_is_frozen",
                condition=Q(state__in=["draft", "discarded"])
                | (Q(opened_at__isnull=False, electorate_size__gt=0) & ~Q(electorate_sha256="")),
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        if not self._state.adding:
            changed = set(kwargs.get("update_fields") or [field.attname for field in self._meta.concrete_fields])
            stands = Poll.objects.filter(pk=self.pk).values_list("state", flat=True).first()
            if stands != PollState.DRAFT and changed - MOVABLE:
                raise Frozen
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise Frozen

    @property
    def definition(self):
        """What is asked, as plain values."""
        text = vars(self).get("definition_text")  # where a voter's poll was read, see queries
        if text is not None:
            return definition_in(self.definition_sha256, text)
        return known_definition(self.definition_sha256, self.definition_json)

    @property
    def number(self):
        """The short name of a poll that people say and that minutes carry."""
        return self.pk.hex[:8].upper()

    def is_open(self, at):
        """Whether ballots are taken at a moment."""
        return self.state == PollState.OPEN and at < self.closes_at


class FrozenModel(models.Model):
    """Rows that are written once; what an operation may change of them it changes by SQL that the triggers know."""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Frozen
        super().save(*args, force_insert=True, using=kwargs.get("using"))

    def delete(self, *args, **kwargs):
        raise Frozen


class Elector(FrozenModel):
    """Somebody who may vote in one poll, as frozen at its opening."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="electors")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    group = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="elector_once")]


class Participation(FrozenModel):
    """
    That an elector has taken part; the insert is the check.

    The elector is the key, so that there is no serial and no second row; what
    was voted stands elsewhere and shares nothing with it.
    """

    elector = models.OneToOneField(Elector, models.PROTECT, primary_key=True, related_name="participation")
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="+")


class Ballot(FrozenModel):
    """A sealed ballot: no time, no serial, no way to anybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="ballots")
    group = models.CharField(max_length=20, blank=True)
    ciphertext = models.BinaryField()
    tracker = models.CharField(max_length=10)


class PaperIssue(FrozenModel):
    """That an elector was handed a ballot on paper, and so takes part no other way; papers bear no mark of anybody."""

    elector = models.OneToOneField(Elector, models.PROTECT, primary_key=True, related_name="paper")
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="papers_issued")


class PaperEntry(models.Model):
    """
    One person's reading of a paper from the box, between closing and count; the count takes it away.

    ``number`` was written on the paper after all were mixed. Two people read
    each paper; a scrutineer has the third look where they differ. Answers that
    are empty say that the paper is void as a whole, None that one question is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="paper_entries")
    number = models.PositiveSmallIntegerField()
    turn = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "paper entries"
        ordering = ("number", "turn")
        constraints = [
            models.UniqueConstraint(fields=["poll", "number", "turn"], name="paper_turn_once"),
            models.UniqueConstraint(fields=["poll", "number", "by"], name="paper_read_by_different_people"),
            models.CheckConstraint(name="paper_turn_of_three", condition=Q(turn__in=[1, 2, 3])),
            models.CheckConstraint(name="paper_number_from_one", condition=Q(number__gte=1)),
        ]


class PaperScan(FrozenModel):
    """The scanned papers of a poll, the legal record beside the numbers."""

    poll = models.OneToOneField(Poll, models.PROTECT, primary_key=True, related_name="scan")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()


class PrintedCode(FrozenModel):
    """The hash of a code that somebody will draw from the box; nobody knows who drew which."""

    hash = models.CharField(max_length=64, primary_key=True)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="codes")
    batch = models.PositiveSmallIntegerField()  # the sheet that the code was printed on
    group = models.CharField(max_length=20, blank=True, default="")  # whose slips the sheet has; nobody is named
    is_used = models.BooleanField(default=False)
    is_voided = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["poll", "batch"], name="code_by_batch")]
        constraints = [models.CheckConstraint(name="code_used_or_voided", condition=~Q(is_used=True, is_voided=True))]


class Scrutineer(FrozenModel):
    """One of three people who open the box (监票人); the share's public half stands here until the count."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="scrutineers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    seat = models.PositiveSmallIntegerField()
    share_key = models.BinaryField(default=bytes)

    class Meta:
        ordering = ("seat",)
        constraints = [
            models.UniqueConstraint(fields=["poll", "person"], name="scrutineer_once"),
            models.UniqueConstraint(fields=["poll", "seat"], name="scrutineer_seat_once"),
            models.CheckConstraint(name="scrutineer_seat_of_three", condition=Q(seat__in=[1, 2, 3])),
        ]

    @property
    def has_share(self):
        return len(self.share_key) > 0


class KeyBlob(FrozenModel):
    """The poll's private key, shut for two scrutineers; overwritten and deleted by the count."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="blobs")
    outer = models.PositiveSmallIntegerField()
    inner = models.PositiveSmallIntegerField()
    blob = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "outer", "inner"], name="blob_once"),
            models.CheckConstraint(name="blob_in_order", condition=Q(outer__lt=F("inner"))),
        ]


class Result(FrozenModel):
    """What one count came to: once, whole, and never changed."""

    poll = models.OneToOneField(Poll, models.PROTECT, primary_key=True, related_name="result")
    issued = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    valid = models.PositiveIntegerField()
    void = models.PositiveIntegerField()
    taken_part = models.PositiveIntegerField()
    paper_issued = models.PositiveIntegerField(null=True)  # where some voted on paper
    paper_returned = models.PositiveIntegerField(null=True)
    is_void = models.BooleanField()
    questions = models.JSONField()
    answers = models.JSONField()  # {question: [[answer, how often], …]}, each question sorted for itself
    trackers = models.JSONField()
    sha256 = models.CharField(max_length=64)
