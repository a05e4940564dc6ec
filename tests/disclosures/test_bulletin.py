"""The bulletin: one click delivers what is ticked, numbers without gap, frozen words, sight that wins over print."""

import datetime as dt

import pytest

from disclosures import operations as does
from disclosures.enums import BULLETIN_TRANSITIONS, BulletinState, EntryKind
from disclosures.enums import PublicationState as S
from disclosures.models import BulletinEntry, BulletinIssue, Publication
from disclosures.operations.bulletin import _move
from disclosures.printed import fingerprint_of_issue, frozen_words, printed_parts
from disclosures.queries import figures_of, publications_offered, replies_offered
from feedback import operations as answers
from feedback.enums import IdentityMode, InquiryKind, InquiryState
from feedback.models import Delivery
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories import cards
from tests.factories.bulletin import AT, fresh, make_head, make_issue, reply_of
from tests.factories.cards import make_inquiry, make_plant
from tests.factories.disclosures import make_offices, make_publication
from tests.faults.stage import in_parallel
from tests.services import both_engines

B = BulletinState
I = InquiryState  # noqa: E741 -- as short as the other states
DAY = dt.timedelta(days=1)


@pytest.fixture
def plant(db):
    return make_plant()


def approved(plant, **over):
    return make_inquiry(plant, state=I.APPROVED, **over)


def entries(issue):
    return [entry for part in printed_parts(issue) for entry in part.entries]


# The machine --------------------------------------------------------------------------------------------------


def test_every_state_has_a_row():
    assert set(BULLETIN_TRANSITIONS) == set(B)
    assert {target for targets in BULLETIN_TRANSITIONS.values() for target in targets} <= set(B)


@pytest.mark.parametrize("source", list(B))
@pytest.mark.parametrize("target", list(B))
def test_moves_are_those_of_the_table(source, target, monkeypatch):
    issue, saved = BulletinIssue(state=source), []
    monkeypatch.setattr(BulletinIssue, "save", lambda self, **kwargs: saved.append(self.state))
    if target in BULLETIN_TRANSITIONS[source]:
        _move(issue, target)
        assert (issue.state, saved) == (target, [target])
    else:
        with pytest.raises(IllegalTransition):
            _move(issue, target)
        assert (issue.state, saved) == (source, [])


# Delivery -----------------------------------------------------------------------------------------------------


def test_issuing_delivers_exactly_the_ticked_waiting_answers(plant):
    ticked, left, told = approved(plant), approved(plant), make_inquiry(plant, state=I.ANSWERED)
    issue = make_issue(plant, replies=[reply_of(ticked), reply_of(told)])
    assert [cards.fresh(one).state for one in (ticked, left, told)] == [I.ANSWERED, I.APPROVED, I.ANSWERED]
    delivery = Delivery.objects.get(reply=reply_of(ticked))
    assert (delivery.channel, delivery.bulletin_no, delivery.place) == (
        "union_bulletin",
        "《工会工作信息》2026年第1期",
        "启明石化公司",
    )
    assert delivery.delivered_on == dt.date(2026, 3, 9)
    assert Delivery.objects.get(reply=reply_of(told)).channel == "portal"
    printed = {row.reply_id: row.has_delivered for row in issue.entries.all() if row.reply_id}
    assert printed == {reply_of(ticked).pk: True, reply_of(told).pk: False}
    facts = Entry.objects.get(verb="bulletin.issued").facts
    assert (facts["delivered"], facts["entries"], facts["number"], facts["total"]) == (1, 3, "2026-1", 1)


@pytest.mark.parametrize(
    ("away", "in_time"), [(-dt.timedelta(microseconds=1), True), (dt.timedelta(), False), (3 * DAY, False)]
)
def test_a_promise_is_kept_in_time_or_late_as_the_clock_says(plant, away, in_time):
    card = approved(plant)
    moment = cards.fresh(card).promise.due_at + away
    issue = make_issue(plant, B.SUBMITTED, replies=[reply_of(card)])
    does.issue_bulletin(issue_id=issue.pk, actor=plant.chair, at=moment)
    card = cards.fresh(card)
    assert (card.state, card.was_in_time, card.promise.met_at) == (I.ANSWERED, in_time, moment)


