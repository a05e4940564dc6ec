"""Rich text in an official document, read from the file's own XML."""

import io
import re
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from portal.exports.official import OfficialDocument, chinese_number, official_document
from portal.exports.rich import MAX_COLUMNS, placed_cells, rich_parts
from portal.kernel.richtext.cleaning import blocks_in

RICH = """<h2>总则</h2><h3>范围</h3><h4>细则</h4><h2>第二章 津贴</h2>
<p>自<strong>2026年</strong>起执行，<em>参照</em><u>办法</u>，
H<sub>2</sub>O，<s>作废</s>，<a href="/help/">咨询</a>。<br>另行通知。</p>
<ol><li>一线<ul><li>夜班</li></ul></li><li>管理</li></ol>
<blockquote><p>引自上级文件</p></blockquote>
<table><thead><tr><th>单位</th><th colspan="2">人数</th></tr></thead><tbody>
<tr><td rowspan="2">乙烯厂</td><td>5</td><td>6</td></tr>
<tr><td>7<ul><li>其中</li></ul></td><td>8</td></tr></tbody></table>"""


@pytest.fixture(scope="module")
def content():
    return official_document(OfficialDocument(title="津贴办法", body=["现公布如下。", *rich_parts(RICH)]))


@pytest.fixture(scope="module")
def word(content):
    return docx.Document(io.BytesIO(content))


def paragraph(word, text):
    (found,) = [one for one in word.paragraphs if one.text == text]
    return found


def test_headings_are_numbered_by_rank_unless_they_number_themselves(word):
    expected = [("一、总则", "黑体", 0), ("（一）范围", "楷体", 1), ("1.细则", "仿宋", 2), ("第二章 津贴", "黑体", 0)]
    for text, font, level in expected:
        found = paragraph(word, text)
        assert found.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == font
        assert found._p.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) == str(level)


def test_words_keep_their_marks_and_links_their_words(word):
    found = paragraph(word, "自2026年起执行，参照办法， H2O，作废，咨询。\n另行通知。")
    marked = {run.text: run for run in found.runs}
    assert marked["2026年"].bold and marked["参照"].italic and marked["办法"].underline
    assert marked["2"].font.subscript and marked["作废"].font.strike and not marked["起执行，"].bold
    assert found._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_lists_and_quotations_are_indented(word):
    marks = {"1. 一线": "200", "· 夜班": "400", "2. 管理": "200", "引自上级文件": "400"}
    for text, chars in marks.items():
        assert paragraph(word, text)._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == chars


def test_table_spans_and_head(word):
    (table,) = word.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["单位", "人数", "人数"],
        ["乙烯厂", "5", "6"],
        ["乙烯厂", "7\n· 其中", "8"],
    ]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False]
    assert table._tbl.xpath(".//w:gridSpan/@w:val") == ["2"]
    assert len(table._tbl.xpath(".//w:vMerge")) == 2


def test_the_file_holds_no_address_and_no_markup(content):
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        text = book.read("word/document.xml").decode()
    assert "/help/" not in text and "&lt;" not in text
    assert not re.search(r"<w:hyperlink", text)


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td colspan=50 rowspan=200>a</td><td colspan=50>b</td><td>c</td></tr><tr><td>d</td></tr></table>",
        "<table><tr><td rowspan=2>a</td></tr><tr></tr></table>",
        "<table><tr><td>a<td rowspan=3>b<tr><td colspan=3>c<tr><td>d<td>e</table>",
        "<table>" + "<tr>" + "<td>x</td>" * 200 + "</tr></table>",
    ],
)
def test_odd_tables_make_a_document_and_no_cell_stands_on_another(markup):
    (grid,) = blocks_in(markup)
    placed, width = placed_cells(grid)
    squares = [
        (y, x)
        for (top, left, bottom, right), _cell in placed
        for y in range(top, bottom + 1)
        for x in range(left, right + 1)
    ]
    assert len(squares) == len(set(squares)) and width <= MAX_COLUMNS
    assert docx.Document(io.BytesIO(official_document(OfficialDocument(title="x", body=rich_parts(markup))))).tables


def test_many_headings_are_numbered():
    numbers = [chinese_number(number) for number in (1, 10, 11, 20, 99, 100, 101, 110, 111, 120, 999)]
    expected = "一 十 十一 二十 九十九 一百 一百零一 一百一十 一百一十一 一百二十 九百九十九"
    assert numbers == expected.split()
