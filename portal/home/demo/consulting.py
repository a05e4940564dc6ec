"""Consultations of the demo enterprise: decided ones with their reports, one being answered, two open, one given up."""

import datetime as dt
import random
import uuid

from disclosures import operations as does
from disclosures.enums import Audience, GroupOutcome, Stance
from disclosures.models import CatalogueItem, Consultation, ConsultationOpinion
from portal.kernel.days import day_end, local_day

from .scribe import moment_of

BONUS = (
    "<h2>第一章 总则</h2><p>第一条 为规范月度奖金分配，体现多劳多得，制定本办法。</p>"
    "<p>第二条 本办法适用于本厂全体在岗职工。</p><h2>第二章 核定与扣罚</h2>"
    "<p>第三条 月度奖金由岗位奖和绩效奖组成，绩效奖占百分之六十。</p>"
    "<p>第四条 当月迟到一次扣五十元，迟到三次以上扣发当月绩效奖。</p>"
    "<p>第五条 班组分配结果由班组长核定后发放。</p>"
)
BONUS_FINAL = BONUS.replace("扣五十元，迟到三次", "以提醒为主，第二次起每次扣二十元，迟到五次").replace(
    "由班组长核定后发放", "经工会小组长复核，在班组公示三日后发放"
)
SHIFTS = (
    "<p>第一条 连续生产岗位由三班两倒改为四班两倒，每班十二小时。</p>"
    "<p>第二条 夜班时间为二十时至次日八时，夜班津贴每班六十元。</p>"
    "<p>第三条 换班须提前三日报班长同意，并在系统登记。</p><p>第四条 节假日值班按国家规定计发加班工资。</p>"
)
SHIFTS_FINAL = SHIFTS.replace("每班六十元", "每班八十元").replace("提前三日", "提前一日")
LEAVE = (
    "<p>第一条 职工年休假由车间统筹安排，应于当年安排完毕。</p>"
    "<p>第二条 因生产需要不能安排年休假的，经职工本人同意，按日工资百分之三百支付报酬。</p>"
    "<p>第三条 年休假申请应提前七日提出。</p>"
)
LEAVE_FINAL = LEAVE.replace("提前七日", "提前三日")
# title, unit, items, why, draft, final text (None: not decided), days ago on which it opened, state wanted.
CASES = (
    (
        "月度奖金分配办法（征求意见稿）",
        "YX",
        "C01",
        "原办法扣罚项目多、标准不一，本次统一核定和扣罚标准。",
        BONUS,
        BONUS_FINAL,
        420,
        "decided",
    ),
    (
        "职工年休假管理办法（征求意见稿）",
        "QM",
        "",
        "近两年年休假安排不均衡，本次明确统筹安排和报酬标准。",
        LEAVE,
        LEAVE_FINAL,
        230,
        "decided",
    ),
    ("班组考核实施细则（征求意见稿）", "DL", "C01", "拟与新的绩效办法衔接。", BONUS, None, 160, "abandoned"),
    (
        "四班两倒轮班办法（征求意见稿）",
        "HF",
        "",
        "合成氨装置改造后岗位定员有变化，拟调整轮班方式。",
        SHIFTS,
        SHIFTS_FINAL,
        120,
        "decided",
    ),
    (
        "夜班与轮班管理规定（征求意见稿）",
        "YJ",
        "",
        "丙烯腈装置扩能后夜班安排有变化，拟统一夜班时间和津贴。",
        SHIFTS,
        None,
        16,
        "closed",
    ),
    (
        "月度奖金分配办法修订（征求意见稿）",
        "YX",
        "C01",
        "上一版执行满一年，根据职工反映拟再作修订。",
        BONUS,
        None,
        4,
        "open",
    ),
    ("职工年休假管理办法修订（征求意见稿）", "QM", "", "与新的考勤系统衔接，调整申请时限。", LEAVE, None, 2, "open"),
)
SAID = (
    (Stance.CHANGE, "标准偏高，建议首次以提醒为主。", "扣罚和标准偏高"),
    (Stance.AGAINST, "一次小过失就扣这么多，家里压力大，不同意。", "扣罚和标准偏高"),
    (Stance.CHANGE, "时限太紧，倒班职工来不及，建议缩短提前天数。", "时限太紧"),
    (Stance.CHANGE, "应当有工会小组参加，结果要公示。", "结果应当复核并公示"),
    (Stance.AGREE, "写得清楚，同意。", "表示同意"),
    (Stance.CHANGE, "津贴多年没涨，建议适当提高。", "提高津贴和待遇"),
    (Stance.AGREE, "比原来的办法公平。", "表示同意"),
    (Stance.CHANGE, "希望写明由谁解释、向谁申诉。", "写明申诉途径"),
)
ANSWERS = {
    "扣罚和标准偏高": (GroupOutcome.PARTLY, "采纳降低标准的意见；完全取消不利于生产秩序，未采纳。"),
    "时限太紧": (GroupOutcome.ADOPTED, "已按意见缩短提前天数。"),
    "结果应当复核并公示": (GroupOutcome.ADOPTED, "已增加复核和公示的要求。"),
    "表示同意": (GroupOutcome.ADOPTED, "感谢支持，有关条款保持不变。"),
    "提高津贴和待遇": (GroupOutcome.PARTLY, "在现有工资总额内适当提高，今后随效益调整。"),
    "写明申诉途径": (
        GroupOutcome.NOT_ADOPTED,
        "集体合同第十二条已有规定，不再重复；可向分工会或劳动争议调解委员会提出。",
    ),
}
NAMES = ("夜班老张", "装置一员", "扳手", "老炼油", "晨曦", "钳工小李")


