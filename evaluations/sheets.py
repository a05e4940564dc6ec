"""A sheet as its pages show it: values in words, lamps, points, and what stands beside each figure."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from portal.kernel.charts import line_chart, sparkline
from portal.kernel.indicators import PERCENT, UnknownIndicator, indicator_of

from .enums.scorecards import ObjectionState
from .scoring import points_of, rounded, value_of
from .standing import award_of, correction_of, figure_now, points_now

LAMPS = {
    "green": pgettext_lazy("scorecard", "all points"),
    "yellow": pgettext_lazy("scorecard", "some of the points"),
    "red": pgettext_lazy("scorecard", "no points"),
    "grey": pgettext_lazy("scorecard", "not counted"),
}


@dataclass
class Row:
    """One figure of a sheet; ``indicator`` is None where its app is switched off."""

    code: str
    indicator: object
    snapshot: object
    label: str
    value: str
    fraction: str
    lamp: str
    weight: object = None
    points: object = None
    award: object = None
    correction: object = None
    frozen: str = ""  # the frozen fraction, where a correction stands beside it
    objections: list = field(default_factory=list)
    spark: object = None

    @property
    def lamp_word(self):
        """The lamp in words."""
        return LAMPS[self.lamp]

    @property
    def is_dropped(self):
        """Whether it counts no more, because the right figure would tell what few people said."""
        counts_people = self.indicator is not None and self.indicator.counts_people
        return counts_people and self.correction is not None and not self.correction.denominator

    @property
    def has_open(self):
        """Whether an objection to it is being looked into."""
        return any(one.state == ObjectionState.OPEN for one in self.objections)


def said(indicator, numerator, denominator):
    """Return a figure's value as its pages write it: 97.5%, or 15.2 days; a dash where nothing is counted."""
    measure = PERCENT if indicator is None else indicator.measure
    value = value_of(measure, numerator, denominator)
    if value is None:
        return "–"
    number = f"{float(rounded(value)):,.2f}".rstrip("0").rstrip(".")
    if measure == PERCENT:
        return f"{number}%"
    return _("%(number)s days") % {"number": number}


def lamp_for(line, indicator, numerator, denominator):
    """Return the lamp of a figure by what the scheme gives for it: all, some or none of the points."""
    if line is None or indicator is None or not denominator:
        return "grey"
    value = value_of(indicator.measure, numerator, denominator)
    share = points_of(value, weight=1, zero_at=line.zero_at, full_at=line.full_at)
    return "green" if share == 1 else "red" if share == 0 else "yellow"


def find(code):
    """Return an indicator, or None where its app is switched off."""
    try:
        return indicator_of(code)
    except UnknownIndicator:
        return None


def rows_of(card, lines, trend=None):
    """Return the rows of a sheet in its order; ``trend`` is (months, figures) for the small lines."""
    rows = []
    for snapshot in card.snapshots.all():
        indicator, line = find(snapshot.indicator), lines.get(snapshot.indicator)
        numerator, denominator = figure_now(snapshot)
        correction = correction_of(snapshot)
        row = Row(
            code=snapshot.indicator,
            indicator=indicator,
            snapshot=snapshot,
            label=str(indicator.label) if indicator else snapshot.indicator,
            value=said(indicator, numerator, denominator),
            fraction=f"{numerator}/{denominator}",
            lamp="grey" if snapshot.is_withheld else lamp_for(line, indicator, numerator, denominator),
            weight=line.weight if line else None,
            points=points_now(snapshot),
            award=award_of(snapshot),
            correction=correction,
            frozen=f"{snapshot.numerator}/{snapshot.denominator}" if correction else "",
            objections=list(snapshot.objections.all()),
        )
        if snapshot.is_withheld:
            row.value, row.fraction = "", ""
        elif row.is_dropped:
            row.fraction = ""
        if trend is not None:
            months, figures = trend
            row.spark = sparkline(
                row.label,
                numbers_of(indicator, figures.get(snapshot.indicator, [None] * len(months))),
                labels=[f"{month:%Y-%m}" for month in months],
                unit="%" if indicator is None or indicator.measure == PERCENT else "",
            )
        rows.append(row)
    return rows


