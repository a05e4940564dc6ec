"""Putting a text that is no longer on show into the archive, and taking its package."""

from django.utils.translation import gettext as _

from portal.kernel.verdicts import ALLOWED, denied

from ..enums import PublicationState
from .sight import works_on

S = PublicationState


def may_archive(user, publication):
    """Those who prepare archive a text whose display is over, or that was withdrawn, once nothing of it is pending."""
    if not works_on(user, publication):
        return denied(_("Only those who prepare disclosures for this unit archive them."))
    if publication.archive_no:
        return denied(_("This text has its archive number already."))
    if publication.state not in (S.EXPIRED, S.WITHDRAWN):
        return denied(_("Only a text whose display is over, or that was withdrawn, can be archived."))
    if any(row.is_granted is None for rows in (publication.corrections, publication.withdrawals) for row in rows.all()):
        return denied(_("A correction or withdrawal is waiting to be decided."))
    if (
        publication.state == S.EXPIRED
        and hasattr(publication, "notice")
        and publication.notice.outcome in ("", "suspended")
    ):
        return denied(_("The outcome of the public notice has to be entered first."))
    return ALLOWED
