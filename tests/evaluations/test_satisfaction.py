"""The yearly satisfaction poll: who is asked, what is kept and what is not, once a year, evidence for assessments."""

import datetime as dt
import random
import uuid
from collections import Counter
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from evaluations.enums import Level
from evaluations.models import SatisfactionPart, SatisfactionPoll, SatisfactionTally
from evaluations.operations.reminding import remind_satisfaction
from evaluations.operations.running import run_due
from evaluations.operations.satisfaction import draw_up_satisfaction
from evaluations.queries.assessments import figures_of
from evaluations.queries.satisfaction import electorate_of, open_for, result_of, satisfaction_for
from evaluations.satisfaction_counting import kept_of
from evaluations.suppression import Figure, determines, is_telling, leak
from portal.accounts.enums import Role
from portal.ballots import operations as box
from portal.ballots.models import Ballot, Elector, Result
from portal.kernel.days import local_day
from portal.kernel.indicators import indicator_of
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.appraisals import make_round
from tests.factories.people import make_officer, make_person, make_unit
from tests.factories.satisfaction import (
    AT,
    CLOSED,
    COUNTED,
    DAY,
    DRAFT,
    OPEN,
    SHARED,
    answer,
    finish,
    fresh,
    make_poll,
    staff_in,
)

MOMENT = dt.timedelta(microseconds=1)
K = {"k_total": 5, "k_breakdown": 10}
RNG = random.Random("satisfaction")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


# What may be kept -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "kept"),
    [
        ({}, []),
        ({"": {"5": 2, "1": 2, "dk": 40}}, []),
        ({"": {"5": 3, "1": 2, "dk": 9}}, [(None, 5, 3, False)]),
        # From ten on with the spread; nearly all the same is a band at its edge and has none.
        ({"": {"5": 6, "4": 2, "2": 2}}, [(None, 10, 8, False)]),
        ({"": {"5": 10}}, [(None, 10, 9, True)]),
        ({"": {"5": 5, "4": 14, "1": 1}}, [(None, 20, 18, True)]),
        ({"": {"1": 20}}, [(None, 20, 2, True)]),
        # A part of fewer than ten, and then the next smallest, which would tell it.
        (
            {"p1": {"5": 9, "1": 11}, "p2": {"5": 15, "1": 15}, "p3": {"5": 6, "1": 3}},
            [(None, 59, 30, False), ("p2", 30, 15, False)],
        ),
        # A rest that all said the same of tells what they said, however many they are.
        (
            {"p1": {"5": 9, "1": 11}, "p2": {"5": 15, "1": 15}, "": {"5": 12}},
            [(None, 62, 36, False), ("p2", 30, 15, False)],
        ),
        (
            {"p1": {"5": 9, "1": 11}, "p2": {"5": 15, "1": 15}, "": {"5": 6, "2": 6}},
            [(None, 62, 30, False), ("p1", 20, 9, False), ("p2", 30, 15, False)],
        ),
    ],
)
def test_what_is_kept_of_answers(counts, kept):
    found = kept_of(counts, **K)
    assert [(one.part, one.answered, one.satisfied, one.is_band) for one in found] == kept
    spreads = [one.spread for one in found if one.spread]
    assert bool(spreads) == bool(kept and kept[0][1] >= 10 and not kept[0][3])


