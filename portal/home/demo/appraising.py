"""
Appraisals of the demo enterprise: a finished two-way one, one of ten leaders open to the whole staff, one by codes.

The codes that open the box of the open one stand in demo-appraisal-shares.json, the slips of the one by codes in
demo-appraisal-codes.json.
"""

import datetime as dt
import hashlib
import io
import json
import random
from contextlib import suppress
from decimal import Decimal

import docx
from django.conf import settings
from django.db import transaction

from evaluations.enums import CodeSet, Direction, RemarkDecision, ScaleKind, Source, Visibility, VoidKind
from evaluations.models import Remark
from evaluations.operations import announcing, questionnaires, reports, rounds
from evaluations.operations.remarks import decide_remark
from evaluations.operations.results import publish_rounds
from evaluations.presets import DIMENSIONS
from evaluations.queries.rounds import blocks_of_round
from portal.ballots import operations as box
from portal.ballots.enums import Grade
from portal.ballots.models import Elector
from portal.files.intake import CleanFile
from portal.kernel.verdicts import OperationRefused

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REPORT = (
    "一、履行职责情况：完成年度生产经营和安全环保目标，职代会提案按期答复。",
    "二、民主管理情况：班子议事按制度进行，厂务公开按月进行。",
    "三、廉洁自律情况：执行廉洁从业规定，按要求报告个人有关事项。",
    "四、不足和改进：深入一线不够经常，明年每月至少四次到班组。",
)
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
TURNOUT = 0.9
ANSWERS = ("excellent", "competent", "basic", "incompetent", "dk")
KINDS = ((58, 34, 5, 1, 2), (40, 44, 10, 2, 4), (70, 24, 3, 1, 2))
REMARKS = (
    "深入班组多，夜班也常见到，希望继续保持。",
    "布置工作清楚，反馈意见有回音。",
    "会议偏多，建议压减，把时间留给现场。",
    "遇到跨部门的事推动慢，盼望再主动一些。",
    "对年轻人带得细，愿意讲道理。",
    "考核办法解释得不够，班组里有疑问。",
)
SHEET = "中层领导人员民主测评表"
OFFICES, WORKS = ("RS", "AH", "SC", "SB", "HQ"), ("HF", "YJ", "WS", "DL")
REASON = "任职不满三个月，按办法不作述职。"
TEN, BY_CODES = "二级单位和机关处室负责人年度民主测评", "乙烯厂领导班子和负责人民主测评"


def add_appraisals(plant, *, at, seed):
    """Write the rounds through the real operations."""
    rng = random.Random(f"{seed}:appraisals")  # noqa: S311 -- made-up answers, alike at every run
    sheet = questionnaires.make_questionnaire(
        unit=plant.company, name=SHEET, scale=ScaleKind.GRADE, step=None, dimensions=DIMENSIONS[CodeSet.FIVE],
        source="公司领导人员民主测评办法", actor=plant.chair, at=at - 60 * DAY,
    )  # fmt: skip
    edition = sheet.editions.get()
    then = at - 24 * DAY
    up = _plan(plant, edition, "基层评机关：机关处室负责人", Direction.UP, then)
    down = _plan(plant, edition, "机关评基层：二级单位负责人", Direction.DOWN, then, counterpart=up)
    _groups(plant, up, then, (("二级单位负责人", "0.5", Source.HEADS), ("职工代表", "0.5", Source.DELEGATES)))
    _groups(plant, down, then, (("部门负责人", "0.6", Source.HEADS), ("工会干部", "0.4", Source.UNION)))
    for round_, codes in ((up, OFFICES), (down, WORKS)):
        _finish(plant, round_, [plant.heads[code] for code in codes], then, rng)
    _publish(plant, up, then + 9 * DAY)
    _open_one(plant, edition, at)
    # In a demo of few people a group of the works is too small to be asked; then it has no round by codes.
    with suppress(OperationRefused), transaction.atomic():
        _open_by_codes(plant, edition, at)


def _plan(
    plant, edition, title, direction, at, *, counterpart=None, unit=None, days=7, has_remarks=True,
    grade=Grade.SIGNED_IN,
):  # fmt: skip
    return rounds.plan_round(
        unit=unit or plant.company, title=title, year=at.year, edition=edition, grade=grade, opens_at=at,
        closes_at=at + days * DAY, visibility=Visibility.CLASSES, has_remarks=has_remarks, direction=direction,
        counterpart=counterpart, actor=plant.chair, at=at,
    )  # fmt: skip


def _groups(plant, round_, at, groups):
    for name, weight, source in groups:
        rounds.add_group(
            round_id=round_.pk, name=name, weight=Decimal(weight), sources=[source], unit=round_.unit,
            with_units_below=True, actor=plant.chair, at=at,
        )  # fmt: skip


