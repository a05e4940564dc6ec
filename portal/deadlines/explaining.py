"""What the pages of this floor show, put together from rows: how a due day came about, a year's months, the jobs."""

import calendar as months_of_a_year
import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.kernel.rulebook import RULES
from portal.ledger.models import Entry

from .calendar import WorkCalendar, counted_days, due_day, parse_rule
from .kinds import kind_of, known_kinds
from .models import CalendarEdition
from .phrases import rule_words
from .queries import edition_of
from .watch import LATE, SWEEP

WEEK = 7


def kind_words(code):
    """Return what a kind promises, in words."""
    known = known_kinds().get(code)
    return known.label if known else code


def explain(promise):
    """Return everything the explanation of a promise shows, besides its clock."""
    kind = kind_of(promise.kind)
    editions = _editions_used(promise)
    calendar = WorkCalendar({edition.year: edition for edition in editions})
    name, _value = parse_rule(promise.rule)
    due = due_day(promise.rule, promise.started_on, calendar)
    pauses = list(promise.pauses.order_by("since"))
    for pause in pauses:
        pause.days = (pause.until - pause.since).days if pause.until else None
    extension = promise.extensions.filter(is_granted=True).select_related("decided_by", "requested_by").first()
    recomputed = [
        entry
        for entry in Entry.objects.filter(subject=promise.subject, verb="promise.recomputed").order_by("at")
        if entry.facts.get("promise") == str(promise.pk)
    ]
    own = due.on + dt.timedelta(days=promise.paused_days + promise.extended_days)
    return {
        "kind": kind,
        "rule": rule_words(promise.rule),
        "rule_name": name,
        "source": kind.source or (RULES[kind.rule_key].source if kind.rule_key in RULES else ""),
        "editions": editions,
        "guessed": [code.partition("/")[0] for code in promise.calendar.split() if code.endswith("/0")],
        "weeks": [] if name == "on" else weeks_of(counted_days(promise.rule, promise.started_on, calendar)),
        "computed_on": due.on,
        "pauses": pauses,
        "paused_days": promise.paused_days,
        "extension": extension,
        "recomputed": [
            {
                "on": entry.at,
                "before": entry.facts.get("before"),
                "after": entry.facts.get("due_on"),
                "computed": entry.facts.get("computed"),
                "is_kept": entry.facts.get("is_kept"),
            }
            for entry in recomputed
        ],
        "kept_days": (promise.due_on - own).days if promise.paused_on is None else 0,
    }


def weeks_of(days):
    """Return counted days as weeks from Monday, with None where the first and last week lie outside."""
    cells = [None] * days[0].on.weekday() + [_cell(day, is_last=day is days[-1]) for day in days]
    cells += [None] * (-len(cells) % WEEK)
    return [cells[start : start + WEEK] for start in range(0, len(cells), WEEK)]


def months(edition):
    """Return a year as twelve months of weeks, each day with how it is worked."""
    year = []
    for month in range(1, 13):
        weeks = []
        for week in months_of_a_year.Calendar().monthdatescalendar(edition.year, month):
            weeks.append([None if day.month != month else _year_cell(day, edition) for day in week])
        year.append({"number": month, "on": dt.date(edition.year, month, 1), "weeks": weeks})
    return year


def jobs(rows, now):
    """Return the jobs with when each last ended and whether that is too long ago."""
    labels = {
        SWEEP: _("Reminders: what falls due"),
        "portal.deadlines.check_calendar": _("Work calendar: is a year missing?"),
        "portal.deadlines.clock": _("Clock of the server"),
        "portal.ledger.seal": _("Ledger: sealing new entries"),
        "portal.ledger.publish_head": _("Ledger: head of the day"),
        "portal.notices.drain": _("Notices: sending what waits"),
        "portal.notices.digest": _("Notices: morning digest"),
        "disclosures.display": _("Display: do the pages answer?"),
        "beat": _("The clockwork that starts the jobs"),
    }
    plans = {plan["task"]: name for name, plan in settings.CELERY_BEAT_SCHEDULE.items()}
    shown = []
    for row in sorted(rows, key=lambda row: (row.name != SWEEP, row.name != "beat", row.name)):
        if row.name.startswith("periodic:"):
            continue
        age = now - row.beat_at
        is_late = row.name in {SWEEP, "beat"} and age > LATE
        shown.append(
            {
                "label": labels.get(row.name, plans.get(row.name, row.name)),
                "name": row.name,
                "beat_at": row.beat_at,
                "ago": ago(age),
                "is_late": is_late,
                "detail": _detail(row.detail),
            }
        )
    return shown


def ago(age):
    """Return how long ago something was, in the coarsest fitting unit."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 1:
        return _("less than a minute ago")
    if minutes < 120:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    return ngettext("%(count)d day ago", "%(count)d days ago", hours // 24) % {"count": hours // 24}


def _detail(detail):
    words = {
        "taken": _("steps taken"),
        "missed": _("fallen due"),
        "told": _("notices sent"),
        "resumed": _("pauses ended"),
        "missing": _("missing year"),
    }
    return [(words[name], value) for name, value in detail.items() if name in words and value]


def _cell(day, *, is_last):
    words = {
        "start": pgettext("day", "start"),
        "made_up": pgettext("day", "made up"),
        "holiday": day.occasion or pgettext("day", "holiday"),
        "weekend": pgettext("day", "off"),
    }
    count = _("day %(count)d") % {"count": day.count} if day.is_counted else ""
    return {
        "on": day.on,
        "code": day.code,
        "is_counted": day.is_counted,
        "is_last": is_last,
        "is_first_of_month": day.on.day == 1 or day.code == "start",
        "word": words.get(day.code, ""),
        "count": count,
    }


def _year_cell(day, edition):
    is_worked = edition.is_workday(day)
    if day in edition.days_on:
        code, word = "made_up", pgettext("day", "work")
    elif day in edition.days_off:
        code, word = "holiday", pgettext("day", "rest")
    else:
        code, word = ("worked" if is_worked else "weekend"), ""
    return {"on": day, "code": code, "word": word, "occasion": edition.occasion(day)}


def _editions_used(promise):
    wanted = [tuple(int(part) for part in code.split("/")) for code in promise.calendar.split()]
    rows = {
        (row.year, row.number): row
        for row in CalendarEdition.objects.filter(year__in=[year for year, _number in wanted]).order_by("year")
    }
    return [edition_of(rows[code]) for code in wanted if code in rows]
