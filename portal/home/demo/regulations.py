"""
The demo's library: 280 regulations and 308 process flows, as the seed counts them, with versions and repeals.

What is older than the portal stands as it was taken over from a file; the rest
as handlers entered and heads approved it. Some come into force only later.
"""

import datetime as dt
import random
import uuid
from itertools import pairwise

from django.db import transaction

from disclosures import operations as does
from disclosures.enums import Audience, RegulationAct, RegulationCategory, RegulationKind, RegulationState
from disclosures.models import FlowStep, Regulation, RegulationVersion
from disclosures.operations.regulation_filing import STEP_FIELDS, folded_of, key_of, print_of
from disclosures.regulation_file import markup_of
from disclosures.searching_regulations import KIND
from portal.kernel.days import day_start, local_day
from portal.ledger.recording import SYSTEM, record_many, subject_key
from portal.search.operations import reindex

from .regulation_words import (
    AIMS,
    CHANGES,
    CONSULTED,
    DUTIES,
    ENDS,
    FLOWS,
    KINDS,
    OWN,
    RULES,
    SCOPES,
    SUBJECTS,
)

RULE_COUNT, FLOW_COUNT = 280, 308
PORTAL_DAYS = 730  # since when the portal has been there
DIGITS = "零一二三四五六七八九"
NUMBER_OF_OFFICE = {
    "SC": "生",
    "AH": "安",
    "SB": "设",
    "YY": "质",
    "RS": "人",
    "CW": "财",
    "WZ": "物",
    "JW": "纪",
    "GH": "工",
}


@transaction.atomic
def add_regulations(plant, *, at, seed, has_ledger=True, say=lambda text: None):
    """Write the library as of a moment; returns how many regulations and flows."""
    say("regulations")
    builder = _Builder(plant, random.Random(f"{seed}:regulations"), at)  # noqa: S311 -- made-up texts
    subjects = [
        (category, office, subject) for category, (office, words) in SUBJECTS.items() for subject in words.split()
    ]
    # Eight more than there are regulations: the last subject of the first eight categories has a flow only.
    spare = {words.split()[-1] for _office, words in list(SUBJECTS.values())[: len(subjects) - RULE_COUNT]}
    for place, (category, office, subject) in enumerate(one for one in subjects if one[2] not in spare):
        builder.rule(place, category, office, subject)
    pairs = [(flow, one) for flow in FLOWS for one in subjects][:FLOW_COUNT]
    for place, (flow, (category, office, subject)) in enumerate(pairs):
        builder.flow(place, category, office, subject, flow)
    builder.write(has_ledger)
    builder.leave_open()
    reindex(KIND)
    return len(builder.regulations)


