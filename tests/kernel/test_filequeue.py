"""The queue of files: a message is there whole or not at all, and half of one ends nobody."""

import contextlib
import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from portal.celery import app
from portal.kernel import filequeue


@pytest.fixture
def folders(tmp_path):
    places = {name: tmp_path / name for name in ("msg", "control", "taken")}
    for place in places.values():
        place.mkdir()
    return places


@pytest.fixture
def channel(folders):
    options = {
        "data_folder_in": str(folders["msg"]),
        "data_folder_out": str(folders["msg"]),
        "control_folder": str(folders["control"]),
        "processed_folder": str(folders["taken"]),
        "store_processed": True,
    }
    with Connection("filesystem://localhost", transport_options=options) as connection:
        yield connection.default_channel


def test_celery_takes_this_queue_for_files(channel):
    assert isinstance(channel, filequeue.Channel)
    assert type(app.connection_for_write("filesystem://localhost").transport) is filequeue.Transport


def test_nobody_sees_a_message_that_is_being_written(channel, folders, monkeypatch):
    seen = []
    real = Path.write_bytes

    def watched(self, data):
        self.touch()
        seen.append(channel._size("celery"))
        with pytest.raises(Empty):
            channel._get("celery")
        written = real(self, data)
        seen.append(channel._size("celery"))
        return written

    monkeypatch.setattr(Path, "write_bytes", watched)
    channel._put("celery", {"body": "响铃"})
    assert (seen, channel._size("celery")) == ([0, 0], 1)
    assert channel._get("celery") == {"body": "响铃"}
    assert list(folders["msg"].iterdir()) == []


@pytest.mark.parametrize("half", [b"", b'{"body": "\xe5\x93', b'{"body": "a"'])
def test_half_a_message_is_left_out_and_the_next_one_comes(channel, folders, half):
    (folders["msg"] / "1_half.celery.msg").write_bytes(half)
    with pytest.raises(Empty):
        channel._get("celery")
    channel._put("celery", {"body": "b"})
    assert channel._get("celery") == {"body": "b"}


def test_a_full_disk_leaves_nothing_behind_and_says_so(channel, folders, monkeypatch):
    def full(self, data):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ChannelError):
        channel._put("celery", {"body": "a"})
    assert list(folders["msg"].iterdir()) == []


def test_an_exchange_that_is_being_written_is_waited_for(channel, folders):
    table = folders["control"] / "celery.exchange"
    table.write_bytes(b"")
    done = threading.Timer(0.2, table.write_bytes, [b'[["celery", "", "celery"]]'])
    done.start()
    try:
        assert [row.queue for row in channel.get_table("celery")] == ["celery"]
        channel._queue_bind("celery", "other", "", "other")
    finally:
        done.join()
    assert [row.queue for row in channel.get_table("celery")] == ["other", "celery"]


def test_two_who_take_and_two_who_give_lose_nothing(channel):
    taken, given = [], [f"{who}-{n}" for who in "ab" for n in range(60)]
    over = threading.Event()

    def give(who):
        for n in range(60):
            channel._put("celery", {"n": f"{who}-{n}"})

    def take():
        while not over.is_set() or channel._size("celery"):
            with contextlib.suppress(Empty):
                taken.append(channel._get("celery")["n"])

    givers = [threading.Thread(target=give, args=[who]) for who in "ab"]
    takers = [threading.Thread(target=take) for _n in range(2)]
    for thread in givers + takers:
        thread.start()
    for thread in givers:
        thread.join()
    over.set()
    for thread in takers:
        thread.join()
    assert sorted(taken) == sorted(given)
