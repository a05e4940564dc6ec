"""Attachments hang once, however often a form is sent; a picture says what it shows, everywhere it is shown."""

import dataclasses
import hashlib
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse
from PIL import Image

from disclosures import operations as does
from disclosures.board_drawing import draw_text
from disclosures.models import AttachedFile, BriefingFile, PublicationFile
from disclosures.operations import briefings
from disclosures.queries.boards import captions_of
from portal.files.intake import CleanFile
from portal.files.models import StoredFile
from portal.kernel.verdicts import OperationRefused
from tests.disclosures.test_pages import get, post
from tests.factories.briefings import make_briefing, make_briefing_draft
from tests.factories.disclosures import AT, fresh, make_draft, make_offices, make_publication, sign_all
from tests.faults.stage import in_parallel
from tests.services import both_engines
from tests.signing import signed_in as sign_in


def pdf(content=b"%PDF-1.4", name="附表.pdf"):
    return CleanFile(content, name, "application/pdf", len(content), hashlib.sha256(content).hexdigest())


def picture(colour="white", name="现场.png"):
    buffer = BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "PNG")
    buffer.seek(0)
    buffer.name = name
    return buffer


def edit(offices, text, draft, **over):
    return does.edit_draft(publication_id=text.pk, draft=draft, actor=offices.handler, at=AT, **over)


def test_a_file_hangs_once_and_again_after_it_was_taken_off(offices):
    draft = make_draft(offices, files=((pdf(), "扣分明细"), (pdf(), "")))
    text = does.draft_publication(draft=draft, actor=offices.handler, at=AT)
    edit(offices, text, draft)
    held = PublicationFile.objects.get()
    assert (held.caption, StoredFile.objects.count()) == ("扣分明细", 1)
    edit(offices, text, dataclasses.replace(draft, files=((pdf(b"%PDF-1.5"), ""),)))
    edit(offices, text, draft, removed_files=[held.file_id])
    assert PublicationFile.objects.filter(removed_at__isnull=True).count() == 2
    # What was attached before each was counted hangs there once as well.
    AttachedFile.objects.all().delete()
    edit(offices, text, draft)
    assert PublicationFile.objects.filter(removed_at__isnull=True).count() == 2
    briefing = make_briefing(offices, files=(pdf(),))
    changed = make_briefing_draft(offices, files=(pdf(), pdf(b"%PDF-1.5")))
    for _twice in range(2):
        briefings.edit_briefing(briefing_id=briefing.pk, draft=changed, actor=offices.handler, at=AT)
    assert BriefingFile.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_a_form_sent_many_times_at_once_attaches_once(engine, transactional_db):
    offices = make_offices()
    text, briefing = make_publication(offices, "draft"), make_briefing(offices)
    draft = make_draft(offices, files=((pdf(), "扣分明细"),))
    changed = make_briefing_draft(offices, files=(pdf(),))

    def send(_number):
        edit(offices, text, draft)
        briefings.edit_briefing(briefing_id=briefing.pk, draft=changed, actor=offices.handler, at=AT)

    in_parallel(4, range(6), send)
    assert (PublicationFile.objects.count(), BriefingFile.objects.count()) == (1, 1)


def test_a_picture_is_not_handed_on_without_its_caption_and_shows_it_everywhere(client, offices, english):
    with time_machine.travel(AT, tick=False):
        text = make_publication(offices, "draft", item="B06", title="管理费用开支公开")
        sign_in(client, offices.handler)
        words = {
            "title": text.title,
            "body": text.body,
            "audience": "everybody",
            "display_days": 15,
            **{name: getattr(text, name) for name in ("basis", "method", "objections_heard")},
        }
        answer = post(client, "edit", text.pk, files=picture(), **words)
        held = PublicationFile.objects.get()
        # Saved, and back on the form that asks what it shows.
        assert answer.url == reverse("disclosures:edit", args=[text.pk])
        assert f'name="caption_{held.pk}"' in get(client, "edit", text.pk)
        with pytest.raises(OperationRefused, match="caption"):
            does.submit_publication(publication_id=text.pk, actor=offices.handler, at=AT)
        too_long = {f"caption_{held.pk}": "图" * 81, **words}
        assert "图" * 81 in post(client, "edit", text.pk, expect=422, **too_long).content.decode()
        answer = post(client, "edit", text.pk, **{f"caption_{held.pk}": "三号柜前的公开栏照片", **words})
        assert answer.url == reverse("disclosures:work", args=[text.pk])
        does.submit_publication(publication_id=text.pk, actor=offices.handler, at=AT)
        sign_in(client, offices.head)
        assert 'alt="三号柜前的公开栏照片"' in get(client, "sign", text.pk, "head")
        text = sign_all(offices, text)
        client.logout()
        assert 'alt="三号柜前的公开栏照片"' in get(client, "public", text.number)
        shown = client.get(reverse("disclosures:file", args=[text.number, held.file_id]))
        assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
        assert shown["Content-Disposition"].startswith("inline") and shown["Content-Type"] == "image/png"
        assert "三号柜前的公开栏照片" in get(client, "public_board", text.number)
        sign_in(client, offices.handler)
        for name in ("work", "preview_reader", "preview_paper"):
            assert "三号柜前的公开栏照片" in get(client, name, text.pk), name


def test_a_board_says_what_two_attachments_hold_and_no_more(offices):
    files = tuple((pdf(b"%d" % n, f"附表{n}.pdf"), f"第{n}季度明细") for n in range(1, 4))
    text = fresh(make_publication(offices, files=files))
    (card, *_more) = draw_text(text, text, is_portrait=False, path="/open/1/", captions=captions_of(text))
    assert [f"第{n}季度明细" in card for n in (1, 2, 3)] == [True, True, False]
    assert captions_of(fresh(make_publication(offices, title="没有附件"))) is None
