"""Display boards (电子显示板): where they hang, what they show when, and what they have shown."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit

from ..enums import Orientation
from .publications import Publication

LEAST_SECONDS, MOST_SECONDS = 12, 20
EVERY_DAY = 0b1111111


class Board(models.Model):
    """
    A screen in a passage, known by the secret of its address; of the secret only a hash is kept.

    Whoever knows the address sees what everybody may see and can say what was
    shown, nothing else; a new address makes the old one unknown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=40)
    place = models.CharField(_("place"), max_length=80)
    orientation = models.CharField(
        _("orientation"), max_length=10, choices=Orientation.choices, default=Orientation.LANDSCAPE
    )
    seconds = models.PositiveSmallIntegerField(
        _("seconds for each card"),
        default=15,
        validators=[MinValueValidator(LEAST_SECONDS), MaxValueValidator(MOST_SECONDS)],
    )
    token_hash = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()
    token_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("unit__path", "name")
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], condition=Q(is_active=True), name="board_name_is_unique"),
            models.CheckConstraint(
                name="board_card_takes_its_time",
                condition=Q(seconds__gte=LEAST_SECONDS, seconds__lte=MOST_SECONDS),
            ),
            models.CheckConstraint(
                name="board_retired_has_time",
                condition=Q(is_active=True, retired_at__isnull=True) | Q(is_active=False, retired_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_portrait(self):
        return self.orientation == Orientation.PORTRAIT


class Playlist(models.Model):
    """
    What a board shows at certain hours: rules that keep themselves up to date, and pinned texts.

    ``weekdays`` has a bit for each day, Monday the lowest; hours from a later to
    an earlier time pass midnight and belong to the day they begin on; equal
    ones are the whole day.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="playlists")
    name = models.CharField(_("name"), max_length=40)
    place = models.PositiveSmallIntegerField(_("order"), default=1)
    weekdays = models.PositiveSmallIntegerField(default=EVERY_DAY)
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    takes_screen = models.BooleanField(_("texts for the electronic display board"), default=True)
    takes_notices = models.BooleanField(_("public notices"), default=True)
    sections = models.JSONField(default=list)
    takes_above = models.BooleanField(_("of the units above"), default=True)
    takes_below = models.BooleanField(_("of the units below"), default=False)
    cards = models.JSONField(default=list)

    class Meta:
        ordering = ("board", "place", "id")
        constraints = [
            models.CheckConstraint(name="playlist_has_a_day", condition=Q(weekdays__gte=1, weekdays__lte=EVERY_DAY)),
        ]

    def __str__(self):
        return self.name


class Pin(models.Model):
    """A text put on a playlist by hand, for some days."""

    playlist = models.ForeignKey(Playlist, models.CASCADE, related_name="pins")
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)  # the last day
    place = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("playlist", "place", "id")
        constraints = [
            models.UniqueConstraint(fields=["playlist", "publication"], name="pinned_once"),
            models.CheckConstraint(
                name="pin_ends_after_start", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]


class Override(models.Model):
    """
    What a board shows before and instead of everything else for some hours: an urgent message, or a text.

    Without a board it is for all boards of the unit and of what lies below it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    board = models.ForeignKey(Board, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=40, blank=True)
    message = models.CharField(max_length=300, blank=True)
    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    idempotency_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("-since", "-id")
        constraints = [
            models.CheckConstraint(
                name="override_shows_one_thing",
                condition=Q(publication__isnull=False, message="")
                | (Q(publication__isnull=True) & ~Q(message="") & ~Q(title="")),
            ),
            models.CheckConstraint(name="override_ends_after_start", condition=Q(until__gt=F("since"))),
        ]
        indexes = [models.Index(fields=["until"], name="override_by_end", condition=Q(ended_at__isnull=True))]


class Pulse(models.Model):
    """When a board last told that it shows something, and which content."""

    board = models.OneToOneField(Board, models.PROTECT, primary_key=True, related_name="pulse")
    last_seen = models.DateTimeField()
    content = models.CharField(max_length=16, blank=True)


class Outage(models.Model):
    """A time in which a board was silent although it should have shown something; open until it is back."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="outages")
    since = models.DateTimeField()  # when it was last heard
    noticed_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-since", "-id")
        constraints = [
            models.UniqueConstraint(fields=["board"], condition=Q(until__isnull=True), name="outage_is_open_once"),
            models.CheckConstraint(
                name="outage_ends_after_start", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]


class Showing(models.Model):
    """Proof of display: how often and how long a board has shown a text on a day; one row, however often."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="+", db_index=False)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")
    day = models.DateField()
    times = models.PositiveIntegerField()
    seconds = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "publication", "day"], name="showing_is_unique"),
        ]
        indexes = [models.Index(fields=["board", "day"], name="showing_by_board")]
