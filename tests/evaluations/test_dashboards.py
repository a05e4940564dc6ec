"""Dashboards: stored figures and open promises of a unit and below, for those who may look, at a cost that stays."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.benching import bench_scorecards
from evaluations.months import end_of
from evaluations.queries.dashboards import due_soonest, overdue_longest, owed_below, sum_below, units_watched_by
from portal.kernel.days import local_day
from tests.factories.people import make_unit
from tests.factories.scorecards import FIRST, LATER, MONTH, make_scene, make_sheet, owe, promise
from tests.signing import signed_in

TODAY = local_day(LATER)


@pytest.fixture
def scene(db):
    """Two works with a frozen month, and promises around today."""
    made = make_scene()
    owe(made.works, kept=3, late=1)
    owe(made.shop, kept=1, late=1, kind="disclosure.publish")
    owe(made.other, kept=2)
    make_sheet(made)
    for days in (0, 6, 7, 8):
        promise(made.shop, due_on=TODAY + dt.timedelta(days=days))
    promise(made.other, due_on=TODAY, met=-1)
    # With discipline inspection: nobody's to count.
    promise(made.works, "inquiry.reply_discipline", due_on=TODAY, subject=f"feedback.inquiry:{made.works.pk}")
    with time_machine.travel(LATER, tick=False):
        yield made


def page(client, unit, expect=200, **query):
    answer = client.get(reverse("evaluations:dashboard", args=[unit.code]), query)
    assert answer.status_code == expect
    return answer.content.decode()


def test_what_is_open_late_and_due_this_week_is_counted_with_all_below(scene):
    owed = owed_below(scene.company, LATER, TODAY)
    # Missed in April: one of the works, one of its workshop; within seven days: today, in six, in seven.
    assert owed == {scene.works.path: (1, 1, 0), scene.shop.path: (5, 1, 3)}
    assert sum_below(owed, scene.works.path) == sum_below(owed, scene.company.path) == (6, 2, 3)
    assert sum_below(owed, scene.other.path) == (0, 0, 0)
    assert [one.due_on for one in due_soonest(scene.works, LATER, TODAY)] == [
        TODAY + dt.timedelta(days=days) for days in (0, 6, 7)
    ]


def test_what_is_not_registered_yet_is_on_nobodys_dashboard(client, scene):
    """The day on which it came in, beside a workshop of a few people, would point at who wrote it."""
    for kind in ("inquiry.register", "inquiry.reply"):
        promise(scene.shop, kind, due_on=TODAY, subject=f"feedback.inquiry:{scene.works.pk}")
    assert owed_below(scene.shop, LATER, TODAY) == {scene.shop.path: (6, 1, 4)}
    assert [one.kind for one in due_soonest(scene.shop, LATER, TODAY)].count("inquiry.register") == 0


def test_what_is_due_is_named(client, scene):
    signed_in(client, scene.head, at=LATER)
    shown = page(client, scene.shop)
    started = TODAY - dt.timedelta(days=10)
    # What is overdue is listed, as many as its number says.
    late = shown[shown.index("目前超期", shown.index("亮灯情况")) : shown.index("七日内到期", shown.index("亮灯情况"))]
    assert late.count("data-row") == sum_below(owed_below(scene.shop, LATER, TODAY), scene.shop.path)[1] == 1
    (one,) = overdue_longest(scene.shop, LATER)  # of which year, because what is late may be late for long
    assert f"{one.due_on.year}年{one.due_on.month}月{one.due_on.day}日" in late
    assert shown.count(f"召开厂情发布会：{started:%Y-%m} 厂情发布会") == 3


def test_who_may_open_which(client, scene):
    def codes(person):
        return {unit.code for unit in units_watched_by(person)}

    everything = {scene.company.code, "YX", "YX-LJ", "HF"}
    assert codes(scene.chair) == everything
    assert codes(scene.worker) == codes(scene.head) == {scene.company.code, "YX", "YX-LJ"}
    assert codes(scene.stranger) == {scene.company.code, "HF"}
    signed_in(client, scene.stranger, at=LATER)
    page(client, scene.works, expect=404)
    assert client.get(reverse("evaluations:dashboards")).url == "/dashboards/HF/"
    signed_in(client, scene.head, at=LATER)
    assert client.get(reverse("evaluations:dashboards")).url == "/dashboards/YX/"


def test_a_worker_sees_no_proposal(client, scene):
    signed_in(client, scene.worker, at=LATER)
    assert "21.43" not in page(client, scene.company)
    assert "还没有冻结的指标" in page(client, scene.works)
    signed_in(client, scene.chair, at=LATER)
    company = page(client, scene.company)
    assert "21.43" in company
    assert "/dashboards/HF/" in company
    works = page(client, scene.works)
    assert "3/4" in works
    assert "/dashboards/YX-LJ/" in works
    assert "/dashboards/HF/" not in page(client, scene.company, after=scene.other.path)


def test_a_dashboard_costs_the_same_for_two_units_as_for_five(client, scene):
    signed_in(client, scene.chair, at=LATER)
    page(client, scene.company)
    with CaptureQueriesContext(connection) as few:
        page(client, scene.company)
    may = end_of(MONTH)
    for number in range(3):
        unit = make_unit(scene.company, code=f"W{number}")
        owe(unit, kept=2, month=may)
        promise(unit, due_on=TODAY)
    owe(scene.works, kept=1, month=may)
    make_sheet(scene, month=may, at=FIRST + dt.timedelta(days=31))
    page(client, scene.company)
    with CaptureQueriesContext(connection) as more:
        text = page(client, scene.company)
    assert text.count("/dashboards/W") == 3
    assert len(few) == len(more)


@pytest.mark.django_db
def test_before_the_first_freezing_it_says_so(client):
    scene = make_scene()
    signed_in(client, scene.chair)
    assert "还没有冻结的指标" in page(client, scene.company)


@pytest.mark.django_db
def test_the_bench_counts_what_it_made():
    costs = bench_scorecards(2, server_cpu=lambda: 0)
    assert costs["rows"] == 2 * 12 * 5
    assert all(costs[name].wall > 0 for name in ("figures", "limit", "freeze"))
