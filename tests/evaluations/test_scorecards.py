"""Sheets: frozen once however late, confirmed by a person, contested, corrected beside the figure."""

import datetime as dt
import uuid
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from evaluations.enums import OBJECTION_TRANSITIONS, SCORECARD_TRANSITIONS, ObjectionState, ScorecardState
from evaluations.models import Award, Correction, FrozenMonth, Objection, Scheme, Scorecard, Snapshot
from evaluations.months import end_of
from evaluations.operations.confirming import move_scorecard
from evaluations.operations.freezing import freeze_due, freeze_month
from evaluations.operations.objecting import decide_objection, move_objection
from evaluations.operations.schemes import write_scheme
from evaluations.queries.figures import figures_of_month
from evaluations.queries.scorecards import scorecards_visible_to
from evaluations.scoring import DEFAULT_LINES, print_of
from evaluations.sheets import differences
from feedback.models import Inquiry
from portal.deadlines.models import Promise
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import AppendOnly, Entry
from portal.notices.models import Notice
from tests.factories.people import make_appointment, make_unit
from tests.factories.scorecards import FIRST, LATER, MONTH, confirm, contest, make_scene, make_sheet, owe
from tests.faults.stage import in_parallel
from tests.services import both_engines

DAY, TICK = dt.timedelta(days=1), dt.timedelta(microseconds=1)
LINES = {code: tuple(map(D, rest)) for code, *rest in DEFAULT_LINES}


