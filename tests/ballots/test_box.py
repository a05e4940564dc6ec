"""The box's operations: every state, every refusal, the count and what it leaves."""

import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.accounts.enums import Role
from portal.accounts.roster.diff import Plan
from portal.accounts.roster.guards import ask_guards
from portal.ballots import operations as does
from portal.ballots import owners
from portal.ballots.codes import SHARE_LENGTH, in_groups, new_code
from portal.ballots.enums import TRANSITIONS, Grade, PollState
from portal.ballots.models import (
    Ballot,
    Elector,
    KeyBlob,
    Participation,
    Poll,
    PrintedCode,
    Result,
    Scrutineer,
)
from portal.ballots.operations import counting
from portal.ballots.operations.core import move
from portal.ballots.queries import elector_with_poll
from portal.kernel.inserting import insert_one
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import ALLOWED, OperationRefused, denied
from portal.ledger.models import Entry
from tests.factories import ballots as made
from tests.factories.ballots import AT, make_definition, make_poll, vote
from tests.factories.people import make_officer, make_person, make_unit

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=3)


def verbs(poll):
    return [e.verb for e in Entry.objects.filter(subject=f"ballots.poll:{poll.pk}").order_by("at")]


def test_a_poll_from_draft_to_published():
    box = make_poll(voters=7)
    said = ["for"] * 4 + ["against"] * 2 + ["abstain"]
    trackers = [vote(box, person, one) for person, one in zip(box.voters, said, strict=True)]
    does.close_poll(poll_id=box.poll.pk, actor=box.officer, at=AT)  # everybody has voted
    result = does.count_poll(poll_id=box.poll.pk, codes=[box.shares[2], box.shares[0]], actor=box.officer, at=AT)
    does.publish_poll(poll_id=box.poll.pk, actor=box.officer, at=AT)
    box.poll.refresh_from_db()
    assert box.poll.state == PollState.PUBLISHED and box.poll.is_rebuilt
    assert result.questions["q1"]["counts"] == {"for": 4, "against": 2, "abstain": 1}
    assert result.questions["q1"]["is_passed"] and not result.is_void
    assert (result.issued, result.returned, result.valid, result.void) == (7, 7, 7, 0)
    assert result.trackers == sorted(trackers)
    assert result.answers == {"q1": [['"abstain"', 1], ['"against"', 2], ['"for"', 4]]}
    # The key is gone, and so is every half of it.
    assert not KeyBlob.objects.exists()
    assert {bytes(row.share_key) for row in Scrutineer.objects.all()} == {b""}
    assert Ballot.objects.count() == Participation.objects.count() == 7
    # Acts on the poll only: no entry has anything to do with a ballot.
    assert verbs(box.poll) == [
        *["poll.drafted", "poll.share_taken", "poll.share_taken", "poll.share_taken", "poll.opened"],
        *["poll.closed", "poll.counted", "poll.published"],
    ]
    assert counting.fingerprint_of(box.poll, Result.objects.get()) == result.sha256


def test_a_place_on_the_list_that_was_read_before_is_good_for_that_person_and_poll_only():
    box, other = make_poll(voters=2), make_poll(voters=1)
    own, another = (elector_with_poll(box.poll.pk, person) for person in box.voters)
    elsewhere = elector_with_poll(other.poll.pk, other.voters[0])
    cast = {"poll_id": box.poll.pk, "person": box.voters[0], "answers": {"q1": "for"}, "at": AT}
    for wrong in (another, elsewhere):
        with pytest.raises(does.NoElector):
            does.cast_ballot(**cast, elector=wrong)
    assert not Participation.objects.exists() and not Ballot.objects.exists()
    # Closed since it was read: what may have changed is read again within the transaction.
    closed = elector_with_poll(other.poll.pk, other.voters[0])
    does.close_due(at=LATER)
    with pytest.raises(OperationRefused):
        does.cast_ballot(**cast, elector=own)
    with pytest.raises(OperationRefused):
        does.cast_ballot(poll_id=other.poll.pk, person=other.voters[0], answers={"q1": "for"}, at=AT, elector=closed)
    assert not Participation.objects.exists() and not Ballot.objects.exists()
    third = make_poll(voters=1)
    place = elector_with_poll(third.poll.pk, third.voters[0])
    cast = {"poll_id": third.poll.pk, "person": third.voters[0], "answers": {"q1": "for"}, "at": AT, "elector": place}
    tracker = does.cast_ballot(**cast)
    with pytest.raises(does.AlreadyVoted):
        does.cast_ballot(**cast)
    assert Ballot.objects.get().tracker == tracker and Participation.objects.get().elector == place


