"""Who writes schemes of assessment and puts them into force."""

from decimal import Decimal

from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.rules import UNION_DESK
from portal.kernel.verdicts import ALLOWED, denied

from ..pointing import WHOLE

MOST_ITEMS = 30


def may_write_schemes(user, unit=None):
    """Whether somebody writes schemes, for a unit or at all."""
    if authority_of(user).holds(*UNION_DESK, unit=unit):
        return ALLOWED
    return denied(_("Only the union of the unit writes its schemes of assessment."))


def may_change_version(user, version):
    """Whether items of a version may be changed: until it is in force."""
    if not (verdict := may_write_schemes(user, version.scheme.unit)):
        return verdict
    if not version.is_draft:
        return denied(_("This version is in force and never changes. Begin a new version."))
    return ALLOWED


def may_begin_version(user, scheme, newest):
    """Whether a new version of a scheme may be begun: while there is no draft; ``newest`` is its last one."""
    if not (verdict := may_write_schemes(user, scheme.unit)):
        return verdict
    if newest.is_draft:
        return denied(_("There is a draft already. Change it, or put it into force."))
    return ALLOWED


def fault_of_points(points):
    """Return why items with these points make no scheme, in a sentence, or "" when they make a hundred."""
    if not points:
        return _("There is no item yet.")
    total = sum(points, Decimal(0))
    if total == WHOLE:
        return ""
    if total > WHOLE:
        words = _("The items make %(total)s points; that is %(over)s too many. They have to make 100.")
        return words % {"total": plain(total), "over": plain(total - WHOLE)}
    words = _("The items make %(total)s points; %(missing)s are missing. They have to make 100.")
    return words % {"total": plain(total), "missing": plain(WHOLE - total)}


def plain(points):
    """Return points as people write them: 25, 7.5."""
    return f"{points:f}".rstrip("0").rstrip(".") if "." in f"{points:f}" else f"{points:f}"


def may_enforce(user, version, points):
    """Whether a version may be put into force: its items make a hundred points."""
    if not (verdict := may_change_version(user, version)):
        return verdict
    fault = fault_of_points(points)
    return denied(fault) if fault else ALLOWED
