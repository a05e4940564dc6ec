"""D5: whatever a superuser does to an entry, verify_ledger names the first bad one; works offline from an export."""

import datetime as dt
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.ledger import checking, verifying
from portal.ledger.checking import verify_database
from portal.ledger.models import ENTRY_FIELDS, Entry, Head, Pending, Seal
from portal.ledger.operations import chain_end, publish_head, seal_pending
from portal.ledger.verifying import Anchor
from tests.ledger.acts import NOON, make_entries, make_entry
from tests.ledger.guards import guards_lifted, lift

BASE = Path(__file__).resolve().parents[2]
DAY = dt.timedelta(days=1)


@pytest.fixture
def chain(db):
    """Ten sealed entries, closed by a head."""
    entries = make_entries(10)
    publish_head(at=NOON + DAY)
    return entries


def tamper(*statements):
    """Do what only a superuser of the database can: change rows behind the triggers' back."""
    with guards_lifted(connection), connection.cursor() as cursor:
        for statement, *values in statements:
            cursor.execute(statement, values)


def fault(**over):
    found = verify_database(at=NOON + DAY, **over).fault
    return found and (found.seq, found.what, found.entry)


def key(entry):
    return entry.pk if connection.vendor == "postgresql" else entry.pk.hex


def test_an_honest_chain_holds(chain):
    report = verify_database(at=NOON + DAY)
    assert (report.count, report.seq, report.hash, report.fault) == (10, *chain_end(), None)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "test.hidden"),
        ("subject", "test.thing:2"),
        ("actor", ""),
        ("facts", '{"number": 99}'),
        ("is_day_only", True),
        ("at", "2026-11-19 04:00:00+00:00"),
    ],
)
def test_d05_a_changed_entry_is_named(chain, column, value):
    tamper((f"UPDATE ledger_entry SET {column} = %s WHERE id = %s", value, key(chain[4])))
    assert fault() == (5, "changed", str(chain[4].pk))


def test_d05_a_changed_hash_is_named(chain):
    tamper(("UPDATE ledger_seal SET hash = %s WHERE seq = 5", "f" * 64))
    assert fault() == (5, "changed", str(chain[4].pk))


def test_d05_a_deleted_entry_is_named(chain):
    tamper(("DELETE FROM ledger_entry WHERE id = %s", key(chain[4])))
    assert fault() == (5, "missing", str(chain[4].pk))


def test_d05_a_deleted_seal_is_named(chain):
    tamper(("DELETE FROM ledger_seal WHERE seq = 5",))
    assert fault() == (5, "missing", "")


def test_d05_an_entry_deleted_with_its_place_closed_up_is_named(chain):
    tamper(
        ("DELETE FROM ledger_seal WHERE seq = 5",),
        ("DELETE FROM ledger_entry WHERE id = %s", key(chain[4])),
        *[("UPDATE ledger_seal SET seq = %s WHERE seq = %s", seq - 1, seq) for seq in range(6, 11)],
    )
    assert fault() == (5, "changed", str(chain[5].pk))


def test_d05_an_inserted_entry_is_named(chain):
    stranger = make_entry()
    Pending.objects.all().delete()
    tamper(
        *[("UPDATE ledger_seal SET seq = %s WHERE seq = %s", seq + 1, seq) for seq in range(10, 4, -1)],
        ("INSERT INTO ledger_seal (seq, entry_id, hash) VALUES (5, %s, %s)", key(stranger), "0" * 64),
    )
    assert fault() == (5, "changed", str(stranger.pk))


def test_d05_an_entry_inserted_past_the_queue_is_named(chain):
    stranger = make_entry()
    Pending.objects.all().delete()
    assert fault() == (11, "unsealed", str(stranger.pk))


def test_d05_reordered_entries_are_named(chain):
    tamper(
        ("UPDATE ledger_seal SET seq = 99 WHERE seq = 5",),
        ("UPDATE ledger_seal SET seq = 5 WHERE seq = 6",),
        ("UPDATE ledger_seal SET seq = 6 WHERE seq = 99",),
    )
    assert fault() == (5, "changed", str(chain[5].pk))


def test_d05_a_cut_end_is_caught_by_the_head(chain):
    tamper(
        ("DELETE FROM ledger_seal WHERE seq > 7",),
        *[("DELETE FROM ledger_entry WHERE id = %s", key(entry)) for entry in chain[7:]],
    )
    assert fault() == (8, "truncated", "")


def test_d05_a_cut_end_without_its_head_is_caught_by_the_slip(chain):
    head = Head.objects.get()
    slip = Anchor.parse(f"{head.day}:{head.seq}:{head.hash}")
    tamper(
        ("DELETE FROM ledger_head",),
        ("DELETE FROM ledger_seal WHERE seq > 7",),
        *[("DELETE FROM ledger_entry WHERE id = %s", key(entry)) for entry in chain[7:]],
    )
    assert fault() is None
    assert fault(anchors=[slip]) == (8, "truncated", "")


