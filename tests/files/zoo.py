"""Files that people send, and files that attackers send; each function returns bytes."""

import io
import struct
import zipfile
import zlib

import docx
import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.comments import Comment
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

SECRETS = ("CAMERA-SERIAL-4711", "GPS-PLACE", "王小明", "启明石化公司秘书处", "C:\\Users\\wangxiaoming")
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
EXTERNAL = 'TargetMode="External"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def upload(content, name="文件.bin", media_type="application/octet-stream"):
    return SimpleUploadedFile(name, content, content_type=media_type)


# Pictures ----------------------------------------------------------------------------------------------


def picture(size=(64, 48), format_="JPEG", colour=(200, 30, 30), mode="RGB"):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format_)
    return out.getvalue()


def photo_with_traces(size=(400, 300)):
    """A phone's photo, held upright: GPS, serial number, owner, thumbnail, comment, XMP, profile."""
    image = Image.new("RGB", size, (20, 120, 60))
    image.paste((250, 250, 250), (0, 0, 40, 40))  # a corner to tell how the picture was turned
    exif = image.getexif()
    exif[0x0112] = 6
    exif[0x010F] = "PhoneMaker"
    exif[0x013B] = "王小明"
    exif[0xA431] = "CAMERA-SERIAL-4711"
    exif.get_ifd(0x8769).update({0xA431: "CAMERA-SERIAL-4711", 0x9003: "2026:03:04 05:06:07"})
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 51.0, 12.0), 3: "E", 4: (126.0, 33.0, 9.0), 27: b"GPS-PLACE"})
    thumbnail = picture((160, 120), colour=(1, 2, 3))
    out = io.BytesIO()
    image.save(
        out,
        "JPEG",
        exif=exif,
        comment="王小明".encode(),
        icc_profile=b"x" * 128 + b"GPS-PLACE",
        xmp=b"<x>CAMERA-SERIAL-4711</x>",
    )
    return out.getvalue() + thumbnail


