"""R19, R20: relays and groups that are down, slow, rude or strict: at least once, no burst, nothing confidential."""

import base64
import datetime as dt
import email
import email.policy
import hashlib
import hmac
import re
import threading
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.db import connections

from portal.accounts.desks import role_desk
from portal.accounts.enums import Role
from portal.accounts.models import Appointment, Person
from portal.notices import outbox
from portal.notices.channels import signed
from portal.notices.models import Bot, Channel, Dispatch, DispatchState, Notice
from portal.notices.operations import sending
from portal.notices.operations.passing import make_digests, pass_on_urgent
from portal.notices.operations.reading import read_all_notices, read_notice
from portal.notices.operations.sending import BACKOFF, LEASE, drain
from portal.notices.wording import markdown_for
from tests.factories.people import make_officer, make_person, make_unit
from tests.notices.kinds import MINUTE, NOW, tell
from tests.notices.stubs import Group, Relay

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def no_bell(monkeypatch):
    monkeypatch.setattr(outbox, "_ring", lambda task: None)


@pytest.fixture(autouse=True)
def no_time_passes(monkeypatch):
    """However long the machine is about it, what is sent is sent at the moment of the test."""
    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: 0.0))


@pytest.fixture
def relay(settings):
    with Relay() as relay:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", relay.port, 60
        yield relay


def reader(**over):
    return make_person(**{"email": f"p{Person.objects.count()}@example.com", **over})


def states():
    return list(Dispatch.objects.order_by("created_at", "key").values_list("state", "attempts", "last_error"))


def body_of(text):
    message = email.message_from_string(text, policy=email.policy.default)
    return message["Subject"] + message.get_body(("plain",)).get_content() + message.get_body(("html",)).get_content()


# What goes by mail, to whom ---------------------------------------------------------------------------------


def test_urgent_notices_go_at_once_to_the_holders_of_the_desk():
    unit = make_unit()
    officer = make_officer(Role.HANDLER, unit, email="h@example.com")
    make_officer(Role.HANDLER, unit)
    person = reader()
    tell(person, desks=[role_desk(Role.HANDLER, unit)], urgent=True, thing="x")
    tell(person, key="b", thing="later")
    assert drain(at=NOW) == 2
    assert drain(at=NOW + MINUTE) == 0
    assert sorted(message.to for message in mail.outbox) == sorted([[officer.email], [person.email]])
    assert {message.subject for message in mail.outbox} == {"told of x"}
    assert "http://localhost:8000/test/1/" in mail.outbox[0].body
    assert states() == [("sent", 1, "")] * 2


def test_mails_of_one_matter_make_one_thread():
    person = reader()
    tell(person, key="a", urgent=True)
    tell(person, key="b", urgent=True)
    drain(at=NOW)
    one, two = mail.outbox
    assert one.extra_headers["References"] == two.extra_headers["References"]
    assert one.extra_headers["Message-ID"] != two.extra_headers["Message-ID"]


def test_an_urgent_notice_that_is_read_lost_or_moved_is_not_mailed():
    unit = make_unit()
    read, all_read, gone, left = reader(), reader(), reader(), make_officer(Role.HANDLER, unit, email="l@example.com")
    tell(read, all_read, gone, desks=[role_desk(Role.HANDLER, unit)], urgent=True)
    pass_on_urgent(at=NOW)
    assert Dispatch.objects.count() == 4
    read_notice(notice_id=Notice.objects.get(desk=f"person:{read.pk}").pk, actor=read)
    read_all_notices(actor=all_read, until=NOW)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    Appointment.objects.filter(person=left).update(until=NOW)
    assert drain(at=NOW) == 0
    assert mail.outbox == []
    assert [state for state, _tries, _error in states()] == ["dropped"] * 4


def test_news_of_three_days_ago_come_in_the_digest_only():
    person = reader()
    for number in range(5):
        tell(person, key=f"k{number}", urgent=True, at=NOW - 3 * DAY, thing=f"t{number}")
    assert drain(at=NOW) == 0
    assert make_digests(at=NOW) == 1
    assert drain(at=NOW) == 1
    assert [message.subject for message in mail.outbox] == ["您有 5 条未读通知"]


def test_a_kind_that_stays_inside_is_not_mailed():
    tell(reader(), kind="test.quiet", urgent=True)
    drain(at=NOW)
    assert not Dispatch.objects.exists()
    assert Notice.objects.get().is_passed_on


