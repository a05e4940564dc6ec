"""
What every page knows of the jobs behind it, by one small query that is kept for a few seconds.

The banner speaks when reminders are late, frozen, or a calendar is missing;
the clocks on the pages are right meanwhile, because nothing they show was
written by a job.
"""

import datetime as dt
import time
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.kernel.navigation import Banner

from .models import Heartbeat
from .rules import may_see_jobs

SWEEP, CALENDAR, CLOCK = "portal.deadlines.sweep", "portal.deadlines.check_calendar", "portal.deadlines.clock"
LATE = dt.timedelta(minutes=15)
# Never kept in tests: they count the statements of a page, whatever ran before it.
KEPT_SECONDS = 0 if settings.TEST else 15
_kept = {}


@dataclass(frozen=True)
class Watch:
    """The last sweep, which way the machine's clock has jumped ("" if not), and the year that has no calendar."""

    swept_at: dt.datetime | None = None
    frozen: str = ""
    missing_year: int | None = None


def watch():
    """Return what the jobs have left behind, at most a few seconds old."""
    until, kept = _kept.get("watch", (0.0, None))
    if kept is None or until < time.monotonic():
        rows = {row.name: row for row in Heartbeat.objects.filter(name__in=[SWEEP, CALENDAR, CLOCK])}
        kept = Watch(
            swept_at=rows[SWEEP].beat_at if SWEEP in rows else None,
            frozen=rows[CLOCK].detail.get("frozen", "") if CLOCK in rows else "",
            missing_year=rows[CALENDAR].detail.get("missing") if CALENDAR in rows else None,
        )
        _kept["watch"] = (time.monotonic() + KEPT_SECONDS, kept)
    return kept


def steady(now):
    """Return the moment to read clocks at: the wall's, but never before the last sweep (R8)."""
    swept_at = watch().swept_at
    return max(now, swept_at) if swept_at else now


def reminders_banner(request):
    """Say on every page that reminders stand still or are late, and that the clocks are right."""
    seen = watch()
    is_staff = authority_of(request.user).is_staff if hasattr(request, "user") else False
    sees_jobs = is_staff and may_see_jobs(request.user)
    link = {"url": reverse("deadlines:jobs"), "link": _("See the jobs")} if sees_jobs else {}
    if seen.frozen:
        return Banner(
            _("The clock of the server has jumped, so reminders stand still. Due days stay what they are."),
            "danger",
            **link,
        )
    if seen.swept_at is None:
        return (
            Banner(_("Reminders have not run yet. The clocks on the pages are right."), "warning", **link)
            if is_staff
            else None
        )
    if timezone.now() - seen.swept_at > LATE:  # noqa: TID251 -- a request's now
        return Banner(_("Reminders are delayed. The clocks on the pages are right."), "warning", **link)
    return None


def calendar_banner(request):
    """Tell those who can see to it that a year's work calendar is missing."""
    year = watch().missing_year
    if not year or not authority_of(getattr(request, "user", None)).holds(
        Role.SYSTEM_ADMIN, Role.UNION_CHAIR, Role.UNION_OFFICER
    ):
        return None
    text = _("The work calendar of %(year)s is missing: due days that reach into it are provisional.") % {"year": year}
    return Banner(text, "warning", reverse("deadlines:calendar"), _("Work calendar"))
