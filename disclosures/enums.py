"""Kinds, steps and the transition table of what must be shown; stored values are never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    DUE = "due", _("due")
    DONE = "done", _("done in time")
    LATE = "late", _("done late")
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


class BriefingState(models.TextChoices):
    """Where a briefing (厂情发布会) stands; whether its time has come is a comparison with the clock."""

    PLANNED = "planned", _("announced")
    HELD = "held", _("held, minutes to come")
    MINUTED = "minuted", _("minutes published")
    CANCELLED = "cancelled", _("cancelled")


BRIEFING_TRANSITIONS = {
    BriefingState.PLANNED: {BriefingState.HELD, BriefingState.CANCELLED},
    BriefingState.HELD: {BriefingState.MINUTED},
    BriefingState.MINUTED: set(),
    BriefingState.CANCELLED: set(),
}


class AttendanceGroup(models.TextChoices):
    """Who comes to a briefing; only how many of each are counted."""

    DELEGATES = "delegates", _("workers' delegates")
    MANAGERS = "managers", _("managers")
    CADRES = "cadres", _("cadres")
    WORKERS = "workers", _("workers")
    OTHER = "other", _("others")


class BulletinState(models.TextChoices):
    """Where an issue of the union's bulletin stands; an issued one is corrected by a later one, never changed."""

    DRAFT = "draft", _("being compiled")
    SUBMITTED = "submitted", _("with the union chair")
    ISSUED = "issued", _("issued")
    DISCARDED = "discarded", _("discarded")


B = BulletinState
BULLETIN_TRANSITIONS = {
    B.DRAFT: {B.SUBMITTED, B.DISCARDED},
    B.SUBMITTED: {B.ISSUED, B.DRAFT},
    B.ISSUED: set(),
    B.DISCARDED: set(),
}


class EntryKind(models.TextChoices):
    """What a part of the bulletin is."""

    REPLY = "reply", _("replies to workers")
    PUBLICATION = "publication", _("disclosures")
    NOTICE = "notice", _("public notices")
    FIGURES = "figures", _("figures")
    TEXT = "text", _("own texts")


class ConsultationState(models.TextChoices):
    """Where a consultation before a decision (征求意见) stands; whether it is over is a comparison with the clock."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("open to opinions")
    CLOSED = "closed", _("over, answers due")
    ANSWERED = "answered", _("answered, report due")
    DECIDED = "decided", _("decided and reported")
    ABANDONED = "abandoned", _("abandoned")


CONSULTATION_TRANSITIONS = {
    ConsultationState.DRAFT: {ConsultationState.OPEN, ConsultationState.ABANDONED},
    ConsultationState.OPEN: {ConsultationState.CLOSED, ConsultationState.ABANDONED},
    ConsultationState.CLOSED: {ConsultationState.ANSWERED, ConsultationState.ABANDONED},
    ConsultationState.ANSWERED: {ConsultationState.DECIDED, ConsultationState.ABANDONED},
    ConsultationState.DECIDED: set(),
    ConsultationState.ABANDONED: set(),
}


class Stance(models.TextChoices):
    """What somebody thinks of a clause."""

    CHANGE = "change", _("should be changed")
    AGREE = "agree", _("agree")
    AGAINST = "against", _("against")


class OpinionMode(models.TextChoices):
    """How somebody speaks: with the account, or under a nickname behind which nobody is stored."""

    NAMED = "named", _("named")
    NICKNAME = "nickname", _("nickname")


class GroupOutcome(models.TextChoices):
    """What became of a group of opinions."""

    ADOPTED = "adopted", _("adopted")
    PARTLY = "partly", _("adopted in part")
    NOT_ADOPTED = "not_adopted", _("not adopted")


class Orientation(models.TextChoices):
    """How a display board hangs."""

    LANDSCAPE = "landscape", _("landscape")
    PORTRAIT = "portrait", _("portrait")


class BoardState(models.TextChoices):
    """How a display board is doing at a moment; never stored."""

    NEW = "new", _("not started yet")
    SHOWING = "showing", _("showing")
    RESTING = "resting", _("outside its hours")
    SILENT = "silent", _("silent")
    RETIRED = "retired", _("taken down")


class CommitmentKind(models.TextChoices):
    """What leaders sign each year: with the level above, or alone."""

    LETTER = "letter", _("responsibility letter for clean government")
    PLEDGE = "pledge", _("pledge of clean conduct")


class RoundState(models.TextChoices):
    """Where a year's round of signing stands."""

    DRAFT = "draft", _("being prepared")
    OPEN = "open", _("open for signing")
    CLOSED = "closed", _("closed at the end of the year")