def _begin(plant, round_, people, at, *, teams=(), codes=0):
    """Take a planned round to its frozen list; return the codes of the scrutineers and the slips, if any."""
    act = {"actor": plant.chair, "at": at}
    rounds.add_subjects(round_id=round_.pk, people=people, teams=teams, **act)
    rounds.set_void_rules(round_id=round_.pk, kinds=[VoidKind.SAME], **act)
    three = [plant.inspectors[0], plant.handlers["YX"], plant.handlers["JX"]]
    announcing.announce_round(round_id=round_.pk, scrutineers=three, **act)
    round_.refresh_from_db()
    *reported, last = round_.subjects.all()
    # A minute for each, so that the history tells them in the order of the list.
    for one in reported:
        act["at"] += MINUTE
        reports.add_report(subject_id=one.pk, upload=_report_of(one), **act)
    act["at"] = at = act["at"] + MINUTE
    reports.waive_report(subject_id=last.pk, reason=REASON, **act)
    shares = [box.take_up_share(poll_id=round_.poll_id, actor=one, at=at) for one in three]
    slips = {}
    for group in round_.groups.all() if codes else ():
        sheets = box.print_codes(poll_id=round_.poll_id, count=codes, group=group.code, **act)
        slips[str(group)] = [code for _number, sheet in sheets for code in sheet]
    box.open_poll(poll_id=round_.poll_id, **act)
    return shares, slips


def _report_of(subject):
    """A short report as a Word file."""
    document, buffer = docx.Document(), io.BytesIO()
    document.add_heading(f"{subject.name}述职述廉报告", level=1)
    for line in REPORT:
        document.add_paragraph(line)
    document.save(buffer)
    content = buffer.getvalue()
    sha256 = hashlib.sha256(content).hexdigest()
    return CleanFile(content, f"{subject.name}述职述廉报告.docx", WORD, len(content), sha256)


def _finish(plant, round_, people, at, rng):
    shares, _slips = _begin(plant, round_, people, at)
    blocks = blocks_of_round(round_)
    members = {block.subject.pk: set(block.subject.members.values_list("pk", flat=True)) for block in blocks}
    weights = {block.subject.pk: rng.choice(KINDS) for block in blocks}
    for elector in Elector.objects.filter(poll=round_.poll_id).select_related("person").order_by("person__job_no"):
        if rng.random() > TURNOUT:
            continue
        answers = {}
        for block in blocks:
            is_own = elector.person_id in members[block.subject.pk]
            for code, _item in block.codes:
                answers[code] = "skip" if is_own else rng.choices(ANSWERS, weights[block.subject.pk])[0]
            answers[block.remark] = rng.choice(REMARKS) if not is_own and rng.random() < 0.2 else ""
        box.cast_ballot(poll_id=round_.poll_id, person=elector.person, answers=answers, at=at + DAY)
    over = at + 7 * DAY
    box.close_due(at=over)
    box.count_poll(poll_id=round_.poll_id, codes=shares[:2], actor=plant.chair, at=over)


def _publish(plant, round_, at):
    """Pass on every remark and publish both sides together."""
    for remark in Remark.objects.filter(subject__round__in=[round_.pk, round_.counterpart_id]):
        decide_remark(remark_id=remark.pk, decision=RemarkDecision.KEEP, actor=plant.chair, at=at)
    publish_rounds(round_id=round_.pk, actor=plant.chair, at=at)


def _open_one(plant, edition, at):
    at -= DAY
    round_ = _plan(plant, edition, TEN, Direction.SINGLE, at, days=15)
    _groups(
        plant, round_, at,
        (("技术人员", "0.4", Source.TECHNICIANS), ("一线职工", "0.6", Source.FRONTLINE)),
    )  # fmt: skip
    heads = [plant.heads[one.code] for one in plant.units.values() if one.code in plant.heads]
    shares, _slips = _begin(plant, round_, heads[:10], at)
    _keep("demo-appraisal-shares.json", shares)


def _open_by_codes(plant, edition, at):
    at -= DAY
    works = plant.units["YX"]
    round_ = _plan(
        plant, edition, BY_CODES, Direction.SINGLE, at, unit=works, days=15, has_remarks=False, grade=Grade.PRINTED_CODE
    )
    _groups(plant, round_, at, (("技术人员", "0.4", Source.TECHNICIANS), ("一线职工", "0.6", Source.FRONTLINE)))
    people = [plant.leaders["YX"], plant.heads["YX"]]
    _shares, slips = _begin(plant, round_, people, at, teams=[works], codes=20)
    _keep("demo-appraisal-codes.json", slips)


def _keep(name, rows):
    """Write down what the demo's people would have on paper."""
    if settings.DEMO:
        path = settings.VAR / name
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
        path.chmod(0o600)
