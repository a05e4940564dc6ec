"""Backup, theft, damage, restore: on whichever engine the suite runs."""

import datetime as dt
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from portal.accounts.models import Person
from portal.deadlines.models import Heartbeat
from portal.home.archives import packing
from portal.home.archives.retention import to_forget
from portal.home.archives.sealing import MAGIC, new_key_pair
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.datetime(2026, 3, 1, 2, 20)


@pytest.fixture
def place(tmp_path, settings, monkeypatch):
    settings.VAR = tmp_path
    monkeypatch.delenv("PORTAL_BACKUP_KEY", raising=False)
    return tmp_path


def _back_up(place):
    call_command("backup", "--to", str(place / "archives"), verbosity=0)
    return sorted((place / "archives").glob("portal-*"))[-1]


@pytest.fixture
def sealed(place, monkeypatch):
    private, public = new_key_pair()
    monkeypatch.setenv("PORTAL_BACKUP_KEY", public)
    (place / "key").write_text(private)
    return place


def test_what_was_backed_up_comes_back(sealed):
    person = make_person(name="王秀兰")
    default_storage.save("files/photo", ContentFile(b"picture" * 1000))
    archive = _back_up(sealed)
    Person.objects.filter(pk=person.pk).update(name="张三")
    default_storage.delete("files/photo")

    call_command("restore", str(archive), "--key-file", str(sealed / "key"), "--replace", "--no-input")

    assert list(Person.objects.values_list("name", flat=True)) == ["王秀兰"]
    with default_storage.open("files/photo") as file:
        assert file.read() == b"picture" * 1000


def test_sealed_archive_tells_a_thief_nothing(sealed):
    make_person(name="王秀兰")
    archive = _back_up(sealed)
    content = archive.read_bytes()
    assert content.startswith(MAGIC)
    assert "王秀兰".encode() not in content
    with pytest.raises(CommandError, match="private key"):
        call_command("restore", str(archive), "--drill")
    (sealed / "other").write_text(new_key_pair()[0])
    with pytest.raises(CommandError, match="does not open"):
        call_command("restore", str(archive), "--drill", "--key-file", str(sealed / "other"))


@pytest.mark.parametrize("keep", [10, 60, 500, -1])
def test_cut_archive_is_refused_and_nothing_is_touched(sealed, keep):
    person = make_person()
    archive = _back_up(sealed)
    archive.write_bytes(archive.read_bytes()[:keep])
    with pytest.raises(CommandError):
        call_command("restore", str(archive), "--key-file", str(sealed / "key"), "--replace", "--no-input")
    assert list(Person.objects.values_list("pk", flat=True)) == [person.pk]


def test_changed_archive_is_refused(sealed):
    archive = _back_up(sealed)
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    with pytest.raises(CommandError, match="changed"):
        call_command("restore", str(archive), "--key-file", str(sealed / "key"), "--drill")


def test_database_with_people_is_not_replaced_by_accident(place):
    make_person()
    archive = _back_up(place)
    newcomer = make_person()
    with pytest.raises(CommandError, match="holds people"):
        call_command("restore", str(archive))
    assert Person.objects.filter(pk=newcomer.pk).exists()


def test_archive_of_a_later_version_is_refused_with_advice(place, monkeypatch):
    applied = packing.applied_migrations()
    monkeypatch.setattr(packing, "applied_migrations", lambda: [*applied, "feedback.9999_future"])
    archive = _back_up(place)
    with pytest.raises(CommandError, match=r"later version.*feedback\.9999_future.*upgrade"):
        call_command("restore", str(archive), "--replace", "--no-input")


def test_drill_restores_elsewhere_and_is_remembered(place):
    make_person()
    archive = _back_up(place)
    newcomer = make_person()
    call_command("restore", str(archive), "--drill")
    assert Person.objects.filter(pk=newcomer.pk).exists()
    assert Heartbeat.objects.filter(name="restore.drill").count() == 1
    assert [path.name for path in place.iterdir() if path.name.startswith(".")] == []


def test_failed_backup_leaves_no_half_archive(place, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packing.tarfile.TarFile, "add", full)
    with pytest.raises(CommandError, match="No space left"):
        _back_up(place)
    assert list((place / "archives").iterdir()) == []
    assert not Heartbeat.objects.filter(name="backup").exists()


def test_plain_archive_holds_no_secret(place):
    archive = _back_up(place)
    (place / "out").mkdir()
    stamp = packing.unpack(archive, work=place / "out")
    assert set(stamp["members"]) == {"database"}
    assert json.loads((place / "out" / "stamp.json").read_text())["format"] == 1


def test_fourteen_days_eight_weeks_twelve_months_are_kept():
    archives = {number: DAY - dt.timedelta(days=number) for number in range(500)}
    kept = [number for number in archives if number not in to_forget(archives)]
    assert kept[:14] == list(range(14))
    assert 14 + 6 + 9 <= len(kept) <= 14 + 8 + 12
    assert max(kept) > 300
    assert to_forget({0: DAY}) == []
