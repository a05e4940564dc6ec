"""The watcher over all pages sees what it should."""

import pytest

from tests.pages import all_routes, examine

GOOD = '<html lang="zh-Hans"><body><h1>厂务公开</h1><label for="a">甲</label><input id="a"></body></html>'


def test_a_good_page_passes():
    assert examine(GOOD) == []


@pytest.mark.parametrize(
    ("part", "worse", "said"),
    [
        ("<h1>", "<h1></h1><h1>", "2 headings of the first rank"),
        (' lang="zh-Hans"', "", "no language"),
        ("<body>", '<body style="x">', "inline style on <body>"),
        ("<body>", "<body><script>x</script>", "inline script"),
        ("<body>", '<body onload="x">', "event handler onload"),
        ("<body>", '<body><img src="x">', "picture without a text"),
        ("<body>", '<body id="a">', "ids used twice: ['a']"),
        (' for="a"', "", "fields without a label: ['a']"),
    ],
)
def test_a_bad_page_is_told(part, worse, said):
    assert examine(GOOD.replace(part, worse, 1)) == [said]


def test_routes_are_found():
    assert {"accounts:sign_in", "portal.home.health.livez"} <= all_routes()
