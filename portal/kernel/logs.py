"""
What may be logged: never a person, an address, a form or a local variable.

A page of an anonymous card or of a ballot leaves no line at all unless it fails, and then one
with the day only, so that no log can be laid beside an arriving card.
"""

import json
import logging
import traceback
from datetime import UTC, datetime

from django.views.debug import SafeExceptionReporterFilter

from portal.kernel.anonymity import is_quiet_path

# Where Django and WSGI servers put who asked and with what.
PERSONAL_META = (
    "REMOTE_",
    "HTTP_COOKIE",
    "HTTP_AUTHORIZATION",
    "HTTP_USER_AGENT",
    "HTTP_X_",
    "HTTP_FORWARDED",
    "HTTP_REFERER",
    "HTTP_ORIGIN",
    "HTTP_SEC_",
    "HTTP_ACCEPT_LANGUAGE",
    "QUERY_STRING",
    "CSRF_COOKIE",
)


class QuietPathsFilter(logging.Filter):
    """Take the request off every record; on anonymous paths keep failures only, without path, time or values."""

    def filter(self, record):
        request = record.__dict__.pop("request", None)
        path = getattr(request, "path", None)
        # What the error page shows, so that somebody who tells it can be helped.
        record.reference = getattr(record, "reference", "") or getattr(request, "reference", "")
        if path is None or not is_quiet_path(path):
            return True
        if record.levelno < logging.ERROR:
            return False
        record.is_quiet = True
        record.msg, record.args = "An anonymous page failed", ()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message and, for failures, where; never local values."""

    def format(self, record):
        is_quiet = getattr(record, "is_quiet", False)
        moment = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": moment.date().isoformat() if is_quiet else moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if reference := getattr(record, "reference", ""):
            line["reference"] = reference
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            # The text of a database error quotes the row; on anonymous paths the kind must be enough.
            line["error"] = type(error).__name__ if is_quiet else f"{type(error).__name__}: {error}"
            line["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
            ]
        return json.dumps(line, ensure_ascii=False)


class PlainFormatter(logging.Formatter):
    """For people at a terminal: level, logger, message, and the trace unless the page was anonymous."""

    def __init__(self):
        super().__init__("{levelname:<7} {name} {message}", style="{")

    def format(self, record):
        if getattr(record, "is_quiet", False) and record.exc_info:
            record = logging.makeLogRecord(record.__dict__ | {"exc_info": None, "exc_text": None})
        return super().format(record)


class SilentReporterFilter(SafeExceptionReporterFilter):
    """Keep error reports free of what was typed and who typed it, whatever the mode."""

    def is_active(self, request):
        return True

    def get_safe_request_meta(self, request):
        meta = super().get_safe_request_meta(request)
        return {key: value for key, value in meta.items() if not key.startswith(PERSONAL_META)}

    def get_safe_cookies(self, request):
        return {}

    def get_post_parameters(self, request):
        return {}

    def get_traceback_frame_variables(self, request, tb_frame):
        return []
