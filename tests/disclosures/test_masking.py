"""Masking: only marks, only more of them, promised from the end of the period; what was overlooked is masked again."""

import datetime as dt

import pytest

from disclosures import operations as does
from disclosures.masking import only_masks
from disclosures.models import Version
from portal.accounts.desks import nearest_desk
from portal.accounts.enums import Role
from portal.deadlines.models import Promise
from portal.kernel.days import day_start
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.ledger.recording import subject_key
from portal.notices.models import Notice
from tests.disclosures.test_changing import withdraw
from tests.factories.disclosures import AT, fresh, make_publication

pytestmark = pytest.mark.usefixtures("english")

D = dt.date
DAY = dt.timedelta(days=1)
CATCH_UP = 6


def test_masking_waits_for_the_end_and_keeps_what_stood_there(offices):
    text = make_publication(offices, item="C07", body="张大明、李小红等二十三名同志")
    masked = {"title": text.title, "body": "张某某、李某某等二十三名同志", "actor": offices.handler}
    with pytest.raises(OperationRefused, match="over"):
        does.mask_publication(publication_id=text.pk, at=AT + DAY, **masked)
    does.mask_publication(publication_id=text.pk, at=day_start(D(2026, 3, 17)), **masked)
    assert [(v.number, v.body) for v in Version.objects.filter(publication=text)] == [
        (1, "<p>张大明、李小红等二十三名同志</p>"),
        (2, "<p>张某某、李某某等二十三名同志</p>"),
    ]


def masking(text):
    """Return (started, due, met, ended) of what was promised of the masking, for a text that has such a promise."""
    rows = Promise.objects.filter(kind="notice.mask", subject=subject_key(text))
    return [(row.started_on, row.due_on, row.met_at, row.ended_at) for row in rows]


def test_a_name_in_the_title_leaves_the_inboxes_of_those_who_were_told(offices):
    text = make_publication(offices, item="C07", title="关于张大明同志的公示", body="张大明同志拟评")
    other = make_publication(offices, item="C07", title="关于李小红同志的公示", body="李小红同志拟评")
    told = lambda: set(  # noqa: E731 -- asked twice
        Notice.objects.filter(facts__has_key="title").values_list("subject", "kind", "facts__code", "facts__title")
    )
    kept = (subject_key(other), "publication.published", "C07", "关于李小红同志的公示")
    assert told() == {(subject_key(text), "publication.published", "C07", "关于张大明同志的公示"), kept}
    does.mask_publication(
        publication_id=text.pk,
        title="关于张某某同志的公示",
        body="张某某同志拟评",
        actor=offices.handler,
        at=day_start(D(2026, 3, 17)),
    )
    assert told() == {(subject_key(text), "publication.published", "C07", "关于张某某同志的公示"), kept}


def test_whoever_prepares_owes_the_masking_from_the_end_of_the_period(offices):
    text = make_publication(offices, item="C07", title="拟评先进公示", body="张大明、李小红等二十三名同志")
    end = day_start(D(2026, 3, 17))
    does.close_notices(at=end - dt.timedelta(microseconds=1))
    assert masking(text) == []
    does.close_notices(at=end), does.close_notices(at=end)
    started, due = D(2026, 3, 17), D(2026, 3, 31)
    assert masking(text) == [(started, due, None, None)]
    does.mask_publication(
        publication_id=text.pk,
        title=text.title,
        body="张某某、李某某等二十三名同志",
        actor=offices.handler,
        at=end + DAY,
    )
    assert masking(text) == [(started, due, end + DAY, None)]


@pytest.mark.parametrize(
    ("after", "is_late"), [(-dt.timedelta(microseconds=1), False), (dt.timedelta(), True), (3 * DAY, True)]
)
def test_a_masking_that_comes_late_is_late(offices, after, is_late):
    text = make_publication(offices, item="C07", body="张大明等二十三名同志")
    does.close_notices(at=day_start(D(2026, 3, 17)))
    at = day_start(D(2026, 4, 1)) + after
    does.mask_publication(
        publication_id=text.pk, title=text.title, body="张某某等二十三名同志", actor=offices.handler, at=at
    )
    promise = Promise.objects.get(kind="notice.mask")
    assert (promise.met_at, promise.missed_at is not None) == (at, is_late)


