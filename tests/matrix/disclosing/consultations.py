"""One consultation for each act, in the state in which the act is done, for each works of the stage."""

import datetime as dt

from disclosures import operations as does
from disclosures.enums import ConsultationState
from disclosures.models import ConsultationOpinion
from portal.kernel.days import day_end
from tests.factories import consultations as made
from tests.factories.cards import AT

S = ConsultationState
LONG_AGO = AT - dt.timedelta(days=40)
ALONE = {}


def rows_of(side, offices):
    """Return {short route name: its arguments} for the consultations of one works."""

    def row(state, **over):
        return made.make_consultation(offices, state, **{"department": side.dept, "at": LONG_AGO, **over})

    draft, waiting = row(S.DRAFT), row(S.DRAFT)
    does.hand_consultation(consultation_id=waiting.pk, actor=side.handler, at=AT)
    running = row(S.OPEN, at=AT, opinions=2)
    everybody = row(S.OPEN, at=AT, audience="everybody")
    closed, complete = row(S.CLOSED, opinions=2), row(S.CLOSED, opinions=1)
    made.answer_all(offices, complete, at=AT)
    first = ConsultationOpinion.objects.filter(consultation=closed).order_by("pk").first()
    group = does.group_opinions(
        consultation_id=closed.pk, opinion_ids=[first.pk], heading="甲", actor=side.handler, at=AT
    )
    answered, reported = row(S.ANSWERED), row(S.ANSWERED)
    later = day_end(reported.closes_on)
    does.prepare_report(consultation_id=reported.pk, draft=made.make_report(later), actor=side.handler, at=later)
    decided = row(S.DECIDED, opinions=1)
    shown, hidden = ConsultationOpinion.objects.filter(consultation=running).order_by("pk")
    does.hide_opinion(opinion_id=hidden.pk, reason="privacy", actor=offices.officer, at=AT)
    return {
        "consultation": decided.pk,
        "consultation_compare": decided.pk,
        "consultation_clause": (running.pk, "a3"),
        "consultation_say": (running.pk, "a3"),
        "consultation_say_nickname": (everybody.pk, "a3"),
        "consultation_work": closed.pk,
        "consultation_edit": draft.pk,
        "consultation_hand": draft.pk,
        "consultation_open": waiting.pk,
        "consultation_extend": running.pk,
        "consultation_abandon": closed.pk,
        "consultation_group": closed.pk,
        "consultation_complete": complete.pk,
        "consultation_report": answered.pk,
        "consultation_decide": reported.pk,
        "consultation_answer": group.pk,
        "consultation_hide": shown.pk,
        "consultation_show": hidden.pk,
    }
