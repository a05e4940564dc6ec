"""Pages of resolutions: the register, one resolution from wording to tasks, the reports of a session; one and three."""

import datetime as dt
import io
import uuid

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from congress.models import Resolution, ResolutionTask, TaskEntry, TaskEvidence
from portal.files.operations import store_file
from portal.kernel.days import local_day
from tests.congress.test_session_pages import get, key, post
from tests.factories.cards import AT
from tests.factories.commitments import clean_scan
from tests.factories.congress import make_item, make_session, make_term
from tests.factories.people import make_person
from tests.factories.resolutions import TEXT, make_past, make_resolution, make_task
from tests.signing import signed_in as sign_in

TODAY = f"{local_day(AT):%Y-%m-%d}"


def document(client, pk, **query):
    answer = client.get(reverse("congress:resolution_file", args=[pk]), query)
    return "\n".join(line.text for line in Document(io.BytesIO(answer.getvalue())).paragraphs)


def test_a_resolution_from_its_wording_to_its_last_report(client, hall):
    term = make_term(hall)
    past = make_past(term, hall)
    item = past.items[0]
    with time_machine.travel(AT, tick=False):
        assert "暂无决议" in get(client, "resolutions")
        sign_in(client, hall.officer)
        assert item.title in get(client, "resolutions")
        words = {"title": "关于通过办法的决议", "text": "一、同意该办法。", "text-kind": "plain"}
        post(client, "resolution_new", item.pk, **{**words, "title": ""}, expect=422)
        post(client, "resolution_new", item.pk, **words)
        one = Resolution.objects.get()
        page = get(client, "resolution", one.pk)
        assert "尚未印发" in page
        assert "须由另一人印发" in get(client, "resolution_issue", one.pk, expect=403)
        client.logout()
        get(client, "resolution", one.pk, expect=404)
        sign_in(client, hall.chair)
        assert "同意该办法" in get(client, "resolution_issue", one.pk)
        post(client, "resolution_issue", one.pk)
        one.refresh_from_db()
        task = {"title": "完成宣贯", "unit": hall.shops[0].code, "person": "", "due_on": "2030-01-01"}
        post(client, "task_new", one.pk, **{**task, "person": "999999"}, idempotency_key=key(), expect=422)
        post(client, "task_new", one.pk, **task, idempotency_key=key())
        row = ResolutionTask.objects.get()
        sign_in(client, hall.stranger)
        assert "只有责任单位" in get(client, "task_report", row.pk, expect=403)
        get(client, "task_drop", row.pk, expect=403)
        get(client, "resolution_edit", one.pk, expect=404)
        sign_in(client, hall.branch)
        entry = {"percent": "４０", "on": TODAY, "text": "已宣贯两个班组"}
        post(client, "task_report", row.pk, **{**entry, "percent": "101"}, idempotency_key=key(), expect=422)
        post(client, "task_report", row.pk, **entry, idempotency_key=key())
        proof = TaskEvidence.objects.create(entry=TaskEntry.objects.get(), file=stored())
        answer = client.get(reverse("congress:evidence", args=[proof.pk]))
        assert answer.status_code == 200 and answer.getvalue()
        assert client.get(reverse("congress:evidence", args=[proof.pk + 9])).status_code == 404
        # Whom the congress binds reads it, and who keeps it; to everybody else only the entry's words are public.
        inner = reverse("congress:evidence", args=[proof.pk])
        for reader, sees in ((hall.stranger, False), (make_person(unit=hall.shops[2]), True), (hall.chair, True)):
            sign_in(client, reader)
            answer = client.get(inner)
            assert answer.status_code == (200 if sees else 404), reader
            assert bool(answer.streaming and answer.getvalue()) is sees
            page = get(client, "resolution", one.pk)
            assert "已宣贯两个班组" in page and (inner in page) is sees, reader
        # A slip is corrected by another version; the first stays readable.
        sign_in(client, hall.officer)
        post(client, "resolution_edit", one.pk, **{**words, "text": "一、同意本办法。"}, expect=422)
        post(client, "resolution_edit", one.pk, **{**words, "text": "一、同意本办法。"}, reason="错字")
        sign_in(client, hall.chair)
        post(client, "resolution_issue", one.pk)
        client.logout()
        page = get(client, "resolution", one.pk)
        assert one.number in page and "同意本办法" in page and "已宣贯两个班组" in page and "40%" in page
        assert client.get(reverse("congress:evidence", args=[proof.pk])).status_code == 302
        assert "同意该办法" in get(client, "resolution", one.pk, version="1")
        get(client, "resolution", one.pk, version="9", expect=404)
        text = document(client, one.pk)
        assert one.number in text and "关于通过办法的决议" in text and "同意本办法" in text and "错字" in text
        assert "第五届职工代表大会第一次会议通过" in text and "错字" not in document(client, one.pk, version="1")
        # The next session: what is missing is named with its links, then told, and then the agenda goes out.
        sign_in(client, hall.officer)
        session = make_session(term, hall, opens_at=AT + dt.timedelta(days=60))
        make_item(session, hall, "supervise", title="审查决议落实情况")
        path = reverse("congress:implementation_report", args=[session.pk, one.pk])
        assert path in get(client, "session_desk", session.pk) and path in get(client, "implementation", session.pk)
        assert f"{one.number} 关于通过办法的决议" in get(client, "convene", session.pk, expect=403)
        assert "已宣贯两个班组" in get(client, "implementation_report", session.pk, one.pk)
        get(client, "implementation_report", session.pk, uuid.uuid4(), expect=404)
        report = {"kind": "report", "text": "宣贯过半", "item": "", "is_final": "0"}
        post(
            client,
            "implementation_report",
            session.pk,
            one.pk,
            **{**report, "kind": "reason", "is_final": "1"},
            expect=422,
        )
        post(client, "implementation_report", session.pk, one.pk, **report)
        assert "报告齐备" in get(client, "implementation", session.pk)
        assert "落实情况的报告" in get(client, "session_desk", session.pk)
        post(client, "convene", session.pk)
        assert "议程已" in get(client, "implementation_report", session.pk, one.pk, expect=403)
        assert "宣贯过半" in get(client, "resolution", one.pk)
        sign_in(client, hall.stranger)
        get(client, "implementation", session.pk, expect=404)