def test_rows_are_written_as_saving_writes_them():
    box = make_poll(voters=2)
    places = [elector_with_poll(box.poll.pk, person) for person in box.voters]
    with CaptureQueriesContext(connection) as asked:
        Participation(elector_id=places[0].pk, poll_id=box.poll.pk).save()
        Ballot(poll_id=box.poll.pk, group="a", ciphertext=b"x", tracker="0" * 10).save()
        saved = len(asked)
        insert_one(Participation(elector_id=places[1].pk, poll_id=box.poll.pk))
        quick = Ballot(poll_id=box.poll.pk, group="a", ciphertext=b"x", tracker="0" * 10)
        insert_one(quick)
    plain, again = asked.captured_queries[:saved], asked.captured_queries[saved:]
    inserts = [one["sql"].split(" VALUES ")[0].split(" SELECT ")[0] for one in plain if one["sql"].startswith("INSERT")]
    assert [one["sql"].split(" VALUES ")[0] for one in again] == inserts
    rows = [{name: bytes(value) if name == "ciphertext" else value for name, value in row.items() if name != "id"}
            for row in Ballot.objects.values()]  # fmt: skip
    assert rows[0] == rows[1] and not quick._state.adding and Ballot.objects.filter(pk=quick.pk).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_one(Participation(elector_id=places[1].pk, poll_id=box.poll.pk))


def test_no_ledger_entry_for_a_vote():
    box = make_poll(voters=3)
    before = Entry.objects.count()
    for person in box.voters:
        vote(box, person)
    assert Entry.objects.count() == before


def test_a_second_ballot_is_refused_and_leaves_the_first():
    box = make_poll(voters=2)
    vote(box, box.voters[0], "for")
    with pytest.raises(does.AlreadyVoted):
        vote(box, box.voters[0], "against")
    assert (Ballot.objects.count(), Participation.objects.count()) == (1, 1)


def test_strangers_drafts_and_the_clock_refuse():
    box = make_poll(voters=2)
    with pytest.raises(does.NoElector):
        vote(box, make_person())
    for at in (box.poll.closes_at, LATER):
        with pytest.raises(OperationRefused):
            vote(box, box.voters[0], at=at)
    draft = make_poll(made.SHARED, voters=1)
    with pytest.raises(does.NoElector):
        vote(draft, draft.voters[0])
    assert not Participation.objects.exists() and not Ballot.objects.exists()
    vote(box, box.voters[0], at=box.poll.closes_at - dt.timedelta(microseconds=1))
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize("state", [made.CLOSED, made.COUNTED, made.PUBLISHED])
def test_no_ballot_after_closing(state):
    box = make_poll(state, voters=2)
    with pytest.raises(OperationRefused):
        vote(box, box.voters[0])
    assert not Participation.objects.exists()


def test_a_strange_answer_never_reaches_the_box():
    box = make_poll(voters=1)
    for answers in ({}, {"q1": "yes"}, {"q1": "for", "q2": "for"}):
        with pytest.raises(ValueError, match="does not take"):
            does.cast_ballot(poll_id=box.poll.pk, person=box.voters[0], answers=answers, at=AT)
    assert not Participation.objects.exists()


