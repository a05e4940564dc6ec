"""
The portal's own sheet of a hundred points (domain.md §9), where a scheme may begin.

No official table was found; every number is this portal's own, and a union
changes what it likes before the version is put into force. The texts are those
of a Chinese document, not of the interface.
"""

from dataclasses import dataclass
from decimal import Decimal

TITLE = "厂务公开民主管理质量评估表"


@dataclass(frozen=True)
class SheetItem:
    """One item: title, points, how they are given, source, and the figures that propose points with their weights."""

    title: str
    points: Decimal
    criteria: str
    source: str
    evidence: tuple[tuple[str, int], ...] = ()


SHEET = (
    SheetItem(
        "组织领导与责任落实",
        Decimal(10),
        "领导小组、日常工作机构、监督小组健全，四责到人；年度责任书、承诺书按期签订；监督小组提出的整改按期办结。",
        "“四责”制度及责任制考核实践；分值为本平台自拟",
        (("commitment.signed", 5), ("rectification.closed", 3), ("briefing.held", 2)),
    ),
    SheetItem(
        "职工代表大会规范运行",
        Decimal(25),
        "每年至少召开一次；到会代表达到全体代表三分之二以上；会议材料提前七日送达代表；须表决事项一律无记名投票；决议执行有人抓、有结果。",
        "《上海市职工代表大会条例》第22、28、30、31条；分值为本平台自拟",
        (
            ("session.held", 8),
            ("session.quorum", 5),
            ("papers.on_time", 5),
            ("session.secret", 5),
            ("resolution.on_time", 2),
        ),
    ),
    SheetItem(
        "职工代表选举与培训",
        Decimal(10),
        "代表由本单位职工民主选举产生，缺额及时补选；代表每年参加培训。",
        "《上海市职工代表大会条例》第15、19条；分值为本平台自拟",
        (("delegate.elected", 6), ("delegate.trained", 4)),
    ),
    SheetItem(
        "职工代表提案办理",
        Decimal(15),
        "提案按期立案、答复，答复经提案人评价，结果向职工公开。",
        "提案办理三十日至三个月的通行做法；分值为本平台自拟",
        (("motion.on_time", 1),),
    ),
    SheetItem(
        "厂务公开",
        Decimal(20),
        "公开目录所列事项应公开尽公开、按期公开；公示展示不少于规定天数；公开台账齐全。",
        "山东省厂务公开条例第12条、重庆市厂务公开条例第9条（展示不少于15日）；分值为本平台自拟",
        (("duty.covered", 8), ("duty.on_time", 8), ("display.days", 4)),
    ),
    SheetItem(
        "信息卡与意见答复",
        Decimal(10),
        "民主管理信息卡一个月内答复到职工本人；对公开事项的意见三十日内答复。",
        "吉林石化民主管理信息卡制度；《浙江省企业民主管理条例》第23条（30日）；分值为本平台自拟",
        (("card.on_time", 6), ("opinion.on_time", 4)),
    ),
    SheetItem(
        "民主评议与质询",
        Decimal(5),
        "按计划开展领导干部民主测评，结果按规定反馈、运用；职工代表质询有答复。",
        "吉林石化干部民主测评、职工代表质询制；分值为本平台自拟",
        (("appraisal.held", 1),),
    ),
    SheetItem(
        "职工满意度",
        Decimal(5),
        "每年由全体职工对厂务公开、职代会工作作一次无记名满意度测评。",
        "职代会为评价机构，“七个一”中的每年一次职工测评；分值为本平台自拟",
        (("satisfaction.disclosure", 1), ("satisfaction.congress", 1)),
    ),
)
