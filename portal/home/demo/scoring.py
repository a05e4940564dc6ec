"""
Two years of monthly scorecards of the demo enterprise, frozen as the task would have frozen them.

All months are confirmed but the last, which waits; in it one figure is
contested, and of an earlier month an objection was upheld and another was not.
"""

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import F

from evaluations.enums import ScorecardState
from evaluations.models import Scorecard, Snapshot
from evaluations.months import end_of, last_months, month_before
from evaluations.operations.freezing import freeze_month
from evaluations.operations.objecting import contest_figure, decide_objection
from portal.kernel.days import LOCAL, local_day
from portal.ledger.recording import record_many
from portal.notices.models import Notice

AT_NIGHT, MORNING = dt.time(2, 0), dt.time(10, 20)
SEED = uuid.uuid5(uuid.NAMESPACE_URL, "demo:scorecards")
# Months back, what the unit says, and what was decided: of a figure that falls short.
OBJECTIONS = (
    (3, "有一项在系统停机当日已张贴公开栏，次日补录，应计为按期公开。", "公开栏张贴照片属实，按期计入。"),
    (2, "有一项因供应商信息核对推迟，建议不计入本月。", "推迟未办理延期手续，维持原数。"),
    (0, "有一项已于期限内提交审核，审核环节的延误不应计入本单位。", ""),
)


@transaction.atomic
def add_scorecards(plant, *, at, months=24, say=lambda text: None):
    """Freeze and confirm the months before a moment; returns how many sheets there are."""
    say("scorecards")
    wanted = last_months(month_before(local_day(at)), months)
    for month in wanted:
        freeze_month(month=month, at=_moment(end_of(month), AT_NIGHT))
    for month in wanted[:-1]:
        _confirm(plant, month)
    for back, words, answer in OBJECTIONS:
        _object(plant, wanted[-1 - back], words, answer, at)
    Notice.objects.filter(kind__startswith="scorecard.", at__lt=at - dt.timedelta(days=35)).delete()
    return Scorecard.objects.count()


def _moment(day, time):
    return dt.datetime.combine(day, time, tzinfo=LOCAL).astimezone(dt.UTC)


def _confirm(plant, month):
    """Confirm the sheets of a month as proposed, in bulk, as the operation would have left them."""
    moment = _moment(end_of(month) + dt.timedelta(days=4), MORNING)
    cards = list(Scorecard.objects.filter(month=month, state=ScorecardState.PROPOSED).select_related("unit"))
    for card in cards:
        # Nobody confirms the points of the own office.
        card.confirmed_by = plant.inspectors[0] if card.unit.covers(plant.chair.unit) else plant.chair
        card.state, card.confirmed_at, card.total = ScorecardState.CONFIRMED, moment, card.proposed
    Scorecard.objects.bulk_update(cards, ["state", "confirmed_at", "confirmed_by", "total"])
    record_many(
        [
            {
                "verb": "scorecard.confirmed",
                "subject": card,
                "actor": card.confirmed_by,
                "at": moment,
                "month": month,
                "unit": card.unit.code,
                "total": "" if card.total is None else str(card.total),
                "set_otherwise": 0,
            }
            for card in cards
        ]
    )


def _object(plant, month, words, answer, at):
    short = Snapshot.objects.filter(
        scorecard__month=month,
        scorecard__unit__code__in=plant.heads,
        indicator="duty.on_time",
        numerator__lt=F("denominator"),
        points__isnull=False,
    )
    snapshot = short.select_related("scorecard__unit").order_by("scorecard__unit__path").first()
    if snapshot is None:
        return
    raised = min(_moment(end_of(month) + dt.timedelta(days=7), MORNING), at)
    objection = contest_figure(
        snapshot_id=snapshot.pk,
        reason=words,
        idempotency_key=uuid.uuid5(SEED, f"{month}"),
        actor=plant.heads[snapshot.scorecard.unit.code],
        at=raised,
    )
    if answer:
        decide_objection(
            objection_id=objection.pk,
            is_upheld=answer.endswith("计入。"),
            numerator=min(snapshot.numerator + 1, snapshot.denominator),
            denominator=snapshot.denominator,
            answer=answer,
            actor=plant.chair,
            at=raised + dt.timedelta(days=3),
        )
