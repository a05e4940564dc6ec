"""S11: no text that people typed becomes a formula in any export, full-width signs included."""

import csv
import io
import re
import zipfile

import docx
import openpyxl
import pytest

from portal.exports.csvfile import make_csv
from portal.exports.guards import guarded, is_formula_like
from portal.exports.official import OfficialDocument, Table, official_document
from portal.exports.workbook import Column, Sheet, make_workbook

SIGNS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
ATTACKS = [f"{sign}cmd|' /C calc'!A0" for sign in SIGNS] + [
    '=HYPERLINK("http://evil.example","点击")',
    " =1+1",
    "\u3000＝1+1",
    "\n=1+1",
    "http://evil.example/",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\x00=1+1",
    'a"\r\n=1+1,"',
]
FORMULAS = [text for text in ATTACKS if not text.startswith(("http", "a"))]


@pytest.mark.parametrize("text", FORMULAS)
def test_s11_formulas_are_recognised_and_quoted(text):
    assert guarded(text).startswith("'")


@pytest.mark.parametrize("text", ["", "食堂", "5-3", "a=b", "邮箱 a@b", "（-）"])
def test_s11_ordinary_text_is_left_alone(text):
    assert (is_formula_like(text), guarded(text)) == (False, text)


def test_s11_workbook_has_no_live_formula_and_no_link():
    sheets = [Sheet(name="=1+1", columns=[Column("=SUM(A1)"), Column("x")], rows=[[text, text] for text in ATTACKS])]
    file = make_workbook(title="=1+1", sheets=sheets, notes=[("=1+1", "＝1+1")])
    with file, zipfile.ZipFile(file) as archive:
        xml = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}
        assert [name for name, text in xml.items() if re.search(r"<f[ >]|<hyperlink|TargetMode=", text)] == []
        assert {kind for text in xml.values() for kind in re.findall(r'<c [^>]*t="(\w+)"', text)} == {"inlineStr"}
        file.seek(0)
        cells = [cell for sheet in openpyxl.load_workbook(file) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    risky = [cell for cell in cells if cell.value and is_formula_like(str(cell.value)) and cell.row > 1]
    assert len(risky) >= len(FORMULAS)
    # What someone types over or saves anew stays text as well.
    assert {cell.quotePrefix for cell in risky if cell.parent.title != "说明"} == {True}


def test_s11_csv_cells_are_quoted_and_guarded():
    content = b"".join(make_csv(columns=["=A", "值"], rows=[[text, -5] for text in ATTACKS]))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["'=A", "值"]
    assert [row[0] for row in rows[1:]] == [guarded(text) for text in ATTACKS]
    assert {row[1] for row in rows[1:]} == {"-5"}  # a number is a number
    assert [row for row in rows if any(is_formula_like(cell) for cell in row if cell != "-5")] == []
    assert re.search(rb"(^|,)[^\"\r\n]", content.removeprefix(b"\xef\xbb\xbf").split(b"\r\n")[1]) is None


def test_s11_official_document_has_no_field_but_the_page_number():
    body = [*ATTACKS, "DDEAUTO c:\\cmd.exe", Table(columns=["=1+1"], rows=[[text] for text in ATTACKS])]
    content = official_document(OfficialDocument(title="=1+1", body=body))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    assert re.findall(r"<w:instrText[^>]*>([^<]*)<", xml) == [" PAGE ", " PAGE "]
    assert "DDEAUTO c:\\cmd.exe" in [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
