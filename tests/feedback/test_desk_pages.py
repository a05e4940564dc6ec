"""The lists of the desks: what they cost, what hostile addresses do to them, and what they never tell (P5, S5)."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.enums import IdentityMode, InquiryState, RatingLevel
from feedback.operations import make_calendar_address
from feedback.statistics import board_counts, statistics_of
from feedback.views.statistics import period_of
from portal.accounts.models import Person
from portal.kernel.days import local_day
from tests.factories import cards
from tests.signing import signed_in

S = InquiryState
HOSTILE = (
    "\x00",
    "\ud800",
    "9" * 400,
    "../../etc",
    "<script>",
    "1e309",
    "-1",
    "２０２６",
    "' OR 1=1",
    "a" * 3000,
    "%",
    "\u202e",
    "=cmd()",
)


@pytest.fixture
def plant(db):
    return cards.make_plant()


def content(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for close in answer._resource_closers:
        close()
    return body


# Session, person, appointments, the frame's enterprise and ledger head, unread notices, watchdog; then the page's own.


@pytest.mark.parametrize("cards_made", [1, 3])
@pytest.mark.parametrize(
    ("who", "path", "queries"),
    [
        ("officer", "/desk/triage/?stage=assigned", 9),
        ("handler", "/desk/inbox/", 10),
        ("officer", "/desk/deliver/", 7),
        ("officer", "/desk/statistics/", 10),
    ],
)
def test_a_list_costs_the_same_with_one_and_three_rows(
    client, plant, django_assert_num_queries, cards_made, who, path, queries
):
    for _number in range(cards_made):
        cards.make_inquiry(plant, state=S.ASSIGNED, at=timezone.now())
        cards.make_inquiry(plant, state=S.APPROVED, at=timezone.now())
    signed_in(client, getattr(plant, who))
    client.get(path)
    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


# Without a rating none is read.
@pytest.mark.parametrize(("rounds", "queries"), [(1, 11), (2, 12), (3, 12)])
def test_the_working_page_costs_the_same_however_long_the_history(
    client, plant, django_assert_num_queries, rounds, queries
):
    card = cards.make_inquiry(plant, state=S.ANSWERED, at=timezone.now())
    for _round in range(rounds - 1):
        cards.rate(card, plant=plant, at=timezone.now(), level=RatingLevel.DISSATISFIED)
        for step in (cards.draft, cards.approve, cards.deliver):
            step(card, plant=plant, at=timezone.now())
    signed_in(client, plant.officer)
    url = reverse("feedback:work", args=[card.number])
    client.get(url)
    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


def test_a_full_board_stays_small(client, plant):
    for _number in range(26):
        cards.make_inquiry(plant, state=S.REGISTERED, at=timezone.now())
    signed_in(client, plant.officer)
    answer = client.get("/desk/triage/?stage=registered")
    assert (len(answer.context["rows"]), len(answer.content) < 40 * 1024) == (25, True), len(answer.content)
    more = client.get(f"/desk/triage/?stage=registered&after={answer.context['page'].next_token}")
    assert len(more.context["rows"]) == 1


@pytest.mark.parametrize(
    "path",
    ["triage", "inbox", "statistics", "deliver_many", "scorecard", "decisions", "public_statistics", "triage_file"],
)
def test_s05_hostile_query_strings_are_taken_as_none(client, plant, path):
    cards.make_inquiry(plant, state=S.ASSIGNED, at=timezone.now())
    who = plant.head if path in ("inbox", "scorecard") else plant.officer
    signed_in(client, who)
    names = ("stage", "unit", "topic", "lamp", "number", "after", "tab", "period", "side", "template")
    for value in HOSTILE:
        answer = client.get(reverse(f"feedback:{path}"), dict.fromkeys(names, value.encode("utf-8", "surrogatepass")))
        content(answer)
        assert answer.status_code == 200, (path, value[:20])


def test_filters_and_lamps_pick_their_rows(client, plant):
    late = cards.make_inquiry(plant, state=S.ASSIGNED, at=timezone.now() - dt.timedelta(days=40))
    fresh = cards.make_inquiry(plant, state=S.ASSIGNED, at=timezone.now(), topic="pay")
    signed_in(client, plant.officer)

    def shown(query):
        return [row.number for row, _due in client.get(f"/desk/triage/?stage=assigned&{query}").context["rows"]]

    assert shown("") == [late.number, fresh.number]
    assert (shown("lamp=red"), shown("lamp=blue"), shown("lamp=yellow")) == ([late.number], [fresh.number], [])
    assert (shown("topic=pay"), shown("unit=YX"), shown("unit=HQ")) == ([fresh.number], [late.number, fresh.number], [])
    assert shown(f"number={fresh.number}") == [fresh.number]
    signed_in(client, plant.head)
    inbox = client.get("/desk/inbox/").context
    assert [row.number for row in inbox["rows"]] == [late.number, fresh.number]
    assert [n for _code, _label, n in inbox["lamps"]] == [1, 0, 1, 0]


def test_counts_on_the_tabs_are_those_of_the_rows(client, plant):
    for state in (S.SUBMITTED, S.ASSIGNED, S.ASSIGNED):
        cards.make_inquiry(plant, state=state, at=timezone.now())
    cards.make_inquiry(plant, state=S.SUBMITTED, at=timezone.now(), kind="retaliation")
    counts = {who: board_counts(getattr(plant, who)) for who in ("officer", "chair", "inspector")}
    assert {who: (c["submitted"], c["assigned"]) for who, c in counts.items()} == {
        "officer": (1, 2),
        "chair": (2, 2),
        "inspector": (1, 0),
    }


def test_statistics_are_those_of_the_matters(plant):
    for level in (RatingLevel.SATISFIED, RatingLevel.VERY_DISSATISFIED):
        card = cards.make_inquiry(plant, state=S.ANSWERED, at=timezone.now())
        cards.rate(card, plant=plant, at=timezone.now(), level=level)
    cards.make_inquiry(plant, state=S.ASSIGNED, at=timezone.now() - dt.timedelta(days=40))
    since, until = period_of("12", local_day(timezone.now()))
    found = statistics_of([plant.company], since=since, until=until, at=timezone.now())
    total = found.total
    assert (total.received, total.answered, total.on_time, total.landed, total.rated, total.satisfied, total.redo) == (
        3,
        2,
        2,
        2,
        2,
        1,
        1,
    )
    assert (total.overdue, total.on_time_rate, total.satisfied_rate, total.is_small) == (1, 2 / 3, 0.5, True)
    assert [(unit.name, figures.received) for unit, figures in found.units] == [("乙烯厂", 3)]
    department = statistics_of([plant.logistics], since=since, until=until, at=timezone.now(), by_department=True)
    assert (department.total.received, department.total.overdue) == (3, 1)


@pytest.mark.parametrize(("form", "start"), [("xlsx", b"PK"), ("docx", b"PK")])
def test_statistics_leave_as_files(client, plant, form, start):
    cards.make_inquiry(plant, state=S.CLOSED, at=timezone.now())
    signed_in(client, plant.officer)
    answer = client.get(f"/desk/statistics/handling.{form}")
    assert (answer.status_code, content(answer)[:2]) == (200, start)


def test_p05_nothing_on_the_desks_tells_who_wrote_an_unnamed_card(client, plant):
    author = plant.worker
    Person.objects.filter(pk=author.pk).update(phone="13900001234")
    moment = timezone.now().replace(hour=3, minute=17, second=41)  # 11:17:41 at the plant
    made = []
    for mode in (IdentityMode.CONFIDENTIAL, IdentityMode.ANONYMOUS):
        for state in (S.ASSIGNED, S.DRAFTED, S.APPROVED, S.ANSWERED, S.CLOSED, S.TRACKED):
            made.append(cards.make_inquiry(plant, state=state, at=moment, identity_mode=mode))
    # The data exist: the union can open the sealed name.
    sealed = made[0]
    assert cards.reveal(sealed, plant=plant, at=moment)["job_no"] == author.job_no
    markers = [author.name, author.job_no, "13900001234"]
    received = re.compile(r"11:17(:41)?")
    pages = 0
    for who in ("leader", "head", "handler", "inspector", "auditor"):
        person = getattr(plant, who)
        signed_in(client, person)
        paths = [
            "/desk/inbox/",
            "/desk/inbox/?tab=approve",
            "/desk/inbox/?tab=reported",
            "/desk/statistics/",
            "/desk/scorecard/",
            "/desk/decisions/",
        ]
        paths += [
            "/desk/triage/?stage=all",
            "/desk/triage/list.xlsx",
            "/desk/statistics/handling.xlsx",
            "/desk/statistics/handling.docx",
        ]
        paths += [reverse("feedback:work", args=[card.number]) for card in made]
        paths += [reverse("feedback:reply", args=[card.number]) for card in made[:1]]
        if who in ("leader", "head", "handler", "inspector"):
            paths.append(
                reverse(
                    "feedback:ics", args=[make_calendar_address(person_id=person.pk, actor=person, at=timezone.now())]
                )
            )
        for path in paths:
            answer = client.get(path)
            if answer.status_code != 200:
                continue
            pages += 1
            text = _unpacked(content(answer))
            assert [marker for marker in markers if marker in text] == [], (who, path)
            submitted = [line for line in text.split("<li") if "收到信息卡" in line]
            assert [line for line in submitted if received.search(line)] == [], (who, path)
    assert pages >= 60


def _unpacked(body):
    """Return the text of a page or of every part of an office file."""
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
