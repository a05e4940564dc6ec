"""After publication: corrections are versions, withdrawal takes two, notices end by themselves and have an outcome."""

import datetime as dt

import pytest
import time_machine

from disclosures import operations as does
from disclosures.enums import PublicationState as S
from disclosures.enums import VersionKind
from disclosures.models import Gap, Notice, Publication, Version
from disclosures.texts import fingerprint_of
from portal.deadlines.models import Promise
from portal.deadlines.queries import promises_of
from portal.kernel.days import day_start
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from tests.factories.disclosures import AT, fresh, make_publication

pytestmark = pytest.mark.usefixtures("english")

D = dt.date
DAY = dt.timedelta(days=1)


def correct(offices, text, *, actor=None, at=AT + DAY, body="更正后的正文"):
    return does.ask_correction(
        publication_id=text.pk, title=text.title, body=body, note_text="金额更正", actor=actor or offices.handler, at=at
    )


def test_a_correction_is_a_new_version_and_the_first_one_stays(offices):
    text = make_publication(offices)
    first = Version.objects.get(publication=text)
    correct(offices, text)
    assert Version.objects.filter(publication=text).count() == 1
    with pytest.raises(OperationRefused, match="yourself"):
        does.decide_correction(publication_id=text.pk, is_granted=True, answer="", actor=offices.handler, at=AT + DAY)
    does.decide_correction(publication_id=text.pk, is_granted=True, answer="", actor=offices.leader, at=AT + DAY)
    versions = list(Version.objects.filter(publication=text))
    assert [(v.number, v.kind, v.body) for v in versions] == [
        (1, VersionKind.ORIGINAL, first.body),
        (2, VersionKind.CORRECTION, "<p>更正后的正文</p>"),
    ]
    assert versions[0].fingerprint == first.fingerprint != versions[1].fingerprint
    names = ("title", "body", "basis", "method", "objections_heard")
    assert [v.fingerprint for v in versions] == [
        fingerprint_of(text.number, {name: getattr(v, name) for name in names}) for v in versions
    ]


def test_a_correction_of_nothing_and_a_second_wish_are_refused(offices):
    text = make_publication(offices)
    with pytest.raises(OperationRefused, match="Nothing"):
        correct(offices, text, body=text.body)
    correct(offices, text)
    with pytest.raises(OperationRefused, match="waiting"):
        correct(offices, text, body="再改")


def test_a_refused_correction_changes_nothing_and_has_its_reason(offices):
    text = make_publication(offices)
    correct(offices, text)
    with pytest.raises(OperationRefused, match="reason"):
        does.decide_correction(publication_id=text.pk, is_granted=False, answer="", actor=offices.leader, at=AT + DAY)
    does.decide_correction(
        publication_id=text.pk, is_granted=False, answer="原文无误", actor=offices.leader, at=AT + DAY
    )
    assert Version.objects.filter(publication=text).count() == 1


def withdraw(offices, text, *, at, actor=None):
    return does.ask_withdrawal(
        publication_id=text.pk, reason_code="wrong", reason="金额有误", actor=actor or offices.handler, at=at
    )


def test_withdrawal_takes_two_people_and_keeps_the_text(offices):
    text = make_publication(offices)
    withdraw(offices, text, at=AT + DAY)
    assert list(Publication.objects.on_show(AT + DAY, D(2026, 3, 10))) == [text]
    with pytest.raises(OperationRefused, match="yourself"):
        does.decide_withdrawal(publication_id=text.pk, is_granted=True, answer="", actor=offices.handler, at=AT + DAY)
    does.decide_withdrawal(publication_id=text.pk, is_granted=True, answer="", actor=offices.leader, at=AT + DAY)
    text = fresh(text)
    assert (text.state, list(Publication.objects.on_show(AT + DAY, D(2026, 3, 10)))) == (S.WITHDRAWN, [])
    assert Version.objects.get(publication=text).body == text.body
    assert list(Publication.objects.appeared(AT + DAY)) == [text]  # its number and tombstone stay


@pytest.mark.parametrize(("days", "is_early"), [(1, True), (13, True), (14, False), (17, False)])
def test_whether_a_withdrawal_is_early_is_kept(offices, days, is_early):
    text = make_publication(offices, display_days=40)
    # The fifteenth day on show is the fourteenth after publication.
    assert withdraw(offices, text, at=AT + days * DAY).is_early is is_early


def test_of_a_text_taken_down_nothing_is_corrected_any_more(offices):
    text = make_publication(offices)
    ask = {"publication_id": text.pk, "actor": offices.handler, "at": AT}
    does.ask_correction(title=text.title, body="更正正文", note_text="金额更正", **ask)
    does.ask_withdrawal(reason_code="wrong", reason="金额有误", **ask)
    decide = {"publication_id": text.pk, "is_granted": True, "answer": "同意", "actor": offices.leader, "at": AT}
    does.decide_withdrawal(**decide)
    with pytest.raises(OperationRefused, match="nothing left to correct"):
        does.decide_correction(**decide)
    assert text.versions.count() == 1


