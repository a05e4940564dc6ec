"""Steps of preparing a session; items of its agenda and the procedure that each kind demands."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StepCode(models.TextChoices):
    """What is done for a session, in the order of its days (domain.md §3.4)."""

    MOTIONS = "motions", _("call for motions")
    CREDENTIALS = "credentials", _("review the credentials")
    TOPICS = "topics", _("agree on the topics with the employer")
    PAPERS = "papers", _("send agenda and papers to the delegates")
    AGENDA = "agenda", _("disclose the agenda to all staff")
    DISCUSSION = "discussion", _("let the delegations discuss, collate opinions")
    PREPARATORY = "preparatory", _("hold the preparatory meeting")
    RESULTS = "results", _("make the results public")
    REPORT = "report", _("report to the upper union")


# Promised when the session closes; the others from the day on which it is planned.
AFTER = (StepCode.RESULTS, StepCode.REPORT)
# Met by what is done on the portal, not by a word of the union's.
BY_DEED = (StepCode.CREDENTIALS, StepCode.PAPERS, StepCode.AGENDA, StepCode.RESULTS)


class ItemKind(models.TextChoices):
    """What the congress does with an item (domain.md §3.2)."""

    CONSULT = "consult", _("deliberate and advise")
    APPROVE = "approve", _("deliberate and approve")
    SUPERVISE = "supervise", _("examine and supervise")
    ELECT = "elect", pgettext_lazy("agenda", "elect")
    APPRAISE = "appraise", _("appraise")


class Stage(models.TextChoices):
    """One step of the procedure of an item."""

    REPORT = "report", pgettext_lazy("agenda", "report heard")
    DISCUSS = "discuss", _("delegations discussed it")
    OPINIONS = "opinions", _("opinions recorded and answered")
    QUESTIONS = "questions", _("questions asked and answered")
    FOLLOW_UP = "follow_up", _("follow-up list agreed")
    CANDIDATES = "candidates", _("candidates presented")
    BALLOT = "ballot", _("secret ballot held")
    RATING = "rating", _("secret rating held")


PROCEDURES = {
    ItemKind.CONSULT: (Stage.REPORT, Stage.DISCUSS, Stage.OPINIONS),
    ItemKind.APPROVE: (Stage.REPORT, Stage.DISCUSS, Stage.BALLOT),
    ItemKind.SUPERVISE: (Stage.REPORT, Stage.QUESTIONS, Stage.FOLLOW_UP),
    ItemKind.ELECT: (Stage.CANDIDATES, Stage.BALLOT),
    ItemKind.APPRAISE: (Stage.REPORT, Stage.RATING),
}
# Done by a secret poll whose result is published, never by a word.
BY_POLL = (Stage.BALLOT, Stage.RATING)


class ItemState(models.TextChoices):
    """How far an item of the agenda has come."""

    LISTED = "listed", _("on the agenda")
    RUNNING = "running", _("under discussion")
    TO_VOTE = "to_vote", _("waiting for the vote")
    ADOPTED = "adopted", pgettext_lazy("agenda", "adopted")
    REJECTED = "rejected", pgettext_lazy("agenda", "not adopted")
    NOTED = "noted", _("heard and examined")
    DEFERRED = "deferred", _("sent back to be revised")
    PUT_OFF = "put_off", _("put off, no quorum")
    WITHDRAWN = "withdrawn", _("taken off the agenda")


ITEM_TRANSITIONS = {
    ItemState.LISTED: {ItemState.RUNNING, ItemState.WITHDRAWN, ItemState.PUT_OFF},
    # Items that wait for their vote may be put on one ballot, each with its own question (分项表决).
    ItemState.RUNNING: {ItemState.TO_VOTE, ItemState.NOTED, ItemState.DEFERRED, ItemState.PUT_OFF},
    ItemState.TO_VOTE: {
        ItemState.ADOPTED,
        ItemState.REJECTED,
        ItemState.NOTED,
        ItemState.DEFERRED,
        ItemState.PUT_OFF,
    },
    # What was sent back or put off comes again as a new item.
    **{
        state: set()
        for state in (
            ItemState.ADOPTED,
            ItemState.REJECTED,
            ItemState.NOTED,
            ItemState.DEFERRED,
            ItemState.PUT_OFF,
            ItemState.WITHDRAWN,
        )
    },
}


# Put on the agenda again at a later session.
SENT_BACK = (ItemState.DEFERRED, ItemState.PUT_OFF)


class DeliveryWay(models.TextChoices):
    """How the papers came to a delegate."""

    PORTAL = "portal", _("through the portal")
    PAPER = "paper", _("on paper, by hand")


class JointState(models.TextChoices):
    """Whether the congress has confirmed what the joint meeting decided."""

    WAITING = "waiting", _("waiting for the congress")
    CONFIRMED = "confirmed", _("confirmed by the congress")
    REFUSED = "refused", _("not confirmed")


JOINT_TRANSITIONS = {
    JointState.WAITING: {JointState.CONFIRMED, JointState.REFUSED},
    JointState.CONFIRMED: set(),
    JointState.REFUSED: set(),
}
