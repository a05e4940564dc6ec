"""The congress votes on the result of an assessment; the result as a workbook and as a document."""

import io
import uuid

import docx
import openpyxl
import pytest
from django.urls import reverse
from django.utils import translation

from congress.enums import ItemKind, ItemState, SessionState
from congress.models import PollItem, SessionPoll
from congress.operations.agenda import move_item
from evaluations.models import AssessmentVote
from evaluations.operations.assessment_votes import put_to_congress
from evaluations.queries.assessment_votes import vote_of
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories import ballots
from tests.factories.assessments import AT, DAY, make_assembly, make_assessment, make_house, make_version
from tests.signing import signed_in as sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make_house()


def put(house, one, session, **over):
    plain = {"assessment_id": one.pk, "session_id": session.pk, "key": uuid.uuid4(), "actor": house.keeper, "at": AT}
    return put_to_congress(**{**plain, **over})


def test_a_result_becomes_one_item_to_be_approved_with_its_paper(house):
    session, late = make_assembly(house), make_assembly(house)
    version = make_version(house)
    final, draft = (
        make_assessment(house, state, version=version, year=year) for state, year in (("final", 2026), ("draft", 2025))
    )
    convened = {"session_id": late.pk}
    late.state, late.convened_at = SessionState.CONVENED, AT
    late.save(update_fields=["state", "convened_at"])
    with translation.override("en"):
        for one, over, said in (
            (draft, {}, "draft result with the unit"),
            (final, {"actor": house.chair}, "Only the union that planned"),
            (final, convened, "has gone out"),
            (final, {"session_id": uuid.uuid4()}, "has gone out"),
            (final, {"at": AT + 1000 * DAY}, "has gone out"),
        ):
            with pytest.raises(OperationRefused, match=said):
                put(house, one, session, **over)
    assert not AssessmentVote.objects.exists() and not session.items.exists()
    key = uuid.uuid4()
    # What delegates read is in the enterprise's language, though the officer has chosen English.
    with translation.override("en"):
        vote = put(house, final, session, key=key)
    assert put(house, final, session, key=key) == vote
    [item] = session.items.all()
    assert (vote.item, item.kind, item.state) == (item, ItemKind.APPROVE, ItemState.LISTED)
    assert item.title == "关于质量厂2026年度厂务公开民主管理质量评估结果（90分）的议案"
    paper = item.papers.get()
    assert paper.text.count("<li>") == 8 and "评定得分90分" in paper.text and "依据台账核实1" in paper.text
    facts = Entry.objects.get(verb="assessment.put_to_congress").facts
    assert facts["position"] == 1
    with translation.override("en"), pytest.raises(OperationRefused, match="already: to be voted by the congress"):
        put(house, final, session)


def test_what_the_congress_says_is_the_state_of_the_item(house):
    session = make_assembly(house)
    one = make_assessment(house, "closed")
    vote = put(house, one, session)
    said = {ItemState.LISTED: vote_of(one).state}
    for path in (
        (ItemState.RUNNING, ItemState.TO_VOTE, ItemState.ADOPTED),
        (ItemState.RUNNING, ItemState.TO_VOTE, ItemState.REJECTED),
        (ItemState.RUNNING, ItemState.DEFERRED),
        (ItemState.PUT_OFF,),
        (ItemState.WITHDRAWN,),
    ):
        vote.item.state = ItemState.LISTED
        for state in path:
            move_item(vote.item, state, at=AT)
            said[state] = vote_of(one).state
    assert said == {
        ItemState.LISTED: "ahead",
        ItemState.RUNNING: "ahead",
        ItemState.TO_VOTE: "ahead",
        ItemState.ADOPTED: "approved",
        ItemState.REJECTED: "rejected",
        ItemState.DEFERRED: "not_voted",
        ItemState.PUT_OFF: "not_voted",
        ItemState.WITHDRAWN: "not_voted",
    }
    # Taken off the agenda, the result may be put to the congress again, at a session that is planned.
    again = put(house, one, make_assembly(house))
    assert vote_of(one) == again and AssessmentVote.objects.count() == 2
    again.item.session.state, again.item.session.reason = SessionState.CANCELLED, "改期"
    again.item.session.save(update_fields=["state", "reason"])
    assert vote_of(one).state == "not_voted"


def test_its_pages_say_what_the_congress_said(client, house):
    session = make_assembly(house)
    one = make_assessment(house, "final")
    page, act = (reverse(f"evaluations:{name}", args=[one.pk]) for name in ("assessment", "assessment_put"))
    sign_in(client, house.keeper)
    assert act in client.get(page).content.decode()
    assert client.post(act, {}).status_code == 422
    response = client.post(act, {"session": str(session.pk), "idempotency_key": str(uuid.uuid4())}, follow=True)
    assert response.redirect_chain[-1][0] == page
    text = response.content.decode()
    assert "待职代会评议" in text and reverse("congress:session", args=[session.pk]) in text and act not in text
    assert client.get(act).status_code == 403
    item = vote_of(one).item
    made = ballots.make_poll(ballots.PUBLISHED, voters=1)
    row = SessionPoll.objects.create(session=session, poll=made.poll)
    PollItem.objects.create(session_poll=row, item=item, questions=["q1"])
    for state in (ItemState.RUNNING, ItemState.TO_VOTE, ItemState.ADOPTED):
        move_item(item, state, at=AT)
    sign_in(client, house.worker)
    text = client.get(page).content.decode()
    assert "职代会通过" in text and reverse("ballots:result", args=[made.poll.pk]) in text
    assert "职代会通过" in client.get(reverse("evaluations:assessments")).content.decode()


def test_without_an_open_agenda_the_page_says_so(client, house):
    one = make_assessment(house, "final")
    sign_in(client, house.keeper)
    page = client.get(reverse("evaluations:assessment_put", args=[one.pk])).content.decode()
    assert "没有尚未发出议程的会议" in page and reverse("congress:sessions") in page


def test_a_year_is_a_workbook_and_a_sheet_a_document(client, house):
    session = make_assembly(house)
    one = make_assessment(house, "rectifying")
    put(house, one, session)
    sign_in(client, house.worker)
    response = client.get(reverse("evaluations:assessments_workbook", args=[2026]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response)), read_only=True)
    cells = [[cell for cell in row if cell is not None] for name in book.sheetnames[:2] for row in book[name].values]
    assert ["质量厂", "质量评估表", 90] in [row[:3] for row in cells] and "待职代会评议" in str(cells)
    assert len([row for row in cells if row[:1] == ["质量厂"]]) == 1 + 8
    assert all(
        isinstance(cell, int | float) for row in cells if len(row) == 6 and row[0] == "质量厂" for cell in row[2:5]
    )
    assert client.get(reverse("evaluations:assessments_workbook", args=[2025])).status_code == 404
    response = client.get(reverse("evaluations:assessment_document", args=[one.pk]))
    document = docx.Document(io.BytesIO(b"".join(response)))
    items = document.tables[0].rows
    assert len(items) == 1 + 8 + 1 and items[-1].cells[3].text == "90.0"
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "补齐第1项台账" in text and "待职代会评议" in text and "组长、组员" in text
