"""The pages of the congress: a term from the count to the by-election, what everybody reads, lists of one and three."""

import datetime as dt
import io
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from congress.models import (
    Body,
    Delegation,
    DutyEntry,
    DutyReport,
    ElectingUnit,
    Mandate,
    Observer,
    Term,
    TermExtension,
)
from congress.operations.bodies import invite_observer, set_body, set_delegation
from congress.operations.delegates import confirm_credentials
from congress.operations.duties import open_reports, write_duty
from portal.kernel.days import day_start, local_day
from portal.ledger.models import Entry
from tests.factories.cards import AT
from tests.factories.congress import elect, make_staff, make_term, staff_of_unit
from tests.factories.people import make_unit
from tests.signing import signed_in as sign_in

NOW = AT + dt.timedelta(days=1)
TODAY = local_day(NOW)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


def get(client, name, /, *args, expect=200, **query):
    answer = client.get(reverse(f"congress:{name}", args=args), query)
    assert answer.status_code == expect, answer.content.decode()[:2000]
    return answer.content.decode()


def post(client, name, /, *args, expect=302, **data):
    answer = client.post(reverse(f"congress:{name}", args=args), data)
    assert answer.status_code == expect, answer.content.decode()[:4000]
    return answer


def test_a_term_from_the_count_to_the_duty_report(client, hall):
    assert "尚无职代会" in get(client, "delegates")
    sign_in(client, hall.officer)
    assert "尚无届次" in get(client, "desk")
    fields = {"unit": "ZD", "number": "5", "noun": "workers", "begins_on": "2025-01-01", "years": "5"}
    post(client, "term_new", **fields, region="nowhere", expect=422)
    post(client, "term_new", **fields, region="national")
    post(client, "term_new", **{**fields, "number": "6"}, region="national", expect=409)
    term = Term.objects.get()
    assert "需工会商定的问题" in get(client, "term", term.pk)
    seats = {"decision": "", "leader_percent": "20", "half_is_enough": "0"}
    answer = post(client, "term_seats", term.pk, seats="２９", **seats, expect=403)
    assert "差1名" in answer.content.decode() and "２９" in answer.content.decode()
    post(client, "term_seats", term.pk, seats="30", **{**seats, "decision": "召开代表大会"})
    assert "一车间，职工21人" in get(client, "term_units", term.pk)
    post(client, "term_units", term.pk, units=["ZD", "ZD-1", "ZD-2", "ZD-3"])
    units = list(ElectingUnit.objects.order_by("unit__path"))
    assert "按比例15名" in get(client, "term_allocate", term.pk)
    shares = {f"seats-{one.pk}": n for one, n in zip(units, (2, 15, 9, 5), strict=True)}
    answer = post(client, "term_allocate", term.pk, **shares, expect=403)
    assert "合计31名" in answer.content.decode()
    shares |= {f"seats-{units[3].pk}": 4, f"contact-{units[1].pk}": "工会 301"}
    post(client, "term_allocate", term.pk, **shares)
    get(client, "term_fix", term.pk, expect=403)
    assert "尚无职代会" in get(client, "delegates")
    sign_in(client, hall.branch)
    get(client, "term", term.pk, expect=404)
    sign_in(client, hall.chair)
    page = get(client, "term_fix", term.pk)
    words = page.split('name="words_read" value="')[1].split('"')[0]
    post(client, "term_fix", term.pk, words_read="0" * 64, expect=409)
    post(client, "term_fix", term.pk, words_read=words)

    sign_in(client, hall.branch)  # the shop's union records its own election
    one = units[1]
    assert "待登记候选人" in get(client, "term", term.pk)
    get(client, "electing_unit", units[2].pk, expect=404)
    get(client, "election", one.pk, expect=403)
    people = [person for person in staff_of_unit(one) if person != hall.branch][:3]
    for person in people:
        post(client, "nominate", one.pk, person=person.job_no, category="frontline", gender="")
    post(client, "nominate", one.pk, person=hall.officer.job_no, category="frontline", gender="", expect=403)
    post(client, "nominate", one.pk, person="000", category="frontline", gender="", expect=422)
    third = Mandate.objects.get(person=people[2])
    get(client, "withdraw", third.pk)
    post(client, "withdraw", third.pk)
    rows = list(Mandate.objects.filter(state="candidate").order_by("name"))
    assert "得11票以上当选" in get(client, "election", one.pk)
    vote = {
        "held_on": TODAY.isoformat(),
        "took_part": "13",
        "counters": "监票人甲、复核人乙",
        "idempotency_key": str(uuid.uuid4()),
        f"votes-{rows[0].pk}": "12",
        f"votes-{rows[1].pk}": "10",
    }
    answer = post(client, "election", one.pk, **vote, expect=403)
    assert "差1人：全体职工21人" in answer.content.decode() and "复核人乙" in answer.content.decode()
    post(client, "election", one.pk, **{**vote, f"votes-{rows[0].pk}": ""}, expect=422)
    vote["took_part"] = "14"
    for _turn in range(2):
        post(client, "election", one.pk, **vote)
    assert Entry.objects.filter(verb="election.recorded").count() == 1
    client.logout()
    page = get(client, "formation")
    assert "参加14人" in page and "全体职工过半数：11票" in page and "未当选" in page and "召开代表大会" in page
    page = get(client, "delegates", unit="ZD-1")
    assert rows[0].name in page and rows[1].name not in page and "工会 301" in page and "资格审查中" in page
    assert rows[0].name not in get(client, "delegates", unit="ZD-2", term=str(term.pk))
    get(client, "delegates", term="no-key")
    sign_in(client, hall.officer)
    post(client, "contact", one.pk, contact="车间工会小组 102")
    assert rows[0].name in get(client, "credentials", one.pk)
    post(client, "credentials", one.pk)
    elected = Mandate.objects.get(pk=rows[0].pk)
    page = get(client, "credential_sheet", term.pk)
    assert rows[0].name in page and "苗干事" in page and "12 / 21" in page
    book = client.get(reverse("congress:directory_file", args=[term.pk]))
    cells = [cell for row in load_workbook(io.BytesIO(b"".join(book.streaming_content))).active.values for cell in row]
    assert rows[0].name in cells and "车间工会小组 102" in cells

    post(client, "delegation_new", term.pk, name="第一代表团", units=[one.pk], head=str(elected.pk))
    row = Delegation.objects.get()
    assert "第一代表团" in get(client, "delegation_edit", row.pk)
    post(client, "delegation_edit", row.pk, name="车间代表团", units=[one.pk], head="")
    body = {"name": "提案委员会", "remit": "审查提案", "decided_on": TODAY.isoformat(), "members": [str(elected.pk)]}
    answer = post(client, "presidium", term.pk, **{**body, "name": "主席团"}, expect=403)
    assert "差2人：代表30名" in answer.content.decode()
    post(client, "committee_new", term.pk, **body, chair=str(elected.pk))
    group = Body.objects.get()
    assert "审查提案" in get(client, "committee_edit", group.pk)
    post(client, "committee_edit", group.pk, **{**body, "remit": "审查和督办提案"}, chair="")
    post(client, "observer_new", term.pk, person=hall.stranger.job_no, reason="法律顾问")
    page = get(client, "bodies")
    assert "车间代表团" in page and "审查和督办提案" in page and "法律顾问" in page
    post(client, "observer_end", Observer.objects.get().pk)
    post(client, "observer_end", 10**6, expect=404)

    sign_in(client, elected.person)
    entry = {"on": TODAY.isoformat(), "kind": "inspection", "text": "巡视倒班宿舍", "minutes": "１２０"}
    post(client, "duty_new", elected.pk, **entry, idempotency_key=str(uuid.uuid4()))
    assert "巡视倒班宿舍" in get(client, "mine") and "车间代表团" in get(client, "mine")
    get(client, "duty_new", uuid.uuid4(), expect=404)
    get(client, "desk", expect=403)
    sign_in(client, hall.branch)
    duty = DutyEntry.objects.get()
    assert "巡视倒班宿舍" in get(client, "desk")
    post(client, "duty_decide", duty.pk, verdict="no", answer="", expect=422)
    post(client, "duty_decide", duty.pk, verdict="yes", answer="")
    recall = {**vote, "votes": "10", "idempotency_key": str(uuid.uuid4())}
    assert "赞成11票以上罢免" in get(client, "recall", elected.pk)
    post(client, "recall", elected.pk, **recall)
    for page in (get(client, "electing_unit", one.pk), get(client, "formation")):
        assert "代表资格保留" in page
        assert f"罢免：{elected.name}" in page, "whose recall failed is public too"

    with time_machine.travel(day_start(dt.date(2027, 1, 2)), tick=False):
        open_reports(at=day_start(dt.date(2027, 1, 1)))
        report = DutyReport.objects.get()
        sign_in(client, elected.person, at=day_start(dt.date(2027, 1, 2)))
        assert get(client, "mine").count("2026") >= 1 and "已确认履职" in get(client, "mine")
        get(client, "report", report.pk, expect=404)
        post(client, "report_give", report.pk, text="", expect=422)
        post(client, "report_give", report.pk, text="一年来共巡视六次。")
        assert "一年来共巡视六次" in get(client, "report", report.pk)
        get(client, "report_file", report.pk, expect=404)
        sign_in(client, hall.stranger, at=day_start(dt.date(2027, 1, 2)))
        get(client, "report", report.pk, expect=404)
        sign_in(client, hall.branch, at=day_start(dt.date(2027, 1, 2)))
        rating = {"rated_on": "2027-01-02", "took_part": "18", "good": "15", "fair": "2", "poor": "1"}
        post(client, "report_rate", report.pk, **{**rating, "good": "16"}, expect=403)
        post(client, "report_rate", report.pk, **rating)
        post(client, "resign", elected.pk)
        assert "补选期限" in get(client, "term", term.pk) and elected.name in get(client, "formation")