def test_an_answer_that_was_told_meanwhile_is_printed_and_not_delivered_twice(plant):
    card = approved(plant)
    issue = make_issue(plant, B.SUBMITTED, replies=[reply_of(card)])
    cards.deliver(card, plant=plant)
    does.issue_bulletin(issue_id=issue.pk, actor=plant.chair, at=AT)
    assert Delivery.objects.get(reply=reply_of(card)).channel == "portal"
    assert [row.has_delivered for row in fresh(issue).entries.all()] == [False, False]


def test_an_answer_that_may_no_longer_be_printed_stops_the_issue_and_nothing_is_delivered(plant, english):
    hidden, other = approved(plant), approved(plant)
    issue = make_issue(plant, B.SUBMITTED, replies=[reply_of(hidden), reply_of(other)])
    cards.hide(hidden, plant=plant)
    with pytest.raises(OperationRefused, match=hidden.number):
        does.issue_bulletin(issue_id=issue.pk, actor=plant.chair, at=AT)
    assert not Delivery.objects.exists()
    assert (fresh(issue).state, fresh(issue).serial) == (B.SUBMITTED, None)
    does.send_back_issue(issue_id=issue.pk, note_text="请撤下隐去的一条", actor=plant.chair, at=AT)
    gone = BulletinEntry.objects.get(reply=reply_of(hidden))
    does.remove_entry(issue_id=issue.pk, entry_id=gone.pk, actor=plant.officer, at=AT)
    does.submit_issue(issue_id=issue.pk, actor=plant.officer, at=AT)
    assert does.issue_bulletin(issue_id=issue.pk, actor=plant.chair, at=AT).number == "2026-1"


# What is offered ----------------------------------------------------------------------------------------------


def test_only_public_answers_of_people_who_gave_their_name_are_offered(plant):
    plain = approved(plant)
    secret = approved(plant, identity_mode=IdentityMode.CONFIDENTIAL)
    unnamed = approved(plant, identity_mode=IdentityMode.ANONYMOUS)
    report = make_inquiry(plant, state=I.APPROVED, kind=InquiryKind.RETALIATION)
    hidden, closed = approved(plant), approved(plant)
    cards.hide(hidden, plant=plant)
    type(closed).objects.filter(pk=closed.pk).update(is_published=False)
    told = make_inquiry(plant, state=I.ANSWERED)
    issue = make_issue(plant, B.DRAFT)
    waiting, answered = replies_offered(issue)
    assert {row.inquiry_id for row in waiting} == {plain.pk, secret.pk}
    assert [row.inquiry_id for row in answered] == [told.pk]
    everything = [reply_of(one).pk for one in (unnamed, report, hidden, closed)]
    added = does.choose_entries(
        issue_id=issue.pk, replies=everything, publications=[], with_figures=False, actor=plant.officer, at=AT
    )
    assert (added, fresh(issue).entries.count()) == (0, 1)


def test_what_stands_in_an_issued_one_is_not_offered_again(plant):
    told = make_inquiry(plant, state=I.ANSWERED)
    make_issue(plant, replies=[reply_of(told)])
    assert list(replies_offered(make_issue(plant, B.DRAFT))[1]) == []


def test_of_a_card_answered_twice_the_last_answer_is_offered(plant):
    card = make_inquiry(plant, state=I.ANSWERED)
    first = reply_of(card)
    cards.rate(card, plant=plant, level=2)
    for act in (cards.draft, cards.approve, cards.deliver):
        act(card, plant=plant)
    last = card.replies.exclude(pk=first.pk).get()
    issue = make_issue(plant, B.DRAFT)
    assert list(replies_offered(issue)[1]) == [last]
    make_issue(plant, replies=[last])
    assert list(replies_offered(issue)[1]) == []


def test_the_union_of_a_works_prints_what_concerns_the_works_only(plant):
    own = approved(plant)
    other = approved(plant, unit=plant.safety)
    issue = make_issue(plant, B.DRAFT, unit=plant.works)
    assert [row.inquiry_id for row in replies_offered(issue)[0]] == [own.pk]
    assert other.pk not in [row.inquiry_id for row in replies_offered(issue)[0]]