def test_d05_a_chain_made_anew_is_caught_by_the_slip(chain):
    head = Head.objects.get()
    slip = Anchor.parse(f"{head.day}:{head.seq}:{head.hash}")
    with guards_lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_entry SET actor = '' WHERE id = %s", [key(chain[4])])
        cursor.execute("DELETE FROM ledger_head")
        cursor.execute("DELETE FROM ledger_seal")
        cursor.execute(
            "INSERT INTO ledger_pending (entry_id, at, is_day_only) SELECT id, at, is_day_only FROM ledger_entry"
        )
    seal_pending(at=NOON + DAY)
    assert fault() is None
    assert fault(anchors=[slip]) == (10, "remade", str(chain[9].pk))


def test_d05_a_seal_below_the_first_hides_nothing(chain):
    """An entry that has a seal outside the chain is neither queued nor walked over, unless the walk begins below."""
    stranger = make_entry()
    Pending.objects.all().delete()
    tamper(("INSERT INTO ledger_seal (seq, entry_id, hash) VALUES (-3, %s, %s)", key(stranger), "0" * 64))
    assert fault() == (-3, "duplicate", str(stranger.pk))


def test_d05_strangers_in_the_queue_make_up_for_no_entry_outside_it(chain):
    stranger = make_entry()
    Pending.objects.all().delete()
    Pending.objects.create(pk=uuid.uuid4(), at=NOON, is_day_only=False)
    Pending.objects.create(pk=chain[4].pk, at=NOON, is_day_only=False)
    assert fault() == (11, "unsealed", str(stranger.pk))


@pytest.mark.parametrize("place", [1, 3, 4, 9, 10])
def test_d05_the_first_bad_entry_is_named_across_chunks(chain, monkeypatch, place):
    monkeypatch.setattr(checking, "CHUNK", 3)
    assert fault() is None
    tamper(
        ("UPDATE ledger_entry SET actor = '' WHERE id = %s", key(chain[place - 1])),
        ("UPDATE ledger_entry SET actor = '' WHERE id = %s", key(chain[9])),
    )
    assert fault() == (place, "changed", str(chain[place - 1].pk))


