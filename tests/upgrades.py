"""
Databases of earlier releases, stored with their data, to hold every later migration against.

    python -m tests.upgrades make tests/fixtures/NAME.json.xz    # before a release, once, on an empty PORTAL_VAR
    python -m tests.upgrades try tests/fixtures/NAME.json.xz     # on an empty database; what is wrong, as JSON

A stored database is the list of its migrations and its rows, so that it can be
set up on either engine: its own migrations make its tables.
"""

import base64
import datetime as dt
import json
import lzma
import os
import sys
import uuid
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).with_name("fixtures")
# Codes and tags are drawn from these, so that a stored receipt opens its card for good.
KEYS = {"PORTAL_SECRET_KEY": "stored-secret-" + "s7" * 25, "PORTAL_TAG_KEY": "stored-tag-" + "t7" * 25}
# Made anew by every migration, or of no use after a restart.
LEFT_OUT = {"contenttypes.contenttype", "auth.permission", "sessions.session"}


def encode(value):
    """Return a value of a column as JSON can hold it, alike on both engines."""
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, (dt.date, dt.time, uuid.UUID, Decimal)):
        return str(value)
    return value


def decode(field, value):
    """Return the value of a column from what JSON holds."""
    if isinstance(value, dict) and list(value) == ["bytes"]:
        return base64.b64decode(value["bytes"])
    if field.get_internal_type() == "JSONField":
        return value
    return (field.target_field if field.is_relation else field).to_python(value)


def models_at(targets):
    """Return {label: model} of the tables as they are after the given migrations."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    state = MigrationExecutor(connection).loader.project_state([tuple(target) for target in targets])
    found = {model._meta.label_lower: model for model in state.apps.get_models(include_auto_created=True)}
    return {label: model for label, model in sorted(found.items()) if label not in LEFT_OUT}


def rows_of(model, columns):
    """Return the rows of a table, in the order of their keys."""
    rows = model._base_manager.order_by("pk").values_list(*columns)
    return sorted(([encode(value) for value in row] for row in rows), key=lambda row: json.dumps(row[:1]))


def columns_of(model):
    """Return the names of a table's columns, the key first."""
    fields = sorted(model._meta.concrete_fields, key=lambda field: not field.primary_key)
    return [field.attname for field in fields]


def make(place):
    """Store the database that is open, with the sign-ins of its demo."""
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    receipts = send_cards()
    targets = MigrationExecutor(connection).loader.graph.leaf_nodes()
    tables = {}
    for label, model in models_at(targets).items():
        columns = columns_of(model)
        tables[label] = {"columns": columns, "rows": rows_of(model, columns)}
    people = json.loads((settings.VAR / "demo-signins.json").read_text(encoding="utf-8"))
    stored = {"migrations": sorted(targets), "tables": tables, "people": people, "receipts": receipts}
    text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    place.write_bytes(lzma.compress(text.encode(), preset=9))
    return {label: len(table["rows"]) for label, table in tables.items() if table["rows"]}


def send_cards():
    """Send a card in each mode as people do, and return the numbers, codes and subjects of their receipts."""
    from django.conf import settings
    from django.test import Client

    from feedback.models import Inquiry
    from feedback.sealing import receipt_code
    from feedback.views.anonymous import make_token
    from portal.accounts.models import Person
    from tests.faults.people import card_form, session_of

    author = Person.objects.filter(is_active=True, appointments=None).order_by("job_no").first()
    receipts = []
    for mode in ("named", "confidential", "anonymous"):
        client, form = Client(), card_form(author.unit.code, mode=mode, subject=f"留待升级后查询：{mode}")
        if mode == "anonymous":
            answer = client.post("/a/card/", {**form, "form_token": make_token()})
        else:
            client.cookies[settings.SESSION_COOKIE_NAME] = session_of(author)
            answer = client.post("/cards/new/", form)
        if answer.status_code not in (200, 302):
            raise SystemExit(answer.content.decode())
        card = Inquiry.objects.get(subject=form["subject"])
        receipts.append([card.number, receipt_code(card.idempotency_key), card.subject])
    return receipts


def read(place):
    """Return a stored database."""
    return json.loads(lzma.decompress(place.read_bytes()))


