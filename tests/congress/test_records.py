"""What a session keeps beside what it did: scans of signed papers, and that others may be written in."""

import uuid

import time_machine
from django.urls import reverse

from congress.models import Session, SignedRecord
from congress.operations.planning import do_step
from portal.ledger.models import Entry
from tests.congress.test_session_pages import get, post
from tests.factories.cards import AT
from tests.factories.commitments import clean_scan
from tests.factories.congress import make_session, make_term
from tests.factories.people import make_person
from tests.files.zoo import picture, upload
from tests.signing import signed_in as sign_in


def opens(client, reader, *path):
    """Whether a file is sent to somebody; to everybody else it does not exist."""
    sign_in(client, reader)
    answer = client.get(reverse(*path))
    assert answer.status_code in (200, 404)
    return bool(answer.streaming and answer.getvalue())


def test_signed_papers_stand_beside_the_minutes(client, hall):
    term = make_term(hall, "fixed")
    session = make_session(term, hall)
    staff = make_person(unit=hall.shops[2])
    key = str(uuid.uuid4())
    with time_machine.travel(AT, tick=False):
        sign_in(client, hall.officer)
        assert "闭幕后才能上传签字原件" in get(client, "record_new", session.pk, expect=403)
        Session.objects.filter(pk=session.pk).update(
            state="closed", convened_at=AT, opened_at=AT, closed_at=AT, whole=30
        )
        post(client, "record_new", session.pk, kind="minutes", idempotency_key=key, expect=422)
        for _ in range(2):  # the second press finds the first
            post(
                client,
                "record_new",
                session.pk,
                kind="minutes",
                files=upload(picture(), "纪要.jpg"),
                idempotency_key=key,
            )
        more = {"kind": "sign_in", "files": upload(picture(), "签到册.jpg"), "idempotency_key": str(uuid.uuid4())}
        post(client, "record_new", session.pk, **more)
        minutes, sheet = SignedRecord.objects.order_by("pk")
        assert Entry.objects.filter(verb="congress_session.record_added").count() == 2
        assert "会议纪要签字件" in get(client, "session_minutes", session.pk)
        path = "congress:record_file", None
        for row, readers in ((minutes, {hall.officer, hall.chair}), (sheet, {hall.officer, hall.chair})):
            for one in (hall.officer, hall.chair, staff, hall.stranger):
                assert opens(client, one, *path, [row.pk]) is (one in readers), (row.kind, one)
        Session.objects.filter(pk=session.pk).update(state="disclosed")
        for row, readers in ((minutes, {hall.officer, staff}), (sheet, {hall.officer})):
            for one in (hall.officer, staff, hall.stranger):
                assert opens(client, one, *path, [row.pk]) is (one in readers), (row.kind, one)
        sign_in(client, staff)
        page = get(client, "session_minutes", session.pk)
        assert "会议纪要签字件" in page and "签到册" not in page and "上传签字原件" not in page
        client.logout()
        assert "签字原件" not in get(client, "session_minutes", session.pk)


def test_the_scan_beside_a_step_is_read_by_who_keeps_the_session(client, hall):
    session = make_session(make_term(hall, "fixed"), hall)
    step = session.steps.get(code="topics")
    do_step(step_id=step.pk, evidence="与行政商定议题", upload=clean_scan(), actor=hall.officer, at=AT)
    with time_machine.travel(AT, tick=False):
        sign_in(client, hall.officer)
        assert reverse("congress:step_file", args=[step.pk]) in get(client, "session_desk", session.pk)
        for one in (hall.officer, hall.stranger):
            assert opens(client, one, "congress:step_file", None, [step.pk]) is (one == hall.officer)
        other = session.steps.exclude(pk=step.pk).first()
        sign_in(client, hall.officer)
        assert client.get(reverse("congress:step_file", args=[other.pk])).status_code == 404


def test_an_election_says_on_the_agenda_that_others_may_be_written_in(client, hall):
    session = make_session(make_term(hall, "fixed"), hall)
    item = {"kind": "elect", "title": "选举职工董事", "names": "张三\n李四", "seats": "1"}
    with time_machine.travel(AT, tick=False):
        sign_in(client, hall.officer)
        for allowed in ({"can_write_in": "on"}, {}):
            post(client, "item_new", session.pk, **item, **allowed, idempotency_key=str(uuid.uuid4()))
        free, strict = session.items.order_by("position")
        assert (free.can_write_in, strict.can_write_in) == (True, False)
        assert get(client, "session_desk", session.pk).count("可另选他人") == 1
        # A consultation has nobody to write in; a change keeps what was ticked.
        asked = 'name="can_write_in"'
        field = next(line for line in get(client, "item_edit", free.pk).splitlines() if asked in line)
        assert "checked" in field
        post(
            client,
            "item_edit",
            free.pk,
            kind="consult",
            title="听取报告",
            can_write_in="on",
            idempotency_key=str(uuid.uuid4()),
        )
        free.refresh_from_db()
        assert not free.can_write_in
