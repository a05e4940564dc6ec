"""The hall: the sentences of its acts."""

from django.utils.translation import gettext_lazy as _

from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from ..enums import ItemState, RecordKind, SignInWay, Stage
from ..phrases import GATES
from .shared import titled, url_of


def register_verbs():
    union = _("union")
    words = {
        "gate": lambda code: GATES[code],
        "stage": lambda code: Stage(code).label,
        "state": lambda code: ItemState(code).label,
        "kind": lambda code: RecordKind(code).label,
    }
    for code, sentence in (
        (
            "congress_session.opened",
            _("session opened: %(present)s of %(whole)s delegates there, %(needed)s needed for the quorum"),
        ),
        ("congress_session.waived", _("waived: %(gate)s, %(short)s short; the chair put the reason on record")),
        ("congress_session.item_called", _("item %(position)s taken up")),
        ("congress_session.stage_passed", _("of the item under discussion: %(stage)s")),
        ("congress_session.item_deferred", _("item %(position)s sent back to be revised")),
        (
            "congress_session.item_put_off",
            _("item %(position)s put off: no quorum, %(present)s of %(whole)s delegates there"),
        ),
        ("congress_session.poll_drawn_up", _("secret ballot on %(items)s items drawn up")),
        ("congress_session.poll_repeated", _("void ballot to be held again")),
        ("congress_session.item_decided", _("item %(position)s: %(state)s")),
        (
            "congress_session.closed",
            _("session closed: %(items)s items, %(adopted)s adopted, %(rejected)s not adopted"),
        ),
        ("congress_session.disclosed", _("results made public")),
        ("congress_session.record_added", _("%(kind)s kept as a scan, SHA-256 %(sha256)s")),
    ):
        register_verb(code, sentence, is_public=True, by=union, words=words)
    # Whether there was a quorum hangs on these; docs/decisions/0031 says why they endanger no ballot.
    for code, sentence in (
        ("congress_session.signed_in", _("a delegate signed in: %(way)s")),
        ("congress_session.left", _("a delegate left the hall")),
        ("congress_session.speech_asked", _("asked to speak on item %(position)s")),
        ("congress_session.speech_withdrawn", _("no longer asks to speak on item %(position)s")),
        ("congress_session.speech_given", _("word given on item %(position)s")),
        ("congress_session.speech_ended", _("speech on item %(position)s over")),
        ("congress_session.speech_removed", _("taken off the list of speakers of item %(position)s")),
    ):
        register_verb(code, sentence, names_actor=True, words={"way": lambda code: SignInWay(code).label})


def register_notices():
    register_notice(
        "congress_session.speech_given",
        title=titled(_("You have the word now, for %(minutes)s minutes")),
        url=url_of,
        label=_("word given"),
    )
