"""Where authors and everybody find their pages."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.kernel.navigation import register_item


def register():
    """Offer the pages of authors and of everybody; called once, from ``apps.ready()``."""
    register_item(
        "feedback.write", _("Write a card"), "feedback:write", "square-pen", order=20, is_public=True, in_elder=True
    )
    register_item(
        "feedback.mine", _("My cards"), "feedback:mine", "files", order=22, in_elder=True, visible=_is_signed_in
    )
    register_item(
        "feedback.track",
        _("Check progress"),
        "feedback:track",
        "search-check",
        order=24,
        is_public=True,
        in_elder=True,
        visible=_is_no_staff,
    )
    register_item(
        "feedback.public_list", _("All cards"), "feedback:public_list", "list", order=26, is_public=True, in_elder=True
    )


def _is_signed_in(request):
    return request.user.is_authenticated


def _is_no_staff(request):
    # The bar of somebody with an office is full; the box of the front page and the home's shortcuts lead there as well.
    return not authority_of(request.user).is_staff
