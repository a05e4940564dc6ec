"""
An appraisal of made-up people for ``make bench``, and its count beside one GROUP BY over equal plain rows.

For a database that nobody needs: what is made here stays in it.
"""

import datetime as dt
import itertools
from decimal import Decimal

from django.db import connection, transaction

from portal.accounts.enums import Role
from portal.accounts.models import Appointment
from portal.ballots import operations as box
from portal.ballots.benching import TABLE, make_people, make_place, make_plain_table, measured
from portal.ballots.enums import Grade
from portal.ballots.models import Ballot, Elector, Participation
from portal.ballots.sealing import seal_ballot, tracker_of

from .enums import CodeSet, Grading, ScaleKind, Source, Visibility
from .models import Count, Outcome
from .operations import announcing, questionnaires, reports, results, rounds
from .presets import DIMENSIONS
from .queries.rounds import blocks_of_round

BATCH = 2000
GRADES = [grade.value for grade in Grading]


class Appraisal:
    """An open round: its poll, the people on its list, the union officer, the scrutineers' codes."""

    def __init__(self, *, subjects, raters, at):
        unit, self.officer, scrutineers = make_place("AP", at=at)
        Appointment.objects.create(
            person=self.officer, role=Role.UNION_CHAIR, unit=unit, since=at - dt.timedelta(days=1)
        )
        act = {"actor": self.officer, "at": at}
        rated = make_people(unit, "s", subjects)
        self.people = make_people(unit, "r", raters)
        sheet = questionnaires.make_questionnaire(
            unit=unit, name="bench", scale=ScaleKind.GRADE, step=None, dimensions=DIMENSIONS[CodeSet.FIVE],
            source="bench", **act,
        )  # fmt: skip
        self.round = rounds.plan_round(
            unit=unit, title=f"bench {unit.code}", year=at.year, edition=sheet.editions.get(), grade=Grade.SIGNED_IN,
            opens_at=at, closes_at=at + dt.timedelta(days=1), visibility=Visibility.SUBJECTS, has_remarks=False, **act,
        )  # fmt: skip
        key = {"round_id": self.round.pk, **act}
        rounds.add_group(
            name="bench", weight=Decimal(1), sources=[Source.STAFF], unit=unit, with_units_below=True, **key
        )
        rounds.add_subjects(people=rated, **key)
        announcing.announce_round(scrutineers=scrutineers, **key)
        for subject in self.round.subjects.all():
            reports.waive_report(subject_id=subject.pk, reason="bench", **act)
        self.round.refresh_from_db()
        poll = self.round.poll_id
        self.codes = [box.take_up_share(poll_id=poll, actor=one, at=at) for one in scrutineers]
        self.poll = box.open_poll(poll_id=poll, **act)
        self.questions = [code for block in blocks_of_round(self.round) for code in block.all_codes]
        self.rated = {person.pk: place for place, person in enumerate(rated, 1)}

    def answers(self, turn, own=0):
        """Return a form that goes through the grades; the own place is skipped."""
        given = {code: GRADES[(turn + place) % len(GRADES)] for place, code in enumerate(self.questions)}
        return {code: "skip" if int(code[1:3]) == own else said for code, said in given.items()}

    def fields(self):
        """Return what a browser sends with a form that was looked over."""
        return {"step": "cast", **self.answers(0)}


def bench_count(raters, *, subjects, at, server_cpu):
    """
    Count so many forms about so many people; read equal plain rows by one GROUP BY.

    Returns {"seal", "count", "limit", "publish"}; count and GROUP BY must come to the same numbers.
    """
    made = Appraisal(subjects=subjects, raters=raters, at=at)
    make_plain_table()
    costs = {"seal": measured(lambda: _fill(made), server_cpu)[0]}
    key = {"poll_id": made.poll.pk, "codes": made.codes[:2], "actor": made.officer, "at": at + dt.timedelta(days=2)}
    costs["count"], result = measured(lambda: box.count_poll(**key), server_cpu)
    costs["limit"], plain = measured(_group, server_cpu)
    rows = Count.objects.filter(subject__round=made.round)
    counted = sorted(rows.values_list("option", "times"))
    if result.valid != len(made.people) + subjects or counted != sorted(plain):
        raise AssertionError(f"{result.valid} forms counted, or other numbers than the plain rows'")
    costs["publish"], _sides = measured(lambda: _publish(made, at), server_cpu)
    if Outcome.objects.filter(subject__round=made.round, score__isnull=False).count() != subjects:
        raise AssertionError("not everybody has a score")
    return costs


def make_published(*, subjects, raters, at):
    """Return a published round with a form of everybody, counted and published by the operations."""
    made = Appraisal(subjects=subjects, raters=raters, at=at)
    make_plain_table()
    _fill(made)
    box.count_poll(poll_id=made.poll.pk, codes=made.codes[:2], actor=made.officer, at=at + dt.timedelta(days=2))
    _publish(made, at)
    return made


def _publish(made, at):
    return results.publish_rounds(round_id=made.round.pk, actor=made.officer, at=at + dt.timedelta(days=2))


def _fill(made):
    """Put everybody's form into the box as casting does, in bulk, and equal rows into the plain table."""
    size, public = made.poll.definition.ballot_size, bytes(made.poll.public_key)
    group = made.round.groups.get().code
    electors = list(Elector.objects.filter(poll=made.poll).values_list("pk", "person_id"))
    turns = itertools.count()
    for start in range(0, len(electors), BATCH):
        part = electors[start : start + BATCH]
        forms = [made.answers(next(turns), made.rated.get(person, 0)) for _pk, person in part]
        sealed = [seal_ballot(form, public=public, size=size) for form in forms]
        with transaction.atomic():
            Participation.objects.bulk_create(Participation(elector_id=pk, poll=made.poll) for pk, _person in part)
            Ballot.objects.bulk_create(
                Ballot(poll=made.poll, group=group, ciphertext=one, tracker=tracker_of(one)) for one in sealed
            )
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {TABLE} (poll, elector, question, answer) VALUES (%s, %s, %s, %s)",
                    [
                        (made.poll.pk.hex, pk.hex, code, said)
                        for (pk, _person), form in zip(part, forms, strict=True)
                        for code, said in form.items()
                        if said != "skip"
                    ],
                )


def _group():
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT question, answer, COUNT(*) FROM {TABLE} GROUP BY question, answer")
        return [(answer, times) for _question, answer, times in cursor.fetchall()]