def test_d05_a_gap_wider_than_a_chunk_is_named(chain, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 3)
    tamper(*[("UPDATE ledger_seal SET seq = seq + 100 WHERE seq = %s", seq) for seq in range(10, 6, -1)])
    assert fault() == (7, "missing", "")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("facts", '{"number": 4'),
        ("facts", '{"number": 4} {"number": 4}'),
        ("facts", ""),
        ("facts", "[" * 5000),
        ("at", "noon"),
        ("at", "2026-11-20 04:00:04 is noon"),
        ("is_day_only", 2),
        ("is_day_only", "false"),
        ("subject", b"test.thing:1"),
    ],
)
def test_d05_what_cannot_be_read_as_an_entry_is_named(chain, column, value):
    """SQLite only: it keeps whatever it is told to, PostgreSQL's types refuse these."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL refuses such values")
    tamper(
        ("PRAGMA ignore_check_constraints = ON",),
        ("DROP INDEX entry_by_fingerprint",),  # it reads the facts, too
        (f"UPDATE ledger_entry SET {column} = %s WHERE id = %s", value, key(chain[4])),
        ("PRAGMA ignore_check_constraints = OFF",),
    )
    assert fault() == (5, "changed", str(chain[4].pk))


@pytest.mark.parametrize(
    "over",
    [
        {},
        {"at": NOON.replace(microsecond=1)},
        {"at": NOON.replace(microsecond=120_000)},
        {"at": NOON.replace(microsecond=999_990)},
        {"day_only": True, "actor": None},
        {"zeta": 1, "al": -(2**53) + 1, "alpha": ["b", 1, None, True, False], "a": "", "none": None, "empty": []},
        {"sha256": "ab" * 32, "due_on": NOON.date(), "is_late": False},
    ],
)
def test_the_text_made_of_columns_is_the_canonical_text(db, over):
    pk = make_entry(**over).pk
    seal_pending(at=NOON + DAY)
    entry = Entry.objects.get()
    text = verifying.canonical(**{name: getattr(entry, name) for name in ENTRY_FIELDS})
    assert list(checking.texts()) == [(*chain_end(), str(pk), text, entry.verb, entry.actor)]


def test_other_forms_of_the_same_moment_make_the_same_text():
    columns = {"id": "1", "verb": "v", "subject": "s", "actor": "", "is_day_only": 0, "facts": '{"b":1, "a":"\\u4e2d"}'}
    same = ("2026-11-20 04:00:00", "2026-11-20T04:00:00.000000", "2026-11-20 12:00:00+08:00", "2026-11-20 04:00:00.0")
    texts = {verifying.canonical_of_columns(**columns, at=at) for at in same}
    facts = '{"a":"中","b":1}'
    rest = '"id":"1","subject":"s","v":1,"verb":"v"}'
    assert texts == {f'{{"actor":"","at":"2026-11-20T04:00:00.000000Z","day_only":false,"facts":{facts},{rest}'}


def test_d05_entries_that_nobody_seals_are_named(db):
    entry = make_entry()
    assert verify_database(at=NOON + dt.timedelta(hours=25)).fault is None
    found = verify_database(at=NOON + dt.timedelta(hours=25, microseconds=1)).fault
    assert (found.what, found.entry) == ("unsealed", str(entry.pk))
    publish_head(at=NOON + DAY)
    # Recorded late and dated when it fell due, as a missed promise after a standstill: it has not waited long.
    make_entry(at=NOON - 9 * DAY)
    assert verify_database(at=NOON + DAY).fault is None


@pytest.mark.django_db(transaction=True)
def test_d05_a_missing_trigger_is_named():
    make_entry()
    seal_pending(at=NOON)
    lift(connection)
    try:
        found = verify_database(at=NOON).fault
    finally:
        from tests.ledger.guards import put_back

        put_back(connection)
    assert found.what == "unguarded"
    assert "ledger_entry" in found.detail
    assert verify_database(at=NOON).fault is None


# From an export, without a database -------------------------------------------------------------------------


@pytest.fixture
def export(chain, tmp_path):
    path = tmp_path / "ledger.tsv"
    call_command("verify_ledger", export=str(path))
    return path


def check(path, *arguments):
    """Run the checker as somebody without portal, settings or database would."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PORTAL", "DATABASE", "DJANGO"))
    }
    done = subprocess.run(
        [sys.executable, "-S", "-I", BASE / "portal/ledger/verifying.py", path, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=path.parent,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def rewrite(path, change):
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(change(lines)), encoding="utf-8")


def test_an_export_is_checked_offline(export):
    seq, hash_ = chain_end()
    code, said = check(export)
    assert code == 0
    assert f"#{seq} {hash_}" in said
    assert check(export, "--head", f"2026-11-20:{seq}:{hash_}")[0] == 0


@pytest.mark.parametrize(
    ("change", "seq", "what"),
    [
        (lambda lines: [*lines[:4], lines[4].replace("system", "person"), *lines[5:]], 5, "changed"),
        (lambda lines: [*lines[:4], lines[4].replace("\t", "\t0", 1)[:-2] + "\n", *lines[5:]], 5, "changed"),
        (lambda lines: lines[:4] + lines[5:], 5, "missing"),
        (lambda lines: [*lines[:4], lines[5], lines[4], *lines[6:]], 5, "order"),
        (lambda lines: [*lines[:5], lines[4], *lines[5:]], 5, "duplicate"),
        (lambda lines: [*lines[:4], "what is this\n", *lines[4:]], 5, "malformed"),
        (lambda lines: [*lines[:4], lines[4].replace("5\t", "five\t", 1), *lines[5:]], 5, "malformed"),
        (lambda lines: [], 1, "truncated"),
        (lambda lines: lines[:7], 8, "truncated"),
    ],
)
def test_d05_an_export_names_the_first_bad_entry(export, change, seq, what):
    head = "2026-11-20:{}:{}".format(*chain_end())
    rewrite(export, change)
    code, said = check(export, "--head", head)
    assert code == 1
    assert said.startswith(f"#{seq}")
    assert verifying.WORDS[what][0] in said
    with pytest.raises(CommandError) as refusal:
        call_command("verify_ledger", file=str(export), head=[head])
    assert refusal.value.returncode == 1
    assert str(refusal.value) == said.strip()


def test_a_repeated_id_under_a_new_hash_is_named(export):
    def again(lines):
        _seq, _hash, text = lines[4].rstrip("\n").split("\t")
        last = lines[-1].split("\t")[1]
        return [*lines, f"11\t{verifying.link(last, verifying.digest_of(text))}\t{text}\n"]

    rewrite(export, again)
    code, said = check(export)
    assert code == 1
    assert said.startswith("#11")
    assert verifying.WORDS["duplicate"][0] in said


def test_what_cannot_be_read_is_said(export, tmp_path):
    assert check(tmp_path / "no-such-file")[0] == 2
    assert check(export, "--head", "yesterday")[0] == 2
    for arguments in ({"file": str(tmp_path / "no-such-file")}, {"head": ["yesterday"]}):
        with pytest.raises(CommandError) as refusal:
            call_command("verify_ledger", **arguments)
        assert refusal.value.returncode == 2


def test_the_module_runs_without_settings(export):
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PORTAL", "DATABASE", "DJANGO"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "portal.ledger.verifying", str(export)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=BASE,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_checks_the_database(chain, capsys):
    call_command("verify_ledger")
    assert f"#{chain_end()[0]} {chain_end()[1]}" in capsys.readouterr().out
    tamper(("UPDATE ledger_entry SET actor = '' WHERE id = %s", key(chain[4])))
    with pytest.raises(CommandError, match=f"^#5 .{chain[4].pk}"):
        call_command("verify_ledger")


def test_numbers_of_rows_are_read_in_steady_chunks(chain, django_assert_num_queries):
    # Heads, one chunk of seals with their entries, the counts, heads made lately, the triggers.
    with django_assert_num_queries(5):
        verify_database(at=NOON + DAY)
    assert (Entry.objects.count(), Seal.objects.count()) == (10, 10)
