"""Where readers, preparers and supervisors find the pages of disclosure."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.kernel.navigation import register_item

from .rules.briefings import BRIEFING_DESK_ROLES
from .rules.bulletin import COMPILERS
from .rules.commitments import COMMITMENT_DESK
from .rules.sight import DESK_ROLES, OVERSEERS, PREPARERS

BOARD_ROLES = tuple(dict.fromkeys((*PREPARERS, *OVERSEERS)))


def register():
    """Offer the pages of disclosure; called once, from ``apps.ready()``."""
    register_item(
        "disclosures.list", _("Disclosed"), "disclosures:list", "megaphone", order=10, is_public=True, in_elder=True
    )
    register_item(
        "disclosures.duties",
        _("Duties"),
        "disclosures:duties",
        "calendar-check",
        order=12,
        is_public=True,
        visible=_is_no_staff,
    )
    register_item("disclosures.desk", _("Disclosure desk"), "disclosures:desk", "stamp", roles=DESK_ROLES, order=41)
    _register_places()


# What stands beside one another on the pages that everybody reads, and on the desk: {% places "disclosures" %}.
PUBLIC, DESK = "disclosures", "disclosures_desk"


def _register_places():
    for code, label, url_name, icon, order in (
        ("list", _("Latest"), "disclosures:list", "megaphone", 10),
        ("duties", _("Duties"), "disclosures:duties", "calendar-check", 20),
        ("missing", _("Due but missing"), "disclosures:missing", "calendar-x", 30),
        ("catalogue", _("Catalogue"), "disclosures:catalogue", "book-open-text", 40),
        ("briefings", _("Briefings"), "disclosures:briefings", "presentation", 55),
        ("bulletin", _("Union bulletin"), "disclosures:bulletins", "newspaper", 60),
        ("commitments", _("Commitments and responsibilities"), "disclosures:commitments", "signature", 70),
        ("majors", _("Major decisions"), "disclosures:majors", "landmark", 75),
        ("regulations", _("Regulations"), "disclosures:regulations", "library", 65),
    ):
        register_item(f"open.{code}", label, url_name, icon, order=order, group=PUBLIC, is_public=True)
    register_item(
        "open.consultations",
        _("Consultations"),
        "disclosures:consultations",
        "messages-square",
        order=50,
        group=PUBLIC,
        is_public=True,
    )
    register_item(
        "open.consultations_desk",
        _("Consultations"),
        "disclosures:consultations_desk",
        "messages-square",
        order=40,
        group=DESK,
        roles=DESK_ROLES,
    )
    register_item(
        "open.ledger",
        _("Yearly ledger"),
        "disclosures:yearly",
        "file-spreadsheet",
        order=70,
        group=DESK,
        roles=DESK_ROLES,
    )
    register_item("open.desk", _("Disclosures"), "disclosures:desk", "stamp", order=10, group=DESK, roles=DESK_ROLES)
    register_item(
        "open.briefings_desk",
        _("Briefings"),
        "disclosures:briefings_desk",
        "presentation",
        order=45,
        group=DESK,
        roles=BRIEFING_DESK_ROLES,
    )
    register_item(
        "open.bulletin_desk",
        _("Bulletin"),
        "disclosures:bulletin_desk",
        "newspaper",
        order=60,
        group=DESK,
        roles=COMPILERS,
    )
    register_item(
        "open.boards", _("Display boards"), "disclosures:boards", "monitor", order=50, group=DESK, roles=BOARD_ROLES
    )
    register_item(
        "open.commitments_desk",
        _("Commitments and major decisions"),
        "disclosures:commitments_desk",
        "signature",
        order=65,
        group=DESK,
        roles=COMMITMENT_DESK,
    )
    register_item(
        "open.regulations_desk",
        _("Regulations"),
        "disclosures:regulations_desk",
        "library",
        order=55,
        group=DESK,
        roles=DESK_ROLES,
    )


def _is_no_staff(request):
    # The bar of somebody with an office is full; the list of disclosures leads there as well.
    return not authority_of(request.user).is_staff
