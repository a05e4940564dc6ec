"""Front page, homes, help, privacy and the style page, and the frame around them."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.urls import reverse

from portal.accounts.enums import Role
from portal.kernel import navigation
from tests.factories.people import make_officer, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["front", "help", "privacy"])
def test_public_page_needs_no_sign_in_and_leaves_no_cookie_but_the_forms(client, name):
    response = client.get(reverse(f"home:{name}"))
    assert response.status_code == 200
    assert set(response.cookies) <= {settings.CSRF_COOKIE_NAME}


def test_front_page_leads_to_the_figures_that_everybody_may_see(client):
    text = client.get(reverse("home:front")).content.decode()
    assert text.count(f'href="{reverse("feedback:public_statistics")}"') == 2
    assert "近十二个月按期率" in text
    assert '<svg class="chart' in text


def test_home_asks_for_a_sign_in(client):
    assert client.get(reverse("home:home")).status_code == 302


def test_home_greets_by_name(enter):
    client = enter(make_person(name="张三丰"))
    assert "张三丰，您好" in client.get(reverse("home:home")).content.decode()


@pytest.mark.parametrize("name", ["front", "help", "privacy"])
def test_help_and_switches_are_on_every_page_at_the_same_place(client, name):
    html = client.get(reverse(f"home:{name}")).content.decode()
    strip = html[html.index('class="strip-acts"') : html.index('class="top"')]
    assert [name for name, _value in re.findall(r'<button[^>]*name="(\w+)" value="([^"]+)"', strip)] == [
        "elder",
        "language",
    ]
    assert f'href="{reverse("home:help")}"' in strip


def test_privacy_is_read_in_two_minutes(client):
    html = client.get(reverse("home:privacy")).content.decode()
    main = re.sub(r"<svg.*?</svg>", "", html[html.index("<main") : html.index("</main>")], flags=re.S)
    text = re.sub(r"<[^>]+>|\s", "", main)
    assert 300 < len(text) <= 600


def test_style_page_is_for_people_with_a_role(enter):
    response = enter(make_person()).get(reverse("home:styleguide"))
    assert response.status_code == 403
    assert "样式页只对平台工作人员开放。" in response.content.decode()


@pytest.mark.parametrize(("query", "is_elder"), [("", False), ("?mode=elder", True), ("?mode=%00", False)])
def test_style_page_shows_every_part_in_both_modes(enter, query, is_elder):
    response = enter(make_officer(Role.HANDLER)).get(reverse("home:styleguide") + query)
    assert response.status_code == 200
    html = response.content.decode()
    assert ('class="elder"' in html) is is_elder
    for part in (
        "lamp-red",
        "clock-yellow",
        "stages",
        "timeline",
        "tiles",
        "measure",
        "slip",
        "faults",
        "filters",
        "chart-figure",
        "files",
    ):
        assert f'class="{part}' in html or f" {part}" in html, part
    assert settings.SESSION_COOKIE_NAME not in response.cookies


def test_frame_shows_the_published_head(client):
    from portal.ledger.models import Head

    Head.objects.create(
        day=dt.date(2026, 11, 22), seq=153, hash="ab12" * 16, made_at=dt.datetime(2026, 11, 22, 16, 5, tzinfo=dt.UTC)
    )
    html = client.get(reverse("home:help")).content.decode()
    assert "ab12 ab12 ab12 ab12" in html
    assert "第153条" in html


def test_banner_stands_above_every_page(client, monkeypatch):
    registry = navigation._Registry()
    registry.banners.append(lambda request: navigation.Banner("提醒任务已延迟", url="/x/", link="查看"))
    monkeypatch.setattr(navigation, "_registry", registry)
    html = client.get(reverse("home:help")).content.decode()
    assert '提醒任务已延迟 <a href="/x/">查看</a>' in html


def test_desk_is_named_where_the_installation_names_it(client, settings):
    settings.DESK = "工会办公室 3 号楼 102，电话 8800"
    assert client.get(reverse("home:help")).content.decode().count("工会办公室 3 号楼 102，电话 8800") == 2


def test_frame_of_a_visitor_costs_two_queries(client, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(navigation, "_registry", navigation._Registry())
    # The enterprise's name and the ledger's head, which outside tests are kept for five minutes.
    with django_assert_num_queries(2):
        client.get(reverse("home:help"))
