"""
P5, S2 and S10 over one walk of every role through everything it can reach.

Two people write confidential and anonymous cards, some of them for discipline
inspection, through the pages, from an address and with a browser of their own,
at a minute of their own; a third signs openly, so that the search is known to find.
"""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from feedback.enums import InquiryKind, InquiryState
from feedback.models import Inquiry
from feedback.sealing import receipt_code
from portal.accounts.models import Person
from portal.deadlines.operations import sweep
from portal.kernel.days import LOCAL
from portal.kernel.middleware import PERMISSIONS_POLICY
from portal.ledger.operations import publish_head
from portal.notices.operations.passing import make_digests, pass_on_urgent
from portal.notices.operations.sending import drain
from tests import pages
from tests.factories import cards
from tests.factories.people import make_person
from tests.matrix.asking import Asker
from tests.matrix.stage import AT, NOW, TOKEN, Stage, session_of
from tests.matrix.table import ROLES
from tests.walking.crawling import walk

pytestmark = pytest.mark.django_db
S = InquiryState
AGENT = "Mozilla/5.0 (Linux; Android 13; HUAWEI-MOZIXUAN-0417) Chrome/120"
ADDRESS = "10.77.88.99"
# The minute in which the marked people do everything they do; nobody else does anything in it.
MINUTE = dt.datetime(2026, 3, 9, 5, 17, 43, 123456, tzinfo=dt.UTC)
DEPARTED = "墨子玄"
OPEN_NAME = "孔明朗"


def _author(plant, name, job_no):
    return make_person(
        unit=plant.shop,
        name=name,
        job_no=job_no,
        phone=f"139{job_no}",
        email=f"{job_no}@mohu.example",
        post="特种押运员",
    )


def _marks(person):
    """Return what points at a person, as pages may print it."""
    return [person.name, person.job_no, person.phone, person.email, str(person.pk), person.pk.hex]


def _minutes(at):
    """Return the ways of writing a minute, here and in UTC, and the second as a number."""
    local = at.astimezone(LOCAL)
    ways = {f"{moment:{way}}" for moment in (at, local) for way in ("%H:%M", "%H时%M分", "%H%M%S", "%I:%M %p")}
    return sorted(ways | {str(int(at.timestamp()))})


def _post(path, data, *, session=None):
    client = Client(headers={"user-agent": AGENT}, REMOTE_ADDR=ADDRESS)
    if session:
        client.cookies["portal_session"] = session
    return client.post(path, data)


def _answers(plant, **more):
    plain = {
        "kind": "suggestion",
        "topic": "living",
        "unit": plant.shop.code,
        "subject": "夜班就餐",
        "body": "夜班吃不上热饭。",
    }
    return {**plain, "suggestion": "", "may_publish": "on", "step": "check", **more}


def _send(stage, person, mode, **more):
    """Send a card as a page would, at the marked minute, and return it with its code."""
    before = set(Inquiry.objects.values_list("pk", flat=True))
    with time_machine.travel(MINUTE, tick=False):
        session = session_of(person, at=MINUTE)
        if mode == "anonymous":
            from feedback.views.anonymous import make_token

            answer = _post(reverse("feedback:write_anonymous"), _answers(stage.plant, form_token=make_token(), **more))
        else:
            answer = _post(reverse("feedback:write"), _answers(stage.plant, mode=mode, **more), session=session)
    assert answer.status_code in (200, 302), answer.content.decode()[:3000]
    card = Inquiry.objects.exclude(pk__in=before).get()
    card.code = receipt_code(card.idempotency_key)
    return card


def _live(stage, card):
    """Take a card through its life: asked, answered by its author, replied to, rated; then in hand again or closed."""
    plant = stage.plant
    cards.register(card, plant=plant)
    cards.assign(card, plant=plant)
    cards.ask_author(card, plant=plant)
    with time_machine.travel(MINUTE + dt.timedelta(days=1), tick=False):
        track = reverse("feedback:track")
        number = {"number": card.number, "code": card.code}
        assert _post(track, {**number, "act": "message", "text": "是丙班。"}).status_code == 200
    cards.draft(card, plant=plant, at=AT + dt.timedelta(days=1, hours=2))
    cards.approve(card, plant=plant, at=AT + dt.timedelta(days=1, hours=2))
    cards.deliver(card, plant=plant, at=AT + dt.timedelta(days=1, hours=3))
    with time_machine.travel(MINUTE + dt.timedelta(days=2), tick=False):
        assert _post(track, {**number, "act": "rate", "level": "4", "comment": "尚可"}).status_code == 200


