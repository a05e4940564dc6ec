"""
Hand a stored file to a browser in a way that nothing in it can act.

    return serve(inquiry_file.file)                          # a download
    return serve(inquiry_file.file, inline_image=True)       # a picture within a page

Who may have it is the caller's question, asked before.
"""

import logging

from django.http import FileResponse, Http404

logger = logging.getLogger(__name__)

INLINE = {"image/jpeg", "image/png", "image/webp"}


def serve(stored_file, *, inline_image=False):
    """
    Return the file as a download; a picture may be shown in place when asked for.

    :raises Http404: when the bytes are gone from the disk; ``manage.py tidy_files`` lists such rows.
    """
    try:
        content = stored_file.file.open("rb")
    except OSError as error:
        logger.error("Stored file %s cannot be read: %s", stored_file.pk, error.strerror)
        raise Http404 from error
    is_inline = inline_image and stored_file.media_type in INLINE
    return FileResponse(
        content,
        as_attachment=not is_inline,
        filename=stored_file.name,
        content_type=stored_file.media_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
        },
    )
