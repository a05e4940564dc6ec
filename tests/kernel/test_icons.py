"""Every icon named anywhere exists: an unknown one would be drawn as a dot and nobody would notice."""

import re

import lucide
import pytest
from django.conf import settings

from portal.kernel.templatetags import words

NAMED = re.compile(r"""icon "([a-z0-9-]+)"|icon=["']([a-z0-9-]+)["']|"icon": "([a-z0-9-]+)\"""")
IN_NAVIGATION = re.compile(r'"\w+:\w+",\s+"([a-z0-9-]+)"')


def _named():
    found = set()
    for folder, kind in (("templates", "*.html"), ("portal", "*.py"), ("feedback", "*.py")):
        for path in (settings.BASE_DIR / folder).rglob(kind):
            text = path.read_text(encoding="utf-8")
            names = {name for groups in NAMED.findall(text) for name in groups if name}
            names |= set(IN_NAVIGATION.findall(text)) if "register_item(" in text else set()
            found |= {(name, path.name) for name in names}
    return sorted(found)


@pytest.mark.parametrize(("name", "place"), _named())
def test_icon_exists(name, place):
    lucide._render_icon(name, 16)


def test_the_archive_of_icons_is_read_once_in_a_process(monkeypatch):
    opened = []
    real = words.ZipFile
    monkeypatch.setattr(words, "ZipFile", lambda *args: opened.append(1) or real(*args))
    words._drawings.cache_clear()
    words._icon.cache_clear()
    assert all('class="' in words.icon(name) for name in ("menu", "users", "shield-alert"))
    assert words.icon("no-such-icon") == words.icon("dot")
    assert len(opened) == 1
