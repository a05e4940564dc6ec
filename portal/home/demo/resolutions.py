"""
Resolutions of the demo's past session, with tasks in every lamp, and what the next session is told of some of them.

By the real operations, at the moments at which union and offices would have acted.
"""

import datetime as dt
import random
import uuid

from django.db import transaction

from congress.models import Resolution, Session
from congress.operations import resolutions
from congress.operations.implementation import report_implementation
from congress.queries.resolutions import items_to_resolve
from portal.deadlines.models import Promise
from portal.kernel.days import LOCAL, local_day
from portal.notices.models import Notice

from .resolution_words import ADOPTED, WORDED

DAY = dt.timedelta(days=1)


@transaction.atomic
def add_resolutions(plant, *, at, seed, say=lambda text: None):
    """Write the resolutions of the session that was held; returns how many there are."""
    say("resolutions")
    writer = _Writer(plant, at, random.Random(f"{seed}:resolutions"))  # noqa: S311 -- made-up acts
    writer.write()
    Promise.objects.passed(at).filter(kind="resolution.task").update(missed_at=at)
    Notice.objects.filter(kind__startswith="resolution", at__lt=at - 14 * DAY).delete()
    return Resolution.objects.count()


class _Writer:
    def __init__(self, plant, at, rng):
        self.plant, self.at, self.rng = plant, at, rng
        self.today = local_day(at)
        self.officer, self.chair = plant.officers["QM"][0], plant.chair

    def _key(self):
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def _moment(self, day, hour=10, minute=None):
        minute = self.rng.randint(0, 59) if minute is None else minute
        moment = dt.datetime.combine(day, dt.time(hour, minute), tzinfo=LOCAL)
        return min(moment, self.at)

    def write(self):
        """Word and issue a resolution on each adopted item; leave the last one waiting to be issued."""
        items = list(items_to_resolve([self.plant.company]))
        if not items:
            return
        session = items[0].session
        closed = local_day(session.closed_at)
        by_title = {item.title: item for item in items if item.session_id == session.pk}
        words = [(by_title[title], row) for title, row in ADOPTED if title in by_title]
        words += [(item, None) for title, item in by_title.items() if title not in dict(ADOPTED)]
        made = []
        for item, row in words:
            title, paragraphs, tasks = row or (f"关于{item.title}的决议", WORDED, ())
            text = "".join(f"<p>{line}</p>" for line in paragraphs)
            one = resolutions.draft_resolution(
                item_id=item.pk, title=title, text=text, actor=self.officer, at=self._moment(closed + DAY, 9)
            )
            if tasks is None:  # waits for the second person
                continue
            signed_at = self._moment(closed + 2 * DAY, 15, len(made))
            resolutions.issue_resolution(resolution_id=one.pk, actor=self.chair, at=signed_at)
            made.append(one)
            for task in tasks:
                self._task(one, task, closed + 4 * DAY)
        if made:
            self._correct(made[0], closed + 9 * DAY)
        self._tell(made)

    def _task(self, one, words, day):
        title, unit, days, entries, fate = words
        due_on = day + days * DAY if fate != "ahead" else self.today + days * DAY
        task = resolutions.set_task(
            resolution_id=one.pk,
            title=title,
            unit=self.plant.units[unit],
            person=self.plant.handlers.get(unit) if days % 2 else None,
            due_on=due_on,
            idempotency_key=self._key(),
            actor=self.officer,
            at=self._moment(day, 11),
        )
        doer = self.plant.handlers.get(unit) or self.officer
        last = min(due_on - 5 * DAY, self.today - 2 * DAY) if fate != "late_done" else due_on + 12 * DAY
        step = max(1, (last - day).days // max(1, len(entries)))
        for place, (percent, text) in enumerate(entries, 1):
            on = min(last if place == len(entries) else day + place * step * DAY, self.today - DAY)
            resolutions.report_task(
                task_id=task.pk,
                percent=percent,
                text=text,
                on=on,
                idempotency_key=self._key(),
                actor=doer,
                at=self._moment(on, 16),
            )
        if fate == "dropped":
            resolutions.drop_task(
                task_id=task.pk,
                reason="原定设备停产，改由新的采购方案落实，主席团会议已同意。",
                actor=self.officer,
                at=self._moment(self.today - 20 * DAY),
            )

    def _correct(self, one, day):
        """Correct a slip in one of them, by another version."""
        version = one.versions.get()
        resolutions.write_resolution(
            resolution_id=one.pk,
            title=version.title,
            text=version.text.replace("三个月", "两个月"),
            reason="第二段“三个月”系录入错误，大会通过的文本为“两个月”。",
            actor=self.officer,
            at=self._moment(day, 9),
        )
        resolutions.issue_resolution(resolution_id=one.pk, actor=self.chair, at=self._moment(day + DAY, 9))

    def _tell(self, made):
        """Report on the first of them to the session that is being prepared; the others are still missing there."""
        ahead = Session.objects.filter(term__unit=self.plant.company, state="planned").order_by("opens_at").first()
        if ahead is None or not made:
            return
        report_implementation(
            session_id=ahead.pk,
            key=made[0].pk,
            kind="report",
            text="修订后的办法已印发各单位，组织宣贯四十二场，签收率百分之九十八；处分前听取本人申辩的程序已写入系统。",
            actor=self.officer,
            at=self._moment(self.today - 2 * DAY),
        )
