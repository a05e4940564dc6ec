"""The pages of briefings: what each reader finds, forms line by line, the calendar feed, lists of one and of three."""

import datetime as dt
import re
import uuid

import icalendar
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosures.briefing_standing import chart_of
from disclosures.enums import BriefingState as S
from disclosures.forms.briefing_fields import AgendaField, agenda_text, rows_text
from disclosures.forms.briefings import FigureForm
from disclosures.models import Briefing, BriefingFigure, BriefingQuestion
from disclosures.operations import briefing_duties
from disclosures.operations import briefing_record as records
from disclosures.operations import briefings as does
from disclosures.views.briefings import question_row
from feedback.channels import page_of
from feedback.models import Inquiry
from tests.factories.briefings import ask, make_briefing, make_key, make_plan, write
from tests.factories.disclosures import AT
from tests.factories.people import make_unit
from tests.signing import signed_in as sign_in

DAY = dt.timedelta(days=1)
NOW = AT + DAY
PAST = AT - 3 * DAY


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def get(client, name, *args, expect=200, **query):
    answer = client.get(reverse(f"disclosures:{name}", args=args), query)
    assert answer.status_code == expect, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client, name, *args, expect=302, **data):
    answer = client.post(reverse(f"disclosures:{name}", args=args), data)
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer


def test_a_briefing_from_its_announcement_to_its_minutes(client, offices):
    make_plan(offices.works, since=dt.date(2026, 3, 1))
    make_key(offices)
    briefing_duties.open_briefing_duties(at=AT)
    sign_in(client, offices.handler)
    assert "乙烯厂" in get(client, "briefings_desk", tab="owed")
    fields = {
        "unit": "YX",
        "title": "乙烯厂三月厂情发布会",
        "starts_on": "2026-03-12",
        "starts_time": "14:00",
        "place": "厂部二楼会议室",
        "chair": offices.leader.job_no,
        "audience": "everybody",
        "agenda": f"产量完成情况；陈晓 {offices.handler.job_no}；15\n成本说明",
        "idempotency_key": str(uuid.uuid4()),
    }
    post(client, "briefing_new", **fields)
    briefing = Briefing.objects.get()
    work = get(client, "briefing_work", briefing.pk)
    assert "成本说明" in work and reverse("disclosures:briefing_record", args=[briefing.pk]) not in work
    client.logout()
    page = get(client, "briefing", briefing.pk)
    assert "2026年3月12日" in page and "14:00" in page and "产量完成情况" in page
    sign_in(client, offices.worker)
    post(client, "briefing_ask", briefing.pk, text="奖金何时发放?", idempotency_key=str(uuid.uuid4()))
    question = BriefingQuestion.objects.get()
    assert "奖金何时发放" not in get(client, "briefing", briefing.pk)

    with time_machine.travel(briefing.starts_at + DAY, tick=False):
        sign_in(client, offices.handler)
        assert "王海燕" in get(client, "briefing_work", briefing.pk)
        post(client, "briefing_record", briefing.pk, expect=422)
        post(client, "briefing_record", briefing.pk, present_delegates="３６", invited_delegates="40", summary_1="完成")
        post(client, "briefing_figure_new", briefing.pk, title="产量", measure="吨", rows="乙烯；58.2；57；60")
        post(client, "briefing_minutes", briefing.pk, text="会议通报了成本。")
        sign_in(client, offices.leader)
        # The chair sees the question, never who handed it in, and cannot publish before it has its answer.
        assert "王海燕" not in get(client, "briefing_work", briefing.pk)
        assert "1" in get(client, "briefing_publish", briefing.pk, expect=403)
        sign_in(client, offices.handler)
        post(client, "briefing_leave", question.pk)
        post(client, "briefing_leave", question.pk)
        sign_in(client, offices.leader)
        post(client, "briefing_publish", briefing.pk)
        client.logout()
        page = get(client, "briefing", briefing.pk)
        number = Inquiry.objects.get().number
        for words in ("会议通报了成本", "36", "58.2", number, "完成"):
            assert words in page
        # Its words are the inquiry's now: they are read once the union has looked at them.
        assert "奖金何时发放" not in page
        assert "王海燕" not in page
        assert "会议通报了成本" in get(client, "briefing_print", briefing.pk)
        assert number in get(client, "briefing_version", briefing.pk, 1)
        get(client, "briefing_version", briefing.pk, 2, expect=404)


