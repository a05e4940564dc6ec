"""
Word and Excel documents (docx, xlsx): taken apart, cleaned part by part, packed anew.

Kept are the parts a reader sees. Properties, custom data, rsids, printer
settings, signatures and thumbnails are left out; authors of comments and of
tracked changes become 作者; pictures are written anew. Macros, embedded objects
and content fetched from elsewhere are refused, because a document without
them would say something else than its author wrote.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from urllib.parse import unquote

from .images import EMBEDDED_FORMATS, clean_embedded_picture
from .limits import DOCUMENT_PIXELS, UNZIPPED_BYTES, ZIP_DIRECTORY_BYTES, ZIP_ENTRIES
from .refusal import Refused
from .xmlparts import Rules, filtered, local

NOBODY = "作者"
MAIN_TYPES = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
CONTENT_TYPES = "[Content_Types].xml"
READ_SIZE = 256 * 1024
LONG_AGO = (1980, 1, 1, 0, 0, 0)

MACROS = re.compile(r"vbaproject|vbadata|macrosheets/|dialogsheets/", re.I)
ELSEWHERE = re.compile(r"(^|/)(externallinks|querytables|model|afchunk)|/connections\.xml$", re.I)
EMBEDDINGS = re.compile(r"(^|/)(embeddings|activex)/", re.I)
LEFT_OUT = re.compile(
    r"^docprops/|^customxml/|^docmetadata/|^customui/|^usercustomization/|^_xmlsignatures/|^\[trash\]/|^package/"
    r"|(^|/)(printersettings|revisions|webextensions|fonts)/|(^|/)customproperty\d*\.bin$|/people\.xml$|(^|/)thumbnail\.",
    re.I,
)
VECTOR_PICTURES = {"emf", "wmf", "emz", "wmz", "svg", "wdp", "pict", "pct"}

DROPPED_ELEMENTS = {
    *(
        "rsids",
        "docId",
        "attachedTemplate",
        "mailMerge",
        "docVars",
        "saveThroughXslt",
        "dataBinding",
        "printerSettings",
    ),
    *("embedRegular", "embedBold", "embedItalic", "embedBoldItalic", "externalData"),
    *(
        "absPath",
        "revisionPtr",
        "fileSharing",
        "customWorkbookViews",
        "customSheetViews",
        "customProperties",
        "webPublishing",
    ),
}
PLAIN_ELEMENTS = {"c", "v", "row", "t", "si"}  # cells by the hundred thousand; nothing about people in their attributes
REFUSED_ELEMENTS = {"OLEObject": "embedded", "oleObject": "embedded", "altChunk": "embedded", "subDoc": "external"}
FILE_NAME = re.compile(r"[\\/]|\.(jpe?g|png|gif|bmp|tiff?|webp|heic)$", re.I)
FETCHING_FIELD = re.compile(r"\bDDE(AUTO)?\b|\bINCLUDE(TEXT|PICTURE)\b|\bIMPORT\b|\bDATABASE\b", re.I)
FETCHING_FORMULA = re.compile(r"\|[^!]*!|\b(WEBSERVICE|CALL|REGISTER(\.ID)?|RTD)\s*\(", re.I)
WEB_ADDRESS = re.compile(r"(https?://|mailto:)", re.I)


def clean_document(content):
    """
    Return ("docx" or "xlsx", bytes) of an office document that shows the same and tells no more.

    :raises Refused: for anything that is not such a document or cannot be cleaned.
    """
    with _opened(content) as archive:
        package = _Package(archive)
        return package.kind, package.written()


def _opened(content):
    end = content.rfind(b"PK\x05\x06", -65557)
    if end < 0 or len(content) < end + 22:
        raise Refused("damaged")
    # The directory's own size is checked first: reading it costs memory before any entry can be counted.
    if struct.unpack_from("<L", content, end + 12)[0] > ZIP_DIRECTORY_BYTES:
        raise Refused("entries")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise Refused("damaged") from error
    entries = archive.infolist()
    if len(entries) > ZIP_ENTRIES:
        raise Refused("entries")
    if sum(entry.file_size for entry in entries) > UNZIPPED_BYTES:
        raise Refused("unzipped")
    seen = set()
    for entry in entries:
        name = entry.orig_filename
        parts = name.split("/")
        if (
            "\\" in name
            or "\x00" in name
            or ":" in name
            or name.startswith("/")
            or ".." in parts
            or name.lower() in seen
        ):
            raise Refused("damaged")
        if entry.flag_bits & 0x1:
            raise Refused("encrypted")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Refused("damaged")
        seen.add(name.lower())
    return archive


@dataclass
class _Relation:
    id: str
    type: str
    target: str
    is_external: bool


@dataclass
class _Package:
    archive: zipfile.ZipFile
    kind: str = ""
    types: dict = field(default_factory=dict)
    relations: dict = field(default_factory=dict)
    budget: int = UNZIPPED_BYTES
    pixels: int = DOCUMENT_PIXELS

    def __post_init__(self):
        self.names = [entry.filename for entry in self.archive.infolist() if not entry.is_dir()]
        if CONTENT_TYPES not in self.names:
            raise Refused("kind")
        self.read_types()
        self.read_relations()
        self.left_out = {name for name in self.names if self.is_left_out(name)}
        # Packages compare the names of parts without regard to case.
        self.kept = {name.lower() for name in self.names} - {name.lower() for name in self.left_out}

    # Reading ---------------------------------------------------------------------------------------------

    def read(self, name):
        """Return a part's bytes, counting what really comes out rather than what the directory says."""
        pieces = []
        try:
            with self.archive.open(name) as part:
                while piece := part.read(READ_SIZE):
                    self.budget -= len(piece)
                    if self.budget < 0:
                        raise Refused("unzipped")
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise Refused("damaged") from error
        return b"".join(pieces)

    def read_types(self):
        collector = _Collector("Override")
        filtered(self.read(CONTENT_TYPES), collector)
        self.types = {row.get("PartName", "").lstrip("/"): row.get("ContentType", "") for row in collector.rows}
        if any("macroenabled" in value.lower() for value in self.types.values()) or any(map(MACROS.search, self.names)):
            raise Refused("macros")
        kinds = {MAIN_TYPES[value] for value in self.types.values() if value in MAIN_TYPES}
        if len(kinds) != 1:
            raise Refused("kind")
        self.kind = kinds.pop()

    def read_relations(self):
        for name in self.names:
            if not name.lower().endswith(".rels"):
                continue
            folder, _slash, _rels = name.rpartition("_rels/")
            collector = _Collector("Relationship")
            filtered(self.read(name), collector)
            self.relations[name] = [
                _Relation(
                    row.get("Id", ""),
                    row.get("Type", "").rpartition("/")[2],
                    row.get("Target", "")
                    if row.get("TargetMode") == "External"
                    else _resolved(folder, row.get("Target", "")),
                    row.get("TargetMode") == "External",
                )
                for row in collector.rows
            ]

    # Deciding --------------------------------------------------------------------------------------------

    def is_left_out(self, name):
        """
        Whether a part is left out of the cleaned document.

        :raises Refused: for a part that the document cannot do without and readers are not to get.
        """
        extension = name.rpartition(".")[2].lower()
        if LEFT_OUT.search(name):
            return True
        if name.endswith(".rels"):
            return self.is_orphaned(name)
        if ELSEWHERE.search(name):
            raise Refused("external")
        if EMBEDDINGS.search(name):
            # A chart carries the numbers it was drawn from as a workbook; the drawing does without.
            if extension == "xlsx" and self.is_only_behind_charts(name):
                return True
            raise Refused("embedded")
        if extension in VECTOR_PICTURES:
            raise Refused("picture_kind")
        if extension not in {"xml", "vml", *EMBEDDED_FORMATS}:
            raise Refused("embedded")
        return False

    def is_orphaned(self, name):
        folder, _slash, rels = name.rpartition("_rels/")
        source = folder + rels.removesuffix(".rels")
        return bool(source and (LEFT_OUT.search(source) or source not in self.names))

    def is_only_behind_charts(self, name):
        sources = [source for source, rows in self.relations.items() if any(row.target == name.lower() for row in rows)]
        return bool(sources) and all("/charts/_rels/" in source for source in sources)

    def is_dropped_relation(self, relation):
        if not relation.is_external:
            return relation.target != "" and relation.target not in self.kept
        if relation.type == "attachedTemplate":  # the author's own Normal.dotm, with the path to it
            return True
        if relation.type != "hyperlink":
            raise Refused("external")
        return False

    # Writing ---------------------------------------------------------------------------------------------

    def written(self):
        kept = {name: self.cleaned(name) for name in self.names if name not in self.left_out and name != CONTENT_TYPES}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            types = filtered(self.archive.read(CONTENT_TYPES), _TypeRules(self.kept))
            for name, content in {CONTENT_TYPES: types, **kept}.items():
                entry = zipfile.ZipInfo(name, LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
        return out.getvalue()

    def cleaned(self, name):
        content = self.archive.read(name) if name in self.relations else self.read(name)
        if name in self.relations:
            dropped = {row.id for row in self.relations[name] if self.is_dropped_relation(row)}
            return filtered(content, _RelationRules(dropped))
        extension = name.rpartition(".")[2].lower()
        if extension in EMBEDDED_FORMATS:
            cleaned, pixels = clean_embedded_picture(content, extension)
            self.pixels -= pixels
            if self.pixels < 0:
                raise Refused("pixels")
            return cleaned
        folder, _slash, base = name.rpartition("/")
        rows = self.relations.get(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels", ())
        return filtered(content, _PartRules({row.id for row in rows if self.is_dropped_relation(row)}))


def _resolved(folder, target):
    """Return the name of the part that a relation points to, in lower case; "" for a place in the same part."""
    target = unquote(target.partition("#")[0])
    if not target:
        return ""
    path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
    if path.startswith(".."):
        raise Refused("damaged")
    return path.lower()


class _Collector(Rules):
    """Gathers the attributes of every element of one name."""

    def __init__(self, wanted):
        self.wanted = wanted
        self.rows = []

    def element(self, name, attrs):
        if local(name) == self.wanted:
            self.rows.append(attrs)
        return attrs


class _TypeRules(Rules):
    """[Content_Types].xml without the parts that were left out."""

    def __init__(self, kept):
        self.kept = kept

    def element(self, name, attrs):
        if local(name) == "Override" and attrs.get("PartName", "").lstrip("/").lower() not in self.kept:
            return None
        return attrs


class _RelationRules(Rules):
    """A list of relations without the dropped ones; links lead to web and mail addresses only."""

    def __init__(self, dropped):
        self.dropped = dropped

    def element(self, name, attrs):
        if local(name) != "Relationship":
            return attrs
        if attrs.get("Id", "") in self.dropped:
            return None
        if attrs.get("TargetMode") == "External" and not WEB_ADDRESS.match(attrs.get("Target", "")):
            attrs["Target"] = "about:blank"  # a path on the author's machine
        return attrs


class _PartRules(Rules):
    """A document's part without the names of people, machines and files behind it."""

    def __init__(self, dropped):
        self.dropped = dropped
        self.authors = set()
        self.fields = []

    def element(self, name, attrs):
        if name in PLAIN_ELEMENTS:
            return attrs
        element = local(name)
        if element in DROPPED_ELEMENTS:
            return None
        if element in REFUSED_ELEMENTS:
            raise Refused(REFUSED_ELEMENTS[element])
        if element == "fldSimple":
            self.fields.extend([*(value for key, value in attrs.items() if local(key) == "instr"), "\n"])
        return {
            key: value
            for key, value in ((key, self.attribute(element, key, attrs)) for key in attrs)
            if value is not None
        }

    def attribute(self, element, key, attrs):
        value, prefix, name = attrs[key], key.rpartition(":")[0], local(key)
        if name.startswith("rsid") or name in {"initials", "dateUtc", "dT"}:
            return None
        if name == "author":
            return NOBODY
        if name == "date" and any(local(other) == "author" for other in attrs):
            return None
        if element == "person" and name in {"displayName", "userId", "providerId"}:
            return NOBODY
        if prefix.startswith("xr") and name in {"uid", "uidLastSave", "documentId"}:
            return None
        if name == "macro":
            return ""
        if element in {"cNvPr", "docPr"} and name in {"name", "descr", "title"} and FILE_NAME.search(value):
            return "" if name != "name" else f"图片{attrs.get('id', '')}"
        if element == "imagedata" and name in {"title", "href", "src"} and prefix != "r":
            return None
        if value in self.dropped and prefix and prefix != "xmlns":  # r:id, r:embed: what it points to is gone
            return None
        return value

    def text(self, name, text):
        if name == "v":
            return text
        element = local(name)
        if element == "author":
            self.authors.add(text.strip())
            return NOBODY
        if element == "instrText":
            self.fields.append(text)
        elif element in {"f", "definedName", "formula", "formula1", "formula2"}:
            if FETCHING_FORMULA.search(text):
                raise Refused("external")
        elif element == "t" and self.authors:
            head, mark, rest = text.replace("：", ":", 1).partition(":")
            if mark and head.strip() in self.authors:  # Excel begins each comment with its author's name
                return f"{NOBODY}：{rest}"
        return text

    def finish(self):
        # One instruction may be cut over several runs, so they are read together.
        if FETCHING_FIELD.search("".join(self.fields)):
            raise Refused("external")
