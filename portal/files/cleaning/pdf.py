"""
PDF documents: read, stripped of what acts and of what tells on people, written anew.

Written from the objects that the pages can reach, so that earlier revisions
and whatever was appended to the file are gone.
"""

import io
import logging
import re
import struct

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from .limits import PDF_OBJECTS
from .refusal import Refused

logging.getLogger("pypdf").setLevel(logging.CRITICAL)

ROOT_KEYS = {
    *(
        "/Type",
        "/Version",
        "/Pages",
        "/PageLabels",
        "/PageLayout",
        "/Lang",
        "/MarkInfo",
        "/StructTreeRoot",
        "/OCProperties",
    ),
    *("/Outlines", "/Names", "/Dests", "/ViewerPreferences", "/AcroForm"),
}
# Wherever they stand: actions that run by themselves, metadata, private data of programs, files within, forms of XML.
DROPPED_KEYS = {
    *(
        "/AA",
        "/OpenAction",
        "/JS",
        "/JavaScript",
        "/Metadata",
        "/PieceInfo",
        "/LastModified",
        "/EF",
        "/AF",
        "/XFA",
        "/Thumb",
    ),
    *("/EmbeddedFiles", "/RichMediaContent", "/RichMediaSettings", "/Perms", "/Legal", "/Collection", "/SpiderInfo"),
    *("/CreationDate", "/ModDate", "/Author", "/Creator", "/Producer", "/NM"),
}
DROPPED_ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
ANNOTATIONS = DROPPED_ANNOTATIONS | {
    *(
        "/Text",
        "/FreeText",
        "/Line",
        "/Square",
        "/Circle",
        "/Polygon",
        "/PolyLine",
        "/Highlight",
        "/Underline",
        "/Squiggly",
    ),
    *("/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Link", "/Redact", "/Watermark"),
}
ACTIONS_KEPT = {"/GoTo", "/Named"}
ACTIONS_REFUSED = {
    *(
        "/JavaScript",
        "/Launch",
        "/GoToE",
        "/GoToR",
        "/SubmitForm",
        "/ImportData",
        "/Rendition",
        "/RichMediaExecute",
        "/GoTo3DView",
    ),
    *("/ResetForm", "/Hide", "/Trans", "/SetOCGState"),
}
WEB_ADDRESS = re.compile(r"(https?://|mailto:)", re.I)
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
JPEG2000_BOXES = {b"uuid", b"xml ", b"uinf"}


def clean_pdf(content):
    """
    Return the PDF's bytes without properties, actions, attached files and camera data.

    :raises Refused: for a file that is encrypted, damaged or too complex.
    """
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted or "/Encrypt" in reader.trailer:
            raise Refused("encrypted")
        if not reader.pages:
            raise Refused("damaged")
        _strip_root(reader.root_object)
        _strip(reader.root_object)
        writer = PdfWriter(clone_from=reader)
        writer.metadata = None
        writer._ID = None  # the identifier of the file it was made from
        out = io.BytesIO()
        writer.write(out)
    except PyPdfError as error:
        raise Refused("damaged") from error
    return out.getvalue()


def _strip_root(root):
    for key in [key for key in root if key not in ROOT_KEYS]:
        del root[key]
    names = _at(root, "/Names")
    if isinstance(names, DictionaryObject):
        for key in [key for key in names if key != "/Dests"]:
            del names[key]


def _strip(root):
    """Walk all that can be reached from the root and strip it in place."""
    seen, waiting = set(), [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, IndirectObject):
            key = (value.idnum, value.generation)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > PDF_OBJECTS:
                raise Refused("complex")
            value = value.get_object()
        if isinstance(value, DictionaryObject):
            _strip_dictionary(value)
            waiting.extend(
                child for child in value.values() if isinstance(child, IndirectObject | DictionaryObject | ArrayObject)
            )
        elif isinstance(value, ArrayObject):
            waiting.extend(
                child for child in value if isinstance(child, IndirectObject | DictionaryObject | ArrayObject)
            )


