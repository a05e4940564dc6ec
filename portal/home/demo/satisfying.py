"""
Satisfaction polls of the demo enterprise: last year's of a works with its result, this year's of all, open.

The codes that open the box of the open one stand in demo-satisfaction-shares.json.
"""

import datetime as dt
import json
import random
import uuid

from django.conf import settings

from evaluations.operations.satisfaction import draw_up_satisfaction
from portal.ballots import operations as box
from portal.ballots.models import Elector
from portal.kernel.days import LOCAL, local_day

DAY = dt.timedelta(days=1)
SEED = uuid.uuid5(uuid.NAMESPACE_URL, "demo:satisfaction")
LEVELS = ("5", "4", "3", "2", "1", "dk")
# Moods of units: how often each level is chosen.
MOODS = ((38, 40, 13, 4, 2, 3), (22, 41, 22, 8, 4, 3), (52, 36, 7, 2, 1, 2))
TURNOUT = 0.72
LAST, MOST = "YX", 450  # forms take their time to seal


def add_satisfaction(plant, *, at, seed, say=lambda text: None):
    """Write both polls through the real operations."""
    say("satisfaction polls")
    rng = random.Random(f"{seed}:satisfaction")  # noqa: S311 -- made-up answers, alike at every run
    today = local_day(at)
    then = dt.datetime.combine(today.replace(year=today.year - 1, month=12, day=2), dt.time(9), tzinfo=LOCAL)
    row, shares = _open(plant, then, "last", plant.units[LAST])
    _answer(row, then + DAY, rng)
    over = row.poll.closes_at
    box.close_due(at=over)
    box.count_poll(poll_id=row.poll_id, codes=shares[:2], actor=plant.chair, at=over)
    box.publish_poll(poll_id=row.poll_id, actor=plant.chair, at=over + DAY)
    _row, shares = _open(plant, at - DAY, "this", plant.company)
    if settings.DEMO:
        path = settings.VAR / "demo-satisfaction-shares.json"
        path.write_text(json.dumps(shares, indent=1), encoding="utf-8")
        path.chmod(0o600)


def _open(plant, at, key, unit):
    act = {"actor": plant.chair, "at": at}
    three = [plant.inspectors[0], plant.handlers["YX"], plant.handlers["JX"]]
    closes_at = dt.datetime.combine(local_day(at) + 14 * DAY, dt.time(18), tzinfo=LOCAL)
    row = draw_up_satisfaction(unit=unit, scrutineers=three, closes_at=closes_at, key=uuid.uuid5(SEED, key), **act)
    shares = [box.take_up_share(poll_id=row.poll_id, actor=one, at=at) for one in three]
    box.open_poll(poll_id=row.poll_id, **act)
    return row, shares


def _answer(row, at, rng):
    listed = list(Elector.objects.filter(poll=row.poll_id).select_related("person").order_by("person__job_no"))
    moods = {}
    for elector in rng.sample(listed, min(MOST, round(TURNOUT * len(listed)))):
        mood = moods.setdefault(elector.group, rng.choice(MOODS))
        answers = {code: rng.choices(LEVELS, mood)[0] for code in ("disclosure", "congress")}
        box.cast_ballot(poll_id=row.poll_id, person=elector.person, answers=answers, at=at)
