"""Collects the demo's disclosures and writes them in bulk, as the real operations would have left them."""

import datetime as dt
import uuid

from django.db.models import F

from disclosures.enums import (
    Audience,
    Frequency,
    PublicationKind,
    PublicationState,
    Step,
    VersionKind,
)
from disclosures.models import (
    Acknowledgement,
    Approval,
    Duty,
    Notice,
    Publication,
    PublicationSeries,
    ReadCount,
    Version,
)
from disclosures.rules import steps_for
from disclosures.texts import fingerprint_of
from portal.accounts.enums import Role
from portal.accounts.models import Appointment, Person
from portal.deadlines.models import Promise
from portal.deadlines.operations import make_promises
from portal.kernel.days import LOCAL, day_end, local_day
from portal.ledger.recording import SYSTEM, record_many

from .announcements import PERIOD_TEXTS
from .tables import with_table

S = PublicationState
# How a duty ends, by unit: most keep their days, two do not.
FATES = {"YJ": (0.95, 0.04), "WS": (0.72, 0.18), "JX": (0.78, 0.12)}
USUAL = (0.9, 0.07)


def moment_of(day, rng, hour=None):
    time = dt.time(hour if hour is not None else rng.randint(8, 16), rng.randint(0, 59))
    return dt.datetime.combine(day, time, tzinfo=LOCAL).astimezone(dt.UTC)


