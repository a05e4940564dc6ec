"""What happens seldom and must still leave its trace: not ours, merging, hiding by two, more time."""

from .conftest import DESKTOP
from .pages.cards import CardPages
from .pages.desk import Desk


def a_card(visit, portal, subject, **words):
    worker = visit().sign_in(portal.person("worker", "裂解车间"))
    card = CardPages(worker.page)
    card.write(subject=subject, **words)
    return card.send().number


def desk_of(visit, portal, role, unit, **options):
    visitor = visit(DESKTOP, **options).sign_in(portal.person(role, unit))
    return Desk(visitor.page)


def public_words(visit, number):
    reader = visit(DESKTOP)
    reader.goto(f"/inquiries/{number}/")
    return reader.page.locator("main").inner_text()


def test_not_ours_goes_back_to_the_union_and_on_to_another_department(portal, visit):
    number = a_card(visit, portal, "劳保手套发放太慢")
    union = desk_of(visit, portal, "union_officer", "启明石化公司")
    union.register(number, "HQ")
    handler = desk_of(visit, portal, "handler", "后勤服务部")
    handler.act(number, "ask-return", reason="劳保用品由安全环保处发放。", proposed_unit="AH")
    union.act(number, "decide-return", choices={"decision": "yes"})
    assert union.page.input_value("#id_lead_unit") == "AH"
    union.send()
    other = desk_of(visit, portal, "handler", "安全环保处")
    other.open(number)
    assert "劳保手套发放太慢" in other.words
    assert "安全环保处" in public_words(visit, number)


def test_a_card_merged_into_another_is_answered_with_it(portal, visit):
    first = a_card(visit, portal, "班车晚点没有通知")
    second = a_card(visit, portal, "班车晚点没人通知")
    union = desk_of(visit, portal, "union_officer", "启明石化公司")
    union.register(first, "HQ")
    union.begin(second, "merge")
    union.page.fill("#id_number", first)
    with union.page.expect_navigation():
        union.page.locator("main form button").first.click()
    union.send("main form.desk-form .btn-primary, main form .btn-primary")
    assert first in public_words(visit, second)


def test_hiding_takes_two_people_and_leaves_a_tombstone(portal, visit):
    number = a_card(visit, portal, "某同事的家事不该写在这里")
    union = desk_of(visit, portal, "union_officer", "启明石化公司", allowed=["403"])
    union.register(number, "HQ")
    assert "某同事的家事" in public_words(visit, number)
    union.act(number, "ask-hiding", choices={"reason_class": "privacy"}, reason="涉及同事家庭情况。")
    assert union.begin(number, "decide-hiding").status == 403
    chair = desk_of(visit, portal, "union_chair", "启明石化公司")
    chair.act(number, "decide-hiding", choices={"decision": "yes"})
    words = public_words(visit, number)
    assert "某同事的家事" not in words
    assert number in words and "隐私" in words


def test_more_time_is_decided_by_somebody_else_and_told_beside_the_clock(portal, visit):
    number = a_card(visit, portal, "停车棚需要加装充电位")
    union = desk_of(visit, portal, "union_officer", "启明石化公司")
    union.register(number, "HQ")
    handler = desk_of(visit, portal, "handler", "后勤服务部")
    handler.act(number, "ask-extension", days="10", reason="配电扩容需等待动力厂停电窗口。")
    leader = desk_of(visit, portal, "leader", "后勤服务部")
    leader.act(number, "decide-extension", choices={"decision": "yes"})
    words = public_words(visit, number)
    assert "延期" in words and "配电扩容需等待动力厂停电窗口" in words
