"""Where readers and desks find the pages of the evaluations."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.navigation import register_item

from .rules.scorecards import READERS

# What stands side by side on the pages of the scorecard: {% places "evaluations" %}.
PLACES = "evaluations"


def register():
    """Offer the pages; called once, from ``apps.ready()``."""
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
