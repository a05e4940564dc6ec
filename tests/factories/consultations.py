"""
Consultations in any state, brought there by the real operations.

    row = make_consultation(offices, "closed", opinions=3)
"""

import uuid

from disclosures import operations as does
from disclosures.enums import ConsultationState, GroupOutcome, Stance
from disclosures.models import Consultation, ConsultationOpinion
from disclosures.queries.consultations import with_consultation_relations
from portal.kernel.days import day_end, local_day
from tests.factories.disclosures import AT

S = ConsultationState
BODY = (
    "<h2>第一章 总则</h2>"
    "<p>第一条 为规范裂解车间奖金分配，制定本办法。</p>"
    "<p>第二条 奖金按班组考核得分核定。</p><ol><li>得分由工会小组复核；</li><li>复核结果在班前会宣布。</li></ol>"
    "<h2>第二章 扣分</h2>"
    "<p>第三条 迟到一次扣二十元。</p>"
)
FINAL = BODY.replace("扣二十元", "扣十元，当月首次不扣")


def make_consultation_draft(offices, **over):
    """Return what a form has cleaned of a draft rule."""
    plain = {
        "unit": offices.works,
        "department": None,
        "title": "奖金分配办法（征求意见稿）",
        "lead": "原办法已执行三年，本次调整考核扣分标准，自下月起执行。",
        "body": BODY,
        "workdays": 7,
        "idempotency_key": uuid.uuid4(),
    }
    return does.ConsultationDraft(**{**plain, **over})


def make_opinion(consultation, *, author=None, clause="a3", at=AT, **over):
    """Say something as a person, or as nobody under a nickname; return what say_opinion returns."""
    consultation = fresh_consultation(consultation)
    plain = {
        "clause": consultation.clauses.get(anchor=clause) if clause else None,
        "stance": Stance.CHANGE,
        "text": "首次迟到应以提醒为主。",
        "idempotency_key": uuid.uuid4(),
        "nickname": "" if author else "夜班老张",
    }
    draft = does.OpinionDraft(**{**plain, **over})
    return does.say_opinion(
        consultation_id=consultation.pk, draft=draft, author=author, at=at, is_vouched=author is None
    )


def make_consultation(offices, state=S.OPEN, *, at=AT, opinions=0, **over):
    """Make a consultation in a state by the real operations; an ABANDONED one was open before."""
    handler = over.pop("actor", offices.handler)
    row = does.draft_consultation(draft=make_consultation_draft(offices, **over), actor=handler, at=at)
    if state == S.DRAFT:
        return fresh_consultation(row)
    does.hand_consultation(consultation_id=row.pk, actor=handler, at=at)
    does.open_consultation(consultation_id=row.pk, actor=offices.head, at=at)
    for number in range(opinions):
        make_opinion(row, author=None if number % 2 else offices.worker, at=at)
    if state == S.OPEN:
        return fresh_consultation(row)
    if state == S.ABANDONED:
        does.abandon_consultation(consultation_id=row.pk, reason="上级制度有变", actor=offices.head, at=at)
        return fresh_consultation(row)
    later = day_end(fresh_consultation(row).closes_on)
    does.close_consultations(at=later)
    if state == S.CLOSED:
        return fresh_consultation(row)
    answer_all(offices, row, at=later)
    does.complete_answers(consultation_id=row.pk, actor=handler, at=later)
    if state == S.ANSWERED:
        return fresh_consultation(row)
    does.prepare_report(consultation_id=row.pk, draft=make_report(later), actor=handler, at=later)
    does.decide_consultation(consultation_id=row.pk, is_granted=True, note_text="", actor=offices.leader, at=later)
    return fresh_consultation(row)


def answer_all(offices, row, *, at):
    """Put all opinions without a group into one, and answer it."""
    keys = list(ConsultationOpinion.objects.filter(consultation=row, group=None).values_list("pk", flat=True))
    if keys:
        group = does.group_opinions(
            consultation_id=row.pk, opinion_ids=keys, heading="扣罚过重", actor=offices.handler, at=at
        )
        does.answer_group(
            group_id=group.pk,
            heading="扣罚过重",
            summary="",
            outcome=GroupOutcome.PARTLY,
            answer="首次不扣，其余减半。",
            actor=offices.handler,
            at=at,
        )


def make_report(at=AT, **over):
    """Return what a form has cleaned of a report."""
    plain = {
        "summary": "大家认为扣罚过重，已减半。",
        "final_body": FINAL,
        "method": "经职工代表团组长联席会议讨论，与分工会平等协商后由厂务会决定",
        "decided_on": local_day(at),
        "document": "乙烯厂〔2026〕7号",
    }
    return does.ReportDraft(**{**plain, **over})


def fresh_consultation(row):
    """Return the consultation as it is now, with what its rules read."""
    return with_consultation_relations(Consultation.objects.all()).get(pk=row.pk)
