"""No log line and no error report tells who, from where, or what was typed."""

import json
import logging
import sys

import pytest
from django.views.debug import get_exception_reporter_filter

from portal.kernel.logs import JsonFormatter, PlainFormatter, QuietPathsFilter


def _record(request, level=logging.ERROR, exc_info=None):
    record = logging.LogRecord("django.request", level, __file__, 1, "Failed: %s", ("/a/secret-code/",), exc_info)
    record.request = request
    return record


@pytest.fixture
def failure():
    text = "what the worker wrote"
    try:
        raise ValueError(f"bad row: {text}")
    except ValueError:
        return sys.exc_info()


def test_anonymous_page_leaves_no_line_below_a_failure(rf):
    assert QuietPathsFilter().filter(_record(rf.get("/a/x/"), logging.WARNING)) is False
    assert QuietPathsFilter().filter(_record(rf.get("/cards/"), logging.WARNING)) is True


@pytest.mark.parametrize("formatter", [JsonFormatter(), PlainFormatter()])
def test_failing_anonymous_page_is_logged_without_path_values_and_text(rf, failure, formatter):
    record = _record(rf.get("/a/secret-code/", REMOTE_ADDR="10.9.8.7"), exc_info=failure)
    assert QuietPathsFilter().filter(record) is True
    line = formatter.format(record)
    assert "An anonymous page failed" in line
    for private in ("secret-code", "worker wrote", "10.9.8.7"):
        assert private not in line


def test_failing_anonymous_page_is_dated_by_the_day(rf, failure):
    record = _record(rf.get("/a/x/"), exc_info=failure)
    QuietPathsFilter().filter(record)
    line = json.loads(JsonFormatter().format(record))
    assert len(line["time"]) == len("2026-03-02")
    assert line["error"] == "ValueError"
    assert any("test_logs.py" in place for place in line["trace"])


def test_other_lines_carry_no_request(rf, failure):
    record = _record(rf.post("/cards/", {"text": "typed"}, REMOTE_ADDR="10.9.8.7"), exc_info=failure)
    assert QuietPathsFilter().filter(record) is True
    assert not hasattr(record, "request")
    line = JsonFormatter().format(record)
    assert set(json.loads(line)) == {"time", "level", "logger", "message", "error", "trace"}
    assert "typed" not in line and "10.9.8.7" not in line


def test_reference_of_the_error_page_is_in_the_line(rf, failure):
    request = rf.get("/cards/")
    request.reference = "AB12CD34"
    record = _record(request, exc_info=failure)
    QuietPathsFilter().filter(record)
    assert json.loads(JsonFormatter().format(record))["reference"] == "AB12CD34"


def test_error_reports_are_silent(rf, failure):
    request = rf.post("/cards/", {"text": "typed"}, REMOTE_ADDR="10.9.8.7", HTTP_USER_AGENT="Marked")
    request.COOKIES["portal_session"] = "key"
    reporter = get_exception_reporter_filter(request)
    assert reporter.get_post_parameters(request) == {}
    assert reporter.get_safe_cookies(request) == {}
    assert reporter.get_traceback_frame_variables(request, failure[2].tb_frame) == []
    meta = str(reporter.get_safe_request_meta(request))
    assert "10.9.8.7" not in meta and "Marked" not in meta