@pytest.fixture(scope="module")
def told(open_database):
    """Return the stage with the cards of the marked people, and all that the portal has sent by itself."""
    cache.clear()
    stage = Stage(is_bare=True)
    plant = stage.plant
    secret, hidden, named = (
        _author(plant, DEPARTED, "90417731"),
        _author(plant, "墨未央", "90417732"),
        _author(plant, OPEN_NAME, "90417733"),
    )
    about = {"kind": InquiryKind.RETALIATION}
    made = {
        "confidential": _send(stage, secret, "confidential"),
        "confidential, open": _send(stage, secret, "confidential", topic="safety"),
        "confidential, discipline": _send(stage, secret, "confidential", **about),
        "confidential, about a cadre": _send(stage, secret, "confidential", is_about_cadre="on"),
        "anonymous": _send(stage, hidden, "anonymous"),
        "anonymous, open": _send(stage, hidden, "anonymous", topic="safety"),
        "anonymous, discipline": _send(stage, hidden, "anonymous", **about),
    }
    control = {"named": _send(stage, named, "named"), "named, open": _send(stage, named, "named", topic="safety")}
    for name, card in {**made, **control}.items():
        if name.endswith("open"):
            cards.register(card, plant=plant)
            cards.assign(card, plant=plant)
        elif name != "confidential, about a cadre":
            _live(stage, card)
    cards.merge(made["confidential, open"], plant=plant, target=control["named, open"])
    cards.reveal(made["confidential"], plant=plant)
    stage.sessions = {role: session_of(person) for role, person in stage.cast.items()}
    Person.objects.filter(pk__in=[person.pk for person in stage.cast.values()]).update(email="desk@mohu.example")
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        for days in (3, 26, 40, 60):
            moment = AT + dt.timedelta(days=days)
            sweep(at=moment)
            pass_on_urgent(at=moment)
            make_digests(at=moment)
            drain(at=moment)
        publish_head(at=NOW)
        mails = "\n".join(f"{one.subject}\n{one.body}\n{one.to}\n{one.extra_headers}" for one in mail.outbox)
    return SimpleNamespace(
        stage=stage,
        made=made,
        control=control,
        secret=secret,
        hidden=hidden,
        named=named,
        mails=mails,
        letters=len(mail.outbox),
    )


@pytest.fixture(scope="module")
def walks(told):
    """Return what each role has seen."""
    ask = Asker(told.stage)
    everywhere = [
        "/",
        "/home/",
        reverse("feedback:feed"),
        reverse("feedback:ics", args=[TOKEN]),
        reverse("ledger:verify"),
    ]
    everywhere += [
        reverse(f"feedback:{name}") for name in ("public_list", "public_statistics", "triage_file", "statistics")
    ]
    everywhere += [reverse("feedback:statistics_file", args=[form]) for form in ("xlsx", "docx")]
    everywhere += [f"{reverse('feedback:triage')}?stage=all", f"{reverse('feedback:inbox')}?tab=reported"]
    everywhere += [reverse("ledger:export", args=[told.stage.day]), reverse("ledger:audit"), reverse("notices:outbox")]
    for card in {**told.made, **told.control}.values():
        # The acts that are open to a role are linked on its working page; of the others access.csv knows.
        everywhere += [reverse(f"feedback:{page}", args=[card.number]) for page in ("work", "public", "own", "receipt")]
        everywhere += [reverse("feedback:go", args=[card.pk]), reverse("deadlines:explain", args=[card.promise.pk])]
    return {role: walk(ask, role, everywhere) for role in ROLES}


# The roster lists everybody; no page of it may name a matter (test below).
ROSTER = re.compile(r"^accounts:(people|person.*|slips|roster.*|appointments|security)$")


def _hits(walks, marks):
    return [
        (role, seen.url, mark)
        for role, pages_seen in walks.items()
        for seen in pages_seen
        if not ROSTER.match(seen.route)
        for mark in marks
        if mark in seen.text
    ]


def p05_the_walk_reaches_enough(walks, told):
    reached = {role: len({seen.url for seen in rows if seen.status == 200}) for role, rows in walks.items()}
    least = {"visitor": 20, "worker": 25, "handler": 35, "union_officer": 90, "discipline": 60, "auditor": 60}
    assert {role: count for role, count in least.items() if reached[role] < count} == {}, reached
    routes = {seen.route for rows in walks.values() for seen in rows if seen.status == 200}
    assert routes >= {
        "feedback:work",
        "feedback:triage",
        "feedback:triage_file",
        "feedback:statistics_file",
        "feedback:feed",
        "feedback:ics",
        "feedback:public",
        "ledger:export",
        "ledger:audit",
        "notices:inbox",
        "deadlines:explain",
    }
    assert told.letters > 10


def p05_nobody_finds_who_wrote_a_confidential_card(walks, told):
    assert _hits(walks, _marks(told.secret)) == []
    assert [mark for mark in _marks(told.secret) if mark in told.mails] == []


def p05_nobody_finds_who_wrote_an_anonymous_card(walks, told):
    assert _hits(walks, _marks(told.hidden)) == []
    assert [mark for mark in _marks(told.hidden) if mark in told.mails] == []


def p05_nobody_finds_when_and_from_where_a_card_was_written(walks, told):
    marks = [*_minutes(MINUTE), ADDRESS, "10.77.88", "HUAWEI", "MOZIXUAN"]
    assert _hits(walks, marks) == []
    assert [mark for mark in marks if mark in told.mails] == []


