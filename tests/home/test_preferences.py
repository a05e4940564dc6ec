"""Language and type size: by POST, kept in the browser and on the person, back to where the choice was made."""

import pytest
from django.urls import reverse

from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
URL = "/preferences/"


def test_elder_mode_is_kept_and_shown(client):
    response = client.post(URL, {"elder": "1", "next": "/help/"})
    assert (response.status_code, response.url) == (302, "/help/")
    assert client.cookies["portal_elder"].value == "1"
    assert '<html lang="zh-Hans" class="elder">' in client.get("/help/").content.decode()
    client.post(URL, {"elder": "0", "next": "/help/"})
    assert 'class="elder"' not in client.get("/help/").content.decode()


def test_language_is_kept_and_shown(client):
    client.post(URL, {"language": "en"})
    html = client.get("/help/").content.decode()
    assert '<html lang="en"' in html
    assert "Somebody to ask" in html
    client.post(URL, {"language": "zh-hans"})
    assert "有事找谁" in client.get("/help/").content.decode()


def test_choice_is_saved_on_the_person(enter):
    person = make_person()
    client = enter(person)
    client.post(URL, {"elder": "1"})
    client.post(URL, {"language": "en"})
    person.refresh_from_db()
    assert (person.is_elder_mode, person.language) == (True, "en")


@pytest.mark.parametrize(
    "choice", [{"language": "tlh"}, {"elder": "2"}, {"language": ""}, {"elder": "1", "language": "\x00"}]
)
def test_choice_that_is_none_is_refused_and_nothing_kept(enter, choice):
    person = make_person()
    response = enter(person).post(URL, choice)
    assert response.status_code == 400
    assert "portal_elder" not in response.cookies and "portal_language" not in response.cookies
    person.refresh_from_db()
    assert (person.is_elder_mode, person.language) == (False, "")


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "", "\\\\elsewhere.example"]
)
def test_way_back_never_leaves_the_house(client, back):
    assert client.post(URL, {"elder": "1", "next": back}).url == reverse("home:front")


def test_choice_is_never_made_by_a_link(client):
    response = client.get(URL, {"elder": "1"})
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert "portal_elder" not in response.cookies
