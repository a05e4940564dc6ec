"""A round in any state, with its people, by the operations; groups A (leaders, heads) and B (front-line workers)."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

from evaluations.enums import CodeSet, ScaleKind, Source, Visibility
from evaluations.models import Round
from evaluations.operations import announcing, questionnaires, reports, rounds
from evaluations.presets import DIMENSIONS
from evaluations.queries.rounds import blocks_of_round, own_subjects
from portal.accounts.enums import Category, Role
from portal.ballots import operations as box
from portal.ballots.enums import Grade
from tests.factories.commitments import clean_scan
from tests.factories.people import make_officer, make_person, make_unit

AT = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
DRAFT, ANNOUNCED, REPORTED, OPEN, CLOSED, COUNTED = "draft", "announced", "reported", "open", "closed", "counted"
ORDER = [DRAFT, ANNOUNCED, REPORTED, OPEN, CLOSED, COUNTED]


def make_sheet(unit, officer, *, scale=ScaleKind.GRADE, step=5, dimensions=None, name="干部测评表", at=AT):
    """Make a sheet with one edition; return the edition."""
    rows = DIMENSIONS[CodeSet.FIVE] if dimensions is None else dimensions
    sheet = questionnaires.make_questionnaire(
        unit=unit, name=name, scale=scale, step=step, dimensions=rows, source="试用", actor=officer, at=at
    )
    return sheet.editions.get()


def make_round(
    state=OPEN,
    *,
    at=AT,
    subjects=2,
    heads=5,
    workers=6,
    teams=(),
    void_rules=(),
    sheet=None,
    works=None,
    scrutineers=None,
    has_groups=True,
    opens_at=None,
    closes_at=None,
    officer=None,
    people_unit=None,
    **over,
):
    """
    Make a round of a unit of its own and take it to a state by the operations.

    Returns round, unit, officer, subjects (people), heads (group A), workers (group B), scrutineers, shares.
    """
    company = make_unit()
    unit = works or make_unit(company)
    officer = officer or make_officer(Role.UNION_OFFICER, company)
    place = people_unit or unit
    people = [make_officer(Role.LEADER_IN_CHARGE, place) for _n in range(subjects)]
    rated = SimpleNamespace(
        unit=unit,
        officer=officer,
        subjects=people,
        heads=[make_officer(Role.DEPARTMENT_HEAD, place, category=Category.MANAGER) for _n in range(heads)],
        workers=[make_person(unit=place, category=Category.FRONTLINE) for _n in range(workers)],
        scrutineers=scrutineers or [make_person(unit=company, category=Category.MANAGER) for _n in range(3)],
        shares=[],
        slips=[],
    )
    for person in people:
        person.category = Category.MANAGER
        person.save(update_fields=["category"])
    act = {"actor": officer, "at": at}
    rated.round = rounds.plan_round(
        **{
            "unit": unit,
            "title": "2026年度干部民主测评",
            "year": 2026,
            "edition": sheet or make_sheet(unit, officer),
            "grade": Grade.SIGNED_IN,
            "opens_at": opens_at or at,
            "closes_at": closes_at or at + 3 * DAY,
            "visibility": Visibility.SUBJECTS,
            "has_remarks": True,
            **over,
        },
        **act,
    )
    key = {"round_id": rated.round.pk, **act}
    if has_groups:
        where = {"unit": unit, "with_units_below": True}
        if over.get("grade") != Grade.PRINTED_CODE or has_groups == "AB":
            rounds.add_group(name="中层", weight=Decimal("0.4"), sources=[Source.LEADERS, Source.HEADS], **where, **key)
            rounds.add_group(name="职工", weight=Decimal("0.6"), sources=[Source.FRONTLINE], **where, **key)
        else:
            rounds.add_group(name="职工", weight=Decimal(1), sources=[Source.FRONTLINE], **where, **key)
    rounds.add_subjects(people=people, teams=teams, **key)
    if void_rules:
        rounds.set_void_rules(kinds=void_rules, **key)
    for step in ORDER[1 : ORDER.index(state) + 1]:
        STEPS[step](rated, at)
    return refreshed(rated)


def refreshed(rated):
    """Read the round again, with its poll."""
    rated.round = Round.objects.select_related("poll", "unit", "edition", "counterpart").get(pk=rated.round.pk)
    rated.poll = rated.round.poll
    return rated


def _announce(rated, at):
    announcing.announce_round(round_id=rated.round.pk, scrutineers=rated.scrutineers, actor=rated.officer, at=at)
    refreshed(rated)


def _report(rated, at):
    first, *others = rated.round.subjects.all()
    reports.add_report(subject_id=first.pk, upload=clean_scan(), actor=rated.officer, at=at)
    for one in others:
        reports.waive_report(subject_id=one.pk, reason="任职不满三个月。", actor=rated.officer, at=at)
    rated.shares = [box.take_up_share(poll_id=rated.poll.pk, actor=one, at=at) for one in rated.scrutineers]


def _print(rated, at):
    if rated.round.grade == Grade.PRINTED_CODE:
        rated.slips_of = {}
        for group in rated.round.groups.all():
            sheets = box.print_codes(poll_id=rated.poll.pk, count=12, group=group.code, actor=rated.officer, at=at)
            rated.slips_of[group.code] = [code for _number, codes in sheets for code in codes]
        rated.slips = [code for codes in rated.slips_of.values() for code in codes]


def _open(rated, at):
    _print(rated, at)
    box.open_poll(poll_id=rated.poll.pk, actor=rated.officer, at=at)


def _close(rated, at):
    box.close_due(at=rated.round.closes_at)


def _count(rated, at):
    box.count_poll(poll_id=rated.poll.pk, codes=rated.shares[:2], actor=rated.officer, at=rated.round.closes_at)


STEPS = {ANNOUNCED: _announce, REPORTED: _report, OPEN: _open, CLOSED: _close, COUNTED: _count}


def answers_of(rated, person, answer="excellent", *, remark="", **by_subject):
    """Return a whole form: one answer to everything, another for single subjects (s01="basic"), own ones skipped."""
    own = own_subjects(rated.round, person) if person is not None else set()
    found = {}
    for block in blocks_of_round(rated.round):
        place = block.codes[0][0][:3]
        is_own = block.subject.pk in own
        found |= {code: "skip" if is_own else by_subject.get(place, answer) for code, _item in block.codes}
        if block.remark:
            found[block.remark] = "" if is_own else remark
    return found


def rate(rated, person, answer="excellent", *, at=AT, **over):
    """Put in somebody's form."""
    return box.cast_ballot(
        poll_id=rated.poll.pk, person=person, answers=answers_of(rated, person, answer, **over), at=at
    )


def count_now(rated):
    """Close by the clock and count with two shares; return the box's result."""
    at = rated.round.closes_at
    box.close_due(at=at)
    result = box.count_poll(poll_id=rated.poll.pk, codes=rated.shares[:2], actor=rated.officer, at=at)
    refreshed(rated)
    return result
