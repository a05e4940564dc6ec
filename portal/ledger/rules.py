"""Who may look into the ledger itself; everybody may check it."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.verdicts import ALLOWED, denied


def may_audit_ledger(user):
    """Read every entry with its facts: the auditor, and nobody by way of another office."""
    if authority_of(user).holds(Role.AUDITOR):
        return ALLOWED
    return denied(_("Only an auditor may read the whole ledger. Anybody may check it on the page “Check the ledger”."))
