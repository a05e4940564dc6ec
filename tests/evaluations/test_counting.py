"""The count: what is kept and what is not, void forms, short groups, remarks, nobody rates himself (P1–P4, P9)."""

import json
from collections import Counter

import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation

from evaluations.enums import RoundState, ScaleKind, VoidKind
from evaluations.models import Count, GroupTally, Remark
from portal.ballots import operations as box
from portal.ballots.enums import Grade
from portal.ballots.models import Ballot, Elector, Participation, PrintedCode
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories import appraisals as made
from tests.factories.appraisals import answers_of, count_now, make_round, make_sheet, rate

pytestmark = pytest.mark.django_db
MARK = "写在意见里的独特字句"


def counts(rated, place, group):
    """{item's name: {answer: times}} of a subject and a group."""
    subject = rated.round.subjects.get(order=place)
    found = {}
    for row in Count.objects.filter(subject=subject, group__code=group).select_related("item"):
        found.setdefault(row.item.name, {})[row.option] = row.times
    return found


def tallies(rated):
    rows = GroupTally.objects.filter(subject__round=rated.round)
    return [(row.subject.order, row.group.code, row.raters, row.is_short) for row in rows]


def test_a_count_is_numbers_by_subject_group_and_item():
    rated = make_round()
    for one in (*rated.heads, *rated.subjects):
        rate(rated, one, "competent", s02="basic")
    for one in rated.workers[:5]:
        rate(rated, one, "excellent")
    rate(rated, rated.workers[5], "dk", s01="incompetent")
    result = count_now(rated)
    assert (result.returned, result.valid, result.void, result.is_void) == (13, 13, 0, False)
    assert (result.questions, result.answers) == ({}, {})
    assert rated.round.state == RoundState.COUNTED
    # Each of the two rated people rates the other one only.
    assert counts(rated, 1, "A") == {key: {"competent": 6} for key in _names(rated)}
    assert counts(rated, 2, "A") == {key: {"basic": 6} for key in _names(rated)}
    assert counts(rated, 1, "B") == {key: {"excellent": 5, "incompetent": 1} for key in _names(rated)}
    assert counts(rated, 2, "B") == {key: {"excellent": 5} for key in _names(rated)}  # who knows nothing is no rater
    assert tallies(rated) == [(1, "A", 6, False), (1, "B", 6, False), (2, "A", 6, False), (2, "B", 5, False)]


def _names(rated):
    return [item.name for dimension in rated.round.edition.dimensions.all() for item in dimension.items.all()]


def test_of_a_group_too_small_nothing_is_kept_not_even_the_number():
    rated = make_round()
    for one in rated.heads[:4]:
        rate(rated, one, "basic", remark=MARK)
    for one in rated.workers:
        rate(rated, one, "competent")
    count_now(rated)
    assert [row for row in tallies(rated) if row[1] == "A"] == [(1, "A", 0, True), (2, "A", 0, True)]
    assert not Count.objects.filter(group__code="A").exists()
    assert not Count.objects.filter(option="basic").exists()
    assert Remark.objects.count() == 8  # ten rated each of the two; remarks know no group


def test_an_item_that_too_few_could_answer_is_not_kept():
    rated = make_round()
    for place, one in enumerate(rated.workers):
        given = answers_of(rated, one, "competent")
        if place < 2:
            given["s01i03"] = "dk"
        box.cast_ballot(poll_id=rated.poll.pk, person=one, answers=given, at=made.AT)
    count_now(rated)
    kept = counts(rated, 1, "B")
    third = _names(rated)[2]
    assert third not in kept  # four scored answers
    assert set(kept) == set(_names(rated)) - {third}
    assert counts(rated, 2, "B")[third] == {"competent": 6}


def test_remarks_below_ten_forms_are_destroyed():
    rated = make_round()
    for one in (*rated.heads[:3], *rated.workers):  # nine
        rate(rated, one, remark=MARK)
    count_now(rated)
    assert not Remark.objects.exists()
    assert MARK not in _dump()


def test_remarks_stand_apart_from_everything():
    rated = make_round(workers=11)
    for place, one in enumerate(rated.workers):
        rate(rated, one, remark=f"{MARK}{place:02d}")
    count_now(rated)
    texts = sorted(Remark.objects.filter(subject__order=1).values_list("text", flat=True))
    assert texts == [f"{MARK}{place:02d}" for place in range(11)]
    assert {field.name for field in Remark._meta.concrete_fields} == {"id", "subject", "text"}
    # One hand's two remarks share nothing: no place in the order of the keys, no neighbouring key.
    orders = [
        list(Remark.objects.filter(subject__order=place).order_by("id").values_list("text", flat=True))
        for place in (1, 2)
    ]
    assert orders[0] != orders[1]


