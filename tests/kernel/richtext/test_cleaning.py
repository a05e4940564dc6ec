"""What is pasted keeps headings, lists and tables and nothing else, on save and on output."""

import html as entities
import time
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.kernel.richtext import clean, is_empty, purify, text_of
from portal.kernel.richtext.addresses import safe_address
from portal.kernel.richtext.cleaning import REL, TAGS
from portal.kernel.texts import clean_text

from .zoo import ATTACKS, PASTES

UNSEEN = set("\u200b\u202e\u2066\ufeff\x00\x07\ud800")


class Watcher(HTMLParser):
    """Notes everything in some markup that rich text has no place for."""

    def __init__(self, allows_ids=False):
        super().__init__(convert_charrefs=True)
        self.faults = []
        self.depth = []
        self.ids = {"id"} if allows_ids else set()

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.faults.append(f"<{tag}>")
        allowed = {"a": {"href", "rel"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}}
        for name, value in attrs:
            if name not in allowed.get(tag, set()) | self.ids:
                self.faults.append(f"{tag} {name}")
            if name == "href" and safe_address(value) != value:
                self.faults.append(f"href {value}")
            if name == "rel" and value != REL:
                self.faults.append(f"rel {value}")
            if name in {"colspan", "rowspan", "start"} and not value.isdigit():
                self.faults.append(f"{name} {value}")
        if tag != "br":
            self.depth.append(tag)

    def handle_endtag(self, tag):
        if not self.depth or self.depth.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_comment(self, data):
        self.faults.append("comment")

    def handle_decl(self, decl):
        self.faults.append("declaration")

    def unknown_decl(self, data):
        self.faults.append("declaration")

    def handle_pi(self, data):
        self.faults.append("instruction")


def faults_of(markup, allows_ids=False):
    watcher = Watcher(allows_ids)
    watcher.feed(markup)
    watcher.close()
    unclosed = [f"open <{tag}>" for tag in watcher.depth]
    return watcher.faults + unclosed + [f"{mark!r}" for mark in UNSEEN & set(markup)]


def test_the_watcher_sees_what_it_should():
    bad = "<p class=x>a<script></script><a href='javascript:x' rel=x>b</a><!-- c --></b>\u202e"
    assert faults_of(bad) == [
        "p class",
        "<script>",
        "href javascript:x",
        "rel x",
        "comment",
        "</b>",
        *[f"{mark!r}" for mark in "\u202e"],
    ]
    assert faults_of("<p>a</p>") == []


@pytest.mark.parametrize(
    ("pasted", "expected"), [(p, c) for _name, p, c in PASTES], ids=[name for name, _p, _c in PASTES]
)
def test_paste_keeps_headings_lists_and_tables(pasted, expected):
    assert clean(pasted) == expected
    assert clean(expected) == expected
    assert purify(expected) == expected


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_cleaned_on_save(attack):
    found = clean(attack)
    assert faults_of(found) == []
    assert clean(found) == found


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_that_reached_the_database_is_cleaned_on_output(attack):
    assert [fault for fault in faults_of(purify(attack)) if not fault.startswith(("open", "</"))] == []


@pytest.mark.parametrize(
    ("typed", "led"),
    [
        ("https://example.cn/a", "https://example.cn/a"),
        ("HTTP://example.cn", "HTTP://example.cn"),
        ("mailto:gonghui@example.cn", "mailto:gonghui@example.cn"),
        ("/help/", "/help/"),
        ("#a3", "#a3"),
        ("?q=1:2", "?q=1:2"),
        ("/公开/12:30", "/公开/12:30"),
        (" /help/ ", "/help/"),
        ("#_Toc3", ""),
        ("//example.cn", ""),
        ("http:example.cn", ""),
        ("mailto:", ""),
        ("javascript:x", ""),
        ("java\tscript:x", ""),
        ("\u200bjavascript:x", ""),
        ("x:y", ""),
        ("/a b", ""),
        ("/" + "x" * 2001, ""),
        ("", ""),
    ],
)
def test_links_lead_to_pages_and_mail_only(typed, led):
    assert safe_address(typed) == led


# A tab stands for a space within a piece.
WORDS = (
    "<p> </p> <b> </b> <strong> <i> </i> <u> <a\thref='/x'> <a\thref=javascript:x> </a> <ul> "
    "<ol\tstart=3> <li> </li> </ul> </ol> <table> <tr> <td> <td\tcolspan=2> <th> </td> </table> <h1> "
    "</h1> <h3> <blockquote> </blockquote> <div> </div> <br> <svg> </svg> <style> <!-- --> "
    "<![if\t!supportLists]> <![endif]> <o:p> </o:p> <thead> <caption> <hr> "
    "<p\tclass=MsoListParagraph\tstyle='mso-list:l0\tlevel2\tlfo1'> <span\tstyle='mso-list:Ignore'> "
    "</span> <p/> < > &lt; &amp;lt; &nbsp; &#8238; 1. 第三条 甲 乙a \n \u3000 \u0338 \u0301 \u200b \x00 e "
    "<sub> <sup> </sub> ' \" <script> </script> <select> <form> <math> <mtext> <template> <noscript>"
)
PIECES = st.sampled_from([piece.replace("\t", " ") for piece in WORDS.split(" ")])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join))
def test_whatever_comes_is_clean_and_stays_so(markup):
    found = clean(markup)
    assert faults_of(found) == []
    assert clean(found) == found
    assert purify(found) == found


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_what_is_typed_is_read_again(text):
    found = text_of(clean(f"<p>{entities.escape(text)}</p>"))
    assert [mark for mark in found if mark.isalnum()] == [mark for mark in clean_text(text) if mark.isalnum()]


@pytest.mark.parametrize(
    "markup", ["", "<p></p>", "<p>&nbsp;<br></p>", "<table><tr><td> </td></tr></table>", "<ul><li></ul>", None]
)
def test_markup_around_nothing_is_empty(markup):
    assert clean(markup) == "" and is_empty(markup)


HOSTILE = {
    "nested": "<div>" * 60_000,
    "fonts": "".join(f"<font color={n}>" for n in range(3000)) + "<p>x" * 20_000,
    "remarks": "<!--" * 60_000,
    "declarations": "<![" * 60_000,
    "quotes": "<a href='" * 30_000,
    "tables": "<table><tr><td>" * 20_000,
    "attributes": "<p " + "a=b " * 60_000 + ">",
    "spaces": "<p>" + " " * 300_000 + "x",
    "breaks": "x<br>" * 40_000,
    "closing": "<p><i>" * 1000 + "</b>" * 60_000,
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE)
def test_hostile_markup_costs_little(markup):
    began = time.process_time()
    found = clean(markup)
    assert time.process_time() - began < 6
    assert clean(found) == found
