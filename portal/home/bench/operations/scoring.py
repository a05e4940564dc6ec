"""
Scorecards of many units over a year beside the signed-in limit: the dashboard of the enterprise, one sheet, the list.

Units and their promises are made once, as many as ``PORTAL_BENCH_UNITS`` says; those of an earlier run stay.
"""

import os

from django.urls import reverse

from evaluations.benching import MONTHS, fill_scorecards
from portal.accounts.enums import Role
from portal.accounts.queries import company
from portal.home.bench.registry import register

UNITS = int(os.environ.get("PORTAL_BENCH_UNITS", "100"))


@register("scorecards: dashboard", limit="signed_in", statements=18)
def dashboard(bench):
    """The dashboard of the enterprise: its own figures of a year, fifty units below, what is due."""
    fill_scorecards(company(), UNITS)
    return bench.page(reverse("evaluations:dashboard", args=[company().code]), person=bench.person(Role.UNION_CHAIR))


@register("scorecards: list of a month", limit="signed_in", statements=7)
def scorecards(bench):
    """A hundred sheets of one month."""
    fill_scorecards(company(), UNITS)
    month = f"{MONTHS[-1]:%Y-%m}"
    return bench.page(f"{reverse('evaluations:scorecards')}?month={month}", person=bench.person(Role.UNION_CHAIR))


@register("scorecards: a sheet", limit="signed_in", statements=15)
def scorecard(bench):
    """One sheet with its year, its history and who answers for it."""
    units = fill_scorecards(company(), UNITS)
    path = reverse("evaluations:scorecard", args=[units[0].code, f"{MONTHS[-1]:%Y-%m}"])
    return bench.page(path, person=bench.person(Role.UNION_CHAIR))