def test_an_extension_is_decided_by_another(client, hall):
    term = make_term(hall, "fixed")
    sign_in(client, hall.officer)
    post(client, "term_extend", term.pk, until="2031-01-01", reason="改制", expect=422)
    post(client, "term_extend", term.pk, until="2030-06-30", reason="改制未完成")
    extension = TermExtension.objects.get()
    get(client, "extension_decide", extension.pk, expect=403)
    sign_in(client, hall.stranger)
    get(client, "extension_decide", extension.pk, expect=404)
    sign_in(client, hall.chair)
    assert "改制未完成" in get(client, "term", term.pk)
    assert "改制未完成" in get(client, "extension_decide", extension.pk)
    post(client, "extension_decide", extension.pk, verdict="yes", answer="")
    assert "已延长一次" in get(client, "formation")


def test_ways_on_lead_to_the_page(client, hall):
    term = make_term(hall)
    mandate = term.mandates.filter(person=hall.branch).first() or term.mandates.order_by("seat").first()
    open_reports(at=day_start(dt.date(2027, 1, 1)))
    report = DutyReport.objects.get(mandate=mandate)

    def way(kind, key):
        answer = client.get(reverse("congress:go", args=[kind, key]))
        return answer.url if answer.status_code == 302 else answer.status_code

    public = f"{reverse('congress:formation')}?term={term.pk}"
    assert [way("term", term.pk), way("mandate", mandate.pk), way("dutyreport", report.pk)] == [public] * 3
    for kind in ("term", "mandate", "dutyreport", "other"):
        assert way(kind, uuid.uuid4()) == 404
    sign_in(client, hall.chair)
    assert way("term", term.pk) == reverse("congress:term", args=[term.pk])
    assert way("mandate", mandate.pk) == reverse("congress:electing_unit", args=[mandate.electing_unit_id])
    sign_in(client, mandate.person)
    assert way("mandate", mandate.pk) == reverse("congress:mine")
    assert way("dutyreport", report.pk) == reverse("congress:report_give", args=[report.pk])


