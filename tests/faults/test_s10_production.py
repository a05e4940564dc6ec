"""S10, P9: what a real server in production mode sends and writes down, asked as the reverse proxy asks it."""

import contextlib
import http.client
import json
import re
from urllib.parse import urlencode, urlsplit

import pytest

from feedback.models import Inquiry
from tests.factories.cards import make_plant
from tests.faults.people import BODY, card_form, session_of

pytestmark = pytest.mark.services
HOST = "portal.example.lan"
ADDRESS, AGENT = "10.77.66.55", "Marker-Agent/9.9"


@pytest.fixture
def production(stage, tmp_path):
    """The web server with the switches of the compose file; ``ask`` sends what nginx would pass on."""
    stage.environment |= {
        "PORTAL_MODE": "production",
        "PORTAL_HOSTS": f"{HOST},127.0.0.1",  # the latter for the question whether it lives
        "PORTAL_ORIGIN": f"https://{HOST}",
        "PORTAL_HTTPS": "yes",
        "PORTAL_PROXIES": "1",
        "PORTAL_LOG_LEVEL": "INFO",
        "PORTAL_STATIC": str(tmp_path / "static"),
        "EMAIL_HOST": "mail.example.lan",
    }
    done = stage.run("-W", "ignore", "manage.py", "collectstatic", "--no-input", "-v0")
    assert done.returncode == 0, done.stderr[-2000:]
    return Production(stage)


class Production:
    def __init__(self, stage):
        self.place = urlsplit(stage.web()).netloc
        self.web = stage.children[-1]

    def ask(self, path, data=None, *, scheme="https", cookie="", **headers):
        line = http.client.HTTPConnection(self.place, timeout=120)
        headers = {
            "Host": HOST,
            "X-Forwarded-For": ADDRESS,
            "X-Forwarded-Proto": scheme,
            "User-Agent": AGENT,
            "Connection": "close",
            **({"Cookie": cookie} if cookie else {}),
            **({"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"} if data else {}),
            **headers,
        }
        with contextlib.closing(line):
            line.request("POST" if data else "GET", path, urlencode(data) if data else None, headers)
            answer = line.getresponse()
            return answer, answer.read().decode(errors="replace")


def observed(answer, text):
    """Return the questions of the MDN HTTP Observatory that can be asked here, and whether each is passed."""
    header = answer.headers.get
    policy = {}
    for part in (header("Content-Security-Policy") or "").split(";"):
        name, *values = part.split() or [""]
        policy[name] = set(values)
    cookies = [cookie.lower() for cookie in answer.headers.get_all("Set-Cookie") or []]
    seconds = re.match(r"max-age=(\d+)", header("Strict-Transport-Security") or "max-age=0")
    scripts = re.findall(r"<(?:script|link)\b[^>]*?\b(?:src|href)=\"([^\"]+)\"", text)
    return {
        "content-security-policy": policy.get("default-src") == {"'none'"}
        and not {value for values in policy.values() for value in values} & {"'unsafe-inline'", "'unsafe-eval'", "*"}
        and {"base-uri", "form-action", "frame-ancestors"} <= set(policy),
        "cookies": all({"secure", "httponly"} <= set(map(str.strip, c.split(";"))) for c in cookies)
        and all("samesite=" in cookie for cookie in cookies),
        "cross-origin-resource-sharing": header("Access-Control-Allow-Origin") is None,
        "cross-origin-resource-policy": header("Cross-Origin-Resource-Policy") == "same-origin",
        "referrer-policy": header("Referrer-Policy") in {"no-referrer", "same-origin"},
        "strict-transport-security": int(seconds[1]) >= 15_768_000,
        "subresource-integrity": all(re.match(r"/(?!/)|https://" + re.escape(HOST), place) for place in scripts),
        "x-content-type-options": header("X-Content-Type-Options") == "nosniff",
        "x-frame-options": policy.get("frame-ancestors") == {"'none'"} and header("X-Frame-Options") == "DENY",
    }


def test_s10_the_observatory_has_nothing_to_say(production, transactional_db):
    plant = make_plant()
    cookie = f"portal_session={session_of(plant.worker)}"
    pages = [
        ("/", ""),
        ("/people/sign-in/", ""),
        ("/a/card/", ""),
        ("/inquiries/", ""),
        ("/home/", cookie),
        ("/people/me/", cookie),
        ("/nowhere/", cookie),
    ]
    failed, cookies = [], 0
    for path, held in pages:
        answer, text = production.ask(path, cookie=held)
        assert answer.status == (404 if path == "/nowhere/" else 200), (path, text[-2000:])
        failed += [(path, name) for name, is_passed in observed(answer, text).items() if not is_passed]
        cookies += len(answer.headers.get_all("Set-Cookie") or [])
    assert failed == []
    assert cookies >= 2, "no cookie was looked at"
    # Redirection: whoever comes without TLS is sent to the same address with it, first of all.
    answer, _text = production.ask("/people/sign-in/?next=/home/", scheme="http")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/people/sign-in/?next=/home/")
    # The look has its headers as well.
    _answer, text = production.ask("/")
    for place in sorted(set(re.findall(r'"(/static/[^"]+\.(?:css|js|svg))"', text)))[:6]:
        answer, text = production.ask(place)
        assert (answer.status, answer.headers["X-Content-Type-Options"]) == (200, "nosniff"), place
        assert "max-age" in answer.headers["Cache-Control"] and not answer.headers.get("Set-Cookie")


def test_p09_a_real_server_keeps_no_mark_of_an_anonymous_card(production, transactional_db, postgres):
    plant = make_plant()
    answers = [production.ask("/a/card/"), production.ask("/a/track/")]
    token = re.search(r'name="form_token" value="([^"]+)"', answers[0][1])[1]
    form = card_form(plant.shop.code, mode="anonymous") | {"form_token": token}
    answers.append(production.ask("/a/card/", form))
    card = Inquiry.objects.get()
    answers.append(production.ask("/a/track/", {"number": card.number, "code": "1" * 16}))
    # The same once more while something breaks under the page: what fails is written down, whose it was is not.
    with postgres.cursor() as cursor:
        cursor.execute("ALTER TABLE feedback_inquiry RENAME COLUMN subject TO away")
        try:
            broken = production.ask("/a/card/", form)
            named = production.ask(f"/inquiries/{card.number}/")
        finally:
            cursor.execute("ALTER TABLE feedback_inquiry RENAME COLUMN away TO subject")
    assert [answer.status for answer, _text in answers] == [200] * 4
    assert broken[0].status >= 500 and named[0].status >= 500
    for answer, _text in [*answers, broken]:
        assert answer.headers.get("Set-Cookie") is None
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    log = production.web.log.read_text(encoding="utf-8", errors="replace")
    assert [mark for mark in (ADDRESS, "10.77", AGENT, BODY, form["subject"], "/a/", token) if mark in log] == []
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    quiet = [line for line in lines if line["message"] == "An anonymous page failed"]
    assert [len(line["time"]) for line in quiet] == [10] * len(quiet) != []
    assert [line for line in lines if len(line["time"]) > 10], "the failure of the other page was not written down"
