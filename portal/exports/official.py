"""
Official documents (公文) as Word files, in the form of GB/T 9704-2012.

    content = official_document(
        OfficialDocument(
            issuer="启明石化公司工会委员会",                  # red head; leave out for none
            title="关于食堂通风改造的答复",                   # "\\n" where a long title is to break
            number=document_number("启工函", 2026, 5),        # 启工函〔2026〕5号
            addressee="全体职工",
            body=[
                "你反映的问题收悉,现答复如下。",
                Heading("办理情况"),                          # 一、 黑体
                Heading("已完成", level=2),                   # （一） 楷体
                "通风机已更换。",
                Table(columns=["事项", "时限"], rows=[["验收", "3月1日"]], widths=[100, 56]),
            ],
            attachments=["验收单", "照片"],
            signer="启明石化公司工会委员会",
            day=date(2026, 3, 5),
        )
    )
    return download(content, "关于食堂通风改造的答复.docx")

Only the names of fonts are set (仿宋, 黑体, 楷体, 方正小标宋简体): the fonts are
licensed, and every office that writes 公文 has them. The file names no author.
"""

import datetime as dt
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from portal.kernel.texts import clean_text

FANGSONG, HEITI, KAITI, SONGTI, TITLE_FONT = "仿宋", "黑体", "楷体", "宋体", "方正小标宋简体"
LATIN = "Times New Roman"
SIZE_2, SIZE_3, SIZE_4 = Pt(22), Pt(16), Pt(14)  # 二号 三号 四号
RED = RGBColor(0xE6, 0x00, 0x12)

PAGE = (Mm(210), Mm(297))
TOP, LEFT, TEXT_WIDTH, TEXT_HEIGHT = 37, 28, 156, 225  # mm
LINES, CHARS = 22, 28
TWIPS_A_MM = 1440 / 25.4
LINE_PITCH = int(TEXT_HEIGHT * TWIPS_A_MM / LINES)  # 579 twips
# A square is a little narrower than a character of size 3; Word counts the difference in 1/4096 of a point.
CHAR_SPACE = round((TEXT_WIDTH * TWIPS_A_MM / CHARS / 20 - 16) * 4096)
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Heading:
    """A heading, numbered by itself: level 1 一、 2 （一） 3 1. 4 （1）; ``is_numbered`` if the text has its number."""

    text: object
    level: int = 1
    is_numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table over the full width; ``widths`` are in mm and 156 together."""

    columns: Sequence
    rows: Sequence
    widths: Sequence = ()


@dataclass(frozen=True)
class OfficialDocument:
    """What a document says; every part but the title may be left out."""

    title: object
    body: Sequence = ()
    number: str = ""
    issuer: object = ""
    addressee: object = ""
    attachments: Sequence = field(default_factory=tuple)
    signer: object = ""
    day: dt.date | None = None


def document_number(series, year, serial):
    """Return a document number: 启工函〔2026〕5号, with hexagonal brackets and no leading zeros."""
    return f"{series}\u3014{year}\u3015{serial}号"


def chinese_number(number):
    """Return 1 to 999 as headings count: 一, 十, 十一, 二十, 二十一, 一百零一, 一百一十."""
    hundreds, rest = divmod(number, 100)
    if hundreds:
        joint = "零" if rest < 10 else "一" if rest < 20 else ""
        return f"{DIGITS[hundreds]}百" + (joint + chinese_number(rest) if rest else "")
    tens, ones = divmod(rest, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (
        DIGITS[ones] if ones or not tens else ""
    )


def official_day(day):
    """Return a date in Arabic numerals without leading zeros: 2026年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def official_document(document):
    """Return the .docx as bytes."""
    return _Writer(document).bytes()


