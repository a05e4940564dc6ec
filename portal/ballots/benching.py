"""
Votes of made-up people for ``make bench``, and the count of a full box beside one GROUP BY over equal plain rows.

For a database that nobody needs: what is made here stays in it.
"""

import datetime as dt
import itertools
import json
import time
import uuid
from dataclasses import dataclass

from django.db import connection, transaction

from portal.accounts.enums import Role, UnitKind
from portal.accounts.models import Appointment, Person, Unit

from .enums import Grade, Say
from .models import Ballot, Elector, Participation, Poll
from .operations import count_poll, draft_poll, open_poll, take_up_share
from .sealing import seal_ballot, tracker_of
from .trials import TRIAL, trial_definition

SCRUTINEERS, BATCH = 3, 2000
TABLE = "bench_ballot"
UNUSABLE = "!"


@dataclass(frozen=True)
class Ready:
    """An open vote: its poll, the people on its list, the officer who looks after it, the scrutineers' codes."""

    poll: Poll
    people: list
    officer: Person
    codes: list


@dataclass(frozen=True)
class Cost:
    """What a piece of work cost: seconds on the wall, seconds of this process and its database."""

    wall: float
    cpu: float


def make_vote(*, matters, voters, at):
    """Open a test vote on so many matters for so many people of a unit of their own."""
    unit, officer, scrutineers = make_place("BV", at=at)
    people = make_people(unit, "v", voters)
    poll = draft_poll(
        owner_kind=TRIAL,
        owner_id=unit.code,
        title=f"bench {unit.code}",
        grade=Grade.SIGNED_IN,
        definition=trial_definition(matters=[f"matter {n}" for n in range(1, matters + 1)]),
        scrutineers=scrutineers,
        closes_at=at + dt.timedelta(days=1),
        actor=officer,
        at=at,
        is_test=True,
    )
    codes = [take_up_share(poll_id=poll.pk, actor=one, at=at) for one in scrutineers]
    open_poll(poll_id=poll.pk, actor=officer, at=at)
    poll.refresh_from_db()
    return Ready(poll, people, officer, codes)


def make_place(kind, *, at):
    """Make a unit of its own; return it with a union officer and three scrutineers of the enterprise."""
    mark = uuid.uuid4().hex[:6]
    root = Unit.objects.filter(parent__isnull=True).order_by("path").first() or Unit.objects.create(
        code="BENCH", name="bench", path="9000", kind=UnitKind.COMPANY
    )
    place = f"{9000 + Unit.objects.filter(parent=root, path__gte=f'{root.path}9000').count():04d}"
    unit = Unit.objects.create(
        code=f"{kind}{mark}", name=f"{kind}{mark}", path=root.path + place, parent=root, kind=UnitKind.SECONDARY
    )
    officer, *scrutineers = _people(root, f"o{mark}", 1 + SCRUTINEERS)
    Appointment.objects.create(person=officer, role=Role.UNION_OFFICER, unit=root, since=at - dt.timedelta(days=1))
    return unit, officer, scrutineers


def make_people(unit, letter, count):
    """Make so many people of a unit made by :func:`make_place`."""
    return _people(unit, f"{letter}{unit.code[2:]}", count)


def _people(unit, prefix, count):
    return Person.objects.bulk_create(
        (
            Person(
                job_no=f"{prefix}{n:05d}", name=f"{prefix}{n}", unit=unit, password=UNUSABLE, has_to_change_secret=False
            )
            for n in range(count)
        ),
        batch_size=BATCH,
    )


def ballot_fields(matters):
    """Return what a browser sends with a ballot that was looked over: every third against."""
    return {"step": "cast", **_answers(matters, 0)}


def _answers(matters, turn):
    says = (Say.FOR.value, Say.FOR.value, Say.AGAINST.value, Say.ABSTAIN.value)
    return {f"q{place}": says[(place + turn) % len(says)] for place in range(1, matters + 1)}


def make_plain_table():
    """Make the table of plain rows that the limits write and count; one from an earlier run goes."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE TABLE {TABLE} (poll text, elector text, question text, answer text)")


def insert_plainly(poll, rows):
    """Write (elector, question, answer) rows by one statement."""
    marks = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (poll, elector, question, answer) VALUES {marks}",
            [value for row in rows for value in (poll, *row)],
        )


def bench_count(ballots, *, matters, at, server_cpu):
    """
    Count so many sealed ballots on so many matters; read equal plain rows by one GROUP BY.

    Returns {"seal", "count", "limit"}; both must come to the same numbers.
    """
    vote = make_vote(matters=matters, voters=ballots, at=at)
    make_plain_table()
    costs = {"seal": measured(lambda: _fill(vote, matters), server_cpu)[0]}
    costs["count"], result = measured(
        lambda: count_poll(
            poll_id=vote.poll.pk, codes=vote.codes[:2], actor=vote.officer, at=at + dt.timedelta(days=2)
        ),
        server_cpu,
    )
    costs["limit"], plain = measured(_group, server_cpu)
    counted = {(code, json.loads(said)): n for code, rows in result.answers.items() for said, n in rows}
    if result.valid != ballots or counted != plain:
        raise AssertionError(f"{result.valid} of {ballots} ballots counted, or other numbers than the plain rows'")
    return costs


def _fill(vote, matters):
    """Put a sealed ballot of everybody into the box as casting does, in bulk, and equal rows into the plain table."""
    size, public = vote.poll.definition.ballot_size, bytes(vote.poll.public_key)
    electors = Elector.objects.filter(poll=vote.poll).values_list("pk", flat=True)
    turns = itertools.count()
    for part in _parts(list(electors)):
        answers = [_answers(matters, next(turns)) for _pk in part]
        sealed = [seal_ballot(one, public=public, size=size) for one in answers]
        with transaction.atomic():
            Participation.objects.bulk_create(Participation(elector_id=pk, poll=vote.poll) for pk in part)
            Ballot.objects.bulk_create(
                Ballot(poll=vote.poll, ciphertext=text, tracker=tracker_of(text)) for text in sealed
            )
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {TABLE} (poll, elector, question, answer) VALUES (%s, %s, %s, %s)",
                    [
                        (vote.poll.pk.hex, pk.hex, code, said)
                        for pk, said_by in zip(part, answers, strict=True)
                        for code, said in said_by.items()
                    ],
                )


def _parts(rows):
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _group():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT question, answer, COUNT(*) FROM {TABLE} GROUP BY question, answer")
        return {(question, answer): n for question, answer, n in cursor.fetchall()}


def measured(work, server_cpu):
    """Do a piece of work; return (its Cost, what it returned)."""
    connection.ensure_connection()
    wall, cpu = time.perf_counter(), time.process_time() + server_cpu()
    found = work()
    return Cost(time.perf_counter() - wall, time.process_time() + server_cpu() - cpu), found
