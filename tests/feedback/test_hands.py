"""Whose desk hears of a matter: the union till a department has it, the upper union of retaliation, not the accused."""

import datetime as dt

import pytest

from feedback.enums import IdentityMode, InquiryKind, InquiryState, Outcome, RatingLevel
from feedback.models import Inquiry, Redaction, Tally
from feedback.operations import (
    approve_reply,
    ask_return,
    assign_inquiry,
    decide_return,
    deliver_reply,
    merge_inquiry,
    register_inquiry,
    run_daily,
    send_back_reply,
    transfer_inquiry,
    unmerge_inquiry,
)
from feedback.queries import delivered_replies, inquiries_visible_to, matter_for_author
from feedback.statistics import statistics_of
from portal.accounts.desks import desk_of, nearest_desk, role_desk
from portal.accounts.enums import Role
from portal.accounts.models import Appointment, Unit
from portal.deadlines.operations import ask_extension, decide_extension, sweep
from portal.deadlines.operations.sweeping import nearest_desks
from portal.kernel.verdicts import OperationRefused
from portal.notices.models import Notice
from tests.factories.people import make_officer, make_person, make_unit

from .conftest import AT
from .test_life import answer, days, draft, fresh, rate, register

S = InquiryState


def desks(kind, inquiry):
    return sorted(
        Notice.objects.filter(kind=kind, subject=f"feedback.inquiry:{inquiry.pk}").values_list("desk", flat=True)
    )


def reminded(inquiry):
    return desks("promise.reminder", inquiry) + desks("promise.overdue", inquiry)


def test_until_a_department_has_it_the_union_is_reminded_of_the_answer(plant, send):
    card = send().inquiry
    register(plant, card, lead_unit=None)
    card = fresh(card)
    assert (card.promise.kind, card.promise.unit) == ("inquiry.reply_union", plant.shop)
    sweep(at=days(15))
    assert reminded(card) == [role_desk(Role.UNION_OFFICER, plant.company)]
    assign_inquiry(
        inquiry_id=card.pk, lead_unit=plant.logistics, assist_units=[], instruction="", actor=plant.officer, at=days(16)
    )
    card = fresh(card)
    assert (card.promise.kind, card.promise.unit, card.promise.due_on) == (
        "inquiry.reply",
        plant.logistics,
        dt.date(2026, 4, 8),
    )
    sweep(at=days(25))
    assert role_desk(Role.DEPARTMENT_HEAD, plant.logistics) in reminded(card)


def test_a_granted_return_makes_the_clock_the_unions_again(plant, send):
    card = send().inquiry
    register(plant, card)
    ask_return(inquiry_id=card.pk, reason="不归我们管", proposed_unit=None, actor=plant.handler, at=days(1))
    decide_return(inquiry_id=card.pk, is_granted=True, note_text="", actor=plant.officer, at=days(1))
    card = fresh(card)
    assert (card.promise.kind, card.promise.unit, card.lead_unit) == ("inquiry.reply_union", plant.shop, None)


def test_a_merged_matter_goes_where_the_other_goes_and_comes_back_alone(plant, send):
    main, other = send().inquiry, send().inquiry
    register(plant, main)
    merge_inquiry(inquiry_id=other.pk, target_id=main.pk, actor=plant.officer, at=AT)
    other = fresh(other)
    assert (other.lead_unit, other.promise.unit, other.promise.kind) == (
        plant.logistics,
        plant.logistics,
        "inquiry.reply",
    )
    assert other in inquiries_visible_to(plant.handler)
    assign_inquiry(
        inquiry_id=main.pk, lead_unit=plant.safety, assist_units=[], instruction="", actor=plant.officer, at=days(1)
    )
    other = fresh(other)
    assert (other.lead_unit, other.promise.unit) == (plant.safety, plant.safety)
    unmerge_inquiry(inquiry_id=other.pk, actor=plant.officer, at=days(2))
    other = fresh(other)
    assert (other.state, other.lead_unit, other.promise.unit, other.promise.kind) == (
        S.REGISTERED,
        None,
        plant.shop,
        "inquiry.reply_union",
    )


