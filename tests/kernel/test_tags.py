"""Tags draw what they are given, and nothing when they are given nothing."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal as D

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from portal.kernel.paging import KeysetPage

DAY = dt.date(2026, 12, 22)


def draw(source, **context):
    return engines["django"].from_string(source).render(context).strip()


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        dt.datetime(2026, 12, 21, 16, 0, tzinfo=dt.UTC),
        "2026-12-22",
        "2026-12-21T16:00:00+00:00",
        dt.datetime(2026, 12, 21, 16),
    ],
)
def test_day_is_the_plants_day_in_full(value):
    assert draw("{{ value|day }}", value=value) == "2026年12月22日(周二)"
    with translation.override("en"):
        assert draw("{{ value|day }}", value=value) == "Tue 22 Dec 2026"


@pytest.mark.parametrize("value", [None, "", "rubbish", 7, "2026-13-45"])
def test_day_of_nothing_is_nothing(value):
    assert draw("{{ value|day }}{{ value|short_day }}{{ value|iso_day }}{% time_tag value %}", value=value) == ""


def test_short_and_iso_days():
    assert draw('{{ on|short_day }} {{ on|iso_day }} {% time_tag on "short" %}', on=DAY) == (
        '12月22日 2026-12-22 <time datetime="2026-12-22" class="nowrap">12月22日</time>'
    )


def test_paragraphs_are_escaped_and_keep_line_ends():
    assert draw("{{ text|paragraphs }}", text="一<b>\n二\n\n\n三") == "<p>一&lt;b&gt;<br>二</p>\n<p>三</p>"
    assert draw("{{ text|paragraphs }}", text=None) == ""


def test_small_filters():
    assert draw(
        "{{ a|grouped }}|{{ b|percent }}|{{ c|percent }}|{{ d|masked }}", a="7Q4M9K2T", b=0.914, c=None, d="张三丰"
    ) == ("7Q4M 9K2T|91.4%|–|张**")
    assert draw(
        "{{ a|exact_percent }}|{{ b|exact_percent }}|{{ c|exact_percent }}", a=D("0.3000"), b=D("0.3333"), c=D(1)
    ) == ("30%|33.33%|100%")
    assert draw(
        "{{ a|lookup:'x' }}|{{ a|lookup:'y' }}|{{ h|short_hash }}", a={"x": 1}, h="0123456789abcdef0123456789abcdef"
    ) == ("1||01234567…89abcdef")


@dataclass
class Clock:
    lamp: str
    sentence: str
    due_on: dt.date = DAY
    is_provisional: bool = False


@pytest.mark.parametrize("code", ["grey", "blue", "yellow", "red", "green", "orange"])
def test_lamp_is_never_colour_alone(code):
    html = draw("{% load parts %}{% lamp code %}", code=code)
    assert f"lamp-{code}" in html
    assert "<svg" in html
    assert len(html.rsplit("<span>", 1)[1].split("</span>")[0]) > 1


def test_lamps_differ_in_shape():
    drawings = {
        draw("{% lamp_shape code %}", code=code) for code in ("grey", "blue", "yellow", "red", "green", "orange")
    }
    assert len(drawings) == 6


def test_lamp_of_a_clock_says_its_sentence_and_unknown_is_grey():
    assert "还剩12天" in draw("{% load parts %}{% lamp clock %}", clock=Clock("blue", "还剩12天"))
    assert "lamp-grey" in draw("{% load parts %}{% lamp value %}", value="purple")
    assert "lamp-grey" in draw("{% load parts %}{% lamp value %}", value=None)


def test_unknown_icon_is_drawn_as_a_dot():
    assert draw('{% icon "no-such-icon" 16 %}').startswith("<svg")
    assert 'aria-hidden="true"' in draw('{% icon "house" 16 %}')


def test_querystring_changes_one_thing_and_drops_the_place():
    request = RequestFactory().get("/list/", {"state": "open", "q": "食堂", "after": "abc"})
    assert draw("{% querystring state='late' %}", request=request) == "?state=late&amp;q=%E9%A3%9F%E5%A0%82"
    assert draw("{% querystring state=None q='' %}", request=request) == "?"
    assert (
        draw("{% querystring after='xyz' %}", request=request) == "?state=open&amp;q=%E9%A3%9F%E5%A0%82&amp;after=xyz"
    )


def test_pager_leads_on_and_back():
    request = RequestFactory().get("/list/", {"q": "x", "after": "abc"})
    html = draw("{% pager page %}", request=request, page=KeysetPage([1], "next", is_first=False))
    assert 'href="?q=x&amp;after=next"' in html
    assert 'href="?q=x"' in html
    assert draw("{% pager page %}", request=request, page=KeysetPage([1], "", is_first=True)) == ""


def test_stage_chain_names_the_current_step_in_words():
    html = draw(
        "{% stage_chain stages %}",
        stages=[
            {"label": "提交", "state": "done", "on": DAY},
            {"label": "受理", "state": "current"},
            {"label": "答复", "state": "ahead"},
        ],
    )
    assert html.count('aria-current="step"') == 1
    assert "已完成" in html and "进行中" in html and "待进行" in html


def test_parts_take_little_and_escape_all():
    html = draw(
        "{% empty_state t %}{% stat_tile t 3 %}{% person_chip t %}{% badge t %}"
        "{% definition_list pairs %}{% button t %}"
        "{% notice %}{{ t }}{% endnotice %}{% panel title=t %}x{% endpanel %}{% timeline events %}"
        "{% attachment_list files %}{% page_head t %}{% endpage_head %}{% receipt t %}{% endreceipt %}"
        "{% data_table caption=t %}{% enddata_table %}{% progress 1 0 label=t %}{% tabs tabs %}"
        "{% breadcrumbs t '/' t %}"
        "{% disclosure t %}{% enddisclosure %}{% filters_bar %}{% endfilters_bar %}{% draft_status t %}",
        t="<i>",
        pairs=[("<i>", "")],
        events=[{"text": "<i>"}],
        files=[{"name": "<i>.jpg", "url": "/x", "size": 10}],
        tabs=[{"label": "<i>", "url": "/"}],
    )
    assert "<i>" not in html
    assert html.count("&lt;i&gt;") > 20


def test_masked_person_shows_no_name():
    assert "三丰" not in draw("{% person_chip name is_masked=True %}", name="张三丰")


@pytest.mark.parametrize(("count", "is_open"), [(0, False), ("", False), (2, True)])
def test_filters_are_folded_until_one_is_set(count, is_open):
    html = draw("{% filters_bar count=n %}<input name=q>{% endfilters_bar %}", n=count)
    fold, fields = html.split("</details>")
    assert ("<details" in fold, " open>" in fold) == (True, is_open)
    # After the fold, not in it: wide pages show them without a script.
    assert "<input name=q>" in fields and "<input" not in fold


@pytest.mark.parametrize(
    ("language", "shown"),
    [("zh-hans", "甲（乙）：丙，丁、戊；己。庚 甲、乙"), ("en", "甲 (乙): 丙, 丁, 戊; 己. 庚 甲, 乙")],
)
def test_marks_between_words_follow_the_language(language, shown):
    source = "甲{% bracket %}乙{% endbracket %}{% colon %}丙{% comma %}丁{% listing %}戊"
    source += "{% semicolon %}己{% stop %}庚 {{ names|listed }}"
    with translation.override(language):
        assert draw(source, names=["甲", "乙"]) == shown


def test_what_stands_in_brackets_is_escaped_once():
    assert draw("{% bracket %}{{ name }}{% endbracket %}", name="<b>&") == "（&lt;b&gt;&amp;）"
