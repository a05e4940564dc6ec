"""Rounds: planning, announcing, the list, duty reports, the clock, reminders, cancelling; refusals write nothing."""

import datetime as dt
from decimal import Decimal

import pytest

from congress.models import Mandate
from evaluations.enums import ROUND_TRANSITIONS, Direction, RoundState, Source, VoidKind
from evaluations.models import DutyReport, Round, Subject
from evaluations.operations import announcing, core, questionnaires, reports, rounds, running
from evaluations.queries.electorate import electorate_of, sizes_of
from evaluations.queries.rounds import facts_of
from evaluations.rules import rounds as rules
from portal.accounts.enums import Category, Role
from portal.accounts.models import Person
from portal.ballots import operations as box
from portal.ballots.definition import Unfit
from portal.ballots.enums import Grade
from portal.ballots.models import Elector, Participation
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories import appraisals as made
from tests.factories.appraisals import AT, DAY, make_round, make_sheet, rate, refreshed
from tests.factories.congress import make_hall, make_term
from tests.factories.people import make_appointment, make_officer, make_person, make_unit

pytestmark = pytest.mark.django_db
MOMENT = dt.timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


def verbs(rated):
    """The acts on a round in the order of their names; each stands once."""
    rows = Entry.objects.filter(subject=f"evaluations.round:{rated.round.pk}")
    return sorted(verb.removeprefix("appraisal.") for verb in rows.values_list("verb", flat=True))


def test_every_pair_of_states():
    rated = make_round(made.ANNOUNCED)
    needs = {RoundState.CANCELLED: {"reason": "x", "cancelled_at": AT}}
    for source in RoundState:
        for target in RoundState:
            Round.objects.filter(pk=rated.round.pk).update(state=source, **needs.get(source, {}))
            round_ = Round.objects.get(pk=rated.round.pk)
            for name, value in needs.get(target, {}).items():
                setattr(round_, name, value)
            if target in ROUND_TRANSITIONS.get(source, ()):
                core.move(round_, target, fields=list(needs.get(target, ())))
                assert Round.objects.get(pk=round_.pk).state == target
            else:
                with pytest.raises(IllegalTransition):
                    core.move(round_, target)
                assert Round.objects.get(pk=round_.pk).state == source


def test_the_round_carries_the_numbers_of_the_rule_book():
    round_ = make_round(made.DRAFT).round
    found = [
        round_.k_scores,
        round_.k_text,
        round_.k_breakdown,
        round_.trim_above,
        round_.min_sample,
        round_.remark_limit,
    ]
    assert found == [5, 10, 10, 5, 8, 100]
    assert make_round(made.DRAFT, has_remarks=False).round.remark_limit == 0


@pytest.mark.parametrize(
    ("over", "word"),
    [
        ({"closes_at": AT}, "closes before it opens"),
        ({"opens_at": AT - 3 * DAY, "closes_at": AT - DAY}, "closing time is over"),
    ],
)
def test_planning_refuses_impossible_times(over, word):
    with pytest.raises(OperationRefused, match=word):
        make_round(made.DRAFT, **over)
    assert not Round.objects.exists()


