"""S6: upload attacks are refused or neutralised, within two seconds, and leave nothing behind."""

import io
import resource
import subprocess
import sys
import time
import zipfile

import pytest
from PIL import Image
from pypdf import PdfReader

from portal.files.cleaning import limits
from portal.files.intake import CHILD, UploadRefused, clean_upload
from portal.files.names import clean_name
from tests.files import zoo

WEB_SECONDS = 2


@pytest.fixture(autouse=True)
def in_web_time():
    """Count the CPU time of child processes, so that a busy machine does not fail the test."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) <= WEB_SECONDS


def refused(content, name):
    with pytest.raises(UploadRefused) as caught:
        clean_upload(zoo.upload(content, name))
    return caught.value.code


def test_s06_polyglot_jpeg_is_left_with_its_pixels():
    clean = clean_upload(zoo.upload(zoo.jpeg_with_script(), "photo.jpg"))
    assert b"script" not in clean.content
    assert b"html" not in clean.content
    assert (clean.media_type, Image.open(io.BytesIO(clean.content)).size) == ("image/jpeg", (32, 32))


def test_s06_jpeg_named_html_gets_the_ending_of_its_content():
    clean = clean_upload(zoo.upload(zoo.jpeg_with_script(), "photo.jpg.html", "text/html"))
    assert (clean.name, clean.media_type) == ("photo.jpg", "image/jpeg")


@pytest.mark.parametrize("name", ["drawing.svg", "drawing.png"])
def test_s06_svg_with_script_is_refused(name):
    assert refused(zoo.SVG, name) == "kind"


def test_s06_html_named_jpg_is_refused():
    assert refused(b"<!doctype html><script>alert(1)</script>", "photo.jpg") == "kind"


def test_s06_double_extension_loses_the_false_one():
    assert clean_upload(zoo.upload(zoo.pdf(), "报告.pdf.exe")).name == "报告.pdf"
    assert refused(b"MZ\x90\x00" + b"\0" * 200, "报告.pdf.exe") == "kind"


def test_s06_wrong_magic_is_refused():
    assert refused(b"\xff\xd8\xff\xe0" + b"not a picture" * 50, "photo.jpg") == "damaged"
    assert refused(b"%PDF-1.7\n" + b"nothing" * 50, "a.pdf") == "damaged"
    assert refused(b"PK\x03\x04" + b"nothing" * 50, "a.docx") == "damaged"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\x00b.jpg", "ab.jpg"),
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("..\\..\\windows\\evil.jpg", "evil.jpg"),
        ("..", "附件.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("\u202egpj.exe.jpg", "gpj.jpg"),
        ("照\u202e片\u200b\u2066.png", "照片.jpg"),
        ("长" * 300 + ".jpg", "长" * 80 + ".jpg"),
        ('a<b>:"|?*.jpg', "ab.jpg"),
        ("a\r\nContent-Type: x.jpg", "a Content-Type x.jpg"),
        ("\ud83d.jpg", "附件.jpg"),
        ("v1.2 说明.docx", "v1.2 说明.jpg"),
        ("", "附件.jpg"),
        (None, "附件.jpg"),
    ],
)
def test_s06_names_are_cleaned(raw, cleaned):
    assert clean_name(raw, "jpeg") == cleaned


def test_s06_name_reaches_the_clean_file():
    upload = zoo.upload(zoo.picture(), "x.jpg")
    upload._name = "../\x00\u202e" + "名" * 300 + ".jpg"  # past Django's own cleaning
    assert clean_upload(upload).name == "名" * 80 + ".jpg"


@pytest.mark.parametrize(
    "name", ["../../../etc/cron.d/evil.xml", "/etc/evil.xml", "word\\..\\..\\evil.xml", "C:/evil.xml"]
)
def test_s06_zip_slip_docx_is_refused(name):
    assert refused(zoo.changed(zoo.word(), added={name: b"<a/>"}), "a.docx") == "damaged"


def test_s06_bomb_xlsx_is_refused_from_its_directory():
    bomb = zoo.bomb_xlsx()
    assert len(bomb) < 400_000
    assert refused(bomb, "a.xlsx") == "unzipped"


def test_s06_bomb_xlsx_with_a_lying_directory_is_refused_while_reading():
    assert refused(zoo.lying_bomb_xlsx(), "a.xlsx") == "damaged"


def test_s06_zip_of_many_entries_is_refused():
    content = zoo.changed(zoo.word(), added={f"word/p{number}.xml": b"<a/>" for number in range(limits.ZIP_ENTRIES)})
    assert refused(content, "a.docx") == "entries"


def test_s06_duplicate_entries_are_refused():
    content = zoo.changed(zoo.word(), added={"WORD/document.xml": b"<a/>"})
    assert refused(content, "a.docx") == "damaged"


def test_s06_billion_laughs_is_refused():
    assert refused(zoo.billion_laughs(), "a.docx") == "xml"


def test_s06_outside_entity_is_refused():
    assert refused(zoo.outside_entity(), "a.docx") == "xml"


def test_s06_huge_png_is_refused_before_decoding():
    assert refused(zoo.huge_png(), "a.png") == "pixels"


@pytest.mark.parametrize("make", [zoo.picture, zoo.pdf, zoo.word, zoo.excel])
def test_s06_truncated_file_is_refused(make):
    content = make()
    assert refused(content[: len(content) // 2], "a.bin") == "damaged"


@pytest.mark.parametrize("make", [zoo.macro_docx, zoo.hidden_macro_docx])
def test_s06_renamed_macro_document_is_refused(make):
    assert refused(make(), "报告.docx") == "macros"


def test_s06_empty_file_is_refused():
    assert refused(b"", "a.jpg") == "empty"


def test_s06_file_past_ten_megabytes_is_refused():
    assert refused(zoo.picture() + b"\0" * limits.UPLOAD_BYTES, "a.jpg") == "size"


def test_s06_plain_zip_and_other_office_kinds_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.exe", b"MZ")
    assert refused(out.getvalue(), "a.docx") == "kind"
    slides = zoo.changed(
        zoo.word(),
        {
            "[Content_Types].xml": lambda body: body.replace(
                b"wordprocessingml.document.main", b"presentationml.presentation.main"
            )
        },
    )
    assert refused(slides, "a.docx") == "kind"


@pytest.mark.parametrize("make", [zoo.pdf_with_script, zoo.pdf_with_disguised_script])
def test_s06_pdf_scripts_are_removed(make):
    clean = clean_upload(zoo.upload(make(), "a.pdf"))
    for trace in (
        b"JavaScr",
        b"Open#41",
        b"/J#53",
        b"pwned",
        b"/JS",
        b"/AA",
        b"/OpenAction",
        b"/Launch",
        b"/EmbeddedFile",
        b"/XFA",
    ):
        assert trace not in clean.content
    assert len(PdfReader(io.BytesIO(clean.content)).pages) == 1


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [("https://portal.example.lan/", True), ("javascript:alert(1)", False), ("file:///c:/windows/cmd.exe", False)],
)
def test_s06_pdf_links_lead_to_web_addresses_only(address, is_kept):
    clean = clean_upload(zoo.upload(zoo.pdf_with_link(address), "a.pdf"))
    (link,) = PdfReader(io.BytesIO(clean.content)).pages[0]["/Annots"]
    assert link.get_object().get("/A", {}).get("/URI") == (address if is_kept else None)


@pytest.mark.parametrize("password", ["geheim", ""])
def test_s06_encrypted_pdf_is_refused(password):
    assert refused(zoo.encrypted_pdf(password), "a.pdf") == "encrypted"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zoo.docx_with_relation("oleObject", "file:///evil.bin"), "external"),
        (zoo.docx_with_relation("image", "http://evil.example/track.png"), "external"),
        (zoo.docx_with_relation("frame", "http://evil.example/"), "external"),
        (zoo.changed(zoo.word(), added={"word/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0"}), "embedded"),
        (zoo.changed(zoo.word(), added={"word/activeX/activeX1.xml": b"<a/>"}), "embedded"),
        (zoo.changed(zoo.word(), added={"word/afchunk.mht": b"x"}), "external"),
        (zoo.changed(zoo.word(), added={"word/evil.exe": b"MZ"}), "embedded"),
        (zoo.changed(zoo.word(), added={"word/media/image9.svg": zoo.SVG}), "picture_kind"),
        (zoo.changed(zoo.excel(), added={"xl/externalLinks/externalLink1.xml": b"<a/>"}), "external"),
        (zoo.changed(zoo.excel(), added={"xl/connections.xml": b"<a/>"}), "external"),
        (zoo.docx_with_field("DDEAU", "TO c:\\\\windows\\\\cmd.exe"), "external"),
        (zoo.docx_with_field('INCLUDEPICTURE "http://evil.example/a.png"'), "external"),
        (zoo.xlsx_with_formula(b"cmd|' /C calc'!A0"), "external"),
        (zoo.xlsx_with_formula(b'_xlfn.WEBSERVICE("http://evil.example")'), "external"),
    ],
)
def test_s06_content_from_elsewhere_is_refused(content, code):
    assert refused(content, "a.docx") == code


def test_s06_link_to_a_local_file_leads_nowhere():
    clean = clean_upload(
        zoo.upload(zoo.docx_with_relation("hyperlink", "file:///C:/Users/wangxiaoming/a.xls"), "a.docx")
    )
    with zipfile.ZipFile(io.BytesIO(clean.content)) as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert ("wangxiaoming" in relations, 'Target="about:blank"' in relations) == (False, True)


def test_s06_eicar_is_refused():
    assert refused(zoo.EICAR, "eicar.com") == "kind"
    assert refused(zoo.EICAR, "photo.jpg") == "kind"


def test_s06_child_limits_its_memory_and_time():
    """The child gives itself 512 MB and 20 seconds before it reads a byte, and may write no file."""
    probe = (
        "import resource, runpy, sys, io; sys.argv = ['x', 'pdf']; sys.path.insert(0, '');"
        "sys.stdin = io.TextIOWrapper(io.BytesIO(b''));"
        f"runpy.run_path({str(CHILD)!r}, run_name='__main__');"
        "print(*[resource.getrlimit(getattr(resource, 'RLIMIT_' + n))[1] for n in ('AS', 'CPU', 'FSIZE')])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", probe], capture_output=True, check=True, timeout=20)
    assert done.stdout.decode().splitlines()[-1] == f"{512 * 1024 * 1024} 20 0"
    assert limits.CHILD_WALL_SECONDS <= 60


def test_s06_child_that_dies_is_a_refusal(monkeypatch, tmp_path):
    (tmp_path / "__main__.py").write_text("import os; os.kill(os.getpid(), 9)")
    monkeypatch.setattr("portal.files.intake.CHILD", tmp_path)
    assert refused(zoo.picture(), "a.jpg") == "complex"


def test_s06_child_that_hangs_is_a_refusal(monkeypatch, tmp_path):
    (tmp_path / "__main__.py").write_text("import time; time.sleep(30)")
    monkeypatch.setattr("portal.files.intake.CHILD", tmp_path)
    monkeypatch.setattr("portal.files.intake.CHILD_WALL_SECONDS", 0.5)
    started = time.monotonic()
    assert refused(zoo.picture(), "a.jpg") == "complex"
    assert time.monotonic() - started < 5


def test_s06_child_has_no_secrets(monkeypatch, tmp_path):
    monkeypatch.setenv("PORTAL_SECRET_KEY", "do-not-tell")
    (tmp_path / "__main__.py").write_text(
        "import json, os, sys; sys.stdout.write(json.dumps({'kind': 'jpeg'}) + chr(10) + repr(dict(os.environ)))"
    )
    monkeypatch.setattr("portal.files.intake.CHILD", tmp_path)
    assert b"do-not-tell" not in clean_upload(zoo.upload(zoo.picture(), "a.jpg")).content