@pytest.mark.parametrize("level", [None, RatingLevel.SATISFIED, RatingLevel.DISSATISFIED])
def test_a_second_answer_to_the_other_leaves_what_was_merged_as_it_is(plant, send, level):
    main, other = send().inquiry, send(author=make_person(unit=plant.shop)).inquiry
    register(plant, main)
    merge_inquiry(inquiry_id=other.pk, target_id=main.pk, actor=plant.officer, at=AT)
    answer(plant, main, at=days(1))
    if level is not None:
        rate(other, level, at=days(2))
    before = fresh(other)
    rate(main, RatingLevel.DISSATISFIED, at=days(2))
    answer(plant, main, at=days(5))
    main, after = fresh(main), fresh(other)
    assert (main.state, main.round) == (S.ANSWERED, 2)
    assert (after.state, after.answered_on, after.round) == (before.state, before.answered_on, before.round)
    shown = matter_for_author(Inquiry.objects.filter(pk=other.pk))
    assert [reply.round for reply in delivered_replies(shown)] == [1]


def test_its_own_second_answer_stands_beside_the_first_one_it_shared(plant, send):
    main, other = send().inquiry, send().inquiry
    register(plant, main)
    merge_inquiry(inquiry_id=other.pk, target_id=main.pk, actor=plant.officer, at=AT)
    answer(plant, main, at=days(1))
    rate(other, RatingLevel.DISSATISFIED, at=days(2))
    answer(plant, other, at=days(3))
    shown = matter_for_author(Inquiry.objects.filter(pk=other.pk))
    assert [(reply.inquiry_id, reply.round) for reply in delivered_replies(shown)] == [(main.pk, 1), (other.pk, 2)]


def test_nothing_is_merged_into_a_second_handling(plant, send):
    main, other = send().inquiry, send().inquiry
    register(plant, main)
    answer(plant, main)
    rate(main, RatingLevel.DISSATISFIED, at=days(1))
    with pytest.raises(OperationRefused):
        merge_inquiry(inquiry_id=other.pk, target_id=main.pk, actor=plant.officer, at=days(1))
    assert fresh(other).state == S.SUBMITTED


# Retaliation ------------------------------------------------------------------------------------------------


def test_retaliation_reaches_inspection_and_the_upper_union_and_nobody_else(plant, send):
    make_officer(Role.UNION_CHAIR, plant.shop)
    card = send(kind=InquiryKind.RETALIATION).inquiry
    assert desks("inquiry.received", card) == [
        role_desk(Role.DISCIPLINE_INSPECTOR, plant.company),
        role_desk(Role.UNION_CHAIR, plant.company),
    ]
    assert fresh(card).promise.kind == "inquiry.reply_retaliation"


def test_an_unnamed_report_of_retaliation_is_told_the_next_morning_once(plant, send):
    card = send(kind=InquiryKind.RETALIATION, mode=IdentityMode.ANONYMOUS).inquiry
    assert desks("inquiry.received", card) == []
    for _twice in range(2):
        run_daily(at=days(1))
    assert desks("inquiry.received", card) == [
        role_desk(Role.DISCIPLINE_INSPECTOR, plant.company),
        role_desk(Role.UNION_CHAIR, plant.company),
    ]


def test_overdue_retaliation_climbs_to_the_upper_union(plant, send):
    card = send(kind=InquiryKind.RETALIATION).inquiry
    sweep(at=days(31))  # the day after the due day
    assert role_desk(Role.UNION_CHAIR, plant.company) in desks("promise.overdue", card)
    other = send(is_about_cadre=True).inquiry
    sweep(at=days(31))
    assert set(reminded(other)) == {role_desk(Role.DISCIPLINE_INSPECTOR, plant.company)}


# What must not be learnt ------------------------------------------------------------------------------------


