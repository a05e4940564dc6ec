"""
The bad input of a session: each is refused or answered in words, and nothing is lost.

Vote twice, after the close, not signed in; a wrong share, counted twice; a roster while a vote is open; a delegate
recalled in the middle; the quorum lost between items; nobody votes at all; a hundred staff exactly.
"""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from congress.enums import ItemState
from congress.minutes import course_of
from congress.models import Mandate, Session, SessionPoll
from congress.operations import endings, running, speaking
from congress.operations import hall as door
from congress.queries.hall import attendance_of
from congress.queries.minutes import minutes_of
from portal.accounts.models import Person
from portal.accounts.roster.diff import Plan
from portal.accounts.roster.guards import ask_guards
from portal.ballots import operations as box
from portal.ballots.models import Ballot, Participation, Result
from portal.kernel.verdicts import OperationRefused
from tests.congress.test_hall import box_of, come, convened
from tests.congress.test_session_pages import console, get
from tests.factories.congress import make_staff, make_term, record, staff_of_unit
from tests.signing import signed_in as sign_in

MINUTE = dt.timedelta(minutes=1)


def to_the_vote(house, items, *, there=21):
    """Open a session and take its items to their vote; returns (session, items, people there)."""
    session = convened(house, items=items)
    at = session.opens_at
    people = [one.person for one in come(session, house, there, at)]
    door.open_session(session_id=session.pk, actor=house.officer, at=at)
    for item in session.items.order_by("position"):
        running.call_item(item_id=item.pk, actor=house.officer, at=at)
        while (item := type(item).objects.prefetch_related("stages").get(pk=item.pk)).state == "running":
            stage = "candidates" if item.kind == "elect" else ("report", "discuss")[item.stages.count()]
            running.pass_stage(item_id=item.pk, stage=stage, actor=house.officer, at=at)
    return (
        Session.objects.select_related("term__unit").get(pk=session.pk),
        list(session.items.order_by("position")),
        people,
    )


def cast(client, poll_id, said="for"):
    answer = client.post(reverse("ballots:ballot", args=[poll_id]), {"q1": said, "step": "cast"})
    return answer.status_code, answer.content.decode()


def test_ballots_that_come_twice_too_late_or_from_outside(client, hall):
    session, items, people = to_the_vote(hall, [("approve", {})])
    at = session.opens_at
    row, shares = box_of(hall, session, items, at)
    box.open_poll(poll_id=row.poll_id, actor=hall.officer, at=at)
    absent = Mandate.objects.filter(term=session.term_id, state="active").exclude(person__in=people).first().person
    with time_machine.travel(at, tick=False):
        assert cast(client, row.poll_id)[0] == 302, "nobody is signed in: first the sign-in"
        sign_in(client, absent)
        status, page = cast(client, row.poll_id)
        assert status == 403 and "只有已签到且在会场的代表可以投票" in page
        sign_in(client, hall.stranger)
        assert cast(client, row.poll_id)[0] == 404
        assert not Participation.objects.exists() and not Ballot.objects.exists()
        sign_in(client, people[0])
        assert "选票已投入" in cast(client, row.poll_id)[1]
        status, page = cast(client, row.poll_id, "against")
        assert status == 200 and "您已投票" in page and Ballot.objects.count() == 1
        # A roster waits, in words, while this vote is open.
        verdict = ask_guards(plan=Plan(), actor=hall.chair, at=at)
        assert not verdict and "有表决正在进行" in str(verdict.reason)
    later = row.poll.closes_at
    with time_machine.travel(later, tick=False):
        assert ask_guards(plan=Plan(), actor=hall.chair, at=later)
        sign_in(client, people[1])
        status, page = cast(client, row.poll_id)
        assert status == 403 and "投票已经截止" in page and Ballot.objects.count() == 1
        # A wrong share is said beside its field and opens nothing; counted twice is counted once.
        sign_in(client, hall.officer)
        count = reverse("ballots:count", args=[row.poll_id])
        wrong = shares[0][:-1] + ("0" if shares[0][-1] != "0" else "1")
        for codes in ((wrong, shares[1]), (shares[1], shares[1])):
            answer = client.post(count, {"code_one": codes[0], "code_two": codes[1]})
            assert answer.status_code == 422 and 'id="error-summary"' in answer.content.decode(), codes
        assert not Result.objects.exists()
        done = [client.post(count, {"code_one": shares[0], "code_two": shares[2]}).status_code for _ in range(2)]
        assert done[0] == 302 and done[1] in (302, 403, 409)
    result = Result.objects.get()
    assert (result.returned, result.questions["q1"]["counts"]["for"]) == (1, 1)


