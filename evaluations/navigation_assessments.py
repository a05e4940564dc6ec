"""Where workers and the union find the assessments of units."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.navigation import register_item

from .rules.assessments import SPEAKERS

# What stands side by side on the pages of assessments: {% places "assessments" %}.
PLACES = "assessments"


def register():
    """Offer the pages; called once, from ``apps.ready()``."""
    register_item(
        "assessments.desk",
        _("Assessment of units"),
        "evaluations:assessments_desk",
        "clipboard-check",
        roles=SPEAKERS,
        group="manage",
        order=26,
    )
    register_item(
        "open.assessments", _("Assessment of units"), "evaluations:assessments", "gauge", group="disclosures", order=85
    )
    register_item(
        "assessments.results", _("Assessment results"), "evaluations:assessments", "gauge", group=PLACES, order=10
    )
    register_item(
        "assessments.work",
        _("Desk of assessments"),
        "evaluations:assessments_desk",
        "clipboard-check",
        roles=SPEAKERS,
        group=PLACES,
        order=20,
    )
    register_item(
        "assessments.schemes",
        _("Schemes"),
        "evaluations:schemes",
        "list-checks",
        roles=SPEAKERS,
        group=PLACES,
        order=30,
    )
    register_item(
        "assessments.satisfaction",
        _("Satisfaction of the staff"),
        "evaluations:satisfactions",
        "vote",
        group=PLACES,
        order=15,
    )
    register_item(
        "open.satisfaction",
        _("Satisfaction of the staff"),
        "evaluations:satisfactions",
        "vote",
        group="disclosures",
        order=86,
    )
