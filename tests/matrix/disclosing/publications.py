"""One text for each act on publications, in the state in which the act is done, for each works of the stage."""

import datetime as dt
import uuid

from django.core.files.base import ContentFile

from disclosures import operations as does
from disclosures.enums import PublicationState
from disclosures.models import Assignment, PublicationFile
from portal.files.models import StoredFile
from portal.kernel.days import local_day
from tests.factories import disclosures as made
from tests.factories.cards import AT

S = PublicationState
LONG_AGO = AT - dt.timedelta(days=40)


# Addresses that belong to no works: {short route name: its arguments}.
ALONE = {"item": ("C07",), "item_edit": ("C07",), "item_assign": ("C07",), "feed_about": ("C",), "yearly_file": (2026,)}


def rows_of(side, offices):
    """Return {short route name: its arguments} for the texts, duties and demands of one works."""
    unit = {"unit": side.works, "department": side.dept}

    def text(state=S.PUBLISHED, **over):
        return made.make_publication(offices, state, **{**unit, **over})

    period = Assignment.objects.create(item=made.item_of("C01"), since=dt.date(2026, 1, 1), **unit)
    event = Assignment.objects.create(item=made.item_of("D02"), since=dt.date(2026, 1, 1), **unit)
    does.open_duties(at=AT)
    duty = does.report_event(
        assignment_id=event.pk, event="三号罐报警器失灵", event_on=dt.date(2026, 3, 6), actor=side.handler, at=AT
    )
    draft, waiting = text(S.DRAFT), text(S.HEAD)
    shown = text(is_must_read=True, audience="unit")
    forced = text(S.SECRECY)
    does.force_publication(publication_id=forced.pk, reason="须当日告知", actor=side.leader2, at=AT)
    corrected = text()
    does.ask_correction(
        publication_id=corrected.pk, title="更正", body="更正后", note_text="笔误", actor=side.handler, at=AT
    )
    leaving = text()
    does.ask_withdrawal(publication_id=leaving.pk, reason_code="wrong", reason="金额有误", actor=side.handler, at=AT)
    notice = text(item="C07", at=LONG_AGO)
    does.close_notices(at=AT)
    flagged = text()

    def flag():
        return does.flag_publication(
            publication_id=flagged.pk, reason="late", demand="请说明迟延原因", actor=side.inspector, at=AT
        )

    wanted, done = flag(), flag()
    does.report_rectified(rectification_id=done.pk, done="已说明", actor=side.handler, at=AT)
    stored = _put_file(shown)
    _put_file(draft)
    desk = _put_file(waiting)
    return {
        "public": shown.number,
        "version": (shown.number, 1),
        "file": (shown.number, stored.pk),
        "read": shown.number,
        "opinion": shown.number,
        "opinion_anonymous": corrected.number,
        "acknowledge": shown.number,
        "duty": duty.pk,
        "go": ("publication", shown.pk),
        "draft": period.pk,
        "event_assignment": event.pk,
        "work": waiting.pk,
        "slip": waiting.pk,
        "desk_file": (waiting.pk, desk.pk),
        "edit": draft.pk,
        "submit": draft.pk,
        "discard": draft.pk,
        "sign": (waiting.pk, "head"),
        "force": waiting.pk,
        "ratify": forced.pk,
        "correct": shown.pk,
        "decide_correction": corrected.pk,
        "withdraw": shown.pk,
        "decide_withdrawal": leaving.pk,
        "outcome": notice.pk,
        "mask": notice.pk,
        "gap": shown.pk,
        "flag": shown.pk,
        "rectify": wanted.pk,
        "check_rectification": done.pk,
        "waive": duty.pk,
        "assignment_end": period.pk,
    }


def _put_file(publication):
    stored = StoredFile.objects.create(
        file=ContentFile(b"%PDF-1.4", name=f"{uuid.uuid4().hex}.pdf"),
        name="附表.pdf",
        media_type="application/pdf",
        size=8,
        sha256="0" * 64,
        stored_on=local_day(AT),
    )
    PublicationFile.objects.create(publication=publication, file=stored)
    return stored
