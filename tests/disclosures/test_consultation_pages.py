"""Consultations by page: read and spoken to on a phone, under a nickname by nobody, answered on the desk."""

import datetime as dt
import json
import logging
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures import operations as does
from disclosures.enums import ConsultationState
from disclosures.models import ConsultationGroup, ConsultationOpinion
from portal.kernel.anonymity import buckets
from portal.kernel.days import day_end, local_day
from portal.ledger.models import Entry
from tests.factories.consultations import answer_all, fresh_consultation, make_consultation, make_opinion
from tests.factories.disclosures import AT
from tests.signing import signed_in

S = ConsultationState
DAY = dt.timedelta(days=1)
ADDRESS = "10.77.66.54"
AGENT = "Marker-Agent/8.8"


def url(name, row, *more):
    return reverse(f"disclosures:{name}", args=[row.pk, *more])


def read(client, path, **extra):
    response = client.get(path, **extra)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.fixture
def day(offices):
    """The second day of the consultations of these tests, in their morning."""
    buckets.day = None
    with time_machine.travel(AT + DAY, tick=False):
        yield


def link_to(page, row):
    """Return the address of the nameless form about clause a3 as the page of a reader has it."""
    return re.search(rf'href="(/a/consultations/{row.pk}/a3/[^"]*)"', page)[1].replace("&amp;", "&")


def token_of(page):
    return re.search(r'name="form_token" value="([^"]+)"', page)[1]


def test_a_worker_reads_clause_by_clause_and_says_what_to_change(client, offices, day):
    row = make_consultation(offices)
    signed_in(client, offices.worker)
    page = read(client, url("consultation", row))
    assert [f'id="clause-{anchor}"' in page for anchor in ("a1", "a2", "a3", "whole")] == [True] * 4
    form = read(client, url("consultation_say", row, "a3"))
    assert "迟到一次扣二十元" in form
    fields = {"stance": "against", "text": "扣得太重，<b>建议</b>先提醒。", "idempotency_key": "不是键"}
    sent = client.post(url("consultation_say", row, "a3"), fields)
    assert sent.status_code == 302
    assert sent.url == url("consultation", row) + "#clause-a3"
    opinion = ConsultationOpinion.objects.get()
    assert (opinion.person, opinion.shows_name, opinion.given_on) == (offices.worker, False, local_day(AT + DAY))
    said = read(client, url("consultation_clause", row, "a3"))
    assert "扣得太重，&lt;b&gt;建议&lt;/b&gt;先提醒。" in said
    assert offices.worker.name not in said.split('id="main"')[1]
    assert "扣得太重" in read(client, url("consultation", row))  # among the own ones
    other = Client()
    signed_in(other, offices.handler)
    assert "扣得太重" not in read(other, url("consultation", row))


def test_a_name_is_shown_only_where_its_owner_wants_it(client, offices, day):
    row = make_consultation(offices, audience="everybody")
    make_opinion(row, author=offices.worker, shows_name=True, text="甲")
    make_opinion(row, author=offices.head, text="乙")
    page = read(client, url("consultation_clause", row, "a3"))
    assert (offices.worker.name in page, offices.head.name in page) == (True, False)


def test_faults_keep_what_was_typed_and_the_end_of_the_period_says_so(client, offices, day):
    row = make_consultation(offices)
    signed_in(client, offices.worker)
    where = url("consultation_say", row, "a3")
    wrong = client.post(where, {"stance": "nonsense", "text": "字" * 1001})
    assert wrong.status_code == 422
    assert "字" * 1001 in wrong.content.decode()
    with time_machine.travel(day_end(row.closes_on), tick=False):
        signed_in(client, offices.worker)
        late = client.post(where, {"stance": "change", "text": "来晚了的话"})
        assert (late.status_code, "来晚了的话" in late.content.decode()) == (403, True)
        assert client.get(where).status_code == 403
    assert ConsultationOpinion.objects.count() == 0
    assert client.get(url("consultation_say", row, "a99")).status_code == 404