def test_a_notice_ends_by_itself_and_owes_an_outcome(offices):
    text = make_publication(offices, item="C07")
    last = day_start(D(2026, 3, 17))
    assert does.close_notices(at=last - dt.timedelta(microseconds=1)) == 0
    assert does.close_notices(at=last) == 1
    assert does.close_notices(at=last) == 0
    notice = fresh(text).notice
    assert (notice.closed_on, notice.promise.kind, notice.promise.started_on) == (
        D(2026, 3, 16),
        "notice.outcome",
        D(2026, 3, 17),
    )
    with pytest.raises(OperationRefused, match="sentence"):
        does.enter_outcome(publication_id=text.pk, outcome="unfounded", outcome_note="", actor=offices.handler, at=last)
    does.enter_outcome(publication_id=text.pk, outcome="none", outcome_note="", actor=offices.handler, at=last)
    notice.promise.refresh_from_db()
    assert (fresh(text).notice.outcome, notice.promise.met_at) == ("none", last)


@pytest.mark.parametrize(
    ("outcome", "after", "is_late"),
    [
        ("", day_start(D(2026, 3, 24)) - dt.timedelta(microseconds=1), False),
        ("", day_start(D(2026, 3, 25)), True),
        ("suspended", day_start(D(2026, 3, 17)), False),
        ("none", day_start(D(2026, 3, 18)), False),
    ],
)
def test_a_withdrawn_notice_is_cancelled_unless_something_came_of_it(offices, outcome, after, is_late):
    text = make_publication(offices, item="C07")
    does.close_notices(at=day_start(D(2026, 3, 17)))
    if outcome:
        entered = {"outcome": outcome, "outcome_note": "正在核查", "actor": offices.handler}
        does.enter_outcome(publication_id=text.pk, at=day_start(D(2026, 3, 17)), **entered)
    withdraw(offices, text, at=after)
    promise = fresh(text).notice.promise
    does.decide_withdrawal(publication_id=text.pk, is_granted=False, answer="不同意", actor=offices.leader2, at=after)
    assert (fresh(text).notice.outcome, promise.ended_at) == (outcome, None)
    withdraw(offices, text, at=after)
    does.decide_withdrawal(publication_id=text.pk, is_granted=True, answer="同意", actor=offices.leader2, at=after)
    notice, promise = fresh(text).notice, fresh(text).notice.promise
    if outcome == "none":
        assert (notice.outcome, promise.end_code, promise.met_at is not None) == ("none", "", True)
        return
    assert (notice.outcome, notice.outcome_note, notice.outcome_by) == ("cancelled", "金额有误", offices.leader2)
    assert (promise.ended_at, promise.end_code, promise.missed_at is not None) == (after, "taken_down", is_late)
    told = {entry.facts["outcome"]: entry.at for entry in Entry.objects.filter(verb="notice.decided")}
    assert (told["cancelled"], set(told)) == (after, {"cancelled", outcome} - {""})


def test_notices_withdrawn_before_a_withdrawal_cancelled_them_are_cancelled_by_the_daily_run(offices):
    text = make_publication(offices, item="C07")
    does.close_notices(at=day_start(D(2026, 3, 17)))
    before = day_start(D(2026, 3, 18))
    withdraw(offices, text, at=before)
    does.decide_withdrawal(publication_id=text.pk, is_granted=True, answer="同意", actor=offices.leader2, at=before)
    # As it stood before: taken down, and still owing its outcome.
    Notice.objects.update(outcome="", outcome_note="", outcome_by=None, outcome_at=None)
    Promise.objects.filter(kind="notice.outcome").update(ended_at=None, end_code="")
    at = day_start(D(2026, 3, 20))
    assert (does.cancel_withdrawn_notices(at=at), does.cancel_withdrawn_notices(at=at)) == (1, 0)
    notice = fresh(text).notice
    assert (notice.outcome, notice.outcome_at, notice.promise.ended_at) == ("cancelled", before, at)


def test_no_outcome_before_the_period_is_over_except_stopping(offices):
    text = make_publication(offices, item="C07")
    with pytest.raises(OperationRefused, match="not over"):
        does.enter_outcome(publication_id=text.pk, outcome="none", outcome_note="", actor=offices.handler, at=AT + DAY)
    does.enter_outcome(
        publication_id=text.pk,
        outcome="suspended",
        outcome_note="收到实名异议,正在核查",
        actor=offices.handler,
        at=AT + DAY,
    )
    assert fresh(text).notice.outcome == "suspended"


