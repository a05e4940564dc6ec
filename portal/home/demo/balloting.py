"""Votes of the demo enterprise: a test vote whose result is published, and one open to everybody who wants to try."""

import datetime as dt
import json
import random

from django.conf import settings

from portal.accounts.models import Person, Unit
from portal.ballots import operations as does
from portal.ballots.enums import Grade, Say
from portal.ballots.trials import TRIAL, trial_definition

MATTERS = ("是否同意在中央控制室旁增设夜班加热柜", "是否同意年休假申请时限由七日改为三日")
CANDIDATES = ("王建国", "李秀英", "赵海燕")
TURNOUT = 0.86


def add_ballots(plant, *, at, seed):
    """Write both votes through the real operations; the codes that open the second one stand in demo-shares.json."""
    rng = random.Random(f"{seed}:ballots")  # noqa: S311 -- made-up votes, alike at every run
    then = at - dt.timedelta(days=12)
    poll, shares = _open(plant, "YX-1", "试投票：夜班供餐与年休假", trial_definition(matters=MATTERS), then)
    for person in Person.objects.filter(unit__in=Unit.objects.under(plant.units["YX-1"]), is_active=True):
        if rng.random() < TURNOUT:
            answers = {f"q{place}": rng.choices(Say.values, (70, 18, 12))[0] for place in range(1, len(MATTERS) + 1)}
            does.cast_ballot(poll_id=poll.pk, person=person, answers=answers, at=then + dt.timedelta(minutes=30))
    over = then + dt.timedelta(hours=3)
    does.close_due(at=over)
    minute = dt.timedelta(minutes=1)
    does.count_poll(poll_id=poll.pk, codes=shares[:2], actor=plant.chair, at=over + minute)
    does.publish_poll(poll_id=poll.pk, actor=plant.chair, at=over + 5 * minute)
    definition = trial_definition(matters=MATTERS[:1], candidates=CANDIDATES, seats=2, can_write_in=True)
    _poll, shares = _open(plant, "QM", "试投票：请您试一试", definition, at, hours=24 * 14)
    if settings.DEMO:
        path = settings.VAR / "demo-shares.json"
        path.write_text(json.dumps(shares, indent=1), encoding="utf-8")
        path.chmod(0o600)


def _open(plant, code, title, definition, at, hours=2):
    poll = does.draft_poll(
        owner_kind=TRIAL,
        owner_id=code,
        title=title,
        grade=Grade.SIGNED_IN,
        definition=definition,
        scrutineers=[plant.inspectors[0], plant.heads["YX"], plant.handlers["YX"]],
        closes_at=at + dt.timedelta(hours=hours),
        is_test=True,
        actor=plant.chair,
        at=at - dt.timedelta(minutes=2),
    )
    scrutineers = [row.person for row in poll.scrutineers.all()]
    shares = [does.take_up_share(poll_id=poll.pk, actor=one, at=at - dt.timedelta(minutes=1)) for one in scrutineers]
    return does.open_poll(poll_id=poll.pk, actor=plant.chair, at=at), shares
