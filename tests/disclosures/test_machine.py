"""Every state against every state; every periodic task once; doubled sweepers and signers."""

import datetime as dt

import pytest

from disclosures import operations as does
from disclosures import tasks
from disclosures.enums import TRANSITIONS, PublicationState
from disclosures.models import Approval, Duty, Publication, Subscription
from disclosures.operations import daily
from disclosures.operations.core import move
from portal.deadlines.models import Promise
from portal.kernel.days import day_start
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories.disclosures import AT, fresh, make_assignment, make_offices, make_publication
from tests.faults.stage import in_parallel
from tests.services import both_engines

S = PublicationState


def test_every_state_has_a_row_and_leads_to_states_only():
    assert set(TRANSITIONS) == set(S)
    assert {target for targets in TRANSITIONS.values() for target in targets} <= set(S)


@pytest.mark.parametrize("source", list(S))
@pytest.mark.parametrize("target", list(S))
def test_moves_are_those_of_the_table(source, target, monkeypatch):
    publication, saved = Publication(state=source), []
    monkeypatch.setattr(Publication, "save", lambda self, **kwargs: saved.append(self.state))
    if target in TRANSITIONS[source]:
        move(publication, target)
        assert (publication.state, saved) == (target, [target])
    else:
        with pytest.raises(IllegalTransition):
            move(publication, target)
        assert (publication.state, saved) == (source, [])


def test_the_tasks_run(offices):
    make_assignment(offices, "C01", since=dt.date(2026, 1, 1))
    make_publication(offices, S.SCHEDULED, wanted_at=AT + dt.timedelta(hours=1))
    tasks.minute()
    tasks.daily()
    assert Publication.objects.get().state == S.EXPIRED  # by the clock of today its fifteen days are over
    assert Duty.objects.exists()


def test_a_step_that_fails_keeps_no_other_from_its_day(offices, monkeypatch):
    def fail(**_values):
        raise ValueError("broken")

    make_assignment(offices, "C01", since=dt.date(2026, 1, 1))
    monkeypatch.setattr(daily, "open_briefing_duties", fail)
    notice = make_publication(offices, item="C07", at=AT - dt.timedelta(days=40))
    with pytest.raises(daily.StepsFailed, match=r"^briefings$"):
        does.run_daily(at=AT)
    assert Duty.objects.count() == 2  # January and February
    assert fresh(notice).notice.closed_on is not None


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_two_approvers_at_once_make_one_signature(engine, transactional_db):
    offices = make_offices()
    text = make_publication(offices, S.HEAD)

    def sign(actor):
        try:
            does.sign_publication(publication_id=text.pk, step="head", note_text="", actor=actor, at=AT)
        except OperationRefused:
            return "refused"
        return "signed"

    answers = in_parallel(2, [offices.head, offices.leader] * 4, sign)
    assert sorted(answers) == ["refused"] * 7 + ["signed"]
    assert Approval.objects.filter(publication=text, step="head").count() == 1
    assert Entry.objects.filter(verb="publication.signed").count() == 1


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_doubled_sweepers_open_and_publish_once(engine, transactional_db):
    offices = make_offices()
    for code in ("C01", "B06", "D01"):
        make_assignment(offices, code, since=dt.date(2025, 1, 1))
    make_publication(offices, S.SCHEDULED, wanted_at=AT + dt.timedelta(hours=1))
    later = AT + dt.timedelta(hours=2)

    def sweep(_number):
        return does.run_minute(at=later)["published"], does.open_duties(at=later)

    found = in_parallel(4, range(4), sweep)
    assert sum(published for published, _opened in found) == 1
    assert sum(opened for _published, opened in found) == Duty.objects.count() == Promise.objects.count()
    keys = list(Duty.objects.values_list("item", "frequency", "starts_on"))
    assert len(keys) == len(set(keys)) == 13 + 4 + 4
    assert Entry.objects.filter(verb="publication.published").count() == 1


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_reading_is_counted_every_time_and_acknowledged_once(engine, transactional_db):
    from disclosures.models import Acknowledgement, ReadCount

    offices = make_offices()
    text = make_publication(offices, is_must_read=True)

    def read(_number):
        does.count_read(publication_id=text.pk, at=AT)
        does.acknowledge(publication=text, actor=offices.worker, at=AT)
        does.set_subscriptions(actor=offices.worker, sections=["C"], units=[offices.works])

    in_parallel(6, range(12), read)
    assert ReadCount.objects.get().n == 12
    assert Acknowledgement.objects.count() == 1
    assert Subscription.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_of_two_who_mask_again_one_wins_and_two_sweepers_promise_once(engine, transactional_db):
    offices = make_offices()
    notice = make_publication(offices, item="C07", title="公示", body="张大明、李小红、王小四等同志")
    over = day_start(dt.date(2026, 3, 17))
    does.close_notices(at=over)
    Promise.objects.filter(kind="notice.mask").delete()  # as it was before masking was promised
    assert sorted(in_parallel(4, range(4), lambda _number: does.promise_masking(at=over))) == [0, 0, 0, 1]
    assert Promise.objects.filter(kind="notice.mask").count() == 1
    one = {"publication_id": notice.pk, "title": "公示", "at": over}
    does.mask_publication(body="张某某、李小红、王小四等同志", actor=offices.handler, **one)
    read = does.latest_version(fresh(notice)).fingerprint

    def mask(body):
        try:
            does.mask_publication(body=body, read=read, actor=offices.handler, **one)
        except Conflict:
            return "told"
        return "masked"

    answers = in_parallel(2, ["张某某、李某某、王小四等同志", "张某某、李小红、王某某等同志"] * 2, mask)
    assert sorted(answers) == ["masked"] + ["told"] * 3
    assert (fresh(notice).times_masked, Entry.objects.filter(verb="notice.masked").count()) == (2, 2)