def test_days_without_display_lengthen_notice_and_display(offices):
    text = make_publication(offices, item="C07", display_days=1)
    assert text.shown_until == D(2026, 3, 16)
    does.record_gap(
        publication_id=text.pk,
        since=D(2026, 3, 11),
        until=D(2026, 3, 12),
        reason="服务器检修",
        actor=offices.officer,
        at=AT + 4 * DAY,
    )
    at = day_start(D(2026, 3, 17))
    assert (does.close_notices(at=at), does.expire_due(at=at)) == (0, 0)
    text = fresh(text)
    assert (text.state, text.shown_until) == (S.PUBLISHED, D(2026, 3, 18))
    at = day_start(D(2026, 3, 19))
    assert (does.close_notices(at=at), does.expire_due(at=at)) == (1, 1)
    assert fresh(text).notice.closed_on == D(2026, 3, 18)


def test_a_gap_lies_between_publication_and_today(offices):
    text = make_publication(offices, item="C07")
    for since, until in (
        (D(2026, 3, 8), D(2026, 3, 9)),
        (D(2026, 3, 10), D(2026, 3, 11)),
        (D(2026, 3, 10), D(2026, 3, 9)),
    ):
        with pytest.raises(OperationRefused):
            does.record_gap(
                publication_id=text.pk, since=since, until=until, reason="x", actor=offices.officer, at=AT + DAY
            )
    assert Gap.objects.count() == 0


def test_an_outage_counts_for_every_notice_once(offices):
    text = make_publication(offices, item="C07")
    at = day_start(D(2026, 3, 12))
    for _twice in range(2):
        does.record_outage(since=D(2026, 3, 11), until=D(2026, 3, 11), at=at)
    assert Gap.objects.count() == 1
    assert does.period_of_notice(fresh(text), at).ends_on == D(2026, 3, 17)


def test_a_flag_is_put_right_checked_and_kept_by_promise(offices):
    text = make_publication(offices)
    with pytest.raises(OperationRefused, match="supervisory group"):
        does.flag_publication(
            publication_id=text.pk, reason="incomplete", demand="x", actor=offices.worker, at=AT + DAY
        )
    flag = does.flag_publication(
        publication_id=text.pk, reason="incomplete", demand="请补充扣分明细", actor=offices.inspector, at=AT + DAY
    )
    assert flag.promise.due_on == D(2026, 3, 31)
    with pytest.raises(OperationRefused, match="Nothing"):
        does.check_rectification(
            rectification_id=flag.pk, is_accepted=True, check_note="", actor=offices.inspector, at=AT + DAY
        )
    does.report_rectified(rectification_id=flag.pk, done="已补充附表", actor=offices.handler, at=AT + 2 * DAY)
    does.check_rectification(
        rectification_id=flag.pk, is_accepted=False, check_note="仍缺乙班", actor=offices.inspector, at=AT + 3 * DAY
    )
    does.report_rectified(rectification_id=flag.pk, done="已补乙班", actor=offices.handler, at=AT + 4 * DAY)
    does.check_rectification(
        rectification_id=flag.pk, is_accepted=True, check_note="", actor=offices.inspector, at=AT + 9 * DAY
    )
    promise = promises_of(f"disclosures.rectification:{flag.pk}").get()
    # The unit kept its promise on the day it reported, not on the day it was checked.
    assert promise.met_at == AT + 4 * DAY


def test_reads_are_counted_without_readers_and_acknowledged_once(offices):
    from disclosures.models import Acknowledgement, ReadCount

    text = make_publication(offices, is_must_read=True, audience="unit")
    for _n in range(3):
        does.count_read(publication_id=text.pk, at=AT)
    does.count_read(publication_id=text.pk, at=AT + DAY)
    assert sorted(ReadCount.objects.values_list("day", "n")) == [(D(2026, 3, 9), 3), (D(2026, 3, 10), 1)]
    for _n in range(2):
        does.acknowledge(publication=text, actor=offices.worker, at=AT)
    with pytest.raises(OperationRefused):
        does.acknowledge(publication=text, actor=offices.stranger, at=AT)
    assert list(Acknowledgement.objects.values_list("person", "unit")) == [(offices.worker.pk, offices.shop.pk)]


def test_an_operator_records_an_outage_by_command(offices, capsys):
    from django.core.management import CommandError, call_command

    text = make_publication(offices, item="C07")
    at = day_start(D(2026, 3, 12))
    with time_machine.travel(at, tick=False):
        for days in (("2026-03-11", "2026-03-10"), ("2026-03-12",), ("yesterday",)):
            with pytest.raises(CommandError):
                call_command("record_outage", *days)
        call_command("record_outage", "2026-03-11", "--dry-run")
        assert Gap.objects.count() == 0
        call_command("record_outage", "2026-03-11")
    assert does.period_of_notice(fresh(text), at).ends_on == D(2026, 3, 17)