def test_the_door_of_the_owner_is_asked_at_every_ballot(monkeypatch):
    box = make_poll(voters=1)
    kind = owners.owner_of(box.poll)
    answer = {"verdict": denied("没有签到")}
    monkeypatch.setitem(
        owners._KINDS,
        kind.code,
        owners.OwnerKind(
            kind.code, "x", kind.electorate, kind.may_manage, may_vote=lambda poll, person, at: answer["verdict"]
        ),
    )
    with pytest.raises(OperationRefused, match="没有签到"):
        vote(box, box.voters[0])
    assert not Participation.objects.exists()
    answer["verdict"] = ALLOWED
    vote(box, box.voters[0])


def test_codes_from_the_box():
    box = make_poll(grade=Grade.PRINTED_CODE, voters=3, codes=12)
    sheets = dict(PrintedCode.objects.values_list("hash", "batch"))
    assert sorted(sheets.values()) == [1] * 10 + [2] * 2
    tracker = does.cast_by_code(code=box.slips[0], answers={"q1": "for"}, at=AT)
    with pytest.raises(does.AlreadyVoted):
        does.cast_by_code(code=box.slips[0], answers={"q1": "against"}, at=AT)
    assert does.void_sheet(poll_id=box.poll.pk, sheet=2, actor=box.officer, at=AT) == 2
    for code in (box.slips[11], new_code(15)):
        with pytest.raises(does.NoElector):
            does.cast_by_code(code=code, answers={"q1": "for"}, at=AT)
    with pytest.raises(OperationRefused):
        does.void_sheet(poll_id=box.poll.pk, sheet=2, actor=box.officer, at=AT)
    with pytest.raises(OperationRefused):
        does.cast_by_code(code=box.slips[1], answers={"q1": "for"}, at=LATER)
    with pytest.raises(OperationRefused):  # by codes only
        vote(box, box.voters[0])
    result = does.count_poll(poll_id=box.poll.pk, codes=box.shares[:2], actor=box.officer, at=LATER)
    assert (result.issued, result.returned, result.taken_part, result.trackers) == (10, 1, 1, [tracker])
    assert not PrintedCode.objects.filter(hash__in=box.slips).exists()


def test_p04_shares_open_the_box_only_by_two_and_only_once(monkeypatch):
    box = make_poll(made.CLOSED, voters=3)
    other = make_poll(made.SHARED)
    one, two, three = box.shares
    spoilt = one[:-1] + ("0" if one[-1] != "0" else "1")
    for codes, place, why in (
        ([one, one], 1, counting.SAME),
        ([one, new_code(SHARE_LENGTH)], 1, counting.NOT_A_SHARE),
        ([other.shares[0], two], 0, counting.NOT_A_SHARE),
        ([spoilt, two], 0, counting.MISTYPED),
        ([one, ""], 1, counting.MISTYPED),
    ):
        with pytest.raises(does.WrongShare) as wrong:
            does.count_poll(poll_id=box.poll.pk, codes=codes, actor=box.officer, at=AT)
        assert (wrong.value.place, wrong.value.why) == (place, why)

    def broken(poll):
        raise RuntimeError("power cut")

    monkeypatch.setattr(counting, "rebuild", broken)
    with pytest.raises(RuntimeError):
        does.count_poll(poll_id=box.poll.pk, codes=[one, two], actor=box.officer, at=AT)
    monkeypatch.undo()
    box.poll.refresh_from_db()
    assert box.poll.state == PollState.CLOSED and not Result.objects.exists()
    assert KeyBlob.objects.filter(poll=box.poll).count() == 3  # still sealed, still to be opened
    first = does.count_poll(poll_id=box.poll.pk, codes=[in_groups(three).lower(), one], actor=box.scrutineers[1], at=AT)
    again = does.count_poll(poll_id=box.poll.pk, codes=["x", "y"], actor=box.officer, at=LATER)
    assert Result.objects.get() == first == again and again.sha256 == first.sha256
    assert verbs(box.poll).count("poll.counted") == 1


