"""Who meets which page of the desks: own and other unit, the matter about oneself, the text after the edit."""

import uuid

import pytest
from django.urls import reverse

from feedback.enums import IdentityMode, InquiryKind, InquiryState, Topic
from feedback.models import Inquiry
from feedback.operations import CardDraft, submit_card, transfer_inquiry
from feedback.queries import inquiries_visible_to
from feedback.rules import may_see_page
from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.files.intake import CleanFile
from portal.kernel.days import local_day
from tests.factories import cards
from tests.factories.people import make_officer, make_unit
from tests.signing import signed_in

S = InquiryState
WHO = (
    "worker",
    "officer",
    "chair",
    "leader",
    "head",
    "handler",
    "safety_handler",
    "inspector",
    "auditor",
    "system_admin",
)


@pytest.fixture
def plant(db):
    return cards.make_plant()


def status(client, person, name, *args):
    signed_in(client, person)
    answer = client.get(reverse(name, args=args))
    for close in answer._resource_closers:  # answer.close() would end the connection of the test as well
        close()
    return answer.status_code


def statuses(client, plant, name, *args):
    return {who: status(client, getattr(plant, who), name, *args) for who in WHO}


def only(*allowed, otherwise=403, ok=200):
    return {who: ok if who in allowed else otherwise for who in WHO}


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("feedback:triage", ("officer", "chair", "inspector")),
        ("feedback:triage_file", ("officer", "chair", "inspector")),
        ("feedback:inbox", ("leader", "head", "handler", "safety_handler", "inspector")),
        ("feedback:decisions", ("officer", "chair", "leader", "inspector")),
        ("feedback:on_behalf", ("officer", "chair")),
        ("feedback:deliver_many", ("officer", "chair", "inspector")),
        ("feedback:statistics", ("officer", "chair", "leader", "head", "inspector", "auditor")),
        ("feedback:scorecard", ("leader", "head", "handler", "safety_handler")),
        ("feedback:templates", ("officer", "chair", "head")),
        ("feedback:template_add", ("officer", "chair", "head")),
        ("feedback:calendar_address", ("leader", "head", "handler", "safety_handler", "inspector")),
        ("feedback:identity_key", ("chair",)),
        ("feedback:public_statistics", WHO),
    ],
)
def test_a_page_of_the_desks_is_open_to_its_roles_only(client, plant, name, allowed):
    assert statuses(client, plant, name) == only(*allowed)


def test_no_page_of_the_desks_is_open_to_visitors(client, plant):
    card = cards.make_inquiry(plant, state=S.ASSIGNED)
    for name, args in (
        ("feedback:triage", ()),
        ("feedback:inbox", ()),
        ("feedback:work", (card.number,)),
        ("feedback:deliver_many", ()),
    ):
        answer = client.get(reverse(name, args=args))
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, reverse("accounts:sign_in"))


def test_a_card_that_is_not_registered_exists_for_the_union_only(client, plant):
    card = cards.make_inquiry(plant)
    assert statuses(client, plant, "feedback:work", card.number) == only("officer", "chair", otherwise=404)


def test_a_matter_in_hand_exists_for_those_who_handle_it(client, plant):
    card = cards.make_inquiry(plant, state=S.ASSIGNED)
    seen = only("officer", "chair", "leader", "head", "handler", "inspector", "auditor", otherwise=404)
    assert statuses(client, plant, "feedback:work", card.number) == seen


def test_the_union_of_another_unit_does_not_find_it(client, plant):
    other = make_officer(Role.UNION_OFFICER, make_unit(plant.company, code="LY", name="炼油厂"))
    card = cards.make_inquiry(plant, state=S.ASSIGNED)
    assert status(client, other, "feedback:work", card.number) == 404
    assert status(client, other, "feedback:assign", card.number) == 404
    signed_in(client, other)
    assert client.get(reverse("feedback:triage") + "?stage=all").context["rows"] == []


def test_a_matter_about_a_unit_does_not_exist_for_it(client, plant):
    card = cards.make_inquiry(plant, kind=InquiryKind.RETALIATION)
    of_the_shop = make_officer(Role.DISCIPLINE_INSPECTOR, plant.shop)
    chief = make_officer(Role.UNION_CHAIR, plant.shop)
    assert status(client, of_the_shop, "feedback:work", card.number) == 404
    assert status(client, chief, "feedback:work", card.number) == 404
    assert statuses(client, plant, "feedback:work", card.number) == only("chair", "inspector", otherwise=404)
    cards.register(card, plant=plant)
    assert statuses(client, plant, "feedback:work", card.number) == only("chair", "inspector", "auditor", otherwise=404)