def test_withdrawn_and_limited_texts_are_not_offered(plant):
    offices = make_offices()
    shown = make_publication(offices)
    make_publication(offices, S.WITHDRAWN)
    make_publication(offices, audience="unit")
    make_publication(offices, S.GROUP)
    assert list(publications_offered(make_issue(plant, B.DRAFT), AT)) == [shown]


# Who ----------------------------------------------------------------------------------------------------------


def test_nobody_issues_what_they_compiled_or_handed_over(plant, english):
    issue = does.draft_issue(draft=make_head(plant), actor=plant.chair, at=AT)
    does.write_text(issue_id=issue.pk, entry_id=None, heading="动态", text="<p>内容</p>", actor=plant.chair, at=AT)
    does.submit_issue(issue_id=issue.pk, actor=plant.officer, at=AT)
    with pytest.raises(OperationRefused, match="yourself"):
        does.issue_bulletin(issue_id=issue.pk, actor=plant.chair, at=AT)
    with pytest.raises(OperationRefused, match="Only the union chair"):
        does.issue_bulletin(issue_id=issue.pk, actor=plant.officer2, at=AT)
    assert not Entry.objects.filter(verb="bulletin.issued").exists()
    handed = make_issue(plant, B.DRAFT)
    does.submit_issue(issue_id=handed.pk, actor=plant.chair, at=AT)
    with pytest.raises(OperationRefused, match="yourself"):
        does.issue_bulletin(issue_id=handed.pk, actor=plant.chair, at=AT)
    does.send_back_issue(issue_id=handed.pk, note_text="", actor=plant.chair, at=AT)  # taken back
    does.submit_issue(issue_id=handed.pk, actor=plant.officer, at=AT)
    assert does.issue_bulletin(issue_id=handed.pk, actor=plant.chair, at=AT).serial == 1


def test_only_the_union_compiles_and_an_empty_one_goes_nowhere(plant, english):
    with pytest.raises(OperationRefused, match="union"):
        does.draft_issue(draft=make_head(plant), actor=plant.head, at=AT)
    assert not BulletinIssue.objects.exists()
    issue = make_issue(plant, B.DRAFT, text=False)
    with pytest.raises(OperationRefused, match="nothing"):
        does.submit_issue(issue_id=issue.pk, actor=plant.officer, at=AT)
    with pytest.raises(OperationRefused, match="what must be changed"):
        waiting = make_issue(plant, B.SUBMITTED)
        does.send_back_issue(issue_id=waiting.pk, note_text="", actor=plant.chair, at=AT)


def test_the_same_form_begins_one_issue(plant):
    head = make_head(plant)
    first, second = (does.draft_issue(draft=head, actor=plant.officer, at=AT) for _n in range(2))
    assert first.pk == second.pk
    assert Entry.objects.filter(verb="bulletin.drafted").count() == 1


def test_an_issued_one_never_changes(plant, english):
    issue = make_issue(plant)
    with pytest.raises(OperationRefused, match="later one"):
        does.edit_issue(issue_id=issue.pk, draft=make_head(plant, title="改"), actor=plant.officer, at=AT)
    for act in (does.discard_issue, does.submit_issue):
        with pytest.raises(OperationRefused):
            act(issue_id=issue.pk, actor=plant.officer, at=AT)
    with pytest.raises(OperationRefused):
        does.issue_bulletin(issue_id=issue.pk, actor=plant.chair, at=AT)
    assert fresh(issue).title == "三月份信息卡答复专刊"


# Numbers and order --------------------------------------------------------------------------------------------


def test_numbers_count_by_unit_and_year_and_in_all(plant):
    late = dt.datetime(2026, 12, 31, 8, tzinfo=dt.UTC)
    assert make_issue(plant, at=late).number == "2026-1"
    make_issue(plant, B.DISCARDED, at=late)
    make_issue(plant, B.SUBMITTED, at=late)
    assert make_issue(plant, at=late).number == "2026-2"
    other = make_issue(plant, at=late, unit=plant.works)
    assert (other.number, other.total) == ("2026-1", 1)
    following = make_issue(plant, at=late + DAY)
    assert (following.number, following.total) == ("2027-1", 3)


