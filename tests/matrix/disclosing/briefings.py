"""A briefing for each act, in the state in which the act is done, for each works of the stage."""

import datetime as dt
import uuid

from django.core.files.base import ContentFile

from disclosures.enums import BriefingState
from disclosures.models import BriefingFile, BriefingPlan
from disclosures.operations import briefing_record as records
from portal.files.models import StoredFile
from portal.kernel.days import local_day
from tests.factories.briefings import ask, make_briefing, write
from tests.factories.cards import AT

S = BriefingState
# The stage is looked at a day after AT (tests.matrix.stage.NOW); so much later, a briefing is still to come.
LATER, BEFORE = AT + dt.timedelta(days=9), AT - dt.timedelta(days=2)

ALONE = {}


def rows_of(side, offices):
    """Return {short route name: its arguments} for the briefings of one works."""

    def briefing(state=S.PLANNED, **over):
        when = {"starts_at": LATER if state in (S.PLANNED, S.CANCELLED) else BEFORE}
        plain = {"actor": side.handler, "chair": side.leader2, "unit": side.dept}
        return make_briefing(offices, state, **{**plain, **when, **over})

    coming = briefing(audience="unit", unit=side.works)
    everybody = briefing()
    begun = briefing(starts_at=BEFORE)
    held = briefing(S.HELD)
    question = ask(held, actor=side.handler, at=BEFORE)
    figure = records.put_figure(
        briefing_id=held.pk,
        title="主要产品产量",
        measure="吨",
        rows=[["乙烯", 58210, 57001, 60000]],
        key=uuid.uuid4(),
        actor=side.handler,
        at=BEFORE,
    )
    waiting = briefing(S.HELD)
    write(waiting, actor=side.handler, at=BEFORE)
    done = briefing(S.MINUTED, audience="unit", unit=side.works)
    plan = BriefingPlan.objects.create(unit=side.works, since=dt.date(2026, 1, 1))
    stored, desk = _put_file(done), _put_file(held)
    return {
        "briefing": done.pk,
        "briefing_version": (done.pk, 1),
        "briefing_print": done.pk,
        "briefing_file": (done.pk, stored.pk),
        "briefing_ask": coming.pk,
        "briefing_ask_anonymous": everybody.pk,
        "briefings_ics_unit": side.works.code,
        "briefings_go": ("briefing", done.pk),
        "briefing_work": held.pk,
        "briefing_desk_file": (held.pk, desk.pk),
        "briefing_edit": everybody.pk,
        "briefing_move": everybody.pk,
        "briefing_cancel": everybody.pk,
        "briefing_record": begun.pk,
        "briefing_question": held.pk,
        "briefing_answer": question.pk,
        "briefing_leave": question.pk,
        "briefing_figure_new": held.pk,
        "briefing_figure": (held.pk, figure.pk),
        "briefing_figure_remove": (held.pk, figure.pk),
        "briefing_minutes": held.pk,
        "briefing_publish": waiting.pk,
        "briefing_plan_end": plan.pk,
    }


def _put_file(briefing):
    stored = StoredFile.objects.create(
        file=ContentFile(b"%PDF-1.4", name=f"{uuid.uuid4().hex}.pdf"),
        name="幻灯片.pdf",
        media_type="application/pdf",
        size=8,
        sha256="0" * 64,
        stored_on=local_day(AT),
    )
    BriefingFile.objects.create(briefing=briefing, file=stored)
    return stored
