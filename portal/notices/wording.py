"""
What leaves the portal, made at the moment of sending: never more than sentences of notices.

Of a confidential notice only its existence is told.
"""

from dataclasses import dataclass
from email.utils import formataddr
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .registry import is_hidden_outside, path_of, sentence_of

MOST_LINES = 30
MARKDOWN_BYTES = 4096


@dataclass(frozen=True)
class Item:
    """A notice as it may be told outside: its sentence and its full address."""

    text: str
    url: str
    is_urgent: bool


def address(path):
    """Return the full address of a path, as people on the plant's network type it."""
    return settings.ORIGIN + path


def open_items(notices):
    """Return the notices that may be told outside as items, and the number of those that may not."""
    items = [
        Item(str(sentence_of(notice)), address(path_of(notice) or reverse("notices:inbox")), notice.is_urgent)
        for notice in notices
        if not is_hidden_outside(notice)
    ]
    return items, len(notices) - len(items)


def mail_for(dispatch, notices):
    """Return the mail of a dispatch: one urgent notice, or the digest of several; in the reader's language."""
    person = dispatch.person
    with translation.override(person.language or settings.LANGUAGE_CODE):
        items, hidden = open_items(notices)
        is_digest = "digest" in dispatch.payload
        values = {
            "person": person,
            "language": translation.get_language(),
            "items": items[:MOST_LINES],
            "more": max(len(items) - MOST_LINES, 0),
            "hidden": hidden,
            "is_digest": is_digest,
            "inbox": address(reverse("notices:inbox")),
            "profile": address(reverse("accounts:me")),
        }
        if is_digest:
            count = len(notices)
            subject = ngettext("%(count)d notice for you", "%(count)d notices for you", count) % {"count": count}
        else:
            subject = items[0].text if items else _("A confidential matter waits for you")
        message = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=render_to_string("mail/notices/notice.txt", values),
            from_email=formataddr((_("Factory Openness"), settings.DEFAULT_FROM_EMAIL)),
            to=[person.email],
            headers=_headers(dispatch, notices, is_digest),
        )
        message.attach_alternative(render_to_string("mail/notices/notice.html", values), "text/html")
        return message


def _headers(dispatch, notices, is_digest):
    host = urlsplit(settings.ORIGIN).hostname or "localhost"
    # The same message sent twice carries the same id, so that an honest relay or mailbox keeps one.
    headers = {"Message-ID": f"<{_mark(dispatch.key)}@{host}>", "Auto-Submitted": "auto-generated"}
    if not is_digest:
        headers["References"] = f"<{_mark(notices[0].subject)}@{host}>"  # one thread a matter
    return headers


def _mark(key):
    return sha256(key.encode()).hexdigest()[:40]


def markdown_for(notices):
    """Return a group bot's message of at most 4,096 bytes; what does not fit is counted."""
    with translation.override(settings.LANGUAGE_CODE):
        items, hidden = open_items(notices)
        foot = [""]
        if hidden:
            foot.append(
                ngettext(
                    "%(count)d confidential matter waits; please sign in.",
                    "%(count)d confidential matters wait; please sign in.",
                    hidden,
                )
                % {"count": hidden}
            )
        foot.append(_("Links open on the plant's network only."))
        head = [f"**{_('Factory Openness')}**"]
        lines = [f"- [{_escaped(item.text)}]({item.url})" for item in items]
        for count in range(len(lines), -1, -1):
            rest = len(lines) - count
            more = [_("and %(count)d more in the portal") % {"count": rest}] if rest else []
            text = "\n".join([*head, *lines[:count], *more, *foot])
            if len(text.encode()) <= MARKDOWN_BYTES:
                break
        return text


def _escaped(text):
    return "".join(f"\\{sign}" if sign in "\\`*_[]()<>#" else sign for sign in text)


def trial_markdown():
    """Return the message by which an administrator tries a bot."""
    with translation.override(settings.LANGUAGE_CODE):
        return f"**{_('Factory Openness')}**\n{_('This is a trial. The portal can reach this group.')}"
