"""
What the demo's workers said of disclosures, and what the supervisory group had put right: two years of both.

Opinions and requests live like cards (``lives``), each about a text or about
something that is missing; their numbers follow those of the cards. Demands are
written in bulk, as the operations would have left them.
"""

import dataclasses
import datetime as dt
import random
import uuid

from disclosures.channels import OPINION, REQUEST
from disclosures.enums import Audience, OpinionKind, PublicationKind, PublicationState
from disclosures.models import Opinion, Publication, Rectification
from feedback.models import Series, Tally
from feedback.operations.core import count as count_up
from feedback.operations.daily import recount
from feedback.searching import KIND
from portal.accounts.enums import Role
from portal.accounts.models import Appointment
from portal.deadlines.operations import make_promises
from portal.kernel.days import local_day
from portal.ledger.recording import SYSTEM, record_many
from portal.search.operations import refresh_entries

from . import stories
from .lives import Life, Writer
from .scribe import moment_of
from .stories import Story

DAY = dt.timedelta(days=1)
OPINIONS, DEMANDS = 36, 14
HOWS = ("借调人员的归属也不同", "补发部分计入下月", "停工检修的几天未计入")
PLACES = ("中控室", "食堂门口", "检修班", "化验楼", "机关大厅")
# What is missing, and who would have it.
GAPS = (
    ("HQ", "食堂承包费用使用情况没有公开", "食堂承包费用一年用了多少、用在哪里，公开栏和平台上都没有看到。"),
    ("WZ", "劳保用品采购的供应商没有公开", "今年劳保鞋换了供应商，采购过程和质量要求没有看到公开。"),
    ("YX", "车间二次分配办法没有公开", "奖金发到车间以后怎么分，办法没有贴出来，班组里说法不一。"),
    ("PX", "外出培训名额怎么分没有公开", "外出培训的名额和条件没有公开，大家都不知道怎么报名。"),
)
TOLD = "您要求公开的内容已整理，按规定程序审核后在平台和公开栏公开，今后列入公开目录按期更新。"
SOON = "该事项涉及数据核对，已列入公开计划，核对完成后公开并告知您。"
SAID = tuple(
    Story("rules", kind, "", subject, body, suggestion, answer, plan)
    for kind, subject, body, suggestion, answer, plan in (
        (
            "suggestion",
            "公开内容建议附上计算依据",
            "《{title}》只列了结果，班组里算不出各项是怎么来的。",
            "附上计算依据和明细表，公开栏同步张贴。",
            "计算依据和明细表已补充，可在原公开内容下查看，{place}的公开栏同步张贴。",
            "计算依据由财务部门核对，核对完成后补充公开。",
        ),
        (
            "question",
            "公开的数据与班组掌握的对不上",
            "《{title}》里的数据和我们班组记录的不一致，想知道按什么口径统计。",
            "说明统计口径，有差错请更正。",
            "经核对，平台按自然月统计，班组按轮班周期统计，{how}，已在公开内容中注明口径。",
            "两个口径的差异正在逐项核对，核对结果随下月公开内容一并说明。",
        ),
        (
            "suggestion",
            "希望公开时和上年作对比",
            "《{title}》看不出比上年是多了还是少了。",
            "增加与上年同期的对比。",
            "自下一期起增加与上年同期的对比，本期对比情况已补充在附件中。",
            "上年数据口径有调整，换算完成后自下季度起增加对比。",
        ),
        (
            "suggestion",
            "倒班职工看公开内容不方便",
            "《{title}》张贴在办公楼一楼，倒班职工很少经过{place}以外的地方。",
            "在{place}增设一块公开栏，或发到班组看板。",
            "已在{place}增设公开栏，每期内容由班组长在班前会上宣读要点。",
            "公开栏已列入采购计划，到货前由班组长在班前会上宣读。",
        ),
    )
)


class _Said(Life):
    """An opinion on a text, or a request for what is missing: nobody returns it, nobody joins it to another."""

    def __init__(self, writer, index, received_on, about):
        self.about = about
        super().__init__(writer, index, received_on)

    @property
    def channel(self):
        return OPINION if isinstance(self.about, Publication) else REQUEST

    def choose(self):
        rng, plant = self.rng, self.w.plant
        self.words = {"place": rng.choice(PLACES), "why": rng.choice(stories.WHYS), "how": rng.choice(HOWS)}
        self.is_discipline = False
        if isinstance(self.about, Publication):
            self.unit, owner = self.about.unit, self.about.owner
            self.words["title"] = self.about.title
            self.story = dataclasses.replace(rng.choice(SAID), lead=owner.code)
        else:
            code, subject, body = self.about
            self.unit = plant.units[code]
            self.story = Story("rules", "question", code, subject, body, "请按规定公开。", TOLD, SOON)
        near = [one for one in plant.workers if self.unit.covers(one.unit)]
        self.author = rng.choice(near or plant.workers)

    def bounce(self):
        """What a unit has disclosed is its own."""

    def join_another(self):
        return False