def numbers_of(indicator, figures):
    """Return a row of fractions as numbers for a chart; a gap stays a gap."""
    measure = PERCENT if indicator is None else indicator.measure
    values = [None if one is None else value_of(measure, *one) for one in figures]
    return [None if value is None else round(float(value), 1) for value in values]


def total_chart(months, totals, title):
    """Return the line of a unit's points over months."""
    values = [None if total is None else float(total) for total in totals]
    return line_chart(title, _labels(months), [(_("Points"), values)], maximum=100)


def figure_chart(indicator, months, figures):
    """Return the line of one indicator over months, with its table."""
    is_share = indicator is None or indicator.measure == PERCENT
    label = str(indicator.label)
    values = numbers_of(indicator, figures)
    return line_chart(
        label, _labels(months), [(label, values)], unit="%" if is_share else "", maximum=100 if is_share else None
    )


def _labels(months):
    return [f"{month:%y-%m}" for month in months]


def few(n, k):
    """Return how many matters are not named, in words: fewer than the threshold are not told exactly."""
    if n < k:
        return _("fewer than %(k)d more matters, which are not named here") % {"k": k}
    return ngettext("%(n)d more matter, which is not named here", "%(n)d more matters, which are not named here", n) % {
        "n": n
    }


def differences(card, figures):
    """
    Return how frozen figures and those of today's rows compare, in the sheet's order: label, frozen, now and why.

    ``figures`` are {indicator: (numerator, denominator)} as the rows say now.
    """
    found, seen = [], set()
    for snapshot in card.snapshots.all():
        seen.add(snapshot.indicator)
        before, now = (snapshot.numerator, snapshot.denominator), figures.get(snapshot.indicator, (0, 0))
        found.append(_compared(snapshot.indicator, before, now, snapshot.is_withheld))
    found += [_compared(code, (0, 0), pair, _is_of_people(code)) for code, pair in figures.items() if code not in seen]
    for row in found:
        row["is_frozen"] = row["code"] in seen
    return found


def _is_of_people(code):
    indicator = find(code)
    return indicator is not None and indicator.counts_people


def _compared(code, before, now, is_withheld):
    indicator = find(code)
    if _is_of_people(code) and before != now and not is_withheld:
        return _compared_people(indicator, before)
    return {
        "code": code,
        "label": str(indicator.label) if indicator else code,
        "is_same": before == now,
        "is_withheld": is_withheld,
        "frozen": f"{before[0]}/{before[1]}",
        "now": f"{now[0]}/{now[1]}",
        "why": "" if before == now else _why(indicator, before, now),
    }


def _compared_people(indicator, before):
    # Today's figure less the frozen one would be what one person said.
    return {
        "code": indicator.code,
        "label": str(indicator.label),
        "is_same": False,
        "is_withheld": False,
        "frozen": f"{before[0]}/{before[1]}",
        "now": "–",
        "why": _(
            "What people said was added, moved or taken back after the freezing. Today's figure is not shown:"
            " less the frozen one it would tell what a single person said."
        ),
    }


def _why(indicator, before, now):
    if indicator is None:
        return _("The part of the portal that counted this is switched off.")
    more = now[1] - before[1]
    if more > 0:
        return ngettext(
            "%(n)d row was added or moved into this month after the freezing.",
            "%(n)d rows were added or moved into this month after the freezing.",
            more,
        ) % {"n": more}
    if more < 0:
        return ngettext(
            "%(n)d row was moved out of this month or to another unit after the freezing.",
            "%(n)d rows were moved out of this month or to another unit after the freezing.",
            -more,
        ) % {"n": -more}
    return _("As many rows as then, but for some it was recorded afterwards how they ended.")
