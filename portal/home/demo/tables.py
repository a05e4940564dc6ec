"""The tables of the demo's disclosures: the figures that the words speak of, as a unit would post them."""

import random
import re

from portal.kernel.richtext import from_plain

TEAMS = ("甲班", "乙班", "丙班", "丁班")
BIDDERS = ("海陵建安工程公司", "滨海石化工程公司", "江左防腐保温公司", "云峰设备安装公司")
GOODS = (
    ("防腐涂料", "吨", 18_600),
    ("催化剂", "吨", 96_000),
    ("不锈钢无缝管", "吨", 23_400),
    ("机械密封", "套", 3_850),
    ("润滑油", "桶", 2_260),
)
WEIGHTS = (27, 26, 24, 23)


def with_table(code, unit, title, body):
    """
    Return the markup of a demo text with the table of its item, where it has one.

    The figures come from a generator of their own, so that they change nothing else of the demo.
    """
    rng = random.Random(f"{unit.code}:{title}:{body}")  # noqa: S311 -- made-up figures
    rows = TABLES[code](rng, title, body) if code in TABLES else []
    return from_plain("\n\n".join([body, "\n".join("\t".join(map(str, row)) for row in rows)]) if rows else body)


def _bonus(rng, _title, body):
    found = re.search(r"奖金总额([\d.]+)万元", body)
    total = round(float(found[1]) * 10_000) if found else rng.randrange(80, 400) * 1000
    shares = [total * weight // 100 for weight in WEIGHTS[:-1]]
    reasons = rng.sample(("平稳率最高，加2分", "巡检漏项，扣1分", "能耗低于指标，加1分", "记录涂改，扣1分"), k=4)
    rows = [
        (team, f"{rng.uniform(92, 102):.1f}", f"{share:,}", reason)
        for team, share, reason in zip(TEAMS, [*shares, total - sum(shares)], reasons, strict=True)
    ]
    return [("班组", "考核得分", "奖金（元）", "加减分理由"), *rows, ("合计", "", f"{total:,}", "")]


def _welfare(rng, title, _body):
    if "防暑" in title:
        goods = (("矿泉水", "箱", 24), ("绿豆", "公斤", 11), ("藿香正气水", "盒", 13))
        return [
            ("品种", "数量", "单价（元）", "供货单位"),
            *((name, f"{rng.randrange(40, 300)}{of}", price, "厂区劳保服务站") for name, of, price in goods),
        ]
    return [
        ("岗位类别", "人数", "标准（元）"),
        *((post, rng.randrange(8, 90), sum_) for post, sum_ in (("倒班", 1200), ("常白班", 1000), ("管理", 800))),
    ]


def _bids(rng, title, _body):
    unit = rng.uniform(180, 420)
    return [
        ("排名", "投标单位", "报价（万元）", "综合得分"),
        *(
            (place, name, f"{unit * (1 + place / 40):.1f}", f"{94.6 - 3.1 * place + rng.random():.1f}")
            for place, name in enumerate(rng.sample(BIDDERS, k=3), start=1)
        ),
    ]


def _purchases(rng, _title, _body):
    rows = []
    for name, of, price in GOODS:
        now = round(price * rng.uniform(0.92, 1.1), -1)
        change = (now / price - 1) * 100
        rows.append(
            (name, f"{rng.randrange(4, 60)}{of}", f"{now:,.0f}", f"{change:+.1f}%", "合格", rng.choice(BIDDERS))
        )
    return [("物资", "数量", "单价（元）", "同比", "质量", "供应商"), *rows]


def _assessment(rng, _title, _body):
    rows = [(name, weight, f"{weight * rng.uniform(0.9, 1):.1f}") for name, weight in GOALS]
    return [("指标", "权重", "得分"), *rows, ("合计", 100, f"{sum(float(row[2]) for row in rows):.1f}")]


GOALS = (("产量", 30), ("能耗和物耗", 25), ("安全环保", 25), ("设备完好率", 10), ("现场管理", 10))


def _expenses(rng, _title, _body):
    rows, planned, spent = [], 0, 0
    for name in ("办公和印刷", "修理和工器具", "劳保和防暑用品", "差旅和培训"):
        plan, real = rng.randrange(12, 90) / 10, 0
        real = round(plan * rng.uniform(0.8, 1.08), 1)
        planned, spent = planned + plan, spent + real
        rows.append((name, f"{plan:.1f}", f"{real:.1f}", f"{real - plan:+.1f}"))
    total = ("合计", f"{planned:.1f}", f"{spent:.1f}", f"{spent - planned:+.1f}")
    return [("项目", "预算（万元）", "实际（万元）", "差额"), *rows, total]


def _majors(rng, _title, _body):
    rows = []
    for name in ("重大决策", "重要干部任免", "重大项目安排", "大额度资金运作"):
        all_ = rng.randrange(1, 7)
        done = rng.randrange(all_ + 1)
        rows.append((name, all_, done, all_ - done))
    return [("类别", "事项", "已执行完毕", "执行中"), *rows]


def _hazards(rng, _title, _body):
    rows = [(kind, n := rng.randrange(2, 19), n) for kind in ("设备设施", "电气仪表", "作业行为", "消防器材")]
    return [("隐患类别", "查出", "已整改"), *rows]


def _repairs(rng, title, _body):
    if "报警器" not in title:
        return []
    rows = [(area, rng.randrange(1, 9), "仪表车间", "合格") for area in ("一号罐区", "二号罐区", "装车台")]
    return [("区域", "更换（台）", "责任单位", "复查结果"), *rows]


def _ranks(rng, title, _body):
    if "技师" not in title:
        return []
    rows = [(step, weight, f"{rng.uniform(82, 97):.1f}") for step, weight in (("理论", 30), ("实操", 50), ("业绩", 20))]
    return [("考评环节", "权重（%）", "拟聘人选平均得分"), *rows]


def _contest(rng, title, _body):
    if "竞聘" not in title:
        return []
    rows = [(step, f"{rng.uniform(80, 96):.1f}") for step in ("笔试", "面试", "民主测评")]
    return [("环节", "拟聘人选得分"), *rows]


TABLES = {
    "A04": _majors,
    "B03": _bids,
    "B04": _purchases,
    "B05": _assessment,
    "B06": _expenses,
    "C01": _bonus,
    "C02": _welfare,
    "C07": _ranks,
    "D01": _hazards,
    "D02": _repairs,
    "E01": _contest,
}
