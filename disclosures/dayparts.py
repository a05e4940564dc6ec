"""At which hours a playlist runs: pure functions, the moment is given."""

import datetime as dt

from portal.kernel.days import LOCAL

ONE_DAY = dt.timedelta(days=1)


def bits_of(weekdays):
    """Return days of the week (0 is Monday) as the number that is stored."""
    return sum(1 << day for day in set(weekdays))


def weekdays_of(bits):
    """Return the days of the week that a stored number stands for."""
    return [day for day in range(7) if bits >> day & 1]


def span_at(playlist, at):
    """
    Return (begin, end) of the hours of a playlist within which a moment lies, or None.

    The first moment belongs to them, the last one no longer does. Hours that
    pass midnight belong to the day on which they begin.
    """
    local = at.astimezone(LOCAL)
    for day in (local.date(), local.date() - ONE_DAY):
        if not playlist.weekdays >> day.weekday() & 1:
            continue
        begin = dt.datetime.combine(day, playlist.begins, tzinfo=LOCAL)
        last = day if playlist.begins < playlist.ends else day + ONE_DAY
        end = dt.datetime.combine(last, playlist.ends, tzinfo=LOCAL)
        if begin <= local < end:
            return begin, end
    return None


def runs_at(playlist, at):
    """Whether a playlist is to be shown at a moment."""
    return span_at(playlist, at) is not None


def has_run_for(playlists, at, length):
    """Whether one of the playlists is to be shown now and was all the time for so long."""
    spans = [span for playlist in playlists if (span := span_at(playlist, at)) is not None]
    begin = at
    # Playlists that follow one another without a break are one time in which the board has to show something.
    while spans and begin > at - length:
        begin = min(span[0] for span in spans)
        spans = [
            span
            for playlist in playlists
            if (span := span_at(playlist, begin - dt.timedelta(microseconds=1))) is not None
        ]
    return begin <= at - length