def test_nothing_about_few_can_be_computed_from_a_thousand_rosters():
    """P7 for this poll: solved by elimination over all figures that are exact, not by the code that chose them."""
    shown = hidden = 0
    for n in range(1000):
        parts = ["", *(f"p{n:03d}" for n in range(1, RNG.randint(2, 7)))]
        counts = {
            part: Counter(
                RNG.choices(Level.values, RNG.choice(((5, 4, 2, 1, 1), (9, 1, 0, 0, 0))), k=RNG.randint(0, 40))
            )
            for part in parts
        }
        sizes = {part: sum(own.values()) for part, own in counts.items()}
        kept = kept_of(counts, **K)
        whole = {(part, "q"): Fraction(size) for part, size in sizes.items() if size}
        exact = [
            Figure(one.part or "all", {(one.part, "q"): Fraction(1)} if one.part else whole, 10 if one.part else 5)
            for one in kept
            if not one.is_band
        ]
        assert leak(exact, sizes) is None
        # Of every set of parts: what the figures tell of it alone is about nobody, or about many who differ.
        for mask in range(1, 2 ** len(parts) if n % 10 == 0 else 1):
            some = [part for place, part in enumerate(parts) if mask >> place & 1 and sizes[part]]
            cells = {(part, "q"): Fraction(sizes[part]) for part in some}
            if cells and determines(exact, Figure("some", cells, 1)) is not None:
                happy = sum(counts[part][level] for part in some for level in ("5", "4"))
                people = sum(sizes[part] for part in some)
                assert people >= 10 or cells == whole
                assert not is_telling({True: happy, False: people - happy}, k=5)
        shown += len(exact)
        hidden += sum(bool(part) for part in parts) - sum(bool(one.part) for one in kept)
    assert shown > 1000 and hidden > 1000


# Who is asked -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_everybody_of_the_unit_is_asked_and_few_are_no_part():
    works = make_unit(make_unit())
    big, small, tiny = (make_unit(works) for _n in range(3))
    own = [make_person(unit=works, job_no=f"A{n}") for n in range(2)]
    for shop, size in ((big, 15), (small, 11), (tiny, 4)):
        staff_in(shop, size)
    left = make_person(unit=big, is_active=False)
    stranger = make_person(unit=make_unit(make_unit()))
    listed = electorate_of(works, 10)
    # Six belong to no part of ten; so the smallest part goes with them.
    assert Counter(part for _person, part in listed) == {"p001": 15, "": 17}
    people = [person for person, _part in listed]
    assert len(set(people)) == 32 and not {left.pk, stranger.pk} & set(people) and {one.pk for one in own} < set(people)
    staff_in(tiny, 6)
    assert Counter(part for _person, part in electorate_of(works, 10)) == {"p001": 15, "p002": 11, "": 12}
    staff_in(works, 8)
    assert Counter(part for _person, part in electorate_of(works, 10)) == {"p001": 15, "p002": 11, "p003": 10, "": 10}
    # One part alone is the whole.
    assert {part for _person, part in electorate_of(big, 10)} == {""}


@pytest.mark.django_db
def test_a_poll_is_drawn_up_once_a_year_by_the_union_for_enough_people():
    made = make_poll(DRAFT)
    shop = made.shops[0][0].unit
    plain = {
        "unit": make_unit(made.company),
        "scrutineers": made.scrutineers,
        "closes_at": AT + DAY,
        "key": uuid.uuid4(),
        "actor": made.officer,
        "at": AT,
    }
    staff_in(plain["unit"], 4)
    for over, said in (
        ({"actor": make_person(unit=made.unit)}, "Only the union of this unit"),
        ({"actor": make_officer(Role.UNION_CHAIR, made.unit)}, "Only the union of this unit"),
        ({}, "Fewer than 5 people would be asked"),
        ({"unit": made.unit}, "or a part of it, is asked this year already"),
        ({"unit": made.company}, "or a part of it, is asked this year already"),
        ({"unit": shop}, "or a part of it, is asked this year already"),
        ({"closes_at": AT + 40 * DAY}, "at most 30 days"),
    ):
        with pytest.raises(OperationRefused, match=said):
            draw_up_satisfaction(**{**plain, **over})
    staff_in(plain["unit"], 1)
    one = draw_up_satisfaction(**plain)
    assert draw_up_satisfaction(**plain) == one
    with pytest.raises(Conflict):
        draw_up_satisfaction(**{**plain, "actor": make_officer(Role.UNION_OFFICER, made.company)})
    assert SatisfactionPoll.objects.count() == 2
    # Given up, it makes room for another one; one year later so does the next.
    box.discard_poll(poll_id=made.poll.pk, actor=made.officer, at=AT)
    draw_up_satisfaction(**{**plain, "unit": made.unit, "key": uuid.uuid4()})
    year = AT.replace(year=2027)
    draw_up_satisfaction(**{**plain, "unit": made.unit, "key": uuid.uuid4(), "at": year, "closes_at": year + DAY})
    verbs = Entry.objects.filter(verb__startswith="satisfaction.").values_list("verb", flat=True)
    assert Counter(verbs) == {"satisfaction.drawn_up": 4, "satisfaction.given_up": 1}