def test_a_notice_that_names_nobody_stays_as_it_is_with_the_name_of_who_says_so(offices):
    text = make_publication(offices, item="C07", title="招标结果公示", body="中标单位：启明建设公司")
    end = day_start(D(2026, 3, 17))
    does.close_notices(at=end)
    says = {"publication_id": text.pk, "names_nobody": True, "actor": offices.handler, "at": end}
    with pytest.raises(OperationRefused, match="name somebody"):
        does.mask_publication(title=text.title, body="中标单位：某某建设公司", **says)
    assert masking(text)[0][2:] == (None, None)
    does.mask_publication(title=text.title, body=Version.objects.get(publication=text).body, **says)
    assert masking(text)[0][2:] == (end, None)
    assert Version.objects.filter(publication=text).count() == 1
    entry = Entry.objects.get(verb="notice.names_nobody")
    assert (entry.actor, fresh(text).notice.masked_at) == (f"person:{offices.handler.pk}", end)
    with pytest.raises(OperationRefused, match="nothing to mask"):
        does.mask_publication(title=text.title, body=text.body, **says)
    # Whoever said so was wrong: it can still be masked.
    masked = {**says, "names_nobody": False, "body": "中标单位：某某建设公司"}
    does.mask_publication(title=text.title, **masked)
    assert Version.objects.filter(publication=text).count() == 2
    with pytest.raises(OperationRefused, match="Nothing has been masked"):
        does.mask_publication(title=text.title, **masked)


def test_what_was_overlooked_is_masked_again_and_only_more(offices):
    text = make_publication(offices, item="C07", title="拟评先进公示", body="张大明、李小红等二十三名同志")
    end = day_start(D(2026, 3, 17))
    does.close_notices(at=end)
    one = {"publication_id": text.pk, "title": text.title, "at": end}
    does.mask_publication(body="张某某、李小红等二十三名同志", actor=offices.handler, **one)
    assert fresh(text).times_masked == 1
    for body, reason in (
        ("张大明、李某某等二十三名同志", "marks"),  # what was masked comes back
        ("张某某、李小红等三十三名同志", "marks"),
        ("张某某、李小红等二十三名同志", "masked yet"),
        ("张某、李小红等二十三名同志", "masked yet"),  # other marks, no word less
    ):
        with pytest.raises(OperationRefused, match=reason):
            does.mask_publication(body=body, actor=offices.handler, **one)
    with pytest.raises(OperationRefused, match="Only those who prepare"):
        does.mask_publication(body="张某某、李某某等二十三名同志", actor=offices.other_handler, **one)
    does.mask_publication(body="张某某、李某某等二十三名同志", actor=offices.head, **{**one, "at": end + DAY})
    text = fresh(text)
    assert (text.times_masked, text.notice.masked_at) == (2, end + DAY)
    assert sorted(row.facts["version"] for row in Entry.objects.filter(verb="notice.masked")) == [2, 3]
    assert masking(text)[0][2:] == (end, None)  # kept by the first
    # The union's chair is told once a day.
    does.mask_publication(body="张某某、李某某等二十×名同志", actor=offices.head, **{**one, "at": end + DAY})
    told = Notice.objects.filter(kind="publication.masked").order_by("at")
    desk = nearest_desk(Role.UNION_CHAIR, offices.works, end)
    assert list(told.values_list("desk", "at")) == [(desk, end), (desk, end + DAY)]


def test_marks_do_not_eat_a_text_from_time_to_time(offices):
    body = "经研究,拟提拔张大明同志为裂解车间主任,公示期五个工作日,电话六五一二。"
    text = make_publication(offices, item="C07", title="公示", body=body)
    one = {"publication_id": text.pk, "title": text.title, "actor": offices.handler, "at": day_start(D(2026, 3, 17))}
    first = body.replace("经研究,拟提拔张大明", "某某某")
    does.mask_publication(body=first, **one)
    # Of what stands there less than half, of what stood there in the beginning more.
    second = first.replace("裂解车间主任,公示期", "×")
    assert only_masks(first, second)
    with pytest.raises(OperationRefused, match="marks"):
        does.mask_publication(body=second, **one)