class Scribe:
    """Collects rows of texts and writes them in bulk, numbered in the order in which they appeared."""

    def __init__(self, plant, rng, at, has_ledger):
        self.plant, self.rng, self.at, self.has_ledger = plant, rng, at, has_ledger
        self.today = local_day(at)
        self.texts, self.met, self.missed = [], [], []
        self.duties, self.promises = [], []
        secrecy = Appointment.objects.filter(role=Role.SECRECY_REVIEWER).select_related("person").first()
        self.secrecy = secrecy.person
        self.chairs = {
            row.unit.code: row.person
            for row in Appointment.objects.filter(role=Role.UNION_CHAIR).select_related("person", "unit")
        }
        self.inspectors = {
            row.unit.code: row.person
            for row in Appointment.objects.filter(role=Role.DISCIPLINE_INSPECTOR).select_related("person", "unit")
        }

    # What becomes of a duty -------------------------------------------------------------------------------

    def answer(self, duty):
        """Let a duty of a period be kept, kept late, or not."""
        kept, late = FATES.get(duty.unit.code, USUAL)
        due_on, roll = duty.promise.due_on, self.rng.random()
        if roll < kept:
            day = duty.ends_on + dt.timedelta(days=self.rng.randint(2, max(2, (due_on - duty.ends_on).days)))
        elif roll < kept + late:
            day = due_on + dt.timedelta(days=self.rng.randint(1, 19))
        else:
            day = None
        moment = moment_of(day, self.rng) if day else None
        if moment is None or moment > self.at:
            return
        title, body = PERIOD_TEXTS[duty.item.code](duty, self.rng)
        self._add(duty.item, duty.unit, duty.department, title, body, moment, duty=duty)

    def events(self, events):
        """Let things happen and be disclosed, mostly in time: [(assignment, day, template)]."""
        keys = [uuid.UUID(int=self.rng.getrandbits(128), version=4) for _event in events]
        promises = make_promises(
            [
                {
                    "kind": "disclosure.event",
                    "subject": f"disclosures.duty:{key}",
                    "unit": assignment.owner,
                    "started_on": day,
                    "at": moment_of(day, self.rng),
                }
                for key, (assignment, day, _template) in zip(keys, events, strict=True)
            ]
        )
        for key, promise, event in zip(keys, promises, events, strict=True):
            self._event(key, promise, *event)

    def _event(self, key, promise, assignment, day, template):
        rng = self.rng
        item, unit, department = assignment.item, assignment.unit, assignment.department
        event, title, body = template(unit, day, rng)
        duty = Duty(
            id=key,
            item=item,
            unit=unit,
            department=department,
            frequency=Frequency.EVENT,
            starts_on=day,
            ends_on=day,
            event=event,
            reported_by=self.handler(unit, department),
            promise=promise,
        )
        self.duties.append(duty)
        late = rng.random() > sum(FATES.get(unit.code, USUAL)[:1]) + 0.04
        shown = (
            promise.due_on + dt.timedelta(days=rng.randint(1, 6))
            if late
            else day + dt.timedelta(days=rng.randint(0, 5))
        )
        moment = moment_of(min(shown, promise.due_on) if not late else shown, rng)
        if moment <= self.at:
            self._add(item, unit, department, title, body, moment, duty=duty)

    def _add(self, item, unit, department, title, body, moment, *, duty):
        rng = self.rng
        handler = self.handler(unit, department)
        drafted = moment - dt.timedelta(days=rng.randint(1, 4), minutes=rng.randint(5, 300))
        is_unit_only = item.scope == "workshop"
        self.texts.append(
            Publication(
                id=uuid.UUID(int=rng.getrandbits(128), version=4),
                kind=PublicationKind.NOTICE if item.is_notice else PublicationKind.ANNOUNCEMENT,
                item=item,
                unit=unit,
                department=department,
                duty=duty,
                state=S.PUBLISHED,
                title=title,
                body=with_table(item.code, unit, title, body),
                basis=item.legal_basis if item.is_vital else "",
                method="班组核分，车间（部门）会议评议，工会小组复核。" if item.is_vital else "",
                objections_heard=rng.choice(("收到意见两条，已在班前会逐条答复。", "无。", "收到意见一条，已采纳。"))
                if item.is_vital
                else "",
                audience=Audience.UNIT if is_unit_only and rng.random() < 0.3 else Audience.EVERYBODY,
                is_must_read=item.code in ("B07", "D02") and rng.random() < 0.5,
                display_days=15,
                publish_at=moment,
                drafted_by=handler,
                drafted_at=drafted,
                submitted_at=drafted + dt.timedelta(minutes=10),
                idempotency_key=uuid.UUID(int=rng.getrandbits(128), version=4),
            )
        )

    def handler(self, unit, department):
        place = (department or unit).code
        return self.plant.handlers.get(place) or self.plant.officers.get(place, [self.plant.chair])[0]

    # Writing ----------------------------------------------------------------------------------------------

    def write(self):
        """Write everything that was collected, in few statements."""
        Duty.objects.bulk_create(self.duties, batch_size=1000)
        self.texts.sort(key=lambda text: (text.publish_at, text.id))
        last = {}
        for text in self.texts:
            year = local_day(text.publish_at).year
            last[year] = last.get(year, 0) + 1
            text.year, text.serial = year, last[year]
            days = text.display_days
            text.shown_until = local_day(text.publish_at) + dt.timedelta(days=days - 1)
            if text.shown_until < self.today:
                text.state = S.EXPIRED
        Publication.objects.bulk_create(self.texts, batch_size=500)
        PublicationSeries.objects.bulk_create(PublicationSeries(year=year, last=n) for year, n in last.items())
        self._versions()
        self._approvals()
        self._notices()
        self._meet()
        self._reads()
        if self.has_ledger:
            self._record()

    def _versions(self):
        names = ("title", "body", "basis", "method", "objections_heard")
        rows = []
        for text in self.texts:
            texts = {name: getattr(text, name) for name in names}
            rows.append(
                Version(
                    publication=text,
                    number=1,
                    kind=VersionKind.ORIGINAL,
                    fingerprint=fingerprint_of(text.number, texts),
                    shown_from=text.publish_at,
                    by=text.drafted_by,
                    approved_by=self.signer(text, Step.GROUP),
                    **texts,
                )
            )
        self.versions = rows
        Version.objects.bulk_create(rows, batch_size=500)

    def signer(self, text, step):
        place = text.owner.code
        works = text.unit.code
        return {
            Step.HEAD: self.plant.heads.get(place) or self.plant.chair,
            Step.SECRECY: self.secrecy,
            Step.UNION: self.chairs.get(works) or self.plant.chair,
            Step.DISCIPLINE: self.inspectors.get(works) or self.plant.inspectors[0],
            Step.GROUP: self.plant.leaders.get(place) or self.plant.leaders.get("WZ") or self.plant.chair,
        }[step]

    def _approvals(self):
        rows = []
        for text in self.texts:
            steps = steps_for(text)
            span = (text.publish_at - text.submitted_at) / (len(steps) + 1)
            for place, step in enumerate(steps, start=1):
                at = text.publish_at if place == len(steps) else text.submitted_at + span * place
                rows.append(
                    Approval(
                        publication=text,
                        round=1,
                        step=step,
                        is_granted=True,
                        note="",
                        by=self.signer(text, step),
                        at=at,
                    )
                )
        Approval.objects.bulk_create(rows, batch_size=1000)

    def _notices(self):
        units = self.plant.units
        Notice.objects.bulk_create(
            (
                Notice(
                    publication=text,
                    about=text.title.removeprefix("关于").removesuffix("公示").rstrip("的")[:120],
                    basis=text.item.legal_basis[:200] or "厂务公开管理规定",
                    workdays=text.item.notice_workdays,
                    accepted_by=units["JW"] if text.item.code in ("E01", "E06") else units["RS"],
                    contact="综合办公楼 302 室，电话 6512，纪检信箱设在一楼大厅",
                )
                for text in self.texts
                if text.kind == PublicationKind.NOTICE
            ),
            batch_size=500,
        )

    def _meet(self):
        kept = []
        for text in self.texts:
            promise = text.duty.promise
            promise.met_at, promise.next_at = text.publish_at, None
            if text.publish_at >= day_end(promise.due_on):
                promise.missed_at = promise.due_at
            kept.append(promise)
        for promise in kept:
            # One by one: a statement that names hundreds of rows by case costs far more than so many short ones.
            Promise.objects.filter(pk=promise.pk).update(
                met_at=promise.met_at, next_at=None, missed_at=promise.missed_at
            )
        # Of what is still open, only the next reminder is to come: the demo begins quietly.
        open_late = Promise.objects.passed(self.at).filter(kind__in=("disclosure.publish", "disclosure.event"))
        open_late.update(missed_at=F("due_at"))

    def _reads(self):
        rows = []
        for text in self.texts[-200:]:
            day = local_day(text.publish_at)
            for offset in range(0, 15, 3):
                if day + dt.timedelta(days=offset) <= self.today:
                    rows.append(
                        ReadCount(
                            publication=text,
                            day=day + dt.timedelta(days=offset),
                            n=self.rng.randint(4, 160 // (offset + 1) + 5),
                        )
                    )
        ReadCount.objects.bulk_create(rows, batch_size=1000)
        must = [text for text in self.texts if text.is_must_read][-12:]
        people = list(Person.objects.filter(is_active=True).select_related("unit")[:400])
        Acknowledgement.objects.bulk_create(
            (
                Acknowledgement(publication=text, person=person, unit=person.unit, on=local_day(text.publish_at))
                for text in must
                for person in people
                if text.unit.covers(person.unit) and self.rng.random() < 0.6
            ),
            batch_size=1000,
        )

    def _record(self):
        acts = []
        for text, version in zip(self.texts, self.versions, strict=True):
            subject = f"disclosures.publication:{text.pk}"
            moment = {"subject": subject, "at": text.publish_at}
            acts += [
                {
                    "verb": "publication.submitted",
                    "subject": subject,
                    "actor": text.drafted_by,
                    "at": text.submitted_at,
                    "round": 1,
                },
                {
                    "verb": "publication.approved",
                    "actor": version.approved_by,
                    "number": text.number,
                    "publish_at": text.publish_at,
                    "shown_until": text.shown_until,
                    "sha256": version.fingerprint,
                    **moment,
                },
                {"verb": "publication.published", "actor": SYSTEM, "number": text.number, **moment},
                *(
                    [
                        {
                            "verb": "publication.expired",
                            "subject": subject,
                            "actor": SYSTEM,
                            "at": day_end(text.shown_until),
                            "shown_until": text.shown_until,
                        }
                    ]
                    if text.state == S.EXPIRED
                    else []
                ),
                {
                    "verb": "duty.met",
                    "subject": f"disclosures.duty:{text.duty.pk}",
                    "actor": SYSTEM,
                    "at": text.publish_at,
                    "number": text.number,
                    "code": text.item.code,
                },
            ]
        record_many(acts)
