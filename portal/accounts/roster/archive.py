"""
Looking at an .xlsx before anything unpacks it.

A spreadsheet is a zip of XML: 0.3 MB of it can unpack to 83 MB and cost half a
gigabyte (trust A3). Sizes are taken from the directory first, which can lie,
and counted again while unpacking, which cannot.
"""

import zipfile

from .faults import Unreadable

MOST_UNZIPPED = 50 * 1024 * 1024
MOST_ENTRIES = 2000
MOST_RATIO = 300
RATIO_FREE = 2 * 1024 * 1024  # small files of repeated rows compress very well
_CHUNK = 256 * 1024


def check_archive(file):
    """
    Return the list of names in a workbook that is safe to open.

    :raises Unreadable: when it is damaged, too large unpacked, or holds entities that XML readers expand.
    """
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("encrypted" if _holds_package(file) else "old_excel")
    try:
        archive = zipfile.ZipFile(file)
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("damaged") from error
    with archive:
        if len(entries) > MOST_ENTRIES:
            raise Unreadable("too_big")
        _check_sizes([(entry.compress_size, entry.file_size) for entry in entries])
        total = 0
        for entry in entries:
            if entry.flag_bits & 0x1:
                raise Unreadable("encrypted")
            total += _check_entry(archive, entry, MOST_UNZIPPED - total)
        names = [entry.filename for entry in entries]
    if "xl/workbook.xml" not in names:
        raise Unreadable("not_a_roster")
    file.seek(0)
    return names


def _holds_package(file):
    """Whether an OLE file wraps an encrypted workbook, as Excel does with a password."""
    file.seek(0)
    return "EncryptedPackage".encode("utf-16-le") in file.read(64 * 1024)


def _check_sizes(pairs):
    packed, unpacked = (sum(column) for column in zip(*pairs, strict=True)) if pairs else (0, 0)
    if unpacked > MOST_UNZIPPED or (unpacked > RATIO_FREE and unpacked > MOST_RATIO * max(packed, 1)):
        raise Unreadable("too_big")


def _check_entry(archive, entry, most):
    """Unpack one entry to nowhere; return its true size."""
    size, tail, is_markup = 0, b"", entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    raise Unreadable("too_big")
                if is_markup:
                    # A declaration may straddle two chunks. UTF-16 would hide it from this search.
                    window = tail + chunk
                    if b"<!DOCTYPE" in window or b"<!ENTITY" in window or b"\x00" in window:
                        raise Unreadable("damaged")
                    tail = chunk[-16:]
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Unreadable("damaged") from error
    except Exception as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("damaged") from error  # zlib.error and its like have no common base
    return size