def fill(stored):
    """Write the stored rows as the release they come from would: with its columns and no others."""
    from django.db import connection, transaction

    models = models_at(stored["migrations"])
    with transaction.atomic(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for label, table in ordered(stored, models):
            model = models[label]
            if label == "ledger.pending":  # the trigger on entries has put all of them into the queue
                model._base_manager.all().delete()
            fields = {field.attname: field for field in model._meta.concrete_fields}
            model._base_manager.bulk_create(
                model(**{name: decode(fields[name], value) for name, value in zip(table["columns"], row, strict=True)})
                for row in table["rows"]
            )


def ordered(stored, models):
    """Give the tables so that each follows those it points at; the queue of the ledger comes last."""
    waiting = dict(stored["tables"])
    while waiting:
        for label in list(waiting):
            points = {
                field.related_model._meta.label_lower
                for field in models[label]._meta.concrete_fields
                if field.is_relation
            }
            if (points - {label}) & set(waiting) or (label == "ledger.pending" and len(waiting) > 1):
                continue
            yield label, waiting.pop(label)


def losses(stored):
    """Return what is no longer as it was stored: a table or column that has gone, a row or value that has changed."""
    from django.db import connection

    found, models = [], models_at(stored["migrations"])
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for label, table in stored["tables"].items():
            model = models[label]
            name = model._meta.db_table
            if name not in there:
                found.append(f"{label}: the table has gone")
                continue
            described = connection.introspection.get_table_description(cursor, name)
            names = {field.attname: field.column for field in model._meta.concrete_fields}
            kept = [column for column in table["columns"] if names[column] in {row.name for row in described}]
            found += [f"{label}.{column}: the column has gone" for column in table["columns"] if column not in kept]
            places = [table["columns"].index(column) for column in kept]
            before = sorted(([row[place] for place in places] for row in table["rows"]), key=json.dumps)
            after = sorted(rows_of(model, kept), key=json.dumps)
            if before != after:
                changed = sum(1 for row in before if row not in after)
                found.append(f"{label}: {changed} of {len(before)} rows are not as they were; there are {len(after)}")
    return found


def look(stored):
    """Return what people of the stored database would miss in the portal as it is today."""
    from django.test import Client

    from feedback.models import Inquiry
    from portal.accounts.models import Person
    from portal.ledger.checking import verify_database
    from portal.ledger.models import Entry

    missed = []
    # As of the day it was stored: what waited for its seal then would by now have waited for too long.
    if fault := verify_database(at=Entry.objects.latest("at").at).fault:
        missed.append(f"the ledger: {fault}")
    for row in stored["people"][::7]:
        if not Person.objects.get(job_no=row["job_no"]).check_password(row["secret"]):
            missed.append(f"{row['job_no']} cannot sign in")
    client = Client()
    for number, code, subject in stored["receipts"]:
        tracked = client.post("/a/track/", {"number": number, "code": code})
        if tracked.status_code != 200 or subject not in tracked.content.decode():
            missed.append(f"{number} is not found by its receipt")
    statuses = [client.get(f"/inquiries/{card.number}/").status_code for card in Inquiry.objects.all()[::5]]
    if set(statuses) - {200, 404} or statuses.count(200) < 5:
        missed.append(f"public pages answered {statuses}")
    return missed


def attempt(place):
    """Set a stored database up, migrate it to today, and return what is wrong with it."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    stored = read(place)
    MigrationExecutor(connection).migrate([tuple(target) for target in stored["migrations"]])
    fill(stored)
    call_command("migrate", verbosity=0, interactive=False)
    told = {"lost": losses(stored), "missed": look(stored), "rows": count(stored)}
    # Would a loss be seen? One name is changed behind the comparison's back.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_person SET name = 'x' WHERE job_no = %s", [stored["people"][0]["job_no"]])
    return told | {"spoilt": losses(stored)}


def attempt_old_code(place):
    """Write the stored rows into today's tables, as the earlier release does while the new one is rolled out."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    stored, executor = read(place), MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    fill(stored)
    return {"lost": losses(stored), "missed": [], "rows": count(stored)}


def count(stored):
    return sum(len(table["rows"]) for table in stored["tables"].values())


ACTS = {"make": make, "try": attempt, "old-code": attempt_old_code}

if __name__ == "__main__":
    import django

    os.environ |= KEYS
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    sys.stdout.write(json.dumps(ACTS[sys.argv[1]](Path(sys.argv[2])), ensure_ascii=False))
