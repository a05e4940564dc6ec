"""The chain from draft to display: who signs what, nobody their own, nothing skipped, nothing edited afterwards."""

import datetime as dt

import pytest

from disclosures import operations as does
from disclosures.enums import PublicationState as S
from disclosures.models import Approval, Publication, Version
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories.disclosures import AT, fresh, item_of, make_assignment, make_draft, make_publication, sign_all

pytestmark = pytest.mark.usefixtures("english")

DAY = dt.timedelta(days=1)


def verbs(publication):
    return list(
        Entry.objects.filter(subject=f"disclosures.publication:{publication.pk}")
        .order_by("at", "pk")
        .values_list("verb", flat=True)
    )


def test_draft_to_display_takes_every_signature_once(offices):
    text = make_publication(offices, S.PUBLISHED, item="C01")
    assert text.state == S.PUBLISHED
    assert [(a.step, a.by_id) for a in Approval.objects.filter(publication=text).order_by("pk")] == [
        ("head", offices.head.pk),
        ("secrecy", offices.secrecy.pk),
        ("union", offices.union_chair.pk),
        ("group", offices.leader.pk),
    ]
    assert (text.number, text.publish_at, text.shown_until) == ("2026-0001", AT, dt.date(2026, 3, 23))
    version = Version.objects.get(publication=text)
    assert (version.number, version.title, version.approved_by_id) == (1, text.title, offices.leader.pk)
    assert sorted(verbs(text)) == sorted(
        [
            "publication.drafted",
            "publication.submitted",
            *["publication.signed"] * 4,
            "publication.approved",
            "publication.published",
        ]
    )


def test_personnel_needs_both_opinions_in_any_order(offices):
    text = make_publication(offices, S.OPINION, item="E01")
    does.sign_publication(publication_id=text.pk, step="discipline", note_text="", actor=offices.inspector, at=AT)
    assert fresh(text).state == S.OPINION
    does.sign_publication(publication_id=text.pk, step="union", note_text="", actor=offices.union_chair, at=AT)
    assert fresh(text).state == S.GROUP


def test_an_item_without_opinions_goes_straight_to_the_group(offices):
    text = make_publication(offices, S.SECRECY, item="D01")
    does.sign_publication(publication_id=text.pk, step="secrecy", note_text="", actor=offices.secrecy, at=AT)
    assert fresh(text).state == S.GROUP


def test_nobody_approves_what_they_wrote(offices):
    text = make_publication(offices, S.HEAD, actor=offices.head)
    with pytest.raises(OperationRefused, match="wrote this text"):
        does.sign_publication(publication_id=text.pk, step="head", note_text="", actor=offices.head, at=AT)
    does.sign_publication(publication_id=text.pk, step="head", note_text="", actor=offices.leader, at=AT)
    with pytest.raises(OperationRefused):
        # Who signed as head does not sign as leading group.
        sign_all(offices, text)
    assert fresh(text).state == S.GROUP


def test_nobody_approves_what_they_have_changed(offices):
    text = make_publication(offices, S.DRAFT)
    does.edit_draft(publication_id=text.pk, draft=make_draft(offices, title="科长改过的"), actor=offices.head, at=AT)
    does.submit_publication(publication_id=text.pk, actor=offices.handler, at=AT)
    with pytest.raises(OperationRefused, match="wrote this text"):
        does.sign_publication(publication_id=text.pk, step="head", note_text="", actor=offices.head, at=AT)
    does.sign_publication(publication_id=text.pk, step="head", note_text="", actor=offices.leader, at=AT)


def test_two_who_change_a_draft_at_once_lose_nothing(offices):
    text = make_publication(offices, S.DRAFT)
    read = does.draft_print(text)
    change = {"publication_id": text.pk, "read": read, "at": AT}
    does.edit_draft(draft=make_draft(offices, title="科长改过的"), actor=offices.head, **change)
    with pytest.raises(Conflict, match="read it again"):
        does.edit_draft(draft=make_draft(offices, title="经办人改过的"), actor=offices.handler, **change)
    assert fresh(text).title == "科长改过的"


def test_an_office_that_has_ended_signs_nothing(offices):
    text = make_publication(offices, S.SECRECY)
    offices.secrecy.appointments.update(until=AT - DAY)
    with pytest.raises(OperationRefused, match="another office"):
        does.sign_publication(publication_id=text.pk, step="secrecy", note_text="", actor=offices.secrecy, at=AT)
    assert Approval.objects.filter(publication=text, step="secrecy").count() == 0