def huge_png(side=40_000):
    """A picture of 1.6 billion pixels in some 200 KB."""
    squeeze = zlib.compressobj(1)
    row = b"\0" * (1 + (side + 7) // 8)
    data = b"".join([*(squeeze.compress(row) for _ in range(side)), squeeze.flush()])

    def chunk(kind, body):
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    head = struct.pack(">LLBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg_with_script():
    """A JPEG that is also a page: the script stands in its comment and behind its end."""
    script = b"<script>alert(document.domain)</script>"
    out = io.BytesIO()
    Image.new("RGB", (32, 32)).save(out, "JPEG", comment=script)
    return out.getvalue() + b"<html>" + script + b"</html>"


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


# Office ------------------------------------------------------------------------------------------------


def changed(content, parts=None, added=None, removed=()):
    """Return a package with parts replaced by functions of their bytes, and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename in removed:
                continue
            body = old.read(entry)
            if parts and entry.filename in parts:
                body = parts[entry.filename](body)
            new.writestr(entry.filename, body)
        for name, body in (added or {}).items():
            new.writestr(name, body)
    return out.getvalue()


def word(text="食堂的通风机坏了。"):
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel(rows=(("序号", "事项"), (1, "更衣室"))):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def word_with_traces():
    """A document with author, company, revision names, rsids, a template's path, a photo with GPS, and a thumbnail."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.last_modified_by = "王小明"
    document.core_properties.comments = "GPS-PLACE"
    document.add_paragraph("正文一段。")
    document.add_picture(io.BytesIO(picture()))
    out = io.BytesIO()
    document.save(out)

    def body(content):
        change = (
            '<w:p w:rsidR="00AB12CD"><w:ins w:id="901" w:author="王小明" w:date="2026-03-04T05:06:07Z">'
            '<w:r w:rsidRPr="00AB12CE">'
            "<w:t>插入的话</w:t></w:r></w:ins></w:p>"
        )
        return content.replace(b"<w:sectPr", change.encode() + b"<w:sectPr", 1).replace(
            b'name="image1.jpg"',
            b'name="C:\\Users\\wangxiaoming\\IMG_2024.jpg" descr="C:\\Users\\wangxiaoming\\a.jpg"',
        )

    def settings(content):
        template = f'<w:attachedTemplate xmlns:r="{RELATION}" r:id="rIdT"/>'
        rsids = '<w:rsids><w:rsidRoot w:val="00AB12CD"/><w:rsid w:val="00AB12CD"/></w:rsids>'
        return content.replace(b"</w:settings>", (template + rsids).encode() + b"</w:settings>")

    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rIdT" '
        f'Type="{RELATION}/attachedTemplate" Target="file:///C:\\Users\\wangxiaoming\\Normal.dotm" {EXTERNAL}/>'
        "</Relationships>"
    )
    app = "<Properties xmlns='http://schemas.openxmlformats.org/officeDocument/2006/extended-properties'><Company>启明石化公司秘书处</Company></Properties>"
    return changed(
        out.getvalue(),
        {"word/document.xml": body, "word/settings.xml": settings, "docProps/app.xml": lambda _old: app.encode()}
        | {"word/media/image1.jpg": lambda _old: photo_with_traces()},
        {"word/_rels/settings.xml.rels": relations, "docProps/custom.xml": "<p>启明石化公司秘书处</p>"},
    )


def excel_with_traces():
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = "王小明"
    book.active["A1"] = "数据"
    book.active["A1"].comment = Comment("王小明:\n请核对", "王小明")
    out = io.BytesIO()
    book.save(out)
    scheme = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"
    path = f'<x15ac:absPath xmlns:x15ac="{scheme}" url="C:\\Users\\wangxiaoming\\"/>'
    return changed(
        out.getvalue(), {"xl/workbook.xml": lambda body: body.replace(b"<sheets>", path.encode() + b"<sheets>")}
    )


def bomb_xlsx(size=83 * 1024 * 1024):
    """A workbook of some 0.1 to 0.3 MB with a sheet of 83 MB."""
    row = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return changed(
        excel(),
        {"xl/worksheets/sheet1.xml": lambda _old: sheet + row * (size // len(row)) + b"</sheetData></worksheet>"},
    )


def lying_bomb_xlsx():
    """The same bomb with a directory that says 1,000 bytes."""
    content = bytearray(bomb_xlsx())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    at = -1
    while (at := content.find(struct.pack("<L", real), at + 1)) >= 0:
        content[at : at + 4] = struct.pack("<L", 1000)
    return bytes(content)


def billion_laughs():
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE w [{entities}]><w:document xmlns:w="x"><w:t>&a9;</w:t></w:document>'
    return changed(word(), {"word/document.xml": lambda _old: bomb.encode()})


def outside_entity():
    bomb = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:t xmlns:w="x">&x;</w:t>'
    return changed(word(), {"word/document.xml": lambda _old: bomb.encode()})


def macro_docx():
    """A .docm under a .docx name."""
    types = {
        "[Content_Types].xml": lambda body: body.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )
    }
    return changed(word(), types, {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"})


def hidden_macro_docx():
    """Macros whose package calls itself an ordinary document."""
    return changed(word(), added={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"})


def docx_with_relation(type_, target, part="word/document.xml"):
    folder, _slash, name = part.rpartition("/")
    row = f'<Relationship Id="rIdX" Type="{RELATION}/{type_}" Target="{target}" {EXTERNAL}/></Relationships>'
    return changed(
        word(), {f"{folder}/_rels/{name}.rels": lambda body: body.replace(b"</Relationships>", row.encode())}
    )


def docx_with_field(*pieces):
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    return changed(word(), {"word/document.xml": lambda body: body.replace(b"</w:p>", runs.encode() + b"</w:p>", 1)})


def xlsx_with_formula(formula):
    return changed(
        excel(),
        {
            "xl/worksheets/sheet1.xml": lambda body: body.replace(
                b"<sheetData>", b'<sheetData><row r="9"><c r="A9"><f>' + formula + b"</f></c></row>", 1
            )
        },
    )


# PDF ---------------------------------------------------------------------------------------------------


def _names(**values):
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in values.items()})


def _script(code="app.alert('pwned')"):
    return _names(S=NameObject("/JavaScript"), JS=TextStringObject(code))


def _pdf(change=None, pages=1):
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(595, 842)
    if change:
        change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf(pages=1):
    return _pdf(pages=pages)


def pdf_with_script():
    """JavaScript by every door: opening, names, page, annotation, form field; launching, attaching, XFA."""

    def change(writer):
        root, page = writer.root_object, writer.pages[0]
        root[NameObject("/OpenAction")] = _script()
        launch = _names(S=NameObject("/Launch"), F=TextStringObject("cmd.exe pwned"))
        root[NameObject("/AA")] = _names(WC=_script())
        page[NameObject("/AA")] = _names(O=_script())
        box = ArrayObject()
        link = _names(Type=NameObject("/Annot"), Subtype=NameObject("/Link"), Rect=box, A=writer._add_object(launch))
        field = _names(
            Type=NameObject("/Annot"),
            Subtype=NameObject("/Widget"),
            FT=NameObject("/Tx"),
            T=TextStringObject("f"),
            Rect=box,
            AA=_names(K=_script()),
        )
        page[NameObject("/Annots")] = ArrayObject([writer._add_object(link), writer._add_object(field)])
        root[NameObject("/AcroForm")] = _names(Fields=ArrayObject(), XFA=TextStringObject("<script>pwned</script>"))
        writer.add_attachment("pwned.exe", b"MZ pwned")
        names = root["/Names"]
        names[NameObject("/JavaScript")] = _names(
            Names=ArrayObject([TextStringObject("x"), writer._add_object(_script())])
        )

    return _pdf(change)


def pdf_with_link(address):
    def change(writer):
        action = _names(S=NameObject("/URI"), URI=TextStringObject(address))
        link = _names(Type=NameObject("/Annot"), Subtype=NameObject("/Link"), Rect=ArrayObject(), A=action)
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])

    return _pdf(change)


def pdf_with_disguised_script():
    """The same names written with their hexadecimal escapes."""
    content = pdf_with_script()
    for name, disguise in ((b"/JavaScript", b"/JavaScr#69pt"), (b"/JS", b"/J#53"), (b"/OpenAction", b"/Open#41ction")):
        content = content.replace(name, disguise)
    return content


def pdf_with_traces():
    """Author and producer, XMP, a program's private data, and a photo kept as it left the camera."""

    def change(writer):
        writer.add_metadata({"/Author": "CAMERA-SERIAL-4711", "/Producer": "GPS-PLACE"})
        xmp = StreamObject()
        xmp._data = "<x:xmpmeta>王小明</x:xmpmeta>".encode()
        writer.root_object[NameObject("/Metadata")] = writer._add_object(xmp)
        photo = StreamObject()
        photo._data = photo_with_traces()
        photo.update(_names(Type=NameObject("/XObject"), Subtype=NameObject("/Image"), Filter=NameObject("/DCTDecode")))
        page = writer.pages[0]
        page[NameObject("/Resources")] = _names(XObject=_names(Im0=writer._add_object(photo)))
        page[NameObject("/PieceInfo")] = _names(Shop=TextStringObject("GPS-PLACE"))
        remark = _names(
            Type=NameObject("/Annot"),
            Subtype=NameObject("/Text"),
            T=TextStringObject("CAMERA-SERIAL-4711"),
            Rect=ArrayObject(),
        )
        page[NameObject("/Annots")] = ArrayObject([writer._add_object(remark)])

    return _pdf(change)


def encrypted_pdf(password="geheim"):
    return _pdf(lambda writer: writer.encrypt(password, algorithm="RC4-128"))