def test_nothing_of_the_record_is_public_before_its_minutes(client, offices):
    briefing = make_briefing(offices, S.HELD, starts_at=PAST)
    ask(briefing, actor=offices.handler, at=PAST, text="只有工作台看到", answer="答", answered_by="处长")
    write(briefing, actor=offices.handler, at=PAST, text="待发布的草稿")
    page = get(client, "briefing", briefing.pk)
    assert "只有工作台看到" not in page and "草稿" not in page


def test_a_correction_shows_both_versions(client, offices):
    briefing = make_briefing(offices, S.MINUTED, starts_at=PAST)
    write(briefing, actor=offices.handler, at=PAST + DAY, text="更正后的纪要", note="产量有误")
    records.publish_minutes(briefing_id=briefing.pk, actor=offices.head, at=PAST + DAY)
    page = get(client, "briefing", briefing.pk)
    assert "更正后的纪要" in page and "产量有误" in page
    old = get(client, "briefing_version", briefing.pk, 1)
    assert "当场答复提问" in old and "更正后的纪要" not in old


def test_moved_and_cancelled_briefings_say_why(client, offices):
    briefing = make_briefing(offices, starts_at=AT + 5 * DAY)
    does.move_briefing(
        briefing_id=briefing.pk,
        starts_at=AT + 6 * DAY,
        place="礼堂",
        reason="装置抢修",
        actor=offices.handler,
        at=AT,
    )
    page = get(client, "briefing", briefing.pk)
    assert "装置抢修" in page and "2026年3月14日" in page
    gone = make_briefing(offices, S.CANCELLED, starts_at=AT + 5 * DAY)
    assert "会议室检修" in get(client, "briefing", gone.pk)


def test_a_briefing_of_a_unit_is_hidden_from_others(client, offices):
    briefing = make_briefing(offices, audience="unit", starts_at=AT + 5 * DAY, title="只给本厂职工")
    get(client, "briefing", briefing.pk, expect=404)
    assert "只给本厂职工" not in get(client, "briefings")
    assert "只给本厂职工" not in get(client, "briefings_ics")
    sign_in(client, offices.stranger)
    get(client, "briefing", briefing.pk, expect=404)
    get(client, "briefings_go", "briefing", briefing.pk, expect=404)
    sign_in(client, offices.worker)
    assert "只给本厂职工" in get(client, "briefings")


def test_a_question_without_a_name_is_an_inquiry_with_a_receipt(client, offices):
    from feedback.views.anonymous import make_token

    briefing = make_briefing(offices, starts_at=AT + 5 * DAY)
    fields = {"subject": "津贴", "body": "夜班津贴怎么算?", "may_publish": "on", "form_token": make_token()}
    first = post(client, "briefing_ask_anonymous", briefing.pk, expect=200, **fields)
    post(client, "briefing_ask_anonymous", briefing.pk, expect=200, **fields)
    inquiry = Inquiry.objects.get()
    question = BriefingQuestion.objects.get()
    assert inquiry.number in first.content.decode()
    assert (question.inquiry, question.asker, inquiry.author) == (inquiry, None, None)
    assert page_of(inquiry) == reverse("disclosures:briefing", args=[briefing.pk])


