"""S1: every address, asked by every role about the own and another unit, answers as the reviewed table says."""

import re

import pytest
from django.http import HttpResponse

from portal.home.views import errors
from tests.matrix import roles, table
from tests.matrix.stage import routes
from tests.matrix.table import DISCIPLINE, NONE, OTHER, OWN, ROLES

ROWS = table.read()
# Answers that are a refusal, and the sentence of a page that only says no.
REFUSALS = {401, 403, 404, 405, 409}
REASON = re.compile(r'class="went-wrong-reason">\s*[^<\s]|id="error-summary"')
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_vote_keeps_a_roster_waiting(monkeypatch):
    """The table says who may; that whoever may waits while a vote is open is for tests/ballots/test_roster.py."""
    monkeypatch.setattr("portal.accounts.roster.guards.roster_guards", [])


@pytest.fixture
def undrawn(monkeypatch):
    """Leave undrawn what says the same to everybody and the frame around a reason; tests/home looks at them."""
    drawn = errors.page

    def page(request, status, **words):
        return HttpResponse(status=status) if status in (404, 405) else drawn(request, status, **words)

    monkeypatch.setattr(errors, "page", page)
    monkeypatch.setattr(errors, "BARE", {*errors.BARE, 403})


def test_s01_the_table_has_each_cell_and_no_other(stage):
    wanted = {
        (name, method, whose)
        for name, _pattern in routes()
        for whose in (NONE, OWN, OTHER, DISCIPLINE)
        if stage.address(name, whose, "worker") is not None
        for method in ("GET", "POST")
    }
    listed = [row.key for row in ROWS]
    assert len(listed) == len(set(listed))
    assert {
        "without a row": sorted(wanted - set(listed)),
        "gone": sorted(set(listed) - wanted),
        "routes without an address": sorted({name for name, _ in routes()} - {name for name, *_ in wanted}),
        "empty cells": [str(row) for row in ROWS if not all(row.cells.values())],
    } == {"without a row": [], "gone": [], "routes without an address": [], "empty cells": []}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_s01_every_role_gets_the_answer_of_the_table(row, ask, stage, undrawn):
    answers = {role: ask(role, row.method, stage.address(row.route, row.whose, role)) for role in ROLES}
    assert {role: answer.cell for role, answer in answers.items()} == row.cells
    bare = [role for role, answer in answers.items() if answer.status == 403 and not REASON.search(answer.text)]
    assert bare == [], "refused without a reason"
    wrote = {
        role: answer.wrote
        for role, answer in answers.items()
        if answer.wrote and (row.method == "GET" or answer.status in REFUSALS)
    }
    assert wrote == {}, "written although only read, or refused"


def test_s01_nobody_acts_where_they_may_not_look():
    """A refused GET goes with a refused POST, so that no act hides behind a page that cannot be opened."""
    cells = {row.key: row.cells for row in ROWS}
    behind = [
        (route, whose, role)
        for (route, method, whose), row in cells.items()
        if method == "POST" and (route, "GET", whose) in cells
        for role in ROLES
        if row[role] not in table.REFUSED and cells[route, "GET", whose][role] in table.REFUSED - {"405"}
    ]
    assert behind == []


def test_the_document_says_what_the_table_says():
    assert roles.PLACE.read_text(encoding="utf-8") == roles.drawn(), "run python -m tests.matrix.roles"
