"""
Calendars to subscribe to (ICS): due days as whole days, meetings with their time.

    content = make_calendar(
        name=_("Answers due"),
        events=[Event(uid=promise.pk, on=promise.due_on, summary=…, url=request.build_absolute_uri(…))],
        at=now,
    )
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
"""

import datetime as dt
from dataclasses import dataclass

from portal.kernel.days import LOCAL
from portal.kernel.texts import clean_line, clean_text

REFRESH = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Event:
    """One entry: a whole day ``on``, or ``starts_at`` to ``ends_at``; ``uid`` stays the same for the same matter."""

    uid: object
    summary: object
    on: dt.date | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    description: object = ""
    url: str = ""
    place: object = ""


def make_calendar(*, name, events, at):
    """Return the calendar as bytes, with the plant's time zone written out."""
    import icalendar  # here, so that a web process pays its 8 MiB only once somebody subscribes

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Factory transparency portal//zh")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", clean_line(str(name)))
    calendar.add("x-wr-timezone", str(LOCAL))
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add_component(icalendar.Timezone.from_tzinfo(LOCAL, first_date=dt.date(2000, 1, 1)))
    for event in events:
        calendar.add_component(_entry(event, at))
    return calendar.to_ical()


def _entry(event, at):
    import icalendar

    entry = icalendar.Event()
    entry.add("uid", f"{event.uid}@portal")
    entry.add("dtstamp", at.astimezone(dt.UTC))
    entry.add("summary", clean_line(str(event.summary)))
    if event.on is not None:
        entry.add("dtstart", event.on)
        entry.add("dtend", event.on + dt.timedelta(days=1))
        entry.add("transp", "TRANSPARENT")  # a due day takes up nobody's day
    else:
        entry.add("dtstart", event.starts_at.astimezone(LOCAL))
        entry.add("dtend", (event.ends_at or event.starts_at).astimezone(LOCAL))
    for key, value in (("description", event.description), ("url", event.url), ("location", event.place)):
        if value:
            entry.add(key, clean_text(str(value)))
    return entry
