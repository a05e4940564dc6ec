"""P1 to P3: what somebody with the whole database, its files and its logs learns of a vote: who took part, no more."""

import json
import logging
import random
import uuid
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.ballots import operations as does
from portal.ballots.models import Ballot, Elector, Participation
from portal.ballots.operations import casting
from tests.factories.ballots import make_definition, make_poll, vote
from tests.faults.test_p01_joins import read_all
from tests.services import both_engines
from tests.signing import signed_in

pytestmark = [pytest.mark.django_db(transaction=True), both_engines]
VOTERS = 200


def ordered(model, column, poll):
    """Return (the row's own key, its hidden place or transaction) of a vote's rows, in the order of the place."""
    key = {Participation: "elector_id", Ballot: "tracker"}[model]
    own = poll.pk.hex if connection.vendor == "sqlite" else str(poll.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {column} FROM {model._meta.db_table} WHERE poll_id = %s ORDER BY {column}", [own]
        )
        return [(uuid.UUID(str(one)) if key == "elector_id" else one, place) for one, place in cursor.fetchall()]


def attacks(poll):
    """Yield (name, {elector: tracker}) of every way to lay the two tables side by side."""
    if connection.vendor == "postgresql":
        came = ordered(Participation, "xmin::text::bigint", poll)
        for step in (-1, 0, 1):
            sealed = {}
            for tracker, moved in ordered(Ballot, "xmin::text::bigint", poll):
                sealed.setdefault(moved + step, []).append(tracker)
            guess = {}
            for elector, moved in came:
                guess[elector] = sealed[moved].pop() if sealed.get(moved) else None
            yield f"xmin{step:+d}", guess
        places = ["ctid"]
    else:
        places = ["rowid"]
    for place in places:
        yield place, pair(ordered(Participation, place, poll), ordered(Ballot, place, poll))
    yield "key", pair(ordered(Participation, "elector_id", poll), ordered(Ballot, "id", poll))
    yield "key beside place", pair(ordered(Participation, places[0], poll), ordered(Ballot, "id", poll))


def pair(people, ballots):
    return {elector: tracker for (elector, _one), (tracker, _two) in zip(people, ballots, strict=True)}


def test_p01_after_the_count_no_join_is_better_than_chance(engine, transactional_db):
    # One hit is what chance brings, with a spread of one; each look is past three spreads once in three hundred runs.
    # What joins does so every time, so whatever is past the bound is looked at once more, in another vote.
    suspect = {name for name, found in attacked().items() if found > 1 + 3}
    assert not suspect or not {name for name, found in attacked().items() if found > 1 + 3} & suspect


def attacked():
    """Hold a vote and count it; return {attack: how many of those who voted it joins with their own ballot}."""
    made = make_poll(voters=VOTERS)
    random.Random(3).shuffle(made.voters)
    electors = dict(Elector.objects.filter(poll=made.poll).values_list("person_id", "pk"))
    said = ["for", "against", "abstain"]
    truth = {electors[one.pk]: vote(made, one, said[n % 3]) for n, one in enumerate(made.voters)}
    # Before the count: whatever is joined leads to a sealed ballot, and all of these look alike.
    sealed = Ballot.objects.filter(poll=made.poll)
    assert len({len(row.ciphertext) for row in sealed}) == 1
    for row in sealed:
        # As it stands in the JSON of a ballot: three bytes alone are found by chance in one run of a few hundred.
        assert not any(f'"{word}"'.encode() in bytes(row.ciphertext) for word in said)
    # The attack itself works: the tables as they were filled give everybody away.
    before = {name: hits(guess, truth) for name, guess in attacks(made.poll)}
    assert before["xmin+0" if connection.vendor == "postgresql" else "rowid"] >= VOTERS * 0.9
    does.close_poll(poll_id=made.poll.pk, actor=made.officer, at=timezone.now())
    does.count_poll(poll_id=made.poll.pk, codes=made.shares[1:], actor=made.officer, at=timezone.now())
    made.poll.refresh_from_db()
    assert made.poll.is_vacuumed
    after = {name: hits(guess, truth) for name, guess in attacks(made.poll)}
    assert after.keys() == before.keys()
    # Of the list that is published nothing leads to a ballot or to anybody.
    published = json.dumps(made.poll.result.answers)
    assert not any(str(one) in published or one.hex in published for one in electors.values())
    assert made.poll.result.answers["q1"] == [['"abstain"', 66], ['"against"', 67], ['"for"', 67]]
    return after


