"""The validity sheet's arithmetic: tables of cases on every border."""

import pytest

from congress import validity
from congress.enums import NEVER_WAIVED, Gate, Light
from congress.models import Waiver
from congress.phrases import GATE_RULES
from congress.queries.terms import PresidiumCheck
from congress.seats import seat_rule


@pytest.mark.parametrize(
    ("present", "whole", "is_there", "short"),
    [
        (99, 150, False, 1), (100, 150, True, 0), (150, 150, True, 0), (0, 0, False, 1), (1, 1, True, 0),
        (0, 1, False, 1), (19, 30, False, 1), (20, 30, True, 0), (20, 31, False, 1), (21, 31, True, 0),
        (66, 100, False, 1), (67, 100, True, 0),
    ],
)  # fmt: skip
def test_the_quorum_is_two_thirds_of_all(present, whole, is_there, short):
    assert validity.is_quorum(present, whole) is is_there
    line = validity.quorum_line(present, whole)
    assert (line.light == Light.GREEN, line.short) == (is_there, short)
    if whole:
        assert (present * 3 >= whole * 2) is is_there, "the definition itself"


@pytest.mark.parametrize(
    ("votes", "whole", "half", "passes"),
    [
        (75, 150, False, False), (76, 150, False, True), (74, 150, True, False), (75, 150, True, True),
        (0, 0, False, False), (0, 0, True, False), (1, 1, False, True), (0, 1, True, False), (1, 2, False, False),
        (1, 2, True, True), (75, 149, False, True), (74, 149, True, False), (75, 149, True, True),
    ],
)  # fmt: skip
def test_an_item_passes_with_the_majority_of_all(votes, whole, half, passes):
    assert validity.passes(votes, whole, half_is_enough=half) is passes
    if whole:
        assert (votes * 2 >= whole if half else votes * 2 > whole) is passes, "the definition itself"


def test_the_majority_says_what_is_needed_of_those_there():
    line = validity.majority_line(100, 150, half_is_enough=False)
    assert (line.need, line.have, line.short, line.light) == (76, 100, 0, Light.GREEN)
    assert validity.majority_line(75, 150, half_is_enough=False).short == 1
    assert validity.majority_line(75, 150, half_is_enough=True).light == Light.GREEN
    assert validity.majority_line(0, 0, half_is_enough=False).is_barred


def test_a_hundred_staff_exactly_have_thirty_delegates():
    least = seat_rule("national", 100).least
    assert validity.quota_line(30, least, 100).light == Light.GREEN
    line = validity.quota_line(29, least, 100)
    assert (line.light, line.short) == (Light.RED, 1)


@pytest.mark.parametrize(
    ("in_time", "delegates", "late", "light", "short"),
    [(30, 30, 0, "green", 0), (29, 30, 0, "red", 1), (30, 30, 1, "red", 1), (0, 0, 0, "red", 0)],
)
def test_papers_in_time(in_time, delegates, late, light, short):
    line = validity.notice_line(in_time, delegates, late, 7)
    assert (line.light, line.short) == (light, short)


def test_the_other_lines():
    assert validity.composition_line(0, 0, 20).light == Light.GREEN
    assert validity.composition_line(1, 2, 20).short == 3
    assert validity.credentials_line(None, 30).is_barred
    # Somebody left after the report: 30 are still all there are, and 29 of 30 is no shortfall that the sheet hides.
    line = validity.credentials_line(30, 29)
    assert (line.light, line.have, line.need, dict(line.words)) == (Light.GREEN, 30, None, {"active": 29})
    assert "29" in str(GATE_RULES[line.rule][0]) % dict(line.words)
    assert validity.presidium_line(None, 50).is_barred
    check = PresidiumCheck(count=3, least=3, most=5, front=2, too_few=0, too_many=0, front_short=0)
    assert validity.presidium_line(check, 50).light == Light.GREEN
    assert validity.secrecy_line(0, 0).light == Light.OPEN
    assert validity.secrecy_line(2, 0).light == Light.GREEN
    assert validity.secrecy_line(2, 1).is_barred, "a void vote is repeated first"


def test_what_the_law_demands_without_exception_cannot_be_waived():
    red = [validity.Line(gate, Light.RED, short=1) for gate in Gate]
    on_record = Waiver(short=1)
    after = validity.with_waivers(red, dict.fromkeys(Gate, on_record))
    assert {line.gate for line in after if line.is_barred} == set(NEVER_WAIVED)
    assert all(line.waiver is on_record for line in after if line.light == Light.WAIVED)
    assert validity.barred(validity.with_waivers([validity.quorum_line(99, 150)], {Gate.QUORUM: on_record}))


@pytest.mark.parametrize(("short", "light"), [(1, "waived"), (2, "waived"), (3, "red")])
def test_a_waiver_covers_what_was_short_when_it_was_recorded(short, light):
    line = validity.composition_line(short, 0, 20)
    assert [one.light for one in validity.with_waivers([line], {Gate.COMPOSITION: Waiver(short=2)})] == [light]