def test_more_time_for_a_matter_of_inspection_is_asked_of_inspection_only(plant, send):
    card = send(is_about_cadre=True).inquiry
    register(plant, card, lead_unit="inspection", actor=plant.inspector)
    card = fresh(card)
    ask_extension(promise=card.promise, days=10, reason="需要调取记录", actor=plant.inspector, at=days(1))
    assert desks("promise.extension_asked", card) == [role_desk(Role.DISCIPLINE_INSPECTOR, plant.inspection)]


def test_figures_of_a_unit_do_not_tell_that_somebody_reported_it(plant, send):
    send()
    moved = send().inquiry
    send(is_about_cadre=True)
    since, until = dt.date(2026, 3, 1), dt.date(2026, 4, 1)

    def received():
        own = statistics_of([plant.works], since=since, until=until, at=days(60))
        every = statistics_of([plant.company], since=since, until=until, at=days(60))
        return (own.total.received, own.total.overdue, every.total.received, every.total.overdue)

    assert received() == (2, 2, 3, 3)
    register(plant, moved)
    transfer_inquiry(inquiry_id=moved.pk, about_person=None, about_unit=plant.shop, actor=plant.officer, at=AT)
    assert received() == (1, 1, 3, 3)
    assert {row.unit_id for row in Tally.objects.exclude(n=0) if row.measure.startswith("disc:")} == {plant.company.pk}


def test_inspection_that_is_told_can_look(plant, send):
    """A card of one plant about a cadre of another: the inspectors above both are told, and see it."""
    other_works = make_unit(plant.company, name="化肥厂", code="HF")
    workshop = make_unit(other_works, name="合成车间", code="HF-HC")
    below = make_officer(Role.DISCIPLINE_INSPECTOR, other_works)
    card = send().inquiry
    register(plant, card, lead_unit=None)
    transfer_inquiry(inquiry_id=card.pk, about_person=None, about_unit=workshop, actor=plant.officer, at=AT)
    assert desks("inquiry.transferred", card) == [role_desk(Role.DISCIPLINE_INSPECTOR, plant.company)]
    assert fresh(card).promise.unit == plant.company
    assert (card in inquiries_visible_to(plant.inspector), card in inquiries_visible_to(below)) == (True, False)


# Posts that are vacant --------------------------------------------------------------------------------------


def test_a_vacant_post_is_passed_over_by_the_climb(plant):
    vacant = make_unit(plant.company, name="仪表车间", code="YB")
    assert nearest_desk(Role.HANDLER, vacant, AT) == role_desk(Role.LEADER_IN_CHARGE, plant.company)
    assert nearest_desk(Role.UNION_OFFICER, plant.shop, AT) == role_desk(Role.UNION_OFFICER, plant.company)
    Appointment.objects.filter(role__in=[Role.UNION_OFFICER, Role.LEADER_IN_CHARGE]).delete()
    assert nearest_desk(Role.HANDLER, vacant, AT) == role_desk(Role.UNION_CHAIR, plant.company)
    assert nearest_desk(Role.UNION_OFFICER, plant.shop, AT) == role_desk(Role.UNION_CHAIR, plant.company)
    Appointment.objects.all().delete()
    assert nearest_desk(Role.HANDLER, vacant, AT) == role_desk(Role.HANDLER, vacant)


def test_the_sweep_finds_the_same_desks_as_everybody_else(plant):
    make_unit(plant.company, name="仪表车间", code="YB")
    Appointment.objects.filter(role=Role.UNION_OFFICER).delete()
    roles = [Role.HANDLER, Role.DEPARTMENT_HEAD, Role.UNION_OFFICER, Role.DISCIPLINE_INSPECTOR, Role.AUDITOR]
    units = {unit.pk: unit for unit in Unit.objects.all()}
    found = nearest_desks(roles, AT)
    assert len(found) == len(units) * len(roles)
    assert [(unit, role, nearest_desk(role, units[unit], AT)) for unit, role, _desk in found] == found


# Words, drafts and days -------------------------------------------------------------------------------------


