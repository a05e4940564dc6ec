"""What this floor tells the others: its verbs, its places, and that a roster must wait while a vote is open."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.accounts.roster.guards import register_roster_guard
from portal.kernel import navigation
from portal.kernel.verdicts import ALLOWED, denied
from portal.ledger.registry import register_verb

from .enums import Grade
from .models import Poll
from .owners import register_owner
from .trials import ORGANISERS, OWNER

HOW = {
    "clock": _("at its time"),
    "complete": _("after everybody had voted"),
    "two_signatures": _("early, with two signatures"),
}


def register():
    """Register everything; called once, when the portal starts."""
    register_owner(OWNER)
    register_roster_guard(no_roster_while_voting)
    words = {"grade": lambda code: Grade(code).label, "how": lambda code: HOW.get(code, code)}
    for code, sentence, is_public in (
        ("poll.drafted", _("vote drawn up: %(grade)s"), False),
        ("poll.share_taken", _("a scrutineer took up a share"), False),
        ("poll.shares_reset", _("all scrutineers' shares called back"), False),
        ("poll.codes_printed", _("%(count)s codes printed for the box"), False),
        ("poll.codes_voided", _("%(count)s codes of sheet %(sheet)s voided"), False),
        ("poll.opened", _("vote opened: %(electors)s may vote"), True),
        ("poll.early_close_signed", _("first signature for closing the vote early"), False),
        ("poll.closed", _("vote closed %(how)s: %(taken_part)s took part"), True),
        ("poll.paper_entered", _("paper %(number)s entered, reading %(turn)s"), False),
        ("poll.scan_added", _("scanned papers added"), True),
        ("poll.counted", _("box opened by two scrutineers and counted: %(returned)s ballots, %(valid)s valid"), True),
        ("poll.published", _("result of the vote published"), True),
        ("poll.discarded", _("vote given up before it opened"), False),
    ):
        register_verb(code, sentence, is_public=is_public, names_actor=True, words=words)
    navigation.register_item(
        "ballots.mine",
        _("My votes"),
        "ballots:mine",
        "vote",
        order=36,
        # Their navigation is full; the desk of votes leads there.
        visible=lambda request: not authority_of(request.user).is_union,
    )
    navigation.register_item(
        "ballots.desk",
        _("Ballots and votes"),
        "ballots:desk",
        "vote",
        order=64,
        group="manage",
        roles=list(ORGANISERS),
    )


def no_roster_while_voting(*, plan, actor, at):
    """Refuse to write a roster while a vote that counts is open: who may vote was posted before (trust T9)."""
    if Poll.objects.open(at).filter(is_test=False).exists():
        return denied(_now("A vote is open. The roster can be changed after it has closed."))
    return ALLOWED