def hits(guess, truth):
    return sum(truth[elector] == tracker for elector, tracker in guess.items())


def test_p03_one_vote_changes_participation_and_the_box_and_nothing_else(engine, transactional_db):
    made = make_poll(voters=3, at=timezone.now())
    browser = signed_in(Client(), made.voters[0])
    browser.get(f"/vote/{made.poll.pk}/")
    before = read_all()
    response = browser.post(f"/vote/{made.poll.pk}/", {"q1": "against", "step": "cast"})
    assert response.status_code == 200 and b"receipt" in response.content.lower() or "回执" in response.content.decode()
    after = read_all()
    changed = {place for place in before.keys() | after.keys() if strip(before.get(place)) != strip(after.get(place))}
    assert {table for table, _place in changed} == {"ballots_participation", "ballots_ballot"} and len(changed) == 2
    (row,) = (row for (table, _place), row in after.items() if table == "ballots_ballot")
    assert set(row) == {"id", "poll_id", "group", "ciphertext", "tracker", "(moved)"}
    (row,) = (row for (table, _place), row in after.items() if table == "ballots_participation")
    assert set(row) == {"elector_id", "poll_id", "(moved)"}


def strip(row):
    return row and {name: value for name, value in row.items() if name != "(moved)"}


def test_p02_no_choice_is_found_anywhere(engine, transactional_db, monkeypatch, caplog, capfd):
    """Every choice here is a name that nobody else writes: it may stand in the definition, and never in an answer."""
    names = [f"候选{n:02}" for n in range(12)]
    definition = make_definition(matters=[], candidates=names[:2], seats=1, can_write_in=True)
    made = make_poll(voters=12, definition=definition, at=timezone.now())
    marks = [f"记号{uuid.uuid4().hex[:12]}" for _voter in made.voters]
    caplog.set_level(logging.DEBUG)
    path = f"/vote/{made.poll.pk}/"
    for n, (person, mark) in enumerate(zip(made.voters, marks, strict=True)):
        browser = signed_in(Client(raise_request_exception=False), person)
        answer = {"q1-names": mark}
        assert browser.post(path, {**answer, "step": "check"}).status_code == 200
        if n % 3 == 0:  # the cast breaks down in the middle, with everything in hand
            with monkeypatch.context() as patch:
                patch.setattr(casting, "tracker_of", broken)
                assert browser.post(path, {**answer, "step": "cast"}).status_code == 500
        assert browser.post(path, {**answer, "step": "cast"}).status_code == 200
        assert browser.post(path, {**answer, "step": "cast"}).status_code == 200  # "you have voted"
        assert browser.post(path, {"q1": "c9", "q1-names": mark, "step": "cast"}).status_code == 200
    assert Ballot.objects.count() == 12
    written = capfd.readouterr()
    heap = {"log": caplog.text, "out": written.out + written.err, "mail": str([m.message() for m in mail.outbox])}
    heap["cache"] = repr(getattr(cache, "_cache", ""))
    heap["sessions"] = repr([row.get_decoded() for row in Session.objects.all()])
    heap["rows"] = repr(read_all())
    for name, text in heap.items():
        assert not any(mark in text for mark in marks), name
    for file in database_files():
        data = Path(file).read_bytes()
        for mark in marks:
            assert mark.encode() not in data and json.dumps(mark).encode() not in data, file
    # The failures were written down, so that there was something to be found in.
    assert heap["log"].count("RuntimeError: forced") >= 4


def broken(_ciphertext):
    raise RuntimeError("forced")


def database_files():
    """Return the files of the database: SQLite's and its journal, or PostgreSQL's data and write-ahead log."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return [path for path in (name, f"{name}-wal", f"{name}-shm") if Path(path).exists()]
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
    files = [path for path in (*(data / "pg_wal").glob("0*"), *(data / "base").rglob("[0-9]*")) if path.is_file()]
    assert len(files) > 50
    return files