@pytest.fixture(autouse=True)
def english():
    """Speak English, so that reasons can be told apart by a word of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def scene(db):
    """Two works; the first kept three briefings of four, its workshop one duty of two."""
    made = make_scene()
    owe(made.works, kept=3, late=1)
    owe(made.shop, kept=1, late=1, kind="disclosure.publish")
    owe(made.other, kept=2)
    return made


@pytest.mark.parametrize(
    ("states", "table", "model", "move"),
    [
        (ScorecardState, SCORECARD_TRANSITIONS, Scorecard, move_scorecard),
        (ObjectionState, OBJECTION_TRANSITIONS, Objection, move_objection),
    ],
)
def test_every_state_against_every_state(states, table, model, move, monkeypatch):
    assert set(table) == set(states)
    saved = []
    monkeypatch.setattr(model, "save", lambda self, **kwargs: saved.append(self.state))
    for source in states:
        for target in states:
            row = model(state=source)
            saved.clear()
            if target in table[source]:
                move(row, target)
                assert (row.state, saved) == (target, [target])
            else:
                with pytest.raises(IllegalTransition):
                    move(row, target)
                assert (row.state, saved) == (source, [])


def test_a_month_is_frozen_when_it_is_over_and_once(scene):
    with pytest.raises(ValueError, match="when it is over"):
        freeze_month(month=MONTH, at=FIRST - dt.timedelta(hours=2) - TICK)
    assert freeze_due(at=FIRST) == 4
    figures = {
        (row.scorecard.unit.code, row.indicator): (row.numerator, row.denominator, row.points)
        for row in Snapshot.objects.select_related("scorecard__unit")
    }
    assert figures == {
        (scene.company.code, "briefing.held"): (5, 6, None),
        (scene.company.code, "duty.on_time"): (1, 2, None),
        ("YX", "briefing.held"): (3, 4, D("6.00")),
        ("YX", "duty.on_time"): (1, 2, D("0.00")),
        ("YX-LJ", "duty.on_time"): (1, 2, None),
        ("HF", "briefing.held"): (2, 2, D("8.00")),
    }
    sheets = {
        card.unit.code: (card.state, card.proposed, card.total) for card in Scorecard.objects.select_related("unit")
    }
    assert sheets == {
        scene.company.code: ("figures", None, None),
        "YX": ("proposed", D("21.43"), None),
        "YX-LJ": ("figures", None, None),
        "HF": ("proposed", D("100.00"), None),
    }
    before = (Snapshot.objects.count(), Entry.objects.count(), Notice.objects.count())
    assert freeze_due(at=FIRST) == freeze_due(at=FIRST + 3 * DAY) == freeze_month(month=MONTH, at=FIRST) == 0
    assert (Snapshot.objects.count(), Entry.objects.count(), Notice.objects.count()) == before
    [notice] = Notice.objects.filter(kind="scorecard.to_confirm")
    assert (notice.desk, notice.facts["count"]) == (f"union_chair:{scene.company.pk}", 2)


def test_three_days_late_makes_the_same_figures(scene):
    waiting = Promise.objects.filter(unit=scene.works, met_at=None).get()
    Promise.objects.filter(pk=waiting.pk).update(met_at=FIRST + DAY)
    owe(scene.works, kept=9, month=end_of(MONTH))
    freeze_due(at=FIRST + 3 * DAY)
    card = Scorecard.objects.get(unit=scene.works)
    assert [(one.indicator, one.numerator, one.denominator) for one in card.snapshots.all()] == [
        ("duty.on_time", 1, 2),
        ("briefing.held", 3, 4),
    ]
    rows = [("duty.on_time", 1, 2), ("briefing.held", 3, 4)]
    entry = Entry.objects.get(verb="scorecard.frozen", subject=f"evaluations.scorecard:{card.pk}")
    assert entry.facts["sha256"] == card.sha256 == print_of("YX", MONTH, rows)
    assert (entry.actor, entry.facts["unit"]) == ("system", "YX")


def test_months_that_nobody_froze_are_made_up_a_year_back(scene):
    freeze_due(at=FIRST)
    for months in range(1, 15):
        owe(scene.works, kept=1, month=(MONTH + months * 31 * DAY).replace(day=1))
    assert FrozenMonth.objects.count() == 1
    freeze_due(at=FIRST + 425 * DAY)
    months = sorted(FrozenMonth.objects.values_list("month", flat=True))
    assert (months[1], months[-1], len(months)) == (dt.date(2026, 6, 1), dt.date(2027, 5, 1), 13)


@pytest.mark.django_db
def test_a_portal_without_figures_freezes_nothing():
    make_unit()
    assert freeze_due(at=FIRST) == 0
    assert not FrozenMonth.objects.exists()
    assert not Scheme.objects.exists()


def test_freezing_costs_the_same_for_three_units_as_for_six(scene):
    def count(month):
        with CaptureQueriesContext(connection) as seen:
            freeze_month(month=month, at=FIRST + 100 * DAY)
        return len(seen)

    freeze_month(month=MONTH, at=FIRST)
    second, third = end_of(MONTH), end_of(end_of(MONTH))
    owe(scene.works, kept=1, month=second)
    for number in range(3):
        owe(make_unit(scene.company, code=f"W{number}"), kept=2, month=third)
    owe(scene.works, kept=1, month=third)
    assert count(second) == count(third)


def test_a_frozen_figure_cannot_be_changed(scene):
    card = make_sheet(scene)
    one = card.snapshots.first()
    one.numerator = 4
    for act in (one.save, one.delete, lambda: Snapshot.objects.update(numerator=4), Snapshot.objects.all().delete):
        with pytest.raises(AppendOnly):
            act()


def test_points_are_a_persons_word_and_none_of_the_unit_says_it(scene):
    card = make_sheet(scene)
    for actor, reason in (
        (scene.head, "level above"),
        (scene.works_chair, "level above"),
        (scene.auditor, "level above"),
    ):
        with pytest.raises(OperationRefused, match=reason):
            confirm(scene, card, actor=actor)
    make_appointment(scene.worker, "union_chair", scene.company)
    with pytest.raises(OperationRefused, match="nobody of the unit"):
        confirm(scene, card, actor=scene.worker)
    with pytest.raises(OperationRefused, match="figures only"):
        confirm(scene, Scorecard.objects.get(unit=scene.shop))
    assert Scorecard.objects.exclude(confirmed_by=None).count() == 0
    card = confirm(scene, card)
    assert (card.state, card.total, card.proposed, card.confirmed_by) == (
        "confirmed",
        D("21.43"),
        D("21.43"),
        scene.chair,
    )
    with pytest.raises(OperationRefused, match="already"):
        confirm(scene, card, actor=scene.leader)
    assert not Award.objects.exists()
    told = set(Notice.objects.filter(kind="scorecard.confirmed").values_list("desk", flat=True))
    assert f"dept_head:{scene.works.pk}" in told


def test_other_points_need_a_reason_and_stay_within_the_weight(scene):
    card = make_sheet(scene)
    for points, reasons, match in (
        ({"briefing.held": D("7")}, {}, "why the points differ"),
        ({"briefing.held": D("8.01")}, {"briefing.held": "补登"}, "between nought"),
        ({"briefing.held": D("-1")}, {"briefing.held": "补登"}, "between nought"),
    ):
        with pytest.raises(OperationRefused, match=match):
            confirm(scene, card, points=points, reasons=reasons)
    assert not Award.objects.exists()
    card = confirm(
        scene, card, points={"briefing.held": D("8"), "duty.on_time": D("0")}, reasons={"briefing.held": "补登"}
    )
    [award] = Award.objects.all()
    assert (award.points, award.reason, award.snapshot.points) == (D("8"), "补登", D("6.00"))
    assert (card.total, card.proposed) == (D("28.57"), D("21.43"))
    entry = Entry.objects.get(verb="scorecard.confirmed")
    assert (entry.facts["total"], entry.facts["set_otherwise"]) == ("28.57", 1)


def test_an_objection_is_a_matter_with_a_clock_and_is_decided_by_another(scene):
    card = make_sheet(scene)
    for actor in (scene.handler, scene.worker, scene.stranger, scene.auditor):
        with pytest.raises(OperationRefused, match="answer for the unit"):
            contest(scene, card, actor=actor)
    key = uuid.uuid4()
    objection = contest(scene, card, key=key)
    assert contest(scene, card, key=key) == objection
    with pytest.raises(OperationRefused, match="being looked into"):
        contest(scene, card, actor=scene.works_chair)
    assert Objection.objects.count() == Inquiry.objects.count() == 1
    inquiry = objection.inquiry
    assert (inquiry.channel, inquiry.unit, inquiry.author) == ("scorecard_objection", scene.company, scene.head)
    assert inquiry.channel_page == "/scorecards/YX/2026-04/"
    assert inquiry.promise.due_on > MONTH
    with pytest.raises(OperationRefused, match="decided first"):
        confirm(scene, card)
    answer = {
        "is_upheld": True,
        "numerator": 4,
        "denominator": 4,
        "answer": "台账已补登，四次均召开。",
        "at": LATER,
    }
    for actor in (scene.head, scene.works_chair):
        with pytest.raises(OperationRefused, match="level above"):
            decide_objection(objection_id=objection.pk, actor=actor, **answer)
    for wrong, match in (({"numerator": 5}, "cannot be more"), ({"numerator": None}, "right figure")):
        with pytest.raises(OperationRefused, match=match):
            decide_objection(objection_id=objection.pk, actor=scene.chair, **{**answer, **wrong})
    assert not Correction.objects.exists()
    decide_objection(objection_id=objection.pk, actor=scene.chair, **answer)
    snapshot = card.snapshots.get(indicator="briefing.held")
    correction = Correction.objects.get()
    # Beside the frozen figure, never over it.
    assert (snapshot.numerator, snapshot.denominator, snapshot.points) == (3, 4, D("6.00"))
    assert (correction.numerator, correction.denominator, correction.points) == (4, 4, D("8.00"))
    with pytest.raises(OperationRefused, match="decided already"):
        decide_objection(objection_id=objection.pk, actor=scene.leader, **answer)
    card = confirm(scene, card)
    assert (card.total, card.proposed) == (D("28.57"), D("21.43"))


def test_a_correction_after_the_confirmation_moves_the_total(scene):
    card = confirm(scene, make_sheet(scene))
    make_appointment(scene.chair, "union_chair", scene.works)
    objection = contest(scene, card, actor=scene.chair)
    values = {"is_upheld": True, "numerator": 0, "denominator": 0, "answer": "当月无计划。", "at": LATER}
    with pytest.raises(OperationRefused, match="yourself"):
        decide_objection(objection_id=objection.pk, actor=scene.chair, **values)
    decide_objection(objection_id=objection.pk, actor=scene.leader, **values)
    card.refresh_from_db()
    # Nothing was owed: the indicator leaves points and weights alike.
    assert (card.total, card.proposed, card.state) == (D("0.00"), D("21.43"), "confirmed")
    other = contest(scene, card, "duty.on_time")
    rejected = {**values, "is_upheld": False, "answer": "核对无误。"}
    decide_objection(objection_id=other.pk, actor=scene.leader, **rejected)
    other.refresh_from_db()
    assert (other.state, Correction.objects.count()) == ("rejected", 1)
    assert Entry.objects.filter(verb__startswith="scorecard.objection").count() == 2


def test_objections_end_some_days_after_the_confirmation(scene):
    card = confirm(scene, make_sheet(scene))
    with pytest.raises(OperationRefused, match="more than 15 days"):
        contest(scene, card, at=LATER + 16 * DAY)
    assert contest(scene, card, at=LATER + 15 * DAY).state == "open"


def test_who_knows_of_which_sheet(scene):
    card = make_sheet(scene)

    def codes(person):
        person.__dict__.pop("_authority", None)
        return sorted(scorecards_visible_to(person).values_list("unit__code", flat=True))

    root = scene.company.code
    everything = sorted([root, "YX", "YX-LJ", "HF"])
    assert codes(scene.chair) == codes(scene.auditor) == codes(scene.leader) == everything
    assert codes(scene.head) == codes(scene.handler) == codes(scene.works_chair) == sorted([root, "YX", "YX-LJ"])
    # The people of a unit read figures, and points once somebody has confirmed them.
    assert codes(scene.worker) == sorted([root, "YX-LJ"])
    confirm(scene, card)
    assert codes(scene.worker) == sorted([root, "YX", "YX-LJ"])
    assert codes(scene.stranger) == [root]


def test_computed_anew_what_people_said_is_not_told_by_a_difference(scene):
    card = make_sheet(scene)
    Snapshot.objects.create(
        scorecard=card, indicator="card.satisfied", numerator=5, denominator=6, is_small=False, is_withheld=False
    )

    def row(code, *now):
        return next(one for one in differences(card, dict(now)) if one["code"] == code)

    same = row("card.satisfied", ("card.satisfied", (5, 6)))
    assert (same["is_same"], same["frozen"], same["now"]) == (True, "5/6", "5/6")
    for now in ((6, 7), (4, 6), (5, 5)):
        found = row("card.satisfied", ("card.satisfied", now))
        assert (found["is_same"], found["frozen"], found["now"]) == (False, "5/6", "–")
        assert not any(char.isdigit() for char in found["why"])
    # Nothing was frozen of it: one person's word since then is one person's word.
    assert row("card.redo", ("card.redo", (0, 1)))["is_withheld"]


def test_computed_anew_it_says_what_differs_and_why(scene):
    card = make_sheet(scene)

    def found():
        now = figures_of_month(MONTH, within=scene.works)[scene.works.path]
        return {row["code"]: (row["frozen"], row["now"], row["why"]) for row in differences(card, now)}

    assert found() == {"briefing.held": ("3/4", "3/4", ""), "duty.on_time": ("1/2", "1/2", "")}
    late = Promise.objects.get(unit=scene.works, met_at=None)
    Promise.objects.filter(pk=late.pk).update(met_at=late.due_at - DAY)
    frozen, now, why = found()["briefing.held"]
    assert (frozen, now) == ("3/4", "4/4")
    assert "recorded afterwards" in why
    Promise.objects.filter(pk=late.pk).update(due_on=MONTH - DAY, started_on=MONTH - DAY)
    assert found()["briefing.held"][1:] == (
        "3/3",
        "1 row was moved out of this month or to another unit after the freezing.",
    )
    owe(scene.works, kept=1, kind="resolution.task")
    assert found()["resolution.on_time"] == (
        "0/0",
        "1/1",
        "1 row was added or moved into this month after the freezing.",
    )


def test_a_scheme_holds_for_months_to_come_and_adds_up(scene):
    make_sheet(scene)
    june = end_of(end_of(MONTH))
    plain = {"lines": LINES, "note": "职代会讨论通过", "idempotency_key": uuid.uuid4(), "at": LATER}
    with pytest.raises(OperationRefused, match="Only the union chair"):
        write_scheme(since=june, actor=scene.works_chair, **plain)
    with pytest.raises(OperationRefused, match="add up to 99"):
        changed = {**LINES, "card.on_time": (D(14), D(60), D(100))}
        write_scheme(since=june, actor=scene.chair, **{**plain, "lines": changed})
    with pytest.raises(OperationRefused, match="frozen already"):
        write_scheme(since=MONTH, actor=scene.chair, **plain)
    lines = {"briefing.held": (D(100), D(50), D(100))}
    scheme = write_scheme(since=june, actor=scene.chair, **{**plain, "lines": lines})
    assert write_scheme(since=june, actor=scene.chair, **{**plain, "lines": lines}) == scheme
    assert (scheme.number, Scheme.objects.count()) == (2, 2)
    owe(scene.works, kept=3, late=1, month=june)
    owe(scene.works, kept=3, late=1, month=end_of(MONTH))
    freeze_due(at=FIRST + 62 * DAY)
    points = dict(Scorecard.objects.filter(unit=scene.works).values_list("month", "proposed"))
    # May still goes by the first version: three of four briefings, 75 of 100 points; June by the second, half of 100.
    assert points == {MONTH: D("21.43"), end_of(MONTH): D("75.00"), june: D("50.00")}


@pytest.mark.django_db
def test_what_few_people_said_is_withheld_and_has_no_points():
    from feedback.models import Rating
    from tests.factories import cards

    plant, scene = cards.make_plant(), make_scene()
    card = cards.make_inquiry(plant, state="answered")
    Rating.objects.create(inquiry=card, round=1, level=5, on=MONTH)
    make_sheet(scene, plant.logistics)
    rows = Snapshot.objects.filter(indicator="card.satisfied").select_related("scorecard__unit")
    assert {row.scorecard.unit.code: (row.is_withheld, row.is_small, row.points) for row in rows} == {
        scene.company.code: (True, True, None),
        "HQ": (True, True, None),
    }
    # Nobody who tries all numbers that there could be finds the withheld one by the fingerprint in the ledger.
    for sheet in Scorecard.objects.filter(snapshots__in=rows).select_related("unit"):
        shown = [
            (one.indicator, one.numerator, one.denominator) for one in sheet.snapshots.all() if not one.is_withheld
        ]
        guesses = [("card.satisfied", part, whole) for whole in range(6) for part in range(whole + 1)]
        prints = {print_of(sheet.unit.code, sheet.month, [*shown, guess]) for guess in guesses}
        assert (
            Entry.objects.get(subject=f"evaluations.scorecard:{sheet.pk}", verb="scorecard.frozen").facts["sha256"]
            not in prints
        )
    make_appointment(plant.head, "dept_head", plant.logistics)
    with pytest.raises(OperationRefused, match="not shown to anybody"):
        contest(scene, Scorecard.objects.get(unit=plant.logistics), "card.satisfied", actor=plant.head)


@both_engines
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_make_one_set_of_sheets(engine):
    scene = make_scene()
    owe(scene.works, kept=1)
    made = in_parallel(4, range(4), lambda number: freeze_due(at=FIRST))
    assert sorted(made) == [0, 0, 0, 2]
    assert (Scorecard.objects.count(), Snapshot.objects.count(), Scheme.objects.count()) == (2, 2, 1)
    assert Entry.objects.filter(verb="scorecard.frozen").count() == 2