def marks_of(person, session):
    return [str(person.pk), person.pk.hex, person.name, person.job_no, session, ADDRESS, AGENT]


def test_under_a_nickname_nothing_of_a_person_is_kept(offices, day, caplog):
    caplog.set_level(logging.DEBUG)
    row = make_consultation(offices)
    browser = Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT)
    signed_in(browser, offices.worker)  # on the same browser a moment before: the worst habit
    session = browser.cookies["sessionid"].value if "sessionid" in browser.cookies else browser.session.session_key
    address = link_to(read(browser, url("consultation_clause", row, "a3")), row)
    before = Entry.objects.count()
    caplog.clear()
    form = browser.get(address)
    fields = {
        "stance": "change",
        "text": "建议首次提醒。",
        "nickname": "夜班老张",
        "form_token": token_of(form.content.decode()),
    }
    first, again = browser.post(address, fields), browser.post(address, fields)
    assert [one.status_code for one in (form, first, again)] == [200] * 3
    assert not any("Set-Cookie" in one.headers for one in (form, first, again))
    opinion = ConsultationOpinion.objects.get()
    assert (opinion.person, opinion.mode, opinion.nickname) == (None, "nickname", "夜班老张")
    values = ConsultationOpinion.objects.values().get()
    assert [name for name, value in values.items() if isinstance(value, dt.datetime)] == []
    entries = list(Entry.objects.order_by("pk").values("verb", "subject", "actor", "at", "is_day_only", "facts"))
    new = [one for one in entries if one["verb"] == "consultation.opinion_given"]
    assert (len(new), Entry.objects.count()) == (1, before + 1)
    assert (new[0]["actor"], new[0]["is_day_only"]) == ("", True)
    kept = json.dumps([values, new[0]], default=str, ensure_ascii=False)
    kept += "".join(record.getMessage() for record in caplog.records)
    assert [mark for mark in marks_of(offices.worker, session) if mark in kept] == []


def test_the_way_to_the_nameless_form_is_the_same_for_all_readers_and_closed_to_others(client, offices, day):
    row = make_consultation(offices)
    bare = url("consultation_say_nickname", row, "a3")
    assert client.get(bare).status_code == 404
    assert client.get(bare + "?r=x").status_code == 404
    found = []
    for person in (offices.worker, offices.handler):
        reader = Client()
        signed_in(reader, person)
        found.append(link_to(read(reader, url("consultation_clause", row, "a3")), row))
    assert found[0] == found[1]
    assert client.get(found[0]).status_code == 200
    with time_machine.travel(AT + 2 * DAY, tick=False):
        assert client.get(found[0]).status_code == 200
    with time_machine.travel(AT + 3 * DAY, tick=False):
        assert client.get(found[0]).status_code == 404
    free = make_consultation(offices, audience="everybody")
    assert client.get(url("consultation_say_nickname", free, "a3")).status_code == 200


def test_a_flood_from_one_place_stops_and_leaves_letters_their_share(client, offices, day):
    row = make_consultation(offices, audience="everybody")
    where = url("consultation_say_nickname", row, "a3")
    statuses = []
    for number in range(21):
        token = token_of(read(client, where))
        fields = {"stance": "agree", "text": f"同意 {number}", "nickname": "张三丰", "form_token": token}
        statuses.append(client.post(where, fields).status_code)
    assert statuses == [200] * 20 + [429]
    assert ConsultationOpinion.objects.count() == 20
    today = local_day(AT + DAY)
    assert buckets.take(buckets.bucket_of("127.0.0.1", day=today), day=today)  # a letter may still be sent
    forged = client.post(where, {"stance": "agree", "text": "伪造", "nickname": "某某", "form_token": "x"})
    assert (forged.status_code, "伪造" in forged.content.decode()) == (403, True)


