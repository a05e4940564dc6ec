"""A roster imported while a vote is open: refused in words on its page; the same file is written afterwards."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.accounts.enums import ImportState, Role
from portal.accounts.models import Person, RosterImport
from portal.accounts.operations.roster import write_roster
from portal.ballots import operations as does
from portal.ledger.models import Entry
from tests.factories.ballots import AT, make_poll
from tests.factories.people import make_officer
from tests.signing import signed_in

pytestmark = pytest.mark.django_db
REFUSAL = "有表决正在进行，截止后才能变更花名册"


def test_the_page_refuses_while_a_vote_is_open_and_takes_the_same_file_after_it(
    client, django_capture_on_commit_callbacks
):
    box = make_poll(voters=2, is_test=False)
    before = list(Person.objects.order_by("pk").values_list("pk", "name"))
    admin = make_officer(Role.SYSTEM_ADMIN)
    sheet = f"工号,姓名,单位编码,入职日期\r\n900001,王建国,{box.unit.code},2010/3/1\r\n".encode()
    with time_machine.travel(AT, tick=False):
        signed_in(client, admin)
        with django_capture_on_commit_callbacks(execute=True):
            file = SimpleUploadedFile("名册.csv", sheet)
            answer = client.post(reverse("accounts:roster_upload"), {"file": file, "extent": "part"})
        row = RosterImport.objects.get()
        page = reverse("accounts:roster", args=[row.pk])
        assert (answer.status_code, answer["Location"], row.state) == (302, page, ImportState.READY)
        write = reverse("accounts:roster_write", args=[row.pk])
        answer = client.post(write)
        assert answer.status_code == 403 and REFUSAL in answer.content.decode()
        # Pressed before the vote opened, reached by the worker after: the writing itself asks again.
        RosterImport.objects.filter(pk=row.pk).update(state=ImportState.COMMITTING, committed_by=admin)
        assert write_roster(import_id=row.pk, at=AT).state == ImportState.FAILED
        assert REFUSAL in client.get(page).content.decode()
        assert not Entry.objects.filter(verb="roster.committed").exists()
        assert list(Person.objects.exclude(pk=admin.pk).order_by("pk").values_list("pk", "name")) == before
        RosterImport.objects.filter(pk=row.pk).update(state=ImportState.READY, committed_by=None, faults=[])
    with time_machine.travel(box.poll.closes_at, tick=False):
        signed_in(client, admin)
        does.close_due(at=box.poll.closes_at)
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(write)["Location"] == page
        row.refresh_from_db()
        assert (row.state, row.faults) == (ImportState.COMMITTED, [])
        assert Person.objects.get(job_no="900001").unit == box.unit
