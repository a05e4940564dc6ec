"""What makes pages quick must not make them different."""

import pytest
from django import forms
from django.test.html import parse_html
from django.urls import reverse
from django.utils import timezone

from feedback.enums import InquiryState
from portal.kernel import keeping
from portal.kernel.templatetags.fields import field_widget
from tests.factories import cards

CHOICES = [("", "全部"), ("a", "<b>甲</b>"), ("组 & 组", [(1, "一"), (2, "二")])]


class SelectForm(forms.Form):
    plain = forms.ChoiceField(choices=CHOICES, required=False)
    must = forms.ChoiceField(choices=CHOICES, help_text="选一个", widget=forms.Select(attrs={"data-x": '"'}))


@pytest.mark.parametrize("data", [None, {}, {"plain": "a", "must": "2"}, {"plain": "zz", "must": ""}])
@pytest.mark.parametrize("name", ["plain", "must"])
def test_select_is_written_as_django_writes_it(name, data):
    field = SelectForm(data)[name]
    classes = "form-select is-invalid" if field.errors else "form-select"
    assert parse_html(field_widget(field, "form-select")) == parse_html(field.as_widget(attrs={"class": classes}))


@pytest.fixture
def plant(db):
    keeping._kept.clear()
    return cards.make_plant()


def test_list_is_kept_until_something_in_it_changes(client, plant, django_assert_num_queries):
    card = cards.make_inquiry(plant, state=InquiryState.ASSIGNED, at=timezone.now())
    url = reverse("feedback:public_list")
    first = client.get(url)
    kept = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (kept.status_code, kept.content) == (304, b"")
    assert len(keeping._kept) == 1
    type(card).objects.filter(pk=card.pk).update(state=InquiryState.CLOSED)
    changed = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.headers["ETag"] == first.headers["ETag"]) == (200, False)
    english = client.get(url, headers={"If-None-Match": changed.headers["ETag"], "Cookie": "portal_language=en"})
    assert english.status_code == 200


def test_each_visitor_of_a_kept_page_has_a_token_of_its_own(client, plant):
    url = reverse("feedback:public_list")
    first, cookie = client.get(url), client.cookies["portal_csrf"].value
    client.cookies.clear()
    second = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert client.cookies["portal_csrf"].value != cookie
    assert len(keeping._kept) == 1
    tokens = [answer.content.split(b'name="csrfmiddlewaretoken" value="')[1][:64] for answer in (first, second)]
    assert tokens[0] != tokens[1]
    assert keeping.TOKEN not in second.content
    said = client.post(
        reverse("home:preferences"), {"csrfmiddlewaretoken": tokens[1].decode(), "language": "en", "next": "/"}
    )
    assert said.status_code == 302


def test_reader_with_a_session_gets_a_page_of_the_own(client, plant):
    client.force_login(plant.worker if hasattr(plant, "worker") else plant.handler)
    answer = client.get(reverse("feedback:public_list"))
    assert "ETag" not in answer.headers
    assert keeping._kept == {}