@pytest.mark.parametrize(
    ("rules", "filled", "is_valid"),
    [
        ([VoidKind.SAME], {"answer": "competent"}, False),
        ([VoidKind.SAME], {"answer": "competent", "s02": "basic"}, True),
        ([VoidKind.FULL], {"answer": "excellent"}, False),
        ([VoidKind.LOW_AT_LEAST], {"answer": "excellent", "s02": "basic"}, False),
        ([VoidKind.LOW_AT_LEAST], {"answer": "basic"}, True),
        ([], {"answer": "excellent"}, True),
    ],
)
def test_void_forms_count_nowhere_and_nobody_knows_whose_they_were(rules, filled, is_valid):
    rated = make_round(void_rules=rules)
    rate(rated, rated.workers[0], **filled)
    for one in rated.workers[1:]:
        rate(rated, one, "incompetent", s02="basic")
    result = count_now(rated)
    assert (result.returned, result.valid, result.void) == (6, 5 + is_valid, 1 - is_valid)
    assert [row[2] for row in tallies(rated) if row[1] == "B"] == [5 + is_valid] * 2
    facts = Entry.objects.get(verb="appraisal.counted").facts
    assert set(facts) == {"returned", "valid", "is_void"}


def test_nobody_rates_himself_whatever_is_sent():
    rated = make_round()
    leader = rated.subjects[0]
    honest = answers_of(rated, leader)
    worker = answers_of(rated, rated.workers[0])
    for person, given in (
        (leader, worker),  # rates himself
        (leader, honest | {"s01w": "我很好"}),  # praises himself
        (rated.workers[0], honest),  # leaves somebody out
        (rated.workers[0], worker | {"s02i02": "skip"}),
        (rated.workers[0], worker | {"s02i02": "101"}),
        (rated.workers[0], {**worker, "s03i01": "excellent"}),
        (rated.workers[0], worker | {"s01w": "长" * 101}),
    ):
        with pytest.raises(ValueError, match="does not take"):
            box.cast_ballot(poll_id=rated.poll.pk, person=person, answers=given, at=made.AT)
    assert not Participation.objects.exists()
    assert not Ballot.objects.exists()
    box.cast_ballot(poll_id=rated.poll.pk, person=leader, answers=honest, at=made.AT)
    with pytest.raises(box.AlreadyVoted):
        box.cast_ballot(poll_id=rated.poll.pk, person=leader, answers=honest, at=made.AT)
    assert (Participation.objects.count(), Ballot.objects.count()) == (1, 1)


def test_every_form_has_one_length_whatever_is_on_it():
    rated = make_round()
    rate(rated, rated.workers[0], "dk")
    rate(rated, rated.workers[1], "incompetent", remark="长" * 100)
    rate(rated, rated.subjects[0], "basic", remark='"' * 100)
    lengths = {len(bytes(row)) for row in Ballot.objects.values_list("ciphertext", flat=True)}
    assert len(lengths) == 1


def test_scores_are_counted_as_numbers():
    rated = make_round(sheet=None, subjects=2)
    unit, officer = rated.unit, rated.officer
    sheet = make_sheet(unit, officer, scale=ScaleKind.SCORE, step=5, name="量化评分表")
    scored = make_round(works=unit, officer=officer, sheet=sheet)
    for place, one in enumerate(scored.workers):
        rate(scored, one, str(70 + 5 * place))
    count_now(scored)
    assert counts(scored, 1, "B")[_names(scored)[0]] == {str(70 + 5 * place): 1 for place in range(6)}


def test_codes_from_the_box_fall_into_the_one_group():
    rated = make_round(grade=Grade.PRINTED_CODE)
    for slip in rated.slips[:6]:
        box.cast_by_code(code=slip, answers=answers_of(rated, None, "competent"), at=made.AT)
    result = count_now(rated)
    assert (result.returned, result.valid) == (6, 6)
    assert [row[2:] for row in tallies(rated)] == [(6, False), (6, False)]
    assert not Participation.objects.exists()


