"""
P1 for cards: somebody reads every table, of both engines, and wants the author of a card.

The attacker has all rows as they are, the hidden columns included, and knows
who signed in. What must hold is asserted; what a database by its nature gives
away (the order of its rows) is measured and told in docs/security.md.
"""

import contextlib
import datetime as dt
import json
import re
import uuid

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.utils import timezone

from feedback.models import Inquiry
from feedback.operations import add_author_message, ask_author, rate_inquiry
from portal.deadlines.operations import sweep
from portal.kernel.days import day_start, local_day
from portal.ledger.models import Seal
from portal.ledger.operations import seal_pending
from tests.factories.cards import approve as approve_reply
from tests.factories.cards import assign, deliver, draft, make_identity_key, make_plant, register
from tests.factories.people import SECRET, make_person
from tests.faults.people import card_form

pytestmark = pytest.mark.django_db(transaction=True)
AUTHORS = 8
SESSION_SALT = "django.contrib.sessions.SessionStore"
MOVED = "(moved)"
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?")
KEY = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|[0-9a-f]{64}")


def read_all():
    """Return every row of every table as {(table, physical place): {column: value}}, hidden columns included."""
    found = {}
    with connection.cursor() as cursor:
        keyless = set()
        if connection.vendor == "sqlite":
            # Of the search's index: such tables have no physical place but their key.
            cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")
            keyless = {name for (name,) in cursor.fetchall()}
        for table in sorted(connection.introspection.table_names()):
            hidden = "rowid, rowid" if table not in keyless else "row_number() OVER (), 0"
            if connection.vendor == "postgresql":
                hidden = "ctid::text, xmin::text::bigint"
            cursor.execute(f"SELECT {hidden}, t.* FROM {connection.ops.quote_name(table)} AS t")
            names = [column[0] for column in cursor.description][2:]
            for place, moved, *values in cursor.fetchall():
                row = dict(zip(names, map(_opened, values), strict=True))
                if "session_data" in row:
                    row["session_data"] = signing.loads(
                        row["session_data"], salt="django.contrib.sessions.SessionStore"
                    )
                found[table, place] = row | {MOVED: moved}
    return found


def _opened(value):
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    return value


def text_of(row):
    """Return a row as one text in which ids of either spelling look alike."""
    kept = {name: value for name, value in row.items() if name != MOVED}
    return re.sub(r"(?<=[0-9a-f])-(?=[0-9a-f])", "", json.dumps(kept, default=str, ensure_ascii=False))


