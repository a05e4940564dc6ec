"""Documents as a plant writes them, always the same, and words to look for in them."""

import datetime as dt
import random

from portal.search.registry import Document

FIRST = dt.date(2024, 1, 1)
WHO = (
    "夜班职工",
    "裂解车间",
    "后勤服务部",
    "安全环保处",
    "厂工会",
    "检维修中心",
    "3号班组",
    "新入职员工",
    "外委施工队",
    "退休职工",
)
WHAT = (
    "食堂热饭供应",
    "劳动保护用品发放",
    "加班工资核算",
    "浴室热水",
    "通勤班车时刻",
    "№3泵房照明",
    "防毒面具滤盒",
    "年休假安排",
    "绩效奖金二次分配",
    "GB/T 9704-2012公文格式",
    "PM2.5监测",
    "ERP系统权限",
    "10kV变电所",
    "职工代表提案",
    "厂务公开栏",
    "合理化建议",
    "带薪培训",
    "高温津贴",
    "H2S报警仪",
    "更衣柜",
)
DID = (
    "长期没有落实",
    "已于本月整改完成",
    "需要进一步明确标准",
    "执行中出现偏差",
    "请有关部门答复",
    "经职代会审议通过",
    "按规定公示七天",
    "由安全环保处牵头办理",
    "未按时限反馈",
    "已列入下半年计划",
    "目前不具备条件",
    "正在招标采购",
)
MORE = (
    "建议在控制室旁增设加热柜两台，每周三由保洁清洁。",
    "三班倒职工在夜班十一点后吃不上热饭。",
    "经现场核查，情况属实。",
    "责任人：王主任（电话６６０１）。",
    "见附件《2026年劳动保护用品标准》第3条。",
    "全员安全培训率达到100%。",
    "“先整改、后追责”，限期15日。",
    "ＡＢＣ类物资实行分级管理；Abc类除外。",
    "安全 全员 生产",
    "O'Brien \\ 100_% <b>公司</b> & 子公司。",
    "👷班组长轮值🛠️。",
    "𠮷林石化乙烯厂。",
)


def documents(count, seed="corpus"):
    """Return so many documents, each of one to nine sentences, several of them on one day."""
    rng = random.Random(seed)
    found = []
    for number in range(count):
        title = f"{rng.choice(WHO)}{rng.choice(WHAT)}{rng.choice(DID)}"
        sentences = [
            rng.choice(MORE)
            if rng.random() < 0.4
            else f"{rng.choice(WHO)}反映：{rng.choice(WHAT)}{rng.choice(DID)}{rng.choice('。；，')}"
            for _ in range(rng.randrange(1, 10))
        ]
        text = rng.choice(("", "\n")).join(sentences)
        found.append(Document(f"d{number}", title[: rng.randrange(6, 40)], text, FIRST + dt.timedelta(number // 7)))
    return found


def words(found, count, seed="words"):
    """Return pieces of the documents as somebody would type them: one to twelve characters, some in other widths."""
    rng = random.Random(seed)
    asked = []
    while len(asked) < count:
        document = rng.choice(found)
        source = rng.choice((document.title, document.text))
        length = rng.choice((1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 8, 12))
        start = rng.randrange(max(1, len(source) - length))
        piece = source[start : start + length].strip()
        if rng.random() < 0.2:
            piece = "".join(chr(ord(c) + 0xFEE0) if 0x21 <= ord(c) < 0x7F else c for c in piece)
        if rng.random() < 0.2:
            piece = piece.swapcase()
        if rng.random() < 0.15:
            piece = f"{piece} {rng.choice(WHAT)[:2]}"
        if piece:
            asked.append(piece)
    return asked
