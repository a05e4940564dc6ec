"""Charts are accessible drawings with the same numbers as a table."""

import re
from xml.etree import ElementTree

import pytest
from django.template import engines

from portal.kernel import charts

SVG = "{http://www.w3.org/2000/svg}"
MONTHS = ["1月", "2月", "3月"]
MADE = {
    "bar": lambda: charts.bar_chart(
        "各单位", [("乙烯厂", 96), ("<b>", None), ("动力厂", 0, "red")], unit="%", maximum=100
    ),
    "stacked": lambda: charts.stacked_bar_chart(
        "各月", MONTHS, [("按期", [3, 2, 0], "green"), ("逾期", [0, 1, None], "red")]
    ),
    "line": lambda: charts.line_chart("走势", MONTHS, [("满意率", [82.5, None, 91])], unit="%", maximum=100),
    "donut": lambda: charts.donut_chart("结果", [("已解决", 212), ("列入计划", 48)]),
    "radar": lambda: charts.radar_chart(
        "五个方面", ["工作业绩", "思想政治", "作风能力"], [("今年", [88, 92, 81]), ("去年", [80, None, 90])]
    ),
    "spark": lambda: charts.sparkline("在办", [3, None, 5]),
    "empty bar": lambda: charts.bar_chart("空", []),
    "empty stacked": lambda: charts.stacked_bar_chart("空", [], []),
    "empty line": lambda: charts.line_chart("空", [], []),
    "empty donut": lambda: charts.donut_chart("空", [("甲", 0)]),
    "whole donut": lambda: charts.donut_chart("全", [("甲", 4)]),
    "one point": lambda: charts.line_chart("一", ["1月"], [("甲", [4])]),
    "empty spark": lambda: charts.sparkline("空", []),
    "wide": lambda: charts.stacked_bar_chart(
        "宽", [f"{m}月" for m in range(18)], [("甲", list(range(18)))], width=charts.WIDE
    ),
}


@pytest.mark.parametrize("name", MADE)
def test_chart_is_wellformed_named_and_free_of_style(name):
    chart = MADE[name]()
    root = ElementTree.fromstring(f'<x xmlns="http://www.w3.org/2000/svg">{chart.svg}</x>')[0]
    assert root.get("role") == "img"
    assert [root.find(f"{SVG}title").text, bool(root.find(f"{SVG}desc").text)] == [chart.title, True]
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert root.get("aria-labelledby").split() == [i for i in ids if i.endswith(("-t", "-d"))]
    assert not re.search(r"style=|<script|NaN|inf|\bon[a-z]+=", chart.svg)


def test_no_data_is_a_dash_and_zero_is_a_number():
    assert MADE["bar"]().rows == [["乙烯厂", "96%"], ["<b>", "–"], ["动力厂", "0%"]]


def test_stacked_table_has_a_column_per_series():
    chart = MADE["stacked"]()
    assert chart.head == ["时间", "按期", "逾期"]
    assert chart.rows == [["1月", "3", "0"], ["2月", "2", "1"], ["3月", "0", "–"]]


def test_gap_in_a_line_is_no_stroke():
    path = re.search(r'<path d="([^"]+)" fill="none" stroke="#155361" stroke-width="2.5"', MADE["line"]().svg).group(1)
    assert (path.count("M"), path.count("L")) == (2, 0)


def test_donut_gives_shares():
    assert MADE["donut"]().rows == [["已解决", "212", "81.5%"], ["列入计划", "48", "18.5%"]]


@pytest.mark.parametrize(
    ("top", "limit"),
    [(0, 4), (4, 4), (5, 8), (9, 12), (12, 12), (13, 16), (47, 60), (100, 100), (101, 120), (999, 1000)],
)
def test_axis_ends_at_a_number_with_whole_quarters(top, limit):
    from portal.kernel.charts.drawing import round_top

    assert round_top(top) == limit
    assert limit % 4 == 0


def test_chart_is_shown_with_its_table():
    html = engines["django"].from_string("{% chart_with_table chart %}").render({"chart": MADE["donut"]()})
    assert "<table" in html
    assert html.count("<tr>") == 3
