"""S5, S8, S9, S10: hostile addresses, names that cannot be found out, foreign sites, and answers that went wrong."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.accounts.models import SignInTry
from tests.factories.people import SECRET, make_person
from tests.matrix.nasty import hostile_query, rng_of
from tests.walking.test_crawl import header_faults

pytestmark = pytest.mark.django_db

# S5 ------------------------------------------------------------------------------------------------------------

# Every page that reads a query string, who may open it, and the names it reads.
LISTS = [
    ("home:styleguide", "auditor", ("mode",)),
    ("accounts:sign_in", "visitor", ("next", "device", "ended")),
    ("accounts:welcome", "worker", ("next",)),
    ("accounts:units", "system_admin", ("closed",)),
    ("accounts:unit_create", "system_admin", ("parent",)),
    ("accounts:people", "system_admin", ("q", "unit", "left", "after")),
    ("accounts:person_add", "system_admin", ("unit",)),
    ("accounts:roster_download", "system_admin", ("unit",)),
    ("accounts:appointments", "security_admin", ("role",)),
    ("accounts:grant", "security_admin", ("person",)),
    ("accounts:security", "security_admin", ("job_no",)),
    ("deadlines:extensions", "leader", ("after",)),
    ("ledger:verify", "visitor", ("q", "after")),
    ("ledger:audit", "auditor", ("verb", "subject", "actor", "day", "after")),
    ("notices:inbox", "handler", ("show", "kind", "after")),
    ("notices:outbox", "system_admin", ("state", "after")),
    ("search:search", "visitor", ("q", "kind", "unit", "since", "until", "after")),
    ("feedback:mine", "author", ("state", "after")),
    ("feedback:track", "visitor", ("number",)),
    ("feedback:public_list", "visitor", ("q", "unit", "topic", "state", "year", "late", "after")),
    ("feedback:public_statistics", "visitor", ("unit",)),
    ("feedback:triage", "union_officer", ("stage", "number", "unit", "topic", "lamp", "after")),
    ("feedback:triage_file", "union_officer", ("stage", "number", "unit", "topic", "lamp")),
    ("feedback:inbox", "handler", ("tab", "lamp", "after")),
    ("feedback:deliver_many", "union_officer", ("number",)),
    ("feedback:statistics", "union_officer", ("period", "unit", "side")),
    ("feedback:templates", "dept_head", ("after",)),
]


def _hostile(ask, name, role, names, count):
    rng, path, broken = rng_of("S5", name), reverse(name), []
    for _ in range(count):
        query = hostile_query(rng, names)
        answer = ask(role, "GET", f"{path}?{query}")
        if answer.status not in (200, 302, 400) or answer.wrote:
            broken.append((answer.status, query, answer.wrote))
        if len(broken) > 2:
            break
    assert broken == []


@pytest.mark.parametrize(("name", "role", "names"), LISTS, ids=[name for name, *_ in LISTS])
def test_s05_hostile_addresses_break_no_page(name, role, names, ask):
    _hostile(ask, name, role, names, 25)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "role", "names"), LISTS, ids=[name for name, *_ in LISTS])
def test_s05_two_thousand_hostile_addresses_break_no_page(name, role, names, ask):
    _hostile(ask, name, role, names, 2000)


def test_s05_an_unknown_order_or_page_is_ignored(ask):
    plain = ask("system_admin", "GET", reverse("accounts:people")).text
    strange = ask(
        "system_admin", "GET", reverse("accounts:people") + "?sort=-password&order=asc&page=9&after=%00zz"
    ).text

    def rows(text):
        return re.findall(r"/people/roster/[0-9a-f-]{36}/", text)

    assert rows(strange) == rows(plain) != []


def test_s05_paths_with_strange_arguments_are_not_found(ask):
    for path in (
        "/people/units/%00/rename/",
        "/people/units/%F0%9F%8F%AD/slips/",
        "/people/rules/%7B%7B7*7%7D%7D/set/",
        "/desk/2026-999999999/",
        "/desk/0000-0/",
        "/desk/9999-999999999/assign/",
        "/cards/0000-000000000/",
        "/inquiries/0000-0/",
        "/deadlines/calendar/0/",
        "/deadlines/calendar/99999999999999999999/",
        "/ledger/days/0000-00-00/slip/",
        "/ledger/days/2026-02-30/export/",
        "/notices/bots/99999999999999999999/change/",
        "/desk/templates/99999999999999999999/",
        "/desk/identity-key/99999999999999999999/sheet/",
        "/calendar/%00.ics",
        "/calendar/" + "9" * 5000 + ".ics",
        "/desk/statistics/handling.pdf",
        "/" + "a" * 8000,
    ):
        statuses = {role: ask(role, "GET", path).status for role in ("system_admin", "company_chair", "union_officer")}
        assert set(statuses.values()) <= {404, 403}, (path, statuses)


# S8 ------------------------------------------------------------------------------------------------------------


def _sign_in(job_no, password="wrong-wrong", address="127.0.0.1"):
    client = Client(raise_request_exception=False, REMOTE_ADDR=address)
    answer = client.post(reverse("accounts:sign_in"), {"job_no": job_no, "password": password})
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    headers = sorted(name for name in answer.headers if name != "Set-Cookie")
    return answer.status_code, text.replace(job_no, "JOB"), headers


def test_s08_the_sign_in_tells_nothing_of_an_account(stage):
    plant = stage.plant
    make_person(unit=plant.shop, job_no="820001", secret=True, has_to_change_secret=True)
    make_person(unit=plant.shop, job_no="820002")
    make_person(unit=plant.shop, job_no="820003", secret=True, is_active=False)
    answers = {job_no: _sign_in(job_no) for job_no in ("810001", "829999", "820001", "820002", "820003")}
    assert len({str(answer) for answer in answers.values()}) == 1
    assert answers["829999"][0] == 422
    # The right secret of somebody who has left is a wrong one.
    assert _sign_in("820003", SECRET, "10.1.2.3") == answers["829999"]


def test_s08_known_and_unknown_accounts_wait_alike(stage):
    told = {}
    for job_no in ("810001", "829999"):
        told[job_no] = [_sign_in(job_no) for _ in range(9)]
    assert told["810001"] == told["829999"]
    assert told["810001"][-1][0] == 429
    assert SignInTry.objects.count() == 2


def test_s08_unknown_numbers_take_the_same_work(stage, monkeypatch):
    from django.contrib.auth.hashers import MD5PasswordHasher

    worked = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *a, **k: worked.append(1) or encode(self, *a, **k))
    counts = []
    for job_no in ("810001", "829999"):
        worked.clear()
        _sign_in(job_no)
        counts.append(len(worked))
    assert counts == [1, 1]


def test_s08_tracking_tells_nothing_of_a_number(stage):
    client = Client(REMOTE_ADDR="10.9.8.7")
    known = stage.cards["own"]["assigned"].number
    texts = []
    for number in (known, "2026-999999"):
        answers = [client.post(reverse("feedback:track"), {"number": number, "code": "0" * 16}) for _ in range(7)]
        texts.append([(a.status_code, a.content.decode().replace(number, "NUMBER")) for a in answers])
    assert texts[0] == texts[1]
    assert texts[0][-1][0] == 429


def test_s08_merging_tells_nothing_of_a_foreign_number(ask, stage):
    path = reverse("feedback:merge", args=[stage.cards["own"]["merge"].number])
    texts = set()
    for number in (stage.cards["other"]["assigned"].number, "2026-999999"):
        answer = ask("union_officer", "POST", path, {"number": number})
        fault = re.search(r'id="error-summary".*?</div>', answer.text, re.S)[0]
        texts.add((answer.status, fault.replace(number, "NUMBER")))
    assert len(texts) == 1


# S9 ------------------------------------------------------------------------------------------------------------


def _csrf_client(stage, role="worker"):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = stage.sessions[role]
    return client


def _writes(stage):
    """Return (role, path, data) of acts that anything but a token would let through."""
    card = stage.cards["own"]
    return [
        ("worker", reverse("home:preferences"), {"elder": "1"}),
        ("worker", reverse("accounts:end_others"), {}),
        ("worker", reverse("accounts:sign_out"), {}),
        ("worker", reverse("notices:read_all"), {}),
        ("dept_head", reverse("feedback:approve", args=[card["approve"].number]), {}),
        (
            "union_officer",
            reverse("feedback:deliver", args=[card["deliver"].number]),
            {"channel": "portal", "delivered_on": "2026-03-10"},
        ),
        ("system_admin", reverse("accounts:unit_close", args=[stage.plant.empty.code]), {}),
        ("security_admin", reverse("accounts:appointment_end", args=[stage.appointments["own"].pk]), {}),
        ("visitor", reverse("accounts:sign_in"), {"job_no": "810001", "password": SECRET}),
    ]


def test_s09_a_form_without_its_token_is_refused_with_a_page(stage):
    for role, path, data in _writes(stage):
        cache.clear()
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if role in stage.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = stage.sessions[role]
        answer = client.post(path, data)
        assert answer.status_code == 403, path
        assert "<h1>这个表单已失效</h1>" in answer.content.decode(), path
        assert header_faults(answer.headers, path) == []


def test_s09_a_form_of_another_origin_is_refused(stage):
    client = _csrf_client(stage)
    page = client.get(reverse("accounts:me")).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    data = {"csrfmiddlewaretoken": token, "language": "en", "phone": "", "email": ""}
    path = reverse("accounts:me")
    assert client.post(path, data, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post(path, data, headers={"origin": "http://testserver.evil.example"}).status_code == 403
    assert client.post(path, data, headers={"origin": "http://testserver"}).status_code == 302


def test_s09_an_anonymous_form_of_another_site_is_refused():
    path = reverse("feedback:write_anonymous")
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        answer = Client().post(path, {"step": "check"}, headers=headers)
        assert answer.status_code == 403
        assert header_faults(answer.headers, path) == []


NEXTS = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://testserver@evil.example/",
    "/\t/evil.example",
    "\x00//evil.example",
    " https://evil.example",
    "ftp://testserver/",
    "HTTPS://EVIL.EXAMPLE",
    "//[::1",
)


@pytest.mark.parametrize("target", NEXTS)
def test_s09_nobody_is_sent_away_by_next(target, ask):
    home = reverse("home:home")
    sign_in = reverse("accounts:sign_in")
    places = {
        "sign in": ask("visitor", "POST", sign_in, {"job_no": "810001", "password": SECRET, "next": target}),
        "signed in": ask("worker", "GET", sign_in, {"next": target}),
        "welcome": ask("worker", "GET", reverse("accounts:welcome"), {"next": target}),
        "welcomed": ask("worker", "POST", reverse("accounts:welcome"), {"next": target}),
        "preferences": ask("worker", "POST", reverse("home:preferences"), {"elder": "0", "next": target}),
    }
    assert {name: (a.status, a.response.url) for name, a in places.items()} == {
        **dict.fromkeys(("sign in", "signed in", "welcome", "welcomed"), (302, home)),
        "preferences": (302, reverse("home:front")),
    }
    page = ask("visitor", "GET", sign_in, {"next": target}).text
    # The choice of a language leads back to this very page, with the address it was asked by.
    ways = re.findall(r'(?:name="next" value|href|action)="([^"]*)"', page)
    assert [way for way in ways if not re.match(r"(/[^/\\\\]|/$|#|\?)", way)] == []


def test_s09_a_foreign_host_is_refused(ask):
    for host in ("evil.example", "testserver.evil.example", "testserver:80@evil.example", "testserver/evil"):
        for path in (reverse("accounts:sign_in"), "/livez", reverse("feedback:write_anonymous")):
            answer = ask("visitor", "GET", path, headers={"host": host})
            assert answer.status == 400, (host, path)
            assert "evil" not in answer.text
    answer = ask("visitor", "GET", reverse("accounts:sign_in"), headers={"x-forwarded-host": "evil.example"})
    assert (answer.status, "evil" in answer.text) == (200, False)


def test_s09_no_cache_keeps_a_page_of_somebody(ask, stage):
    """Addresses that look like files of the look are no pages, and pages with a session are not kept."""
    me = reverse("accounts:me")
    for end in ("x.css", "x.js", "%0Ax.css", ";x.css", "..%2Fx.css", "x.png"):
        answer = ask("worker", "GET", me + end)
        assert answer.status == 404, end
        assert stage.cast["worker"].job_no not in answer.text
    for path in (me, reverse("feedback:public_list"), reverse("home:help"), me + "x.css"):
        assert "no-store" in ask("worker", "GET", path).response.headers["Cache-Control"], path


def test_s09_the_method_is_what_the_browser_sent(ask, stage):
    path = reverse("accounts:unit_close", args=[stage.plant.empty.code])
    for how in (
        {"headers": {"x-http-method-override": "POST"}},
        {"headers": {"x-http-method": "POST", "x-method-override": "DELETE"}},
        {"data": {"_method": "POST"}},
    ):
        answer = ask("system_admin", "GET", path, **how)
        assert (answer.status, answer.wrote) == (200, [])
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        answer = ask("system_admin", method, path)
        assert answer.wrote == []
        assert answer.status == 405, method


# S10 -----------------------------------------------------------------------------------------------------------


def test_s10_wrong_turns_have_the_headers_too(ask, stage, monkeypatch):
    from portal.home.views import pages

    def boom(*_args, **_more):
        raise RuntimeError("13900001111")

    monkeypatch.setattr(pages.HelpView, "get_context_data", boom)
    answers = {
        400: ask("visitor", "GET", "/help/", headers={"host": "evil.example"}),
        403: ask("worker", "GET", reverse("feedback:triage")),
        404: ask("worker", "GET", "/nowhere/"),
        405: ask("worker", "GET", reverse("notices:read_all")),
        422: ask("visitor", "POST", reverse("accounts:sign_in"), {}),
        500: ask("worker", "GET", "/help/"),
    }
    assert {wanted: answer.status for wanted, answer in answers.items()} == {status: status for status in answers}
    for answer in answers.values():
        assert header_faults(answer.response.headers, "/") == []
        assert "13900001111" not in answer.text
        assert "Traceback" not in answer.text


def test_s10_static_files_have_the_headers(ask):
    answer = ask("visitor", "GET", "/static/css/tokens.css")
    assert answer.status == 200
    assert {"X-Content-Type-Options"} <= set(answer.response.headers)


def test_s10_the_deployment_check_is_clean(tmp_path):
    import os
    import subprocess
    import sys

    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL_MODE": "production",
        "PORTAL_VAR": str(tmp_path),
        "PORTAL_SECRET_KEY": "k" * 20 + "-Za9" * 20,
        "PORTAL_TAG_KEY": "t" * 20 + "-Za9" * 20,
        "PORTAL_HOSTS": "portal.example.lan",
        "PORTAL_ORIGIN": "https://portal.example.lan",
        "PORTAL_HTTPS": "1",
        "PORTAL_STATIC": str(tmp_path / "static"),
        "DATABASE_URL": "postgres://portal:x@127.0.0.1:1/portal",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_HOST": "mail.example.lan",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr
