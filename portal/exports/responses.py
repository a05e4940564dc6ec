"""
Downloads under Chinese names.

    return download(make_workbook(…), f"信息卡统计{day:%Y%m%d}.xlsx")
    return download(official_document(document), "关于××的答复.docx")

``content`` is bytes, an open file or an iterable of bytes.
"""

import re
from urllib.parse import quote

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from portal.kernel.texts import clean_line

MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}
MAX_NAME = 100


def download(content, name):
    """Return a download; the media type follows from the name's ending, and the browser keeps no copy."""
    stem, _dot, ending = clean_line(name).rpartition(".")
    media_type = MEDIA_TYPES[ending.lower()]
    stem = re.sub(r'[<>:"/\\|?*;%]', " ", stem).strip(" .")[:MAX_NAME] or "export"
    if isinstance(content, bytes):
        response = HttpResponse(content, content_type=media_type)
    elif hasattr(content, "read"):
        response = FileResponse(content, content_type=media_type)
    else:
        response = StreamingHttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = disposition(f"{stem}.{ending.lower()}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def disposition(name):
    """Return the header for a download under any name (RFC 6266): plain for old programs, in full for all others."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "", name)
    if plain.startswith("."):
        plain = f"export{plain}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
