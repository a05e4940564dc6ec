"""
Issues of the bulletin in any state, brought there by the real operations.

    plant = cards.make_plant()
    issue = make_issue(plant, "issued", replies=[reply], publications=[text], with_figures=True)
"""

import datetime as dt
import uuid

from disclosures import operations as does
from disclosures.enums import BulletinState
from disclosures.models import BulletinIssue
from disclosures.queries import with_entries
from feedback.models import Reply
from tests.factories import cards

AT = cards.AT
B = BulletinState


def reply_of(inquiry):
    """Return the latest reply of a matter."""
    return Reply.objects.filter(inquiry=inquiry).order_by("round").last()


def make_head(plant, **over):
    """Return what a form has cleaned of an issue's head; it looks back on February and March 2026."""
    plain = {
        "unit": plant.company,
        "title": "三月份信息卡答复专刊",
        "since": dt.date(2026, 2, 1),
        "until": dt.date(2026, 3, 31),
        "idempotency_key": uuid.uuid4(),
        "lead": "<p>本期刊登职工关心的热饭问题答复。</p>",
        "report_to": "公司党委、公司领导班子",
        "send_to": "各单位工会",
    }
    return does.IssueDraft(**{**plain, **over})


def make_issue(plant, state=B.ISSUED, *, at=AT, replies=(), publications=(), with_figures=False, text=True, **over):
    """Make an issue in a state by the real operations; compiled by ``plant.officer``, issued by ``plant.chair``."""
    issue = does.draft_issue(draft=make_head(plant, **over), actor=plant.officer, at=at)
    if replies or publications or with_figures:
        does.choose_entries(
            issue_id=issue.pk,
            replies=[row.pk for row in replies],
            publications=[row.pk for row in publications],
            with_figures=with_figures,
            actor=plant.officer,
            at=at,
        )
    if text:
        does.write_text(
            issue_id=issue.pk,
            entry_id=None,
            heading="工会动态",
            text="<p>职工书屋本月新增图书二百册。</p>",
            actor=plant.officer,
            at=at,
        )
    if state == B.DISCARDED:
        does.discard_issue(issue_id=issue.pk, actor=plant.officer, at=at)
    if state in (B.SUBMITTED, B.ISSUED):
        does.submit_issue(issue_id=issue.pk, actor=plant.officer, at=at)
    if state == B.ISSUED:
        does.issue_bulletin(issue_id=issue.pk, actor=plant.chair, at=at)
    return fresh(issue)


def fresh(issue):
    """Return the issue as it is now, with its entries."""
    return with_entries(BulletinIssue.objects.all()).get(pk=issue.pk)
