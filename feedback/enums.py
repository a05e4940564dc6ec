"""States, kinds and the transition table of an inquiry; stored values are never renamed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdentityMode(models.TextChoices):
    """Who may learn who wrote (trust A4, T2)."""

    NAMED = "named", _("named")
    CONFIDENTIAL = "confidential", _("confidential")
    ANONYMOUS = "anonymous", _("anonymous")


class InquiryKind(models.TextChoices):
    """What the author wants."""

    SUGGESTION = "suggestion", _("suggestion")
    QUESTION = "question", _("question")
    COMPLAINT = "complaint", _("complaint")
    HELP = "help", _("request for help")
    RETALIATION = "retaliation", _("report of retaliation")


class Topic(models.TextChoices):
    """The line of business, by which a matter finds its department."""

    SAFETY = "safety", _("safety and labour protection")
    PAY = "pay", _("pay and assessment")
    LIVING = "living", _("canteen, housing, transport")
    PRODUCTION = "production", _("production and equipment")
    TRAINING = "training", _("training and titles")
    RULES = "rules", _("rules and management")
    CONDUCT = "conduct", _("style of work and integrity")
    OTHER = "other", _("other matters")


class InquiryState(models.TextChoices):
    """Where a matter stands; late is never a state but a comparison with the clock."""

    SUBMITTED = "submitted", _("waiting to be registered")
    REGISTERED = "registered", _("registered, to be assigned")
    ASSIGNED = "assigned", _("being handled")
    NEGOTIATING = "negotiating", _("plan being negotiated")
    DRAFTED = "drafted", _("reply awaiting approval")
    APPROVED = "approved", _("reply awaiting delivery")
    ANSWERED = "answered", _("answered, awaiting your rating")
    TRACKED = "tracked", _("answered, promise being tracked")
    CLOSED = "closed", _("closed")
    MERGED = "merged", _("merged into another")


S = InquiryState
TRANSITIONS = {
    S.SUBMITTED: {S.REGISTERED, S.MERGED},
    # An approved return brings a matter back to registered.
    S.REGISTERED: {S.ASSIGNED, S.MERGED},
    S.ASSIGNED: {S.REGISTERED, S.NEGOTIATING, S.DRAFTED, S.MERGED},
    S.NEGOTIATING: {S.ASSIGNED, S.DRAFTED},
    S.DRAFTED: {S.ASSIGNED, S.APPROVED},
    S.APPROVED: {S.ANSWERED},
    # The two lowest ratings send it round again; B and C outcomes stay tracked until their day.
    S.ANSWERED: {S.CLOSED, S.TRACKED, S.ASSIGNED},
    S.TRACKED: {S.DRAFTED, S.ASSIGNED},
    # A rating may come after the window has closed the matter.
    S.CLOSED: {S.ASSIGNED},
    # Every sender of a merged matter is answered with the one it was merged into.
    S.MERGED: {S.REGISTERED, S.ANSWERED},
}
OPEN_STATES = (S.SUBMITTED, S.REGISTERED, S.ASSIGNED, S.NEGOTIATING, S.DRAFTED, S.APPROVED, S.MERGED)
WORKING_STATES = (S.ASSIGNED, S.NEGOTIATING, S.DRAFTED, S.APPROVED, S.TRACKED)
RATEABLE_STATES = (S.ANSWERED, S.TRACKED, S.CLOSED)


class Route(models.TextChoices):
    """Whose hands a matter is in."""

    ORDINARY = "ordinary", _("union and departments")
    DISCIPLINE = "discipline", _("discipline inspection")


class Outcome(models.TextChoices):
    """What came of it (A/B/C/D as in congress practice, domain.md §4.2)."""

    SOLVED = "A", _("A solved")
    PLANNED = "B", _("B planned with a date")
    LATER = "C", _("C not now, to be looked at again")
    REFERENCE = "D", _("D kept for reference")


class DeliveryChannel(models.TextChoices):
    """How an answer reached the workers; only these count (seed: 一个月之内必须…向职工进行答复)."""

    STAFF_MEETING = "staff_meeting", _("general meeting of staff")
    DISPATCH_MEETING = "dispatch_meeting", _("dispatch meeting")
    UNION_CHAIR_MEETING = "union_chair_meeting", _("regular meeting of union chairs")
    UNION_BULLETIN = "union_bulletin", _("union bulletin")
    PORTAL = "portal", _("this portal")
    PERSONAL = "personal", _("in person")


class RatingLevel(models.IntegerChoices):
    """Five levels, as workers know them from the hotline (五级满意度)."""

    VERY_SATISFIED = 5, _("very satisfied")
    SATISFIED = 4, _("satisfied")
    FAIR = 3, _("fairly satisfied")
    DISSATISFIED = 2, _("dissatisfied")
    VERY_DISSATISFIED = 1, _("very dissatisfied")


class AssignmentRole(models.TextChoices):
    LEAD = "lead", _("lead department")
    ASSIST = "assist", _("assisting department")


class HidingReason(models.TextChoices):
    """Why a matter is hidden; the class is public, the matter keeps its number."""

    PRIVACY = "privacy", _("privacy of others")
    SECRECY = "secrecy", _("business or work secret")
    INSULT = "insult", _("insult or slander")
    SAFETY = "safety", _("safety of the author")


class RedactionReason(models.TextChoices):
    """Why words were taken out of the text that others read."""

    IDENTITY = "identity", _("would name the author")
    PRIVACY = "privacy", _("privacy of others")
    SECRECY = "secrecy", _("business or work secret")
    INSULT = "insult", _("insult or slander")
    WORDING = "wording", _("slips of the pen; the sense stays")


class ReplyState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("awaiting approval")
    APPROVED = "approved", _("approved")
    DELIVERED = "delivered", _("delivered")
