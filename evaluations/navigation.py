"""Where readers and desks find the pages of the evaluations."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.accounts.rules import UNION_DESK
from portal.kernel.navigation import register_item

from .rules.scorecards import READERS

# What stands side by side on the pages of the scorecard: {% places "evaluations" %}.
PLACES = "evaluations"


def register():
    """Offer the pages; called once, from ``apps.ready()``."""
    register_item(
        "evaluations.mine",
        _("Appraisals"),
        "evaluations:mine",
        "clipboard-check",
        order=37,
        # The bar of somebody with an office is full; the home leads there while a form waits.
        visible=lambda request: not authority_of(request.user).is_staff,
    )
    register_item(
        "evaluations.desk",
        _("Appraisals"),
        "evaluations:desk",
        "clipboard-check",
        roles=UNION_DESK,
        group="manage",
        order=24,
    )
    register_item(
        "evaluations.scorecards",
        _("Monthly scorecards"),
        "evaluations:scorecards",
        "gauge",
        roles=READERS,
        group="manage",
        order=62,
    )
    register_item("open.scorecards", _("Scorecards"), "evaluations:scorecards", "gauge", order=72, group="disclosures")
    register_item(
        "evaluations.dashboards",
        _("Dashboards"),
        "evaluations:dashboards",
        "layout-dashboard",
        roles=READERS,
        group="manage",
        order=61,
    )
    for code, label, url_name, icon, order in (
        ("dashboards", _("Dashboards"), "evaluations:dashboards", "layout-dashboard", 20),
        ("scorecards", _("Scorecards"), "evaluations:scorecards", "gauge", 30),
        ("indicators", _("Indicators and scheme"), "evaluations:indicators", "scale", 40),
    ):
        register_item(f"evaluations.place.{code}", label, url_name, icon, order=order, group=PLACES)
