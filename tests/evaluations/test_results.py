"""One publication: what is computed and stored, what is destroyed, what nobody can do before or afterwards."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.utils import translation
from docx import Document

from evaluations.enums import Direction, RemarkDecision, RoundState, ScaleKind, UseKind, WithheldReason
from evaluations.masking import is_covered
from evaluations.models import Count, GroupTally, KeptRemark, Outcome, Publication, Remark, RemarkReview, Round
from evaluations.operations.afterwards import make_statement, rate_oneself, record_use
from evaluations.operations.remarks import decide_remark
from evaluations.operations.results import fingerprint_of, publish_rounds
from evaluations.queries.rounds import items_of
from evaluations.reading import Reading
from evaluations.result_papers import results_document
from portal.accounts.enums import Category
from portal.ballots.enums import PollState
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.appraisals import AT, CLOSED, DAY, OPEN, count_now, make_round, make_sheet, rate, refreshed
from tests.factories.people import make_person
from tests.factories.results import again, made_public, rated_round

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def refused(operation, words, **values):
    """Assert that an operation says no with these words and writes nothing."""
    before = (Entry.objects.count(), Publication.objects.count(), Outcome.objects.count(), KeptRemark.objects.count())
    with pytest.raises(OperationRefused, match=words):
        operation(**values)
    after = (Entry.objects.count(), Publication.objects.count(), Outcome.objects.count(), KeptRemark.objects.count())
    assert after == before


def test_a_publication_computes_stores_tells_and_destroys():
    rated = rated_round(remarks=11)
    count_now(rated)
    act = {"actor": rated.officer, "at": rated.round.closes_at + HOUR}
    first = rated.round.subjects.first()
    remarks = list(Remark.objects.filter(subject=first))
    decide_remark(remark_id=remarks[0].pk, decision=RemarkDecision.WITHHOLD, reason=WithheldReason.INSULT, **act)
    covered = "□" + remarks[1].text[1:]
    decide_remark(remark_id=remarks[1].pk, decision=RemarkDecision.KEEP, text=covered, **act)
    outcomes = made_public(rated)

    one, two = outcomes
    assert (one.score, one.grade_class) == (Decimal("90.40"), "excellent")
    assert one.figures["formulas"][0] == "0.4 × 96.00 + 0.6 × 86.67 = 90.40"
    assert [row["score"] for row in one.figures["groups"]] == ["96.00", "86.67"]
    assert one.figures["spread"] == [["excellent", 54], ["competent", 46], ["basic", 0], ["incompetent", 0]]
    assert (one.figures["raters"], one.figures["left"], one.figures["missing"]) == (25, [], [])
    assert (two.score, two.figures["prompts"]) == (Decimal("70.00"), ["talk"])

    publication = rated.round.publication
    assert rated.round.state == RoundState.PUBLISHED
    assert rated.poll.state == PollState.PUBLISHED
    assert publication.sha256 == fingerprint_of(rated.round, publication.facts, outcomes)
    facts = publication.facts
    # The threshold that acted is printed with the number that the rule book had.
    assert facts["parts"] == [3, 3] and "below 2/3" in dict(Reading(two, publication).prompts)["talk"]
    assert [facts[key] for key in ("issued", "returned", "valid", "void", "mean")] == [28, 26, 26, 0, ""]
    entry = Entry.objects.get(verb="appraisal.published")
    assert (entry.facts["subjects"], entry.facts["sha256"]) == (2, publication.sha256)
    assert Notice.objects.filter(kind="appraisal.published").count() == 28
    assert Notice.objects.filter(kind="appraisal.rated").count() == 2

    assert (Remark.objects.count(), RemarkReview.objects.count()) == (0, 0)
    kept = set(KeptRemark.objects.filter(subject=first).values_list("text", flat=True))
    assert kept == {covered} | {remark.text for remark in remarks[2:]}
    assert one.figures["remarks"] == {"kept": 10, "withheld": {"insult": 1}}
    # What is written down of the decisions names no remark.
    decided = Entry.objects.filter(verb="appraisal.remark_decided")
    assert {tuple(sorted(entry.facts)) for entry in decided} == {("decision", "why")}


def test_published_rows_do_not_change():
    rated = rated_round()
    count_now(rated)
    one = made_public(rated)[0]
    for change in (one.save, one.delete, Outcome.objects.all().delete, rated.round.publication.save):
        with pytest.raises(TypeError):
            change()
    with pytest.raises(TypeError):
        Outcome.objects.update(score=None)


def test_when_a_round_is_not_published():
    rated = rated_round(remarks=11)
    at = rated.round.closes_at
    publish = {"operation": publish_rounds, "round_id": rated.round.pk}
    refused(**publish, words="Nothing has been counted", actor=rated.officer, at=at)
    count_now(rated)
    remark, *others = Remark.objects.filter(subject__round=rated.round)
    refused(**publish, words="22 remarks have not been decided", actor=rated.officer, at=at + 2 * DAY)
    refused(**publish, words="Only the union of this unit", actor=rated.heads[0], at=at + 2 * DAY)
    for one in others:
        decide_remark(remark_id=one.pk, decision=RemarkDecision.KEEP, actor=rated.officer, at=at)
    refused(**publish, words="1 remark has not been decided", actor=rated.officer, at=at + 2 * DAY)
    words = {"remark_id": remark.pk, "decision": RemarkDecision.KEEP, "at": at}
    refused(decide_remark, "Only the union", **words, actor=rated.heads[0])
    refused(decide_remark, "nothing else of a remark is changed", **words, text="说得更好", actor=rated.officer)
    decide_remark(**words, actor=rated.officer)
    refused(
        **publish, words="24 hours after the closing", actor=rated.officer, at=at + DAY - dt.timedelta(microseconds=1)
    )
    publish_rounds(round_id=rated.round.pk, actor=rated.officer, at=at + DAY)
    refused(**publish, words="published once", actor=rated.officer, at=at + 2 * DAY)


def test_without_remarks_nothing_has_to_wait():
    rated = rated_round(has_remarks=False)
    count_now(rated)
    publish_rounds(round_id=rated.round.pk, actor=rated.officer, at=rated.round.closes_at)
    assert refreshed(rated).round.state == RoundState.PUBLISHED


def test_both_sides_of_a_two_way_round_are_published_together():
    up = make_round(CLOSED, heads=12, workers=12, direction=Direction.UP, has_remarks=False)
    down = make_round(
        CLOSED,
        heads=12,
        workers=12,
        direction=Direction.DOWN,
        has_remarks=False,
        officer=up.officer,
        works=up.unit,
        sheet=make_sheet(up.unit, up.officer, name="下行测评表", scale=ScaleKind.SATISFACTION),
    )
    Round.objects.filter(pk=up.round.pk).update(counterpart=down.round)
    Round.objects.filter(pk=down.round.pk).update(counterpart=up.round)
    at = up.round.closes_at
    count_now(up)
    refused(publish_rounds, "published together", round_id=up.round.pk, actor=up.officer, at=at)
    count_now(down)
    publish_rounds(round_id=down.round.pk, actor=up.officer, at=at)
    assert {refreshed(one).round.state for one in (up, down)} == {RoundState.PUBLISHED}
    # Nobody rated anybody: there is a result, and it says that there is none.
    assert {one.figures["why"] for one in Outcome.objects.all()} == {"groups"}


def test_a_group_too_small_to_be_shown_leaves_no_way_to_its_figures():
    rated = rated_round(heads=7, workers=14)
    count_now(rated)
    one = made_public(rated)[0]
    assert [row["score"] for row in one.figures["groups"]] == ["", ""]  # the other one would tell it by subtraction
    assert (one.figures["parts"], one.figures["spread"]) == ([], [])
    assert {tuple(row["spread"]) for row in one.figures["dimensions"]} == {()}
    assert one.figures["formulas"] == [
        "0.3 × {0} + 0.2 × {0} + 0.2 × {0} + 0.15 × {0} + 0.15 × {0} = {0}".format(one.figures["score"])
    ]
    assert len(Reading(one, rated.round.publication).hidden) == 2


def test_a_group_too_small_to_count_is_left_out_and_said_so():
    rated = rated_round(heads=12, workers=14, silent_heads=8)
    count_now(rated)
    assert {row.group.code for row in Count.objects.select_related("group")} == {"B"}
    one = made_public(rated)[0]
    assert one.figures["left"] == [{"code": "A", "name": "中层", "why": "short"}]
    assert one.figures["groups"] == [
        {"code": "B", "name": "职工", "weight": "0.6", "used": "100.0", "score": "86.67", "standing": "shown"}
    ]
    assert one.figures["score"] == "86.67"
    assert rated.round.publication.facts["left"] == [["A", 2]]


def test_the_publication_leaves_no_exact_count_of_anybody():
    """Of another round, which is only counted, everything stays: that one is still to be published."""
    rated, other = rated_round(heads=12, workers=14), rated_round(heads=12, workers=14)
    for one in (rated, other):
        count_now(one)
    before = {
        model: set(model.objects.filter(subject__round=other.round).values_list("pk", flat=True))
        for model in (Count, GroupTally)
    }
    assert all(model.objects.filter(subject__round=rated.round).exists() and kept for model, kept in before.items())
    made_public(rated)
    assert {model: set(model.objects.values_list("pk", flat=True)) for model in before} == before


def test_what_nearly_everybody_said_is_a_band_and_no_number():
    rated = rated_round(heads=12, workers=14, alike=True)
    count_now(rated)
    one = made_public(rated)[0]
    assert (one.score, one.grade_class, one.figures["why"]) == (None, "excellent", "alike")
    assert {row["standing"] for row in one.figures["dimensions"]} == {"alike"}
    assert [row["spread"] for row in one.figures["dimensions"]] == [[["excellent", None]]] * 5
    assert one.figures["spread"] == [["excellent", None]]
    assert (one.figures["formulas"], Reading(one, rated.round.publication).radar) == ([], None)
    text = str(one.figures)
    assert "100.00" not in text


def test_too_few_valid_answers_make_no_result():
    rated = make_round(OPEN, heads=5, workers=5, has_remarks=False)
    for person in rated.heads:
        rate(rated, person, "excellent")
    count_now(rated)
    one = made_public(rated)[0]
    assert (one.score, one.grade_class, one.figures["why"]) == (None, "", "sample")
    assert "dimensions" not in one.figures


def test_the_own_rating_stands_apart_and_is_never_counted():
    rated = rated_round()
    subject = rated.round.subjects.first()
    answers = {str(item.pk): "incompetent" for item in items_of(rated.round)}
    own = {"operation": rate_oneself, "subject_id": subject.pk, "answers": answers}
    refused(**own, words="Only the person who is rated", actor=rated.officer, at=AT)
    rate_oneself(subject_id=subject.pk, answers=answers, actor=rated.subjects[0], at=AT)
    rate_oneself(subject_id=subject.pk, answers=answers, actor=rated.subjects[0], at=AT + HOUR)
    refused(**own, words="before it closes", actor=rated.subjects[0], at=rated.round.closes_at)
    count_now(rated)
    one, two = made_public(rated)
    assert one.figures["own"] == {"score": "40.00", "dimensions": ["40.00"] * 5}
    assert (two.figures["own"], one.figures["score"]) == (None, "90.40")
    assert len(Reading(one, rated.round.publication).radar.rows[0]) == 3


def test_statement_once_and_use_by_people():
    rated = rated_round()
    count_now(rated)
    _one, two = made_public(rated)
    at = rated.round.published_at
    say = {"operation": make_statement, "subject_id": two.pk, "text": "接受评议，认真整改。"}
    refused(**say, words="Only whoever is rated", actor=rated.officer, at=at)
    refused(**say, words="15 days", actor=rated.subjects[1], at=at + 15 * DAY)
    make_statement(subject_id=two.pk, text="接受评议，认真整改。", actor=rated.subjects[1], at=at + 14 * DAY)
    refused(**say, words="stands as it is", actor=rated.subjects[1], at=at + 14 * DAY)

    use = {
        "subject_id": two.pk,
        "kind": UseKind.TALK,
        "prompt": "talk",
        "reason": "优秀、称职票不足三分之二，经核实履职不力。",
        "decided_on": at.date(),
        "decided_by": "公司党委会",
        "idempotency_key": two.pk,
        "at": at,
    }
    refused(record_use, "Only the union", **use, actor=rated.subjects[1])
    first = record_use(**use, actor=rated.officer)
    assert record_use(**use, actor=rated.officer) == first
    assert Entry.objects.get(verb="appraisal.use_recorded").facts["kind"] == "talk"


def test_last_year_is_compared_but_not_a_round_of_nearly_the_same_raters_just_before():
    rated = rated_round(has_remarks=False)
    count_now(rated)
    first = made_public(rated)[0]
    make_person(unit=rated.unit, category=Category.FRONTLINE)  # one more on the list from now on
    later = {}
    for name, days in (("near", 30), ("year", 365)):
        opens = rated.round.closes_at + days * DAY
        times = {"at": opens, "opens_at": opens, "closes_at": opens + 3 * DAY}
        later[name] = rated_round(has_remarks=False, like=rated, pleads=name == "near", **times)
        count_now(later[name])
        made_public(later[name])
    near, year = (
        Outcome.objects.get(subject__round=one.round, subject__person=rated.subjects[0]) for one in later.values()
    )
    assert near.figures["before"] is None
    assert year.figures["before"]["subject"] == str(near.subject_id)
    assert (year.figures["before"]["class"], year.figures["before"]["score"]) == ("excellent", str(near.score))
    assert Reading(year, later["year"].round.publication).change == "+0.00"
    assert first.figures["before"] is None


def test_an_english_document_has_no_chinese_marks_between_its_words():
    rated = rated_round(has_remarks=False)
    count_now(rated)
    outcomes = made_public(rated)
    publication = Publication.objects.get(round=rated.round)
    readings = [(one.subject, Reading(one, publication)) for one in outcomes]
    document = Document(io.BytesIO(results_document(rated.round, readings)))
    said = [one.text for one in document.paragraphs if "Score: 90.40; Grade class: Excellent" in one.text]
    assert len(said) == 1 and said[0].endswith(".") and not set("：；。，（）") & set(said[0])
    spread = {cell.text for table in document.tables for row in table.rows for cell in row.cells if "%" in cell.text}
    assert spread and not [one for one in spread if "，" in one or ", " not in one]


def test_two_years_running_are_two_neighbouring_years_and_not_two_rounds():
    rated = make_round(OPEN, has_remarks=False)
    rated.edition = rated.round.edition

    def asked(one):
        for person in (*rated.heads, *rated.workers):
            rate(one, person, "incompetent", s02="basic", at=one.round.opens_at)
        count_now(one)
        worst, other = made_public(one)
        assert (worst.grade_class, other.grade_class) == ("incompetent", "basic")
        assert "dismiss" not in other.figures["prompts"]
        return worst.figures["prompts"]

    first = asked(rated)
    assert "remove" in first and "dismiss" not in first
    for days, year, is_asked in ((200, 2026, False), (400, 2027, True), (1200, 2029, False)):
        at = AT + days * DAY
        later = again(rated, at=at, opens_at=at, closes_at=at + 3 * DAY, has_remarks=False, year=year)
        assert ("dismiss" in asked(later)) == is_asked, year


@pytest.mark.parametrize(
    ("text", "is_fine"),
    [
        ("张三常常迟到", True),
        ("□□常常迟到", True),
        ("□常常迟到", False),
        ("李四常常迟到", False),
        ("", False),
        ("张三常常迟到\r\n", True),
    ],
)
def test_words_may_be_covered_and_nothing_else(text, is_fine):
    assert is_covered("张三常常迟到\n", text) == is_fine