def _strip_dictionary(value):
    for key in DROPPED_KEYS.intersection(value):
        del value[key]
    if _at(value, "/Type") == "/Sig" or "/ByteRange" in value:  # signed by a named person; void once written anew
        value.clear()
        return
    for key in ("/A", "/PA", "/Next"):
        if _is_refused_action(_at(value, key)):
            del value[key]
    if _is_refused_action(value):
        value.clear()
        return
    subtype = _at(value, "/Subtype")
    if subtype in ANNOTATIONS and ("/Rect" in value or _at(value, "/Type") == "/Annot"):
        for key in {"/T", "/M", "/RC"}.intersection(value):  # who wrote the remark, and when
            del value[key]
    if isinstance(_at(value, "/Annots"), ArrayObject):
        kept = [annot for annot in value["/Annots"] if _subtype(annot) not in DROPPED_ANNOTATIONS]
        value[NameObject("/Annots")] = ArrayObject(kept)
    if isinstance(value, StreamObject):
        _strip_picture(value)


def _subtype(reference):
    value = reference.get_object() if reference is not None else None
    return _at(value, "/Subtype") if isinstance(value, DictionaryObject) else None


def _at(value, key):
    """Return what a dictionary holds, looked up when it is only referred to."""
    return value[key] if key in value else None  # noqa: SIM401 -- only [] looks it up


def _is_refused_action(value):
    value = value.get_object() if isinstance(value, IndirectObject) else value
    if isinstance(value, ArrayObject):
        return any(_is_refused_action(one) for one in value)
    if not isinstance(value, DictionaryObject):
        return False
    action = _at(value, "/S")
    if action == "/URI":
        return not WEB_ADDRESS.match(str(_at(value, "/URI")))
    if _at(value, "/Type") == "/Action":
        return action not in ACTIONS_KEPT
    return action in ACTIONS_REFUSED


def _strip_picture(stream):
    """Take the camera's data off a photo that the document holds as it left the camera."""
    filters = _at(stream, "/Filter")
    filters = list(filters) if isinstance(filters, ArrayObject) else [filters]
    if filters == ["/DCTDecode"]:
        stream._data = bare_jpeg(stream._data)
    elif filters == ["/JPXDecode"]:
        stream._data = bare_jpeg2000(stream._data)


def bare_jpeg(content):
    """
    Return a JPEG without comment and application segments, pixels untouched.

    JFIF (APP0) and Adobe (APP14) stay: they say how to read the colours.
    """
    if not content.startswith(b"\xff\xd8"):
        raise Refused("damaged")
    out, at = [b"\xff\xd8"], 2
    while at + 2 <= len(content):
        if content[at] != 0xFF:
            raise Refused("damaged")
        marker = content[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
            continue
        if marker == 0xD9:  # the end; phones put a second picture with its own EXIF behind it
            out.append(b"\xff\xd9")
            break
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        end = at + 2 + max(length, 2)
        if marker == 0xDA:  # a scan: pixels up to the next marker that is neither stuffing nor restart
            following = MARKER.search(content, end)
            end = following.start() if following else len(content)
        out.append(_bare_segment(marker, content[at:end]))
        at = end
    return b"".join(out)


def _bare_segment(marker, segment):
    if marker == 0xE0 and segment[4:9] == b"JFIF\x00":
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\x00\x00"  # without its thumbnail
    if marker == 0xEE and segment[4:9] == b"Adobe":
        return segment
    return b"" if 0xE0 <= marker <= 0xEF or marker == 0xFE else segment


def bare_jpeg2000(content):
    """Return a JPEG 2000 file without its metadata boxes; a bare code stream stays as it is."""
    if content[4:8] != b"jP  ":
        return content
    out, at = [], 0
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">L4s", content, at)
        if length == 1 and at + 16 <= len(content):
            length = struct.unpack_from(">Q", content, at + 8)[0]
        elif length == 0:
            length = len(content) - at
        if length < 8:
            raise Refused("damaged")
        if kind not in JPEG2000_BOXES:
            out.append(content[at : at + length])
        at += length
    return b"".join(out)
