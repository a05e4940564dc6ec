"""What the style page shows in its parts: words of the fictional 启明石化公司, in Chinese because they are data."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel import charts
from portal.kernel.forms import (
    ChoiceCards,
    CleanCharField,
    CleanTextField,
    CodeField,
    DayField,
    IdempotencyMixin,
    PortalForm,
    RatingRadios,
    WholeNumberField,
)
from portal.kernel.richtext.fields import RichTextField

DAY = dt.date(2026, 12, 22)


@dataclass(frozen=True)
class SampleClock:
    lamp: str
    sentence: str
    due_on: dt.date = DAY
    is_provisional: bool = False


CLOCKS = [
    SampleClock("blue", "已受理，应于12月22日(周二)前答复，还剩12天"),
    SampleClock("yellow", "还剩3天，已提醒承办人"),
    SampleClock("red", "已超期3天，已提醒承办单位上级"),
    SampleClock("green", "已按期答复，待您评价"),
    SampleClock("orange", "已答复，比承诺晚2天"),
    SampleClock("grey", "等待您补充材料，计时暂停第2天（最多10天）", is_provisional=True),
]
STAGES = [
    {"label": "提交", "state": "done", "on": dt.date(2026, 11, 20)},
    {"label": "受理", "state": "done", "on": dt.date(2026, 11, 20)},
    {"label": "转办", "state": "done", "on": dt.date(2026, 11, 23)},
    {"label": "答复", "state": "current", "on": "", "note": "还剩12天"},
    {"label": "评价", "state": "ahead"},
    {"label": "办结", "state": "ahead"},
]
EVENTS = [
    {"on": dt.date(2026, 11, 20), "text": "职工提交信息卡", "icon": "square-pen"},
    {
        "on": dt.date(2026, 11, 20),
        "text": "工会受理，编号 2026-0153",
        "actor": "公司工会",
        "tone": "green",
        "icon": "check",
    },
    {"on": dt.date(2026, 11, 23), "text": "报分管领导并转后勤服务中心主办", "actor": "公司工会"},
    {
        "on": dt.date(2026, 12, 23),
        "text": "到期未答复，已提醒承办单位上级",
        "tone": "red",
        "icon": "triangle-alert",
        "note": "系统自动记录，任何人不能撤销",
    },
]
FILES = [
    {"name": "图片1.jpg", "url": "#files", "size": 284_113, "kind": "image/jpeg"},
    {"name": "附件2.pdf", "url": "#files", "size": 1_404_113, "kind": "application/pdf"},
]
PAIRS = [("编号", "2026-0153"), ("承办单位", "后勤服务中心"), ("协办单位", "乙烯厂"), ("答复方式", "")]
ROWS = [
    ("2026-0153", "夜班十一点后吃不上热饭，建议在控制室旁增设加热柜", "乙烯厂", CLOCKS[0]),
    ("2026-0149", "厂区东门外雨天积水，建议疏通雨水井并加装照明", "化肥厂", CLOCKS[2]),
    ("2026-0131", "曝气池巡检平台栏杆有松动，请给出整改时间表", "污水处理厂", CLOCKS[3]),
]


class SampleForm(IdempotencyMixin, PortalForm):
    topic = forms.ChoiceField(
        label="类型",
        choices=[("", "请选择"), ("idea", "建议"), ("question", "咨询"), ("complaint", "投诉"), ("help", "求助")],
    )
    text = CleanTextField(
        label="内容", max_length=1000, help_text="写清时间、地点和您希望怎样解决。不要写进能让人认出别人的细节。"
    )
    number = CodeField(label="工号", help_text="八位数字，前面的零也要写")
    on = DayField(label="发生日期", required=False)
    count = WholeNumberField(label="涉及人数", required=False, min_value=1, max_value=9999)
    place = CleanCharField(label="地点", required=False, max_length=60)
    photo = forms.FileField(label="照片", required=False, help_text="最多3张，拍摄地点和手机型号会自动去掉")
    mode = forms.ChoiceField(
        label="用哪种方式提交",
        choices=[("named", "署名"), ("confidential", "保密"), ("anonymous", "匿名")],
        widget=ChoiceCards(
            about={
                "named": "工会和承办单位看得到您的姓名，公开页面上没有。",
                "confidential": "姓名加密保存。工会只有说明理由才能打开，每次打开都有记录，也会告诉您。",
                "anonymous": "谁都不知道是您。不用登录，不存地址，只记日期；凭回执码查看答复。",
            },
            icons={"named": "user", "confidential": "lock", "anonymous": "eye-off"},
        ),
    )
    rating = forms.ChoiceField(
        label="您对答复满意吗",
        choices=[("5", "非常满意"), ("4", "满意"), ("3", "基本满意"), ("2", "不满意"), ("1", "非常不满意")],
        widget=RatingRadios(),
    )
    agreed = forms.BooleanField(label="我已核对以上内容")


RICH = """<h2>一、夜班津贴</h2>
<p>第一条 倒班职工夜班津贴由每班20元调整为<strong>每班35元</strong>，自2026年1月起执行，由劳动工资部随当月工资发放。</p>
<p>第二条 下列情形视同夜班：</p>
<ol><li>零点以后仍在岗的检修、抢修人员；</li><li>经调度室批准的临时顶岗，<ul><li>须有交接班记录；</li><li>须由班长签字。</li></ul></li></ol>
<blockquote><p>征求意见期间收到意见46条，采纳19条，详见《意见采纳情况说明》。</p></blockquote>
<h3>附：各单位测算</h3>
<table><thead><tr><th>单位</th><th>倒班人数</th><th>每月增加（元）</th><th>说明</th></tr></thead><tbody>
<tr><td>乙烯厂</td><td>412</td><td>49,440</td><td>四班两倒，按每人每月8个夜班测算</td></tr>
<tr><td>化肥厂</td><td>268</td><td>32,160</td><td>含新投运的尿素装置</td></tr></tbody></table>
<p>咨询：<a href="/help/">劳动工资部</a>，电话 4021。</p>"""
RICH_BEFORE = """<h2>一、夜班津贴</h2>
<p>第一条 倒班职工夜班津贴由每班20元调整为每班30元，自2026年3月起执行，由各单位随当月工资发放。</p>
<p>第二条 下列情形视同夜班：</p>
<ol><li>零点以后仍在岗的检修人员；</li><li>经车间批准的临时顶岗。</li></ol>
<p>第三条 旷工一次的，扣发当月夜班津贴。</p>
<h3>附：各单位测算</h3>
<table><thead><tr><th>单位</th><th>倒班人数</th><th>每月增加（元）</th><th>说明</th></tr></thead><tbody>
<tr><td>乙烯厂</td><td>412</td><td>32,960</td><td>四班两倒，按每人每月8个夜班测算</td></tr>
<tr><td>化肥厂</td><td>268</td><td>21,440</td><td>含新投运的尿素装置</td></tr></tbody></table>
<p>咨询：<a href="/help/">劳动工资部</a>，电话 4021。</p>"""


class SampleTextForm(PortalForm):
    body = RichTextField(label="正文", initial=RICH)


def sample_charts():
    months = ["6月", "7月", "8月", "9月", "10月", "11月"]
    units = [("乙烯厂", 96), ("化肥厂", 91), ("动力厂", 88), ("污水处理厂", 74), ("研究院", None)]
    return [
        charts.bar_chart(_("Answered on time by unit"), units, unit="%", maximum=100),
        charts.stacked_bar_chart(
            _("Cards by month"),
            months,
            [
                ("按期", [31, 28, 35, 40, 38, 22], "green"),
                ("逾期", [3, 5, 2, 4, 3, 1], "orange"),
                ("办理中", [0, 0, 0, 2, 6, 15], "blue"),
            ],
        ),
        charts.line_chart(
            _("Satisfaction and redo by month"),
            months,
            [("满意率", [82, 85, 84, None, 90, 91]), ("重办率", [9, 8, 8, 7, 5, 5])],
            unit="%",
            maximum=100,
        ),
        charts.donut_chart(
            _("Outcomes this year"), [("已解决", 212), ("列入计划", 48), ("条件不具备", 31), ("留作参考", 17)]
        ),
        charts.radar_chart(
            _("Five dimensions"),
            ["工作业绩", "思想政治", "作风能力", "团结民主", "勤政廉洁"],
            [("今年", [88, 92, 81, 76, 94]), ("去年", [84, 90, 78, 80, 91])],
        ),
        charts.sparkline(_("Open cards, last eight weeks"), [31, 28, 30, 26, 22, 24, 19, 17]),
    ]
