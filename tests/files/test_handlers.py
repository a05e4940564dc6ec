import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import RequestFactory

from portal.files import handlers
from portal.files.cleaning.limits import UPLOAD_BYTES
from portal.files.intake import UploadRefused, clean_upload
from portal.files.tasks import tidy
from tests.files import zoo


@pytest.fixture
def posted():
    """A function that posts files; what it opened is closed at the end."""
    requests = []

    def post(*contents):
        uploads = [zoo.upload(content, f"{number}.jpg") for number, content in enumerate(contents)]
        requests.append(RequestFactory().post("/", {"files": uploads, "subject": "标题"}))
        return requests[-1]

    yield post
    for request in requests:
        request.close()


def test_files_arrive_as_they_were_sent(posted):
    contents = [zoo.picture(), b"x" * 3_000_000]
    request = posted(*contents)
    assert [upload.read() for upload in request.FILES.getlist("files")] == contents
    assert request.POST["subject"] == "标题"


def test_too_large_file_is_cut_and_then_refused_by_its_size(posted):
    request = posted(b"\xff\xd8\xff" + b"x" * (UPLOAD_BYTES + 5_000_000), zoo.picture())
    large, good = request.FILES.getlist("files")
    assert UPLOAD_BYTES < large.size < UPLOAD_BYTES + 200_000
    with pytest.raises(UploadRefused) as caught:
        clean_upload(large)
    assert caught.value.code == "size"
    assert clean_upload(good).media_type == "image/jpeg"
    assert request.POST["subject"] == "标题"


def test_too_large_request_is_refused(posted, monkeypatch):
    monkeypatch.setattr(handlers, "REQUEST_BYTES", 1_000_000)
    with pytest.raises(RequestDataTooBig):
        posted(b"x" * 1_000_001).POST  # noqa: B018 -- reading the form is what is tried


def test_request_that_hides_its_size_is_refused(monkeypatch):
    monkeypatch.setattr(handlers, "REQUEST_BYTES", 1_000_000)
    handler = handlers.BoundedUploadHandler()
    handler.handle_raw_input(None, {}, 10, b"")
    with pytest.raises(RequestDataTooBig):
        for start in range(0, 2_000_000, 100_000):
            handler.receive_data_chunk(b"x" * 100_000, start)


def test_nightly_task_runs(db):
    assert tidy.run() is None
