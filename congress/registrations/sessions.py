"""Sessions: the sentences of their acts, notices."""

from django.utils.translation import gettext_lazy as _

from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from ..enums import SessionKind, SessionMode
from .shared import titled, url_of


def register_verbs():
    union = _("union")
    kinds = {"kind": lambda code: SessionKind(code).label, "mode": lambda code: SessionMode(code).label}
    for code, sentence in (
        ("congress_session.planned", _("session %(number)s planned for %(on)s: %(kind)s, %(mode)s")),
        ("congress_session.moved", _("day or place changed: %(before)s, now %(on)s, %(mode)s")),
        ("congress_session.postponed", _("session of %(on)s postponed")),
        ("congress_session.cancelled", _("session of %(on)s cancelled")),
    ):
        register_verb(code, sentence, is_public=True, by=union, words=kinds)


def register_notices():
    for code, sentence, label in (
        ("congress_session.moved", _("The session of the congress has a new time: %(on)s"), _("session moved")),
        ("congress_session.postponed", _("The session of %(on)s has been postponed"), _("session postponed")),
        ("congress_session.cancelled", _("The session of %(on)s has been cancelled"), _("session cancelled")),
    ):
        register_notice(code, title=titled(sentence), url=url_of, label=label)