def add_opinions(plant, *, at, seed):
    """Let workers say something about texts, and ask for what is missing; returns how many did."""
    rng = random.Random(f"{seed}:opinions")  # noqa: S311 -- made-up days, alike at every run
    today = local_day(at)
    texts = list(_read_by_all(plant).order_by("year", "serial"))
    found = [
        (local_day(text.publish_at) + rng.randint(1, 9) * DAY, text)
        # The latest too, so that some are being looked into.
        for text in dict.fromkeys([*rng.sample(texts, min(OPINIONS, len(texts))), *texts[-12::3]])
    ]
    found += [(today - (40 + 170 * place) * DAY, gap) for place, gap in enumerate(GAPS)]
    known = dict(Series.objects.values_list("year", "last"))
    writer = Writer(plant, seed=f"{seed}:opinions", today=today, now=at)
    writer.serials = dict(known)
    writer.key = None  # none in confidence: the tags of those are counted by the writer of the cards
    rows = []
    for index, (day, about) in enumerate(sorted((one for one in found if one[0] <= today), key=lambda one: one[0])):
        life = _Said(writer, index, day, about)
        life.live()
        kind = OpinionKind.OPINION if life.channel == OPINION else OpinionKind.REQUEST
        text = about if life.channel == OPINION else None
        rows.append(Opinion(inquiry_id=life.pk, kind=kind, publication=text))
    writer.flush()
    Opinion.objects.bulk_create(rows)
    for year, last in writer.serials.items():
        Series.objects.update_or_create(year=year, defaults={"last": last})
    there = {(one.unit_id, one.month, one.measure): one.n for one in Tally.objects.all()}
    count_up({key: n - there.get(key, 0) for key, n in recount().items()})
    refresh_entries(kind=KIND, keys=[row.inquiry.number for row in Opinion.objects.select_related("inquiry")])
    return len(rows)


def _read_by_all(plant):
    shown = (PublicationState.PUBLISHED, PublicationState.EXPIRED)
    rows = Publication.objects.filter(state__in=shown, audience=Audience.EVERYBODY, kind=PublicationKind.ANNOUNCEMENT)
    return rows.select_related("unit", "department", "drafted_by").filter(unit__code__in=("QM", *plant.heads))


def add_demands(plant, *, at, seed):
    """Let the supervisory group demand that texts be put right, of which most are in time; returns how many."""
    rng = random.Random(f"{seed}:demands")  # noqa: S311 -- made-up days, alike at every run
    inspectors = {
        row.unit.code: row.person
        for row in Appointment.objects.filter(role=Role.DISCIPLINE_INSPECTOR).select_related("person", "unit")
    }
    texts = list(_read_by_all(plant).filter(rectifications=None).order_by("year", "serial"))
    chosen = [texts[place * len(texts) // (DEMANDS + 1)] for place in range(1, DEMANDS + 1) if texts]
    rows = []
    for text in chosen:
        flagged_at = moment_of(local_day(text.publish_at) + 2 * DAY, rng, 9)
        row = Rectification(
            id=uuid.UUID(int=rng.getrandbits(128), version=4),
            publication=text,
            reason=rng.choice(("incomplete", "incomplete", "late", "scope")),
            demand="请按公开目录补齐内容和附表，数据与有关部门核对一致。",
            flagged_by=inspectors.get(text.unit.code) or plant.inspectors[0],
            flagged_at=flagged_at,
        )
        if flagged_at < at and row.flagged_by != text.drafted_by:
            rows.append(row)
    promises = make_promises(
        [
            {
                "kind": "disclosure.rectify",
                "subject": f"disclosures.rectification:{row.pk}",
                "unit": row.publication.owner,
                "started_on": local_day(row.flagged_at),
                "at": row.flagged_at,
            }
            for row in rows
        ]
    )
    acts = []
    for place, (row, promise) in enumerate(zip(rows, promises, strict=True)):
        row.promise = promise
        # Every fifth comes late.
        day = promise.due_on + 4 * DAY if place % 5 == 3 else local_day(row.flagged_at) + rng.randint(3, 12) * DAY
        _put_right(row, moment_of(day, rng, 10), at)
        if row.is_accepted:
            promise.save(update_fields=["met_at", "missed_at", "next_at"])
        acts += _acts(row)
    Rectification.objects.bulk_create(rows)
    record_many(acts)
    return len(rows)


def _put_right(row, done_at, at):
    if done_at + 2 * DAY > at:
        return
    row.done, row.done_by, row.done_at = "已补齐内容和附表，并在班前会说明。", row.publication.drafted_by, done_at
    row.is_accepted, row.checked_by, row.checked_at = True, row.flagged_by, done_at + DAY
    row.promise.met_at, row.promise.next_at = done_at, None
    if row.promise.due_at <= done_at:
        row.promise.missed_at = row.promise.due_at


def _acts(row):
    subject, promise = f"disclosures.publication:{row.publication_id}", row.promise
    about = {"subject": promise.subject, "promise": promise.pk, "kind": promise.kind, "round": 1}
    about["due_on"] = promise.due_on
    act = {"subject": subject, "rectification": row.pk}
    yield {
        "verb": "publication.flagged",
        "actor": row.flagged_by,
        "at": row.flagged_at,
        "reason": row.reason,
        "due_on": promise.due_on,
        **act,
    }
    if not row.is_accepted:
        return
    yield {"verb": "publication.rectified", "actor": row.done_by, "at": row.done_at, **act}
    if promise.missed_at:
        yield {"verb": "promise.missed", "actor": SYSTEM, "at": promise.due_at, **about}
    late = max(0, (local_day(row.done_at) - promise.due_on).days)
    yield {"verb": "promise.met", "actor": row.checked_by, "at": row.done_at, "days_late": late, **about}
    yield {"verb": "publication.rectification_accepted", "actor": row.checked_by, "at": row.checked_at, **act}
