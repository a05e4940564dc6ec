"""Who may open the pages of the house itself."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.kernel.verdicts import ALLOWED, denied


def may_see_styleguide(user):
    """The style page is for those who build and check pages; it holds no data."""
    return (
        ALLOWED if authority_of(user).is_staff else denied(_("The style page is for people with a role in the portal."))
    )
