"""Motions: the promise to examine them, the channel of their inquiries, the sentences of their acts, notices."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.deadlines.kinds import Kind, register_kind
from portal.deadlines.ladders import Ladder, Rung
from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .. import channels, numbers
from ..enums import MotionState, RejectionReason
from ..models.motions import number_said
from ..operations.motion_replies import guard_approval, guard_draft, hear_delivered, hear_drafted
from .shared import subject_url, titled, url_of

REVIEW = Ladder(
    "motion_review",
    (
        Rung("yellow", -5, Role.UNION_OFFICER),
        Rung("due", 0, Role.UNION_OFFICER, True),
        Rung("red", 1, Role.UNION_CHAIR, True),
    ),
    weekly=Role.UNION_CHAIR,
    yellow_days=5,
)


def register_kinds():
    register_kind(
        Kind(
            code="motion.review",
            label=_("examine all motions"),
            opening=_("motions are called for"),
            rule="on:2000-01-01",
            rule_key=numbers.REVIEW_DAYS,
            ladder=REVIEW,
            subject_url=subject_url,
        )
    )
    channels.register_motions(
        guards={"drafted": guard_draft, "approved": guard_approval},
        hears={"drafted": hear_drafted, "delivered": hear_delivered},
    )


def _number_words(code):
    """Return a motion's number as its page shows it; entries of before the number was kept whole have the serial."""
    parts = str(code).split("-")
    return number_said(*map(int, parts)) if len(parts) == 3 else _("no. %(serial)s") % {"serial": code}


def register_verbs():
    union, committee = _("union"), _("motion committee")
    delegates, group = _("the proposers"), _("delegation")
    rejections = {"rejection": lambda code: RejectionReason(code).label}
    passed = {"passed": lambda code: _("passed on") if code else _("back to be rewritten")}
    handed_in = {"by": delegates, "words": {"serial": _number_words}}
    checked = {"passed": lambda code: _("passed") if code else _("sent back")}
    register_verb(
        "motion_call.opened",
        _("motions called for from %(since)s to %(until)s; %(least)s seconders each"),
        is_public=True,
        by=union,
    )
    for code, sentence, options in (
        ("motion.handed_in", _("handed in as %(serial)s with %(seconders)s seconders"), handed_in),
        ("motion.filed", _("filed"), {"by": committee}),
        ("motion.merged", _("merged into another motion"), {"by": committee}),
        ("motion.converted", _("converted to a suggestion"), {"by": committee}),
        ("motion.rejected", _("not filed: %(rejection)s"), {"by": committee, "words": rejections}),
        ("motion.escalated", _("raised to a bill of the congress"), {"by": committee}),
        ("motion.withdrawn", _("withdrawn"), {"by": delegates}),
        ("motion.group_reviewed", _("delegation: %(passed)s"), {"by": group, "words": passed}),
        ("motion.passed_on", _("passed on to the committee: the call is over"), {}),
        ("motion.checked", _("reply checked: %(passed)s"), {"by": committee, "words": checked}),
        ("motion.named_best", _("chosen as one of the best motions"), {"by": committee}),
        ("motion.archived", _("archived"), {"by": union}),
    ):
        register_verb(code, sentence, is_public=True, **options)
    for code, sentence in (
        ("motion.drafted", _("draft begun")),
        ("motion.edited", _("draft changed")),
        ("motion.discarded", _("draft thrown away")),
        ("motion.invited", _("%(count)s delegates asked to second")),
        ("motion.seconded", _("seconded; %(count)s have signed")),
        ("motion.declined", _("declined to second")),
        ("motion.unsigned", _("signature taken back; %(count)s have signed")),
        ("motion.taken_back", _("taken back to be rewritten")),
        ("motion.rated", _("reply of round %(round)s rated by a signer")),
        ("motion_offer.brought", _("a matter brought to a delegate")),
        ("motion_offer.adopted", _("taken up by the delegate")),
        ("motion_offer.declined", _("not taken up by the delegate")),
        ("motion_offer.taken_back", _("taken back by who brought it")),
    ):
        register_verb(code, sentence, by=delegates)


def register_notices():
    def decided(facts):
        return str(_("“%(title)s”: the committee has decided (%(outcome)s)")) % {
            "title": facts["title"],
            "outcome": MotionState(facts["outcome"]).label,
        }

    def group_answered(facts):
        if facts.get("passed") is False:
            return str(_("“%(title)s” comes back from the delegation to be rewritten")) % facts
        return str(_("The delegation has looked at “%(title)s”")) % facts

    register_notice("motion.decided", title=decided, url=url_of, label=_("motion decided on"))
    register_notice("motion.group_answered", title=group_answered, url=url_of)
    for code, sentence, label in (
        ("motion_call.opened", _("Motions for the congress are called for until %(until)s"), _("call for motions")),
        ("motion.invited", _("%(name)s asks you to second “%(title)s”"), _("asked to second a motion")),
        ("motion.seconded", _("%(name)s has seconded your motion"), _("motion seconded")),
        ("motion.unsigned", _("%(name)s has taken the signature under your motion back"), ""),
        ("motion.withdrawn", _("%(name)s has withdrawn “%(title)s”"), ""),
        ("motion.group_asked", _("“%(title)s” waits for your delegation’s opinion"), ""),
        ("motion.escalated", _("“%(title)s” has been raised to a bill: put it on the agenda"), ""),
        ("motion.check_asked", _("A reply to “%(title)s” waits to be checked"), _("reply to be checked")),
        ("motion.answered", _("“%(title)s” has been replied to; please rate the reply"), _("motion replied to")),
        ("motion.named_best", _("“%(title)s” is one of the best motions"), ""),
        ("motion_offer.brought", _("A colleague brings you a matter: “%(title)s”"), _("matter brought to a delegate")),
        ("motion_offer.answered", _("Your delegate has answered on “%(title)s”"), ""),
    ):
        register_notice(code, title=titled(sentence), url=url_of, label=label)
