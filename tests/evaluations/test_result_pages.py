"""Pages of results: who sees which figures, the same on page, paper and in files; still while a round is open (P8)."""

import contextlib
import datetime as dt
import io
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from evaluations.enums import Visibility
from evaluations.models import Outcome, Remark, ResultStatement, ResultUse
from evaluations.views import results as views
from portal.accounts.enums import Category, Role
from portal.kernel import keeping
from tests.factories.appraisals import OPEN, count_now, make_round, rate
from tests.factories.people import make_officer, make_person
from tests.factories.results import made_public, rated_round
from tests.pages import all_routes
from tests.readers import same_for_all
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
OF_A_ROUND = ("results", "how", "results_workbook", "results_document")


def browser(person):
    return signed_in(Client(), person)


def asked(person, name, *args, status=200):
    """Return the text of a page, asked for by somebody."""
    answer = browser(person).get(reverse(f"evaluations:{name}", args=args))
    assert answer.status_code == status, (name, answer.status_code)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.content.decode() if answer["Content-Type"].startswith("text/html") else ""


def cast_of(rated):
    """Return people of all kinds who look at results, by name."""
    return {
        "officer": rated.officer,
        "auditor": make_officer(Role.AUDITOR, rated.unit),
        "own": rated.subjects[0],
        "other": rated.subjects[1],
        "head": rated.heads[0],
        "worker": rated.workers[0],
        "not asked": make_person(unit=rated.unit, category=Category.MANAGER),
        "leader": make_officer(Role.LEADER_IN_CHARGE, rated.unit.parent),
        "admin": make_officer(Role.SYSTEM_ADMIN, rated.unit.parent),
        "stranger": make_person(),
    }


@pytest.mark.parametrize(
    ("visibility", "sees_class", "sees_score"),
    [(Visibility.SUBJECTS, False, False), (Visibility.CLASSES, True, False), (Visibility.SCORES, True, True)],
)
def test_who_sees_what(visibility, sees_class, sees_score):
    rated = rated_round(remarks=11, visibility=visibility)
    count_now(rated)
    one, two = made_public(rated)
    cast = cast_of(rated)
    for name, person in cast.items():
        if name in ("leader", "admin", "stranger"):
            asked(person, "results", rated.round.pk, status=404)
            for subject in (one.pk, two.pk):
                asked(person, "result", subject, status=404)
            continue
        page = asked(person, "results", rated.round.pk)
        has_all = name in ("officer", "auditor")
        assert ("90.40" in page) == (has_all or sees_score or name == "own"), name
        assert ("70.00" in page) == (has_all or sees_score or name == "other"), name
        classes = page.count("称职</td>") + page.count("优秀</td>")
        assert classes == (2 if has_all or sees_class else 1 if name in ("own", "other") else 0), name
        for subject, reader in ((one.pk, "own"), (two.pk, "other")):
            may = has_all or name == reader
            asked(person, "result", subject, status=200 if may else 404)
            asked(person, "result_sheet", subject, status=200 if may else 404)
        for route in ("results_workbook", "results_document"):
            asked(person, route, rated.round.pk, status=200 if has_all else 404)
        asked(person, "how", rated.round.pk)


def test_remarks_reach_the_person_and_the_union_and_nobody_else():
    rated = rated_round(remarks=11)
    count_now(rated)
    one, _two = made_public(rated)
    cast = cast_of(rated)
    for name, reads in (("own", True), ("officer", True), ("auditor", False)):
        for route in ("result", "result_sheet"):
            assert (asked(cast[name], route, one.pk).count("说到做到") == 11) == reads
    assert "11 条意见已转给本人" in asked(cast["auditor"], "result", one.pk)


def figures_in(text):
    """Return the numbers of a text as they are printed with two decimals."""
    return {word for word in text.replace("<", " ").replace(">", " ").replace("；", " ").split() if is_figure(word)}


def is_figure(word):
    whole, dot, rest = word.partition(".")
    return bool(dot) and len(rest) == 2 and whole.isdigit() and rest.isdigit()


def printed(cell):
    """Return what a spreadsheet shows of a cell."""
    return f"{cell.value:.2f}" if cell.number_format == "#,##0.00" and is_number(cell) else str(cell.value)


def is_number(cell):
    return cell.value is not None and cell.data_type == "n"


