"""P6: nothing of camera, place, author, company or machine is in stored or served bytes."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import openpyxl
import pytest
from PIL import Image
from pypdf import PdfReader

from portal.files.intake import clean_upload
from portal.files.operations import store_file
from portal.files.serving import serve
from tests.files import zoo

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def everything(content):
    """Return the bytes; for packages those of every part, for PDFs also what its escaped strings say."""
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        objects = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
        return b"\n".join([content, *(repr(one).encode() for one in objects), repr(reader.trailer).encode()])
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(
            [name.encode() for name in archive.namelist()] + [archive.read(name) for name in archive.namelist()]
        )


def traces(content):
    found = everything(content)
    texts = [*zoo.SECRETS, "PhoneMaker", "wangxiaoming", "00AB12C", "2026-03-04", "2026:03:04"]
    return [
        text
        for text in texts
        if text.encode() in found or text.encode("utf-16-le") in found or text.encode("utf-16-be") in found
    ]


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (zoo.photo_with_traces, "王小明的照片.jpg"),
        (zoo.word_with_traces, "报告.docx"),
        (zoo.excel_with_traces, "表.xlsx"),
        (zoo.pdf_with_traces, "扫描.pdf"),
    ],
)
def test_p06_no_trace_is_stored_or_served(db, make, name):
    dirty = make()
    assert traces(dirty)  # there is something to find
    clean = clean_upload(zoo.upload(dirty, name))
    stored = store_file(clean=clean, at=AT, name=clean.made_up_name(1))
    with stored.file.open("rb") as file:
        assert traces(file.read()) == []
    response = serve(stored)
    assert traces(b"".join(response.streaming_content)) == []
    response.close()
    assert traces(repr(response.headers).encode()) == []


def test_p06_photo_keeps_its_look_and_loses_the_rest():
    clean = clean_upload(zoo.upload(zoo.photo_with_traces((400, 300)), "p.jpg"))
    image = Image.open(io.BytesIO(clean.content))
    assert image.size == (300, 400)  # turned as the camera was held
    assert (dict(image.getexif()), image.info.get("icc_profile"), image.info.get("comment")) == ({}, None, None)
    assert min(image.getpixel((290, 10))) > 230  # the white corner went to the upper right


def test_p06_large_photo_is_made_smaller():
    clean = clean_upload(zoo.upload(zoo.picture((4000, 3000)), "p.jpg"))
    assert Image.open(io.BytesIO(clean.content)).size == (2560, 1920)


@pytest.mark.parametrize(
    ("format_", "mode", "colour"),
    [
        ("PNG", "RGBA", (1, 2, 3, 128)),
        ("PNG", "P", 3),
        ("PNG", "LA", (9, 200)),
        ("PNG", "1", 1),
        ("PNG", "I;16", 4096),
        ("WEBP", "RGBA", (1, 2, 3, 9)),
        ("JPEG", "CMYK", (0, 9, 9, 9)),
        ("JPEG", "L", 7),
    ],
)
def test_p06_every_mode_of_picture_is_written_anew(format_, mode, colour):
    clean = clean_upload(zoo.upload(zoo.picture((50, 40), format_, colour, mode), "p.x"))
    image = Image.open(io.BytesIO(clean.content))
    image.load()
    assert (image.format, image.size) == (format_, (50, 40))


def test_p06_word_document_still_says_what_it_said():
    clean = clean_upload(zoo.upload(zoo.word_with_traces(), "a.docx"))
    document = docx.Document(io.BytesIO(clean.content))
    assert [paragraph.text for paragraph in document.paragraphs][:1] == ["正文一段。"]
    assert len(document.inline_shapes) == 1
    body = document.element.xml
    assert ("插入的话" in body, 'w:author="作者"' in body) == (True, True)
    with zipfile.ZipFile(io.BytesIO(clean.content)) as archive:
        assert [name for name in archive.namelist() if name.startswith(("docProps", "customXml"))] == []
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        (photo,) = [name for name in archive.namelist() if name.startswith("word/media/")]
        assert dict(Image.open(io.BytesIO(archive.read(photo))).getexif()) == {}


def test_p06_workbook_still_shows_what_it_showed():
    clean = clean_upload(zoo.upload(zoo.excel_with_traces(), "a.xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(clean.content)).active
    assert sheet["A1"].value == "数据"
    assert (sheet["A1"].comment.author, sheet["A1"].comment.text) == ("作者", "作者：\n请核对")


def test_p06_pdf_keeps_its_pages_and_its_photo():
    clean = clean_upload(zoo.upload(zoo.pdf_with_traces(), "a.pdf"))
    reader = PdfReader(io.BytesIO(clean.content))
    assert (len(reader.pages), reader.metadata, reader.xmp_metadata) == (1, None, None)
    photo = reader.pages[0]["/Resources"]["/XObject"]["/Im0"]._data
    image = Image.open(io.BytesIO(photo))
    image.load()
    assert (image.size, dict(image.getexif())) == ((400, 300), {})