def test_hidden_words_leave_their_reason_and_their_author_still_reads_them(client, offices, day):
    row = make_consultation(offices)
    opinion = make_opinion(row, author=offices.worker, text="乙班李某总是迟到。").opinion
    signed_in(client, offices.officer)
    where = reverse("disclosures:consultation_hide", args=[opinion.pk])
    assert "乙班李某" in read(client, where)
    assert client.post(where, {}).status_code == 422
    assert client.post(where, {"reason": "privacy"}).status_code == 302
    page = read(client, url("consultation_clause", row, "a3"))
    assert ("乙班李某" in page, "涉及他人隐私" in page) == (False, True)
    assert client.post(where, {"reason": "insult"}).status_code == 409
    again = reverse("disclosures:consultation_show", args=[opinion.pk])
    assert again not in page
    assert client.get(again).status_code == 403
    signed_in(client, offices.union_chair)
    assert again in read(client, url("consultation_clause", row, "a3"))
    assert client.post(again, {"seen": "open"}).status_code == 302
    assert "乙班李某" in read(client, url("consultation_clause", row, "a3"))
    assert client.post(where, {"reason": "privacy"}).status_code == 302
    signed_in(client, offices.worker)
    assert "乙班李某" in read(client, url("consultation", row))
    assert read(client, url("consultation", row)).count("1 条意见") == 1


def test_opinions_are_sorted_answered_and_published_on_the_desk(client, offices):
    row = make_consultation(offices, opinions=3)
    with time_machine.travel(day_end(row.closes_on) + dt.timedelta(hours=9), tick=False):
        signed_in(client, offices.handler)
        where = url("consultation_group", row)
        keys = list(ConsultationOpinion.objects.values_list("pk", flat=True))
        assert all(str(key) in read(client, where) for key in keys)
        wrong = client.post(where, {"opinions": keys[:2], "group": "", "heading": ""})
        assert wrong.status_code == 422
        assert wrong.content.decode().count(" checked") == 2
        assert client.post(where, {"opinions": keys, "group": "", "heading": "扣罚过重"}).status_code == 302
        group = ConsultationGroup.objects.get()
        assert client.get(url("consultation_complete", row)).status_code == 403
        answer = reverse("disclosures:consultation_answer", args=[group.pk])
        given = {"heading": "扣罚过重", "summary": "", "outcome": "partly", "answer": "首次不扣。"}
        assert client.post(answer, given).status_code == 302
        worker = Client()
        signed_in(worker, offices.worker)
        assert "首次不扣。" not in read(worker, url("consultation", row))  # not published yet
        assert client.post(url("consultation_complete", row), {}).status_code == 302
        again = client.post(url("consultation_complete", row), {"seen": "closed"})
        assert again.status_code == 409
        page = read(worker, url("consultation", row))
        assert "首次不扣。" in page
        assert 'href="#group-1"' in page  # from the own opinion to its answer
        assert client.get(url("consultation_compare", row)).status_code == 404


def test_the_report_shows_what_was_heard_and_what_was_changed(client, offices):
    row = make_consultation(offices, S.DECIDED, opinions=2)
    with time_machine.travel(day_end(row.closes_on) + dt.timedelta(days=1), tick=False):
        signed_in(client, offices.worker)
        page = read(client, url("consultation", row))
        assert "大家认为扣罚过重，已减半。" in page
        assert "乙烯厂〔2026〕7号" in page
        assert page.count("定稿有改动") == 1
        compared = read(client, url("consultation_compare", row))
        assert "<ins>" in compared
        assert "<del>" in compared
        listed = read(client, reverse("disclosures:consultations") + "?tab=decided")
        assert row.title in listed


