"""The system administrator's pages: the outbox and the group bots."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse

from portal.accounts.enums import Role
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry, Head
from portal.ledger.operations import publish_head
from portal.notices import outbox
from portal.notices.models import Bot, Channel, Dispatch, DispatchState, Notice
from portal.notices.operations.bots import add_bot, switch_bot, try_bot
from portal.notices.operations.caring import drop_dispatch, retry_dispatch
from portal.notices.operations.sending import drain
from portal.notices.registrations import failed_banner
from portal.notices.registry import path_of, sentence_of
from tests.factories.people import make_officer, make_person, make_unit
from tests.notices.kinds import MINUTE, NOW
from tests.notices.stubs import Group
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
HOOK = "https://group.example/send?key=k"


@pytest.fixture(autouse=True)
def bell(monkeypatch):
    rung = []
    monkeypatch.setattr(outbox, "_ring", lambda task: rung.append(task))
    return rung


@pytest.fixture
def admin():
    return make_officer(Role.SYSTEM_ADMIN)


def make_dispatch(**over):
    plain = {
        "key": f"k{Dispatch.objects.count()}",
        "channel": Channel.MAIL,
        "next_at": NOW,
        "created_at": NOW,
        "state": "failed",
        "attempts": 11,
    }
    if "person" not in over and "bot" not in over:
        over["person"] = make_person()
    return Dispatch.objects.create(**{**plain, **over})


def row(dispatch):
    return Dispatch.objects.filter(pk=dispatch.pk).values_list("state", "attempts", "next_at", "last_error").get()


@pytest.mark.parametrize("state", ["failed", "dropped", "waiting"])
def test_retrying_begins_the_back_off_anew(admin, state, bell, django_capture_on_commit_callbacks):
    dispatch = make_dispatch(state=state, last_error="SMTP 550")
    with django_capture_on_commit_callbacks(execute=True):
        retry_dispatch(dispatch_id=dispatch.pk, actor=admin, at=NOW + MINUTE)
    assert row(dispatch) == ("waiting", 0, NOW + MINUTE, "")
    assert [(entry.verb, entry.actor) for entry in Entry.objects.all()] == [("dispatch.retried", f"person:{admin.pk}")]
    assert bell == ["portal.notices.drain"]


@pytest.mark.parametrize(
    ("operation", "state"), [(retry_dispatch, "sent"), (drop_dispatch, "sent"), (drop_dispatch, "dropped")]
)
def test_what_is_over_is_refused(admin, operation, state):
    dispatch = make_dispatch(state=state)
    with pytest.raises(OperationRefused):
        operation(dispatch_id=dispatch.pk, actor=admin, at=NOW)
    assert row(dispatch)[0] == state
    assert not Entry.objects.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_others_may_neither_see_nor_decide(client, role):
    person = signed_in(client, make_officer(role)) and make_officer(role)
    dispatch, bot = make_dispatch(), Bot.objects.create(unit=make_unit(), channel="wecom", name="g", address=HOOK)
    for name in ("outbox", "bots", "add_bot"):
        assert client.get(reverse(f"notices:{name}")).status_code == 403
    assert client.get(reverse("notices:change_bot", args=[bot.pk])).status_code == 403
    for name, thing in (
        ("retry", dispatch),
        ("drop", dispatch),
        ("switch_bot", bot),
        ("try_bot", bot),
        ("change_bot", bot),
    ):
        assert client.post(reverse(f"notices:{name}", args=[thing.pk]), {"on": "1"}).status_code == 403
    for operation in (retry_dispatch, drop_dispatch):
        with pytest.raises(OperationRefused):
            operation(dispatch_id=dispatch.pk, actor=person, at=NOW)
    for operation, values in ((switch_bot, {"bot_id": bot.pk, "is_enabled": True}), (try_bot, {"bot_id": bot.pk})):
        with pytest.raises(OperationRefused):
            operation(**values, actor=person, at=NOW)
    with pytest.raises(OperationRefused):
        add_bot(unit=make_unit(), channel="wecom", name="g", address=HOOK, secret="", actor=person, at=NOW)
    assert row(dispatch)[0] == "failed"
    assert list(Bot.objects.values_list("is_enabled", flat=True)) == [False]
    assert not Entry.objects.exists()


def test_the_outbox_page_lists_by_state_and_decides(client, admin):
    failed, waiting, sent = (
        make_dispatch(last_error="SMTP 550"),
        make_dispatch(state="waiting"),
        make_dispatch(state="sent"),
    )
    signed_in(client, admin)

    def listed(**query):
        return {dispatch.pk for dispatch in client.get(reverse("notices:outbox"), query).context["page"]}

    assert listed() == listed(state="nonsense", after="xx") == {failed.pk, waiting.pk, sent.pk}
    assert listed(state="failed") == {failed.pk}
    assert client.post(reverse("notices:retry", args=[failed.pk])).status_code == 302
    assert client.post(reverse("notices:drop", args=[waiting.pk])).status_code == 302
    assert client.post(reverse("notices:drop", args=[sent.pk])).status_code == 302
    assert [row(dispatch)[0] for dispatch in (failed, waiting, sent)] == ["waiting", "dropped", "sent"]


def test_a_failed_message_raises_a_banner_for_the_administrator_only(rf, admin):
    request = rf.get("/")
    request.user = admin
    assert failed_banner(request) is None
    make_dispatch()
    assert failed_banner(request).url == "/notices/outbox/?state=failed"
    request.user = make_officer(Role.AUDITOR)
    assert failed_banner(request) is None


def test_the_command_lists_and_retries(capsys):
    dispatch = make_dispatch(last_error="SMTP 550")
    make_dispatch(state="sent")
    call_command("outbox", "list")
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [str(dispatch.pk)]
    call_command("outbox", "retry")
    assert capsys.readouterr().out == "1 to be tried again\n"
    assert row(dispatch)[0] == DispatchState.WAITING
    call_command("outbox", "drain")
    assert capsys.readouterr().out == "0 sent\n"


# Bots -------------------------------------------------------------------------------------------------------


def test_a_bot_is_added_off_changed_and_switched(client, admin):
    unit = make_unit()
    signed_in(client, admin)
    client.post(
        reverse("notices:add_bot"),
        {"unit": unit.code.lower(), "channel": "dingtalk", "name": "一车间群", "address": HOOK, "secret": "SEC1"},
    )
    bot = Bot.objects.get()
    assert (bot.unit, bot.channel, bot.name, bot.address, bot.secret, bot.is_enabled) == (
        unit,
        "dingtalk",
        "一车间群",
        HOOK,
        "SEC1",
        False,
    )
    page = client.get(reverse("notices:change_bot", args=[bot.pk])).content.decode()
    assert HOOK not in page and "SEC1" not in page
    client.post(reverse("notices:change_bot", args=[bot.pk]), {"name": "新名", "address": "", "secret": ""})
    bot.refresh_from_db()
    assert (bot.name, bot.address, bot.secret) == ("新名", HOOK, "SEC1")
    for on, expected in (("1", True), ("1", True), ("0", False), ("x", False)):
        client.post(reverse("notices:switch_bot", args=[bot.pk]), {"on": on})
        bot.refresh_from_db()
        assert bot.is_enabled is expected
    verbs = ["bot.added", "bot.changed", "bot.switched_on", "bot.switched_off"]
    assert list(Entry.objects.order_by("at").values_list("verb", flat=True)) == verbs
    assert "SEC1" not in str(list(Entry.objects.values()))
    assert client.get(reverse("notices:bots")).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://group.example/x",
        "https://localhost/x",
        "https://127.0.0.1/x",
        "https://10.0.0.5/x",
        "https://[::1]/x",
        "https://[x/",
        "https://intranet/x",
        "https://user:pass@group.example/x",
        "https://group.example:8443/x",
        "https://group.example:99999/x",
        "https://食堂.example/x",
        "ftp://group.example/x",
        "https://",
    ],
)
def test_an_address_that_could_lead_inside_is_refused(client, admin, address):
    signed_in(client, admin)
    response = client.post(
        reverse("notices:add_bot"), {"unit": make_unit().code, "channel": "wecom", "name": "g", "address": address}
    )
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["address"]
    assert not Bot.objects.exists()


def test_an_unknown_unit_is_said(client, admin):
    signed_in(client, admin)
    response = client.post(
        reverse("notices:add_bot"), {"unit": "X-1", "channel": "wecom", "name": "g", "address": HOOK}
    )
    assert list(response.context["form"].errors) == ["unit"]


def test_a_trial_goes_out_even_while_the_bot_is_off(client, admin, settings):
    bot = Bot.objects.create(unit=make_unit(), channel="wecom", name="g", address="http://group.example/x")
    signed_in(client, admin)
    client.post(reverse("notices:try_bot", args=[bot.pk]))
    at = Dispatch.objects.get().next_at + dt.timedelta(seconds=1)
    with Group(at.timestamp) as group:
        settings.OUTBOUND_PROXY = group.url
        assert drain(at=at) == 1
    assert "测试消息" in group.taken[0][1]["markdown"]["content"]


# The ledger's head ------------------------------------------------------------------------------------------


def test_the_days_head_is_told_to_the_companys_union_and_inspectors():
    root = make_unit()
    head = publish_head(at=NOW)
    publish_head(at=NOW)
    notices = list(Notice.objects.order_by("desk"))
    assert [notice.desk for notice in notices] == sorted(
        f"{role}:{root.pk}" for role in ("union_officer", "union_chair", "discipline")
    )
    assert head.hash in str(sentence_of(notices[0]))
    assert path_of(notices[0]) == reverse("ledger:slip", args=[head.day])
    assert Head.objects.count() == 1


def test_without_a_company_nobody_is_told():
    publish_head(at=NOW)
    assert not Notice.objects.exists()
