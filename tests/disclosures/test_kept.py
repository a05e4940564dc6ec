"""Pages kept for visitors: the same letters while nothing changed, at once others when something did."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from disclosures import operations as does
from portal.kernel import keeping
from tests.disclosures.test_asking import draft
from tests.factories.disclosures import AT, make_publication
from tests.signing import signed_in as sign_in


@pytest.fixture(autouse=True)
def nothing_kept():
    keeping._kept.clear()


@pytest.fixture
def text(offices):
    return make_publication(offices, item="D01", title="二季度安全生产情况")


def ask(client, url, tag="", at=AT):
    with time_machine.travel(at, tick=False):
        return client.get(url, headers={"If-None-Match": tag} if tag else None)


@pytest.mark.parametrize("page", ["list", "public"])
def test_a_visitor_who_has_the_page_is_told_so_until_something_changes(page, client, text, offices):
    url = reverse(f"disclosures:{page}", args=[text.number] if page == "public" else [])
    first = ask(client, url)
    tag = first.headers["ETag"]
    assert text.title in first.content.decode()
    assert ask(client, url, tag).status_code == 304
    # The next day is another page: there are fewer days left.
    later = ask(client, url, tag, AT + dt.timedelta(days=1))
    assert (later.status_code, later.content == first.content) == (200, False)
    does.ask_correction(
        publication_id=text.pk, title="二季度安全情况", body="更正后", note_text="笔误", actor=offices.handler, at=AT
    )
    does.decide_correction(publication_id=text.pk, is_granted=True, answer="同意", actor=offices.leader2, at=AT)
    corrected = ask(client, url, tag)
    assert corrected.status_code == 200
    assert ("二季度安全情况" in corrected.content.decode(), text.title in corrected.content.decode()) == (True, False)


def test_what_was_withdrawn_leaves_a_kept_list_at_once(client, text, offices):
    url = reverse("disclosures:list")
    tag = ask(client, url).headers["ETag"]
    act = {"publication_id": text.pk, "at": AT}
    does.ask_withdrawal(**act, reason_code="wrong", reason="金额有误", actor=offices.handler)
    assert ask(client, url, tag).status_code == 304
    does.decide_withdrawal(**act, is_granted=True, answer="同意", actor=offices.leader2)
    gone = ask(client, url, tag)
    assert (gone.status_code, text.title in gone.content.decode()) == (200, False)


def test_an_opinion_appears_on_a_kept_page(client, text, offices):
    url = reverse("disclosures:public", args=[text.number])
    tag = ask(client, url).headers["ETag"]
    wanted = draft(offices)
    does.give_opinion(publication_id=text.pk, kind="opinion", draft=wanted, author=offices.worker, at=AT)
    assert ask(client, url, tag).status_code == 200


def test_nothing_is_kept_for_those_with_a_session(client, text, offices):
    with time_machine.travel(AT, tick=False):
        sign_in(client, offices.worker)
    assert "ETag" not in ask(client, reverse("disclosures:public", args=[text.number])).headers
    assert len(keeping._kept) == 0