def test_words_without_a_name_wait_for_the_union_and_stay_as_it_leaves_them(client, offices):
    from feedback.views.anonymous import make_token

    briefing = make_briefing(offices, starts_at=AT + 5 * DAY)
    fields = {"subject": "津贴", "body": "班长王某克扣津贴", "may_publish": "on", "form_token": make_token()}
    post(client, "briefing_ask_anonymous", briefing.pk, expect=200, **fields)
    inquiry = Inquiry.objects.get()

    def read_by(person, page):
        client.logout() if person is None else sign_in(client, person)
        return "班长王某" in get(client, page, briefing.pk)

    assert read_by(offices.officer, "briefing_work")
    assert not any(read_by(person, "briefing_work") for person in (offices.handler, offices.head, offices.leader))
    assert not read_by(None, "briefing")
    # The union publishes them without the name: nobody finds it any more but the union.
    Inquiry.objects.filter(pk=inquiry.pk).update(is_published=True, public_body="班长克扣津贴")
    assert not any(
        read_by(person, page)
        for person, page in ((None, "briefing"), (None, "briefing_print"), (offices.head, "briefing_work"))
    )
    question = BriefingQuestion.objects.select_related("inquiry").get()
    assert question_row(question)["text"] == "班长克扣津贴"


# The strip of months ----------------------------------------------------------------------------------------


def test_the_strip_shows_what_was_held_late_and_missing(client, offices):
    make_plan(offices.works, since=dt.date(2026, 1, 1))
    briefing_duties.open_briefing_duties(at=AT)
    make_briefing(offices, S.MINUTED, starts_at=dt.datetime(2026, 2, 3, 6, tzinfo=dt.UTC))
    page = get(client, "briefings", unit="YX", year="2026")
    cells = re.findall(r'month-cell-(\w+)"', page)
    assert cells == ["missing", "done", "due", *["coming"] * 9] or cells == ["never", "done", "due", *["coming"] * 9]
    assert "1个月未召开" in page


# What people type -------------------------------------------------------------------------------------------


def test_an_agenda_is_read_line_by_line(db, offices):
    field = AgendaField(max_length=4000)
    points = field.clean(f"产量；生产处 赵立；15\n\n成本;（{offices.handler.job_no}）;２０\n其他")
    assert [(one.title, one.speaker, one.person, one.minutes) for one in points] == [
        ("产量", "生产处 赵立", None, 15),
        ("成本", "陈晓", offices.handler, 20),
        ("其他", "", None, None),
    ]
    briefing = make_briefing(
        offices, agenda=tuple(does.AgendaLine(p.title, p.speaker, p.person, p.minutes) for p in points)
    )
    typed = agenda_text(briefing.agenda.select_related("speaker_person"))
    assert field.clean(typed) == points


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("；赵立；15", "too_long"),
        ("题" * 81, "too_long"),
        ("产量；赵立；15；多", "cells"),
        ("产量；赵立；481", "minutes"),
        ("产量；赵立；一刻钟", "minutes"),
        ("产量；赵立 999999；15", "unknown"),
        ("\n".join(["产量"] * 21), "too_many"),
    ],
)
def test_a_wrong_line_of_an_agenda_is_named(db, typed, fault):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as caught:
        AgendaField(max_length=4000).clean(typed)
    assert [one.code for one in caught.value.error_list] == [fault]


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("乙烯；58.2；57；60", [["乙烯", 58.2, 57, 60]]),
        ("利润;-1,200;;３０", [["利润", -1200, None, 30]]),
        ("乙烯;1", [["乙烯", 1, None, None]]),
        ("乙烯", None),
        ("乙烯;多;少", None),
        (";1;2", None),
        ("乙烯;1;2;3;4", None),
        ("乙烯;1e999", None),
        ("\n".join(["乙烯;1"] * 21), None),
    ],
)
def test_figures_are_read_line_by_line(typed, rows):
    form = FigureForm({"title": "产量", "rows": typed})
    assert form.is_valid() == (rows is not None)
    if rows is not None:
        assert form.cleaned_data["rows"] == rows
        again = FigureForm({"title": "产量", "rows": rows_text(rows)})
        assert again.is_valid() and again.cleaned_data["rows"] == rows
    else:
        assert set(form.errors) == {"rows"}


