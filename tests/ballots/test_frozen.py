"""P10: after opening nothing of a poll changes but its progress, by model, by operation and by the database itself."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from portal.ballots import operations as does
from portal.ballots.definition import definition_of
from portal.ballots.enums import Grade, PollState
from portal.ballots.models import (
    Ballot,
    Elector,
    Frozen,
    KeyBlob,
    Participation,
    Poll,
    PrintedCode,
    Scrutineer,
)
from portal.kernel.verdicts import OperationRefused
from tests.factories.ballots import AT, make_poll, vote
from tests.factories.people import make_person
from tests.services import both_engines

LATER = AT + dt.timedelta(hours=3)

CHANGES = {
    "title": "'另一题目'",
    "grade": "'printed_code'",
    "owner_kind": "'x'",
    "owner_id": "'x'",
    "definition_json": "'{}'",
    "definition_sha256": "'0'",
    "electorate_size": "1",
    "electorate_sha256": "'0'",
    "closes_at": "'2030-01-01 00:00:00+00:00'",
    "opened_at": "'2030-01-01 00:00:00+00:00'",
    "public_key": "NULL",
    "state": "'draft'",
}
ELSEWHERE = [
    "DELETE FROM ballots_elector",
    "UPDATE ballots_elector SET \"group\" = 'x'",
    (
        'INSERT INTO ballots_elector (id, poll_id, person_id, "group") SELECT {new}, poll_id,'
        " (SELECT id FROM accounts_person WHERE job_no = '999999'), '' FROM ballots_elector LIMIT 1"
    ),
    "DELETE FROM ballots_ballot",
    "UPDATE ballots_ballot SET tracker = 'x'",
    "DELETE FROM ballots_participation",
    "UPDATE ballots_participation SET poll_id = poll_id",
    "DELETE FROM ballots_scrutineer",
    "UPDATE ballots_scrutineer SET seat = seat",
    "DELETE FROM ballots_keyblob",
    "UPDATE ballots_keyblob SET blob = blob",
    "DELETE FROM ballots_printedcode",
    "UPDATE ballots_printedcode SET batch = 9",
    "UPDATE ballots_printedcode SET \"group\" = 'B' WHERE NOT is_used AND NOT is_voided",
    "UPDATE ballots_printedcode SET \"group\" = 'B', is_used = TRUE WHERE NOT is_used AND NOT is_voided",
    "UPDATE ballots_printedcode SET is_used = NOT is_used WHERE is_used OR is_voided",
    "DELETE FROM ballots_poll",
]


def refused(statement):
    before = dump()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert dump() == before


def dump():
    return [
        list(QuerySet(model).order_by("pk").values_list()) for model in (Poll, Elector, Ballot, Participation, KeyBlob)
    ]


@pytest.fixture
def full_box(engine, transactional_db):
    make_person(job_no="999999")
    box = make_poll(voters=6)
    box.by_code = make_poll(grade=Grade.PRINTED_CODE, voters=1, codes=12)
    does.cast_by_code(code=box.by_code.slips[0], answers={"q1": "for"}, at=AT)
    does.void_sheet(poll_id=box.by_code.poll.pk, sheet=2, actor=box.by_code.officer, at=AT)
    for person in box.voters[:2]:
        vote(box, person)
    return box


@both_engines
@pytest.mark.django_db(transaction=True)
def test_p10_nothing_can_be_changed_after_opening(full_box):
    poll = full_box.poll
    new = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    yes = "TRUE" if connection.vendor == "postgresql" else "1"
    for name, value in CHANGES.items():
        refused(f"UPDATE ballots_poll SET {name} = {value}")
        # By the model too: on the row, in bulk, and by deleting.
        if name != "state":
            row = Poll.objects.get(pk=poll.pk)
            with pytest.raises(Frozen):
                row.save(update_fields=[name])
            with pytest.raises(Frozen):
                Poll.objects.filter(pk=poll.pk).update(**{name: getattr(row, name)})
    refused(f"UPDATE ballots_poll SET is_test = NOT is_test OR NOT {yes}")
    for state in set(PollState.values) - {"open", "closed"}:
        refused(f"UPDATE ballots_poll SET state = '{state}'")
    for statement in ELSEWHERE:
        refused(statement.format(new=new))
    if connection.vendor == "sqlite":
        refused("REPLACE INTO ballots_ballot SELECT * FROM ballots_ballot")
        refused("REPLACE INTO ballots_poll SELECT * FROM ballots_poll")
    else:
        for model in (Poll, Ballot, Participation, Elector):
            refused(f"TRUNCATE {model._meta.db_table} CASCADE")
    for model in (Poll, Elector, Participation, Ballot, PrintedCode, Scrutineer, KeyBlob):
        row = model.objects.first()
        for act in (row.delete, model.objects.all().delete):
            with pytest.raises(Frozen):
                act()
        with pytest.raises(Frozen):
            row.save()
        if model is not Poll:
            with pytest.raises(Frozen):
                model.objects.update(poll=poll)
    with pytest.raises(OperationRefused):
        does.discard_poll(poll_id=poll.pk, actor=full_box.officer, at=AT)
    with pytest.raises(OperationRefused):
        does.print_codes(poll_id=full_box.by_code.poll.pk, count=1, actor=full_box.by_code.officer, at=AT)
    # After the count as well: neither ballots nor the result, and no way back.
    does.count_poll(poll_id=poll.pk, codes=full_box.shares[:2], actor=full_box.officer, at=LATER)
    hex_key = str(poll.pk) if connection.vendor == "postgresql" else poll.pk.hex
    for statement in (
        "UPDATE ballots_result SET void = 9",
        "DELETE FROM ballots_result",
        f"DELETE FROM ballots_ballot WHERE poll_id = '{hex_key}'",
        f"DELETE FROM ballots_participation WHERE poll_id = '{hex_key}'",
        f"UPDATE ballots_poll SET state = 'open' WHERE id = '{hex_key}'",
        f"UPDATE ballots_poll SET is_rebuilt = NOT is_rebuilt WHERE id = '{hex_key}'",
        f"UPDATE ballots_poll SET counted_at = NULL WHERE id = '{hex_key}'",
        (
            'INSERT INTO ballots_ballot (id, poll_id, "group", ciphertext, tracker)'
            f" SELECT {new}, '{hex_key}', \"group\", ciphertext, tracker FROM ballots_ballot LIMIT 1"
        ),
    ):
        refused(statement)
    assert definition_of(poll.definition_json).sha256 == poll.definition_sha256
