"""The yearly ledger: whole sheets, with what must not be in them planted beside it."""

import datetime as dt
import uuid

import pytest

from disclosures import operations as does
from disclosures import yearly
from disclosures.enums import PublicationState as S
from disclosures.models import Publication
from feedback.enums import IdentityMode
from feedback.operations import InquiryDraft
from tests.factories.disclosures import AT, fresh, make_publication

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
