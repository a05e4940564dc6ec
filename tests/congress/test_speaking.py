"""The list of speakers from the delegate's phone: asked, a place in the queue, called, taken back; both engines."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.models import Mandate, Presence, Session, Speech
from congress.operations import hall as door
from congress.operations import running, speaking
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.congress.test_hall import come
from tests.congress.test_session_pages import console, get, post
from tests.factories.cards import AT
from tests.factories.congress import make_hall, make_item, make_session, make_term
from tests.faults.stage import in_parallel
from tests.services import both_engines
from tests.signing import signed_in as sign_in

MINUTE = dt.timedelta(minutes=1)


def in_session(house, *, there=25):
    """Open a session with delegates in the hall; returns (session, its first item, mandates there, one who is not)."""
    term = make_term(house)
    session = make_session(term, house, mode="hybrid")
    item = make_item(session, house)
    make_item(session, house, title="关于年度计划")
    at = session.opens_at
    Session.objects.filter(pk=session.pk).update(state="open", convened_at=AT, opened_at=at, whole=30)
    session.refresh_from_db()
    rows = come(session, house, there, at)
    return session, item, rows, term.mandates.filter(state="active", presences=None).select_related("person").first()


def test_a_delegate_asks_waits_is_called_and_takes_it_back(client, hall):
    session, item, there, absent = in_session(hall)
    first, second, third = there[:3]
    at = session.opens_at
    with time_machine.travel(at, tick=False):
        sign_in(client, second.person)
        assert "当前没有正在审议的议题" in get(client, "speak", session.pk)
        assert "当前没有正在审议的议题" in post(client, "speak", session.pk, expect=403).content.decode()
        assert "申请发言" not in get(client, "mine")
        running.call_item(item_id=item.pk, actor=hall.officer, at=at)
        for page in (get(client, "mine"), get(client, "my_session", session.pk)):
            assert "申请发言" in page and "暂无代表等候发言" in page and item.title in page
        assert "已签到" in page and "线上签到" not in page
        sign_in(client, absent.person)
        assert "线上签到" in get(client, "my_session", session.pk)
        assert "只有已签到并在场的代表" in get(client, "speak", session.pk)
        assert "只有已签到并在场的代表" in post(client, "speak", session.pk, expect=403).content.decode()
        assert not Speech.objects.exists()
        sign_in(client, first.person)
        post(client, "speak", session.pk)
        sign_in(client, second.person)
        for _ in range(2):  # the second press finds the first
            page = client.post(reverse("congress:speak", args=[session.pk]), follow=True).content.decode()
        assert "前面还有1人" in page and "已列入发言名单" in page
        own = Speech.objects.get(mandate=second)
        assert (own.recorded_by, own.minutes, own.called_at) == (second.person, 5, None)
        sign_in(client, third.person)
        get(client, "speech_withdraw", own.pk, expect=404)
        post(client, "speech_withdraw", own.pk, expect=404)
        sign_in(client, hall.stranger)
        get(client, "speak", session.pk, expect=404)
        sign_in(client, hall.officer)
        page = get(client, "session_hall", session.pk)
        assert page.index(first.name) < page.index(second.name), "both stand on the console's list as they asked"
        console(client, session, "ask", who=second.person.job_no)
        assert "已在发言名单上" in get(client, "session_hall", session.pk)
        console(client, session, "word", speech=Speech.objects.get(mandate=first).pk)
        assert list(Notice.objects.filter(kind="congress_session.speech_given").values_list("desk", flat=True)) == [
            f"person:{first.person_id}"
        ]
        sign_in(client, first.person)
        assert "请您发言，" in get(client, "mine") and "撤回发言申请" not in get(client, "speak", session.pk)
        turn = Speech.objects.get(mandate=first).pk
        assert "发言结束由会务人员登记" in get(client, "speech_withdraw", turn, expect=403)
        assert "发言结束由会务人员登记" in post(client, "speech_withdraw", turn, expect=403).content.decode()
        sign_in(client, second.person)
        page = get(client, "speak", session.pk)
        assert "下一位就是您" in page and f"正在发言：{first.name}" in page
        get(client, "speech_withdraw", own.pk)
        for _ in range(2):
            post(client, "speech_withdraw", own.pk)
        assert "您不在发言名单上" in get(client, "speech_withdraw", own.pk, expect=403)
        own.refresh_from_db()
        assert (own.ended_at, own.called_at) == (at, None)
        post(client, "speak", session.pk)  # thought better of it
        assert Speech.objects.filter(mandate=second, ended_at=None).count() == 1
        acts = Entry.objects.filter(verb__startswith="congress_session.speech_").values_list("verb", "actor")
        assert sorted(acts) == sorted(
            (f"congress_session.speech_{act}", f"person:{one.pk}")
            for act, one in (
                ("asked", first.person), ("asked", second.person), ("given", hall.officer),
                ("withdrawn", second.person), ("asked", second.person),
            )
        )  # fmt: skip
        # What is dealt with has no speakers any more; whoever waited reads so.
        running.defer_item(item_id=item.pk, reason="再议", actor=hall.officer, at=at + MINUTE)
        assert "当前没有正在审议的议题" in get(client, "speak", session.pk)
        assert not Speech.objects.filter(ended_at=None).exists()


def test_a_recalled_delegate_and_one_who_left_do_not_ask(hall, english):
    session, item, there, _absent = in_session(hall)
    at = session.opens_at
    running.call_item(item_id=item.pk, actor=hall.officer, at=at)
    gone, recalled = there[:2]
    Presence.objects.filter(mandate=gone).update(left_at=at + MINUTE)
    Mandate.objects.filter(pk=recalled.pk).update(state="recalled")
    for one, why in ((gone, "in the hall"), (recalled, "mandate runs")):
        with pytest.raises(OperationRefused, match=why):
            speaking.ask_for_word(session_id=session.pk, actor=one.person, at=at + MINUTE)
    assert not Speech.objects.exists()


def test_whoever_leaves_the_hall_leaves_the_list_on_record(hall):
    session, item, there, _absent = in_session(hall)
    at = session.opens_at
    running.call_item(item_id=item.pk, actor=hall.officer, at=at)
    speaking_one, waiting, staying = there[:3]
    rows = [speaking.ask_for_word(session_id=session.pk, actor=one.person, at=at) for one in there[:3]]
    speaking.give_word(speech_id=rows[0].pk, actor=hall.officer, at=at)
    for one in (speaking_one, waiting):
        door.sign_out(session_id=session.pk, mandate_id=one.pk, actor=hall.officer, at=at + MINUTE)
    assert list(Speech.objects.filter(ended_at=None).values_list("mandate", flat=True)) == [staying.pk]
    acts = Entry.objects.filter(verb__in=("congress_session.speech_ended", "congress_session.speech_removed"))
    assert {(one.verb.rpartition("_")[2], one.facts["mandate"]) for one in acts} == {
        ("ended", str(speaking_one.pk)),
        ("removed", str(waiting.pk)),
    }


def test_the_delegates_pages_ask_as_often_for_one_speaker_as_for_three(client, hall):
    session, item, there, _absent = in_session(hall)
    at = session.opens_at
    running.call_item(item_id=item.pk, actor=hall.officer, at=at)
    counted = {}
    with time_machine.travel(at, tick=False):
        sign_in(client, there[0].person)
        for turn in (1, 3):
            for one in there[Speech.objects.count() : turn]:
                speaking.ask_for_word(session_id=session.pk, actor=one.person, at=at)
            for name, args in (("mine", ()), ("my_session", (session.pk,)), ("speak", (session.pk,))):
                with CaptureQueriesContext(connection) as asked:
                    get(client, name, *args)
                counted.setdefault(name, []).append(len(asked))
    assert {name: found for name, found in counted.items() if found[0] != found[1]} == {}
    assert counted["speak"][0] < 20


@pytest.mark.django_db(transaction=True)
@both_engines
def test_a_double_press_asks_once_and_takes_back_once(engine, transactional_db):
    house = make_hall()
    session, item, there, _absent = in_session(house)
    at = session.opens_at
    running.call_item(item_id=item.pk, actor=house.officer, at=at)
    me = there[0]

    def ask(_number):
        return speaking.ask_for_word(session_id=session.pk, actor=me.person, at=at)

    def list_me(_number):
        return speaking.ask_to_speak(session_id=session.pk, mandate_id=me.pk, actor=house.officer, at=at)

    def press(act):
        return act(0)

    answers = in_parallel(4, [ask, list_me, ask, ask], press)
    assert Speech.objects.count() == 1
    assert [one for one in answers if one is not None and not isinstance(one, (Speech, Conflict))] == []
    row = Speech.objects.get()

    def withdraw(_number):
        return speaking.withdraw_speech(speech_id=row.pk, actor=me.person, at=at + MINUTE)

    answers = in_parallel(3, range(3), withdraw)
    assert [one for one in answers if isinstance(one, Exception)] == []
    row.refresh_from_db()
    assert row.ended_at == at + MINUTE
    assert Entry.objects.filter(verb="congress_session.speech_withdrawn").count() == 1
