"""Pages kept for readers who are signed in: each is shown what was drawn for them, and nothing of anybody else."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from disclosures.operations import acknowledge
from disclosures.queries import publications_appeared
from disclosures.queries.newest import ORDER, filtered, text_of, texts_page
from disclosures.views import public
from portal.kernel import keeping
from portal.kernel.days import local_day
from tests.factories.disclosures import AT, make_publication
from tests.factories.people import same_person
from tests.readers import letters, same_for_all
from tests.signing import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    keeping.forget()


@pytest.fixture
def readers(offices):
    return {
        "worker": offices.worker,
        "colleague": same_person("710777", "孙小梅", offices.worker.unit),
        "preparer": offices.handler,
        "inspector": offices.inspector,
        "stranger": offices.other_handler,
        "union": offices.officer,
    }


@pytest.fixture
def texts(offices):
    return [make_publication(offices, item="D01", audience=who, title=f"给{who}的") for who in ("everybody", "unit")]


def test_a_list_is_for_each_what_was_drawn(monkeypatch, readers, texts):
    kept = same_for_all(monkeypatch, public, reverse("disclosures:list"), readers, AT)
    assert 0 < kept < 3 * len(readers)  # those who may read the same share a page


def test_a_text_is_for_each_what_was_drawn(monkeypatch, readers, texts):
    kept = same_for_all(monkeypatch, public, reverse("disclosures:public", args=[texts[0].number]), readers, AT)
    assert 0 < kept < 3 * len(readers)


def test_what_was_asked_by_statements_is_what_the_rules_say(readers, texts):
    for person in readers.values():
        for is_past in (False, True):
            chosen = {"past": True} if is_past else {}
            rows = filtered(publications_appeared(person, AT), chosen, local_day(AT)).order_by(*ORDER)
            page = texts_page(person, chosen, token="", at=AT, today=local_day(AT))
            assert [text_of(line).pk for line in page] == [one.pk for one in rows]


def test_what_must_be_read_is_for_each_what_was_drawn(monkeypatch, offices, readers):
    text = make_publication(offices, item="D01", is_must_read=True)
    url = reverse("disclosures:public", args=[text.number])
    for name in ("worker", "inspector"):
        acknowledge(publication=text, actor=readers[name], at=AT)
    for at in (AT, AT + dt.timedelta(days=1)):  # by the next morning it is told how many have
        assert 0 < same_for_all(monkeypatch, public, url, readers, at) < 3 * len(readers)


def test_who_has_just_read_it_is_told_so_and_nobody_else(offices, readers):
    text = make_publication(offices, item="D01", is_must_read=True)
    url = reverse("disclosures:public", args=[text.number])
    with time_machine.travel(AT, tick=False):
        clients = {name: signed_in(Client(), readers[name]) for name in ("worker", "colleague")}
        before = {name: letters(client, url) for name, client in clients.items()}
        acknowledge(publication=text, actor=readers["worker"], at=AT)
        after = {name: letters(client, url) for name, client in clients.items()}
    assert [name for name in clients if before[name] != after[name]] == ["worker"]
    asks = f'action="{reverse("disclosures:acknowledge", args=[text.number])}"'
    assert [name for name in clients if asks in before[name]] == ["worker", "colleague"]
    assert [name for name in clients if asks in after[name]] == ["colleague"]


def test_a_message_is_said_once_and_kept_nowhere(offices, texts):
    url = reverse("disclosures:list")
    with time_machine.travel(AT, tick=False):
        client = signed_in(Client(), offices.worker)
        plain = letters(client, url)
        client.post(reverse("disclosures:acknowledge", args=[texts[0].number]))
        told = letters(client, url)
        assert 'class="said"' in told
        assert letters(client, url) == plain
    assert 'class="said"' not in plain
