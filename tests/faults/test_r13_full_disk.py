"""R13: the disk is full at a submit, at an upload and at a backup: a clean no, nothing half written."""

import contextlib
import os
import subprocess
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from feedback.models import Inquiry, InquiryFile, Series
from portal.deadlines.models import Heartbeat, Promise
from portal.files.models import StoredFile
from portal.home import doctor
from portal.ledger.models import Entry
from tests.factories.cards import make_plant
from tests.faults.people import BODY, card_form, session_of
from tests.faults.stage import Visitor
from tests.services import absent


@contextlib.contextmanager
def tiny_disk(place, size="512k", owner=None):
    """A file system of a few hundred kilobytes."""
    place.mkdir()
    options = f"size={size}" + (f",uid={owner['user']},gid={owner['group']}" if owner else "")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, text=True)
    if done.returncode:
        absent(f"needs the right to mount a tmpfs: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def fill(place):
    """Leave no room on a disk."""
    with contextlib.suppress(OSError), open(place / "ballast", "wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def files_in(place):
    return sorted(path.name for path in place.rglob("*") if path.is_file() and path.name != "ballast")


def photo():
    path = Path(settings.VAR) / "photo.jpg"
    Image.effect_noise((400, 300), 90).convert("RGB").save(path, quality=90)
    return path.read_bytes()


@pytest.mark.django_db(transaction=True)
def test_r13_submit_on_a_full_embedded_database():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has its own test below")
    plant = make_plant()
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(plant.worker)
    form = card_form(plant.shop.code, body=BODY * 40)
    with connection.cursor() as cursor:
        # Pages that earlier tests of this worker left free would take what should not fit.
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute("PRAGMA freelist_count")
        assert cursor.fetchone()[0] < 50
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            answers = [browser.post("/cards/new/", {**form, "idempotency_key": f"{n:032x}"}) for n in range(1, 100)]
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    refused = [answer for answer in answers if answer.status_code != 302]
    assert {answer.status_code for answer in refused} == {503}
    assert BODY in refused[0].content.decode()
    taken = len(answers) - len(refused)
    assert Inquiry.objects.count() == taken
    assert Promise.objects.count() == 2 * taken
    assert Entry.objects.filter(verb="inquiry.submitted").count() == taken
    assert sum(Series.objects.values_list("last", flat=True)) == taken
    assert browser.post("/cards/new/", form).status_code == 302


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_r13_upload_on_a_full_disk(tmp_path):
    plant = make_plant()
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(plant.worker)
    form = card_form(plant.shop.code)
    words = {**form, "step": "words", "files": SimpleUploadedFile("a.jpg", photo(), "image/jpeg")}
    with tiny_disk(tmp_path / "disk") as disk:
        storages = {**settings.STORAGES}
        storages["default"] = {**storages["default"], "OPTIONS": {"location": disk}}
        settings.STORAGES = storages
        # Room while the form is filled in, none when it is sent.
        kept = browser.post("/cards/new/", words)
        assert kept.status_code == 200
        [token] = kept.context["form"].initial.get("files-kept") or [
            value for name, value in kept.context["carried"] if name == "files-kept"
        ]
        before = files_in(disk)
        assert len(before) == 1
        fill(disk)
        sent = browser.post("/cards/new/", {**form, "files-kept": token})
        assert sent.status_code == 403
        assert BODY in sent.content.decode()
        assert (Inquiry.objects.count(), StoredFile.objects.count(), InquiryFile.objects.count()) == (0, 0, 0)
        assert files_in(disk) == before
        # No room from the beginning: the writer is told and goes on without.
        words["files"] = SimpleUploadedFile("b.jpg", photo(), "image/jpeg")
        assert browser.post("/cards/new/", words).status_code == 200
        assert files_in(disk) == before
        (disk / "ballast").unlink()
        assert browser.post("/cards/new/", {**form, "files-kept": token}).status_code == 302
        assert StoredFile.objects.count() == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_r13_backup_on_a_full_disk(tmp_path, monkeypatch):
    make_plant()
    with tiny_disk(tmp_path / "disk", "64k") as disk:
        fill(disk)
        os.truncate(disk / "ballast", 32_000)
        with pytest.raises(CommandError, match=r"No backup was made.*(No space left|could not write)"):
            call_command("backup", "--to", str(disk), verbosity=0)
        assert files_in(disk) == []
        assert [path.name for path in disk.iterdir()] == ["ballast"]
        assert not Heartbeat.objects.filter(name="backup").exists()
        monkeypatch.setattr(settings, "VAR", disk)
        [finding] = doctor.examine(at=timezone.now(), only=["disk"])
        assert finding.state == "fail"


@pytest.mark.services
def test_r13_submit_on_a_full_server(stage_with_own_postgres, tmp_path):
    stage = stage_with_own_postgres
    postgres = stage.postgres
    tmp_path.chmod(0o755)
    with tiny_disk(postgres.folder / "tiny", "1m", postgres.identity()) as disk, contextlib.ExitStack() as ending:
        line = psycopg2.connect(postgres.url)
        line.autocommit = True
        ending.callback(line.close)
        with line.cursor() as cursor:
            cursor.execute(f"CREATE TABLESPACE tiny LOCATION '{disk}'")
            cursor.execute("ALTER TABLE feedback_inquiry SET TABLESPACE tiny")
        fill(disk)
        address = stage.web()
        visitor = Visitor(address, stage.seed["session"])
        answers = [visitor.post("/cards/new/", card_form(stage.seed["unit"], body=BODY * 40)) for _ in range(12)]
        refused = [answer for answer in answers if answer.status != 302]
        assert refused and {answer.status for answer in refused} == {503}
        assert BODY in refused[0].text
        with line.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM feedback_inquiry), (SELECT sum(last) FROM feedback_series),"
                " (SELECT count(*) FROM ledger_entry WHERE verb = 'inquiry.submitted'),"
                " (SELECT count(*) FROM deadlines_promise WHERE kind LIKE 'inquiry.re%')"
            )
            cards, last, entries, promises = cursor.fetchone()
        assert cards == last == entries == promises / 2 == 1 + len(answers) - len(refused)
        (disk / "ballast").unlink()
        assert visitor.post("/cards/new/", card_form(stage.seed["unit"])).status == 302
        with line.cursor() as cursor:
            cursor.execute("ALTER TABLE feedback_inquiry SET TABLESPACE pg_default")
            cursor.execute("DROP TABLESPACE tiny")
