"""Published texts: drafts, the chain of approval, versions, withdrawal, the public notice."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person, Unit
from portal.files.models import StoredFile

from ..enums import (
    PUBLIC_STATES,
    Audience,
    NoticeOutcome,
    PublicationKind,
    PublicationState,
    Step,
    VersionKind,
    WithdrawalReason,
)
from .catalogue import CatalogueItem, Duty


class PublicationSeries(models.Model):
    """The last public number of a year; adding one is the lock, so that numbers have no gap."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()


class PublicationQuerySet(models.QuerySet):
    def numbered(self):
        """Approved at some time: what is, was or will be shown, withdrawn ones with their tombstone."""
        return self.filter(serial__isnull=False)

    def appeared(self, at):
        """Those whose moment has come, shown now or once; a comparison, not a state."""
        return self.numbered().filter(publish_at__lte=at)

    def on_show(self, at, today):
        """Those on show at a moment: begun, not over, not withdrawn."""
        return self.appeared(at).filter(shown_until__gte=today).exclude(state=PublicationState.WITHDRAWN)


class Publication(models.Model):
    """
    A text on its way to the workers, or shown to them.

    Title, body and the account of the process are the draft's; what was
    published is in versions, which never change. ``shown_until`` is the last
    day on show. A number is given once, when the last approval is there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=14, choices=PublicationKind.choices, default=PublicationKind.ANNOUNCEMENT)
    item = models.ForeignKey(
        CatalogueItem, models.PROTECT, related_name="publications", verbose_name=_("catalogue item")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    department = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, blank=True, related_name="publications")
    year = models.PositiveSmallIntegerField(null=True)
    serial = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=PublicationState.choices, default=PublicationState.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)  # one more each time it is sent back

    title = models.CharField(_("title"), max_length=80)
    body = models.TextField(_("text"))
    basis = models.TextField(_("basis"), blank=True)
    method = models.TextField(_("how it was decided"), blank=True)
    objections_heard = models.TextField(_("objections heard and what became of them"), blank=True)
    audience = models.CharField(_("readers"), max_length=10, choices=Audience.choices, default=Audience.EVERYBODY)
    is_must_read = models.BooleanField(_("must be acknowledged"), default=False)

    wanted_at = models.DateTimeField(_("to appear at"), null=True, blank=True)
    display_days = models.PositiveSmallIntegerField(_("days on show"))
    publish_at = models.DateTimeField(null=True)
    shown_until = models.DateField(null=True)

    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    # Keys of all others who have changed the draft: nobody of them approves it.
    writers = models.JSONField(null=True, editable=False)
    submitted_at = models.DateTimeField(null=True)
    is_forced = models.BooleanField(default=False)
    force_reason = models.CharField(max_length=300, blank=True)
    forced_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    archive_no = models.CharField(max_length=40, blank=True)
    idempotency_key = models.UUIDField(unique=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="publication_number_is_unique"),
            models.CheckConstraint(
                name="publication_public_has_number",
                condition=Q(state__in=PUBLIC_STATES, serial__isnull=False, publish_at__isnull=False)
                | (~Q(state__in=PUBLIC_STATES) & Q(serial__isnull=True)),
            ),
            models.CheckConstraint(
                name="publication_forced_has_reason", condition=Q(is_forced=False) | ~Q(force_reason="")
            ),
        ]
        indexes = [
            models.Index(fields=["-publish_at", "-id"], name="publication_newest", condition=Q(serial__isnull=False)),
            models.Index(
                fields=["unit", "-publish_at", "-id"], name="publication_by_unit", condition=Q(serial__isnull=False)
            ),
            models.Index(
                fields=["item", "-publish_at", "-id"], name="publication_by_item", condition=Q(serial__isnull=False)
            ),
            models.Index(fields=["state", "drafted_at", "id"], name="publication_by_state"),
            # Of all there ever was, a board looks at what is on show only.
            models.Index(fields=["shown_until"], name="publication_by_end", condition=Q(serial__isnull=False)),
        ]

    def __str__(self):
        return self.number or self.title

    @property
    def number(self):
        """The public number in addresses, such as 2026-0042; empty before it has one."""
        return f"{self.year}-{self.serial:04d}" if self.serial else ""

    @property
    def owner(self):
        """The unit that prepares: the department, or the unit itself."""
        return self.department or self.unit

    @property
    def times_masked(self):
        """How often personal data in it have been masked; only the last masking is shown."""
        return sum(version.kind == VersionKind.MASKED for version in self.versions.all())

    @property
    def shown_files(self):
        """The attachments that everybody reads: those that name somebody go with the masking."""
        return [row for row in self.files.all() if row.masked_at is None]

    def is_written_by(self, user):
        """Whether the person drafted the text or has changed the draft."""
        return user.pk == self.drafted_by_id or str(user.pk) in (self.writers or ())


class Version(models.Model):
    """A text as it was shown from a moment on; nothing in it ever changes."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=VersionKind.choices, default=VersionKind.ORIGINAL)
    title = models.CharField(max_length=80)
    body = models.TextField()
    basis = models.TextField(blank=True)
    method = models.TextField(blank=True)
    objections_heard = models.TextField(blank=True)
    note = models.CharField(_("what was changed and why"), max_length=300, blank=True)
    fingerprint = models.CharField(max_length=64)
    shown_from = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("publication", "number")
        constraints = [
            models.UniqueConstraint(fields=["publication", "number"], name="version_is_unique"),
            models.CheckConstraint(
                name="version_changes_are_noted", condition=Q(kind=VersionKind.ORIGINAL) | ~Q(note="")
            ),
        ]