def test_a_correction_asked_before_the_masking_does_not_bring_the_names_back(offices):
    text = make_publication(offices, item="C07", title="公示", body="张大明等二十三名同志")
    end = day_start(D(2026, 3, 17))
    wish = {
        "title": "公示",
        "body": "张大明等二十四名同志",
        "note_text": "人数更正",
        "actor": offices.handler,
        "at": end,
    }
    does.ask_correction(publication_id=text.pk, **wish)
    does.mask_publication(
        publication_id=text.pk, title="公示", body="张某某等二十三名同志", actor=offices.handler, at=end + DAY
    )
    decided = {"publication_id": text.pk, "answer": "已隐名,请重新提出", "actor": offices.leader, "at": end + DAY}
    with pytest.raises(OperationRefused, match="masked since"):
        does.decide_correction(is_granted=True, **decided)
    does.decide_correction(is_granted=False, **decided)
    assert Version.objects.filter(publication=text).count() == 2
    # Asked anew, of what stands there; and masked again from there.
    does.ask_correction(publication_id=text.pk, **{**wish, "body": "张某某等王小四名同志", "at": end + 2 * DAY})
    does.decide_correction(is_granted=True, **{**decided, "at": end + 2 * DAY})
    does.mask_publication(
        publication_id=text.pk, title="公示", body="张某某等王某某名同志", actor=offices.handler, at=end + 3 * DAY
    )
    assert fresh(text).times_masked == 2


def test_the_notices_own_words_are_masked_like_its_text_and_only_more(offices):
    text = make_publication(offices, item="C07", title="公示", body="一名同志")
    notice = type(text.notice).objects
    notice.filter(pk=text.pk).update(about="张大明、李小红")
    end = day_start(D(2026, 3, 17))
    does.close_notices(at=end)
    one = {"publication_id": text.pk, "title": "公示", "body": "一名同志", "actor": offices.handler, "at": end}
    with pytest.raises(OperationRefused, match="name somebody"):
        does.mask_publication(names_nobody=True, about="张某某、李小红", **one)
    for about, reason in (("王大明、李小红", "marks"), ("张大明、李小红", "masked yet")):
        with pytest.raises(OperationRefused, match=reason):
            does.mask_publication(about=about, **one)
    assert notice.get(pk=text.pk).unmasked is None
    for about, left in (("张某某、李小红", 1), ("张某某、李某某", 2)):
        does.mask_publication(about=about, **one)
        kept = notice.get(pk=text.pk)
        assert (kept.about, kept.unmasked, fresh(text).times_masked) == (about, {"about": "张大明、李小红"}, left)
    with pytest.raises(OperationRefused, match="marks"):
        does.mask_publication(about="张大明、李某某", **one)


def test_masking_from_a_page_that_has_grown_old_is_told(offices):
    text = make_publication(offices, item="C07", title="公示", body="张大明、李小红等二十三名同志")
    end = day_start(D(2026, 3, 17))
    read = Version.objects.get(publication=text).fingerprint
    one = {"publication_id": text.pk, "title": "公示", "at": end, "read": read}
    does.mask_publication(body="张某某、李小红等二十三名同志", actor=offices.handler, **one)
    with pytest.raises(Conflict, match="changed since"):
        does.mask_publication(body="张大明、李某某等二十三名同志", actor=offices.head, **one)


def test_a_withdrawn_notice_owes_no_masking(offices):
    text = make_publication(offices, item="C07", body="张大明等二十三名同志")
    end = day_start(D(2026, 3, 17))
    does.close_notices(at=end)
    withdraw(offices, text, at=end)
    does.decide_withdrawal(publication_id=text.pk, is_granted=True, answer="同意", actor=offices.leader2, at=end)
    assert masking(text)[0][2:] == (None, end)


def test_notices_that_ended_before_the_promise_get_it_from_today_on(offices):
    owing, held, gone, nobody = (make_publication(offices, item="C07", title=f"公示{n}") for n in range(4))
    end, at = day_start(D(2026, 3, 17)), day_start(D(2026, 6, 1))
    does.close_notices(at=end)
    does.mask_publication(
        publication_id=nobody.pk, title=nobody.title, body=nobody.body, names_nobody=True, actor=offices.handler, at=end
    )
    does.ask_withdrawal(publication_id=gone.pk, reason_code="wrong", reason="金额有误", actor=offices.handler, at=end)
    does.decide_withdrawal(publication_id=gone.pk, is_granted=True, answer="同意", actor=offices.leader2, at=end)
    running = make_publication(offices, item="C07", title="在公示", at=at - DAY)
    # As it was before masking was promised.
    others = [subject_key(text) for text in (owing, gone, nobody)]
    Promise.objects.filter(kind="notice.mask", subject__in=others).delete()
    assert (does.promise_masking(at=at), does.promise_masking(at=at)) == (1, 0)
    assert masking(owing) == [(D(2026, 6, 1), D(2026, 6, 15), None, None)]
    assert (masking(gone), masking(nobody), masking(running)) == ([], [], [])
    assert masking(held)[0][0] == D(2026, 3, 17)
    entry = Entry.objects.get(verb="notice.mask_owed")
    assert (entry.subject, entry.facts["due_on"]) == (subject_key(owing), "2026-06-15")
    # Late only after its own day, whatever the period of the notice.
    due = Promise.objects.filter(subject=subject_key(owing), kind="notice.mask")
    late = day_start(D(2026, 6, 16))
    assert [due.passed(late - dt.timedelta(microseconds=1)).count(), due.passed(late).count()] == [0, 1]


