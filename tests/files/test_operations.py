import errno
import os
import resource
import signal
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction

from portal.files import staging
from portal.files.intake import UploadRefused, clean_upload
from portal.files.models import StoredFile
from portal.files.operations import blur_times, store_file
from portal.kernel.days import day_start, local_day
from tests.files import zoo

AT = datetime(2026, 3, 4, 18, 6, 7, tzinfo=UTC)  # the 5th at the plant


def on_disk(folder="files"):
    place = Path(default_storage.path(folder))
    return sorted(path.name for path in place.iterdir()) if place.is_dir() else []


@pytest.fixture
def clean():
    return clean_upload(zoo.upload(zoo.picture(), "现场照片.jpg"))


def test_store_writes_row_and_file_under_a_random_name(transactional_db, clean):
    stored = store_file(clean=clean, at=AT)
    row = StoredFile.objects.get()
    assert (row.pk, row.name, row.media_type, row.size, row.sha256) == (
        stored.pk,
        "现场照片.jpg",
        "image/jpeg",
        clean.size,
        clean.sha256,
    )
    assert row.stored_on == local_day(AT)
    path = Path(row.file.path)
    assert path.read_bytes() == clean.content
    assert on_disk() == [path.name]
    assert ("." in path.name, row.pk.hex in path.name, oct(path.stat().st_mode & 0o777)) == (False, False, "0o600")


def test_stored_file_has_a_day_and_no_time(transactional_db, clean):
    stored = store_file(clean=clean, at=AT)
    assert Path(stored.file.path).stat().st_mtime == day_start(local_day(AT)).timestamp()


def test_store_for_an_unnamed_author_uses_the_given_name(transactional_db, clean):
    assert store_file(clean=clean, at=AT, name=clean.made_up_name(2)).name == "附件2.jpg"


def test_rollback_takes_the_file_along(transactional_db, clean):
    with pytest.raises(RuntimeError), transaction.atomic():
        store_file(clean=clean, at=AT)
        assert len(on_disk()) == 1
        raise RuntimeError
    assert (StoredFile.objects.count(), on_disk()) == (0, [])


def test_rollback_of_a_savepoint_takes_only_its_file_along(transactional_db, clean):
    with transaction.atomic():
        first = store_file(clean=clean, at=AT)
        with pytest.raises(RuntimeError), transaction.atomic():
            store_file(clean=clean, at=AT)
            raise RuntimeError
    assert (StoredFile.objects.count(), on_disk()) == (1, [Path(first.file.name).name])


def test_kept_copy_goes_when_the_file_is_stored(transactional_db, clean):
    kept = staging.keep(clean)
    with pytest.raises(RuntimeError), transaction.atomic():
        store_file(clean=staging.take(kept.token), at=AT)
        raise RuntimeError
    assert len(on_disk("staging")) == 1
    store_file(clean=staging.take(kept.token), at=AT)
    assert (on_disk("staging"), len(on_disk())) == ([], 1)


def _full(*_args):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["fsync", "replace", "open"])
def test_r13_full_disk_leaves_no_half_file_and_no_half_row(transactional_db, clean, monkeypatch, step):
    store_file(clean=clean, at=AT)
    before = on_disk()
    with monkeypatch.context() as patch, pytest.raises(UploadRefused) as caught:
        patch.setattr(os, step, _full)
        store_file(clean=clean, at=AT)
    assert caught.value.code == "disk"
    assert (StoredFile.objects.count(), on_disk()) == (1, before)


def test_r13_file_that_no_longer_fits_leaves_nothing(transactional_db):
    clean = clean_upload(zoo.upload(zoo.picture((800, 800), "PNG"), "a.png"))
    big = type(clean)(os.urandom(300_000), clean.name, clean.media_type, 300_000, clean.sha256)
    old, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # The database's own files would meet the limit too: write the file outside of it first.
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, old[1]))
    try:
        with pytest.raises(UploadRefused) as caught:
            staging.keep(big)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
        signal.signal(signal.SIGXFSZ, handler)
    assert (caught.value.code, on_disk("staging")) == ("disk", [])


def test_r13_full_small_disk(transactional_db, tmp_path, settings):
    """The same on a real file system of 1 MB, where one may be mounted."""
    place = tmp_path / "small"
    place.mkdir()
    if os.system(f"mount -t tmpfs -o size=1m none {place} 2>/dev/null") != 0:
        pytest.skip("no right to mount a small file system")
    try:
        storages = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": place}}}
        settings.STORAGES = storages
        clean = clean_upload(zoo.upload(zoo.picture(), "a.jpg"))
        big = type(clean)(os.urandom(2_000_000), clean.name, clean.media_type, 2_000_000, clean.sha256)
        with pytest.raises(UploadRefused) as caught:
            store_file(clean=big, at=AT)
        assert (caught.value.code, on_disk(), StoredFile.objects.count()) == ("disk", [], 0)
        store_file(clean=clean, at=AT)
        assert (len(on_disk()), StoredFile.objects.count()) == (1, 1)
    finally:
        os.system(f"umount {place}")


def test_blurring_gives_a_file_the_time_of_the_night(transactional_db, clean):
    # Stored today by the disk's own clock, so tonight's run comes tomorrow.
    now = datetime.now(UTC)
    stored = store_file(clean=clean, at=now)
    path = Path(stored.file.path)
    inode = path.stat().st_ino
    assert blur_times(at=now) == 0
    assert blur_times(at=now + timedelta(days=1)) == 1
    assert (path.read_bytes(), path.stat().st_mtime) == (clean.content, day_start(local_day(now)).timestamp())
    assert (path.stat().st_ino == inode, on_disk()) == (False, [path.name])


def test_tidy_removes_orphans_after_a_day_and_reports_what_is_missing(transactional_db, clean, monkeypatch):
    stored = store_file(clean=clean, at=AT)
    lost = store_file(clean=clean, at=AT)
    orphan = Path(default_storage.path("files")) / "orphan"
    orphan.write_bytes(b"x")
    Path(lost.file.path).unlink()

    def run(*args):
        out, err = StringIO(), StringIO()
        with pytest.raises(SystemExit) as caught:
            call_command("tidy_files", *args, stdout=out, stderr=err)
        return caught.value.code, out.getvalue(), err.getvalue()

    assert run()[1].startswith("Orphans removed: 0;")  # too young: its transaction may still run
    tomorrow = datetime.now(UTC) + timedelta(days=1, minutes=1)
    monkeypatch.setattr("portal.files.management.commands.tidy_files.timezone.now", lambda: tomorrow)
    assert run("--dry-run")[1].startswith("Orphans would be removed: 1;")
    assert orphan.exists()
    code, said, faults = run("--verify")
    assert (code, said, faults) == (
        1,
        "Orphans removed: 1; forms' files removed: 0; missing or changed: 1\n",
        f"missing  {lost.pk}\n",
    )
    assert on_disk() == [Path(stored.file.name).name]
    Path(stored.file.path).write_bytes(b"y" * stored.size)
    assert f"changed  {stored.pk}\n" in run("--verify")[2]
