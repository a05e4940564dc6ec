"""Public matters: found from registration on, with their answer once delivered, gone the moment they are not public."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from feedback.enums import HidingReason, IdentityMode, InquiryKind, InquiryState, RedactionReason
from feedback.models import Inquiry
from feedback.operations import ask_hiding, decide_hiding, redact_inquiry, register_inquiry, transfer_inquiry
from feedback.searching import KIND
from portal.search.checking import counts, drifts
from portal.search.models import SearchEntry
from portal.search.operations import index_entry, reindex
from portal.search.tasks import check
from tests.factories import cards

pytestmark = pytest.mark.django_db
S = InquiryState
BODY, REPLY = "三班倒", "经现场核查"


def _register(card, *, is_published=True):
    """Register a card with words of the union's own."""
    register_inquiry(
        inquiry_id=card.pk,
        texts={"public_subject": "夜班热饭", "public_body": "三班倒吃不上", "public_suggestion": ""},
        is_published=is_published,
        edit_reason=RedactionReason.IDENTITY,
        actor=cards.make_plant().officer,
        at=cards.AT,
    )


def _found(client, words):
    html = client.get("/search/", {"q": words}).content.decode()
    return [number for number in Inquiry.objects.all() if f'/inquiries/{number}/"' in html]


def test_a_card_is_found_from_its_registration_on(client):
    card = cards.make_inquiry(state=S.SUBMITTED)
    assert _found(client, BODY) == []
    _register(card)
    assert _found(client, BODY) == [card] and _found(client, card.number) == [card]
    assert _found(client, "十一点后") == []  # the union's words, not the author's


def test_a_card_that_is_not_published_is_never_found(client):
    _register(cards.make_inquiry(state=S.SUBMITTED), is_published=False)
    assert _found(client, BODY) == [] and not SearchEntry.objects.exists()


def test_an_answer_is_found_once_it_is_delivered(client):
    drafted = cards.make_inquiry(state=S.APPROVED)
    assert _found(client, BODY) == [drafted] and _found(client, REPLY) == []
    answered = cards.make_inquiry(state=S.ANSWERED)
    assert _found(client, REPLY) == [answered]


def test_redacted_words_are_gone_and_the_others_stay(client):
    card = cards.make_inquiry(state=S.ASSIGNED)
    texts = {"public_subject": "夜班热饭", "public_body": "夜里没有热饭", "public_suggestion": ""}
    redact_inquiry(
        inquiry_id=card.pk,
        texts=texts,
        reason=RedactionReason.IDENTITY,
        actor=cards.make_plant().officer,
        at=cards.AT,
    )
    assert _found(client, BODY) == [] and _found(client, "夜里没有") == [card]


def test_a_hidden_card_is_gone(client):
    card, plant = cards.make_inquiry(state=S.ANSWERED), cards.make_plant()
    hiding = ask_hiding(
        inquiry_id=card.pk, reason_class=HidingReason.PRIVACY, reason="涉及病情", actor=plant.officer, at=cards.AT
    )
    assert _found(client, BODY) == [card]
    decide_hiding(hiding_id=hiding.pk, is_granted=False, actor=plant.officer2, at=cards.AT)
    assert _found(client, BODY) == [card]
    again = ask_hiding(
        inquiry_id=card.pk, reason_class=HidingReason.PRIVACY, reason="涉及病情", actor=plant.officer, at=cards.AT
    )
    decide_hiding(hiding_id=again.pk, is_granted=True, actor=plant.officer2, at=cards.AT)
    assert _found(client, BODY) == [] and not SearchEntry.objects.exists()


def test_a_transferred_card_is_gone(client):
    card, plant = cards.make_inquiry(state=S.ASSIGNED), cards.make_plant()
    assert _found(client, BODY) == [card]
    transfer_inquiry(inquiry_id=card.pk, about_person=plant.leader, about_unit=None, actor=plant.officer, at=cards.AT)
    assert _found(client, BODY) == [] and not SearchEntry.objects.exists()


@pytest.mark.parametrize(
    "over",
    [
        {"identity_mode": IdentityMode.ANONYMOUS},
        {"identity_mode": IdentityMode.CONFIDENTIAL},
        {"kind": InquiryKind.RETALIATION},
    ],
    ids=str,
)
def test_the_index_holds_nothing_but_what_is_public(over):
    state = S.SUBMITTED if "kind" in over else S.ANSWERED
    card = cards.make_inquiry(state=state, **over)
    plant = cards.make_plant()
    for entry in SearchEntry.objects.all():
        words = f"{entry.title}{entry.text}"
        assert entry.object_key == card.number and entry.audience == "public"
        assert not [name for name in (plant.worker.name, card.code, str(card.pk)) if name in words]
    assert SearchEntry.objects.count() == (0 if "kind" in over else 1)


def test_what_is_rolled_back_is_not_filed(client):
    card = cards.make_inquiry(state=S.SUBMITTED)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _register(card)
        raise ZeroDivisionError
    assert _found(client, BODY) == []


def _spoil():
    """Make the index miss one, hold one that is not public, and one of a kind that nobody registers."""
    kept, missing, hidden = (cards.make_inquiry(state=S.ANSWERED) for _number in range(3))
    SearchEntry.objects.filter(object_key=missing.number).delete()
    Inquiry.objects.filter(pk=hidden.pk).update(hidden_class="privacy")
    index_entry(kind="tests.gone", key="x", title="旧", text="", on=kept.received_on, audience="public")
    return kept, missing


def test_the_nightly_look_mends_what_differs(caplog):
    kept, missing = _spoil()
    assert [(d.kind, d.missing, d.stray) for d in drifts()] == [(KIND, 1, 1), ("tests.gone", 0, 1)]
    there = {kind: count for kind, count in counts().items() if count != (0, 0)}
    assert there == {KIND: (2, 2), "tests.gone": (0, 1)}
    check()
    assert drifts() == []
    assert set(SearchEntry.objects.values_list("object_key", flat=True)) == {kept.number, missing.number}
    assert caplog.messages[0] == "Search index differs: feedback.inquiry: 1 missing, 1 stray"


def test_the_command_says_what_differs_and_mends_it(capsys):
    _spoil()
    with pytest.raises(CommandError, match="differs"):
        call_command("reindex_search", "--check")
    assert "feedback.inquiry: 1 missing, 1 stray" in capsys.readouterr().out
    call_command("reindex_search")
    call_command("reindex_search", "--check")
    with pytest.raises(CommandError, match="No kind is called nothing"):
        call_command("reindex_search", "nothing")


def test_filing_again_changes_nothing():
    cards.make_inquiry(state=S.ANSWERED)
    before = list(SearchEntry.objects.values_list("pk", "folded", "text"))
    assert reindex(KIND) == 1
    assert list(SearchEntry.objects.values_list("pk", "folded", "text")) == before
