"""Rich text written without JavaScript: a few signs in plain text, and what they cannot say is kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.richtext import clean, from_plain, text_of, to_plain

TEXT = """# 一、夜班津贴

第一条 自2026年起执行。
由劳动工资部发放。

- 一线
  - 夜班
- 管理

3. 丙
4. 丁

> 征求意见46条

单位\t人数
乙烯厂\t412"""
MARKUP = (
    "<h2>一、夜班津贴</h2>\n<p>第一条 自2026年起执行。<br>由劳动工资部发放。</p>\n"
    "<ul><li>一线<ul><li>夜班</li></ul></li><li>管理</li></ul>\n"
    '<ol start="3"><li>丙</li><li>丁</li></ol>\n<blockquote><p>征求意见46条</p></blockquote>\n'
    "<table><thead><tr><th>单位</th><th>人数</th></tr></thead><tbody><tr><td>乙烯厂</td><td>412</td></tr></tbody></table>"
)


def test_signs_are_understood_and_written_again():
    assert from_plain(TEXT) == MARKUP
    assert to_plain(MARKUP) == TEXT


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        (" \n\n\t\n", ""),
        ("a <b> & <script>", "<p>a &lt;b&gt; &amp; &lt;script&gt;</p>"),
        ("#没有空格", "<p>#没有空格</p>"),
        ("##### 五个", "<p>##### 五个</p>"),
        ("2026. 年", '<ol start="2026"><li>年</li></ol>'),
        ("1、甲\n2、乙", "<p>1、甲<br>2、乙</p>"),
        ("说明\n- 甲\n* 乙\n结尾", "<p>说明</p>\n<ul><li>甲</li><li>乙</li></ul>\n<p>结尾</p>"),
        ("- a\n1. b", "<ul><li>a</li></ul>\n<ol><li>b</li></ol>"),
        ("一\t二", "<table><tbody><tr><td>一</td><td>二</td></tr></tbody></table>"),
        ("甲\t乙\n1", "<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table>\n<p>1</p>"),
    ],
)
def test_plain_text_becomes_paragraphs(typed, expected):
    assert from_plain(typed) == expected


def test_what_was_left_as_it_was_keeps_all_it_had():
    before = clean(
        '<p>看<a href="/help/"><b>这里</b></a></p><p>乙</p>'
        "<table><tr><td colspan=2>合计</td></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    changed = to_plain(before).replace("乙", "丙")
    assert from_plain(changed, before) == before.replace("<p>乙</p>", "<p>丙</p>")
    assert from_plain(to_plain(before), before) == before


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="甲乙a1 -#>.\t\n\u3000|<&", max_size=80))
def test_no_word_is_lost_on_the_way(typed):
    markup = from_plain(typed)
    assert clean(markup) == markup
    words = [mark for mark in typed if mark in "甲乙a"]
    assert [mark for mark in text_of(markup) if mark in "甲乙a"] == words
    assert [mark for mark in to_plain(markup) if mark in "甲乙a"] == words
