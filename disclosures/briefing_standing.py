"""How briefings and what is owed of them stand at a moment, and their figures as charts: one source for all pages."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.deadlines.clock import clock_of
from portal.kernel.charts import bar_chart
from portal.kernel.charts.drawing import say

from .enums import BriefingState, DutyStatus
from .standing import LAMPS, Standing, duty_status

S = BriefingState


def briefing_standing(briefing, at):
    """Return how a briefing stands by the clock, whether or not somebody has recorded that it was held."""
    if briefing.state == S.CANCELLED:
        return Standing("cancelled", "grey", _("cancelled"), briefing.cancel_reason)
    if briefing.state == S.MINUTED:
        return Standing("minuted", "green", _("minutes published"))
    if briefing.state == S.HELD:
        clock = clock_of(briefing.promise, at)
        return Standing("held", "red" if clock.is_late else "blue", _("held, minutes to come"), clock.sentence)
    if briefing.starts_at > at:
        return Standing("coming", "ink", _("announced"))
    return Standing("unrecorded", "yellow", _("begun, not recorded yet"))


def briefing_duty_lamp(duty, at):
    """Return (lamp, word) of the briefing owed for a month."""
    status = duty_status(duty, at)
    clock = clock_of(duty.promise, at)
    if status == DutyStatus.DUE:
        left = clock.days_left
        word = _("due today") if left <= 0 else ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}
        return clock.lamp, word
    words = {DutyStatus.DONE: _("held in time"), DutyStatus.LATE: _("held late")}
    return LAMPS[status], words.get(status, _("none held"))


def chart_of(figure):
    """
    Return the figures as a chart with its table: this month, last month and plan beside one another.

    Where something is below zero only the table is given: a bar cannot show a loss.
    """
    measure, bars, table = figure.measure, [], []
    names = (_("this month"), _("last month"), _("plan"))
    codes = ("", "grey", "blue")
    for label, *numbers in figure.rows:
        table.append([label, *(say(number) for number in numbers)])
        for name, number, code in zip(names, numbers, codes, strict=True):
            if number is not None:
                bars.append((f"{label} · {name}", number, code))
    title = f"{figure.title}（{measure}）" if measure else figure.title
    chart = bar_chart(title, bars if all(bar[1] >= 0 for bar in bars) else [])
    head = [_("What"), *names]
    return replace(chart, head=head, rows=table, svg=chart.svg if all(bar[1] >= 0 for bar in bars) else "")