def test_one_digest_a_day_with_what_is_unread_in_the_readers_language():
    person = reader(language="en")
    tell(person, key="a", thing="x")
    tell(person, key="b", thing="y", urgent=True, at=NOW - 2 * DAY)
    for _turn in range(2):
        make_digests(at=NOW)
        drain(at=NOW)
    (message,) = mail.outbox
    assert message.subject == "2 notices for you"
    assert message.body.index("told of y") < message.body.index("told of x")
    assert "[urgent]" in message.body
    make_digests(at=NOW + DAY)
    assert Dispatch.objects.count() == 1  # nothing new
    tell(person, key="c", thing="z", at=NOW + DAY)
    assert make_digests(at=NOW + DAY + MINUTE) == 1
    assert Dispatch.objects.filter(key=f"digest:{person.pk}:2026-11-21").exists()


def test_a_digest_with_nothing_left_to_say_is_dropped():
    person = reader()
    tell(person)
    make_digests(at=NOW)
    read_all_notices(actor=person, until=NOW)
    assert drain(at=NOW) == 0
    assert [state for state, *_rest in states()] == ["dropped"]


def test_without_a_relay_nothing_is_made(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    tell(reader(), urgent=True)
    assert (make_digests(at=NOW), drain(at=NOW)) == (0, 0)
    assert not Dispatch.objects.exists()


def test_nothing_confidential_leaves_the_house(settings):
    settings.OUTBOUND_PROXY = "http://127.0.0.1:9"
    unit = make_unit()
    Bot.objects.create(unit=unit, channel=Channel.WECOM, name="g", address="http://group.example/x", is_enabled=True)
    make_officer(Role.HANDLER, unit, email="h@example.com")
    desk = role_desk(Role.HANDLER, unit)
    tell(desks=[desk], kind="test.secret", thing="MARK-1", key="a", urgent=True)
    tell(desks=[desk], kind="test.mixed", thing="MARK-2", hidden=True, key="b", urgent=True)
    tell(desks=[desk], kind="test.mixed", thing="open-3", hidden=False, key="c", urgent=True)
    drain(at=NOW)
    make_digests(at=NOW)
    drain(at=NOW)
    said = " ".join(
        str(message.message()) + message.subject + message.body + message.alternatives[0].content
        for message in mail.outbox
    )
    said += markdown_for(list(Notice.objects.all())) + str(
        list(Dispatch.objects.values_list("payload", "last_error", "key"))
    )
    assert len(mail.outbox) == 4
    assert "open-3" in said
    assert [mark for mark in ("MARK", "SECRET-TITLE") if mark in said] == []
    assert "保密事项" in said


# R19: the relay ---------------------------------------------------------------------------------------------


def test_r19_a_mail_arrives_as_written(relay):
    tell(reader(), urgent=True, thing="食堂")
    assert drain(at=NOW) == 1
    (text,) = relay.mails.values()
    assert "told of 食堂" in body_of(text)
    assert "Auto-Submitted: auto-generated" in text


def test_r19_a_relay_that_is_down_is_tried_again_by_the_back_off_and_fails_visibly(settings, relay):
    settings.EMAIL_PORT = 9  # nobody listens
    tell(reader(), urgent=True)
    at, waits = NOW, []
    for _turn in range(11):
        assert drain(at=at) == 0
        dispatch = Dispatch.objects.get()
        if dispatch.state == DispatchState.WAITING:
            waits.append(round((dispatch.next_at - at).total_seconds() / 60))
            assert drain(at=dispatch.next_at - dt.timedelta(seconds=1)) == 0
            assert Dispatch.objects.get().attempts == dispatch.attempts
            at = dispatch.next_at + dt.timedelta(seconds=1)
    assert waits == [1, 5, 15, 60, 240, 240, 240, 240, 240, 240] == [wait.total_seconds() / 60 for wait in BACKOFF]
    assert states() == [("failed", 11, "ConnectionRefusedError")]
    settings.EMAIL_PORT = relay.port
    assert drain(at=at + DAY) == 0
    assert relay.mails == {}


def test_r19_a_relay_that_is_down_is_knocked_at_once_a_round(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for number in range(5):
        tell(reader(), key=f"k{number}", urgent=True)
    drain(at=NOW)
    assert sorted(attempts for _state, attempts, _error in states()) == [0, 0, 0, 0, 1]


def test_r19_a_slow_relay_delays_nothing_but_its_own_mail(relay, settings):
    relay.seconds, settings.EMAIL_TIMEOUT = 60, 1
    tell(reader(), urgent=True)
    assert drain(at=NOW) == 0
    assert not relay.has_waited  # the sender did not, either
    assert states() == [("waiting", 1, "SMTPServerDisconnected")]


@pytest.mark.parametrize(
    ("where", "reply", "state", "error"),
    [
        ("rcpt_reply", "550 no such mailbox told of x", "failed", "SMTP 550"),
        ("rcpt_reply", "450 mailbox busy", "waiting", "SMTP 450"),
        ("data_reply", "554 spam", "failed", "SMTP 554"),
        ("data_reply", "452 disk full", "waiting", "SMTP 452"),
    ],
)
def test_r19_a_final_no_fails_at_once_and_another_waits(relay, where, reply, state, error):
    setattr(relay, where, reply)
    tell(reader(), urgent=True)
    assert drain(at=NOW) == 0
    assert states() == [(state, 1, error)]
    setattr(relay, where, "250 ok")
    assert drain(at=NOW + 2 * MINUTE) == (1 if state == "waiting" else 0)


def test_r19_one_bad_address_does_not_hold_up_the_others(relay):
    for number in range(3):
        tell(reader(), key=f"k{number}", urgent=True)
    relay.data_reply = "554 no"
    assert drain(at=NOW) == 0
    tell(reader(), key="k9", urgent=True)
    relay.data_reply = "250 ok"
    assert drain(at=NOW) == 1


def test_r19_a_mail_accepted_twice_is_one_mail_for_an_honest_mailbox(relay):
    relay.drops = 1
    tell(reader(), urgent=True)
    assert drain(at=NOW) == 0
    assert drain(at=NOW + 2 * MINUTE) == 1
    assert (relay.accepted, len(relay.mails)) == (2, 1)


def test_a_mail_that_cannot_be_made_does_not_stop_the_others(monkeypatch, caplog):
    one, two = reader(name="first"), reader(name="second")
    tell(one, two, urgent=True)
    real = sending.mail_for
    monkeypatch.setattr(
        sending, "mail_for", lambda dispatch, notices: 1 / 0 if dispatch.person == one else real(dispatch, notices)
    )
    assert drain(at=NOW) == 1
    assert sorted(states()) == [("sent", 1, ""), ("waiting", 1, "ZeroDivisionError")]
    assert "told of" not in caplog.text


# Leases -----------------------------------------------------------------------------------------------------


def test_a_killed_senders_message_is_taken_again_when_its_lease_ends(monkeypatch):
    tell(reader(), urgent=True)

    class Killed(BaseException):
        pass

    def kill(*_arguments):
        raise Killed

    monkeypatch.setattr(sending, "mail_for", kill)
    with pytest.raises(Killed):
        drain(at=NOW)
    monkeypatch.undo()
    monkeypatch.setattr(outbox, "_ring", lambda task: None)
    assert drain(at=NOW + LEASE - MINUTE) == 0
    assert drain(at=NOW + LEASE + MINUTE) == 1
    assert len(mail.outbox) == 1


def test_a_sender_that_lost_its_lease_does_not_overwrite_the_outcome(monkeypatch):
    tell(reader(), urgent=True)
    real = sending.mail_for

    def overtaken(dispatch, notices):
        monkeypatch.setattr(sending, "mail_for", real)
        assert drain(at=NOW + LEASE + MINUTE) == 1
        return 1 / 0

    monkeypatch.setattr(sending, "mail_for", overtaken)
    drain(at=NOW)
    assert states() == [("sent", 2, "")]


@pytest.mark.django_db(transaction=True)
def test_drainers_at_once_send_each_message_once(relay):
    people = [reader(email=f"r{number}@example.com") for number in range(40)]
    tell(*people, urgent=True)
    counts, errors = [], []
    barrier = threading.Barrier(4)

    def work():
        try:
            barrier.wait(60)
            counts.append(drain(at=NOW))
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert errors == []
    assert (sum(counts), relay.accepted, len(relay.mails)) == (40, 40, 40)
    assert Dispatch.objects.count() == 40


# R20: the groups --------------------------------------------------------------------------------------------


@pytest.fixture
def group(settings):
    moment = {"at": 0.0}
    with Group(lambda: moment["at"]) as group:
        group.moment = moment
        settings.OUTBOUND_PROXY = group.url
        yield group


def make_bot(unit, **over):
    plain = {
        "unit": unit,
        "channel": Channel.WECOM,
        "name": "group",
        "address": "http://group.example/send?key=k",
        "is_enabled": True,
    }
    return Bot.objects.create(**{**plain, **over})


def run(group, at):
    """One draining at a moment which the provider's clock shows too."""
    group.moment["at"] = at.timestamp()
    return drain(at=at)


def test_r20_a_backlog_drains_in_order_merged_and_never_throttled(group):
    unit = make_unit()
    make_bot(unit)
    for number in range(200):
        tell(
            desks=[role_desk(Role.HANDLER, unit)],
            key=f"k{number}",
            urgent=True,
            thing=f"t{number:03}",
            at=NOW + dt.timedelta(milliseconds=number),
        )
    at = NOW + MINUTE
    for _second in range(120):
        run(group, at)
        at += dt.timedelta(seconds=1)
    assert group.penalties == 0
    texts = [message["markdown"]["content"] for _at, message in group.taken]
    assert len(texts) == 7
    assert re.findall(r"told of (t\d+)", " ".join(texts)) == [f"t{number:03}" for number in range(200)]
    assert {state for state, *_rest in states()} == {"sent"}
    assert max(len(text.encode()) for text in texts) <= 4096


def test_r20_twenty_a_minute_even_when_each_message_comes_alone(group):
    unit = make_unit()
    make_bot(unit)
    at = NOW
    for number in range(300):
        tell(desks=[role_desk(Role.HANDLER, unit)], key=f"k{number}", urgent=True, thing=f"t{number}", at=at)
        run(group, at)
        at += dt.timedelta(milliseconds=500)
    assert group.penalties == 0
    assert len(group.taken) >= 40  # 150 seconds


def test_r20_a_throttled_bot_rests_ten_minutes_and_loses_nothing(group):
    unit = make_unit()
    make_bot(unit)
    group.errcode = 45009
    tell(desks=[role_desk(Role.HANDLER, unit)], urgent=True, thing="x")
    assert run(group, NOW) == 0
    assert states() == [("waiting", 0, "errcode 45009")]
    group.errcode = 0
    assert run(group, NOW + 9 * MINUTE) == 0
    assert run(group, NOW + 10 * MINUTE + dt.timedelta(seconds=1)) == 1
    assert len(group.taken) == 1


def test_r20_other_errors_wait_by_the_back_off(group):
    unit = make_unit()
    make_bot(unit)
    group.errcode = 93000
    tell(desks=[role_desk(Role.HANDLER, unit)], urgent=True)
    run(group, NOW)
    assert states() == [("waiting", 1, "errcode 93000")]
    group.errcode, group.status = 0, 502
    run(group, NOW + 2 * MINUTE)
    assert states() == [("waiting", 2, "HTTP 502")]
    group.status = 200
    assert run(group, NOW + 8 * MINUTE) == 1


def test_r20_a_proxy_that_is_away_is_knocked_at_once(settings):
    settings.OUTBOUND_PROXY = "http://127.0.0.1:9"
    for name in ("one", "two"):
        unit = make_unit(parent=make_unit(), name=name)
        make_bot(unit)
        tell(desks=[role_desk(Role.HANDLER, unit)], key=name, urgent=True)
    drain(at=NOW)
    assert sorted(states()) == [("waiting", 0, ""), ("waiting", 1, "ConnectionRefusedError")]


def test_bots_speak_only_when_switched_on_and_with_a_proxy(group, settings):
    unit = make_unit()
    bot = make_bot(unit, is_enabled=False)
    desk = role_desk(Role.HANDLER, unit)
    tell(desks=[desk, role_desk(Role.HANDLER, make_unit(parent=unit)), f"person:{make_person().pk}"], urgent=True)
    run(group, NOW)
    assert not Dispatch.objects.exists()
    Bot.objects.update(is_enabled=True)
    tell(desks=[desk], key="b", urgent=True)
    pass_on_urgent(at=NOW)
    Bot.objects.update(is_enabled=False)
    run(group, NOW + MINUTE)
    assert (group.taken, [state for state, *_rest in states()]) == ([], ["dropped"])
    Bot.objects.update(is_enabled=True)
    settings.OUTBOUND_PROXY = ""
    tell(desks=[desk], key="c", urgent=True)
    run(group, NOW + 2 * MINUTE)
    assert Dispatch.objects.filter(bot=bot).count() == 1


def test_dingtalk_is_signed(group):
    unit = make_unit()
    bot = make_bot(
        unit, channel=Channel.DINGTALK, secret="SEC1", address="http://group.example/robot/send?access_token=t"
    )
    tell(desks=[role_desk(Role.HANDLER, unit)], urgent=True, thing="x")
    assert run(group, NOW) == 1
    query = parse_qs(urlsplit(group.paths[0]).query)
    stamp = query["timestamp"][0]
    expected = base64.b64encode(hmac.new(b"SEC1", f"{stamp}\nSEC1".encode(), hashlib.sha256).digest()).decode()
    assert query["sign"] == [expected]
    assert query["access_token"] == ["t"]
    assert abs(int(stamp) / 1000 - NOW.timestamp()) < 5
    assert "told of x" in group.taken[0][1]["markdown"]["text"]
    assert signed(Bot(address="http://x/?a=1"), NOW) == "http://x/?a=1"
    assert bot.name == "group"


def test_a_message_fits_whatever_waits():
    unit = make_unit()
    for number in range(60):
        tell(desks=[role_desk(Role.HANDLER, unit)], key=f"k{number}", thing="长" * 190)
    text = markdown_for(list(Notice.objects.order_by("key")))
    assert len(text.encode()) <= 4096
    assert "另有" in text
    assert "仅限在厂内网络" in text


def test_markdown_cannot_be_smuggled_in():
    tell(make_person(), thing="](http://evil.example) **x**")
    assert "](http://evil.example)" not in markdown_for(list(Notice.objects.all())).replace("\\]\\(", "")