def test_only_the_union_of_the_unit_plans_and_nobody_who_is_rated_looks_after_it():
    rated = make_round(made.DRAFT)
    for who in (rated.workers[0], rated.heads[0], make_officer(Role.UNION_OFFICER, make_unit(make_unit()))):
        assert not rules.may_plan(who, rated.unit)
        assert not rules.may_manage(who, rated.round)
    assert rules.may_manage(rated.officer, rated.round)
    rounds.add_subjects(round_id=rated.round.pk, people=[rated.officer], actor=rated.officer, at=AT)
    with pytest.raises(OperationRefused, match="rated in this appraisal yourself"):
        rounds.set_void_rules(round_id=rated.round.pk, kinds=[VoidKind.SAME], actor=rated.officer, at=AT)


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda r: r.groups.filter(code="A").update(weight=Decimal("0.3999")), "add up to 0.9999"),
        (lambda r: Subject.objects.filter(round=r).delete(), "Nobody is rated yet"),
        (lambda r: Person.objects.filter(category=Category.FRONTLINE).update(is_active=False), "Group B 职工 is empty"),
        (lambda r: Person.objects.filter(pk=_worker(r)).update(is_active=False), "Fewer than 5 people of group B"),
        (lambda r: Round.objects.filter(pk=r.pk).update(opens_at=AT - DAY, closes_at=AT), "closing time is over"),
    ],
)
def test_announcing_refuses_a_design_that_cannot_work(spoil, word):
    rated = make_round(made.DRAFT, workers=5)
    assert rules.may_announce(rated.officer, rated.round, facts_of(rated.round, AT), AT)
    Subject.members.through.objects.all().delete() if "Nobody" in word else None
    spoil(rated.round)
    with pytest.raises(OperationRefused, match=word):
        made.STEPS[made.ANNOUNCED](rated, AT)
    assert refreshed(rated).round.state == RoundState.DRAFT
    assert rated.poll is None


def _worker(round_):
    return Person.objects.filter(unit=round_.unit, category=Category.FRONTLINE).order_by("job_no").first().pk


def test_who_is_in_which_group():
    company = make_unit()
    rated = make_round(made.DRAFT)
    key = {"round_id": rated.round.pk, "actor": rated.officer, "at": AT}
    electorate = dict(electorate_of(rated.round, AT))
    leaders = {one.pk: "A" for one in (*rated.subjects, *rated.heads)}
    assert electorate == leaders | {one.pk: "B" for one in rated.workers}
    # In the first group that fits, whatever else somebody is; a worker below counts, an elsewhere does not.
    make_appointment(rated.workers[0], Role.DEPARTMENT_HEAD, rated.unit)
    below = make_person(unit=make_unit(rated.unit), category=Category.FRONTLINE)
    make_person(unit=make_unit(company), category=Category.FRONTLINE)
    old = make_person(unit=rated.unit, category=Category.MANAGER)
    make_appointment(old, Role.DEPARTMENT_HEAD, rated.unit, until=AT - DAY)
    electorate = dict(electorate_of(rated.round, AT))
    assert electorate[rated.workers[0].pk] == "A"
    assert electorate[below.pk] == "B"
    assert len(electorate) == len(leaders) + len(rated.workers) + 1
    group = rounds.add_group(
        name="管理", weight=Decimal("0.1"), sources=[Source.MANAGERS], unit=rated.unit, with_units_below=False, **key
    )
    assert dict(electorate_of(rated.round, AT))[old.pk] == group.code == "C"
    sizes = sizes_of(rated.round, electorate_of(rated.round, AT))
    assert list(sizes.values()) == [{"A": 7, "B": 6, "C": 1}] * 2  # the other subject rates this one


def test_delegates_can_be_a_group():
    make_term(make_hall())
    rated = make_round(made.DRAFT, works=make_unit(), has_groups=False)
    rounds.add_group(
        round_id=rated.round.pk, name="代表", weight=Decimal(1), sources=[Source.DELEGATES], unit=make_unit(),
        with_units_below=True, actor=rated.officer, at=AT,
    )  # fmt: skip
    expected = set(Mandate.objects.live().values_list("person_id", flat=True))
    assert {person for person, _group in electorate_of(rated.round, AT)} == expected
    assert expected


def test_nobody_who_could_rate_nobody_else_is_on_the_list():
    rated = make_round(made.DRAFT, subjects=1)
    assert rated.subjects[0].pk not in dict(electorate_of(rated.round, AT))
    by_code = make_round(made.DRAFT, subjects=2, grade=Grade.PRINTED_CODE)
    rounds.add_subjects(round_id=by_code.round.pk, people=[by_code.workers[0]], actor=by_code.officer, at=AT)
    assert set(dict(electorate_of(by_code.round, AT))) == {one.pk for one in by_code.workers[1:]}