def p05_the_search_finds_an_open_name(walks, told):
    found = _hits(walks, [OPEN_NAME])
    assert {"union_officer", "handler", "dept_head", "leader"} <= {role for role, *_ in found}
    assert "visitor" not in {role for role, *_ in found}


def p05_the_roster_names_no_matter(walks, told):
    named = [
        (role, seen.url)
        for role, rows in walks.items()
        for seen in rows
        if ROSTER.match(seen.route) and re.search(r"\b2026-\d{4}\b(?!-)", re.sub(r"20\d\d-\d\d-\d\d", "", seen.text))
    ]
    assert named == []


OWN_TABLES = {"accounts.person", "accounts.device", "accounts.signintry", "sessions.session"}


def test_p05_no_table_joins_an_author_to_a_card(told):
    """Not only pages: no row outside the roster and the sessions has anything of the marked people or their minute."""
    marks = [*_marks(told.secret), *_marks(told.hidden), ADDRESS, "HUAWEI", "05:17", "13:17"]
    named = [key for card in told.control.values() for key in (str(card.pk), str(card.promise_id))]
    found, control = [], set()
    for model in apps.get_models():
        if model._meta.label_lower in OWN_TABLES or model._meta.proxy:
            continue
        for row in model._default_manager.values():
            text = " ".join(
                value.hex() if isinstance(value, (bytes, memoryview)) else str(value) for value in row.values()
            )
            hits = {mark for mark in marks if mark in text}
            if any(key in text for key in named):  # a named card may say when
                control |= {mark for mark in ("05:17", str(told.named.pk)) if mark in text}
            else:
                found += [(model._meta.label, mark, text) for mark in hits]
    assert control == {"05:17", str(told.named.pk)}
    assert found == []


def p05_a_matter_about_a_cadre_is_unknown_to_the_union_and_the_unit(walks, told):
    for name in ("confidential, discipline", "confidential, about a cadre", "anonymous, discipline"):
        number = told.made[name].number
        opened = {
            role
            for role, rows in walks.items()
            for seen in rows
            if seen.url.startswith(f"/desk/{number}/") and seen.status != 404 and seen.status != 302
        }
        allowed = {"discipline", "auditor"} | ({"union_chair", "company_chair"} if "discipline" in name else set())
        assert opened - allowed == set(), name


# S2 ------------------------------------------------------------------------------------------------------------


def s02_no_page_writes_anything_when_it_is_read(walks, told):
    assert sum(len(rows) for rows in walks.values()) > 1500
    assert [(role, seen.url, seen.wrote) for role, rows in walks.items() for seen in rows if seen.wrote] == []


# S10 -----------------------------------------------------------------------------------------------------------

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def header_faults(headers, path):
    """Return what the headers of an answer lack."""
    wrong = [name for name, value in HEADERS.items() if headers.get(name) != value]
    policy = {part.strip() for part in headers.get("Content-Security-Policy", "").split(";") if part.strip()}
    if policy not in (POLICY, {"sandbox", "default-src 'none'"}):
        wrong.append(f"policy {sorted(policy ^ POLICY)}")
    if headers.get("Referrer-Policy") != ("no-referrer" if path.startswith("/a/") else "same-origin"):
        wrong.append("Referrer-Policy")
    return wrong


def s10_every_answer_has_the_headers(walks, told):
    faults = [
        (role, seen.url, seen.status, wrong)
        for role, rows in walks.items()
        for seen in rows
        if (wrong := header_faults(seen.headers, seen.url))
    ]
    assert faults == []
    kept = [
        (role, seen.url)
        for role, rows in walks.items()
        for seen in rows
        if role != "visitor" and not re.search("no-store|no-cache", seen.headers.get("Cache-Control", ""))
    ]
    assert kept == []


def s10_no_page_has_anything_inline_or_without_a_name(walks, told):
    faults = {
        (seen.route, said)
        for rows in walks.values()
        for seen in rows
        if seen.headers.get("Content-Type", "").startswith("text/html") and seen.status not in (301, 302)
        for said in pages.examine(seen.text)
    }
    assert faults == set()


# One test for all that is found on the walk: of two workers that share a module each would walk it, for minutes.
FINDINGS = [
    p05_the_walk_reaches_enough,
    p05_nobody_finds_who_wrote_a_confidential_card,
    p05_nobody_finds_who_wrote_an_anonymous_card,
    p05_nobody_finds_when_and_from_where_a_card_was_written,
    p05_the_search_finds_an_open_name,
    p05_the_roster_names_no_matter,
    p05_a_matter_about_a_cadre_is_unknown_to_the_union_and_the_unit,
    s02_no_page_writes_anything_when_it_is_read,
    s10_every_answer_has_the_headers,
    s10_no_page_has_anything_inline_or_without_a_name,
]


def test_p05_s02_s10_what_every_role_finds(walks, told, subtests):
    for finding in FINDINGS:
        with subtests.test(finding.__name__):
            finding(walks, told)