class _Writer:
    def __init__(self, document):
        self.source = document
        self.word = Document()
        self.counts = [0, 0, 0, 0]
        self.set_page()
        self.set_styles()
        self.set_properties()
        self.set_page_numbers()
        self.write()

    def bytes(self):
        out = io.BytesIO()
        self.word.save(out)
        return out.getvalue()

    # Form ------------------------------------------------------------------------------------------------

    def set_page(self):
        section = self.word.sections[0]
        section.page_width, section.page_height = PAGE
        section.top_margin, section.left_margin = Mm(TOP), Mm(LEFT)
        section.right_margin = Mm(210 - LEFT - TEXT_WIDTH)
        section.bottom_margin = Mm(297 - TOP - TEXT_HEIGHT)
        section.header_distance, section.footer_distance = Mm(15), Mm(23)  # the page number: 7 mm below the text
        properties = section._sectPr
        for grid in properties.findall(qn("w:docGrid")):
            properties.remove(grid)
        grid = _element("w:docGrid", type="linesAndChars", linePitch=LINE_PITCH, charSpace=CHAR_SPACE)
        properties.append(grid)

    def set_styles(self):
        normal = self.word.styles["Normal"]
        normal.font.size = SIZE_3
        _set_fonts(normal.element.get_or_add_rPr(), FANGSONG)
        form = normal.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing = Pt(LINE_PITCH / 20)
        for language in self.word.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")

    def set_properties(self):
        properties = self.word.core_properties
        properties.title = _clean(self.source.title).replace("\n", "")
        properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
        properties.language = "zh-CN"
        moment = dt.datetime.combine(self.source.day or dt.date(2000, 1, 1), dt.time())
        properties.created = properties.modified = moment
        package = self.word.part.package
        for id_, relation in list(package.rels.items()):
            if relation.reltype.endswith(
                ("/thumbnail", "/extended-properties")
            ):  # of the empty document it was made from
                del package.rels[id_]

    def set_page_numbers(self):
        """Write — 1 — at the outer edge, one character in."""
        self.word.settings.odd_and_even_pages_header_footer = True
        section = self.word.sections[0]
        for footer, side, edge in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "rightChars"),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "leftChars"),
        ):
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            paragraph.paragraph_format.tab_stops.clear_all()
            indent(paragraph, **{edge: 100, edge.removesuffix("Chars"): 280})
            for piece in ("— ", None, " —"):
                run = paragraph.add_run(piece or "")
                look(run, SONGTI, SIZE_4, latin=SONGTI)
                if piece is None:
                    _page_field(run)

    # Content ---------------------------------------------------------------------------------------------

    def write(self):
        source = self.source
        self.write_head()
        for line_number, line in enumerate(_clean(source.title).split("\n")):
            paragraph = self.paragraph(line, TITLE_FONT, SIZE_2, align=WD_ALIGN_PARAGRAPH.CENTER)
            paragraph.paragraph_format.line_spacing = Pt(35)
            paragraph.paragraph_format.keep_with_next = True
            if line_number == 0 and not source.issuer and not source.number:
                paragraph.paragraph_format.space_before = Pt(LINE_PITCH / 20)
        self.empty()
        if source.addressee:
            self.paragraph(_clean(source.addressee).rstrip(":：") + "：")
        for part in source.body:
            if isinstance(part, Heading):
                self.write_heading(part)
            elif isinstance(part, Table):
                self.write_table(part)
            elif hasattr(part, "write"):  # parts of portal.exports.rich write themselves
                part.write(self)
            else:
                for line in _clean(part).split("\n"):
                    self.indented(line)
        self.write_attachments()
        self.write_signature()

    def write_head(self):
        if self.source.issuer:
            head = self.paragraph(_clean(self.source.issuer), TITLE_FONT, Pt(36), align=WD_ALIGN_PARAGRAPH.CENTER)
            head.paragraph_format.line_spacing = Pt(50)
            head.paragraph_format.space_before = Mm(20)
            head.runs[0].font.color.rgb = RED
            self.empty()
        if self.source.number:
            number = self.paragraph(_clean(self.source.number), align=WD_ALIGN_PARAGRAPH.CENTER)
            if self.source.issuer:
                _red_line_below(number)
            self.empty()
        if self.source.issuer or self.source.number:
            self.empty()

    def write_heading(self, heading):
        level = min(max(heading.level, 1), 4)
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (4 - level)
        count = self.counts[level - 1]
        marks = ("", f"{chinese_number(count)}、", f"（{chinese_number(count)}）", f"{count}.", f"（{count}）")
        mark = "" if heading.is_numbered else marks[level]
        font = {1: HEITI, 2: KAITI}.get(level, FANGSONG)
        paragraph = self.indented(mark + _clean(heading.text), font)
        paragraph.paragraph_format.keep_with_next = True
        _set_outline(paragraph, level)

    def write_table(self, source):
        table = self.word.add_table(rows=1, cols=len(source.columns))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        widths = [Mm(width) for width in source.widths or [TEXT_WIDTH / len(source.columns)] * len(source.columns)]
        repeat_as_header(table.rows[0])
        self.fill(table.rows[0], source.columns, widths, HEITI)
        for values in source.rows:
            row = table.add_row()
            keep_whole(row)
            self.fill(row, values, widths, FANGSONG)
        self.empty()

    def fill(self, row, values, widths, font):
        for cell, value, width in zip(row.cells, values, widths, strict=False):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = Pt(20)
            lines = _clean("" if value is None else value).split("\n")
            for number, line in enumerate(lines):
                run = paragraph.add_run(line)
                look(run, font, Pt(12))
                if number < len(lines) - 1:
                    run.add_break()

    def write_attachments(self):
        names = [_clean(name) for name in self.source.attachments]
        if not names:
            return
        self.empty()
        if len(names) == 1:
            self.indented(f"附件：{names[0]}")
            return
        for number, name in enumerate(names, start=1):
            paragraph = self.paragraph(f"{'附件：' if number == 1 else ''}{number}. {name}")
            # The numbers stand below one another: two characters in, and five where 附件： is not repeated.
            chars = 200 if number == 1 else 500
            indent(paragraph, firstLineChars=chars, firstLine=chars * 320 // 100)

    def write_signature(self):
        signer, day = _clean(self.source.signer), official_day(self.source.day) if self.source.day else ""
        if not (signer or day):
            return
        self.empty()
        self.empty()
        # The date ends four characters before the edge, and the signer stands centred above it.
        overhang = (_width(signer) - _width(day)) / 2
        right = {"signer": max(4 - overhang, 0), "day": max(4, overhang)} if day else {"signer": 4, "day": 4}
        for text, chars in ((signer, right["signer"]), (day, right["day"])):
            if text:
                paragraph = self.paragraph(text, align=WD_ALIGN_PARAGRAPH.RIGHT)
                indent(paragraph, rightChars=round(chars * 100), right=round(chars * 316))
                paragraph.paragraph_format.keep_with_next = text is signer

    # Paragraphs ------------------------------------------------------------------------------------------

    def paragraph(self, text, font=FANGSONG, size=SIZE_3, *, align=None):
        paragraph = self.word.add_paragraph()
        paragraph.alignment = align
        look(paragraph.add_run(text), font, size)
        return paragraph

    def indented(self, text, font=FANGSONG):
        paragraph = self.paragraph(text, font)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        indent(paragraph, firstLineChars=200, firstLine=640)
        return paragraph

    def empty(self):
        self.word.add_paragraph()


def _clean(value):
    return re.sub(r"[\t\x0b\x0c]", " ", clean_text(str(value)))


def _width(text):
    """Return how many squares of the grid a text takes: digits and Latin letters take a half."""
    return sum(1 if unicodedata.east_asian_width(mark) in "WF" else 0.5 for mark in text)


def _element(tag, **attributes):
    element = OxmlElement(tag)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def _set_fonts(properties, east_asian, latin=LATIN):
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for key, value in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asian), ("cs", latin)):
        fonts.set(qn(f"w:{key}"), value)
    fonts.set(qn("w:hint"), "eastAsia")


def look(run, font, size, latin=LATIN):
    run.font.size = size
    _set_fonts(run._r.get_or_add_rPr(), font, latin)


def indent(paragraph, **values):
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for key, value in values.items():
        indent.set(qn(f"w:{key}"), str(value))


def _set_outline(paragraph, level):
    """Let Word's navigation pane show the heading."""
    paragraph._p.get_or_add_pPr().append(_element("w:outlineLvl", val=level - 1))


def _page_field(run):
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = " PAGE "
    for part in (_element("w:fldChar", fldCharType="begin"), instruction, _element("w:fldChar", fldCharType="end")):
        run._r.append(part)


def _red_line_below(paragraph):
    lines_at(paragraph, [("bottom", 18)], str(RED))


def lines_at(paragraph, edges, color):
    """Draw lines at edges of a paragraph: (edge, eighths of a point), those above before those below."""
    borders = OxmlElement("w:pBdr")
    for edge, size in edges:
        borders.append(_element(f"w:{edge}", val="single", sz=size, space=4, color=color))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")


def repeat_as_header(row):
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))


def keep_whole(row):
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
