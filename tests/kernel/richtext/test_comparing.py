"""Two versions side by side: blocks aligned, words marked so that Chinese reads well, and a bounded cost."""

import random
import time

import pytest
from django.utils import translation

from portal.kernel.richtext import compare, from_plain
from portal.kernel.richtext.comparing import ADDED, CHANGED, REMOVED, SAME
from portal.kernel.templatetags.rich import text_compare


def rows(before, after):
    return [(row.kind, row.joined) for row in compare(from_plain(before), from_plain(after)).rows]


def test_a_changed_number_and_a_changed_word():
    assert rows("津贴由每班20元调整为每班30元，自3月起执行。", "津贴由每班20元调整为每班35元，自1月起执行。") == [
        (
            CHANGED,
            (
                ("same", "津贴由每班20元调整为每班"),
                ("removed", "30"),
                ("added", "35"),
                ("same", "元，自"),
                ("removed", "3"),
                ("added", "1"),
                ("same", "月起执行。"),
            ),
        )
    ]


def test_changes_a_character_apart_are_read_as_one():
    ((kind, joined),) = rows("奖金由车间按月公布，全体职工知晓。", "奖金由班组按日公布，全体职工知晓。")
    assert kind == CHANGED
    assert joined == (
        ("same", "奖金由"),
        ("removed", "车间按月"),
        ("added", "班组按日"),
        ("same", "公布，全体职工知晓。"),
    )


def test_parts_that_came_went_and_stayed():
    before = "# 甲\n\n第一条 一线职工按月领取。\n\n第二条 管理人员按季领取。\n\n- 夜班\n- 白班"
    after = "# 甲\n\n第一条 一线职工按月领取。\n\n全新的一段话。\n\n- 夜班\n- 中班\n- 白班"
    assert [(kind, "".join(text for _k, text in joined)) for kind, joined in rows(before, after)] == [
        (SAME, "甲"),
        (SAME, "第一条 一线职工按月领取。"),
        (REMOVED, "第二条 管理人员按季领取。"),
        (ADDED, "全新的一段话。"),
        (SAME, "夜班"),
        (ADDED, "中班"),
        (SAME, "白班"),
    ]


def test_sides_hold_all_that_each_version_says():
    before, after = (
        from_plain("# 甲\n\n乙丙丁戊己\n\n- a\n- b\n\n一\t二\n三\t四"),
        from_plain("# 甲\n\n乙丙子戊己\n\n- b\n- c\n\n一\t二\n三\t五"),
    )
    found = compare(before, after)

    def said(side):
        return [
            "".join(text for _c, text in getattr(row, side).pieces)
            for row in found.rows
            if getattr(row, side) is not None
        ]

    assert said("before") == ["甲", "乙丙丁戊己", "a", "b", "一 | 二", "三 | 四"]
    assert said("after") == ["甲", "乙丙子戊己", "b", "c", "一 | 二", "三 | 五"]


@pytest.mark.parametrize(("before", "after"), [("", ""), ("甲", ""), ("", "甲"), ("甲", "甲")])
def test_empty_and_same_versions(before, after):
    found = compare(from_plain(before), from_plain(after))
    assert found.is_same == (before == after)
    assert (found.added, found.removed) == (int(after > before), int(before > after))


WORDS = "职工代表大会审议通过奖金分配办法的和在了公司单位车间，。"


def _long(paragraphs, size, share):
    source = random.Random(1)
    before = ["".join(source.choice(WORDS) for _ in range(size)) for _ in range(paragraphs)]
    after = ["".join(source.choice(WORDS) if source.random() < share else mark for mark in text) for text in before]
    return from_plain("\n\n".join(before)), from_plain("\n\n".join(after))


@pytest.mark.parametrize("share", [0.02, 1])
@pytest.mark.parametrize(("paragraphs", "size"), [(1, 60_000), (20, 3000), (300, 200), (6000, 10)])
def test_a_long_text_is_compared_in_bounded_time(paragraphs, size, share):
    before, after = _long(paragraphs, size, share)
    began = time.process_time()
    found = compare(before, after)
    # About a second on a quiet machine; the bound leaves room for a shared one.
    assert time.process_time() - began < 4
    assert not found.is_same


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", ["处改动", "删去", "增加"]), ("en", ["changed", "removed", "added"])]
)
def test_component_says_in_words_what_colours_show(language, words):
    with translation.override(language):
        drawn = text_compare(
            "<p>津贴每班30元起。</p><p>甲乙</p>", "<p>津贴每班35元起。</p><p>全新一段</p>", "征求意见稿", "定稿"
        )
    assert [word for word in words if word not in drawn] == []
    assert drawn.count("<del>") == drawn.count("</del>") and "征求意见稿" in drawn


def test_component_shows_markup_as_text():
    drawn = text_compare("<p>&lt;script&gt;a</p>", "<p>&lt;script&gt;b</p>")
    assert "<script" not in drawn and "&lt;script&gt;" in drawn.replace("</span>", "")