# From the opening to the result -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_poll_keeps_counts_only_and_publishes_once():
    made = make_poll(OPEN, shops=(14, 12, 5))
    one, two, few = made.shops
    assert Notice.objects.filter(kind="satisfaction.opened").count() == 31
    parts = {part.code: part.unit for part in SatisfactionPart.objects.filter(satisfaction=made.row)}
    assert parts == {"p001": one[0].unit}  # five are too few, so the next smallest goes with them
    answer(made, one[:6], "5", "1")
    answer(made, one[6:], "2", "dk")
    answer(made, two[:7], "4", "4")
    answer(made, few, "1", "2")
    assert [row.has_sent for row in open_for(one[0], AT)] == [True]
    assert [row.has_sent for row in open_for(two[9], AT)] == [False]
    assert list(open_for(made.officer, AT)) == [] and list(open_for(two[9], made.poll.closes_at)) == []
    with pytest.raises(OperationRefused):
        box.cast_ballot(
            poll_id=made.poll.pk,
            person=two[9],
            answers={"disclosure": "5", "congress": "5"},
            at=made.poll.closes_at,
        )
    with pytest.raises(ValueError, match="does not take"):
        answer(made, two[9:10], "6")
    finish(made)
    result = Result.objects.get(poll=made.poll)
    assert (result.issued, result.returned, result.valid, result.questions, result.answers) == (31, 26, 26, {}, {})
    assert Ballot.objects.filter(poll=made.poll).exclude(ciphertext=b"").count() in (0, 26)
    rows = SatisfactionTally.objects.order_by("subject", "part").values_list(
        "subject", "part__code", "answered", "satisfied", "is_band"
    )
    assert sorted(rows, key=str) == [
        # Twelve shop-one answers on the congress are six, of whom nothing is kept.
        ("congress", None, 18, 7, False),
        ("disclosure", "p001", 14, 6, False),
        ("disclosure", None, 26, 13, False),
    ]
    assert list(open_for(one[0], AT)) == []
    shown = result_of(made.row)
    assert [(row.label, row.words) for row in shown["whole"]] == [
        ("disclosure of the affairs of the enterprise", "50%"),
        ("workers' congress and delegates", "39%"),
    ]
    [(unit, [(_d, disclosure), (_c, congress)])] = shown["shown"]
    assert shown["hidden"] == []
    assert (unit, disclosure.words, congress) == (one[0].unit, "43%", None)
    assert shown["spreads"][0][1] == ["23%", "27%", "0%", "31%", "19%"]
    facts = Entry.objects.get(verb="satisfaction.published").facts
    assert (facts["valid"], facts["electors"]) == (26, 31)
    box.publish_poll(poll_id=made.poll.pk, actor=made.officer, at=AT + 9 * DAY)
    assert Entry.objects.filter(verb="satisfaction.published").count() == 1
    with pytest.raises(TypeError):
        SatisfactionTally.objects.update(satisfied=0)
    with pytest.raises(OperationRefused, match="once a year and not repeated"):
        box.repeat_poll(poll_id=made.poll.pk, closes_at=AT + 9 * DAY, actor=made.officer, at=AT)


