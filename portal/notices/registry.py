"""Kinds of notices: sentence, link, and whether more than their existence may leave the portal."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


class UnknownNotice(ValueError):
    """No app has registered this kind of notice."""


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice and how it is put into words when somebody reads it."""

    code: str
    title: Callable
    url: Callable
    is_confidential: bool | Callable = False
    mail: bool = True
    label: object = ""

    def hides(self, facts):
        """Whether nothing of this notice but its existence may leave the portal."""
        return bool(self.is_confidential(facts) if callable(self.is_confidential) else self.is_confidential)


_KINDS: dict[str, NoticeKind] = {}


def register_notice(code, *, title, url, is_confidential=False, mail=True, label=""):
    """
    Declare a kind of notice once, from ``apps.ready()``.

    ``title(facts)`` returns the sentence and ``url(subject, facts)`` the path to
    what it is about; both are called when the notice is read, in the reader's
    language, and must ask the database nothing (a list shows 25 of them).
    ``is_confidential``, a flag or a function of the facts, keeps sentence and
    link inside the portal: mail and bots only say that something waits. With
    ``mail=False`` the kind stays out of digests too. ``label`` names the kind
    in the filter of the inbox; kinds without a label are not offered there.
    """
    _KINDS[code] = NoticeKind(code, title, url, is_confidential, mail, label)


def notice_kind(code):
    """
    Return the registered kind.

    :raises UnknownNotice: when no app has registered it.
    """
    try:
        return _KINDS[code]
    except KeyError:
        raise UnknownNotice(code) from None


def known_kinds():
    """Return all registered kinds by code."""
    return dict(sorted(_KINDS.items()))


def sentence_of(notice):
    """Return what the notice says; a kind that is no longer known is named by its code."""
    kind = _KINDS.get(notice.kind)
    return kind.title(notice.facts) if kind else _("Notice of the kind %(code)s") % {"code": notice.kind}


def path_of(notice):
    """Return the path of what the notice is about, or "" when its kind is no longer known."""
    kind = _KINDS.get(notice.kind)
    return kind.url(notice.subject, notice.facts) if kind else ""


def is_hidden_outside(notice):
    """Whether mail and bots may only say that something waits; an unknown kind is treated with care."""
    kind = _KINDS.get(notice.kind)
    return kind is None or kind.hides(notice.facts)