class Correction(models.Model):
    """A wish to correct a published text; another person lets it be shown, or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="corrections")
    title = models.CharField(max_length=80)
    body = models.TextField()
    note = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication"], condition=Q(is_granted__isnull=True), name="one_correction_waits"
            ),
            models.CheckConstraint(
                name="correction_by_another", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
        ]


class Withdrawal(models.Model):
    """A wish to take a published text down; takes two people and a reason that is public."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="withdrawals")
    reason_code = models.CharField(max_length=12, choices=WithdrawalReason.choices)
    reason = models.CharField(max_length=300)
    is_early = models.BooleanField()  # before the shortest display was over
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication"], condition=Q(is_granted__isnull=True), name="one_withdrawal_waits"
            ),
            models.CheckConstraint(
                name="withdrawal_by_another", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
        ]


class Approval(models.Model):
    """One signature of the approval slip (公开审批表): who, when, yes or back, with what words."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=10, choices=Step.choices)
    is_granted = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("publication", "round", "id")
        constraints = [
            # Two approvers at once make one signature.
            models.UniqueConstraint(fields=["publication", "round", "step"], name="approval_is_given_once"),
        ]


class PublicationFile(models.Model):
    """An attachment or picture; those of a published text stay for good."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    # What a picture shows, for those who do not see it; a word on any other file. Of pictures it is demanded.
    caption = models.CharField(max_length=80, blank=True)
    removed_at = models.DateTimeField(null=True)  # taken out of a draft; never of a published text
    masked_at = models.DateTimeField(null=True)  # names somebody: since the masking only for who reads it unmasked

    class Meta:
        ordering = ("id",)

    @property
    def is_picture(self):
        return self.file.media_type.startswith("image/")


class AttachedFile(models.Model):
    """
    That a file hangs on a text or a briefing: adding one is the check that it hangs there once.

    A table of its own, because a unique constraint on one that is in use would lock it while it is added.
    """

    subject = models.CharField(max_length=80)  # "disclosures.publication:<uuid>"
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "sha256"], name="file_is_attached_once")]


class Notice(models.Model):
    """
    The public notice (公示) of a publication: about what, for how long, where objections go, what came of it.

    The day of publication does not count. ``workdays`` are those on which the
    page was really up: a recorded gap moves the end.
    """

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="notice", primary_key=True)
    about = models.CharField(_("about whom or what"), max_length=120)
    basis = models.CharField(_("basis of the notice"), max_length=200)
    workdays = models.PositiveSmallIntegerField(_("period in working days"))
    accepted_by = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("objections go to"))
    contact = models.CharField(_("telephone, room, mailbox"), max_length=120)
    outcome = models.CharField(max_length=10, choices=NoticeOutcome.choices, blank=True)
    outcome_note = models.CharField(max_length=300, blank=True)
    outcome_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)  # the last counted day, recorded when the period was found over
    promise = models.OneToOneField("deadlines.Promise", models.PROTECT, null=True, related_name="notice")
    masked_at = models.DateTimeField(null=True)
    # What its own words (texts.NOTICE_WORDS) said before anybody masked them; read by whom the versions of then are.
    unmasked = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="notice_has_days", condition=Q(workdays__gte=1, workdays__lte=60)),
            models.CheckConstraint(
                name="notice_outcome_has_author", condition=Q(outcome="") | Q(outcome_by__isnull=False)
            ),
        ]


class Gap(models.Model):
    """
    Days on which what should have been shown was not: the portal was down, a text was off.

    ``publication`` empty: everything. Both days are within the gap; such days
    do not count towards the period of a notice.
    """

    publication = models.ForeignKey(Publication, models.PROTECT, null=True, related_name="gaps")
    since = models.DateField()
    until = models.DateField()
    code = models.CharField(max_length=12)  # "outage" found by the watch, "reported" by a person
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "since", "code"], name="gap_is_recorded_once"),
            models.UniqueConstraint(
                fields=["since", "code"], condition=Q(publication__isnull=True), name="outage_is_recorded_once"
            ),
            models.CheckConstraint(name="gap_ends_after_start", condition=Q(until__gte=F("since"))),
        ]


__all__ = [
    "Approval",
    "AttachedFile",
    "Correction",
    "Gap",
    "Notice",
    "Publication",
    "PublicationFile",
    "PublicationSeries",
    "Version",
    "Withdrawal",
]