@pytest.mark.django_db
def test_reminders_go_to_everybody_and_do_not_look_who_has_sent():
    made = make_poll(OPEN, shops=(6, 5))
    answer(made, made.shops[0][:4])
    closing, everybody = made.poll.closes_at, sorted(f"person:{one.pk}" for shop in made.shops for one in shop)
    act = {"satisfaction_id": made.row.pk, "actor": made.officer}
    for _press in range(2):
        remind_satisfaction(**act, at=AT)
    # The union's reminder does not take the place of the one before the closing, which comes once.
    assert run_due(at=closing - DAY - MOMENT) == 0
    # Before the closing as after it a form that came in meanwhile changes nothing.
    answer(made, made.shops[1][:3], at=closing - DAY)
    assert (run_due(at=closing - DAY), run_due(at=closing - DAY), run_due(at=closing)) == (1, 0, 0)
    told = Notice.objects.filter(kind="satisfaction.reminded").values_list("desk", flat=True)
    assert sorted(told) == sorted(everybody * 2)
    assert Entry.objects.filter(verb="satisfaction.reminded").count() == 2
    assert all(entry.facts == {} for entry in Entry.objects.filter(verb="satisfaction.reminded"))
    for who, at, words in (
        (made.officer, closing, "Forms are not being taken now"),
        (made.shops[0][0], AT, "Only the union of this unit"),
    ):
        with pytest.raises(OperationRefused, match=words):
            remind_satisfaction(satisfaction_id=made.row.pk, actor=who, at=at)
    assert Entry.objects.filter(verb="satisfaction.reminded").count() == 2


@pytest.mark.django_db
def test_nobody_is_reminded_of_a_poll_that_is_given_up_or_was_opened_a_moment_ago():
    short = make_poll(SHARED, shops=(6,))
    late = short.poll.closes_at - DAY
    box.open_poll(poll_id=short.poll.pk, actor=short.officer, at=late)
    assert run_due(at=late + MOMENT) == 0  # its opening was told this very moment
    draft = make_poll(SHARED, shops=(6,))
    assert run_due(at=draft.poll.closes_at - MOMENT) == 0
    with pytest.raises(OperationRefused, match="Forms are not being taken now"):
        remind_satisfaction(satisfaction_id=draft.row.pk, actor=draft.officer, at=AT)
    assert not Notice.objects.filter(kind="satisfaction.reminded").exists()


@pytest.mark.django_db
def test_the_clock_asks_as_often_for_three_polls_and_rounds_as_for_one():
    counts = []
    for more in (1, 2):
        for _one in range(more):
            poll, rated = make_poll(OPEN, shops=(6,)), make_round()
        at = min(poll.poll.closes_at, rated.round.closes_at) - 2 * DAY
        with CaptureQueriesContext(connection) as seen:
            assert run_due(at=at) == 0
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_of_fewer_than_five_answers_nothing_is_kept():
    made = make_poll(OPEN, shops=(9,))
    answer(made, made.shops[0][:4], "5", "5")
    finish(made)
    assert not SatisfactionTally.objects.exists()
    found = result_of(made.row)
    assert (found["whole"], found["spreads"], found["shown"]) == ([], [], [])
    for code in ("disclosure", "congress"):
        since = local_day(AT).replace(month=1, day=1)
        figures = figures_of(made.unit, [f"satisfaction.{code}"], since=since, until=since.replace(year=2027), at=AT)
        assert figures == {f"satisfaction.{code}": (0, 0, True)}


@pytest.mark.django_db
def test_a_unit_that_has_shrunk_is_not_asked():
    made = make_poll(SHARED, shops=(6,))
    for person in made.shops[0][:2]:
        person.is_active = False
        person.save(update_fields=["is_active"])
    with pytest.raises(OperationRefused, match="Fewer than 5 people"):
        box.open_poll(poll_id=made.poll.pk, actor=made.officer, at=AT)
    assert not Elector.objects.exists()


@pytest.mark.django_db
def test_a_void_count_makes_room_for_another_poll(monkeypatch):
    made = make_poll(CLOSED)
    monkeypatch.setattr("portal.ballots.operations.counting.is_out_of_step", lambda *args, **kwargs: True)
    box.count_poll(poll_id=made.poll.pk, codes=made.shares[:2], actor=made.officer, at=AT + 3 * DAY)
    assert fresh(made).row.is_given_up and not SatisfactionTally.objects.exists()
    box.publish_poll(poll_id=made.poll.pk, actor=made.officer, at=AT + 3 * DAY)
    make_poll(DRAFT, unit=made.unit, officer=made.officer, shops=(0,))


