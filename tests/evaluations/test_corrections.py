"""What an upheld objection puts right of a figure of what people said: only where that tells of many."""

import uuid
from decimal import Decimal as D

import pytest
from django.utils import timezone

from evaluations.models import Correction, Objection, Scorecard, Snapshot
from evaluations.operations.objecting import decide_objection
from evaluations.rules.scorecards import is_dropped_by
from portal.ledger.models import Entry
from tests.factories.scorecards import FIRST, LATER, MONTH, confirm, contest, make_scene, make_sheet, owe
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
SAID = "card.satisfied"


@pytest.fixture
def scene():
    return make_scene()


@pytest.fixture
def scheme(scene):
    owe(scene.works, kept=1)
    return make_sheet(scene).scheme


def sheet_with(scene, scheme, frozen, *, month):
    """Make a confirmed sheet with a frozen figure of what people said, and one of other things."""
    card = Scorecard.objects.create(
        unit=scene.works, month=month, scheme=scheme, state="proposed", computed_at=FIRST, proposed=D("50")
    )
    for code, (above, below), points in ((SAID, frozen, D("2.00")), ("briefing.held", (3, 4), D("6.00"))):
        Snapshot.objects.create(
            scorecard=card,
            indicator=code,
            numerator=above,
            denominator=below,
            is_small=False,
            is_withheld=False,
            points=points,
        )
    return confirm(scene, card)


def uphold(scene, card, right, code=SAID):
    """Object to a figure and uphold it; return the correction and what the ledger has of it."""
    objection = contest(scene, card, code, key=uuid.uuid4())
    decide_objection(
        objection_id=objection.pk,
        is_upheld=True,
        numerator=right[0],
        denominator=right[1],
        answer="已核对，予以支持。",
        actor=scene.chair,
        at=LATER,
    )
    card.refresh_from_db()
    number = objection.inquiry.number
    entry = next(one for one in Entry.objects.filter(verb__startswith="scorecard.") if is_end(one, number))
    return Correction.objects.get(objection=objection), entry


def is_end(entry, number):
    return entry.facts.get("number") == number and entry.verb != "scorecard.contested"


@pytest.mark.parametrize(
    ("frozen", "right", "is_dropped"),
    [
        # One said otherwise, one came in, two went out: who knows both figures knows what they said.
        ((6, 9), (7, 9), True),
        ((6, 9), (6, 10), True),
        ((6, 9), (5, 7), True),
        ((6, 9), (10, 13), True),
        # Too few stand behind the right one.
        ((6, 9), (3, 4), True),
        ((6, 9), (11, 14), False),
        ((6, 9), (0, 0), False),
        ((6, 9), (6, 9), False),
    ],
)
def test_the_right_figure_is_neither_printed_nor_kept_where_it_tells_of_few(scene, scheme, frozen, right, is_dropped):
    card = sheet_with(scene, scheme, frozen, month=MONTH.replace(year=2025))
    assert card.total == D("50.00")  # (2 + 6) of (8 + 8)
    correction, entry = uphold(scene, card, right)
    assert (correction.numerator, correction.denominator) == ((0, 0) if is_dropped else right)
    if is_dropped:
        assert (entry.verb, correction.points) == ("scorecard.figure_dropped", None)
        assert entry.facts.keys() == {"indicator", "number", "total"}
        # Whatever the right figure would have given: the other one stands for the whole.
        assert card.total == D("75.00")
    else:
        assert entry.verb == "scorecard.objection_upheld" and entry.facts["denominator"] == right[1]


def test_every_figure_that_was_printed_can_be_subtracted(scene, scheme):
    card = sheet_with(scene, scheme, (6, 9), month=MONTH.replace(year=2025))
    uphold(scene, card, (11, 14))
    snapshot = Snapshot.objects.get(scorecard=card, indicator=SAID)
    found = {right: is_dropped_by(snapshot, *right, k=5) for right in ((7, 9), (12, 14), (11, 14), (20, 30))}
    assert found == {(7, 9): True, (12, 14): True, (11, 14): False, (20, 30): False}
    other = Snapshot.objects.get(scorecard=card, indicator="briefing.held")
    assert not is_dropped_by(other, 4, 4, k=5)


def test_the_sheet_says_why_a_figure_counts_no_more_and_who_decides_is_told_before(scene, scheme, client):
    card = sheet_with(scene, scheme, (6, 9), month=MONTH.replace(year=2025))
    contest(scene, card, SAID, at=LATER)
    signed_in(client, scene.chair, at=timezone.now())
    url = f"/scorecards/objections/{Objection.objects.get().pk}/"
    assert "漏登一次。正确数与冻结数相差不足5人" in client.get(url).text
    values = {"outcome": "yes", "numerator": "7", "denominator": "9", "answer": "漏计一条评价，予以支持。"}
    assert client.post(url, values).status_code == 302
    page = client.get("/scorecards/YX/2025-04/").text
    assert "该指标不再计入" in page and "异议成立，不再计入" in page
    assert "7/9" not in page and "更正" not in page
    rows = client.get(f"/scorecards/YX/2025-04/{SAID}/").text
    assert "7/9" not in rows and "0/0" not in rows + page
    # Of other things the page of a decision does not speak of people.
    contest(scene, card, "briefing.held", at=LATER)
    open_one = Objection.objects.get(state="open")
    assert "不足5人" not in client.get(f"/scorecards/objections/{open_one.pk}/").text
