"""D3: a database of each earlier release migrates to today without losing anything, and its code may go on writing."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from portal.home.children import clean_environment
from tests import upgrades

STORED = sorted(upgrades.FOLDER.glob("*.json.xz"))


on_each_engine = pytest.mark.parametrize(
    "elsewhere", ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)], indirect=True
)


@pytest.fixture
def elsewhere(request, tmp_path):
    """An empty database of its own, on either engine, for a program that migrates it."""
    url = {"DATABASE_URL": request.getfixturevalue("own_postgres").url} if request.param == "postgresql" else {}
    return clean_environment(PORTAL_MODE="demo", PORTAL_VAR=tmp_path, **url)


def run(act, place, environment):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.upgrades", act, place],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_d03_earlier_releases_are_stored_with_their_data():
    assert STORED
    for place in STORED:
        rows = {label: len(table["rows"]) for label, table in upgrades.read(place)["tables"].items()}
        wanted = ("accounts.person", "deadlines.promise", "feedback.inquiry", "feedback.reply", "ledger.entry")
        assert [label for label in wanted if rows[label] < 50] == [], place.name
        assert rows["ledger.pending"] > 0, place.name  # an upgrade comes while something waits for its seal


@on_each_engine
@pytest.mark.parametrize("place", STORED, ids=lambda place: place.name.partition(".")[0])
def test_d03_an_earlier_release_migrates_and_loses_nothing(place, elsewhere):
    told = run("try", place, elsewhere)
    assert (told["lost"], told["missed"]) == ([], [])
    assert told["rows"] > 2000
    assert told["spoilt"] == ["accounts.person: 1 of 150 rows are not as they were; there are 150"]


@on_each_engine
@pytest.mark.parametrize("place", STORED, ids=lambda place: place.name.partition(".")[0])
def test_d03_the_earlier_code_may_write_into_todays_tables(place, elsewhere):
    """While web servers are replaced one after the other, both releases write; old rows must still be taken."""
    assert run("old-code", place, elsewhere)["lost"] == []
