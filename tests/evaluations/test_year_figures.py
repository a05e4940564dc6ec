"""A figure of the year beside the months: no subtraction of what is shown tells what few people said."""

import datetime as dt
import random
from fractions import Fraction as F

import pytest

from evaluations.models import Assessment, AssessmentLine, Figure, Snapshot
from evaluations.months import end_of
from evaluations.operations.freezing import freeze_month
from evaluations.queries.assessments import figures_of
from evaluations.queries.year_figures import days_counted, tells_of_few
from evaluations.suppression import Figure as Printed
from evaluations.suppression import leak
from evaluations.withholding import withheld
from portal.kernel.days import day_start
from portal.kernel.indicators import _INDICATORS, Indicator
from portal.ledger.recording import SYSTEM, record
from tests.factories.assessments import make_assessment, make_house
from tests.factories.people import make_unit

YEAR = [dt.date(2026, month, 1) for month in range(1, 13)]
CODE = "test.said"


def _tree(rng):
    paths = ["0001"]
    for works in range(1, rng.randrange(3, 5)):
        paths += [f"0001{works:04d}", *(f"0001{works:04d}{shop:04d}" for shop in range(1, rng.randrange(1, 4)))]
    return paths


def _year(rng, paths, months):
    """Return ({month: {path: people of the unit alone}}, {month: {path: with all below}}, {month: shown paths})."""
    own = {month: {path: rng.choice((0, 0, 1, 2, 3, 5, 7, 11)) for path in paths} for month in months}
    counts = {
        month: {path: n for path in paths if (n := sum(rows[one] for one in rows if one.startswith(path)))}
        for month, rows in own.items()
    }
    shown = {month: set(rows) - withheld(rows, k=5) for month, rows in counts.items()}
    return own, counts, shown


def _all_figures(own, shown, years):
    """Return every figure that is shown, over cells of one unit in one month."""

    def about(path, months):
        return {((month, one), "q"): F(1) for month in months for one in own[month] if one.startswith(path)}

    monthly = [Printed((month, path), about(path, [month]), 5) for month in own for path in sorted(shown[month])]
    return monthly + [Printed(("year", *one), about(*one), 5) for one in years]


def test_no_months_and_years_together_tell_what_few_said():
    """Over random years, by the exact elimination that appraisals are proved with, on cells the chooser never saw."""
    rng = random.Random("years")
    passed = leaking = 0
    for turn in range(60):
        paths, months = _tree(rng), YEAR[: rng.choice((2, 3, 4))] if turn else YEAR
        own, counts, shown = _year(rng, paths, months)
        sizes = {(month, path): n for month, rows in own.items() for path, n in rows.items()}
        asked = [(path, tuple(span)) for path in paths[1:] for span in (months, months[:-1])]
        rng.shuffle(asked)
        years, naive = [], []
        for path, span in asked:
            whole = sum(counts[month].get(path, 0) for month in span)
            if whole and not tells_of_few(path, span, years, counts, shown, k=5):
                assert whole >= 5
                years.append((path, span))
            if whole >= 5:
                naive.append((path, span))
        assert leak(_all_figures(own, shown, years), sizes) is None, (own, shown, years)
        passed += len(years)
        leaking += leak(_all_figures(own, shown, naive), sizes) is not None
    # No idle case: judged by its own size alone most of these years would give months away, and many may be shown.
    assert passed > 100 and leaking > 40, (passed, leaking)


WORKS, OTHER, TOP = "00010001", "00010002", "0001"


@pytest.mark.parametrize(
    ("counts", "shown", "others", "tells"),
    [
        # All months shown: the year is their sum.
        ([{TOP: 20, WORKS: 8}, {TOP: 20, WORKS: 6}], [{TOP, WORKS}, {TOP, WORKS}], [], False),
        # One month of three people withheld: year minus the other month is these three.
        ([{TOP: 20, WORKS: 8}, {TOP: 20, WORKS: 3}], [{TOP, WORKS}, {TOP}], [], True),
        # Withheld only to guard another works: the year would tell that one by way of the enterprise.
        ([{TOP: 20, WORKS: 8}, {TOP: 9, WORKS: 6, OTHER: 3}], [{TOP, WORKS}, {TOP}], [], True),
        # Two withheld months of five people together, and many others beside them in both.
        ([{TOP: 20, WORKS: 2}, {TOP: 20, WORKS: 3}], [{TOP}, {TOP}], [], False),
        ([{TOP: 20, WORKS: 2}, {TOP: 20, WORKS: 2}], [{TOP}, {TOP}], [], True),
        # Nothing at all is shown of the months: only the size counts.
        ([{TOP: 4, WORKS: 4}, {TOP: 4, WORKS: 4}], [set(), set()], [], False),
        # The same year of the same works is shown already up to the month before.
        ([{TOP: 20, WORKS: 8}, {TOP: 20, WORKS: 3}], [set(), set()], [(WORKS, (YEAR[0],))], True),
        # A workshop's year is shown already: what the works has beside it is of three.
        (
            [{TOP: 40, WORKS: 9, WORKS + "0001": 6}, {TOP: 40, WORKS: 0}],
            [{TOP}, {TOP}],
            [(WORKS + "0001", tuple(YEAR[:2]))],
            True,
        ),
        # A unit that came from elsewhere: more people below than above.
        ([{TOP: 20, WORKS: 3, WORKS + "0001": 9}, {TOP: 20, WORKS: 8}], [{TOP, WORKS}, {TOP, WORKS}], [], True),
    ],
)
def test_a_year_is_shown_or_withheld(counts, shown, others, tells):
    months = YEAR[: len(counts)]
    said = tells_of_few(WORKS, months, others, dict(zip(months, counts, strict=True)),
                        dict(zip(months, shown, strict=True)), k=5)  # fmt: skip
    assert said is tells