def test_pages_ask_as_often_for_three_as_for_one(client, hall):
    """Delegates, electing units, terms, duties, reports: one row and three cost the same."""
    units = [make_unit(hall.works, code=f"ZD-{n}") for n in (7, 8)]
    for unit in units:
        make_staff(unit, 3)
    term = make_term(hall, "fixed", units=[hall.works, hall.shops[0], hall.shops[1], hall.shops[2], *units])
    rows = list(ElectingUnit.objects.select_related("unit", "term").order_by("unit__path"))

    def cost(*addresses):
        found = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert client.get(address).status_code == 200
            found.append(len(caught))
        return found

    def walk(one):
        meeting = elect(one, hall, count=1)
        mandate = meeting.mandates.get()
        confirm_credentials(electing_unit_id=one.pk, actor=hall.chair, at=AT)
        act = {"term_id": term.pk, "actor": hall.officer, "at": AT}
        set_delegation(name=one.unit.code, electing_units=[one], **act)
        body = {"kind": "committee", "name": one.unit.code, "remit": "", "decided_on": TODAY, "members": [mandate]}
        mandate.refresh_from_db()
        set_body(**body, **act)
        invite_observer(person=staff_of_unit(one)[-1], reason="x", **act)
        write_duty(
            mandate_id=mandate.pk,
            on=local_day(AT),
            kind="other",
            text="x",
            minutes=5,
            idempotency_key=uuid.uuid4(),
            actor=mandate.person,
            at=AT,
        )
        return mandate

    one = rows[1]
    first = walk(one)
    addresses = [reverse(f"congress:{name}") for name in ("delegates", "formation", "bodies", "desk")]
    addresses += [
        reverse("congress:term", args=[term.pk]),
        reverse("congress:credential_sheet", args=[term.pk]),
        reverse("congress:electing_unit", args=[one.pk]),
    ]
    sign_in(client, hall.chair)
    client.get(addresses[3])
    before = cost(*addresses)
    walk(rows[2])
    walk(rows[3])
    elect(one, hall, count=2)
    assert cost(*addresses) == before
    assert max(before) <= 32, before
    sign_in(client, first.person)
    client.get(reverse("congress:mine"))
    mine = cost(reverse("congress:mine"))
    for _turn in range(2):
        write_duty(
            mandate_id=first.pk,
            on=local_day(AT),
            kind="other",
            text="x",
            minutes=5,
            idempotency_key=uuid.uuid4(),
            actor=first.person,
            at=AT,
        )
    assert cost(reverse("congress:mine")) == mine