def numeral(number):
    """Return a number below a hundred in Chinese digits."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return head + (DIGITS[ones] if ones or not tens else "")


class _Builder:
    def __init__(self, plant, rng, at):
        self.plant, self.rng, self.at, self.today = plant, rng, at, local_day(at)
        self.regulations, self.versions, self.steps, self.acts = [], [], [], []
        self.serials = {}

    def rule(self, place, category, office, subject):
        kind = "规定" if subject in ("职工代表大会", "厂务公开", "车间和班组民主管理") else KINDS[place % len(KINDS)]
        stem = subject.removesuffix("管理") if kind == "管理办法" else subject
        middle = "管理" if kind in ("实施细则", "规定") and not subject.endswith("管理") else ""
        count = 1 + (place % 4 == 1) + (place % 8 == 1) + (place % 24 == 1)
        texts = [self.text_of(subject, office, kind, place, count - 1 - back) for back in range(count)]
        self.put("ZD", RegulationKind.RULE, category, office, f"{stem}{middle}{kind}", texts, place, place % 20 == 7)

    def flow(self, place, category, office, subject, flow):
        unit = self.plant.units[office].name
        count = 1 + (place % 10 == 3)
        steps = [self.steps_of(flow, subject, unit, number) for number in range(count)]
        self.put("LC", RegulationKind.FLOW, category, office, f"{subject}{flow}", steps, place, place % 51 == 9)

    def put(self, letters, kind, category, office, title, texts, place, is_repealed):
        rng, unit = self.rng, self.plant.units[office]
        is_coming = place % 35 == 12  # its last version comes into force later
        days = self.days(len(texts), is_coming)
        serial = self.serials[letters, days[0].year] = self.serials.get((letters, days[0].year), 0) + 1
        regulation = Regulation(
            id=uuid.UUID(int=rng.getrandbits(128), version=4),
            kind=kind,
            code=f"{letters}-{days[0].year}-{serial:03d}",
            category=RegulationCategory(category),
            unit=unit,
            audience=rng.choices((Audience.EVERYBODY, Audience.STAFF, Audience.UNIT), (70, 28, 2))[0],
        )
        self.regulations.append(regulation)
        rows = []
        for number, (day, text) in enumerate(zip(days, texts, strict=True), start=1):
            rows.append(self.version(regulation, number, title, day, text))
        if is_repealed and not is_coming and days[-1] < self.today - dt.timedelta(days=40):
            gone_on = days[-1] + dt.timedelta(days=rng.randint(20, max(21, (self.today - days[-1]).days - 5)))
            row = self.version(regulation, None, title, gone_on, "")
            row.act, row.note = RegulationAct.REPEAL, "有关内容已并入新修订的制度，本文件停止执行。"
            rows.append(row)
        for row, following in pairwise(rows):
            row.in_force_to = following.in_force_from
        self.finish(regulation, rows)

    def days(self, count, is_coming):
        """Return the first days of so many versions, the last one to come where it is wished."""
        last = self.today - dt.timedelta(days=self.rng.randint(3, 1500))
        if is_coming:
            last = self.today + dt.timedelta(days=self.rng.randint(10, 60))
        days = [last]
        while len(days) < count:
            days.insert(0, days[0] - dt.timedelta(days=self.rng.randint(200, 700)))
        return days

    def version(self, regulation, number, title, day, text):
        rng, office = self.rng, regulation.unit.code
        known_on = min(day - dt.timedelta(days=rng.randint(4, 15)), self.today - dt.timedelta(days=1))
        is_imported = known_on < self.today - dt.timedelta(days=PORTAL_DAYS)
        by, approver = self.people(regulation.unit)
        approved_at = day_start(known_on) + dt.timedelta(hours=rng.randint(1, 8), minutes=rng.randint(0, 59))
        row = RegulationVersion(
            id=uuid.UUID(int=rng.getrandbits(128), version=4),
            regulation=regulation,
            number=number,
            state=RegulationState.APPROVED,
            title=title,
            in_force_from=day,
            document_number=f"启石{NUMBER_OF_OFFICE.get(office, '办')}〔{day.year}〕{rng.randint(1, 180)}号",
            body=text if isinstance(text, str) else "",
            entered_by=by,
            entered_at=approved_at - dt.timedelta(hours=30),
            approved_by=None if is_imported else approver,
            approved_at=approved_at,
            news_on=day if is_imported else max(day, known_on),
            is_imported=is_imported,
            note=rng.choice(CHANGES) if number and number > 1 else "",
            consulted=rng.choice(CONSULTED) if number and regulation.kind == RegulationKind.RULE else "",
            idempotency_key=uuid.UUID(int=rng.getrandbits(128), version=4),
        )
        if not isinstance(text, str):
            self.steps += [
                FlowStep(version=row, number=at, **dict(zip(STEP_FIELDS, step, strict=True)))
                for at, step in enumerate(text, start=1)
            ]
        return row

    def finish(self, regulation, rows):
        for row in rows:
            steps = [step for step in self.steps[-40:] if step.version_id == row.pk]
            row.fingerprint = print_of(regulation, row, steps)
            row.folded = folded_of(regulation, row, steps)
            row.filed_as = key_of(regulation, row, self.today)
            facts = {"in_force_from": row.in_force_from, "sha256": row.fingerprint, "code": regulation.code}
            verb, actor = "regulation.taken_over", SYSTEM
            if not row.is_imported:
                verb, actor = "regulation.repealed" if row.is_repeal else "regulation.approved", row.approved_by
                facts["number"] = row.number
            self.acts.append(
                {"verb": verb, "subject": subject_key(regulation), "actor": actor, "at": row.approved_at, **facts}
            )
        self.versions += rows

    def people(self, unit):
        """Return who enters and who approves for a unit; for the union's and the inspection's, the union itself."""
        handler, head = self.plant.handlers.get(unit.code), self.plant.heads.get(unit.code)
        if handler is not None and head is not None:
            return handler, head
        return self.plant.officers["QM"][0], self.plant.chair

    def write(self, has_ledger):
        Regulation.objects.bulk_create(self.regulations, batch_size=500)
        RegulationVersion.objects.bulk_create(self.versions, batch_size=200)
        FlowStep.objects.bulk_create(self.steps, batch_size=500)
        if has_ledger:
            record_many(sorted(self.acts, key=lambda act: (act["at"], act["subject"])))

    def leave_open(self):
        """Leave what waits on the desks: a version to approve, and a draft."""
        unit = self.plant.units["AH"]
        by = self.plant.handlers["AH"]
        names = {"regulation__kind": RegulationKind.RULE, "regulation__unit": unit, "number": 1, "in_force_to": None}
        rows = RegulationVersion.objects.filter(**names, in_force_from__lt=self.today).select_related("regulation")
        for place, row in enumerate(rows.order_by("regulation__code")[:2]):
            day = self.today + dt.timedelta(days=30)
            text = does.RegulationText(
                title=row.title,
                in_force_from=day,
                body=row.body.replace("十个工作日", "七个工作日"),
                document_number=f"启石安〔{day.year}〕{201 + place}号",
                note="按照职工意见，把异议答复时限缩短为七个工作日。",
                idempotency_key=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            )
            at = self.at - dt.timedelta(days=2 - place)
            draft = does.revise_regulation(regulation_id=row.regulation_id, text=text, actor=by, at=at)
            if place == 0:
                does.submit_regulation(version_id=draft.pk, actor=by, at=at + dt.timedelta(hours=1))

    def text_of(self, subject, office, kind, place, age):
        """Return the text of a regulation; ``age`` versions before the last one it asked for less."""
        words = {"s": subject, "u": self.plant.units[office].name, "k": kind[-2:]}
        aim, scope, end = AIMS[place % len(AIMS)], SCOPES[place % len(SCOPES)], ENDS[1]
        if own := OWN.get(subject):
            chapters = (
                ("总则", (aim, scope)),
                ("职责", DUTIES),
                ("管理要求", own[: max(2, len(own) - age)]),
                ("办理和公开", RULES[: len(RULES) - age]),
                ("附则", ENDS),
            )
        else:
            first = place % 3
            chapters = (
                ("", (aim, scope, *DUTIES[: 1 + place % 2], *RULES[first : first + 4 - min(age, 2)], RULES[-1], end)),
            )
        lines, article = [], 0
        for number, (name, clauses) in enumerate(chapters, start=1):
            if name:
                lines.append(f"第{numeral(number)}章 {name}")
            for clause in clauses:
                article += 1
                lines.append(f"第{numeral(article)}条 {clause.format(**words)}")
        text = "\n".join(lines)
        return markup_of(text.replace("十个工作日", "十五个工作日") if age else text)

    def steps_of(self, flow, subject, unit, number):
        limit = ("3个工作日", "5个工作日")[number == 0]
        if flow == FLOWS[0]:
            return (
                ("提出申请", "经办人", f"{subject}有关依据和材料", f"{subject}申请表", "", f"{subject}申请表"),
                ("审核申请", "所在单位负责人", f"{subject}申请表", "审核意见", "2个工作日", ""),
                ("归口审查", unit, "申请表和审核意见", "审查意见", limit, ""),
                ("批准", "公司分管领导", "审查意见", "批准文件", "3个工作日", "审批单"),
                ("办理并告知申请人", unit, "批准文件", "办理结果", "5个工作日", ""),
                ("公开结果", "经办单位", "办理结果", "公开栏、本平台公开", "5个工作日内，不少于15日", "公开审批表"),
            )
        return (
            ("制定检查计划", unit, f"{subject}制度和上次检查结果", "检查计划", "每季度首月10日前", ""),
            ("现场检查", "检查组（含职工代表）", "检查计划、检查表", "检查记录", "", f"{subject}检查表"),
            ("下达整改通知", unit, "检查记录", "整改通知单", "2个工作日", "整改通知单"),
            ("整改并反馈", "责任单位", "整改通知单", "整改报告", limit, ""),
            ("复查销号", "检查组", "整改报告", "复查意见", "3个工作日", ""),
            ("考核并公开结果", unit, "检查记录、复查意见", "考核通报", "次月10日前", "考核通报"),
        )