def test_page_sheet_workbook_and_document_print_the_same_numbers():
    rated = rated_round(has_remarks=False)
    count_now(rated)
    outcomes = made_public(rated)
    client = browser(rated.officer)
    expected = {row["score"] for one in outcomes for row in one.figures["dimensions"]} | {
        one.figures["score"] for one in outcomes
    }
    assert len(expected) > 1
    pages = "".join(asked(rated.officer, "result", one.pk) for one in outcomes)
    sheets = "".join(asked(rated.officer, "result_sheet", one.pk) for one in outcomes)
    for text in (pages, sheets):
        assert expected <= figures_in(text)
    book = client.get(reverse("evaluations:results_workbook", args=[rated.round.pk]))
    rows = load_workbook(io.BytesIO(b"".join(book.streaming_content)))
    cells = {printed(cell) for sheet in rows for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert expected <= cells
    # Numbers, so that a spreadsheet can count with them; a text would be left out of every sum.
    scores = {printed(cell) for sheet in rows for row in sheet.iter_rows() for cell in row if is_number(cell)}
    assert expected <= scores
    columns = [column for sheet in rows for column in sheet.iter_cols() if "权重" in {cell.value for cell in column}]
    weights = [cell for column in columns for cell in column if cell.value not in (None, "权重")]
    assert len(columns) == 2 and weights and all(map(is_number, weights)), [cell.value for cell in weights]
    paper = client.get(reverse("evaluations:results_document", args=[rated.round.pk]))
    document = Document(io.BytesIO(paper.getvalue()))
    words = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert expected <= words
    # Nothing with two decimals stands in a file that is not on a page.
    assert {cell for cell in cells if is_figure(cell)} <= figures_in(pages)


def test_nothing_of_a_small_group_is_on_any_page_or_in_any_file():
    """The group's own mean is planted as a number that nothing else comes to."""
    rated = make_round(OPEN, heads=7, workers=14, has_remarks=False)
    for person in rated.heads:
        rate(rated, person, "incompetent")
    for n, person in enumerate(rated.workers):
        rate(rated, person, "excellent" if n % 2 else "competent")
    count_now(rated)
    one, _two = made_public(rated)
    assert one.score == 70  # 0.4 × 40 + 0.6 × 90
    for person in cast_of(rated).values():
        client = browser(person)
        for name in (*OF_A_ROUND, "result", "result_sheet"):
            key = one.pk if name.startswith("result") and name not in OF_A_ROUND else rated.round.pk
            answer = client.get(reverse(f"evaluations:{name}", args=[key]))
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if name == "results_workbook" and answer.status_code == 200:
                book = load_workbook(io.BytesIO(content))
                content = " ".join(printed(c) for sheet in book for row in sheet.iter_rows() for c in row).encode()
            elif name == "results_document" and answer.status_code == 200:
                paper = Document(io.BytesIO(content))
                content = " ".join(c.text for t in paper.tables for r in t.rows for c in r.cells).encode()
            for number in (b"40.00", b"90.00"):
                assert number not in content, (name, number)
    assert "40.00" not in str(one.figures) and "90.00" not in str(one.figures)


def test_p08_while_forms_are_taken_no_page_changes_for_anybody():
    now = timezone.now()
    rated = make_round(OPEN, heads=12, workers=14, at=now)
    people = cast_of(rated)
    cast = {name: browser(people[name]) for name in ("officer", "auditor", "own", "worker")}
    others = set(Role) - {Role.UNION_OFFICER, Role.AUDITOR}
    cast |= {str(role): browser(make_officer(role, rated.unit)) for role in others} | {"visitor": Client()}
    keys = [str(rated.round.pk), str(rated.round.subjects.first().pk)]
    paths = []
    for name in sorted(all_routes()):
        for args in ([], *([key] for key in keys)) if name.startswith("evaluations:") else ():
            with contextlib.suppress(NoReverseMatch):
                paths.append(reverse(name, args=args))
    assert len(paths) >= 25

    def seen(places):
        with time_machine.travel(now + dt.timedelta(minutes=1), tick=False):
            return {(who, path): shown_at(cast[who], path) for who, path in places}

    near = ("officer", "auditor", "own", "worker")
    before = seen([(who, path) for who in near for path in paths])
    # Everybody else is asked for what one of those nearest to the round can open.
    open_to_some = {path for (_who, path), (status, _text) in before.items() if status == 200}
    assert len(open_to_some) >= 10
    before |= seen([(who, path) for who in cast if who not in near for path in sorted(open_to_some)])
    places = [key for key, (status, _text) in before.items() if status not in (302, 404) or key[0] in near]
    for n, person in enumerate([*rated.heads[1:], *rated.workers[1:]]):
        rate(rated, person, "excellent" if n % 2 else "basic", at=now, remark=f"第{n}条")
    after = seen(places)
    assert {key for key in places if after[key] != before[key]} == set()
    closed = [reverse(f"evaluations:{name}", args=keys[:1]) for name in OF_A_ROUND]
    assert {before[who, path][0] for who in near for path in closed} == {404}


def shown_at(client, path):
    """Return the status of a page and its text without what is new in every answer: tokens, keys, reference numbers."""
    answer = client.get(path)
    body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8", "replace")
    return answer.status_code, re.sub(r'(?<=value=")[^"]{32,}(?=")|(?<=reference">)\w+', "", body)


def test_results_are_for_each_what_was_drawn(monkeypatch):
    rated = rated_round(remarks=11, visibility=Visibility.SCORES)
    count_now(rated)
    made_public(rated)
    keeping._kept.clear()
    cast = cast_of(rated)
    readers = {name: cast[name] for name in ("officer", "auditor", "own", "other", "head", "worker")}
    kept = same_for_all(
        monkeypatch, views, reverse("evaluations:results", args=[rated.round.pk]), readers, timezone.now()
    )
    assert kept == 3  # one for those who may open nothing, in each look; a page with an own result is kept nowhere


@pytest.mark.parametrize("subjects", [1, 3])
def test_a_closed_page_reads_what_was_stored(subjects):
    rated = rated_round(heads=10, workers=10, subjects=subjects, has_remarks=False, officer=None)
    count_now(rated)
    outcomes = made_public(rated)
    ResultStatement.objects.create(
        subject_id=outcomes[0].pk, text="接受。", by=rated.subjects[0], at=rated.round.published_at
    )
    limits = {"results": 12, "result": 14, "how": 14}
    for person in (rated.officer, rated.subjects[0], rated.workers[0]):
        for name in ("results", "result", "how"):
            if name == "result" and person == rated.workers[0]:
                continue
            client = browser(person)
            pk = outcomes[0].pk if name == "result" else rated.round.pk
            client.get(reverse("evaluations:results_index"))
            with CaptureQueriesContext(connection) as found:
                client.get(reverse(f"evaluations:{name}", args=[pk]))
            own = [q["sql"] for q in found if '"evaluations_' in q["sql"]]
            assert not any("evaluations_count" in sql or "evaluations_grouptally" in sql for sql in own)
            print(subjects, name, person.job_no, len(found), len(own))
            assert len(found) <= limits[name]


def test_from_the_count_to_the_use_by_pages():
    rated = rated_round(remarks=11)
    count_now(rated)
    officer = browser(rated.officer)
    key = rated.round.pk
    assert "22 条意见尚未处理" in asked(rated.officer, "remarks", key)
    asked(rated.heads[0], "remarks", key, status=404)
    asked(rated.subjects[0], "publish", key, status=404)
    for n, remark in enumerate(Remark.objects.all()):
        path = reverse("evaluations:remark_decide", args=[remark.pk])
        if n == 0:
            assert officer.get(path).status_code == 200
            wrong = officer.post(path, {"decision": "withhold", "text": remark.text, "reason": ""})
            assert (wrong.status_code, "请说明为什么不转交" in wrong.content.decode()) == (422, True)
            wrong = officer.post(path, {"decision": "keep", "text": "改写", "reason": ""})
            assert (wrong.status_code, "改写" in wrong.content.decode()) == (422, True)
        data = {"decision": "keep", "text": remark.text, "reason": ""}
        assert officer.post(path, data).status_code == 302
    path = reverse("evaluations:publish", args=[key])
    assert officer.get(path).status_code == 200
    assert officer.post(path, {}).status_code == 422
    assert officer.post(path, {"is_sure": "on"}).status_code == 302
    assert officer.post(path, {"is_sure": "on"}).status_code == 403
    _first, second = Outcome.objects.order_by("subject__order")

    own = browser(rated.subjects[1])
    statement = reverse("evaluations:statement", args=[second.pk])
    assert own.post(statement, {"text": ""}).status_code == 422
    assert own.post(statement, {"text": "接受评议，认真整改。"}).status_code == 302
    assert own.post(statement, {"text": "再说一次"}).status_code == 403
    use = reverse("evaluations:use_new", args=[second.pk])
    assert "不足 2/3" in asked(rated.officer, "result", second.pk)
    assert own.get(use).status_code == 403
    data = {
        "kind": "talk",
        "prompt": "talk",
        "decided_by": "公司党委会",
        "decided_on": "2026-11-25",
        "reason": "经核实履职不力。",
        "idempotency_key": str(key),
    }
    assert officer.post(use, {**data, "reason": ""}).status_code == 422
    assert officer.post(use, data).status_code == 302
    assert ResultUse.objects.get().prompt == "talk"
    page = asked(rated.officer, "result", second.pk)
    assert ("诫勉谈话" in page, "需要作出决定" in page, "接受评议，认真整改。" in page) == (True, False, True)


def test_the_own_rating_by_its_page():
    rated = make_round(OPEN, heads=5, workers=5, at=timezone.now())
    subject = rated.round.subjects.first()
    own = browser(rated.subjects[0])
    path = reverse("evaluations:rate_oneself", args=[subject.pk])
    assert "给自己评分" in asked(rated.subjects[0], "results_index")
    page = own.get(path)
    fields = {name: "competent" for name in page.context["form"].fields if name.startswith("i")}
    assert own.post(path, {**fields, next(iter(fields)): ""}).status_code == 422
    assert own.post(path, fields).status_code == 302
    assert subject.__class__.objects.get(pk=subject.pk).self_rating.answers == {
        name.removeprefix("i"): "competent" for name in fields
    }
    for person in (rated.officer, rated.subjects[1], rated.workers[0]):
        assert browser(person).get(path).status_code == 404
