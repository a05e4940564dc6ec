"""Archiving: once, by those who prepare, and a package whose every hash can be made anew."""

import datetime as dt
import hashlib
import io
import json
import uuid
import zipfile

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse

from disclosures import operations as does
from disclosures.archive import archive_package
from disclosures.enums import PublicationState as S
from disclosures.models import PublicationFile
from feedback.enums import IdentityMode
from feedback.operations import InquiryDraft
from portal.files.models import StoredFile
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.ledger.operations import seal_pending
from portal.ledger.verifying import link
from portal.search.models import SearchEntry
from tests.factories import cards
from tests.factories.disclosures import AT, fresh, make_publication
from tests.signing import signed_in as sign_in

LATER = AT + dt.timedelta(days=41)


def archive(text, actor, archive_no=""):
    return does.archive_publication(publication_id=text.pk, archive_no=archive_no, actor=actor, at=LATER)


def taken(text):
    with archive_package(fresh(text)) as file:
        return file.read()


def unpacked(text):
    with zipfile.ZipFile(io.BytesIO(taken(text))) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def test_a_text_is_archived_once_under_its_number(offices, english):
    text = make_publication(offices, S.EXPIRED)
    archive(text, offices.handler)
    text = fresh(text)
    assert (text.state, text.archive_no) == (S.ARCHIVED, f"DA-{text.number}")
    assert Entry.objects.get(verb="publication.archived").facts["archive_no"] == text.archive_no
    with pytest.raises(OperationRefused, match="already"):
        archive(text, offices.handler)
    assert SearchEntry.objects.filter(object_key=text.number).exists()  # found as long as it is public


def test_a_number_typed_by_hand_belongs_to_one_text(offices, english):
    first, second = make_publication(offices, S.EXPIRED), make_publication(offices, S.EXPIRED)
    archive(first, offices.handler, "DA-2026-JX-7")
    with pytest.raises(OperationRefused, match="Another text"):
        archive(second, offices.handler, "DA-2026-JX-7")
    with pytest.raises(OperationRefused, match="letters"):
        archive(second, offices.handler, "档 7")
    assert (fresh(second).state, fresh(second).archive_no) == (S.EXPIRED, "")


def test_a_withdrawn_text_stays_withdrawn_when_archived(client, offices):
    text = make_publication(offices, S.WITHDRAWN)
    archive(text, offices.handler)
    text = fresh(text)
    assert (text.state, text.archive_no) == (S.WITHDRAWN, f"DA-{text.number}")
    assert not SearchEntry.objects.filter(object_key=text.number).exists()
    with time_machine.travel(LATER, tick=False):
        page = client.get(reverse("disclosures:public", args=[text.number])).content.decode()
    assert text.body not in page


@pytest.mark.parametrize("state", [S.DRAFT, S.HEAD, S.PUBLISHED])
def test_what_is_still_on_its_way_or_on_show_is_not_archived(offices, english, state):
    text = make_publication(offices, state)
    with pytest.raises(OperationRefused, match="display is over"):
        archive(text, offices.handler)
    with pytest.raises(OperationRefused, match="prepare"):
        archive(make_publication(offices, S.EXPIRED), offices.inspector)
    assert not Entry.objects.filter(verb="publication.archived").exists()


def test_a_notice_without_outcome_waits(offices, english):
    text = make_publication(offices, S.EXPIRED, item="C07")
    with pytest.raises(OperationRefused, match="outcome"):
        archive(text, offices.handler)
    does.enter_outcome(publication_id=text.pk, outcome="none", outcome_note="", actor=offices.handler, at=LATER)
    assert archive(text, offices.handler).archive_no