ROUND_TRANSITIONS = {
    # A round that nobody opened ends with its year all the same; that it was missed stays recorded.
    RoundState.DRAFT: {RoundState.OPEN, RoundState.CLOSED},
    RoundState.OPEN: {RoundState.CLOSED},
    RoundState.CLOSED: set(),
}


class Party(models.TextChoices):
    """On which side somebody signs."""

    UPPER = "upper", _("for the level above")
    LOWER = "lower", _("for the own unit")
    OWN = "own", _("for oneself")


class MajorKind(models.TextChoices):
    """三重一大: what must be decided together."""

    DECISION = "decision", _("major decision")
    PERSONNEL = "personnel", _("appointment or removal of important cadres")
    PROJECT = "project", _("arrangement of a major project")
    FUNDS = "funds", _("use of large funds")


class Meeting(models.TextChoices):
    """Where a major matter was decided."""

    PARTY = "party", _("party committee")
    BOARD = "board", _("board of directors")
    MANAGERS = "managers", _("managers' meeting")
    CONGRESS = "congress", _("workers' congress")


class MajorState(models.TextChoices):
    """Whether a decision of the register is public."""

    WAITING = "waiting", _("waiting to be made public")
    PUBLIC = "public", _("public")
    DECLINED = "declined", _("not taken into the register")


MAJOR_TRANSITIONS = {
    MajorState.WAITING: {MajorState.PUBLIC, MajorState.DECLINED},
    MajorState.PUBLIC: set(),
    MajorState.DECLINED: set(),
}


class Execution(models.TextChoices):
    """How far a decision has been carried out."""

    PLANNED = "planned", _("planned")
    UNDER_WAY = "under_way", _("under way")
    DELAYED = "delayed", _("delayed")
    DONE = "done", _("carried out")
    STOPPED = "stopped", _("stopped")


EXECUTION_TRANSITIONS = {
    Execution.PLANNED: {Execution.PLANNED, Execution.UNDER_WAY, Execution.DELAYED, Execution.DONE, Execution.STOPPED},
    Execution.UNDER_WAY: {Execution.UNDER_WAY, Execution.DELAYED, Execution.DONE, Execution.STOPPED},
    Execution.DELAYED: {Execution.UNDER_WAY, Execution.DELAYED, Execution.DONE, Execution.STOPPED},
    # What was entered too early is put right by another entry, and is owed again.
    Execution.DONE: {Execution.UNDER_WAY},
    Execution.STOPPED: {Execution.UNDER_WAY},
}
FINISHED = (Execution.DONE, Execution.STOPPED)


class DutyRole(models.TextChoices):
    """The four responsibilities (domain.md §9)."""

    FIRST = "first", _("first responsible person")
    EXECUTIVE = "executive", _("executive")
    SUPERVISOR = "supervisor", _("supervisor")
    EVALUATOR = "evaluator", _("evaluator")


class RegulationKind(models.TextChoices):
    """What stands in the library: a regulation (制度) or a process flow (流程)."""

    RULE = "rule", _("regulation")
    FLOW = "flow", _("process flow")


class RegulationCategory(models.TextChoices):
    """What a regulation or flow is about."""

    PRODUCTION = "production", _("production")
    SAFETY = "safety", _("safety and environment")
    EQUIPMENT = "equipment", _("equipment")
    QUALITY = "quality", _("quality")
    PERSONNEL = "personnel", _("human resources")
    PAY = "pay", _("pay and benefits")
    FINANCE = "finance", _("finance")
    PURCHASING = "purchasing", _("materials and purchasing")
    CONSTRUCTION = "construction", _("construction")
    PARTY = "party", _("party and mass work")
    DEMOCRACY = "democracy", _("democratic management")
    GENERAL = "general", _("general administration")


class RegulationAct(models.TextChoices):
    """What an approved row does from its first day on: it puts a text in force, or repeals."""

    TEXT = "text", _("text")
    REPEAL = "repeal", _("repeal")


class RegulationState(models.TextChoices):
    """How far a version has come; whether it is in force is a comparison with the clock."""

    DRAFT = "draft", _("draft")
    WAITING = "waiting", _("waiting for approval")
    APPROVED = "approved", _("approved")
    DISCARDED = "discarded", _("discarded")


REGULATION_TRANSITIONS = {
    RegulationState.DRAFT: {RegulationState.WAITING, RegulationState.DISCARDED},
    RegulationState.WAITING: {RegulationState.APPROVED, RegulationState.DRAFT},
    RegulationState.APPROVED: set(),
    RegulationState.DISCARDED: set(),
}