def test_a_second_signature_for_the_same_step_is_refused(offices):
    text = make_publication(offices, S.HEAD)
    does.sign_publication(publication_id=text.pk, step="head", note_text="", actor=offices.head, at=AT)
    with pytest.raises(OperationRefused, match="not wanted now"):
        does.sign_publication(publication_id=text.pk, step="head", note_text="", actor=offices.leader, at=AT)
    assert Approval.objects.filter(publication=text).count() == 1


def test_sending_back_needs_words_and_begins_the_chain_anew(offices):
    text = make_publication(offices, S.GROUP)
    with pytest.raises(OperationRefused, match="must be changed"):
        does.send_back(publication_id=text.pk, step="group", note_text="", actor=offices.leader, at=AT)
    does.send_back(publication_id=text.pk, step="group", note_text="缺附表", actor=offices.leader, at=AT)
    text = fresh(text)
    assert (text.state, text.round) == (S.DRAFT, 2)
    does.submit_publication(publication_id=text.pk, actor=offices.handler, at=AT)
    text = sign_all(offices, text)
    assert (text.state, Approval.objects.filter(publication=text).count()) == (S.PUBLISHED, 8)


def test_vital_interest_demands_the_process(offices):
    text = make_publication(offices, S.DRAFT, item="C01", method="")
    with pytest.raises(OperationRefused, match="how it came about"):
        does.submit_publication(publication_id=text.pk, actor=offices.handler, at=AT)
    does.edit_draft(publication_id=text.pk, draft=make_draft(offices, "C01"), actor=offices.handler, at=AT)
    does.submit_publication(publication_id=text.pk, actor=offices.handler, at=AT)
    assert fresh(text).state == S.HEAD


def test_a_notice_item_demands_its_terms(offices):
    text = make_publication(offices, S.DRAFT, item="C07", notice=None)
    with pytest.raises(OperationRefused, match="public notice"):
        does.submit_publication(publication_id=text.pk, actor=offices.handler, at=AT)


def test_what_is_handed_on_cannot_be_changed(offices):
    text = make_publication(offices, S.HEAD)
    with pytest.raises(OperationRefused, match="Only a draft"):
        does.edit_draft(publication_id=text.pk, draft=make_draft(offices), actor=offices.handler, at=AT)
    with pytest.raises(OperationRefused):
        does.submit_publication(publication_id=text.pk, actor=offices.handler, at=AT)


def test_display_is_never_shorter_than_the_rule(offices):
    with pytest.raises(OperationRefused, match="at least 15 days"):
        does.draft_publication(draft=make_draft(offices, display_days=14), actor=offices.handler, at=AT)
    assert Publication.objects.count() == 0


def test_pressing_twice_makes_one_draft(offices):
    draft = make_draft(offices)
    first = does.draft_publication(draft=draft, actor=offices.handler, at=AT)
    assert does.draft_publication(draft=draft, actor=offices.handler, at=AT) == first
    assert Publication.objects.count() == 1


def test_strangers_neither_draft_nor_submit(offices):
    with pytest.raises(OperationRefused):
        does.draft_publication(draft=make_draft(offices), actor=offices.other_handler, at=AT)
    text = make_publication(offices, S.DRAFT)
    with pytest.raises(OperationRefused):
        does.submit_publication(publication_id=text.pk, actor=offices.other_handler, at=AT)


@pytest.mark.parametrize(
    ("offset", "is_seen"), [(-dt.timedelta(microseconds=1), False), (dt.timedelta(), True), (3 * DAY, True)]
)
def test_a_scheduled_text_appears_by_the_clock_and_not_by_celery(offices, offset, is_seen):
    moment = AT + 2 * DAY
    text = make_publication(offices, S.SCHEDULED, wanted_at=moment)
    assert text.state == S.SCHEDULED
    at = moment + offset
    assert list(Publication.objects.appeared(at)) == ([text] if is_seen else [])
    assert does.publish_due(at=at) == int(is_seen)
    assert does.publish_due(at=at) == 0
    entry = Entry.objects.filter(verb="publication.published").first()
    assert (entry.at if entry else None) == (moment if is_seen else None)


