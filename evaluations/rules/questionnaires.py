"""Who writes appraisal sheets."""

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.rules import UNION_DESK
from portal.kernel.verdicts import ALLOWED, denied


def may_write(user, questionnaire):
    """Whether somebody may add an edition: the union of the sheet's unit."""
    if authority_of(user).holds(*UNION_DESK, unit=questionnaire.unit):
        return ALLOWED
    return denied(_("Only the union of the sheet's unit writes a new edition."))