def test_a_report_that_waits_is_nobodys_to_read(client, offices):
    row = make_consultation(offices, S.ANSWERED)
    later = day_end(row.closes_on)
    from tests.factories.consultations import make_report

    does.prepare_report(consultation_id=row.pk, draft=make_report(later), actor=offices.handler, at=later)
    with time_machine.travel(later + DAY, tick=False):
        signed_in(client, offices.worker)
        assert "大家认为扣罚过重" not in read(client, url("consultation", row))
        assert client.get(url("consultation_compare", row)).status_code == 404
        signed_in(client, offices.leader)
        assert "<ins>" in read(client, url("consultation_decide", row))
        assert client.post(url("consultation_decide", row), {"verdict": "no", "answer": ""}).status_code == 422
        assert client.post(url("consultation_decide", row), {"verdict": "yes"}).status_code == 302
    assert fresh_consultation(row).state == S.DECIDED


def test_drafting_by_page_says_what_is_missing_and_opens_by_another(client, offices, day):
    signed_in(client, offices.handler)
    where = reverse("disclosures:consultation_new")
    fields = {
        "department": "YX",
        "unit": "YX-LJ",
        "item": "",
        "title": "轮班办法（征求意见稿）",
        "lead": "由三班两倒改为四班两倒。",
        "body": "第一条 每班八小时。\n\n第二条 夜班后休息二十四小时。",
        "audience": "unit",
        "workdays": "3",
    }
    short = client.post(where, fields)
    assert short.status_code == 422
    assert "每班八小时" in short.content.decode()
    assert client.post(where, {**fields, "workdays": "7", "unit": "HF"}).status_code == 422
    made = client.post(where, {**fields, "workdays": "7"})
    assert made.status_code == 302
    work = made.url
    assert client.post(work + "hand/").status_code == 302
    assert client.post(work + "open/").status_code == 403
    signed_in(client, offices.head)
    desk = read(client, reverse("disclosures:consultations_desk"))
    assert "轮班办法" in desk
    assert client.post(work + "open/").status_code == 302
    worker = Client()
    signed_in(worker, offices.worker)
    assert "轮班办法" in read(worker, reverse("disclosures:consultations"))


def test_what_is_not_open_or_not_for_a_reader_is_not_there(client, offices, day):
    draft, shown = make_consultation(offices, S.DRAFT), make_consultation(offices)
    signed_in(client, offices.stranger)
    for row in (draft, shown):
        for name, more in (("consultation", ()), ("consultation_clause", ("a3",)), ("consultation_say", ("a3",))):
            assert client.get(url(name, row, *more)).status_code == 404
    assert "奖金分配办法" not in read(client, reverse("disclosures:consultations") + "?tab=all")
    signed_in(client, offices.leader2)  # no reader, but with a desk: sent on to it from a promise
    assert client.get(url("consultation", shown)).url == url("consultation_work", shown)


def test_pages_ask_as_often_for_three_as_for_one(client, offices):
    row = make_consultation(offices, S.OPEN)
    other = make_consultation(offices, S.OPEN, title="另一办法")
    late = day_end(row.closes_on) + dt.timedelta(hours=9)

    def counted(person, path):
        browser = Client()
        signed_in(browser, person)
        browser.get(path)
        with CaptureQueriesContext(connection) as queries:
            read(browser, path)
        return len(queries)

    def grow(n):
        for number in range(n):
            for one in (row, other):
                make_opinion(one, author=offices.worker, clause="a2" if number % 2 else "a3", text=f"意见{number}")
                make_opinion(one, clause=None)

    def counts():
        found = {}
        with time_machine.travel(AT + DAY, tick=False):
            for name, more in (("consultation", ()), ("consultation_clause", ("a3",))):
                found[name] = counted(offices.worker, url(name, row, *more))
            found["list"] = counted(offices.worker, reverse("disclosures:consultations") + "?tab=open")
        with time_machine.travel(late, tick=False):
            for name in ("consultation_work", "consultation_group"):
                found[name] = counted(offices.handler, url(name, row))
            found["desk"] = counted(offices.handler, reverse("disclosures:consultations_desk") + "?tab=running")
        return found

    grow(1)
    one = counts()
    grow(2)
    for number in range(2):
        make_consultation(offices, S.OPEN, title=f"办法{number}")
    assert counts() == one
    does.close_consultations(at=late)
    answer_all(offices, row, at=late)