def test_a_team_is_not_rated_by_its_members():
    unit = make_unit(make_unit())
    rated = make_round(made.OPEN, works=unit, subjects=2, teams=[unit])
    team = rated.round.subjects.get(kind="team")
    assert set(team.members.all()) == set(rated.subjects)
    given = made.answers_of(rated, rated.subjects[0])
    assert [value for code, value in given.items() if "i01" in code] == ["skip", "excellent", "skip"]
    rate(rated, rated.subjects[0])


def test_opening_waits_for_every_duty_report_or_a_recorded_reason():
    rated = make_round(made.ANNOUNCED)
    for one in rated.scrutineers:
        box.take_up_share(poll_id=rated.poll.pk, actor=one, at=AT)
    first, second = rated.round.subjects.all()
    act = {"actor": rated.officer, "at": AT}
    reports.add_report(subject_id=first.pk, upload=made.clean_scan(), **act)
    with pytest.raises(OperationRefused, match=f"No duty report of {second.name} has"):
        box.open_poll(poll_id=rated.poll.pk, **act)
    assert not Elector.objects.exists()
    reports.waive_report(subject_id=second.pk, reason="因病请假。", **act)
    box.open_poll(poll_id=rated.poll.pk, **act)
    with pytest.raises(OperationRefused, match="in the state"):
        reports.waive_report(subject_id=first.pk, reason="改主意了。", **act)
    assert list(DutyReport.objects.values_list("waived_reason", flat=True).order_by("subject__order")) == [
        "",
        "因病请假。",
    ]
    acts = ["announced", "changed", "changed", "changed", "list_frozen", "opened", "planned", "report_added"]
    assert verbs(rated) == [*acts, "report_waived"]


def test_the_list_is_frozen_whatever_becomes_of_the_roster():
    rated = make_round()
    size, sha = rated.poll.electorate_size, rated.poll.electorate_sha256
    assert size == 2 + 5 + 6
    late = make_person(unit=rated.unit, category=Category.FRONTLINE)
    with pytest.raises(box.NoElector):
        rate(rated, late)
    rated.poll.refresh_from_db()
    assert (rated.poll.electorate_size, rated.poll.electorate_sha256) == (size, sha)
    assert len(sha) == 64


@pytest.mark.parametrize(
    ("moment", "word"),
    [
        (AT + DAY - MOMENT, "not begun yet"),
        (AT + DAY, None),
        (AT + 3 * DAY - MOMENT, None),
        (AT + 3 * DAY, "closed|over"),
        (AT + 6 * DAY, "closed|over"),
    ],
)
def test_the_door_looks_at_the_clock_and_not_at_the_worker(moment, word):
    rated = make_round(made.OPEN, opens_at=AT + DAY)
    assert rated.round.state == RoundState.ANNOUNCED  # frozen before its time; nobody has written the opening down
    if word is None:
        rate(rated, rated.workers[0], at=moment)
        assert Participation.objects.count() == 1
    else:
        with pytest.raises(OperationRefused, match=word):
            rate(rated, rated.workers[0], at=moment)
        assert not Participation.objects.exists()


def test_the_clock_is_written_down_and_told_once():
    rated = make_round(made.OPEN, opens_at=AT + DAY)
    assert running.run_due(at=AT + DAY - MOMENT) == 0
    assert running.run_due(at=AT + DAY) == 1
    assert running.run_due(at=AT + DAY) == 0
    assert refreshed(rated).round.state == RoundState.OPEN
    told = Notice.objects.filter(kind="appraisal.opened")
    assert set(told.values_list("desk", flat=True)) == {f"person:{key}" for key in _listed(rated)}
    assert running.run_due(at=AT + 2 * DAY - MOMENT) == 0
    assert running.run_due(at=AT + 2 * DAY) == 1
    assert running.run_due(at=AT + 2 * DAY + DAY / 2) == 0
    box.close_due(at=AT + 3 * DAY)
    assert refreshed(rated).round.state == RoundState.CLOSED
    acts = ["announced", "changed", "changed", "changed", "closed", "list_frozen", "opened", "planned"]
    assert verbs(rated) == [*acts, "reminded", "report_added", "report_waived"]