def test_those_who_handle_a_matter_read_the_text_after_the_unions_edit(client, plant):
    card = cards.make_inquiry(plant, body="我是张三，夜班吃不上热饭。", identity_mode=IdentityMode.ANONYMOUS)
    texts = {"public_subject": "夜班就餐", "public_body": "夜班职工吃不上热饭。", "public_suggestion": ""}
    cards.register(card, plant=plant, texts=texts)
    cards.assign(card, plant=plant)
    for who, reads_original in (("officer", True), ("head", False), ("leader", False), ("auditor", False)):
        signed_in(client, getattr(plant, who))
        page = client.get(reverse("feedback:work", args=[card.number])).content.decode()
        assert ("我是张三" in page) is reads_original
        assert "夜班职工吃不上热饭。" in page


def test_the_name_is_shown_for_a_named_card_only(client, plant):
    shown = {}
    for mode in IdentityMode.values:
        card = cards.make_inquiry(plant, state=S.ASSIGNED, identity_mode=mode)
        signed_in(client, plant.officer)
        shown[mode] = plant.worker.name in client.get(reverse("feedback:work", args=[card.number])).content.decode()
    assert shown == {"named": True, "confidential": False, "anonymous": False}


def test_the_scan_of_a_paper_card_is_for_the_union_only(client, plant):
    scan = CleanFile(content=b"x", name="scan.jpg", media_type="image/jpeg", size=1, sha256="0" * 64)
    draft = CardDraft(
        kind=InquiryKind.QUESTION,
        topic=Topic.LIVING,
        unit=plant.shop,
        subject="热饭",
        body="夜班吃不上热饭。",
        identity_mode=IdentityMode.NAMED,
        idempotency_key=uuid.uuid4(),
        scans=(scan,),
        paper_on=local_day(cards.AT),
        author=plant.worker,
    )
    card = cards.bring(submit_card(draft=draft, actor=plant.officer, at=cards.AT).inquiry, S.ASSIGNED, plant=plant)
    file = card.files.get()
    assert status(client, plant.officer, "feedback:work_file", card.number, file.file_id) == 200
    assert status(client, plant.handler, "feedback:work_file", card.number, file.file_id) == 404


def test_every_act_of_a_page_is_a_page(client, plant):
    card = cards.make_inquiry(plant, state=S.ASSIGNED)
    for who in ("officer", "handler", "head"):
        signed_in(client, getattr(plant, who))
        context = client.get(reverse("feedback:work", args=[card.number])).context
        verbs = [act.verb for act in (*context["main_acts"], *context["other_acts"])]
        assert verbs
        assert {
            verb: client.get(reverse(f"feedback:{verb}", args=[card.number])).status_code for verb in verbs
        } == dict.fromkeys(verbs, 200)


def test_an_act_that_is_not_offered_is_refused_with_its_reason(client, plant):
    card = cards.make_inquiry(plant, state=S.ASSIGNED)
    signed_in(client, plant.handler)
    answer = client.get(reverse("feedback:assign", args=[card.number]))
    assert answer.status_code == 403
    assert "工会" in answer.content.decode()


def test_the_rule_of_one_matter_sees_what_the_query_of_all_sees(plant):
    locals_ = [
        make_officer(role, unit)
        for unit in (plant.works, plant.shop, plant.logistics)
        for role in (Role.UNION_OFFICER, Role.UNION_CHAIR, Role.LEADER_IN_CHARGE, Role.DISCIPLINE_INSPECTOR)
    ]
    for state in (S.SUBMITTED, S.REGISTERED, S.ASSIGNED, S.DRAFTED, S.ANSWERED, S.CLOSED, S.MERGED):
        cards.make_inquiry(plant, state=state)
    cards.make_inquiry(plant, kind=InquiryKind.RETALIATION)
    cards.make_inquiry(plant, kind=InquiryKind.RETALIATION, state=S.ASSIGNED, unit=plant.works)
    cards.make_inquiry(plant, kind=InquiryKind.RETALIATION, unit=plant.company)
    for about in (plant.leader, locals_[1]):
        card = cards.make_inquiry(plant, state=S.REGISTERED)
        transfer_inquiry(inquiry_id=card.pk, about_person=about, about_unit=None, actor=plant.officer, at=cards.AT)
    assisted = cards.make_inquiry(plant, state=S.REGISTERED)
    cards.assign(assisted, plant=plant, assist_units=[plant.safety])
    seen = {}
    for person in [*(value for value in vars(plant).values() if isinstance(value, Person)), *locals_]:
        by_query = set(inquiries_visible_to(person).values_list("pk", flat=True))
        by_rule = {inquiry.pk for inquiry in Inquiry.objects.all() if may_see_page(person, inquiry)}
        assert by_rule == by_query, person.name
        seen[person.pk] = len(by_rule)
    # Not alike because nobody sees anything, or everybody all.
    assert len(set(seen.values())) > 5
    assert seen[plant.safety_handler.pk] == 1