@pytest.fixture
def house(db):
    return make_house()


@pytest.fixture
def said(house, monkeypatch):
    """An indicator of what people said; ``said[month] = {unit: (satisfied, people)}``."""
    rows = {}

    def figures(since, until, within):
        found = [
            (unit.path, *pair) for month, own in rows.items() if since <= month < until for unit, pair in own.items()
        ]
        return [row for row in found if within is None or row[0].startswith(within.path)]

    plain = dict.fromkeys(("label", "formula", "numerator", "denominator", "source"), "")
    monkeypatch.setitem(
        _INDICATORS, CODE, Indicator(code=CODE, figures=figures, behind=None, counts_people=True, **plain)
    )
    return rows


def _freeze(months):
    for month in months:
        freeze_month(month=month, at=day_start(end_of(month)))


def _year_of(unit, *, until=dt.date(2026, 5, 1), at=None):
    return figures_of(unit, [CODE], since=YEAR[0], until=until, at=at or day_start(until))[CODE]


def test_the_withheld_month_cannot_be_had_from_the_year(house, said):
    for month, n in zip(YEAR[:4], (6, 8, 3, 7), strict=True):
        said[month] = {house.works: (2, n), house.office: (5, 9)}
    _freeze(YEAR[:4])
    shown = Snapshot.objects.filter(scorecard__unit=house.works, indicator=CODE, is_withheld=False)
    assert sorted(shown.values_list("denominator", flat=True)) == [6, 7, 8]
    # 24 people spoke; with 21 of them shown month by month the year would be the other three.
    assert _year_of(house.works) == (0, 0, True)
    # Without the month of few the year is what everybody can add up.
    assert _year_of(house.works, until=YEAR[2]) == (4, 14, False)


def test_a_year_is_made_of_frozen_months_and_not_of_todays_rows(house, said):
    for month in YEAR[:3]:
        said[month] = {house.works: (4, 8)}
    _freeze(YEAR[:3])
    said[YEAR[1]] = {house.works: (5, 9)}  # moved here afterwards: one person's word
    said[YEAR[3]] = {house.works: (1, 1)}  # not over yet
    at = day_start(YEAR[3]) + dt.timedelta(days=9)
    assert _year_of(house.works, until=dt.date(2026, 4, 10), at=at) == (12, 24, False)
    indicator = _INDICATORS[CODE]
    assert days_counted(indicator, YEAR[0], dt.date(2026, 4, 10), at) == (YEAR[0], YEAR[3], YEAR[:3])
    # Read at a moment when only two were frozen, as its page is drawn later.
    assert days_counted(indicator, YEAR[0], YEAR[3], day_start(YEAR[2]))[1:] == (YEAR[2], YEAR[:2])
    # Where nothing was frozen yet it ends before what the first sheet will show.
    assert days_counted(indicator, dt.date(2025, 1, 1), dt.date(2025, 6, 10), at)[1:] == (dt.date(2025, 6, 10), None)


def test_before_the_first_sheet_a_year_ends_where_sheets_begin(house, said):
    at = day_start(dt.date(2026, 4, 10))
    for month in (YEAR[1], YEAR[2], YEAR[3]):
        said[month] = {house.works: (4, 8)}
    assert _year_of(house.works, until=dt.date(2026, 4, 10), at=at) == (4, 8, False)  # February alone


def test_a_second_year_sees_the_first_and_a_moved_unit_proves_nothing(house, said):
    shop = make_unit(house.works)
    deep = make_unit(make_unit(shop))
    for month in YEAR[:4]:
        said[month] = {shop: (1, 2), house.office: (9, 40)}  # the enterprise is shown, neither of the two is
    _freeze(YEAR[:4])
    assert _year_of(house.works) == (4, 8, False)
    assert _year_of(deep) == (0, 0, True)  # it has no sheet: what it said is in that of its workshop
    one = make_assessment(house, "self", year=2026, at=day_start(YEAR[3]))
    Assessment.objects.filter(pk=one.pk).update(frozen_on=YEAR[3], opened_at=day_start(YEAR[3]))
    line = AssessmentLine.objects.filter(assessment=one).first()
    Figure.objects.create(line=line, indicator=CODE, weight=1, numerator=3, denominator=6)
    # The three months before are shown by now: four months would say what the two of April said.
    assert _year_of(house.works) == (0, 0, True)
    # So would the other works, by way of the enterprise; three months of it say nothing new.
    assert _year_of(house.office) == (0, 0, True)
    assert _year_of(house.office, until=YEAR[3]) == (27, 120, False)
    record(verb="unit.moved", subject=deep, actor=SYSTEM, at=day_start(YEAR[3]), from_unit="A", to_unit="B")
    assert _year_of(house.office, until=YEAR[3]) == (0, 0, True)
