"""
Two years of briefings (厂情发布会) of the demo enterprise: announced, held, minuted, some missed, one put off.

Duties are opened by the real operation, month by month; briefings are written
in bulk, as the real operations would have left them. The last ones are made by
the operations themselves, so that something is to come and something to do.
"""

import datetime as dt
import random
import uuid

from disclosures.enums import AttendanceGroup, BriefingState
from disclosures.models import (
    AgendaItem,
    Briefing,
    BriefingAttendance,
    BriefingDuty,
    BriefingFigure,
    BriefingMinutes,
    BriefingPlan,
    BriefingQuestion,
)
from disclosures.operations import briefing_record as records
from disclosures.operations import briefings as does
from disclosures.operations.briefing_duties import open_briefing_month
from disclosures.operations.briefing_record import texts_of
from disclosures.periods import periods_between
from disclosures.queries.briefings import with_briefing_relations
from disclosures.searching_briefings import KIND
from disclosures.texts import cleaned, fingerprint_of
from portal.deadlines.models import Promise
from portal.deadlines.operations import make_promises
from portal.kernel.days import LOCAL, local_day
from portal.ledger.recording import SYSTEM, record_many
from portal.search.operations import reindex

from .briefing_texts import AGENDA, ANSWERS, FIGURES, MINUTES, QUESTIONS

S = BriefingState
HOLDERS = ("QM", "YX", "HF", "YJ", "DL")
# How often a unit's month goes by without one.
MISSES = {"YJ": 0.18, "DL": 0.09}


def add_briefings(plant, *, at, seed, months=24, has_ledger=True, say=lambda text: None):
    """Write the briefings of so many months before a moment; returns how many."""
    say("briefings")
    teller = _Teller(plant, random.Random(f"{seed}:briefings"), at, has_ledger)  # noqa: S311 -- made-up days
    units = [unit for code, unit in plant.units.items() if code in HOLDERS or unit.parent_id is None]
    today = local_day(at)
    month0 = today.year * 12 + today.month - 1 - months
    first = dt.date(month0 // 12, month0 % 12 + 1, 1)
    BriefingPlan.objects.bulk_create(BriefingPlan(unit=unit, since=first, by=plant.chair) for unit in units)
    periods = periods_between("month", first, today)
    for period in periods:
        open_briefing_month(period, at=_moment(period.start, 8))
    open_briefing_month(periods[-1].following(), at=at)
    for duty in BriefingDuty.objects.select_related("unit", "promise").order_by("starts_on", "unit__path"):
        if duty.ends_on < today:
            teller.tell(duty)
    teller.write()
    teller.leave_open(units)
    reindex(KIND)
    return Briefing.objects.count()


def _moment(day, hour, minute=0):
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=LOCAL).astimezone(dt.UTC)


def _about(plan, rng):
    """Return what came of a plan: nearly it."""
    value = plan * rng.uniform(0.93, 1.05)
    return round(value) if plan > 100 else round(value, 1)


