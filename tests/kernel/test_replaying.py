"""Pages kept by what their statements say: drawn once while they say the same, never kept beside another answer."""

from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Unit
from portal.deadlines.models import Heartbeat
from portal.kernel import keeping, replaying
from portal.kernel.replaying import page_as_read
from tests.factories.people import same_unit
from tests.services import both_engines

pytestmark = [pytest.mark.django_db, both_engines]


@pytest.fixture(autouse=True)
def nothing_kept():
    keeping.forget()
    replaying._noted.clear()
    replaying._planned.clear()


class Page:
    """A page of two statements, the second of which depends on the first; ``drawn`` counts how often it was drawn."""

    def __init__(self, meanwhile=lambda: None):
        self.drawn, self.meanwhile = 0, meanwhile

    def __call__(self):
        self.drawn += 1
        unit = Unit.objects.filter(code="W1").first()
        if unit is None:
            raise Http404
        names = [] if unit.name == "alone" else list(Unit.objects.filter(parent=unit).values_list("name", flat=True))
        self.meanwhile()
        seen = Heartbeat.objects.filter(beat_at__lte=timezone.now()).count()
        return HttpResponse(f"{unit.name} {' '.join(names)} {seen}")


@pytest.fixture
def works(engine):
    return same_unit("W1", "works", same_unit("W0", "company", None))


def ask(page, *, cookies=(), tag="", path="/page/"):
    request = RequestFactory(headers={"If-None-Match": tag} if tag else None).get(path)
    request.COOKIES.update(cookies)
    request.META["CSRF_COOKIE"] = "c" * 32
    request.LANGUAGE_CODE, request.user = "en", AnonymousUser()
    return page_as_read(request, page)


def said(page, times=1, **more):
    return [ask(page, **more).content.decode() for _time in range(times)]


def test_a_page_is_drawn_twice_and_then_no_more_until_something_it_read_changes(works):
    page = Page()
    assert (said(page, 4), page.drawn) == (["works  0"] * 4, 2)
    shop = same_unit("W11", "shop", works)
    assert (said(page, 3), page.drawn) == (["works shop 0"] * 3, 3)  # the same statements say something else
    Unit.objects.filter(pk=works.pk).update(name="alone")
    assert (said(page, 4), page.drawn) == (["alone  0"] * 4, 5)  # other statements
    Unit.objects.filter(pk=shop.pk).update(name="other")
    assert (said(page), page.drawn) == (["alone  0"], 5)  # nothing that was read
    Unit.objects.filter(pk=works.pk).update(code="W2")
    with pytest.raises(Http404):
        ask(page)


def test_the_browser_that_has_it_is_told_so(works):
    page = Page()
    said(page, 2)
    tag = ask(page).headers["ETag"]
    assert (ask(page, tag=tag).status_code, page.drawn) == (304, 2)
    Unit.objects.update(name="new")
    changed = ask(page, tag=tag)
    assert (changed.status_code, changed.content) == (200, b"new  0")


def test_what_is_written_while_a_page_is_drawn_is_not_lost(works):
    """The page may hold the old name beside the new one's answers: it is shown once, and not kept."""
    names = iter(["second", "third"])

    def elsewhere():
        with mock.patch.object(connection, "execute_wrappers", []):
            Unit.objects.filter(code="W1").update(name=next(names))

    page = Page(meanwhile=elsewhere)
    shown = ask(page), ask(page)
    assert [answer.content for answer in shown] == [b"works  0", b"second  0"]
    assert "ETag" not in shown[1].headers
    page.meanwhile = lambda: None
    assert (said(page, 3), page.drawn) == (["third  0"] * 3, 3)


def test_a_page_that_writes_is_drawn_each_time_and_its_writing_never_said_again(works):
    page = Page(meanwhile=lambda: Heartbeat.objects.create(name=f"{page.drawn}", beat_at=timezone.now(), detail={}))
    assert said(page, 3) == ["works  1", "works  2", "works  3"]


def test_now_is_the_later_requests_own(works):
    page = Page()
    said(page, 3)
    Heartbeat.objects.create(name="one", beat_at=timezone.now(), detail={})
    assert (said(page, 2), page.drawn) == (["works  1"] * 2, 3)


def test_address_and_language_have_pages_of_their_own_and_readers_with_a_session_none(works):
    page = Page()
    said(page, 3)
    said(page, 3, path="/page/?x=1")
    assert page.drawn == 4
    assert (said(page, 3, cookies={"portal_session": "x"}), page.drawn) == (["works  0"] * 3, 7)


def test_a_kept_page_asks_what_was_read_for_it_and_no_more(works):
    page = Page()
    said(page, 3)
    with CaptureQueriesContext(connection) as asked:
        said(page)
    statements = [one["sql"] for one in asked.captured_queries if "accounts_unit" in one["sql"]]
    around = 1  # the enterprise's name, which is read anew for every page in tests
    assert len(statements) == around + (1 if connection.vendor == "postgresql" else 2)
