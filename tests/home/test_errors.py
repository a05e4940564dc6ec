"""Error pages say what happened, what was kept and what to do, in Chinese, with a reference."""

import re

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from portal.home.views import errors
from portal.kernel.refusals import Conflict, TooMany, Unavailable
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
RAISED = {
    "refused": OperationRefused("只有工会可以受理"),
    "conflict": Conflict("已有人答复"),
    "moved": IllegalTransition("new", "closed"),
    "many": TooMany("每小时最多导出五次", retry_after=90),
    "away": Unavailable(),
    "broken": RuntimeError("secret detail"),
}


def raising(request, what):
    raise RAISED[what]


def only_post(request):
    from django.http import HttpResponseNotAllowed

    return HttpResponseNotAllowed(["POST"]) if request.method != "POST" else HttpResponse(len(request.POST))


urlpatterns = [path("raise/<what>/", raising), path("post/", only_post), path("", include("portal.urls"))]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.server_error


@pytest.fixture
def visitor(enter):
    client = enter(make_person())
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        yield client


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/raise/refused/", 403, "只有工会可以受理"),
        ("/raise/conflict/", 409, "已有人答复"),
        ("/raise/moved/", 409, "您打开页面之后，这件事已有新进展，这一步已不适用。"),
        ("/raise/many/", 429, "每小时最多导出五次"),
        ("/raise/away/", 503, "平台暂时无法使用"),
        ("/raise/broken/", 500, "平台出错了"),
        ("/nowhere/", 404, "没有这个页面"),
        ("/post/", 405, "这个网址不能这样打开"),
    ],
)
def test_page_says_what_was_kept_what_to_do_and_whom_to_ask(visitor, address, status, said):
    response = visitor.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert said in html
    for part in ("内容是否还在", "您可以这样做", "工会办公室", "回到首页"):
        assert part in html
    assert re.search(r'went-wrong-reference">[0-9A-F]{8}<', html)
    assert "secret detail" not in html and "Traceback" not in html


def test_limit_says_when_to_come_back(visitor):
    response = visitor.get("/raise/many/")
    assert response.headers["Retry-After"] == "90"
    assert "90秒后可以再试。" in response.content.decode()


def test_wrong_method_names_the_right_one(visitor):
    assert visitor.get("/post/").headers["Allow"] == "POST"


def test_too_large_is_told_apart_from_damaged(visitor, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    response = visitor.post("/post/", {"a": 1, "b": 2, "c": 3})
    assert response.status_code == 413
    assert "内容太大了" in response.content.decode()


def test_old_form_says_so():
    strict = Client(enforce_csrf_checks=True)
    # A browser that brings no cookie may choose without a token: there is nothing a foreign site could misuse.
    strict.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    for sent, said in (({"elder": "1"}, False), ({"elder": "1", "text": "写了字"}, True)):
        response = strict.post("/preferences/", sent)
        html = response.content.decode()
        assert response.status_code == 403
        assert "这个表单已失效" in html
        assert "页面打开时间过长" in html
        # It is no question of rights: nobody is sent to ask for one, or to sign in as somebody else.
        assert "您不能进行这项操作" not in html and "应当有此权限" not in html
        assert (STILL_THERE in html, "复制" in html) == (said, said)


def test_every_status_speaks_the_readers_language(client):
    for status in (400, 403, 404, 405, 409, 413, 429, 500, 503):
        for request in (RequestFactory().get("/"), RequestFactory().post("/", {"text": "写了字"})):
            html = errors.page(request, status).content.decode()
            assert '<html lang="zh-hans"' in html
            assert not re.search(r">[A-Z][a-z]+ [a-z]+[^<]*<", html), status


STILL_THERE = "您写的文字还在"
# Nothing typed: a page that was opened, an empty box, a button with the values that its page put beside it.
UNTYPED = (None, {}, {"text": "  "}, {"verdict": "yes", "seen": "a1b2", "idempotency_key": "6f1d-44"})


def test_words_are_said_to_be_kept_only_where_some_were_typed():
    for status in (400, 403, 404, 405, 409, 429, 500):
        said = [
            STILL_THERE
            in errors.page(
                RequestFactory().get("/") if sent is None else RequestFactory().post("/", sent), status
            ).content.decode()
            for sent in (*UNTYPED, {"text": "热饭没有了"}, {"text": "No hot meal"})
        ]
        assert said == [False] * len(UNTYPED) + [True, True], status


def test_what_was_too_large_to_read_is_still_in_its_form(visitor, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    assert STILL_THERE in visitor.post("/post/", {"a": 1, "b": 2, "c": 3}).content.decode()
    assert STILL_THERE not in errors.page(RequestFactory().get("/"), 413).content.decode()


def test_broken_page_needs_neither_session_nor_database(visitor, django_assert_num_queries):
    request = RequestFactory().get("/")
    with django_assert_num_queries(0):
        assert errors.server_error(request).status_code == 500


def test_reason_is_escaped():
    assert "<b>" not in errors.page(RequestFactory().get("/"), 403, reason="<b>x</b>").content.decode()


def test_reference_of_a_failure_is_in_the_log(visitor, caplog):
    html = visitor.get("/raise/broken/").content.decode()
    reference = re.search(r'went-wrong-reference">([0-9A-F]{8})<', html).group(1)
    assert f"Reference {reference}" in caplog.messages
