"""What an address leads to is remembered, and stays what it was."""

import pytest
from django.urls import Resolver404, get_resolver, resolve, reverse

from portal.urls import urlpatterns


def test_address_is_found_again_with_its_own_arguments():
    first, second = (resolve(reverse("disclosures:public", args=["2026-1"])) for _time in range(2))
    other = resolve(reverse("disclosures:public", args=["2026-2"]))
    assert first is not second
    assert (first.view_name, first.kwargs, first.route) == (second.view_name, second.kwargs, second.route)
    assert (first.kwargs, other.kwargs) == ({"number": "2026-1"}, {"number": "2026-2"})
    assert len(second.tried) <= 1  # of hundreds of addresses that did not fit nothing is carried along
    second.kwargs["number"] = "changed"
    assert resolve(reverse("disclosures:public", args=["2026-1"])).kwargs == {"number": "2026-1"}


def test_address_that_leads_nowhere_is_never_remembered():
    known = urlpatterns[0]._known
    held = known.cache_info().currsize
    for _time in range(2):
        with pytest.raises(Resolver404):
            resolve("/nowhere/at/all/")
    assert known.cache_info().currsize == held
    assert len(get_resolver().url_patterns) == 1
