"""The bulletin: the sentences of its acts, and its notices."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .shared import titled


def register_verbs():
    register_verb(
        "bulletin.issued",
        _("bulletin %(number)s issued with %(entries)s parts; answers delivered with it: %(delivered)s"),
        is_public=True,
        by=_("union"),
    )
    for code, sentence in (
        ("bulletin.drafted", _("issue of the bulletin begun by %(unit)s")),
        ("bulletin.edited", _("issue of the bulletin changed")),
        ("bulletin.submitted", _("issue of the bulletin handed to the chair")),
        ("bulletin.sent_back", _("issue of the bulletin given back to its compilers")),
        ("bulletin.discarded", _("issue of the bulletin discarded")),
    ):
        register_verb(code, sentence, names_actor=True)


def _url(subject, _facts):
    return reverse("disclosures:bulletin_work", args=[subject.partition(":")[2]])


def register_notices():
    # What has not been issued yet is nobody's outside the portal.
    for code, sentence, label in (
        ("to_issue", _("An issue of the bulletin waits to be issued by you"), _("to issue")),
        ("sent_back", _("An issue of the bulletin came back with a remark"), _("sent back")),
        ("issued", _("The bulletin “%(title)s” has been issued"), ""),
    ):
        register_notice(
            f"bulletin.{code}", title=titled(sentence), url=_url, label=label, is_confidential=code != "issued"
        )