class _Teller:
    """Collects briefings with all that belongs to them, and writes them in bulk."""

    def __init__(self, plant, rng, at, has_ledger):
        self.plant, self.rng, self.at, self.has_ledger = plant, rng, at, has_ledger
        self.rows, self.parts, self.duties = [], [], []

    def _key(self):
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def handler(self, unit):
        return self.plant.handlers.get(unit.code) or self.plant.officers.get(unit.code, [self.plant.chair])[0]

    def chair(self, unit):
        return self.plant.leaders.get(unit.code) or self.plant.heads.get(unit.code) or self.plant.chair

    def tell(self, duty):
        """Let a unit hold the briefing of a month, or not."""
        rng, unit = self.rng, duty.unit
        if rng.random() < MISSES.get(unit.code, 0.02):
            return
        day = duty.starts_on + dt.timedelta(days=rng.randint(7, 24))
        while day.weekday() > 4:
            day += dt.timedelta(days=1)
        begins = _moment(day, rng.choice((9, 14, 15)), rng.choice((0, 30)))
        minutes_on = begins + dt.timedelta(days=rng.choice((1, 1, 2, 2, 3) if rng.random() < 0.93 else (6, 8)), hours=2)
        while minutes_on.weekday() > 4:
            minutes_on += dt.timedelta(days=1)
        if minutes_on > self.at:
            return
        briefing = Briefing(
            id=self._key(),
            unit=unit,
            state=S.MINUTED,
            title=f"{unit.short_name or unit.name}{duty.starts_on.month}月份厂情发布会",
            starts_at=begins,
            place=rng.choice(("厂部二楼会议室", "职工文化中心报告厅", "综合楼三楼多功能厅")),
            online="视频会议室 8032，各车间班组可收看" if rng.random() < 0.4 else "",
            chair=self.chair(unit),
            planned_by=self.handler(unit),
            planned_at=begins - dt.timedelta(days=rng.randint(4, 9)),
            held_at=begins,
            held_by=self.handler(unit),
            idempotency_key=self._key(),
        )
        self.rows.append((briefing, minutes_on))
        self.duties.append((duty, briefing))
        self._parts(briefing, duty)

    def _parts(self, briefing, duty):
        rng, held_on = self.rng, local_day(briefing.held_at)
        points = [AGENDA[0], AGENDA[1], *rng.sample(AGENDA[2:], k=rng.randint(1, 2))]
        for order, (title, speaker, minutes, said) in enumerate(points, start=1):
            self.parts.append(
                AgendaItem(
                    briefing=briefing,
                    order=order,
                    title=title,
                    speaker=speaker,
                    minutes=minutes,
                    summary=rng.choice(said),
                )
            )
        briefing.came = 0  # for the ledger's entry
        scale = 4 if duty.unit.parent_id is None else 1
        for group, most in zip(AttendanceGroup, (36, 12, 14, 20, 3), strict=True):
            invited = 0 if group == AttendanceGroup.OTHER else most * scale
            present = rng.randint(round(most * scale * 0.8), most * scale)
            briefing.came += present
            self.parts.append(BriefingAttendance(briefing=briefing, group=group, invited=invited, present=present))
        title, measure, lines = FIGURES.get(duty.unit.code, FIGURES[""])
        rows = []
        for label, plan in lines:
            this, last = (_about(plan, rng) for _n in range(2))
            rows.append([label, this, last, plan])
        self.parts.append(
            BriefingFigure(
                id=self._key(),
                briefing=briefing,
                order=1,
                title=title,
                measure=measure,
                rows=rows,
                idempotency_key=self._key(),
            )
        )
        for text, place in rng.sample(QUESTIONS, k=rng.randint(1, 3)):
            self.parts.append(
                BriefingQuestion(
                    id=self._key(),
                    briefing=briefing,
                    text=text,
                    asked_by=place,
                    asked_on=held_on,
                    answer=rng.choice(ANSWERS[text]),
                    answered_by=rng.choice(("生产处", "财务处", "人事处", "安全环保处")) + "负责人",
                    idempotency_key=self._key(),
                )
            )

    def write(self):
        """Write what was collected in few statements, with the promises of the minutes and the ledger's entries."""
        promises = make_promises(
            [
                {
                    "kind": "briefing.minutes",
                    "subject": f"disclosures.briefing:{briefing.pk}",
                    "unit": briefing.unit,
                    "started_on": local_day(briefing.held_at),
                    "at": briefing.held_at,
                }
                for briefing, _published in self.rows
            ]
        )
        for (briefing, published), promise in zip(self.rows, promises, strict=True):
            briefing.promise = promise
            _close(promise, published)
        Promise.objects.bulk_update(promises, ["met_at", "missed_at", "next_at"], batch_size=500)
        Briefing.objects.bulk_create([briefing for briefing, _published in self.rows], batch_size=500)
        for model in (AgendaItem, BriefingAttendance, BriefingFigure, BriefingQuestion):
            model.objects.bulk_create([part for part in self.parts if type(part) is model], batch_size=500)
        met = []
        for duty, briefing in self.duties:
            duty.briefing = briefing
            _close(duty.promise, briefing.held_at)
            met.append(duty.promise)
        BriefingDuty.objects.bulk_update([duty for duty, _briefing in self.duties], ["briefing"], batch_size=500)
        Promise.objects.bulk_update(met, ["met_at", "missed_at", "next_at"], batch_size=500)
        self._minutes()

    def _minutes(self):
        found = {
            row.pk: row
            for row in with_briefing_relations(
                Briefing.objects.filter(pk__in=[briefing.pk for briefing, _published in self.rows])
            )
        }
        minutes, acts = [], []
        for briefing, published in self.rows:
            row = BriefingMinutes(
                briefing=found[briefing.pk],
                number=1,
                text=cleaned(self.rng.choice(MINUTES).format(unit=briefing.unit.name)),
                written_by=briefing.planned_by,
                written_at=published - dt.timedelta(minutes=95),
                published_by=briefing.chair if briefing.chair != briefing.planned_by else self.plant.chair,
                published_at=published,
            )
            row.fingerprint = fingerprint_of(f"{briefing.pk}/1", texts_of(found[briefing.pk], row))
            minutes.append(row)
            acts += self._acts(briefing, row)
        BriefingMinutes.objects.bulk_create(minutes, batch_size=500)
        if self.has_ledger:
            record_many(acts + self._duty_acts())

    @staticmethod
    def _acts(briefing, minutes):
        about = {"subject": f"disclosures.briefing:{briefing.pk}"}
        by, on = {"actor": briefing.planned_by}, local_day(briefing.held_at)
        return [
            {
                "verb": "briefing.announced",
                "at": briefing.planned_at,
                "unit": briefing.unit.code,
                "on": on,
                **about,
                **by,
            },
            {
                "verb": "briefing.held",
                "at": briefing.held_at + dt.timedelta(hours=3),
                "on": on,
                "present": briefing.came,
                **about,
                **by,
            },
            {
                "verb": "briefing.minutes_written",
                "at": minutes.written_at,
                "version": 1,
                **about,
                **by,
            },
            {
                "verb": "briefing.minuted",
                "at": minutes.published_at,
                "version": 1,
                "sha256": minutes.fingerprint,
                "actor": minutes.published_by,
                **about,
            },
        ]

    def _duty_acts(self):
        return [
            {
                "verb": "briefing.duty_met",
                "subject": f"disclosures.briefingduty:{duty.pk}",
                "actor": SYSTEM,
                "at": briefing.held_at + dt.timedelta(hours=3),
                "unit": duty.unit.code,
                "period": f"{duty.starts_on:%Y-%m}",
            }
            for duty, briefing in self.duties
        ]

    # What is left to do --------------------------------------------------------------------------------------

    def leave_open(self, units):
        """Let one briefing wait for its minutes, and others be announced: one of them put off, one with a question."""
        works = [unit for unit in units if unit.parent_id is not None]
        today = local_day(self.at)
        held = self._plan(works[0], today - dt.timedelta(days=1), 14, announced=self.at - dt.timedelta(days=6))
        records.hold_briefing(
            briefing_id=held.pk,
            attendance={"delegates": (36, 33), "managers": (12, 12), "cadres": (14, 11), "workers": (20, 18)},
            summaries={1: AGENDA[0][3][0], 2: AGENDA[1][3][0]},
            actor=self.handler(works[0]),
            at=self.at - dt.timedelta(hours=2),
        )
        for (text, place), has_answer in zip(QUESTIONS[:2], (True, False), strict=True):
            records.note_question(
                briefing_id=held.pk,
                text=text,
                asked_by=place,
                asker=None,
                answer=ANSWERS[text][0] if has_answer else "",
                answered_by="财务处负责人" if has_answer else "",
                key=self._key(),
                actor=self.handler(works[0]),
                at=self.at - dt.timedelta(hours=1),
            )
        coming = self._plan(units[0], today + dt.timedelta(days=6), 9, announced=self.at - dt.timedelta(days=2))
        worker = next((one for one in self.plant.shown if one.unit.path.startswith(works[0].path)), None)
        if worker is not None:
            does.ask_beforehand(
                briefing_id=coming.pk,
                text="明年一季度大检修期间，外包人员和本厂职工的餐补标准会不会统一？",
                key=self._key(),
                asker=worker,
                at=self.at - dt.timedelta(days=1),
            )
        moved = self._plan(works[1], today + dt.timedelta(days=2), 14, announced=self.at - dt.timedelta(days=4))
        does.move_briefing(
            briefing_id=moved.pk,
            starts_at=_moment(today + dt.timedelta(days=4), 15),
            place="职工文化中心报告厅",
            reason="合成氨车间临时抢修，多数代表当班",
            actor=self.handler(works[1]),
            at=self.at - dt.timedelta(days=1),
        )

    def _plan(self, unit, day, hour, *, announced):
        lines = [does.AgendaLine(title, speaker, None, minutes) for title, speaker, minutes, _said in AGENDA[:3]]
        return does.plan_briefing(
            draft=does.BriefingDraft(
                unit=unit,
                title=f"{unit.short_name or unit.name}{day.month}月份厂情发布会",
                chair=self.chair(unit),
                starts_at=_moment(day, hour),
                place="综合楼三楼多功能厅",
                online="视频会议室 8032，各车间班组可收看",
                agenda=tuple(lines),
                idempotency_key=self._key(),
            ),
            actor=self.handler(unit),
            at=announced,
        )


def _close(promise, moment):
    promise.met_at, promise.next_at = moment, None
    if promise.due_at <= moment:
        promise.missed_at = promise.due_at
