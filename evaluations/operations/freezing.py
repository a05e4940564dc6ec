"""Freezing a month: the figures of every unit as they were, once, with their fingerprint in the ledger."""

from django.db import IntegrityError, transaction

from portal.accounts.desks import nearest_desk
from portal.accounts.enums import Role
from portal.accounts.models import Unit
from portal.accounts.queries import company, rule_value
from portal.kernel.days import day_start, local_day, months_after
from portal.kernel.indicators import known_indicators
from portal.ledger.recording import SYSTEM, record_many
from portal.notices.outbox import post

from .. import scorecard_numbers as numbers
from ..enums.scorecards import ScorecardState
from ..models import FrozenMonth, Scheme, SchemeLine, Scorecard, Snapshot
from ..months import end_of, month_before
from ..queries.figures import figures_of_month
from ..queries.scorecards import lines_of, scheme_for
from ..scoring import DEFAULT_LINES, points_of, print_of, rounded, total_of, value_of
from ..withholding import withheld

LOOK_BACK = 12
SCORED_DEPTH = 2  # works and offices right below the enterprise are paid by their sheet
BATCH = 2000


def freeze_due(*, at):
    """
    Freeze every month that is over and not frozen yet, up to a year back, and return how many sheets that made.

    The first time only the month before: what was long before the portal nobody
    was told of. Asks "over, not frozen" rather than "the last run", so that days
    of downtime lose nothing.
    """
    last = month_before(local_day(at))
    newest = FrozenMonth.objects.order_by("-month").values_list("month", flat=True).first()
    month = last if newest is None else max(months_after(newest, 1), months_after(last, 1 - LOOK_BACK))
    made = 0
    while month <= last:
        made += freeze_month(month=month, at=at)
        month = months_after(month, 1)
    return made


def freeze_month(*, month, at):
    """
    Freeze the sheets of one month and return how many; a month that is frozen, or has no figures, makes none.

    :raises ValueError: when the month is not over.
    """
    if day_start(end_of(month)) > at:
        raise ValueError("a month is frozen when it is over")
    if FrozenMonth.objects.filter(pk=month).exists():
        return 0
    try:
        return _freeze(month, at)
    except IntegrityError:
        if FrozenMonth.objects.filter(pk=month).exists():  # another sweep was quicker
            return 0
        raise


@transaction.atomic
def _freeze(month, at):
    figures = figures_of_month(month)
    units = [unit for unit in Unit.objects.active().select_related("parent").order_by("path") if unit.path in figures]
    if not units:
        return 0
    FrozenMonth.objects.create(month=month, frozen_at=at, sheets=len(units))
    scheme = scheme_for(month) or _first_scheme(month, at)
    lines = lines_of(scheme)
    k = rule_value(numbers.SMALL_N, unit=None, at=at)
    hidden = _hidden(figures, k)
    cards, rows, acts = [], [], []
    for unit in units:
        card, own = _sheet(unit, month, scheme, lines, figures[unit.path], hidden, k, at)
        cards.append(card)
        rows += own
        facts = {"month": month, "unit": unit.code, "scheme": scheme.number, "figures": len(own), "sha256": card.sha256}
        acts.append({"verb": "scorecard.frozen", "subject": card, "actor": SYSTEM, "at": at, **facts})
    Scorecard.objects.bulk_create(cards, batch_size=BATCH)
    Snapshot.objects.bulk_create(rows, batch_size=BATCH)
    record_many(acts)
    _tell(month, sum(card.state == ScorecardState.PROPOSED for card in cards), at)
    return len(cards)


def _hidden(figures, k):
    """Return the (path, indicator) pairs that nobody is shown."""
    found = set()
    for indicator in known_indicators():
        if indicator.counts_people:
            counts = {path: own[indicator.code][1] if indicator.code in own else 0 for path, own in figures.items()}
            found |= {(path, indicator.code) for path in withheld(counts, k=k)}
    return found


def _sheet(unit, month, scheme, lines, figures, hidden, k, at):
    is_scored = unit.depth == SCORED_DEPTH
    pairs, rows = [], []
    # A withheld figure is one of a few numbers: whoever tried them all against the fingerprint would know it.
    shown = [(code, *pair) for code, pair in figures.items() if (unit.path, code) not in hidden]
    card = Scorecard(
        unit=unit,
        month=month,
        scheme=scheme,
        state=ScorecardState.PROPOSED if is_scored else ScorecardState.FIGURES,
        computed_at=at,
        sha256=print_of(unit.code, month, shown),
    )
    for indicator in known_indicators():
        if indicator.code not in figures:
            continue
        numerator, denominator = figures[indicator.code]
        is_hidden = (unit.path, indicator.code) in hidden
        line = lines.get(indicator.code)
        points = None
        if is_scored and line is not None and not is_hidden:
            points = points_for(indicator, line, numerator, denominator)
            pairs.append((points, line.weight))
        rows.append(
            Snapshot(
                scorecard=card,
                indicator=indicator.code,
                numerator=numerator,
                denominator=denominator,
                is_small=denominator < k,
                is_withheld=is_hidden,
                points=points,
            )
        )
    card.proposed = total_of(pairs)
    return card, rows


def points_for(indicator, line, numerator, denominator):
    """Return the points that a scheme's line gives a figure, rounded; None where there is nothing to count."""
    value = value_of(indicator.measure, numerator, denominator)
    return rounded(points_of(value, weight=line.weight, zero_at=line.zero_at, full_at=line.full_at))


def _first_scheme(month, at):
    """Write the first version of the scheme, from the earliest month frozen on."""
    scheme = Scheme.objects.create(number=1, since=month, made_at=at)
    SchemeLine.objects.bulk_create(
        SchemeLine(scheme=scheme, indicator=code, weight=weight, zero_at=zero_at, full_at=full_at)
        for code, weight, zero_at, full_at in DEFAULT_LINES
    )
    return scheme


def _tell(month, waiting, at):
    """Tell those who confirm that sheets wait for them; once a month, however many."""
    root = company()
    if waiting:
        desks = [nearest_desk(Role.UNION_CHAIR, root, at)]
        key = f"scorecard.to_confirm:{month:%Y-%m}"
        post(
            kind="scorecard.to_confirm",
            subject=f"evaluations.frozenmonth:{month}",
            desks=desks,
            at=at,
            key=key,
            month=month,
            count=waiting,
        )