def test_codes_of_two_groups_count_in_their_own_and_lead_to_nobody():
    rated = make_round(made.REPORTED, grade=Grade.PRINTED_CODE, has_groups="AB", heads=6)
    act = {"poll_id": rated.poll.pk, "actor": rated.officer, "at": made.AT}
    with translation.override("en"):
        for group, words in (("", "Choose the group"), ("Z", "Choose the group")):
            with pytest.raises(OperationRefused, match=words):
                box.print_codes(count=5, group=group, **act)
        first = box.print_codes(count=10, group="A", **act)
        for count in (0, 4):  # none, and so few that each would point at somebody
            if count:
                box.print_codes(count=count, group="B", **act)
            with pytest.raises(OperationRefused, match="Fewer than 5 codes have been printed for group B"):
                box.open_poll(**act)
    second = box.print_codes(count=6, group="B", **act)
    box.open_poll(**act)
    slips = {
        "A": [code for _n, sheet in first for code in sheet],
        "B": [code for _n, sheet in second for code in sheet],
    }
    for group, answer in (("A", "competent"), ("B", "basic")):
        for slip in slips[group][:6]:
            box.cast_by_code(code=slip, answers=answers_of(rated, None, answer), at=made.AT)
    assert Counter(Ballot.objects.values_list("group", flat=True)) == {"A": 6, "B": 6}
    result = count_now(rated)
    assert (result.returned, result.valid, result.is_void) == (12, 12, False)
    for group, answer in (("A", "competent"), ("B", "basic")):
        assert counts(rated, 1, group) == {key: {answer: 6} for key in _names(rated)}
    # Nothing of a code knows more than its group and its sheet, and nothing says who took part.
    fields = {field.name for field in PrintedCode._meta.concrete_fields}
    assert fields == {"hash", "poll", "batch", "group", "is_used", "is_voided"}
    assert not Participation.objects.exists()
    rated_people = {person.pk for person in rated.subjects}
    assert not Elector.objects.filter(person__in=rated_people).exists()


def test_counting_is_done_once_and_what_was_counted_stays(django_assert_max_num_queries):
    rated = make_round()
    for one in rated.workers:
        rate(rated, one)
    count_now(rated)
    before = Counter(Count.objects.values_list("subject", "group", "item", "option", "times"))
    count_now(rated)
    assert Counter(Count.objects.values_list("subject", "group", "item", "option", "times")) == before
    for act in (
        lambda: Count.objects.all().delete(),
        lambda: Count.objects.update(times=9),
        lambda: GroupTally.objects.first().save(),
        lambda: GroupTally.objects.first().delete(),
    ):
        with pytest.raises(TypeError, match="counted once"):
            act()


def test_one_share_opens_nothing_and_a_failed_count_leaves_all_sealed():
    rated = make_round()
    for one in rated.workers:
        rate(rated, one)
    box.close_due(at=rated.round.closes_at)
    for codes in ([rated.shares[0]] * 2, [rated.shares[0], "AAAA-AAAA"]):
        with pytest.raises(box.WrongShare):
            box.count_poll(poll_id=rated.poll.pk, codes=codes, actor=rated.officer, at=rated.round.closes_at)
    assert not Count.objects.exists()
    assert made.refreshed(rated).round.state == RoundState.CLOSED


def test_casting_writes_two_rows_and_nothing_that_could_be_read():
    rated = make_round()
    before = _sizes()
    rate(rated, rated.workers[0], "incompetent", remark=MARK)
    after = _sizes()
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert changed == {"ballots.participation": 1, "ballots.ballot": 1}
    assert MARK not in _dump()


def test_after_the_count_no_table_joins_a_rater_with_what_was_said():
    rated = make_round(workers=12)
    for place, one in enumerate(rated.workers):
        rate(rated, one, "basic", remark=f"{MARK}{place}")
    count_now(rated)
    raters = {one.pk.hex for one in rated.workers} | {str(one.pk) for one in rated.workers}
    for model in (Count, GroupTally, Remark):
        for row in model.objects.values():
            assert not raters & {str(value) for value in row.values()}
        dates = [field for field in model._meta.get_fields() if "Date" in type(field).__name__]
        assert dates == []
    assert not Entry.objects.filter(facts__icontains=MARK).exists()
    assert not Notice.objects.filter(facts__icontains=MARK).exists()


def _sizes():
    return {model._meta.label_lower: model.objects.count() for model in apps.get_models() if model._meta.managed}


def _dump():
    """Everything that stands in any table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [
                value.decode("utf-8", "ignore") if isinstance(value, bytes | memoryview) else str(value)
                for row in cursor.fetchall()
                for value in row
            ]
    return json.dumps(found, ensure_ascii=False)
