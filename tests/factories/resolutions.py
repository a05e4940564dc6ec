"""
Resolutions in any stage, at a congress of tests.factories.congress.

    past = make_past(hall)                          # a closed session with adopted items
    one = make_resolution(past.items[0], hall)      # draft, issued, tasked
"""

import datetime as dt
import uuid
from types import SimpleNamespace

from congress.models import AgendaItem, Session
from congress.operations import resolutions
from tests.factories.cards import AT
from tests.factories.congress import make_item, make_session

TEXT = "<p>会议认为，修订草案符合实际，<strong>予以通过</strong>。</p><p>各单位应于两个月内完成宣贯。</p>"


def make_past(term, hall, *, count=3, days=30, plan_in=20, at=AT):
    """Return a session that closed so many days ago with adopted items, written as it would have been left."""
    session = make_session(term, hall, opens_at=at + dt.timedelta(days=plan_in), at=at)
    items = [make_item(session, hall, "approve", at=at, title=f"办法（草案）之{place}") for place in range(count)]
    AgendaItem.objects.filter(session=session).update(state="adopted")
    before = at - dt.timedelta(days=days)
    moments = {"opens_at": before, "convened_at": before, "opened_at": before, "closed_at": before}
    Session.objects.filter(pk=session.pk).update(state="disclosed", whole=30, closes_on=before.date(), **moments)
    session.refresh_from_db()
    return SimpleNamespace(session=session, items=list(AgendaItem.objects.filter(pk__in=[one.pk for one in items])))


def make_resolution(item, hall, stage="issued", *, at=AT, **over):
    """Word the resolution on an item by the officer; the chair issues it; a task for the first shop."""
    plain = {"title": f"关于通过{item.title}的决议", "text": TEXT}
    made = resolutions.draft_resolution(item_id=item.pk, actor=hall.officer, at=at, **{**plain, **over})
    if stage != "draft":
        resolutions.issue_resolution(resolution_id=made.pk, actor=hall.chair, at=at)
    if stage == "tasked":
        make_task(made, hall, at=at)
    made.refresh_from_db()
    return made


def make_task(resolution, hall, *, at=AT, days=30, **over):
    """Set a task of an issued resolution for the first shop."""
    plain = {"title": "完成宣贯培训", "unit": hall.shops[0], "due_on": (at + dt.timedelta(days=days)).date()}
    plain |= {"idempotency_key": uuid.uuid4(), **over}
    return resolutions.set_task(resolution_id=resolution.pk, actor=hall.officer, at=at, **plain)