def test_every_hash_of_the_package_can_be_made_anew(offices):
    text = make_publication(offices)
    stored = StoredFile.objects.create(
        file=ContentFile(b"%PDF-1.4", name="x.pdf"),
        name="附表 1.pdf",
        media_type="application/pdf",
        size=8,
        sha256="0" * 64,
        stored_on=local_day(AT),
    )
    PublicationFile.objects.create(publication=text, file=stored)
    while seal_pending(at=LATER):
        pass
    parts = unpacked(text)
    listed = dict(reversed(line.split("  ")) for line in parts["MANIFEST.sha256"].decode().splitlines())
    assert listed == {
        name: hashlib.sha256(content).hexdigest() for name, content in parts.items() if name != "MANIFEST.sha256"
    }
    metadata = json.loads(parts["metadata.json"])
    assert metadata["sha256"] == {name: digest for name, digest in listed.items() if name != "metadata.json"}
    assert metadata["versions"][0]["fingerprint"] == text.versions.all()[0].fingerprint
    assert metadata["files"] == [{"name": "附表 1.pdf", "caption": ""}]
    assert parts["files/01-附表_1.pdf"] == b"%PDF-1.4"
    assert [row["step"] for row in json.loads(parts["approvals.json"])] == ["head", "secrecy", "union", "group"]
    trail = json.loads(parts["trail.json"])
    assert len(trail) == Entry.objects.filter(subject=f"disclosures.publication:{text.pk}").count()
    for proof in trail:
        assert hashlib.sha256(proof["content"].encode()).hexdigest() == proof["digest"]
        assert link(proof["previous"], proof["digest"]) == proof["hash"]
    with zipfile.ZipFile(io.BytesIO(taken(text))) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert taken(text) == taken(text)


def test_nobody_who_gave_no_name_and_nothing_hidden_is_in_the_package(offices):
    text = make_publication(offices)

    def say(mode, author, words):
        draft = InquiryDraft(
            kind="suggestion",
            topic="pay",
            unit=offices.shop,
            subject=words,
            body=f"{words}的正文",
            suggestion="",
            identity_mode=mode,
            idempotency_key=uuid.uuid4(),
        )
        return does.give_opinion(publication_id=text.pk, kind="opinion", draft=draft, author=author, at=AT).inquiry

    plant = cards.make_plant()
    shown = say(IdentityMode.NAMED, offices.worker, "公开的意见")
    say(IdentityMode.ANONYMOUS, None, "未登记的意见")
    cards.register(shown, plant=plant)
    parts = unpacked(text)
    opinions = json.loads(parts["opinions.json"])
    assert [(row["is_public"], row.get("subject")) for row in opinions] == [(True, "公开的意见"), (False, None)]
    whole = b"".join(parts.values()).decode()
    assert offices.worker.name not in whole and "未登记的意见" not in whole
    assert str(offices.worker.pk) not in whole


def test_the_pages(client, offices):
    text = make_publication(offices, S.EXPIRED)
    with time_machine.travel(LATER, tick=False):
        sign_in(client, offices.handler)
        assert "归档" in client.get(reverse("disclosures:work", args=[text.pk])).content.decode()
        where = reverse("disclosures:archive", args=[text.pk])
        assert f"DA-{text.number}" in client.get(where).content.decode()
        assert client.post(where, {"archive_no": "档案"}).status_code == 422
        assert client.post(where, {"archive_no": ""}).status_code == 302
        assert client.get(where).status_code == 403
        answer = client.get(reverse("disclosures:package", args=[text.pk]))
        assert answer.headers["Content-Type"] == "application/zip"
        content = io.BytesIO(b"".join(answer.streaming_content))
        assert "README.txt" in zipfile.ZipFile(content).namelist()
        draft = make_publication(offices, S.DRAFT)
        assert client.get(reverse("disclosures:package", args=[draft.pk])).status_code == 404
        sign_in(client, offices.worker)
        assert client.get(reverse("disclosures:package", args=[text.pk])).status_code == 404


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("DA-2026-0001", True),
        ("a", True),
        ("1/2_3.4", True),
        ("-1", False),
        ("A B", False),
        ("档1", False),
        ("A\n", False),
    ],
)
def test_form_and_operation_agree_on_what_an_archive_number_is(offices, number, is_one):
    from disclosures.forms import ArchiveForm

    text = make_publication(offices, S.EXPIRED)
    form = ArchiveForm({"archive_no": number})
    # A form drops the blank at the end, so it is asked of what it would hand on.
    assert form.is_valid() is (is_one or number == "A\n")
    if is_one:
        assert archive(text, offices.handler, number).archive_no == form.cleaned_data["archive_no"]
        return
    with pytest.raises(OperationRefused) as refused:
        archive(text, offices.handler, number)
    if number != "A\n":
        assert form.errors["archive_no"] == [refused.value.reason]
    assert fresh(text).archive_no == ""
