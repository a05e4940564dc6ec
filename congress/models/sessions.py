"""Sessions (次) of a term: the day, the place, how far they have come."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.kernel.days import local_day

from ..enums import AHEAD, HELD, Proposer, SessionKind, SessionMode, SessionState
from .terms import Term, chinese_number


class SessionQuerySet(models.QuerySet):
    def ahead(self):
        """Those whose delegates have not met yet; cancelled ones are not among them."""
        return self.filter(state__in=AHEAD)

    def held(self):
        """Those that have been opened."""
        return self.filter(state__in=HELD)


class Session(models.Model):
    """
    One session of a term, numbered within it; a number that was cancelled is given again.

    ``opens_at`` is the planned opening and ``closes_on`` the last day planned;
    ``opened_at`` and ``closed_at`` are what happened. ``reason`` is why it was
    postponed or cancelled, ``purpose`` why an extra session was asked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(max_length=8, choices=SessionKind.choices, default=SessionKind.REGULAR)
    proposer = models.CharField(max_length=10, choices=Proposer.choices, blank=True)
    purpose = models.CharField(max_length=300, blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_on = models.DateField(_("until"))
    place = models.CharField(_("place"), max_length=80)
    mode = models.CharField(max_length=8, choices=SessionMode.choices, default=SessionMode.ONSITE)
    state = models.CharField(max_length=10, choices=SessionState.choices, default=SessionState.PLANNED)
    reason = models.CharField(max_length=300, blank=True)
    planned_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    convened_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # The credential report: how many delegates there are in all, vacant seats counted or not; fixed once.
    whole = models.PositiveIntegerField(null=True)
    counts_vacant = models.BooleanField(null=True)
    credentials_at = models.DateTimeField(null=True)
    idempotency_key = models.UUIDField(unique=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ("-opens_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["term", "number"],
                condition=~Q(state=SessionState.CANCELLED),
                name="congress_session_number_is_unique",
            ),
            models.CheckConstraint(
                name="congress_session_held_was_opened",
                condition=~Q(state__in=HELD) | Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="congress_session_closed_has_time",
                condition=~Q(state__in=[SessionState.CLOSED, SessionState.DISCLOSED])
                | Q(closed_at__isnull=False, closed_at__gte=F("opened_at")),
            ),
            models.CheckConstraint(
                name="congress_session_put_off_has_reason",
                condition=~Q(state__in=[SessionState.POSTPONED, SessionState.CANCELLED]) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="congress_session_held_has_credentials",
                condition=~Q(state__in=HELD) | Q(whole__isnull=False),
            ),
            models.CheckConstraint(
                name="congress_extra_session_was_asked_for",
                condition=Q(kind=SessionKind.REGULAR) | (~Q(proposer="") & ~Q(purpose="")),
            ),
        ]
        indexes = [models.Index(fields=["term", "state"], name="congress_session_by_state")]

    def __str__(self):
        return str(self.title)

    @property
    def unit(self):
        """The unit whose congress meets."""
        return self.term.unit

    @property
    def opens_on(self):
        """The plant's day of the opening."""
        return local_day(self.opens_at)

    @property
    def title(self):
        """The session as its pages call it: 启明石化公司第五届职工代表大会第二次会议."""
        is_chinese = (get_language() or "").startswith("zh")
        number = chinese_number(self.number) if is_chinese else self.number
        return _("%(term)s, session %(number)s") % {"term": self.term.title, "number": number}