def test_parts_change_places_and_stay_in_order(plant):
    issue = make_issue(plant, B.DRAFT, replies=[reply_of(make_inquiry(plant, state=I.ANSWERED))], with_figures=True)
    rows = list(issue.entries.all())
    kinds = [EntryKind.REPLY, EntryKind.FIGURES, EntryKind.TEXT]
    assert [row.kind for row in rows] == kinds

    def move(row, step):
        does.move_entry(issue_id=issue.pk, entry_id=row.pk, step=step, actor=plant.officer, at=AT)
        return [entry.kind for entry in fresh(issue).entries.all()]

    assert move(rows[2], -1) == [kinds[0], kinds[2], kinds[1]]
    assert move(rows[2], -1) == [kinds[2], kinds[0], kinds[1]]
    assert move(rows[2], -1) == [kinds[2], kinds[0], kinds[1]]  # already the first
    assert move(rows[0], 1) == [kinds[2], kinds[1], kinds[0]]


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_two_clicks_at_once_make_one_issue(engine, transactional_db):
    plant = make_plant()
    card = approved(plant)
    issue = make_issue(plant, B.SUBMITTED, replies=[reply_of(card)])
    other = make_issue(plant, B.SUBMITTED)

    def press(pk):
        try:
            does.issue_bulletin(issue_id=pk, actor=plant.chair, at=AT)
        except OperationRefused:
            return "refused"
        return "issued"

    found = in_parallel(4, [issue.pk] * 4 + [other.pk] * 2, press)
    assert sorted(found) == ["issued"] * 2 + ["refused"] * 4
    assert {fresh(one).serial for one in (issue, other)} == {1, 2}
    assert Delivery.objects.filter(reply=reply_of(card)).count() == 1
    assert Entry.objects.filter(verb="bulletin.issued").count() == 2


# What is read afterwards --------------------------------------------------------------------------------------


def test_words_are_frozen_and_fit_their_fingerprint(plant):
    card = make_inquiry(plant, state=I.ANSWERED)
    issue = make_issue(plant, replies=[reply_of(card)], with_figures=True)
    again = fingerprint_of_issue(issue, [frozen_words(entry) for entry in issue.entries.all()])
    assert again == issue.fingerprint == Entry.objects.get(verb="bulletin.issued").facts["sha256"]
    reply = entries(issue)[0]
    assert (reply.heading, reply.text) == ("夜班吃不上热饭", cards.REPLY_TEXT)
    figures = next(entry for entry in issue.entries.all() if entry.kind == EntryKind.FIGURES)
    make_inquiry(plant, state=I.REGISTERED)
    assert figures_of(plant.company, issue.since, issue.until, AT)["received"] == figures.values["received"] + 1
    assert fresh(issue).entries.get(kind="figures").values == figures.values


def test_a_card_hidden_later_is_not_read_in_print_any_more(plant):
    card = make_inquiry(plant, state=I.ANSWERED)
    issue = make_issue(plant, replies=[reply_of(card)])
    cards.hide(card, plant=plant)
    issue = fresh(issue)
    shown = entries(issue)[0]
    assert (shown.is_removed, shown.heading, shown.text, shown.question) == (True, "", "", "")
    frozen = issue.entries.all()[0]
    assert frozen.text == cards.REPLY_TEXT  # what was issued is kept, and still fits its fingerprint
    assert fingerprint_of_issue(issue, [frozen_words(entry) for entry in issue.entries.all()]) == issue.fingerprint


