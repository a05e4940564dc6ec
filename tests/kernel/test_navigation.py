"""Places in the frame are shown to whom they are for."""

import pytest
from django.test import RequestFactory

from portal.kernel import navigation


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    registry = navigation._Registry()
    monkeypatch.setattr(navigation, "_registry", registry)
    return registry


def codes(roles=(), is_signed_in=True, path="/", group="main"):
    request = RequestFactory().get(path)
    links = navigation.links_for(request, group=group, roles=frozenset(roles), is_signed_in=is_signed_in)
    return [link.code for link in links]


def test_links_come_in_order_for_those_they_are_for():
    navigation.register_item("c", "丙", "home:privacy", order=30, roles=["union_officer"])
    navigation.register_item("b", "乙", "home:help", order=20, is_public=True)
    navigation.register_item("a", "甲", "home:home", order=10)
    navigation.register_item("m", "管", "home:styleguide", group="manage")
    assert codes() == ["a", "b"]
    assert codes(["union_officer"]) == ["a", "b", "c"]
    assert codes(is_signed_in=False) == ["b"]
    assert codes(group="manage") == ["m"]


def test_item_is_asked_itself_and_a_later_one_replaces_it():
    navigation.register_item("a", "甲", "home:home", visible=lambda request: request.path == "/x/")
    assert (codes(), codes(path="/x/")) == ([], ["a"])
    navigation.register_item("a", "甲", "home:home")
    assert codes() == ["a"]


def test_item_without_address_is_left_out_and_named_by_the_check():
    navigation.register_item("lost", "丢", "nowhere:at_all")
    assert codes() == []
    assert [fault.id for fault in navigation.check_items_resolve(None)] == ["portal.W010"]


def test_longest_fitting_address_is_the_current_one():
    navigation.register_item("front", "首", "home:front", is_public=True)
    navigation.register_item("help", "帮", "home:help", is_public=True)
    request = RequestFactory().get("/help/")
    links = navigation.links_for(request, group="main", roles=frozenset(), is_signed_in=False)
    assert [(link.code, link.is_current) for link in links] == [("front", False), ("help", True)]


def test_banners_that_hold_are_shown():
    navigation.register_banner(lambda request: None)
    navigation.register_banner(lambda request: navigation.Banner("提醒已延迟"))
    assert [banner.text for banner in navigation.banners_for(RequestFactory().get("/"))] == ["提醒已延迟"]
