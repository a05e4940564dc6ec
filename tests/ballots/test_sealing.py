"""Codes and the box: what opens it, what does not, and that all ballots look alike."""

import itertools
import json
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.ballots import sealing
from portal.ballots.codes import ALPHABET, SHARE_LENGTH, VOTE_LENGTH, Mistyped, in_groups, new_code, read_code
from portal.ballots.definition import Definition, Option, Question
from tests.factories.ballots import make_definition

POLL = uuid.UUID(int=7)


@given(st.sampled_from([SHARE_LENGTH, VOTE_LENGTH]), st.data())
@settings(max_examples=60)
def test_every_wrong_character_and_every_two_changed_about_are_found(length, data):
    code = new_code(length)
    place = data.draw(st.integers(0, length))
    wrong = data.draw(st.sampled_from(ALPHABET.replace(code[place], "")))
    with pytest.raises(Mistyped):
        read_code(code[:place] + wrong + code[place + 1 :], length)
    here = data.draw(st.integers(0, length - 1))
    swapped = code[:here] + code[here + 1] + code[here] + code[here + 2 :]
    if swapped != code:
        with pytest.raises(Mistyped):
            read_code(swapped, length)
    for text in (code[:-1], code + "0", "", "中" * (length + 1)):
        with pytest.raises(Mistyped):
            read_code(text, length)


def test_a_code_is_read_as_it_was_meant():
    code = new_code(VOTE_LENGTH)
    shown = in_groups(code)
    assert [len(group) for group in shown.split("-")] == [4, 4, 4, 4]
    typed = shown.lower().replace("0", "o").replace("1", "l").replace("-", " - ")
    assert read_code(typed, VOTE_LENGTH) == code
    assert len({new_code(VOTE_LENGTH) for _time in range(500)}) == 500


def test_any_two_shares_open_the_box_and_one_does_not():
    shares = {seat: sealing.share_of(new_code(SHARE_LENGTH), poll_id=POLL) for seat in (1, 2, 3)}
    public, blobs = sealing.new_poll_key({seat: sealing.public_part(share) for seat, share in shares.items()})
    assert sorted(blobs) == [(1, 2), (1, 3), (2, 3)]
    for (a, b), blob in blobs.items():
        key = sealing.open_poll_key(blob, shares[a], shares[b], public=public)
        assert sealing.public_part(key) == public
        assert bytes(key) not in blob
        for outer, inner in itertools.product(shares, repeat=2):
            if (outer, inner) != (a, b):
                with pytest.raises(sealing.Unreadable):
                    sealing.open_poll_key(blob, shares[outer], shares[inner], public=public)
        with pytest.raises(sealing.Unreadable):
            sealing.open_poll_key(blob, shares[a], shares[b], public=b"\1" * 32)


def test_the_same_code_is_another_share_in_another_poll():
    code = new_code(SHARE_LENGTH)
    assert bytes(sealing.share_of(code, poll_id=POLL)) != bytes(sealing.share_of(code, poll_id=uuid.UUID(int=8)))
    assert bytes(sealing.share_of(code, poll_id=POLL)) == bytes(sealing.share_of(code, poll_id=POLL))


def test_all_ballots_of_a_poll_have_one_length_and_open_to_what_was_put_in():
    private = sealing.PrivateKey.generate()
    public, box = sealing.public_part(private), sealing.box_of(private)
    definition = make_definition(matters=["甲", "乙"], candidates=["张三", "李四", "王五"], seats=2, can_write_in=True)
    size = definition.ballot_size
    ballots = [
        {"q1": said, "q2": "against", "q3": {"marks": marks, "names": names}}
        for said, marks, names in [("for", [], []), ("abstain", ["c1", "c2"], []), ("for", [], ["\U0002000b" * 20] * 2)]
    ]
    sealed = [sealing.seal_ballot(ballot, public=public, size=size) for ballot in ballots]
    assert len({len(one) for one in sealed}) == 1
    assert [sealing.open_ballot(one, box=box, size=size) for one in sealed] == ballots
    assert sealing.seal_ballot(ballots[0], public=public, size=size) != sealed[0]
    damaged = bytes([sealed[0][0] ^ 1]) + sealed[0][1:]
    with pytest.raises(sealing.Unreadable):
        sealing.open_ballot(damaged, box=box, size=size)
    with pytest.raises(ValueError, match="longest"):
        sealing.seal_ballot({"q1": "x" * size}, public=public, size=size)


def test_no_answer_is_longer_than_the_longest():
    options = tuple(Option(f"c{n}", f"人{n}") for n in range(1, 31))
    for question in (
        Question("q1", "election", "选", options=options, seats=30, can_write_in=True),
        Question("q1", "election", "选", options=options, seats=29, can_write_in=True),
        Question("q1", "vote", "甲"),
    ):
        longest = len(json.dumps({"q1": question.longest_answer()}, ensure_ascii=False, separators=(",", ":")).encode())
        assert longest < Definition((question,)).ballot_size
    assert Definition((Question("q1", "vote", "甲"),)).ballot_size == 512