def test_a_delegate_is_recalled_in_the_middle_of_a_session(client, hall):
    session, items, people = to_the_vote(hall, [("approve", {}), ("approve", {"title": "集体合同"})])
    at = session.opens_at
    row, shares = box_of(hall, session, items, at)
    box.open_poll(poll_id=row.poll_id, actor=hall.officer, at=at)
    said = {"q1": "for", "q2": "for"}
    mandates = Mandate.objects.filter(term=session.term_id, person__in=people).exclude(person=hall.officer)
    voted, silent = mandates.filter(electing_unit__unit=hall.shops[0]).exclude(person=hall.branch)[:2]
    box.cast_ballot(poll_id=row.poll_id, person=voted.person, answers=said, at=at)
    for one in (voted, silent):
        staff = len(staff_of_unit(one.electing_unit))
        endings.record_recall(
            mandate_id=one.pk, record=record(at.date(), staff), votes=staff, actor=hall.chair, at=at + MINUTE
        )
    # They count as there no more, the whole stays as it was fixed; one short of the quorum now.
    figures = attendance_of(session)
    assert (figures.present, figures.whole, figures.short) == (19, 30, 1)
    with time_machine.travel(at + 2 * MINUTE, tick=False):
        sign_in(client, silent.person)
        status, page = cast(client, row.poll_id)
        assert status == 403 and "只有已签到且在会场的代表可以投票" in page
        get(client, "my_session", session.pk, expect=404)
        sign_in(client, voted.person)
        assert "您已投票" in cast(client, row.poll_id)[1], "the ballot that is in stays in: nobody knows which it is"
    with pytest.raises(OperationRefused):
        door.sign_in(session_id=session.pk, mandate_id=silent.pk, actor=hall.officer, at=at + 2 * MINUTE)
    for person in people:
        if person.pk not in (voted.person_id, silent.person_id):
            box.cast_ballot(poll_id=row.poll_id, person=person, answers=said, at=at + 3 * MINUTE)
    box.count_poll(poll_id=row.poll_id, codes=shares[:2], actor=hall.officer, at=row.poll.closes_at)
    box.publish_poll(poll_id=row.poll_id, actor=hall.officer, at=row.poll.closes_at)
    result = Result.objects.get()
    assert (result.taken_part, result.returned, result.is_void) == (20, 20, False)
    assert {item.state for item in session.items.all()} == {ItemState.ADOPTED}


def test_nobody_votes_and_nothing_is_adopted(hall):
    session, items, _people = to_the_vote(
        hall, [("approve", {}), ("elect", {"title": "选举职工董事", "names": ["张三", "李四"], "seats": 1})]
    )
    row, shares = box_of(hall, session, items, session.opens_at)
    box.open_poll(poll_id=row.poll_id, actor=hall.officer, at=session.opens_at)
    later = row.poll.closes_at
    assert box.close_due(at=later) == 1
    box.count_poll(poll_id=row.poll_id, codes=shares[:2], actor=hall.officer, at=later)
    box.publish_poll(poll_id=row.poll_id, actor=hall.officer, at=later)
    result = Result.objects.get()
    assert (result.issued, result.returned, result.is_void) == (29, 0, False), "one seat of thirty is vacant"
    assert [(one.state, one.elected) for one in session.items.order_by("position")] == [(ItemState.REJECTED, [])] * 2
    door.close_session(session_id=session.pk, actor=hall.officer, at=later)
    session.refresh_from_db()
    number = SessionPoll.objects.get().poll.number
    lines = {one.item.title: course_of(one, session)[-2] for one in minutes_of(session).items}
    assert lines["选举职工董事"] == f"投票{number}：张三0，李四0；以全体代表30名为基数，通过须16票。"
    assert lines[items[0].title] == f"投票{number}：赞成0，反对0，弃权0；以全体代表30名为基数，通过须16票。"


