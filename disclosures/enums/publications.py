"""Catalogue and publications: kinds, steps, transition table; stored values are never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Section(models.TextChoices):
    """The blocks of the catalogue (domain.md §7.2), by the first letter of an item's code."""

    DECISIONS = "A", _("major decisions")
    OPERATIONS = "B", _("operations and management")
    INTERESTS = "C", _("workers' vital interests")
    SAFETY = "D", _("safety, health and environment")
    CADRES = "E", _("leaders and clean government")
    DEMOCRACY = "F", _("democratic management")


class Frequency(models.TextChoices):
    """How often an item must be disclosed."""

    MONTH = "month", _("monthly")
    QUARTER = "quarter", _("quarterly")
    HALF_YEAR = "half_year", _("half-yearly")
    YEAR = "year", _("yearly")
    EVENT = "event", _("when it happens")


class Timing(models.TextChoices):
    """When in the course of a matter it is disclosed (事前、事中、事后)."""

    BEFORE = "before", _("before the decision")
    DURING = "during", _("while it is carried out")
    AFTER = "after", _("afterwards")


class Scope(models.TextChoices):
    """To whom an item must be shown."""

    COMPANY = "company", _("the whole enterprise")
    UNIT = "unit", _("the unit")
    WORKSHOP = "workshop", _("the workshop")
    AFFECTED = "affected", _("those affected")


class Channel(models.TextChoices):
    """Where an item is shown."""

    PORTAL = "portal", _("this portal")
    BOARD = "board", _("notice board")
    SCREEN = "screen", _("electronic display board")
    CONGRESS = "congress", _("workers' congress")
    MEETING = "meeting", _("meeting")
    BULLETIN = "bulletin", _("union bulletin")


class Opinion(models.TextChoices):
    """Whose opinion personnel and money matters need before the leading group sees them."""

    NONE = "", _("not needed")
    UNION = "union", _("union")
    DISCIPLINE = "discipline", _("discipline inspection")
    BOTH = "both", _("union and discipline inspection")


class PublicationKind(models.TextChoices):
    """What sort of text is shown."""

    ANNOUNCEMENT = "announcement", _("disclosure")
    NOTICE = "notice", _("public notice")


class Audience(models.TextChoices):
    """Who may read a published text."""

    EVERYBODY = "everybody", _("everybody in the local network")
    STAFF = "staff", _("signed-in workers")
    UNIT = "unit", _("workers of the unit")


class PublicationState(models.TextChoices):
    """Where a text stands on its way; whether it is on show is a comparison with the clock."""

    DRAFT = "draft", _("draft")
    HEAD = "head", _("with the department head")
    SECRECY = "secrecy", _("at the secrecy check")
    OPINION = "opinion", _("waiting for opinions")
    GROUP = "group", _("with the leading group")
    SCHEDULED = "scheduled", _("approved, to appear")
    PUBLISHED = "published", _("published")
    EXPIRED = "expired", _("display over")
    ARCHIVED = "archived", _("archived")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DISCARDED = "discarded", _("discarded")


S = PublicationState
TRANSITIONS = {
    # Forcing skips what is left of the chain; it is counted, shown and approved afterwards.
    S.DRAFT: {S.HEAD, S.SCHEDULED, S.DISCARDED},
    S.HEAD: {S.SECRECY, S.DRAFT, S.SCHEDULED},
    S.SECRECY: {S.OPINION, S.GROUP, S.DRAFT, S.SCHEDULED},
    S.OPINION: {S.GROUP, S.DRAFT, S.SCHEDULED},
    S.GROUP: {S.SCHEDULED, S.DRAFT},
    S.SCHEDULED: {S.PUBLISHED, S.WITHDRAWN},
    S.PUBLISHED: {S.EXPIRED, S.WITHDRAWN},
    S.EXPIRED: {S.ARCHIVED, S.WITHDRAWN},
    S.ARCHIVED: set(),
    # Archived or not, a withdrawn text stays withdrawn: whatever hides it looks here.
    S.WITHDRAWN: set(),
    S.DISCARDED: set(),
}
CHAIN = (S.HEAD, S.SECRECY, S.OPINION, S.GROUP)
PREPARING = (S.DRAFT, *CHAIN)
PUBLIC_STATES = (S.SCHEDULED, S.PUBLISHED, S.EXPIRED, S.ARCHIVED, S.WITHDRAWN)


class Step(models.TextChoices):
    """A signature on the approval slip (公开审批表)."""

    HEAD = "head", _("department head")
    SECRECY = "secrecy", _("secrecy check")
    UNION = "union", _("union opinion")
    DISCIPLINE = "discipline", _("opinion of discipline inspection")
    GROUP = "group", _("leading group")
    RATIFY = "ratify", _("approval afterwards")


class VersionKind(models.TextChoices):
    """Why there is another version of a published text."""

    ORIGINAL = "original", _("as published")
    CORRECTION = "correction", _("correction")
    MASKED = "masked", _("personal data masked")


class WithdrawalReason(models.TextChoices):
    """Why a published text is taken down; the reason and the text stay."""

    WRONG = "wrong", _("content wrong, to be published anew")
    SECRECY = "secrecy", _("business or work secret")
    PRIVACY = "privacy", _("privacy of a person")
    SUPERSEDED = "superseded", _("replaced by another publication")
    PROCEDURE = "procedure", _("published without due procedure")


class NoticeOutcome(models.TextChoices):
    """What came of a public notice (公示结果)."""

    NO_OBJECTION = "none", _("no objection")
    UNFOUNDED = "unfounded", _("objections not founded")
    SUSPENDED = "suspended", _("suspended for inquiry")
    CANCELLED = "cancelled", _("cancelled")


class DutyStatus(models.TextChoices):
    """How a duty stands at a moment; never stored."""

    COMING = "coming", _("to come")
    DUE = "due", pgettext_lazy("duty", "due")
    DONE = "done", pgettext_lazy("duty", "done in time")
    LATE = "late", pgettext_lazy("duty", "done late")
    MISSING = "missing", _("due but missing")
    NEVER = "never", _("never done")
    WAIVED = "waived", _("waived")


class FlagReason(models.TextChoices):
    """What the supervisory group finds wrong with a publication."""

    UNTRUE = "untrue", _("untrue")
    INCOMPLETE = "incomplete", _("incomplete")
    LATE = "late", _("late")
    SCOPE = "scope", _("shown to too few")


class OpinionKind(models.TextChoices):
    """What a worker wants with a disclosure, or without one."""

    OPINION = "opinion", _("opinion")
    OBJECTION = "objection", _("objection")
    REQUEST = "request", _("request to disclose")