def add_consultations(plant, *, at, seed):
    """Write the consultations before a moment through the real operations; returns how many."""
    rng = random.Random(f"{seed}:consultations")  # noqa: S311 -- made-up opinions, alike at every run
    for case in CASES:
        _live(plant, rng, at, *case)
    return Consultation.objects.count()


def _live(plant, rng, at, title, code, item, why, body, final, ago, wanted):
    unit = plant.units[code]
    department = plant.units["RS"] if code == "QM" else None
    place = department.code if department else code
    writer, opener = plant.handlers[place], plant.heads[place]
    day = local_day(at) - dt.timedelta(days=ago)
    opened = moment_of(day - dt.timedelta(days=max(day.weekday() - 4, 0)), rng, 8)
    draft = does.ConsultationDraft(
        unit=unit,
        department=department,
        item=CatalogueItem.objects.filter(code=item).first(),
        title=title,
        lead=why,
        body=body,
        workdays=7,
        audience=Audience.EVERYBODY if code == "QM" else Audience.UNIT,
        idempotency_key=uuid.UUID(int=rng.getrandbits(128), version=4),
    )
    before = opened - dt.timedelta(days=1)
    row = does.draft_consultation(draft=draft, actor=writer, at=before)
    does.hand_consultation(consultation_id=row.pk, actor=writer, at=before)
    row = does.open_consultation(consultation_id=row.pk, actor=opener, at=opened)
    groups = _speak(plant, rng, row, unit, opened, at)
    if wanted == "abandoned":
        when = opened + dt.timedelta(days=20)
        reason = "上级将统一制定绩效考核办法，本细则不再单独制定。"
        does.abandon_consultation(consultation_id=row.pk, reason=reason, actor=opener, at=when)
    elif wanted == "decided":
        _decide(plant, row, groups, writer, final)
    elif wanted == "closed":
        does.close_consultations(at=at)


def _speak(plant, rng, row, unit, opened, at):
    """Let workers of the unit speak, half of them under a nickname; return {heading: opinion keys}."""
    clauses = list(row.clauses.all())
    people = [one for one in plant.workers if unit.covers(one.unit)]
    groups = {}
    for _n in range(rng.randint(9, 16)):
        stance, text, heading = rng.choice(SAID)
        author = rng.choice(people) if people and rng.random() < 0.5 else None
        draft = does.OpinionDraft(
            clause=rng.choice([*clauses, None]),
            stance=stance,
            text=text,
            idempotency_key=uuid.UUID(int=rng.getrandbits(128), version=4),
            nickname=rng.choice(NAMES),
            shows_name=rng.random() < 0.3,
        )
        when = min(opened + dt.timedelta(days=rng.randint(0, 6), hours=1), at)
        said = does.say_opinion(consultation_id=row.pk, draft=draft, author=author, at=when, is_vouched=True)
        groups.setdefault(heading, []).append(said.opinion.pk)
    return groups


def _decide(plant, row, groups, writer, final):
    closed = day_end(row.closes_on) + dt.timedelta(days=2, hours=9)
    for heading, keys in groups.items():
        group = does.group_opinions(consultation_id=row.pk, opinion_ids=keys, heading=heading, actor=writer, at=closed)
        outcome, answer = ANSWERS[heading]
        does.answer_group(
            group_id=group.pk, heading=heading, summary="", outcome=outcome, answer=answer, actor=writer, at=closed
        )
    does.complete_answers(consultation_id=row.pk, actor=writer, at=closed)
    told = closed + dt.timedelta(days=12)
    total = ConsultationOpinion.objects.filter(consultation=row).count()
    report = does.ReportDraft(
        summary=f"共收到意见 {total} 条，归为 {len(groups)} 类。大家最关心标准高低和程序公开，定稿已作相应修改。",
        final_body=final,
        method="经职工代表团（组）长联席会议讨论，与工会平等协商一致，由经理办公会决定。",
        decided_on=local_day(told) - dt.timedelta(days=1),
        document=f"启明〔{told.year}〕{row.clauses.count() * 7}号",
    )
    does.prepare_report(consultation_id=row.pk, draft=report, actor=writer, at=told)
    does.decide_consultation(
        consultation_id=row.pk, is_granted=True, note_text="", actor=plant.chair, at=told + dt.timedelta(hours=5)
    )