@pytest.mark.django_db
def test_who_knows_of_a_poll():
    made = make_poll(COUNTED)
    person, stranger = made.shops[0][0], make_person(unit=made.company)
    other = make_officer(Role.UNION_CHAIR, make_unit(made.company))
    found = {
        name: satisfaction_for(who, made.row.pk) is not None for name, who in vars(made).items() if name == "officer"
    }
    found |= {"asked": satisfaction_for(person, made.row.pk) is not None}
    found |= {"stranger": satisfaction_for(stranger, made.row.pk) is not None}
    found |= {"other": satisfaction_for(other, made.row.pk) is not None}
    assert found == {"officer": True, "asked": True, "stranger": False, "other": False}
    box.publish_poll(poll_id=made.poll.pk, actor=made.officer, at=AT + 3 * DAY)
    assert satisfaction_for(stranger, made.row.pk) == made.row
    assert satisfaction_for(stranger, uuid.uuid4()) is None


@pytest.mark.django_db
def test_the_database_keeps_thresholds_and_small_tallies_out():
    row = make_poll(DRAFT).row
    with pytest.raises(IntegrityError, match="satisfaction_thresholds_protect"), transaction.atomic():
        SatisfactionPoll.objects.filter(pk=row.pk).update(k_total=4)
    part = SatisfactionPart.objects.create(satisfaction=row, code="p001", unit=row.unit)
    for over in ({"answered": 4}, {"answered": 9, "part": part}, {"answered": 10, "satisfied": 11}):
        with pytest.raises(IntegrityError, match="satisfaction_tally_of_enough"), transaction.atomic():
            SatisfactionTally.objects.create(**{"satisfaction": row, "subject": "congress", "satisfied": 1, **over})


# Evidence ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_share_is_evidence_of_each_unit_that_is_shown_by_itself():
    made = make_poll(OPEN, shops=(10, 12, 11))
    one, two, three = made.shops
    answer(made, one, "5")
    answer(made, two[:7], "4")
    answer(made, two[7:], "1")
    answer(made, three[:6], "5")
    answer(made, three[6:], "2")
    since = local_day(AT).replace(month=1, day=1)
    until = since.replace(year=2027)
    code, indicator = "satisfaction.disclosure", indicator_of("satisfaction.disclosure")

    def figure(unit, since=since, until=until):
        return figures_of(unit, [code], since=since, until=until, at=AT)[code]

    assert figure(made.unit) == (0, 0, False)  # nothing before the publication
    finish(made)
    # Shop one is all of one mind, a band; so the smallest other one is not shown, which would tell its number.
    assert figure(made.unit) == (23, 33, False)
    assert figure(one[0].unit) == (9, 10, False)
    assert figure(two[0].unit) == (7, 12, False)
    assert figure(three[0].unit) == (0, 0, True)
    assert figure(made.company) == (23, 33, False)
    assert figure(make_unit(made.company)) == (0, 0, False)
    closed_on = local_day(made.poll.closes_at)
    assert figure(made.unit, since=closed_on, until=closed_on + DAY) == (23, 33, False)
    assert figure(made.unit, until=closed_on) == figure(made.unit, since=closed_on + DAY) == (0, 0, False)
    for unit, lines in ((made.unit, 1), (one[0].unit, 1), (made.company, 1), (make_unit(made.company), 0)):
        found = indicator.behind(unit, since, until, made.officer).lines
        assert [(line.text, line.is_counted) for line in found] == [(str(made.row), None)] * lines


@pytest.mark.django_db
def test_an_officer_who_reads_english_asks_in_the_enterprises_language():
    with translation.override("en"):
        poll = make_poll(DRAFT).poll
    words = [poll.title, *(question.text for question in poll.definition.questions)]
    words += [option.label for question in poll.definition.questions for option in question.options]
    assert [one for one in words if any("a" <= letter.lower() <= "z" for letter in one)] == []
    assert "满意" in words[1]
