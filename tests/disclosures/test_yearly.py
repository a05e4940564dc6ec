"""The yearly ledger: whole sheets, with what must not be in them planted beside it."""

import datetime as dt
import io
import uuid

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from disclosures import operations as does
from disclosures import yearly
from disclosures.enums import PublicationState as S
from disclosures.models import Publication
from feedback.enums import IdentityMode
from feedback.operations import InquiryDraft
from tests.factories.disclosures import AT, fresh, make_assignment, make_publication
from tests.signing import signed_in

LATER = AT + dt.timedelta(days=1)


def ledger_of(user, unit=None):
    return yearly.YearlyLedger(user, 2026, unit, LATER)


def speak(text, unit, mode, author=None):
    draft = InquiryDraft(
        kind="suggestion",
        topic="pay",
        unit=unit,
        subject="未登记的意见",
        body="未登记的意见的正文",
        suggestion="",
        identity_mode=mode,
        idempotency_key=uuid.uuid4(),
    )
    return does.give_opinion(publication_id=text.pk, kind="opinion", draft=draft, author=author, at=AT).inquiry


def test_the_sheets_have_the_own_numbered_texts_and_nothing_else(offices, english):
    text = make_publication(offices)
    make_publication(offices, S.DRAFT)
    make_publication(offices, S.HEAD)
    stranger = make_publication(offices)
    Publication.objects.filter(pk=stranger.pk).update(unit=offices.other)
    said = speak(text, offices.shop, IdentityMode.ANONYMOUS)
    speak(stranger, offices.other, IdentityMode.ANONYMOUS)
    text = fresh(text)
    ledger = ledger_of(offices.handler)
    assert [row[0] for row in yearly.text_rows(ledger)] == [text.number]
    assert [row[:3] for row in yearly.approval_rows(ledger)] == [
        (text.number, row.get_step_display(), row.by.name) for row in text.approvals.all()
    ]
    (opinion,) = yearly.opinion_rows(ledger)
    assert opinion[:4] == (said.number, text.number, "opinion", said.get_state_display())
    assert [n for _name, n in ledger.counts()] == [0, 1, text.approvals.count(), 0, 1, 0, 0, 0]
    yearly.ledger_workbook(ledger, title="台账").close()


@pytest.mark.parametrize(
    ("write", "queries"),
    [
        (yearly.text_rows, 3),
        (yearly.approval_rows, 1),
        (yearly.opinion_rows, 1),
        (yearly.rectification_rows, 1),
        (yearly.gap_rows, 1),
    ],
)
@pytest.mark.parametrize("n", [1, 3])
def test_a_sheet_reads_as_often_for_three_texts_as_for_one(offices, django_assert_num_queries, write, queries, n):
    for _ in range(n):
        speak(make_publication(offices), offices.shop, IdentityMode.ANONYMOUS)
    ledger = ledger_of(offices.handler)
    list(write(ledger))  # the authority is read once
    with django_assert_num_queries(queries):
        list(write(ledger))


def test_the_page_counts_what_the_file_holds(client, offices):
    make_publication(offices, title="=cmd|' /C calc'!A1")
    make_assignment(offices, "C01", since=dt.date(2026, 1, 1))
    does.open_duties(at=AT)
    with time_machine.travel(LATER, tick=False):
        signed_in(client, offices.handler)
        page = client.get(reverse("disclosures:yearly"), {"year": "2026", "unit": "YX"})
        file = client.get(reverse("disclosures:yearly_file", args=[2026]), {"unit": "YX"})
        assert [client.get(reverse("disclosures:yearly_file", args=[year])).status_code for year in (2023, 2027)] == [
            404,
            404,
        ]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content)))
    file.close()
    counts = dict(page.context["counts"])
    held = {sheet.title: sheet.max_row - 1 for sheet in book.worksheets if sheet.title in counts}
    assert held == counts
    assert counts["公开内容"] == 1
    cell = next(cell for row in book["公开内容"].iter_rows() for cell in row if str(cell.value).startswith("=cmd"))
    assert cell.data_type == "s"


def test_who_has_no_desk_is_told_so_and_many_files_have_to_wait(client, offices):
    with time_machine.travel(LATER, tick=False):
        signed_in(client, offices.worker)
        assert client.get(reverse("disclosures:yearly")).status_code == 403
        signed_in(client, offices.handler)
        url = reverse("disclosures:yearly_file", args=[2026])
        answers = [client.get(url) for _n in range(11)]
    for answer in answers:
        answer.close()
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]


@pytest.mark.parametrize("n", [1, 3])
def test_duties_notices_and_must_reads_ask_as_often_for_three_as_for_one(offices, django_assert_num_queries, n):
    for code in ("C01", "B06", "B05")[:n]:
        make_assignment(offices, code, since=dt.date(2026, 1, 1))
        make_publication(offices, item="C07", is_must_read=True)
    does.open_duties(at=AT)
    ledger = ledger_of(offices.handler)
    for write, queries in ((yearly.duty_rows, 3), (yearly.notice_rows, 4), (yearly.acknowledged_rows, 3)):
        assert len(list(write(ledger))) >= n
        with django_assert_num_queries(queries):
            list(write(ledger))
