"""
The demo's bulletin: an issue of the enterprise's union for every month, and what waits on its desks.

Issued ones print what was answered and shown in their month; the last is being
compiled with answers that still wait for delivery, and one is with the chair.
"""

import contextlib
import datetime as dt
import random
import uuid

from disclosures import operations as does
from disclosures.models import BulletinIssue
from disclosures.queries import publications_offered, replies_offered
from feedback.enums import InquiryState
from feedback.models import Inquiry
from feedback.operations import approve_reply
from portal.kernel.days import day_start, local_day
from portal.kernel.verdicts import OperationRefused

ANSWERS, TEXTS, NOTICES = 5, 4, 2
TEXTS_OF_MONTHS = (
    (
        "职工书屋新增图书",
        "<p>本月职工书屋新增安全生产、家庭教育和文学类图书二百余册，三班倒职工可凭工作证在夜班时段借阅。</p>",
    ),
    (
        "送温暖慰问",
        "<p>公司工会和各单位工会走访慰问困难职工、生病住院职工，慰问金和慰问品均按标准发放并在公开栏公示。</p>",
    ),
    ("职工代表巡视", "<p>职工代表分组巡视倒班宿舍、食堂和浴室，现场提出整改意见，由后勤服务部限期答复。</p>"),
    ("技能竞赛", "<p>乙烯厂、化肥厂举办岗位技能竞赛，获奖名单已按规定公示，奖励标准见《劳动竞赛管理办法》。</p>"),
    ("高温防护", "<p>各单位落实防暑降温措施，高温岗位配发清凉饮料和防暑药品，调整露天作业时间。</p>"),
    ("集体合同检查", "<p>工会会同人事处检查集体合同履行情况，重点是工资支付、休息休假和劳动保护用品发放。</p>"),
)
LEAD = "<p>本期刊登本月信息卡答复、公开事项和数据。对答复不满意的，可在本人信息卡页面评价，工会将督促二次办理。</p>"


def add_bulletins(plant, *, at, seed, months):
    """Write an issue for each of so many months before a moment, all by the real operations; returns how many."""
    rng = random.Random(f"{seed}:bulletin")  # noqa: S311 -- made-up days
    union = _Union(plant, at)
    if union.officer is None or union.officer == plant.chair:
        return 0
    months = list(_months_before(local_day(at), months))
    for number, (first, last) in enumerate(months):
        moment = day_start(last) + dt.timedelta(
            days=rng.randint(2, 4), hours=rng.randint(9, 16), minutes=rng.randint(0, 59)
        )
        if moment >= at:
            continue
        issue = union.compile(first, last, moment, rng, title=f"{first.month}月信息卡答复和厂务公开情况", number=number)
        union.issue(issue, moment)
    this = local_day(at).replace(day=1)
    moment = at - dt.timedelta(hours=20)
    _approve_some(plant, moment)
    handed = union.compile(*months[-1], moment, rng, title="劳动保护专刊", number=3, with_waiting=2)
    does.submit_issue(issue_id=handed.pk, actor=union.officer, at=moment)
    union.compile(
        this,
        local_day(at),
        at - dt.timedelta(hours=3),
        rng,
        title=f"{this.month}月信息卡答复",
        number=4,
        with_waiting=4,
    )
    return BulletinIssue.objects.count()


class _Union:
    """Who compiles and who issues the bulletin of the enterprise."""

    def __init__(self, plant, at):
        self.unit, self.chair = plant.company, plant.chair
        self.officer = next(iter(plant.officers.get("QM", [])), None)

    def compile(self, first, last, moment, rng, *, title, number, with_waiting=0):
        draft = does.IssueDraft(
            unit=self.unit,
            title=title,
            since=first,
            until=last,
            idempotency_key=uuid.UUID(int=rng.getrandbits(128), version=4),
            lead=LEAD,
            report_to="公司党委、公司领导班子",
            send_to="各单位党委（总支）、各单位工会",
        )
        issue = does.draft_issue(draft=draft, actor=self.officer, at=moment)
        waiting, answered = replies_offered(issue)
        replies = [row.pk for row in waiting[:with_waiting]]
        replies += [row.pk for row in answered.filter(inquiry__answered_on__lte=local_day(moment))[:ANSWERS]]
        texts = publications_offered(issue, moment)
        chosen = [row.pk for row in texts.filter(kind="notice")[:NOTICES]]
        chosen += [row.pk for row in texts.exclude(kind="notice")[:TEXTS]]
        does.choose_entries(
            issue_id=issue.pk, replies=replies, publications=chosen, with_figures=True, actor=self.officer, at=moment
        )
        heading, text = TEXTS_OF_MONTHS[number % len(TEXTS_OF_MONTHS)]
        does.write_text(issue_id=issue.pk, entry_id=None, heading=heading, text=text, actor=self.officer, at=moment)
        return issue

    def issue(self, issue, moment):
        does.submit_issue(issue_id=issue.pk, actor=self.officer, at=moment)
        does.issue_bulletin(issue_id=issue.pk, actor=self.chair, at=moment)


def _approve_some(plant, moment):
    """Let heads and leaders approve a few replies, so that some wait for the bulletin to deliver them."""
    drafted = Inquiry.objects.published().filter(state=InquiryState.DRAFTED, identity_mode="named")
    for matter in drafted.select_related("lead_unit").order_by("year", "serial")[:12]:
        code = matter.lead_unit.code
        for person in filter(None, (plant.leaders.get(code), plant.heads.get(code))):
            with contextlib.suppress(OperationRefused):
                approve_reply(inquiry_id=matter.pk, actor=person, at=moment)
                break


def _months_before(today, count):
    """Yield (first, last day) of so many full months before a day, the earliest first."""
    months = today.year * 12 + today.month - 1
    for month in range(months - count, months):
        first = dt.date(month // 12, month % 12 + 1, 1)
        following = dt.date((month + 1) // 12, (month + 1) % 12 + 1, 1)
        yield first, following - dt.timedelta(days=1)
