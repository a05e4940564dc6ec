"""Preparing a session: the promises of its steps, sentences, notices."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.deadlines.kinds import Kind, register_kind
from portal.deadlines.ladders import Ladder, Rung
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .. import numbers
from ..enums import DeliveryWay, ItemKind, StepCode
from .shared import subject_url, titled, url_of

# The union's own work, on the day: its officers first, then the chair.
STEP = Ladder(
    "session_step",
    (
        Rung("yellow", -3, Role.UNION_OFFICER),
        Rung("due", 0, Role.UNION_OFFICER, True),
        Rung("red", 1, Role.UNION_CHAIR, True),
    ),
    weekly=Role.UNION_CHAIR,
    yellow_days=3,
)


def register_kinds():
    closing = {
        StepCode.RESULTS: ("days:3", numbers.RESULTS_DAYS),
        StepCode.REPORT: ("workdays:7", numbers.REPORT_WORKDAYS),
    }
    for code in StepCode:
        rule, key = closing.get(code, ("on:2000-01-01", ""))
        register_kind(
            Kind(
                code=f"session.{code.value}",
                label=code.label,
                opening=_("the session has closed") if key else _("the session is planned"),
                rule=rule,
                rule_key=key,
                ladder=STEP,
                subject_url=subject_url,
            )
        )


def register_verbs():
    union = _("union")
    words = {
        "step": lambda code: StepCode(code).label,
        "kind": lambda code: ItemKind(code).label,
        "way": lambda code: DeliveryWay(code).label,
    }
    for code, sentence in (
        ("congress_session.step_done", _("done: %(step)s")),
        (
            "congress_session.credentials_fixed",
            _("credential report: %(whole)s delegates in all, %(held)s of %(seats)s seats held"),
        ),
        ("congress_session.convened", _("convened for %(on)s: agenda and papers to %(delegates)s delegates")),
        ("congress_session.delivered", _("agenda and papers to %(delegates)s more delegates, %(way)s")),
        ("congress_session.item_withdrawn", _("item %(position)s taken off the agenda")),
        ("joint_decision.recorded", _("decision of the joint meeting of %(on)s recorded: %(kind)s")),
    ):
        register_verb(code, sentence, is_public=True, by=union, words=words)
    for code, sentence in (
        ("congress_session.item_set", _("item %(position)s of the agenda set: %(kind)s")),
        ("congress_session.paper_added", _("paper added, SHA-256 %(sha256)s")),
        ("congress_session.opinion_answered", _("an opinion answered")),
    ):
        register_verb(code, sentence, by=union, words=words)
    register_verb("congress_session.opinion_given", _("an opinion on an item given"), names_actor=True)


def register_notices():
    for code, sentence, label in (
        (
            "congress_session.convened",
            _("You are convened to the session of %(on)s; agenda and papers are here"),
            _("session convened"),
        ),
        ("congress_session.paper_added", _("A paper has been added for the session of %(on)s"), ""),
        ("item_opinion.answered", _("Your opinion on the agenda has been answered"), ""),
    ):
        register_notice(code, title=titled(sentence), url=url_of, label=label)