def test_forcing_publishes_flags_and_starts_the_clock_of_approval(offices):
    text = make_publication(offices, S.SECRECY)
    does.force_publication(publication_id=text.pk, reason="事故情况须立即告知", actor=offices.leader2, at=AT)
    text = fresh(text)
    assert (text.state, text.is_forced, text.forced_by_id) == (S.PUBLISHED, True, offices.leader2.pk)
    from portal.deadlines.queries import promises_of

    promise = promises_of(f"disclosures.publication:{text.pk}").get()
    assert (promise.kind, promise.due_on, promise.met_at) == ("publication.ratify", dt.date(2026, 3, 16), None)
    with pytest.raises(OperationRefused, match="does not approve"):
        does.ratify_publication(
            publication_id=text.pk, is_granted=True, note_text="", actor=offices.leader2, at=AT + DAY
        )
    does.ratify_publication(publication_id=text.pk, is_granted=True, note_text="", actor=offices.leader, at=AT + DAY)
    promise.refresh_from_db()
    assert promise.met_at == AT + DAY


def test_nothing_is_forced_without_what_its_item_demands(offices):
    text = make_publication(offices, S.DRAFT, objections_heard="")
    with pytest.raises(OperationRefused, match="vital interest"):
        does.force_publication(publication_id=text.pk, reason="急", actor=offices.union_chair, at=AT)
    assert (fresh(text).is_forced, fresh(text).serial) == (False, None)
    does.edit_draft(publication_id=text.pk, draft=make_draft(offices), actor=offices.handler, at=AT)
    does.force_publication(publication_id=text.pk, reason="急", actor=offices.union_chair, at=AT)
    assert fresh(text).state == S.PUBLISHED


def test_who_wrote_it_does_not_force_it(offices):
    text = make_publication(offices, S.DRAFT, actor=offices.union_chair)
    with pytest.raises(OperationRefused, match="wrote this text"):
        does.force_publication(publication_id=text.pk, reason="急", actor=offices.union_chair, at=AT)


def test_numbers_have_no_gap_and_drafts_have_none(offices):
    texts = [make_publication(offices, S.PUBLISHED) for _n in range(2)]
    make_publication(offices, S.DRAFT)
    make_publication(offices, S.DISCARDED)
    texts.append(make_publication(offices, S.PUBLISHED))
    assert [text.number for text in texts] == ["2026-0001", "2026-0002", "2026-0003"]
    assert Publication.objects.filter(serial__isnull=True).count() == 2


@pytest.mark.parametrize(
    ("day", "is_shown"), [(dt.date(2026, 3, 23), True), (dt.date(2026, 3, 24), False), (dt.date(2026, 3, 27), False)]
)
def test_display_ends_after_its_last_day(offices, day, is_shown):
    text = make_publication(offices, S.PUBLISHED)
    at = dt.datetime.combine(day, dt.time(16), tzinfo=dt.UTC) - dt.timedelta(hours=12)
    assert text.shown_until == dt.date(2026, 3, 23)
    assert list(Publication.objects.on_show(at, day)) == ([text] if is_shown else [])
    assert does.expire_due(at=at) == int(not is_shown)
    assert fresh(text).state == (S.PUBLISHED if is_shown else S.EXPIRED)


def test_publication_meets_its_duty_at_the_moment_it_appears(offices):
    make_assignment(offices, "C01")
    does.open_duties(at=AT)
    from disclosures.models import Duty

    duty = Duty.objects.get(starts_on=dt.date(2026, 2, 1))
    moment = AT + DAY
    text = make_publication(offices, S.SCHEDULED, wanted_at=moment, duty=duty)
    duty.promise.refresh_from_db()
    assert duty.promise.met_at is None
    does.publish_due(at=moment + 3 * DAY)
    duty.promise.refresh_from_db()
    assert (duty.promise.met_at, fresh(text).state) == (moment, S.PUBLISHED)


def test_a_duty_of_another_unit_is_refused(offices):
    make_assignment(offices, "C01", unit=offices.other)
    does.open_duties(at=AT)
    from disclosures.models import Duty

    with pytest.raises(OperationRefused, match="another item or unit"):
        does.draft_publication(draft=make_draft(offices, duty=Duty.objects.first()), actor=offices.handler, at=AT)


def test_handing_on_twice_moves_once(offices):
    text = make_publication(offices, S.HEAD)
    with pytest.raises((OperationRefused, IllegalTransition)):
        does.submit_publication(publication_id=text.pk, actor=offices.handler, at=AT)
    assert verbs(text).count("publication.submitted") == 1


def test_items_keep_what_they_were(offices):
    item = item_of("D01")
    does.edit_item(
        item_id=item.pk, seen_version=1, values={"legal_basis": "新依据"}, reason="修订", actor=offices.officer, at=AT
    )
    item.refresh_from_db()
    assert [v.values["legal_basis"] for v in item.versions.all()] == ["安全生产法第四十一条", "新依据"]