def _listed(rated):
    return Elector.objects.filter(poll=rated.poll).values_list("person_id", flat=True)


def test_a_worker_that_stood_still_changes_nothing_but_the_news():
    rated = make_round(made.OPEN, opens_at=AT + DAY)
    rate(rated, rated.workers[0], at=AT + 2 * DAY)
    box.close_due(at=AT + 6 * DAY)
    assert refreshed(rated).round.state == RoundState.CLOSED
    assert rated.round.opened_at == AT + DAY


def test_reminders_go_to_everybody_and_do_not_look_who_has_sent():
    rated = make_round()
    rate(rated, rated.workers[0])
    running.remind_round(round_id=rated.round.pk, actor=rated.officer, at=AT)
    running.remind_round(round_id=rated.round.pk, actor=rated.officer, at=AT)
    told = Notice.objects.filter(kind="appraisal.reminded").values_list("desk", flat=True)
    assert sorted(told) == sorted(f"person:{key}" for key in _listed(rated))
    assert verbs(rated).count("reminded") == 1, "a second press changes nothing"
    with pytest.raises(OperationRefused, match="Forms are not being taken now"):
        running.remind_round(round_id=rated.round.pk, actor=rated.officer, at=rated.round.closes_at)


def test_a_reminder_by_the_union_does_not_take_the_place_of_the_one_before_the_closing():
    rated = make_round()
    running.remind_round(round_id=rated.round.pk, actor=rated.officer, at=AT)
    closing = rated.round.closes_at
    assert running.run_due(at=closing - DAY - MOMENT) == 0
    assert (running.run_due(at=closing - DAY), running.run_due(at=closing - DAY)) == (1, 0)
    assert verbs(rated).count("reminded") == 2


def test_cancelling_has_a_reason_and_ends_with_the_frozen_list():
    rated = make_round(made.REPORTED)
    act = {"round_id": rated.round.pk, "reason": "机构调整，推迟到明年。", "actor": rated.officer, "at": AT}
    announcing.cancel_round(**act)
    assert refreshed(rated).round.state == RoundState.CANCELLED
    assert rated.poll.state == "discarded"
    frozen = make_round(made.OPEN, opens_at=AT + DAY)
    with pytest.raises(OperationRefused, match="list is frozen"):
        announcing.cancel_round(**act | {"round_id": frozen.round.pk, "actor": frozen.officer})
    assert refreshed(frozen).round.state == RoundState.ANNOUNCED


def test_the_box_lets_nobody_publish_repeat_or_give_up_past_the_round():
    rated = make_round(made.ANNOUNCED)
    act = {"poll_id": rated.poll.pk, "actor": rated.officer, "at": AT}
    with pytest.raises(OperationRefused, match="on its own page"):
        box.discard_poll(**act)
    counted = make_round(made.COUNTED)
    act = {"poll_id": counted.poll.pk, "actor": counted.officer, "at": counted.round.closes_at}
    with pytest.raises(OperationRefused, match="on its own page"):
        box.publish_poll(**act)
    with pytest.raises(OperationRefused, match="on its own page"):
        box.repeat_poll(**act, closes_at=AT + 30 * DAY)
    Round.objects.filter(pk=counted.round.pk).update(state=RoundState.PUBLISHED)
    assert box.publish_poll(**act).state == "published"