def fine_times(values, at):
    """Return what among the values tells more of the time than its day."""
    midnight = day_start(local_day(at))
    found = []
    for value in values:
        if isinstance(value, dt.datetime):
            moment = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
            if (moment - midnight).total_seconds() % 86400:
                found.append(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            seconds = value / 1000 if value > 10**11 else value
            if abs(seconds - at.timestamp()) < 86400:
                found.append(value)
        elif isinstance(value, dict | list):
            found += fine_times(value.values() if isinstance(value, dict) else value, at)
        elif isinstance(value, str):
            with contextlib.suppress(ValueError):
                found += fine_times([json.loads(value)], at) if value[:1] in ("{", "[") else []
            for day, time, zone in MOMENT.findall(value):
                moment = dt.datetime.fromisoformat(f"{day}T{time}{(zone or '+00:00').replace('Z', '+00:00')}")
                if (moment - midnight).total_seconds() % 86400:
                    found.append(value)
    return found


def rows_of(inquiry, rows):
    """Return the places of all rows that lead from one to the next, by any key, beginning at the card."""
    texts = {place: text_of(row) for place, row in rows.items()}
    wanted, reached = {inquiry.pk.hex}, set()
    while True:
        fresh = {place for place, text in texts.items() if place not in reached and any(key in text for key in wanted)}
        if not fresh:
            return reached
        reached |= fresh
        # Whatever looks like a key and stands in few rows leads on; a unit or a calendar leads everywhere.
        keys = {key.replace("-", "") for place in fresh for key in KEY.findall(texts[place])}
        wanted |= keys


def changed(before, after):
    """Return {place: the columns that an act wrote}."""
    diff = {}
    for place, row in after.items():
        old = before.get(place)
        columns = {
            name: value for name, value in row.items() if name != MOVED and (old is None or old.get(name) != value)
        }
        if columns:
            diff[place] = columns
    return diff


def marks_of(person):
    return [person.pk.hex, person.job_no, person.name, person.phone]


@pytest.fixture
def plant(transactional_db):
    plant = make_plant()
    make_identity_key(plant)
    return plant


@pytest.fixture
def authors(plant):
    # No number of digits alone: among the hexadecimal ones of a sealed identity these stand by chance now and then.
    return [
        make_person(unit=plant.shop, job_no=f"GH88{n:04d}", name=f"作者{n}号甲乙", phone=f"1390000{n:04d}", secret=True)
        for n in range(AUTHORS)
    ]


def assert_clean(inquiry, rows, diff, authors, at):
    """No author's mark and no time of day in any row the card leads to, as far as the act wrote it."""
    reached = rows_of(inquiry, rows)
    tables = {table for table, _place in reached}
    assert {"feedback_inquiry", "deadlines_promise", "ledger_entry"} <= tables
    assert not tables & {"django_session", "accounts_device", "accounts_signintry", "accounts_person", "notices_notice"}
    for place in reached:
        assert not [mark for person in authors for mark in marks_of(person) if mark in text_of(rows[place])], place
        written = diff.get(place, {})
        assert written.get("is_day_only", True), place
        assert fine_times(written.values(), at) == [], (place, written)


def sent_after(browser, form, path, before):
    response = browser.post(path, form)
    assert response.status_code in (200, 302), response.content.decode()[:500]
    [inquiry] = Inquiry.objects.exclude(pk__in=before)
    return inquiry


def test_p01_confidential_cards(plant, authors, record_property):
    at, cards, sessions, seen = timezone.now(), [], [], set()
    for person in authors:
        browser = Client()
        response = browser.post("/people/sign-in/", {"job_no": person.job_no, "password": SECRET})
        assert response.status_code == 302
        before = read_all()
        inquiry = sent_after(browser, card_form(plant.shop.code, mode="confidential"), "/cards/new/", seen)
        seen.add(inquiry.pk)
        after = read_all()
        assert_clean(inquiry, after, changed(before, after), authors, at)
        # What else the act wrote, such as the session, has no way to the card; it may know five minutes of a session.
        assert {table for table, _place in changed(before, after)} - {"django_session"} == {
            "deadlines_promise",
            "feedback_inquiry",
            "feedback_series",
            "feedback_tally",
            "ledger_entry",
            "ledger_pending",
        }
        cards.append(inquiry)
        sessions.append(browser.session.session_key)
    rows = read_all()

    # By equality: nothing that is in a card's rows and in its author's rows is not in everybody's.
    def values(places):
        return {
            str(value)
            for place in places
            for name, value in rows[place].items()
            if name != MOVED and len(str(value)) > 5
        }

    texts = {place: text_of(row) for place, row in rows.items() if place[0] != "feedback_inquiry"}
    of_cards = [values(rows_of(card, rows)) for card in cards]
    of_people = [
        values(
            place for place, text in texts.items() if any(mark in text for mark in (person.pk.hex, person.job_no, key))
        )
        for person, key in zip(authors, sessions, strict=True)
    ]
    for n in range(AUTHORS):
        others = set.union(*(of_people[m] for m in range(AUTHORS) if m != n))
        assert of_cards[n] & of_people[n] - others == set()
    assert len({row["owner_tag"] for place, row in rows.items() if place[0] == "feedback_inquiry"}) == AUTHORS
    assert {card.pk.version for card in cards} == {4}
    assert {len(bytes(card.sealed_identity)) for card in Inquiry.objects.all()} == {512 + 48}

    # By the order in which rows were written: measured, not promised (docs/security.md, "Order of rows").
    of_table = {table: [row for place, row in rows.items() if place[0] == table] for table, _place in rows}
    moved_session = {row["session_key"]: row[MOVED] for row in of_table["django_session"]}
    moved_card = {uuid.UUID(str(row["id"])): row[MOVED] for row in of_table["feedback_inquiry"]}
    if connection.vendor == "postgresql":  # one count of transactions for all tables: who came just before?
        guesses = [
            max((key for key in sessions if moved_session[key] <= moved_card[card.pk]), key=moved_session.get)
            for card in cards
        ]
    else:  # a count for each table: the first session to the first card
        in_order = sorted(moved_card, key=moved_card.get)
        guesses = [sorted(sessions, key=moved_session.get)[in_order.index(card.pk)] for card in cards]
    hits = sum(guess == key for guess, key in zip(guesses, sessions, strict=True))
    record_property(f"authors found by row order on {connection.vendor}", f"{hits} of {AUTHORS}")


def test_p01_sweep_and_seal_tell_no_hour(plant, authors):
    browser = Client()
    browser.post("/people/sign-in/", {"job_no": authors[0].job_no, "password": SECRET})
    before = read_all()
    inquiry = sent_after(browser, card_form(plant.shop.code, mode="confidential"), "/cards/new/", set())
    at = timezone.now()
    sweep(at=at)
    while seal_pending(at=at):
        pass
    after = read_all()
    assert_clean(inquiry, after, changed(before, after), authors, at)
    assert not Seal.objects.filter(entry__subject=f"feedback.inquiry:{inquiry.pk}").exists()


def test_p01_anonymous_cards(plant, authors):
    at, seen = timezone.now(), set()
    for number, person in enumerate(authors):
        # Signed in on the same browser a moment before: the worst habit.
        browser = Client(REMOTE_ADDR=f"10.0.{number}.7")
        browser.post("/people/sign-in/", {"job_no": person.job_no, "password": SECRET})
        token = re.search(r'name="form_token" value="([^"]+)"', browser.get("/a/card/").content.decode())[1]
        before = read_all()
        form = card_form(plant.shop.code, mode="anonymous", form_token=token)
        inquiry = sent_after(browser, form, "/a/card/", seen)
        seen.add(inquiry.pk)
        after = read_all()
        diff = changed(before, after)
        assert {table for table, _place in diff} <= {
            "deadlines_promise",
            "feedback_inquiry",
            "feedback_series",
            "feedback_tally",
            "ledger_entry",
            "ledger_pending",
        }
        for place, written in diff.items():
            assert fine_times(written.values(), at) == [], (place, written)
        assert_clean(inquiry, after, diff, authors, at)


@pytest.mark.parametrize("mode", ["confidential", "anonymous"])
@pytest.mark.parametrize("level", [1, 4])
def test_p01_what_authors_do_later(plant, authors, mode, level):
    from tests.factories.cards import make_inquiry

    now = timezone.now()
    author = authors[0] if mode == "confidential" else None
    inquiry = make_inquiry(plant, identity_mode=mode, author=author, at=now)
    register(inquiry, plant=plant, at=now)
    assign(inquiry, plant=plant, at=now)
    ask_author(inquiry_id=inquiry.pk, text="请补充是哪几个班次。", actor=plant.handler, at=now)

    def act(do):
        before = read_all()
        do()
        after = read_all()
        diff = changed(before, after)
        reached = rows_of(inquiry, after)
        assert diff
        for place, written in diff.items():
            assert fine_times(written.values(), now) == [], (place, written)
            # An entry sealed within the minute would tell the minute by its place in the chain.
            assert written.get("is_day_only", True), place
            text = text_of(after[place])
            assert not [mark for mark in marks_of(authors[0]) if mark in text], place
        assert {table for table, _place in diff if (table, _place) not in reached} <= {"feedback_tally"}

    act(lambda: add_author_message(inquiry_id=inquiry.pk, text="乙班", idempotency_key=uuid.uuid4(), at=timezone.now()))
    draft(inquiry, plant=plant, at=now)
    approve_reply(inquiry, plant=plant, at=now)
    deliver(inquiry, plant=plant, at=now)
    act(lambda: rate_inquiry(inquiry_id=inquiry.pk, level=level, comment="慢", at=timezone.now()))