@pytest.mark.parametrize("pair", list(itertools.permutations(range(3), 2)))
def test_any_two_of_the_three_open_the_box(pair):
    box = make_poll(made.CLOSED, voters=1)
    does.count_poll(poll_id=box.poll.pk, codes=[box.shares[place] for place in pair], actor=box.officer, at=AT)
    assert Result.objects.count() == 1


def test_a_ballot_put_in_behind_the_door_voids_the_poll():
    box = make_poll(voters=3)
    vote(box, box.voters[0])
    row = Ballot.objects.get()
    Ballot(poll=box.poll, ciphertext=row.ciphertext, tracker=row.tracker).save()  # as root could
    result = does.count_poll(poll_id=box.poll.pk, codes=box.shares[:2], actor=box.officer, at=LATER)
    assert result.is_void and result.questions == {} and result.returned == 2 and result.taken_part == 1
    again = does.repeat_poll(poll_id=box.poll.pk, closes_at=LATER + dt.timedelta(hours=1), actor=box.officer, at=LATER)
    assert again.repeat_of == box.poll and again.state == PollState.DRAFT
    assert again.definition_json == box.poll.definition_json
    assert Result.objects.filter(poll=box.poll).exists()


def test_a_damaged_ballot_is_void_and_the_others_count():
    box = make_poll(voters=2)
    vote(box, box.voters[0])
    Participation(elector=Elector.objects.get(person=box.voters[1]), poll=box.poll).save()
    Ballot(poll=box.poll, ciphertext=b"x" * 560, tracker="0" * 10).save()
    result = does.count_poll(poll_id=box.poll.pk, codes=box.shares[:2], actor=box.officer, at=LATER)
    assert (result.returned, result.valid, result.void) == (2, 1, 1)


def test_closing_early_takes_everybody_or_two_signatures():
    box = make_poll(voters=2)
    close = lambda who, at=AT: does.close_poll(poll_id=box.poll.pk, actor=who, at=at)  # noqa: E731 -- said six times
    assert close(box.officer).state == PollState.OPEN
    with pytest.raises(OperationRefused):
        close(box.officer)
    with pytest.raises(OperationRefused):
        close(make_person())
    assert close(box.scrutineers[0]).state == PollState.CLOSED
    full = make_poll(voters=1)
    vote(full, full.voters[0])
    does.close_poll(poll_id=full.poll.pk, actor=full.officer, at=AT)
    how = Entry.objects.filter(verb="poll.closed").order_by("at").values_list("facts__how", flat=True)
    assert sorted(how) == ["complete", "two_signatures"]


def test_the_clock_closes_without_anybody():
    box = make_poll(voters=2)
    assert does.close_due(at=box.poll.closes_at - dt.timedelta(microseconds=1)) == 0
    with pytest.raises(OperationRefused):
        does.count_poll(poll_id=box.poll.pk, codes=box.shares[:2], actor=box.officer, at=AT)
    assert does.close_due(at=box.poll.closes_at) == 1
    assert does.close_due(at=LATER) == 0
    assert Entry.objects.get(verb="poll.closed").facts["how"] == "clock"


def test_opening_needs_all_shares_and_codes_and_time():
    for state, over in (
        (made.DRAFT, {}),
        (made.SHARED, {"grade": Grade.PRINTED_CODE}),
        (made.SHARED, {"unit": make_unit(make_unit())}),
    ):
        box = make_poll(state, **over)  # without shares, without codes, without anybody on the list
        with pytest.raises(OperationRefused):
            does.open_poll(poll_id=box.poll.pk, actor=box.officer, at=AT)
    box = make_poll(made.SHARED, voters=1)
    for who, at in ((box.officer, box.poll.closes_at), (box.scrutineers[0], AT), (make_person(), AT)):
        with pytest.raises(OperationRefused):
            does.open_poll(poll_id=box.poll.pk, actor=who, at=at)
    assert not Elector.objects.exists() and not KeyBlob.objects.exists()


