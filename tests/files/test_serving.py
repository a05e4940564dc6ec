from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.http import Http404

from portal.files.intake import clean_upload
from portal.files.operations import store_file
from portal.files.serving import serve
from tests.files import zoo

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
def stored(db):
    return store_file(clean=clean_upload(zoo.upload(zoo.picture(), "现场 照片.jpg")), at=AT)


def headers(response):
    response.close()
    names = (
        "Content-Type",
        "Content-Disposition",
        "X-Content-Type-Options",
        "Content-Security-Policy",
        "Cache-Control",
    )
    return {name: response.headers[name] for name in names}


def test_file_is_a_download_in_which_nothing_can_act(stored):
    assert headers(serve(stored)) == {
        "Content-Type": "image/jpeg",
        "Content-Disposition": "attachment; filename*=utf-8''%E7%8E%B0%E5%9C%BA%20%E7%85%A7%E7%89%87.jpg",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }


def test_picture_may_be_shown_in_place_when_asked_for(stored):
    assert headers(serve(stored, inline_image=True))["Content-Disposition"].startswith("inline; ")


@pytest.mark.parametrize("make", [zoo.pdf, zoo.word, zoo.excel])
def test_s06_documents_are_never_served_inline(db, make):
    stored = store_file(clean=clean_upload(zoo.upload(make(), "a")), at=AT)
    assert headers(serve(stored, inline_image=True))["Content-Disposition"].startswith("attachment; ")


def test_name_cannot_break_out_of_its_header(stored):
    stored.name = 'a"\r\nSet-Cookie: x=1; .jpg'
    assert "\n" not in headers(serve(stored))["Content-Disposition"]


def test_lost_file_is_not_found(stored):
    Path(stored.file.path).unlink()
    with pytest.raises(Http404):
        serve(stored)
