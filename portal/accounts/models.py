"""Units, people, appointments, sign-in defence and roster imports."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from .enums import Category, DeviceKind, Gender, ImportState, RequestState, Role, UnitKind


class UnitQuerySet(models.QuerySet):
    def under(self, unit):
        """The unit itself and everything below it, by one index range on the path."""
        return self.filter(path__gte=unit.path, path__lt=unit.path_end)

    def above(self, unit):
        """The unit itself and everything above it."""
        return self.filter(path__in=[unit.path[:end] for end in range(4, len(unit.path) + 1, 4)])

    def active(self):
        return self.filter(is_active=True)


class Unit(models.Model):
    """
    A place in the enterprise: company, secondary unit, office, workshop or team.

    ``path`` holds four digits a level ("000100070002"); an ancestor's path is
    a prefix of its descendants', so that a subtree is one index range from
    ``path`` up to, but without, ``path_end``.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    short_name = models.CharField(_("short name"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=UnitKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=60, unique=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ("path",)

    def __str__(self):
        return self.name

    @property
    def path_end(self):
        """
        The first path behind this subtree.

        Digits only: a mark such as "~" sorts before them in the collations
        that PostgreSQL is usually given, and the range would be empty.
        """
        return f"{self.path[:-4]}{int(self.path[-4:]) + 1:04d}"

    @property
    def depth(self):
        """Levels from the company, which is 1."""
        return len(self.path) // 4

    def covers(self, other):
        """Whether the other unit is this one or below it."""
        return other is not None and other.path.startswith(self.path)


class PersonManager(BaseUserManager):
    def get_by_natural_key(self, job_no):
        return self.get(job_no=job_no)


class Person(AbstractBaseUser):
    """
    Somebody on the roster; signs in with the job number (工号).

    ``session_epoch`` is part of every session's fingerprint: adding one ends
    all sessions of the person at the next request. ``last_login`` is kept to
    the day only, so that it cannot be joined with a ballot or a card (trust A6).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job_no = models.CharField(_("job number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_key = models.CharField(max_length=120, blank=True, db_index=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="people", verbose_name=_("unit"))
    post = models.CharField(_("post"), max_length=40, blank=True)
    category = models.CharField(_("category"), max_length=10, choices=Category.choices, default=Category.FRONTLINE)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender.choices, blank=True)
    phone = models.CharField(_("mobile phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    is_active = models.BooleanField(_("on the roster"), default=True)
    has_to_change_secret = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=10, blank=True)
    is_elder_mode = models.BooleanField(default=False)
    has_seen_welcome = models.BooleanField(default=False)
    wants_mail = models.BooleanField(_("e-mail digest"), default=True)
    notices_read_to = models.DateTimeField(null=True, blank=True)
    ics_token = models.CharField(max_length=64, blank=True, db_index=True)

    USERNAME_FIELD = "job_no"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()

    class Meta:
        ordering = ("job_no",)
        indexes = [models.Index(fields=["unit", "job_no"], name="person_by_unit")]
        constraints = [
            models.CheckConstraint(
                name="person_left_is_inactive", condition=Q(left_on__isnull=True) | Q(is_active=False)
            )
        ]

    def __str__(self):
        return self.name

    def _get_session_auth_hash(self, secret=None):
        # The epoch is hashed in, so that leaving, moving or losing a role ends every session at the next request.
        value = f"{self.password}|{self.session_epoch}|{self.is_active}"
        return salted_hmac("portal.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


class AppointmentQuerySet(models.QuerySet):
    def current(self, at):
        """Those in force at a moment."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)


class Appointment(models.Model):
    """
    A role of a person for a unit and all below it, for a period.

    A deputy's row points to the appointment it stands in for (代理) and always
    has an end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments")
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    deputy_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="deputies")
    granted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ("unit__path", "role", "since")
        indexes = [
            models.Index(fields=["person"], name="appointment_by_person"),
            models.Index(fields=["unit", "role"], name="appointment_by_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_start", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
            models.CheckConstraint(
                name="deputy_has_an_end", condition=Q(deputy_for__isnull=True) | Q(until__isnull=False)
            ),
        ]


class AppointmentRequest(models.Model):
    """
    An appointment that one person has asked for and another one must confirm.

    The auditor watches the administrators, so none of them may choose the
    auditor alone (trust A2, 三权分立).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    until = models.DateTimeField(_("until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.WAITING)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "unit"], condition=Q(state="waiting"), name="request_waits_once"
            ),
            models.CheckConstraint(
                name="request_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")) | Q(state="withdrawn"),
            ),
        ]


class SignInTry(models.Model):
    """Failures of one account from one address, both as a keyed hash; rows are dropped after a day."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    blocked_until = models.DateTimeField(null=True)


class Device(models.Model):
    """A signed-in session as its owner sees it; goes with the session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=DeviceKind.choices)
    label = models.CharField(max_length=80, blank=True)
    # Days, not seconds: a precise time beside an anonymous act would name its author (trust A6).
    signed_in_on = models.DateField()
    expires_on = models.DateField(db_index=True)

    class Meta:
        ordering = ("-signed_in_on", "id")


class RosterImport(models.Model):
    """One uploaded roster: what it would change, what is wrong with it, and what became of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField(max_length=120)
    file_sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="rosters/")
    # Whose people the file lists in full: who is missing from it has left. Null: nobody leaves by this file.
    scope = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    roster_print = models.CharField(max_length=64, blank=True)  # of the roster at the preview
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.RECEIVED)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)  # {"new": n, "changed": n, "left": n, "same": n, "fixed": n}
    changes = models.JSONField(default=list)  # [{"kind", "job_no", "name", "row", "before": {}, "after": {}}]
    faults = models.JSONField(default=list)  # [{"cell", "code", "value"}]
    fixes = models.JSONField(default=list)  # [{"cell", "code", "value", "taken"}]: what was read as meant, not as typed
    uploaded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    committed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    committed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-uploaded_at",)


class RuleValue(models.Model):
    """
    A rule's number as this enterprise, or one of its units, has set it.

    Numbers of the law and of practice are declared in code with their source
    (portal.kernel.rulebook); a row here overrides one from a day on. Rows are
    never changed: a later row wins, and no row touches a promise already made.
    """

    key = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    value = models.IntegerField()
    since = models.DateTimeField()
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ("key", "-since")
        indexes = [models.Index(fields=["key", "since"], name="rulevalue_by_key")]