def test_shares_are_taken_once_by_scrutineers_and_called_back_together():
    box = make_poll(made.DRAFT)
    take = lambda who: does.take_up_share(poll_id=box.poll.pk, actor=who, at=AT)  # noqa: E731 -- said often
    first = take(box.scrutineers[0])
    for who in (box.scrutineers[0], box.officer, make_person()):
        with pytest.raises(OperationRefused):
            take(who)
    kept = bytes(Scrutineer.objects.get(person=box.scrutineers[0]).share_key)
    does.reset_shares(poll_id=box.poll.pk, actor=box.officer, at=AT)
    assert take(box.scrutineers[0]) != first
    assert bytes(Scrutineer.objects.get(person=box.scrutineers[0]).share_key) != kept


def test_who_draws_up_a_poll_and_with_which_scrutineers():
    company = make_unit()
    shop = make_unit(company)
    people = [make_person() for _place in range(3)]
    officer = make_officer(Role.UNION_OFFICER, shop)

    def draft(actor=officer, scrutineers=people, closes_at=LATER, unit=shop):
        return does.draft_poll(
            owner_kind="trial",
            owner_id=unit.code,
            title="试投票",
            grade=Grade.SIGNED_IN,
            definition=make_definition(),
            scrutineers=scrutineers,
            closes_at=closes_at,
            actor=actor,
            at=AT,
            is_test=True,
        )

    gone = make_person(is_active=False)
    for over in (
        {"actor": make_person()},
        {"unit": company},
        {"scrutineers": people[:2]},
        {"scrutineers": [*people[:2], people[0]]},
        {"scrutineers": [*people[:2], officer]},
        {"scrutineers": [*people[:2], gone]},
        {"closes_at": AT},
    ):
        with pytest.raises(OperationRefused):
            draft(**over)
    assert draft().state == PollState.DRAFT
    assert Poll.objects.count() == 1


def test_a_small_group_is_no_group(monkeypatch):
    box = make_poll(made.SHARED, voters=6)
    kind = owners.owner_of(box.poll)
    keys = [person.pk for person in box.voters]
    sizes = {"a": 4}
    listed = lambda poll, at: [(pk, "a" if n < sizes["a"] else "b" * 0) for n, pk in enumerate(keys)]  # noqa: E731 -- a stand-in
    monkeypatch.setitem(owners._KINDS, kind.code, owners.OwnerKind(kind.code, "x", listed, kind.may_manage))
    with pytest.raises(OperationRefused):
        does.open_poll(poll_id=box.poll.pk, actor=box.officer, at=AT)
    sizes["a"] = 5
    does.open_poll(poll_id=box.poll.pk, actor=box.officer, at=AT)
    vote(box, box.voters[0])
    assert Ballot.objects.get().group == "a"


def test_a_roster_waits_while_a_vote_that_counts_is_open():
    plan = Plan()
    make_poll(voters=1)
    assert ask_guards(plan=plan, actor=None, at=AT)
    box = make_poll(voters=1, is_test=False)
    assert not ask_guards(plan=plan, actor=None, at=AT)
    assert ask_guards(plan=plan, actor=None, at=box.poll.closes_at)


@pytest.mark.parametrize("source", PollState.values)
@pytest.mark.parametrize("target", PollState.values)
def test_every_state_by_every_state(source, target):
    poll = Poll(state=source)
    if target in TRANSITIONS.get(source, ()):
        with pytest.raises(Exception) as raised:
            move(poll, target)
        assert not isinstance(raised.value, IllegalTransition)
    else:
        with pytest.raises(IllegalTransition):
            move(poll, target)
