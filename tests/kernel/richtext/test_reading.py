"""Words and clauses of rich text."""

import pytest

from portal.kernel.richtext import blocks_of, count_of, excerpt, text_of, with_anchors
from portal.kernel.richtext.reading import number_of

from .test_cleaning import faults_of
from .zoo import ATTACKS

RULES = (
    "<h2>第一章 总则</h2><p><strong>第一条</strong> 为了公开。</p><p>本条第二款。</p>"
    "<ol><li>甲；</li><li>乙。</li></ol>"
    "<h2>第二章　附则</h2><p>第十二条之一 由工会解释。</p><p>第一条 重复。</p>"
    "<table><tr><td>1</td><td>2</td></tr></table>"
)


def test_text_has_a_block_a_line():
    assert text_of("<h2>甲</h2><p>乙<br>丙</p><ul><li>丁</li></ul><table><tr><td>1</td><td>2</td></tr></table>") == (
        "甲\n乙\n丙\n丁\n1\t2"
    )
    assert count_of("<p><strong>一二</strong>三</p>") == 3


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (100, "自2026年起执行，由劳动工资部发放。 另见附件。"),
        (18, "自2026年起执行，由劳动工资部发…"),
        (12, "自2026年起执行…"),
        (1, "自…"),
    ],
)
def test_excerpt_begins_with_prose_and_ends_at_a_mark(length, expected):
    assert excerpt("<h2>津贴</h2><p>自2026年起执行，由<b>劳动工资部</b>发放。</p><p>另见附件。</p>", length) == expected


def test_excerpt_of_a_heading_alone():
    assert excerpt("<h2>津贴</h2>") == "津贴"
    table = "<table><tr><th>班组</th></tr><tr><td>甲班</td></tr></table>"
    assert excerpt(f"<h2>津贴</h2><p>明细见下表。</p>{table}") == "明细见下表。"
    assert excerpt(table) == "班组 甲班"
    assert excerpt("") == ""


def test_clauses_have_names_that_stay():
    found = [(clause.anchor, clause.tag, clause.label, clause.within) for clause in blocks_of(RULES)]
    assert found == [
        ("z1", "h2", "第一章", ""),
        ("a1", "p", "第一条", ""),
        ("c3", "p", "", "第一条"),
        ("c4", "ol", "", "第一条"),
        ("c5", "ol", "", "第一条"),
        ("z2", "h2", "第二章", ""),
        ("a12-1", "p", "第十二条之一", ""),
        ("c8", "p", "第一条", ""),
        ("c9", "table", "", "第一条"),
    ]
    earlier = blocks_of("<p>新的一段</p>" + RULES)
    assert {"z1", "a1", "z2", "a12-1"} <= {clause.anchor for clause in earlier}
    assert blocks_of(RULES)[4].html == '<ol start="2"><li>乙。</li></ol>'


def test_anchors_are_ids_of_the_page_and_no_others_get_through():
    shown = with_anchors('<p id="x" class="y">第三条 甲</p><ul><li>乙</li></ul>', "new-")
    assert shown == '<p id="new-a3">第三条 甲</p>\n<ul><li id="new-c2">乙</li></ul>'
    assert faults_of(shown, allows_ids=True) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_anchored_attack_is_clean(attack):
    shown = with_anchors(attack)
    assert faults_of(shown, allows_ids=True) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三", 3),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百零三", 103),
        ("二〇", 20),
        ("12", 12),
        ("一千二百", 1200),
    ],
)
def test_chinese_numbers(text, number):
    assert number_of(text) == number
