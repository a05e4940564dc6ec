"""The library of regulations: the sentences of its acts, its notices."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.ledger.registry import register_verb
from portal.notices.registry import register_notice

from .shared import titled


def register_verbs():
    for code, sentence, options in (
        ("regulation.approved", _("version %(number)s approved, in force from %(in_force_from)s"), {}),
        ("regulation.repealed", _("repeal approved, no longer in force from %(in_force_from)s"), {}),
        ("regulation.imported", _("%(count)s regulations and flows taken over from a file"), {"by": _("union")}),
        ("regulation.taken_over", _("taken over from the stock, in force from %(in_force_from)s"), {}),
    ):
        register_verb(code, sentence, is_public=True, **options)
    for code, sentence in (
        ("regulation.entered", _("draft of %(code)s begun, in force from %(in_force_from)s")),
        ("regulation.repeal_asked", _("repeal of %(code)s from %(in_force_from)s asked for")),
        ("regulation.edited", _("draft changed")),
        ("regulation.submitted", _("handed on for approval")),
        ("regulation.sent_back", _("sent back with a remark")),
        ("regulation.discarded", _("draft discarded")),
    ):
        register_verb(code, sentence, names_actor=True)


def _version_url(subject, facts):
    return reverse("disclosures:regulation_work", args=[subject.partition(":")[2]])


def _import_url(subject, facts):
    return reverse("disclosures:regulation_import", args=[subject.partition(":")[2]])


def register_notices():
    for code, sentence, label in (
        ("to_approve", _("%(code)s waits for your approval"), _("to approve")),
        ("sent_back", _("%(code)s came back with a remark"), _("sent back")),
        ("approved", _("%(code)s has been approved"), ""),
    ):
        register_notice(f"regulation.{code}", title=titled(sentence), url=_version_url, label=label)
    register_notice(
        "regulation.import_waits",
        title=titled(_("A file with %(count)s regulations and flows waits for a second person")),
        url=_import_url,
        label=_("to approve"),
    )
