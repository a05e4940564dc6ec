"""B4: page, margins, grid, fonts and order of a 公文 per GB/T 9704, read from the file's own XML."""

import datetime as dt
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from portal.exports.official import (
    Heading,
    OfficialDocument,
    Table,
    chinese_number,
    document_number,
    official_day,
    official_document,
)

DAY = dt.date(2026, 3, 5)
MM = 1440 / 25.4
SOURCE = OfficialDocument(
    issuer="启明石化公司工会委员会",
    title="关于食堂通风改造\n有关事项的答复",
    number=document_number("启工函", 2026, 5),
    addressee="全体职工",
    body=[
        "来信收悉，现答复如下。",
        Heading("办理情况"),
        Heading("已完成", level=2),
        Heading("通风机", level=3),
        Heading("主机", level=4),
        Heading("下一步"),
        Table(columns=["事项", "时限"], rows=[["验收\n复验", "3月"], [None, 1]], widths=[100, 56]),
    ],
    attachments=["验收单", "照片"],
    signer="启明石化公司工会委员会",
    day=DAY,
)


@pytest.fixture(scope="module")
def content():
    return official_document(SOURCE)


@pytest.fixture(scope="module")
def word(content):
    return docx.Document(io.BytesIO(content))


def look(paragraph):
    run = paragraph.runs[0]
    fonts = run._r.rPr.rFonts
    return fonts.get(qn("w:eastAsia")), run.font.size.pt


def paragraph(word, text):
    (found,) = [one for one in word.paragraphs if one.text == text]
    return found


def twips(word, tag):
    element = word.sections[0]._sectPr.find(qn(tag))
    return {key.split("}")[1]: value for key, value in element.attrib.items()}


def test_page_margins_and_text_block(word):
    size, margins = twips(word, "w:pgSz"), {key: int(value) for key, value in twips(word, "w:pgMar").items()}
    assert (round(int(size["w"]) / MM), round(int(size["h"]) / MM)) == (210, 297)
    assert (round(margins["top"] / MM), round(margins["left"] / MM)) == (37, 28)
    assert round((int(size["w"]) - margins["left"] - margins["right"]) / MM) == 156
    assert round((int(size["h"]) - margins["top"] - margins["bottom"]) / MM) == 225


def test_grid_of_22_lines_and_28_characters(word):
    grid, size, margins = twips(word, "w:docGrid"), twips(word, "w:pgSz"), twips(word, "w:pgMar")
    assert grid["type"] == "linesAndChars"
    height = int(size["h"]) - int(margins["top"]) - int(margins["bottom"])
    width = int(size["w"]) - int(margins["left"]) - int(margins["right"])
    assert height // int(grid["linePitch"]) == 22
    assert round(width / 20 / (16 + int(grid["charSpace"]) / 4096)) == 28
    normal = word.styles["Normal"]
    assert (normal.font.size.pt, normal.paragraph_format.line_spacing.twips) == (16, int(grid["linePitch"]))


def test_fonts_of_title_body_and_headings(word):
    assert [look(paragraph(word, line)) for line in ("关于食堂通风改造", "有关事项的答复")] == [
        ("方正小标宋简体", 22)
    ] * 2
    assert paragraph(word, "关于食堂通风改造").alignment == 1  # centred
    assert look(paragraph(word, "来信收悉，现答复如下。")) == ("仿宋", 16)
    headings = ["一、办理情况", "（一）已完成", "1.通风机", "（1）主机", "二、下一步"]
    assert [look(paragraph(word, text))[0] for text in headings] == ["黑体", "楷体", "仿宋", "仿宋", "黑体"]
    fonts = word.styles["Normal"].element.rPr.rFonts
    assert (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii"))) == ("仿宋", "Times New Roman")


def test_every_run_names_its_chinese_font(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith(("word/document", "word/footer"))]
        assert len(names) == 3
        for name in names:
            xml = archive.read(name).decode()
            assert xml.count("<w:r>") == xml.count("w:eastAsia=")


def test_parts_stand_in_their_order(word):
    assert [one.text for one in word.paragraphs if one.text] == [
        "启明石化公司工会委员会",
        "启工函〔2026〕5号",
        "关于食堂通风改造",
        "有关事项的答复",
        "全体职工：",
        "来信收悉，现答复如下。",
        "一、办理情况",
        "（一）已完成",
        "1.通风机",
        "（1）主机",
        "二、下一步",
        "附件：1. 验收单",
        "2. 照片",
        "启明石化公司工会委员会",
        "2026年3月5日",
    ]
    table = word.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["事项", "时限"],
        ["验收\n复验", "3月"],
        ["", "1"],
    ]


def test_first_lines_are_two_characters_in(word):
    indent = paragraph(word, "来信收悉，现答复如下。")._p.pPr.ind
    assert indent.get(qn("w:firstLineChars")) == "200"


def test_page_number_stands_outside_between_dashes(word):
    section = word.sections[0]
    xml = section.footer._element.xml
    assert word.settings.odd_and_even_pages_header_footer is True
    assert ("— </w:t>" in xml, " PAGE " in xml, " —</w:t>" in xml) == (True, True, True)
    assert [part.paragraphs[0].alignment for part in (section.footer, section.even_page_footer)] == [2, 0]
    assert look(section.footer.paragraphs[0])[1] == 14


def test_date_ends_four_characters_in_and_signer_is_centred_above(word):
    signer, day = word.paragraphs[-2:]
    width = {11: "启明石化公司工会委员会"}
    assert len(width[11]) == 11
    # 11 characters over a date of 6: it reaches 2.5 further on each side.
    assert [int(one._p.pPr.ind.get(qn("w:rightChars"))) for one in (signer, day)] == [150, 400]


def test_document_names_nobody(content, word):
    properties = word.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert (properties.title, properties.created.date()) == ("关于食堂通风改造有关事项的答复", DAY)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [name for name in archive.namelist() if name.startswith("docProps")] == ["docProps/core.xml"]


def test_title_alone_is_a_document():
    word = docx.Document(io.BytesIO(official_document(OfficialDocument(title="公示"))))
    assert [one.text for one in word.paragraphs if one.text] == ["公示"]


def test_one_attachment_has_no_number():
    word = docx.Document(io.BytesIO(official_document(OfficialDocument(title="函", attachments=["验收单"]))))
    assert [one.text for one in word.paragraphs if one.text][-1] == "附件：验收单"


def test_text_that_xml_cannot_hold_is_cleaned():
    word = docx.Document(
        io.BytesIO(official_document(OfficialDocument(title="a\x00b", body=["c\ud800\x0bd\n第二行<b>"])))
    )
    assert [one.text for one in word.paragraphs if one.text] == ["ab", "cd", "第二行<b>"]


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_chinese_numbers(number, words):
    assert chinese_number(number) == words


def test_numbers_and_dates_have_no_leading_zeros():
    assert (document_number("启工函", 2026, 5), official_day(DAY)) == ("启工函〔2026〕5号", "2026年3月5日")