def test_others_are_written_in_only_where_the_agenda_says_so_and_a_tie_is_among_those_who_stand(hall):
    election = {"title": "选举职工董事", "names": ["张三", "李四"], "seats": 2, "can_write_in": True}
    session, (free, strict), people = to_the_vote(
        hall, [("elect", election), ("elect", {**election, "title": "选举监事", "can_write_in": False})], there=29
    )
    at = session.opens_at
    row, shares = box_of(hall, session, [free, strict], at)
    box.open_poll(poll_id=row.poll_id, actor=hall.officer, at=at)
    nobody = {"says": {"c1": "abstain", "c2": "abstain"}, "names": []}
    with pytest.raises(ValueError, match="does not take"):
        written = {"says": nobody["says"], "names": ["赵六"]}
        box.cast_ballot(poll_id=row.poll_id, person=people[0], answers={"q1": nobody, "q2": written}, at=at)
    for place, person in enumerate(people):
        # 26 for 张三, 16 each for 李四 and for 赵六, who is written in: equal votes for the second seat.
        first, second, other = place < 26, place < 13 or place >= 26, place >= 13
        says = {"c1": "for" if first else "against", "c2": "for" if second else "against"}
        said = {"q1": {"says": says, "names": ["赵六"] if other else []}, "q2": nobody}
        box.cast_ballot(poll_id=row.poll_id, person=person, answers=said, at=at)
    box.count_poll(poll_id=row.poll_id, codes=shares[:2], actor=hall.officer, at=row.poll.closes_at)
    box.publish_poll(poll_id=row.poll_id, actor=hall.officer, at=row.poll.closes_at)
    free.refresh_from_db()
    strict.refresh_from_db()
    assert (free.state, free.elected, free.names) == (ItemState.TO_VOTE, ["张三"], ["张三", "李四", "赵六"])
    assert (strict.state, strict.elected) == (ItemState.REJECTED, [])
    line = next(one for one in minutes_of(session).items if one.item == free).votes[0]
    assert (line.counts, line.tied) == ((("张三", 26), ("李四", 16), ("赵六", 16)), ("李四", "赵六"))
    later, _shares = box_of(hall, session, [free], row.poll.closes_at)
    (question,) = later.poll.definition.questions
    assert ([one.label for one in question.options], question.seats) == (["李四", "赵六"], 1)
    assert not question.can_write_in


def test_the_quorum_is_lost_between_items_and_the_list_of_speakers_goes_on_with_who_is_there(client, hall):
    session = convened(hall, items=[("consult", {}), ("consult", {"title": "年度计划"})])
    at = session.opens_at
    there = come(session, hall, 21, at)
    act = {"actor": hall.officer, "at": at}
    door.open_session(session_id=session.pk, **act)
    first, second = session.items.order_by("position")
    running.call_item(item_id=first.pk, **act)
    gone, recalled, stays = there[:3]
    turns = [speaking.ask_for_word(session_id=session.pk, actor=one.person, at=at) for one in (gone, recalled, stays)]
    with time_machine.travel(at, tick=False):
        sign_in(client, hall.officer)
        console(client, session, "leave", who=gone.person.job_no)
        Mandate.objects.filter(pk=recalled.pk).update(state="recalled")
        page = console(client, session, "word", speech=turns[0].pk, expect=403)
        assert "该次发言已经安排或已移出名单" in page, "who leaves is off the list"
        page = console(client, session, "word", speech=turns[1].pk, expect=403)
        assert "只有已签到并在场的代表才能发言" in page
        console(client, session, "word", speech=turns[2].pk)
        # 19 of 30: what runs cannot go on, the next is not taken up; with one more it can.
        assert "差1人" in console(client, session, "stage", item=first.pk, stage="report", expect=403)
        assert "差1人" in console(client, session, "call", item=second.pk, expect=403)
        console(client, session, "sign_in", who=gone.person.job_no)
        console(client, session, "stage", item=first.pk, stage="report")
    assert first.stages.count() == 1


def test_a_hundred_staff_exactly_have_a_congress_of_thirty(hall):
    staff = Person.objects.filter(is_active=True, unit__path__startswith=hall.works.path)
    make_staff(hall.shops[0], 100 - staff.count())
    with pytest.raises(OperationRefused, match="30"):
        make_term(hall, "seats", seats=29)
    term = make_term(hall, "seats", seats=30, number=6, begins_on=dt.date(2031, 1, 1))
    assert (staff.count(), term.staff, term.least, term.seats) == (100, 100, 30, 30)