def test_figures_are_drawn_with_their_table_and_losses_only_as_a_table():
    chart = chart_of(BriefingFigure(title="产量", measure="吨", rows=[["乙烯", 58.2, None, 60]]))
    assert (chart.rows, "<svg" in chart.svg) == ([["乙烯", "58.2", "–", "60"]], True)
    chart = chart_of(BriefingFigure(title="利润", measure="万元", rows=[["全厂", -12, 3, 5]]))
    assert (chart.rows, chart.svg) == ([["全厂", "-12", "3", "5"]], "")


# Calendar feed ----------------------------------------------------------------------------------------------


def test_the_calendar_parses_and_names_nobody(client, offices):
    line = does.AgendaLine("产量完成情况", "陈晓", offices.handler, 90)
    own = make_briefing(offices, starts_at=AT + 5 * DAY, agenda=(line,))
    make_briefing(offices, S.CANCELLED, starts_at=AT + 6 * DAY, title="已取消的会")
    make_briefing(offices, unit=offices.other, actor=offices.other_handler, starts_at=AT + 7 * DAY)
    answer = client.get(reverse("disclosures:briefings_ics"))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = {str(one["uid"]): one for one in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")}
    assert len(events) == 3
    event = events[f"{own.pk}@portal"]
    assert event["dtstart"].dt == own.starts_at
    assert event["dtend"].dt == own.starts_at + dt.timedelta(minutes=90)
    assert (str(event["location"]), str(event["description"])) == ("厂部二楼会议室", "1. 产量完成情况")
    assert "已取消" in "".join(str(one["summary"]) for one in events.values())
    text = icalendar.Calendar.from_ical(answer.content).to_ical().decode()
    for person in (offices.handler, offices.leader, offices.other_handler):
        assert person.name not in text and person.job_no not in text
    one = client.get(reverse("disclosures:briefings_ics_unit", args=["HF"]))
    assert len(icalendar.Calendar.from_ical(one.content).walk("VEVENT")) == 1
    assert client.get(reverse("disclosures:briefings_ics_unit", args=["NONE"])).status_code == 404


# Lists of one and of three ----------------------------------------------------------------------------------


def _fill(offices, number):
    unit = make_unit(offices.company, code=f"W{number}", name=f"第{number}厂")
    make_plan(unit, since=dt.date(2026, 1, 1))
    briefing_duties.open_briefing_duties(at=AT)
    plain = {"unit": unit, "actor": offices.officer, "chair": offices.leader2}
    make_briefing(offices, starts_at=AT + 5 * DAY, **plain)
    held = make_briefing(offices, S.HELD, starts_at=PAST, **plain)
    done = offices.done
    question = {"actor": offices.handler, "at": PAST}
    if done.state == S.HELD:
        left = ask(done, **question)
        records.leave_question_open(question_id=left.pk, actor=offices.handler, at=PAST)
        records.put_figure(
            briefing_id=done.pk,
            title=f"产量{number}",
            measure="吨",
            rows=[["乙烯", 1, 2, 3]],
            key=uuid.uuid4(),
            actor=offices.handler,
            at=PAST,
        )
    return held


def test_pages_of_three_ask_as_often_as_pages_of_one(client, offices):
    offices.done = make_briefing(offices, S.HELD, starts_at=PAST)
    pages = [
        (None, "briefings", (), ""),
        (None, "briefings_ics", (), ""),
        (offices.officer, "briefings_desk", (), "?tab=owed"),
        (offices.officer, "briefings_desk", (), "?tab=coming"),
        (offices.officer, "briefings_desk", (), "?tab=past"),
        (offices.officer, "briefings_desk", (), "?tab=plans"),
        (offices.officer, "briefing_work", (offices.done.pk,), ""),
    ]

    def counts():
        found = []
        for person, name, args, query in pages:
            client.logout()
            if person is not None:
                sign_in(client, person)
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(reverse(f"disclosures:{name}", args=args) + query)
            assert answer.status_code == 200
            found.append((name, query, len(queries)))
        return found

    _fill(offices, 1)
    one = counts()
    for number in (2, 3):
        _fill(offices, number)
    assert counts() == one