def stored():
    """Return a stored scan."""
    return store_file(clean=clean_scan(), at=AT)


def test_the_register_filters_and_its_lists_ask_as_often_for_one_as_for_three(client, hall):
    past = make_past(make_term(hall), hall, count=4)
    ahead = None
    counted = {}
    with time_machine.travel(AT + dt.timedelta(days=3), tick=False):
        sign_in(client, hall.chair)
        for turn in (1, 3):
            while Resolution.objects.count() < turn:
                one = make_resolution(past.items[Resolution.objects.count()], hall, "tasked")
                task = make_task(one, hall, unit=hall.shops[1], days=2)
            while first_tasks(one) < turn + 1:
                make_task(one, hall)
            ahead = ahead or make_session(past.session.term, hall, opens_at=AT + dt.timedelta(days=60))
            pages = (("resolutions",), ("resolution", one.pk), ("implementation", ahead.pk), ("session_desk", ahead.pk))
            for name, *args in pages:
                with CaptureQueriesContext(connection) as asked:
                    get(client, name, *args)
                counted.setdefault(name, []).append(len(asked))
        assert {name: found for name, found in counted.items() if found[0] != found[1]} == {}
        assert counted["resolutions"][0] < 20 and counted["resolution"][0] < 25
        client.logout()
        assert "1项逾期" in get(client, "resolutions")
        everything = {"year": str(local_day(AT).year), "state": "issued", "unit": hall.shops[1].code, "late": "1"}
        assert get(client, "resolutions", **everything).count("data-row") == 3
        assert get(client, "resolutions", q="3").count("data-row") == 1
        assert get(client, "resolutions", state="done").count("data-row") == 0
        book = load_workbook(io.BytesIO(client.get(reverse("congress:resolutions_file"), everything).getvalue()))
        rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
        assert [(row[0], row[5:9]) for row in rows][:1] == [(one.number, (4, 0, 1, 0))]
        assert task.title in [row[1] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)]
        assert TEXT[3:8] in document(client, one.pk)


def first_tasks(one):
    """Return how many tasks a resolution has."""
    return ResolutionTask.objects.filter(resolution=one).count()
