"""Templates hold no code: the policy of the pages forbids it, and people without scripts see the same."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.I),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*type=\"application/json\")", re.I),
    "an event handler": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.I),
    "a script address": re.compile(r"javascript:", re.I),
    "the safe filter": re.compile(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq\b"),
    "an address of another host": re.compile(r"(src|href|action)\s*=\s*[\"'](https?:)?//", re.I),
}


def _names(path):
    return str(path.relative_to(settings.BASE_DIR / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=_names)
def test_s10_template_holds_no_code_and_compiles(path):
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []
    get_template(_names(path))


def test_forbidden_things_are_recognised():
    bad = {
        "an inline style": '<p style="color:red">',
        "an inline script": "<script>alert(1)</script>",
        "an event handler": '<a href="x" onclick="y()">',
        "a script address": '<a href="javascript:y()">',
        "the safe filter": "{{ text | safe }}",
        "an address of another host": '<img src="//cdn/x.png">',
    }
    assert {what: bool(FORBIDDEN[what].search(text)) for what, text in bad.items()} == dict.fromkeys(FORBIDDEN, True)
    good = '<script type="module" src="{% static "js/x.js" %}"></script><p class="on" data-once="1">'
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(good)] == []


def test_s10_scripts_and_styles_reach_nobody_else():
    # XML's own name spaces look like addresses and are none.
    addresses = re.compile(r"https?://(?!www\.w3\.org/)|@import\s+url\(\s*['\"]?//")
    files = [p for p in (settings.BASE_DIR / "static").rglob("*") if p.suffix in {".js", ".css", ".svg"}]
    assert [str(p) for p in files if addresses.search(p.read_text(encoding="utf-8"))] == []


# Chinese marks in a template stay Chinese for readers of English; {% bracket %}, {% colon %} and their like do not.
CHINESE_MARKS = re.compile("[（）、，：；。]")


STYLE_SHEETS = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))
SHEET = re.compile(r"css/([a-z]+\.css)")


def _classes_of(styles):
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/", "", styles, flags=re.S)))


def _styles_of(path):
    """The style sheets of a page: its own, those of what it extends, and those of every page."""
    text = path.read_text(encoding="utf-8")
    found = set(SHEET.findall(text))
    for included in re.findall(r"{% include \"([\w/]+_head\.html)\"", text):
        found |= set(SHEET.findall((settings.BASE_DIR / "templates" / included).read_text(encoding="utf-8")))
    if extended := re.search(r"{% extends [^%]*?\"([\w/]+\.html)\"", text):
        return found | _styles_of(settings.BASE_DIR / "templates" / extended[1])
    return found | set(
        SHEET.findall((settings.BASE_DIR / "templates/home/frame/head.html").read_text(encoding="utf-8"))
    )


def test_a_page_links_the_sheets_that_draw_its_classes():
    """A class drawn on other pages only leaves the words of this one run together."""
    drawn = {path.name: _classes_of(path.read_text(encoding="utf-8")) for path in STYLE_SHEETS}
    known, bare = set().union(*drawn.values()), {}
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        if "{% extends" not in text:
            continue
        own = set().union(*(drawn[name] for name in _styles_of(path)))
        words = re.findall(r'class="([^"]*)"', re.sub(r"{[{%].*?[%}]}", " ", text))
        if missing := {one for classes in words for one in classes.split()} & known - own:
            bare[_names(path)] = sorted(missing)
    assert bare == {}


def test_marks_between_words_are_those_of_the_readers_language():
    # The styleguide shows pieces of the portal's own texts.
    ours = [path for path in TEMPLATES if path.name != "styleguide.html"]
    assert len(ours) > 300
    assert [_names(path) for path in ours if CHINESE_MARKS.search(path.read_text(encoding="utf-8"))] == []