def test_words_taken_out_later_win_over_print(plant):
    card = make_inquiry(plant, state=I.ANSWERED)
    issue = make_issue(plant, replies=[reply_of(card)])
    texts = {"public_subject": "夜班就餐", "public_body": "（已按规定隐去）", "public_suggestion": ""}
    answers.redact_inquiry(inquiry_id=card.pk, texts=texts, reason="privacy", actor=plant.officer, at=AT)
    shown = entries(fresh(issue))[0]
    assert (shown.heading, shown.question, shown.text) == ("夜班就餐", "（已按规定隐去）", cards.REPLY_TEXT)
    assert shown.remark
    assert fresh(issue).entries.all()[0].heading == "夜班吃不上热饭"


def test_withdrawn_corrected_and_masked_texts_win_over_print(plant):
    offices = make_offices()
    gone, corrected = make_publication(offices), make_publication(offices)
    notice = make_publication(offices, item="C07", title="张三通过评审", body="张三通过。", at=AT - 40 * DAY)
    does.close_notices(at=AT)
    issue = make_issue(plant, publications=[gone, corrected, notice], since=dt.date(2026, 1, 1))
    assert [row.kind for row in issue.entries.all()] == ["publication", "publication", "notice", "text"]
    does.ask_withdrawal(publication_id=gone.pk, reason_code="wrong", reason="金额有误", actor=offices.handler, at=AT)
    does.decide_withdrawal(publication_id=gone.pk, is_granted=True, answer="", actor=offices.leader2, at=AT)
    does.ask_correction(
        publication_id=corrected.pk, title="更正", body="更正后", note_text="笔误", actor=offices.handler, at=AT
    )
    does.decide_correction(publication_id=corrected.pk, is_granted=True, answer="", actor=offices.leader2, at=AT)
    does.mask_publication(publication_id=notice.pk, title="张*通过评审", body="张*通过。", actor=offices.handler, at=AT)
    shown = {entry.number: entry for entry in entries(fresh(issue))}
    assert shown[gone.number].is_removed and not shown[gone.number].heading
    assert shown[corrected.number].heading == corrected.title and shown[corrected.number].remark
    assert (shown[notice.number].heading, shown[notice.number].text) == ("张*通过评审", "张*通过。")


def test_a_text_withdrawn_before_issuing_stops_the_issue(plant, english):
    offices = make_offices()
    text = make_publication(offices)
    issue = make_issue(plant, B.SUBMITTED, publications=[text])
    does.ask_withdrawal(publication_id=text.pk, reason_code="wrong", reason="金额有误", actor=offices.handler, at=AT)
    does.decide_withdrawal(publication_id=text.pk, is_granted=True, answer="", actor=offices.leader2, at=AT)
    with pytest.raises(OperationRefused, match=text.number):
        does.issue_bulletin(issue_id=issue.pk, actor=plant.chair, at=AT)


def test_the_summary_of_the_month_is_begun_once_and_meets_its_duty(plant, english):
    from tests.factories.disclosures import make_assignment

    offices = make_offices()
    make_assignment(offices, "F02", unit=plant.company, since=dt.date(2026, 2, 1))
    does.open_duties(at=AT)
    issue = make_issue(plant, replies=[reply_of(make_inquiry(plant, state=I.ANSWERED))])
    duty = does.summary_duty(issue, AT)
    assert (duty.item.code, duty.starts_on) == ("F02", dt.date(2026, 2, 1))
    act = {"title": "答复汇总", "body": "<p>见《工会工作信息》。</p>", "actor": plant.officer, "at": AT}
    text = does.draft_summary(issue_id=issue.pk, **act)
    assert (text.duty_id, text.state, text.unit) == (duty.pk, S.DRAFT, plant.company)
    assert does.summary_duty(issue, AT) is None
    with pytest.raises(OperationRefused, match="No card summary"):
        does.draft_summary(issue_id=issue.pk, **act)
    assert Publication.objects.count() == 1


def test_one_issue_holds_so_many_parts_and_no_more(plant, english, monkeypatch):
    monkeypatch.setattr("disclosures.operations.bulletin.MAX_ENTRIES", 1)
    issue = make_issue(plant, B.DRAFT)
    with pytest.raises(OperationRefused, match="at most 1"):
        does.write_text(issue_id=issue.pk, entry_id=None, heading="二", text="x", actor=plant.officer, at=AT)
    assert fresh(issue).entries.count() == 1
