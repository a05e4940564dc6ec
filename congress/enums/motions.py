"""Motions: what they are about, where they stand until they are filed, what became of them (domain.md §4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MotionCategory(models.TextChoices):
    """The line of business, as rules on motions list it (domain.md §4.3)."""

    PRODUCTION = "production", _("production and operation")
    REFORM = "reform", _("reform and management")
    SAFETY = "safety", _("safety, environment and labour protection")
    PAY = "pay", _("pay and distribution")
    RULES = "rules", _("rules and regulations")
    LIVING = "living", _("welfare and logistics")
    TRAINING = "training", _("education and training")
    CULTURE = "culture", _("enterprise culture")
    CONDUCT = "conduct", _("staff ranks and style of work")


# By the value of feedback.enums.Topic: under which line of business the inquiry of a filed motion runs.
TOPIC_OF = {
    MotionCategory.PRODUCTION: "production",
    MotionCategory.REFORM: "rules",
    MotionCategory.SAFETY: "safety",
    MotionCategory.PAY: "pay",
    MotionCategory.RULES: "rules",
    MotionCategory.LIVING: "living",
    MotionCategory.TRAINING: "training",
    MotionCategory.CULTURE: "other",
    MotionCategory.CONDUCT: "conduct",
}


class MotionState(models.TextChoices):
    """Where a motion stands; how a filed one is handled is the state of its inquiry."""

    DRAFT = "draft", _("draft")
    SECONDING = "seconding", _("being seconded")
    GROUP_REVIEW = "group_review", _("with the delegation")
    SUBMITTED = "submitted", _("handed in, to be examined")
    FILED = "filed", _("filed")
    MERGED = "merged", _("merged into another")
    CONVERTED = "converted", _("converted to a suggestion")
    REJECTED = "rejected", _("not filed")
    ESCALATED = "escalated", _("raised to a bill")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ARCHIVED = "archived", _("done and archived")


M = MotionState
MOTION_TRANSITIONS = {
    M.DRAFT: {M.SECONDING},
    # Taken back to be rewritten: whoever had signed signs anew.
    M.SECONDING: {M.DRAFT, M.GROUP_REVIEW, M.SUBMITTED, M.WITHDRAWN},
    M.GROUP_REVIEW: {M.DRAFT, M.SUBMITTED, M.WITHDRAWN},
    M.SUBMITTED: {M.FILED, M.MERGED, M.CONVERTED, M.REJECTED, M.ESCALATED, M.WITHDRAWN},
    M.FILED: {M.ARCHIVED},
    **{state: set() for state in (M.MERGED, M.CONVERTED, M.REJECTED, M.ESCALATED, M.WITHDRAWN, M.ARCHIVED)},
}
# Only the lead proposer and those who were asked to second know of these.
PRIVATE_STATES = (M.DRAFT, M.SECONDING)
# Everybody may read these; the others are for signers, committee and union.
PUBLIC_STATES = (M.FILED, M.MERGED, M.ESCALATED, M.ARCHIVED)
# Whose reply is owed, or has been given.
FILED_STATES = (M.FILED, M.ARCHIVED)


class MotionOutcome(models.TextChoices):
    """What ends the examination of a motion, once and for all; a withdrawal ends it as well."""

    FILED = "filed", _("file it")
    MERGED = "merged", _("merge it into another motion")
    CONVERTED = "converted", _("convert it to a suggestion")
    REJECTED = "rejected", _("do not file it")
    ESCALATED = "escalated", _("raise it to a bill")
    WITHDRAWN = "withdrawn", _("withdrawn by its proposer")


class RejectionReason(models.TextChoices):
    """Why a motion is not filed (domain.md §4.2)."""

    PERSONAL = "personal", _("personal matter")
    SOLVED = "solved", _("solved already")
    CONDITIONS = "conditions", _("no conditions for now")
    COMPETENCE = "competence", _("outside the enterprise's competence")
    UNLAWFUL = "unlawful", _("against law or policy")
    FORM = "form", _("more than one matter, or incomplete")


class SignatureState(models.TextChoices):
    """Whether somebody who was asked to second a motion has signed."""

    INVITED = "invited", _("asked to second")
    SIGNED = "signed", _("has seconded")
    DECLINED = "declined", _("has declined")
    WITHDRAWN = "withdrawn", _("has taken the signature back")


SIGNATURE_TRANSITIONS = {
    SignatureState.INVITED: {SignatureState.SIGNED, SignatureState.DECLINED},
    SignatureState.SIGNED: {SignatureState.WITHDRAWN, SignatureState.INVITED},
    # Asked again by the proposer.
    SignatureState.DECLINED: {SignatureState.INVITED},
    SignatureState.WITHDRAWN: {SignatureState.INVITED},
}


class MotionRatingLevel(models.IntegerChoices):
    """Three levels, as congress practice has them (domain.md §4.2)."""

    GOOD = 3, _("satisfied")
    FAIR = 2, _("basically satisfied")
    POOR = 1, _("not satisfied")


class OfferState(models.TextChoices):
    """What became of a matter that somebody brought to a delegate."""

    WAITING = "waiting", _("waiting for the delegate")
    ADOPTED = "adopted", _("taken up by the delegate")
    DECLINED = "declined", _("not taken up")
    TAKEN_BACK = "taken_back", _("taken back")


OFFER_TRANSITIONS = {
    OfferState.WAITING: {OfferState.ADOPTED, OfferState.DECLINED, OfferState.TAKEN_BACK},
    **{state: set() for state in (OfferState.ADOPTED, OfferState.DECLINED, OfferState.TAKEN_BACK)},
}