def test_the_catching_up_is_done_in_pieces(offices, django_assert_num_queries):
    texts = [make_publication(offices, item="C07", title=f"公示{n}") for n in range(3)]
    does.close_notices(at=day_start(D(2026, 3, 17)))
    Promise.objects.filter(kind="notice.mask").delete()
    at = day_start(D(2026, 6, 1))
    # The same statements for one and for two.
    with django_assert_num_queries(CATCH_UP):
        assert does.promise_masking(at=at, batch=1) == 1
    with django_assert_num_queries(CATCH_UP):
        assert does.promise_masking(at=at, batch=2) == 2
    assert does.promise_masking(at=at, batch=2) == 0
    assert [len(masking(text)) for text in texts] == [1, 1, 1]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("拟评先进公示", "张大明、李小红等二十三名同志不得评先"),  # nothing at all
        ("拟评先进公示", "张某某、王某某等二十三名同志不得评先"),  # another name
        ("拟评先进公示", "张某某、李某某等三十三名同志不得评先"),  # another number
        ("拟评先进公示", "张某某、李某某等二十三名同志得评先"),  # a word gone without a mark
        ("评先进公示", "张某某、李某某等二十三名同志不得评先"),
    ],
)
def test_masking_changes_nothing_but_marks(offices, title, body):
    text = make_publication(offices, item="C07", title="拟评先进公示", body="张大明、李小红等二十三名同志不得评先")
    with pytest.raises(OperationRefused, match=r"marks|masked yet"):
        does.mask_publication(
            publication_id=text.pk, title=title, body=body, actor=offices.handler, at=day_start(D(2026, 3, 17))
        )
    assert Version.objects.filter(publication=text).count() == 1


@pytest.mark.parametrize(
    ("after", "is_masked"),
    [
        ("<p>张某某、李某某等</p>", True),
        ("张\uff0a、李*等", True),
        ("<p>张大明、<b>李××</b>等</p>", True),
        ("张大明、 李小红等", True),
        ("某", True),
        ("张某", True),
        ("张大明、李小红等某", False),
        ("某张大明、李小红等", False),
        ("张大明某、李小红等", False),
        ("李某某、张某某等", False),
        ("张大明、某李小红等", False),
        ("", False),
    ],
)
def test_marks_stand_for_what_stood_there(after, is_masked):
    assert only_masks("<p>张大明、李小红等</p>", after) is is_masked


NOTICE = "<p>经研究,同意拟提拔张大明同志为裂解车间主任,公示期五个工作日,如有异议请向纪委反映,电话六五一二。</p>"


@pytest.mark.parametrize(
    ("after", "is_masked"),
    [
        (NOTICE.replace("张大明", "张某某").replace("六五一二", "××××"), True),
        ("*", False),  # a mark for a whole text
        ("经研究,*电话六五一二。", False),  # a mark for more than an address
        ("经研究*同志为*,公示期*,如有*反映,*。", False),  # many marks for more than half of it
    ],
)
def test_marks_leave_the_notice_to_be_read(after, is_masked):
    assert only_masks(NOTICE, after) is is_masked


@pytest.mark.parametrize(
    ("before", "after", "is_masked"),
    [
        ("张大明不得评先", "张某某不得评先", True),
        ("张大明不得评先", "张大明某得评先", False),
        ("张大明不得评先", "张某得评先", False),
        ("公示无异议", "公示×异议", False),
        ("李小红考核未通过", "李某某考核未通过", True),
        ("李小红考核未通过", "李小红考核某通过", False),
        ("不予晋级的有王强", "不予晋级的有王某", True),
        ("王强不予晋级:李四未", "王强不予晋级:李四某", False),
    ],
)
def test_no_mark_turns_a_sentence_round(before, after, is_masked):
    assert only_masks(before, after) is is_masked
