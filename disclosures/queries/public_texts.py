"""
A published text with all that its page shows, by one statement; all of it is the key of the page that is kept.

What is not among the fields here would be read while the page is drawn, and
would not be in the key: in tests, asking for it fails (portal.kernel.prepared).
"""

from functools import cached_property, partial

from django.db.models import DateTimeField, OuterRef, PositiveIntegerField, Q

from feedback.enums import Route
from portal.accounts.readers import read_for
from portal.kernel.prepared import Prepared, Row, Rows, Slot, instance_of, instances_of, keep_list
from portal.ledger.columns import SubjectKey
from portal.ledger.history import LONGEST, names_in
from portal.ledger.models import Entry
from portal.ledger.registry import public_verbs

from ..models import (
    Approval,
    Gap,
    Opinion,
    Publication,
    PublicationFile,
    Rectification,
    Showing,
    Version,
    Withdrawal,
)

OPINIONS_SHOWN = 50
UNIT = ("id", "code", "name", "path")
FIELDS = (
    *("id", "kind", "year", "serial", "state", "round", "title", "audience", "is_must_read", "publish_at"),
    *("shown_until", "is_forced", "force_reason", "duty", "drafted_by", "writers"),
    *("item__id", "item__code", "item__title"),
    *(f"{name}__{field}" for name in ("unit", "department") for field in UNIT),
    *(f"notice__{name}" for name in ("publication", "about", "basis", "workdays", "contact")),
    *(f"notice__{name}" for name in ("outcome", "outcome_note", "outcome_at", "closed_on", "masked_at")),
    *("notice__accepted_by__id", "notice__accepted_by__name"),
)
FIELDS_OF = {
    "versions": (
        *("id", "number", "kind", "body", "basis", "method", "objections_heard", "note", "fingerprint", "shown_from"),
        *("by", "approved_by"),
    ),
    "approvals": ("id", "round", "step", "is_granted", "by", "at"),
    "files": ("id", "caption", "file__id", "file__name", "file__size", "file__media_type"),
    "withdrawals": ("id", "reason_code", "reason", "is_early", "decided_at", "is_granted"),
    "gaps": ("id", "publication", "since", "until"),
    "flags": ("id", "reason", "demand", "flagged_at", "done", "is_accepted"),
    "opinions": (
        *("kind", "inquiry__id", "inquiry__year", "inquiry__serial", "inquiry__route", "inquiry__state"),
        *("inquiry__is_published", "inquiry__hidden_class", "inquiry__public_subject", "inquiry__received_on"),
    ),
    "showings": (
        *("id", "day", "seconds", "board__id", "board__name", "board__place"),
        *(f"board__unit__{name}" for name in ("id", "name", "path")),
    ),
    "entries": ("id", "verb", "actor", "at", "is_day_only", "facts"),
}
MODELS = {
    "versions": Version,
    "approvals": Approval,
    "files": PublicationFile,
    "withdrawals": Withdrawal,
    "gaps": Gap,
    "flags": Rectification,
    "opinions": Opinion,
    "showings": Showing,
    "entries": Entry,
}


def _statement():
    number = PositiveIntegerField()
    at = Slot("at", DateTimeField())
    own = {"publication": OuterRef("pk")}
    rows = {
        "versions": Version.objects.filter(**own, shown_from__lte=at).order_by("number"),
        "approvals": Approval.objects.filter(**own).order_by("round", "id"),
        "files": PublicationFile.objects.filter(**own, removed_at__isnull=True, masked_at__isnull=True).order_by("id"),
        "withdrawals": Withdrawal.objects.filter(**own).order_by("asked_at", "pk"),
        # With those of everything: the period of a notice counts neither.
        "gaps": Gap.objects.filter(Q(**own) | Q(publication__isnull=True)).order_by("pk"),
        "flags": Rectification.objects.filter(**own).order_by("flagged_at", "pk"),
        # Of matters of discipline inspection not even the kind.
        "opinions": Opinion.objects.filter(**own, inquiry__route=Route.ORDINARY).order_by(
            "-inquiry__year", "-inquiry__serial"
        )[:OPINIONS_SHOWN],
        "showings": Showing.objects.filter(**own).order_by("day", "pk"),
        "entries": Entry.objects.filter(
            subject=SubjectKey(OuterRef("pk"), model=Publication), verb__in=public_verbs()
        ).order_by("-at", "-id")[:LONGEST],
    }
    return (
        Publication.objects.filter(publish_at__lte=at, year=Slot("year", number), serial=Slot("serial", number))
        .order_by()
        .values_list(Row(*FIELDS), *(Rows(rows[name], *fields) for name, fields in FIELDS_OF.items()))
    )


STATEMENT = Prepared(_statement, by_key=True)


class PublicText:
    """A text as its page shows it; what was read becomes instances when somebody asks for them."""

    def __init__(self, row):
        self._lines = dict(zip(FIELDS_OF, row[1:], strict=True))
        self.publication = instance_of(Publication, FIELDS, row[0])
        self.entries = self._list("entries")[::-1]
        self.names = names_in(self.entries)
        for name in ("versions", "approvals", "files", "withdrawals"):
            keep_list(self.publication, name, partial(self._list, name))
        keep_list(self.publication, "gaps", lambda: [gap for gap in self._gaps if gap.publication_id])
        # All that was read, as plain text.
        self.read = (row, self.names)

    def _list(self, name):
        return instances_of(MODELS[name], FIELDS_OF[name], self._lines[name])

    @cached_property
    def _gaps(self):
        return self._list("gaps")

    @property
    def general_gaps(self):
        """The gaps of everything."""
        return [gap for gap in self._gaps if not gap.publication_id]

    @cached_property
    def flags(self):
        """What the supervisory group has demanded."""
        return self._list("flags")

    @cached_property
    def opinions(self):
        """The opinions, newest first."""
        return self._list("opinions")

    @cached_property
    def showings(self):
        """When which board has shown it, with the boards."""
        return self._list("showings")


def public_text(number, at, user):
    """
    Return the text of a public number that has appeared, or None: by one statement, and one for names it tells.

    For most readers it may have been read within the last second; whoever holds a role has perhaps just acted.
    """
    year, _dash, serial = number.partition("-")

    def read():
        return STATEMENT.rows(at=at, year=int(year), serial=int(serial))

    rows = read_for(user, ("public text", number), read)
    return PublicText(rows[0]) if rows else None
