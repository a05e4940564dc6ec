"""Every act at the desks by its form: done once however often pressed, refused without a trace, nothing typed lost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback.enums import DeliveryChannel, HidingReason, IdentityMode, InquiryState, Outcome, ReplyState
from feedback.models import Delivery, Hiding, Inquiry, Reply, ReplyTemplate, Reveal
from feedback.operations import add_template
from portal.deadlines.models import Extension
from portal.kernel.days import local_day
from portal.ledger.models import Entry
from tests.factories import cards
from tests.signing import signed_in

S = InquiryState
TEXT = cards.REPLY_TEXT
TEMPLATE = "您反映的【问题】收悉。经【部门】现场核查，情况属实，已安排【措施】，将于【日期】前完成。"


@pytest.fixture
def plant(db):
    return cards.make_plant()


def card_in(plant, state, **over):
    return cards.make_inquiry(plant, state=state, at=timezone.now(), **over)


def post(client, person, card, verb, **data):
    signed_in(client, person)
    return client.post(reverse(f"feedback:{verb}", args=[card.number]), data)


def written():
    return (
        Entry.objects.count(),
        Reply.objects.count(),
        Delivery.objects.count(),
        list(Inquiry.objects.order_by("pk").values()),
    )


def register_data(card, **over):
    texts = {"public_subject": card.subject, "public_body": card.body, "public_suggestion": card.suggestion}
    return {**texts, "is_published": "on", "lead_unit": "HQ", "instruction": "请核实后答复。", **over}


def reply_data(**over):
    return {"text": TEXT, "measures": "", "outcome": "A", "promised_on": "", "template": "", "act": "send", **over}


# The union's desk ------------------------------------------------------------------------------------------


def test_a_card_is_registered_and_assigned_in_one_form(client, plant):
    card = card_in(plant, S.SUBMITTED)
    signed_in(client, plant.officer)
    shown = client.get(reverse("feedback:register", args=[card.number])).context["form"].initial
    assert (shown["public_body"], shown["is_published"]) == (card.body, True)
    answer = post(client, plant.officer, card, "register", **register_data(card, assist_1="AQ"))
    assert (answer.status_code, answer.url) == (302, reverse("feedback:triage") + "?stage=submitted")
    card = cards.fresh(card)
    assert (card.state, card.lead_unit, card.is_published) == (S.ASSIGNED, plant.logistics, True)
    assert [(p.unit, p.role) for p in card.assignments.order_by("pk")] == [
        (plant.logistics, "lead"),
        (plant.safety, "assist"),
    ]


def test_registering_twice_registers_once(client, plant):
    card = card_in(plant, S.SUBMITTED)
    post(client, plant.officer, card, "register", **register_data(card))
    before = written()
    answer = post(client, plant.officer, card, "register", **register_data(card))
    assert (answer.status_code, written()) == (302, before)


def test_a_card_without_consent_cannot_be_published_by_the_form(client, plant):
    card = card_in(plant, S.SUBMITTED, may_publish=False)
    post(client, plant.officer, card, "register", **register_data(card, is_published="on"))
    assert cards.fresh(card).is_published is False


def test_a_faulty_register_form_keeps_what_was_typed_and_writes_nothing(client, plant):
    card = card_in(plant, S.SUBMITTED)
    before = written()
    answer = post(
        client,
        plant.officer,
        card,
        "register",
        **register_data(card, public_subject="", public_body="改过的正文", lead_unit="nowhere"),
    )
    page = answer.content.decode()
    assert (answer.status_code, written()) == (422, before)
    assert "改过的正文" in page and page.index("<title>错误") and 'id="error-summary"' in page


@pytest.mark.parametrize("verb", ["register", "assign", "merge", "transfer", "redact", "ask_hiding", "decide_return"])
def test_a_department_may_not_do_the_unions_acts(client, plant, verb):
    card = card_in(plant, S.ASSIGNED)
    before = written()
    answer = post(client, plant.handler, card, verb, lead_unit="HQ", number="2026-1", reason="x", about_unit="YX")
    assert (answer.status_code, written()) == (403, before)


def test_a_matter_that_moved_on_answers_conflict_with_the_input_kept(client, plant):
    card = card_in(plant, S.REGISTERED)
    seen = f"{S.REGISTERED}.1.0"
    cards.assign(card, plant=plant, at=timezone.now())
    cards.draft(card, plant=plant, at=timezone.now())
    answer = post(client, plant.officer, card, "assign", lead_unit="HQ", instruction="请尽快核实", seen=seen)
    assert answer.status_code == 409
    assert "请尽快核实" in answer.content.decode()


def test_merging_shows_the_other_matter_first(client, plant):
    card, target = card_in(plant, S.SUBMITTED), card_in(plant, S.ASSIGNED, author=plant.worker2, subject="夜班热饭问题")
    signed_in(client, plant.officer)
    answer = client.get(reverse("feedback:merge", args=[card.number]) + f"?number={target.number}")
    assert answer.context["target"] == target
    assert cards.fresh(card).state == S.SUBMITTED
    assert post(client, plant.officer, card, "merge", number=target.number).status_code == 302
    assert (cards.fresh(card).state, cards.fresh(card).merged_into) == (S.MERGED, target)
    assert post(client, plant.officer, card, "unmerge").status_code == 302
    assert cards.fresh(card).state == S.REGISTERED


@pytest.mark.parametrize("typed", ["2026-999999999", "abc", "２０２６—００99", "9" * 400, "\x00", "-", "2026-0001'--"])
def test_a_number_that_is_none_is_said_by_the_field(client, plant, typed):
    card = card_in(plant, S.SUBMITTED)
    before = written()
    answer = post(client, plant.officer, card, "merge", number=typed)
    assert (answer.status_code, written()) == (422, before)
    assert list(answer.context["form"].errors) == ["number"]


def test_a_transferred_matter_leaves_the_unions_sight(client, plant):
    card = card_in(plant, S.ASSIGNED)
    answer = post(client, plant.officer, card, "transfer", about_person=plant.worker2.job_no)
    assert answer.url == reverse("feedback:triage")
    card = cards.fresh(card)
    assert (card.route, card.about_person, card.about_unit) == ("discipline", plant.worker2, plant.shop)
    assert client.get(reverse("feedback:work", args=[card.number])).status_code == 404


def test_a_transfer_has_to_say_about_whom(client, plant):
    card = card_in(plant, S.ASSIGNED)
    answer = post(client, plant.officer, card, "transfer")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["about_person"])


def test_d06_hiding_takes_two_people_and_a_reason(client, plant):
    card = card_in(plant, S.ASSIGNED)
    assert list(post(client, plant.officer, card, "ask_hiding", reason_class="privacy").context["form"].errors) == [
        "reason"
    ]
    assert (
        post(client, plant.officer, card, "ask_hiding", reason_class="privacy", reason="涉及他人病情").status_code
        == 302
    )
    assert cards.fresh(card).hidden_class == ""
    before = written()
    assert post(client, plant.officer, card, "decide_hiding", decision="yes").status_code == 403
    assert (written(), Hiding.objects.get().is_granted) == (before, None)
    assert post(client, plant.officer2, card, "decide_hiding", decision="yes").status_code == 302
    assert cards.fresh(card).hidden_class == HidingReason.PRIVACY
    assert (
        post(client, plant.officer2, card, "decide_hiding", decision="yes").status_code == 302
    )  # pressed twice: told, nothing more
    assert Hiding.objects.count() == 1


def test_a_return_is_asked_for_and_decided_by_the_union(client, plant):
    card = card_in(plant, S.ASSIGNED)
    assert (
        post(client, plant.handler, card, "ask_return", reason="班车归行政部管理", proposed_unit="AQ").status_code
        == 302
    )
    signed_in(client, plant.officer)
    assert [row.inquiry for row in client.get(reverse("feedback:decisions")).context["returns"]] == [card]
    assert list(post(client, plant.officer, card, "decide_return", decision="no").context["form"].errors) == ["note"]
    answer = post(client, plant.officer, card, "decide_return", decision="yes")
    assert answer.url == reverse("feedback:assign", args=[card.number])
    assert cards.fresh(card).state == S.REGISTERED
    assert client.get(answer.url).context["form"].initial["lead_unit"] == plant.safety


def test_more_time_is_asked_for_once_and_decided_by_another(client, plant):
    card = card_in(plant, S.ASSIGNED)
    due = card.promise.due_on
    assert post(client, plant.handler, card, "ask_extension", days="99", reason="备件未到").status_code == 422
    assert post(client, plant.handler, card, "ask_extension", days="１０", reason="备件未到").status_code == 302
    assert (
        post(client, plant.handler, card, "ask_extension", days="10", reason="备件未到").status_code == 302
    )  # pressed twice
    assert Extension.objects.count() == 1
    assert post(client, plant.handler, card, "decide_extension", decision="yes").status_code == 403
    assert post(client, plant.leader, card, "decide_extension", decision="yes").status_code == 302
    assert cards.fresh(card).promise.due_on == due + dt.timedelta(days=10)


def test_asking_the_author_stops_the_clock_and_resuming_starts_it(client, plant):
    card = card_in(plant, S.ASSIGNED)
    assert post(client, plant.handler, card, "ask_author", text="请补充是哪几个班次。").status_code == 302
    assert cards.fresh(card).promise.paused_on == local_day(timezone.now())
    assert post(client, plant.handler, card, "ask_author", text="再问一次").status_code == 403
    assert post(client, plant.handler, card, "resume").status_code == 302
    assert cards.fresh(card).promise.paused_on is None


def test_a_plan_and_a_contribution_are_recorded(client, plant):
    card = card_in(plant, S.REGISTERED)
    cards.assign(card, plant=plant, at=timezone.now(), assist_units=[plant.safety])
    assert post(client, plant.safety_handler, card, "contribute", text="安环处已检查。").status_code == 302
    assert post(client, plant.handler, card, "plan", text="先改北楼", parties="后勤、车间工会").status_code == 302
    assert cards.fresh(card).state == S.NEGOTIATING
    signed_in(client, plant.head)
    page = client.get(reverse("feedback:work", args=[card.number])).content.decode()
    assert "安环处已检查。" in page and "先改北楼" in page


# The reply -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("over", "faulty"),
    [
        ({"text": "已阅"}, "text"),
        ({"text": ""}, "text"),
        ({"text": "短"}, "text"),
        ({"text": TEMPLATE}, "text"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "B"}, "promised_on"),
        ({"outcome": "C", "promised_on": "2020-01-01"}, "promised_on"),
        ({"outcome": "B", "promised_on": "2026-02-30"}, "promised_on"),
    ],
)
def test_what_is_no_reply_is_refused_by_its_field(client, plant, over, faulty):
    card = card_in(plant, S.ASSIGNED)
    before = written()
    answer = post(client, plant.handler, card, "reply", **reply_data(**over))
    assert (answer.status_code, list(answer.context["form"].errors), written()) == (422, [faulty], before)


def test_a_template_sent_unchanged_is_refused(client, plant):
    plain = "您反映的问题我们已经核查清楚并安排专人处理完毕。"
    template = add_template(title="通用", kind="", unit=None, text=plain, actor=plant.officer, at=timezone.now())
    card = card_in(plant, S.ASSIGNED)
    answer = post(client, plant.handler, card, "reply", **reply_data(text=plain, template=template.pk))
    assert list(answer.context["form"].errors) == ["text"]


def test_using_a_template_loses_nothing_and_saves_nothing(client, plant):
    template = add_template(title="维修", kind="", unit=None, text=TEMPLATE, actor=plant.officer, at=timezone.now())
    card = card_in(plant, S.ASSIGNED)
    before = written()
    answer = post(
        client, plant.handler, card, "reply", **reply_data(act="template", text="已写的一句。", template=template.pk)
    )
    assert answer.context["form"]["text"].value() == f"已写的一句。\n\n{TEMPLATE}"
    assert written() == before
    assert (
        client.get(reverse("feedback:reply", args=[card.number]) + f"?template={template.pk}")
        .context["form"]
        .initial["text"]
        == TEMPLATE
    )


def test_a_preview_shows_the_reply_and_saves_nothing(client, plant):
    card = card_in(plant, S.ASSIGNED)
    before = written()
    answer = post(client, plant.handler, card, "reply", **reply_data(act="preview"))
    assert (answer.context["preview"]["text"], written()) == (TEXT, before)


def test_a_draft_is_kept_by_button_and_by_script(client, plant):
    card = card_in(plant, S.ASSIGNED)
    assert (
        post(client, plant.handler, card, "reply", **reply_data(act="save", text="写到一半", outcome="")).status_code
        == 302
    )
    first = Reply.objects.get()
    assert (first.text, first.state) == ("写到一半", ReplyState.DRAFT)
    url = reverse("feedback:reply_draft", args=[card.number])
    answer = client.post(
        url, reply_data(text="写到一大半", outcome="", promised_on="明天", base=first.saved_at.isoformat())
    )
    assert answer.status_code == 200 and set(answer.json()) == {"said", "base"}
    assert Reply.objects.get().text == "写到一大半"
    assert Entry.objects.filter(verb="inquiry.drafted").count() == 0


def test_a_draft_that_somebody_else_saved_is_not_written_over(client, plant):
    card = card_in(plant, S.ASSIGNED)
    post(client, plant.handler, card, "reply", **reply_data(act="save", text="经办人的草稿"))
    answer = post(client, plant.head, card, "reply", **reply_data(act="save", text="负责人的草稿", base=""))
    assert answer.status_code == 409
    assert "负责人的草稿" in answer.content.decode()
    signed_in(client, plant.head)
    url = reverse("feedback:reply_draft", args=[card.number])
    assert client.post(url, reply_data(text="负责人的草稿")).status_code == 409
    assert Reply.objects.get().text == "经办人的草稿"


def test_r14_a_reply_is_sent_approved_and_delivered_once_however_often_it_is_pressed(client, plant):
    card = card_in(plant, S.ASSIGNED)
    today = local_day(timezone.now()).isoformat()
    for who, verb, data, state in (
        (plant.handler, "reply", reply_data(), S.DRAFTED),
        (plant.head, "approve", {}, S.APPROVED),
        (
            plant.officer,
            "deliver",
            {"channel": "staff_meeting", "delivered_on": today, "place": "二号会议室"},
            S.ANSWERED,
        ),
    ):
        assert post(client, who, card, verb, **data).status_code == 302
        before = written()
        again = post(client, who, card, verb, **data)
        assert (again.status_code, again.url) == (302, reverse("feedback:work", args=[card.number]))
        assert (written(), cards.fresh(card).state) == (before, state)
    assert Delivery.objects.get().channel == DeliveryChannel.STAFF_MEETING


def test_nobody_approves_what_they_drafted(client, plant):
    card = card_in(plant, S.ASSIGNED)
    post(client, plant.head, card, "reply", **reply_data())
    before = written()
    answer = post(client, plant.head, card, "approve")
    assert (answer.status_code, written()) == (403, before)
    assert post(client, plant.leader, card, "approve").status_code == 302


def test_a_reply_that_changed_since_it_was_read_is_not_approved(client, plant):
    card = card_in(plant, S.DRAFTED)
    signed_in(client, plant.head)
    seen = client.get(reverse("feedback:approve", args=[card.number])).context["seen"]
    post(client, plant.head, card, "send_back", note="请写明完成时间")
    post(client, plant.handler, card, "reply", **reply_data(text=TEXT + "计划于下周三前完成。", base=""))
    answer = post(client, plant.head, card, "approve", seen=seen)
    assert (answer.status_code, cards.fresh(card).state) == (409, S.DRAFTED)


@pytest.mark.parametrize(
    ("channel", "over", "faulty"),
    [
        ("staff_meeting", {}, "place"),
        ("personal", {}, "place"),
        ("union_bulletin", {"place": "x"}, "bulletin_no"),
        ("portal", {"delivered_on": "2199-01-01"}, "delivered_on"),
        ("portal", {"delivered_on": "2020-01-01"}, "delivered_on"),
        ("pigeon", {}, "channel"),
        ("", {}, "channel"),
    ],
)
def test_a_delivery_demands_its_proof(client, plant, channel, over, faulty):
    card = card_in(plant, S.APPROVED)
    before = written()
    data = {"channel": channel, "delivered_on": local_day(timezone.now()).isoformat(), **over}
    answer = post(client, plant.officer, card, "deliver", **data)
    assert (answer.status_code, list(answer.context["form"].errors), written()) == (422, [faulty], before)


def test_a_department_may_deliver_on_the_portal_only(client, plant):
    card = card_in(plant, S.APPROVED)
    today = local_day(timezone.now()).isoformat()
    signed_in(client, plant.handler)
    offered = client.get(reverse("feedback:deliver", args=[card.number])).context["form"].fields["channel"].choices
    assert [code for code, _label in offered] == ["portal", "personal"]
    assert (
        post(client, plant.handler, card, "deliver", channel="staff_meeting", delivered_on=today, place="x").status_code
        == 422
    )
    assert post(client, plant.handler, card, "deliver", channel="portal", delivered_on=today).status_code == 302


def test_several_replies_are_delivered_together(client, plant):
    first, second = card_in(plant, S.APPROVED), card_in(plant, S.APPROVED, author=plant.worker2)
    today = local_day(timezone.now()).isoformat()
    signed_in(client, plant.officer)
    how = {"channel": "union_bulletin", "delivered_on": today, "bulletin_no": "2026 年第 11 期"}
    url = reverse("feedback:deliver_many")
    assert list(client.post(url, how).context["form"].errors) == ["numbers"]
    answer = client.post(url, {**how, "numbers": [first.number, second.number]}, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert cards.fresh(first).state == cards.fresh(second).state == S.ANSWERED
    assert [first.number in line and second.number in line for line in said] == [True]


def test_of_several_replies_those_that_cannot_be_delivered_are_named(client, plant):
    first, second = card_in(plant, S.APPROVED), card_in(plant, S.APPROVED, author=plant.worker2)
    today = local_day(timezone.now())
    Reply.objects.filter(inquiry=second).update(approved_on=today + dt.timedelta(days=1))
    signed_in(client, plant.officer)
    data = {"channel": "portal", "delivered_on": today.isoformat(), "numbers": [first.number, second.number]}
    answer = client.post(reverse("feedback:deliver_many"), data, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert (cards.fresh(first).state, cards.fresh(second).state) == (S.ANSWERED, S.APPROVED)
    assert [(first.number in line, second.number in line) for line in said] == [(True, False), (False, True)]


# Identity --------------------------------------------------------------------------------------------------


def test_an_identity_is_opened_with_passphrase_and_reason_and_shown_once(client, plant):
    card = card_in(plant, S.ASSIGNED, identity_mode=IdentityMode.CONFIDENTIAL)
    wrong = post(client, plant.officer, card, "reveal", passphrase="不是这个口令啊", reason="核实经过")
    assert (list(wrong.context["form"].errors), Reveal.objects.count()) == (["passphrase"], 0)
    assert "不是这个口令啊" not in wrong.content.decode()
    answer = post(client, plant.officer, card, "reveal", passphrase=cards.PASSPHRASE, reason="核实经过")
    assert plant.worker.name in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert Reveal.objects.get().revealed_by == plant.officer
    assert plant.worker.name not in client.get(reverse("feedback:work", args=[card.number])).content.decode()
    assert post(client, plant.head, card, "reveal", passphrase=cards.PASSPHRASE, reason="想知道").status_code == 403


def test_the_chair_makes_the_key_and_changes_its_passphrase(client, plant):
    signed_in(client, plant.chair)
    url = reverse("feedback:identity_key_make")
    for data, faulty in (
        ({"passphrase": "短", "again": "短"}, "passphrase"),
        ({"passphrase": "123456789012", "again": "123456789012"}, "passphrase"),
        ({"passphrase": "启明石化工会灯塔二零二六", "again": "不一样"}, "again"),
    ):
        assert list(client.post(url, data).context["form"].errors) == [faulty]
    sheet = client.post(
        url, {"passphrase": "启明石化工会灯塔二零二六", "again": "启明石化工会灯塔二零二六"}, follow=True
    )
    assert sheet.status_code == 200 and "启明石化工会灯塔" not in sheet.content.decode()
    change = reverse("feedback:identity_key_passphrase", args=[sheet.context["key"].pk])
    new = {"passphrase": "裂解炉旁有一棵老槐树呀", "again": "裂解炉旁有一棵老槐树呀"}
    new = {name: value + "，春天开花" for name, value in new.items()}
    assert list(client.post(change, {"old": "错的", **new}).context["form"].errors) == ["old"]
    assert client.post(change, {"old": "启明石化工会灯塔二零二六", **new}).status_code == 302


# Paper, templates, calendar --------------------------------------------------------------------------------


def paper_data(plant, **over):
    today = local_day(timezone.now())
    plain = {
        "paper_on": (today - dt.timedelta(days=3)).isoformat(),
        "unit": "YX-LJ",
        "kind": "suggestion",
        "topic": "living",
        "subject": "热饭",
        "body": "夜班吃不上热饭。",
        "identity_mode": "named",
        "author": plant.worker.job_no,
        "may_publish": "on",
        "idempotency_key": "0b4ad9b2-2f6b-4f0e-9d3c-3f1f3f2d9a10",
    }
    return {**plain, **over}


def test_a_paper_card_is_typed_in_once_and_gives_its_slip(client, plant):
    signed_in(client, plant.officer)
    url = reverse("feedback:on_behalf")
    first = client.post(url, paper_data(plant))
    again = client.post(url, paper_data(plant))
    card = Inquiry.objects.get()
    assert (card.author, card.received_on, card.typed_on) == (
        plant.worker,
        local_day(timezone.now()) - dt.timedelta(days=3),
        local_day(timezone.now()),
    )
    code = first.context["receipt"].code
    assert again.context["receipt"].code == code
    assert card.number in first.content.decode() and first.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("over", "faulty"),
    [
        ({"author": ""}, "author"),
        ({"author": "999999"}, "author"),
        ({"identity_mode": "anonymous"}, "author"),
        ({"paper_on": "2199-01-01"}, "paper_on"),
        ({"unit": "nowhere"}, "unit"),
        ({"body": "x" * 1001}, "body"),
    ],
)
def test_a_faulty_paper_card_is_said_by_its_field(client, plant, over, faulty):
    signed_in(client, plant.officer)
    answer = client.post(reverse("feedback:on_behalf"), paper_data(plant, **over))
    assert (answer.status_code, list(answer.context["form"].errors), Inquiry.objects.count()) == (422, [faulty], 0)


def test_templates_are_kept_by_their_department(client, plant):
    signed_in(client, plant.head)
    data = {"title": "维修", "kind": "", "unit": "", "text": TEMPLATE}
    assert list(client.post(reverse("feedback:template_add"), data).context["form"].errors) == ["unit"]
    assert client.post(reverse("feedback:template_add"), {**data, "unit": "HQ"}).status_code == 302
    own = ReplyTemplate.objects.get()
    common = add_template(title="通用", kind="", unit=None, text=TEMPLATE, actor=plant.officer, at=timezone.now())
    assert client.get(reverse("feedback:template_edit", args=[common.pk])).status_code == 403
    assert client.post(reverse("feedback:template_use", args=[common.pk]), {"use": "no"}).status_code == 403
    assert (
        client.post(
            reverse("feedback:template_edit", args=[own.pk]), {**data, "unit": "HQ", "title": "维修类"}
        ).status_code
        == 302
    )
    assert client.post(reverse("feedback:template_use", args=[own.pk]), {"use": "no"}).status_code == 302
    assert list(ReplyTemplate.objects.order_by("pk").values_list("title", "is_active")) == [
        ("维修类", False),
        ("通用", True),
    ]


def test_a_calendar_address_works_without_a_session_until_it_is_replaced(client, plant):
    card = card_in(plant, S.ASSIGNED)
    signed_in(client, plant.handler)
    first = client.post(reverse("feedback:calendar_address"), {"act": "make"}).context["address"]
    client.logout()
    answer = client.get(first)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert card.number in answer.content.decode() and "BEGIN:VEVENT" in answer.content.decode()
    signed_in(client, plant.handler)
    second = client.post(reverse("feedback:calendar_address"), {"act": "make"}).context["address"]
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    client.post(reverse("feedback:calendar_address"), {"act": "end"})
    assert client.get(second).status_code == 404


def test_s02_reading_writes_nothing(client, plant):
    card = card_in(plant, S.ASSIGNED)
    for who, names in (
        (
            plant.officer,
            ["triage", "decisions", "deliver_many", "on_behalf", "statistics", "templates", "public_statistics"],
        ),
        (plant.handler, ["inbox", "calendar_address", "scorecard"]),
    ):
        signed_in(client, who)
        urls = [reverse(f"feedback:{name}") for name in names]
        urls += [
            reverse(f"feedback:{verb}", args=[card.number])
            for verb in ("work", *(["assign", "merge"] if who is plant.officer else ["reply", "ask_return"]))
        ]
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200, url
            writes = [
                q["sql"]
                for q in queries
                if q["sql"].lstrip().split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"} and "session" not in q["sql"]
            ]
            assert writes == [], url


def test_outcomes_b_and_c_come_back_into_the_inbox(client, plant):
    card = card_in(plant, S.TRACKED, outcome=Outcome.PLANNED)
    signed_in(client, plant.handler)
    shown = client.get(reverse("feedback:inbox") + "?tab=tracked").context["rows"]
    assert [row.inquiry for row in shown] == [card]
    assert post(client, plant.handler, card, "reply", **reply_data()).status_code == 302
    assert cards.fresh(card).state == S.DRAFTED


@pytest.mark.parametrize("mode", [IdentityMode.NAMED, IdentityMode.CONFIDENTIAL])
def test_the_board_offers_no_act_on_a_card_of_ones_own(client, plant, mode):
    own, other = (
        card_in(plant, S.SUBMITTED, author=author, identity_mode=mode) for author in (plant.officer, plant.worker)
    )
    signed_in(client, plant.officer)
    page = client.get(reverse("feedback:triage") + "?stage=submitted").text
    register, work = (reverse(f"feedback:{verb}", args=[own.number]) for verb in ("register", "work"))
    assert (page.count(f'"{register}"'), page.count(f'"{work}"')) == (0, 1)
    assert page.count(f'"{reverse("feedback:register", args=[other.number])}"') == 2
    assert post(client, plant.officer, own, "register", **register_data(own)).status_code == 403