def test_nothing_is_changed_once_it_was_announced():
    rated = make_round(made.ANNOUNCED)
    key = {"round_id": rated.round.pk, "actor": rated.officer, "at": AT}
    group = rated.round.groups.first()
    subject = rated.round.subjects.first()
    for act in (
        lambda: rounds.change_round(title="别的", **key),
        lambda: rounds.add_subjects(people=[rated.workers[0]], **key),
        lambda: rounds.remove_subject(subject_id=subject.pk, **key),
        lambda: rounds.set_void_rules(kinds=[], **key),
        lambda: rounds.remove_group(group_id=group.pk, **key),
        lambda: rounds.add_group(
            name="x", weight=Decimal(1), sources=["staff"], unit=rated.unit, with_units_below=True, **key
        ),
    ):
        with pytest.raises(OperationRefused, match="announced"):
            act()
    assert rated.round.subjects.count() == 2
    assert rated.round.groups.count() == 2


def test_two_sides_find_each_other_and_only_opposites_do():
    up = make_round(made.DRAFT, direction=Direction.UP)
    over = {"works": up.unit, "officer": up.officer, "sheet": up.round.edition}
    for direction in (Direction.UP, Direction.SINGLE):
        with pytest.raises(OperationRefused, match="one upwards and one downwards"):
            make_round(made.DRAFT, direction=direction, counterpart=up.round, **over)
    down = make_round(made.DRAFT, direction=Direction.DOWN, counterpart=up.round, **over)
    refreshed(up)
    assert (up.round.counterpart, down.round.counterpart) == (down.round, up.round)
    assert rules.sides_of(up.round) == [up.round, down.round]
    with pytest.raises(OperationRefused, match="another side already"):
        make_round(made.DRAFT, direction=Direction.DOWN, counterpart=up.round, **over)


def test_scrutineers_are_not_rated():
    rated = make_round(made.DRAFT)
    rated.scrutineers[1] = rated.subjects[0]
    with pytest.raises(OperationRefused, match="cannot be one of its scrutineers"):
        made.STEPS[made.ANNOUNCED](rated, AT)


def test_a_sheet_is_written_in_editions_that_add_up():
    unit = make_unit()
    officer = make_officer(Role.UNION_OFFICER, unit)
    edition = make_sheet(
        unit, officer, dimensions=[("德", Decimal("0.5"), ["诚信", "公道", "守纪"]), ("能", Decimal("0.5"), [])]
    )
    shares = list(edition.dimensions.get(name="德").items.values_list("weight", flat=True))
    assert shares == [Decimal("0.3334"), Decimal("0.3333"), Decimal("0.3333")]
    assert [row.points for row in edition.scale_points.all()] == [100, 80, 60, 40]
    act = {"questionnaire_id": edition.questionnaire_id, "source": "", "actor": officer, "at": AT}
    second = questionnaires.add_edition(scale="score", step=5, dimensions=[("绩", Decimal(1), [])], **act)
    assert (second.number, second.step, second.scale_points.count()) == (2, 5, 0)
    with pytest.raises(OperationRefused, match="add up to 1"):
        questionnaires.add_edition(scale="grade", step=None, dimensions=[("绩", Decimal("0.99"), [])], **act)
    assert edition.questionnaire.editions.count() == 2


def test_twenty_people_by_five_dimensions_with_remarks_fit_and_thirty_do_not():
    rated = make_round(made.ANNOUNCED, subjects=20)
    definition = rated.poll.definition
    assert len(definition.questions) == 20 * 5 + 20
    assert definition.ballot_size < 16 * 1024
    with pytest.raises(OperationRefused, match="up to 20"):
        make_round(made.DRAFT, subjects=21)


def test_only_an_owner_that_counts_itself_may_ask_for_words():
    rated = make_round(made.ANNOUNCED)
    box_made = {"owner_kind": "trial", "owner_id": rated.unit.code, "title": "x", "grade": Grade.SIGNED_IN}
    with pytest.raises(Unfit):
        box.draft_poll(
            **box_made, definition=rated.poll.definition, scrutineers=rated.scrutineers, closes_at=AT + DAY,
            actor=rated.officer, at=AT,
        )  # fmt: skip
