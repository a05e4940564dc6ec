"""
Duties, their promises and their entries in the ledger by three statements for a batch, in two dialects.

The tables of other floors are theirs: the ledger tells jobs that record
thousands of acts to insert by SQL (portal.ledger.recording); what a promise
holds is made by portal.deadlines, once for all that fall due on the same day.
"""

import json
import uuid

from django.db import connection

from portal.deadlines.operations import promise_for_many
from portal.kernel.inserting import insert_alike
from portal.ledger.recording import SYSTEM, entry_for_many

from ..models import Duty

# A batch is a list of [assignment, id of the duty, id of the promise], given as one text. On SQLite a UUID is 32
# characters without dashes.
BATCHES = {
    "postgresql": "(one->>0)::bigint AS assignment, (one->>1)::uuid AS duty, (one->>2)::uuid AS promise,"
    " one->>1 AS name FROM jsonb_array_elements(%s::jsonb) one",
    "sqlite": "json_extract(value, '$[0]') AS assignment, replace(json_extract(value, '$[1]'), '-', '') AS duty,"
    " replace(json_extract(value, '$[2]'), '-', '') AS promise, json_extract(value, '$[1]') AS name FROM json_each(%s)",
}
SOURCE = (
    "(SELECT {batch}) batch JOIN disclosures_assignment a ON a.id = batch.assignment"
    " JOIN disclosures_catalogueitem i ON i.id = a.item_id JOIN accounts_unit u ON u.id = a.unit_id"
)
NEW_ID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}
FACTS = {
    "postgresql": "jsonb_build_object('code', i.code, 'unit', u.code, 'period', %s::text, 'due_on', %s::text)",
    "sqlite": "json_object('code', i.code, 'unit', u.code, 'period', %s, 'due_on', %s)",
}
SUBJECT = "'disclosures.duty:' || batch.name"


def write_duties(assignments, *, period, due_on, at):
    """Open the duty of a period for each of these assignments (their keys), all to be met by the same day."""
    batch = json.dumps([[key, str(uuid.uuid4()), str(uuid.uuid4())] for key in assignments])
    source = {"source": SOURCE.format(batch=BATCHES[connection.vendor]), "params": [batch]}
    promise = promise_for_many(kind="disclosure.publish", started_on=period.following().start, due_on=due_on, at=at)
    duty = Duty(frequency=period.frequency, starts_on=period.start, ends_on=period.end)
    entry = entry_for_many(verb="duty.opened", actor=SYSTEM, at=at, period=period.code, due_on=due_on)
    insert_alike(
        promise,
        **source,
        own={"id": "batch.promise", "subject": SUBJECT, "unit": "coalesce(a.department_id, a.unit_id)"},
    )
    own = {name: f"a.{name}_id" for name in ("item", "unit", "department")}
    insert_alike(duty, **source, own={**own, "id": "batch.duty", "promise": "batch.promise"})
    facts = FACTS[connection.vendor], (entry.facts["period"], entry.facts["due_on"])
    insert_alike(entry, **source, own={"id": NEW_ID[connection.vendor], "subject": SUBJECT, "facts": facts})