def test_the_authors_words_are_changed_only_for_a_reason(plant, send):
    card = send().inquiry
    texts = {"public_subject": card.subject, "public_body": "职工吃不上热饭。", "public_suggestion": card.suggestion}
    given = {"inquiry_id": card.pk, "texts": texts, "is_published": True, "actor": plant.officer, "at": AT}
    with pytest.raises(OperationRefused):
        register_inquiry(**given)
    assert fresh(card).state == S.SUBMITTED
    register_inquiry(**given, edit_reason="identity")
    row = Redaction.objects.get(inquiry=card)
    assert (row.reason, row.before["public_body"], fresh(card).body) == ("identity", card.body, card.body)


def test_the_heads_own_draft_waits_on_the_leaders_desk(plant, send):
    card = send().inquiry
    register(plant, card)
    draft(plant, card, actor=plant.head)
    assert role_desk(Role.LEADER_IN_CHARGE, plant.company) in desks("inquiry.drafted", card)
    send_back_reply(inquiry_id=card.pk, note_text="补充时间", actor=plant.leader, at=AT)
    assert desk_of(plant.head) in desks("inquiry.sent_back", card)


@pytest.mark.parametrize("mode", [IdentityMode.NAMED, IdentityMode.CONFIDENTIAL])
def test_nobody_answers_or_registers_their_own_card(plant, send, identity_key, mode):
    card = send(author=plant.officer, mode=mode).inquiry
    with pytest.raises(OperationRefused):
        register(plant, card)
    register(plant, card, actor=plant.officer2)
    own = send(author=plant.handler, mode=mode).inquiry
    register(plant, own)
    with pytest.raises(OperationRefused):
        draft(plant, own)
    draft(plant, own, actor=plant.head)


def test_a_promise_does_not_wait_for_ever(plant, send):
    card = send().inquiry
    register(plant, card)
    far = dt.date(2027, 3, 11)  # a year and two days
    with pytest.raises(OperationRefused):
        draft(plant, card, outcome=Outcome.LATER, promised_on=far)
    draft(plant, card, outcome=Outcome.LATER, promised_on=far - dt.timedelta(days=1))


def test_nobody_tells_an_unknown_author_in_person(plant, send):
    for mode, is_taken in ((IdentityMode.ANONYMOUS, False), (IdentityMode.NAMED, True)):
        card = send(mode=mode).inquiry
        register(plant, card)
        draft(plant, card)
        approve_reply(inquiry_id=card.pk, actor=plant.head, at=AT)
        given = {
            "inquiry_id": card.pk,
            "channel": "personal",
            "delivered_on": dt.date(2026, 3, 9),
            "place": "班组",
            "bulletin_no": "",
            "actor": plant.officer,
            "at": AT,
        }
        if is_taken:
            deliver_reply(**given)
        else:
            with pytest.raises(OperationRefused):
                deliver_reply(**given)
        assert fresh(card).state == (S.ANSWERED if is_taken else S.APPROVED)


def test_the_author_is_told_of_more_time_and_a_second_handling_has_none(plant, send):
    card = send().inquiry
    register(plant, card)
    extension = ask_extension(promise=fresh(card).promise, days=10, reason="等待备件", actor=plant.handler, at=days(1))
    decide_extension(extension_id=extension.pk, is_granted=True, actor=plant.leader, at=days(2))
    assert desks("promise.extension_decided", card) == sorted([desk_of(plant.handler), desk_of(plant.worker)])
    answer(plant, card, at=days(3))
    rate(card, RatingLevel.DISSATISFIED, at=days(4))
    with pytest.raises(OperationRefused):
        ask_extension(promise=fresh(card).promise, days=1, reason="等待备件", actor=plant.handler, at=days(5))


def test_more_time_is_not_told_to_an_author_without_a_name(plant, send, identity_key):
    card = send(mode=IdentityMode.CONFIDENTIAL).inquiry
    register(plant, card)
    extension = ask_extension(promise=fresh(card).promise, days=10, reason="等待备件", actor=plant.handler, at=days(1))
    decide_extension(extension_id=extension.pk, is_granted=True, actor=plant.leader, at=days(2))
    assert desks("promise.extension_decided", card) == [desk_of(plant.handler)]
