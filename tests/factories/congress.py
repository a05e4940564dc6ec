"""
A works with a congress: forty people in three shops, a term in any stage, brought there by the real operations.

    hall = make_hall()                                   # units, people, unions; the same ones each time
    term = make_term(hall, stage="elected")              # draft, seats, units, allocated, fixed, elected, confirmed
"""

import datetime as dt
import uuid
from types import SimpleNamespace

from congress.models import ElectingUnit, Mandate, Term
from congress.operations import agenda, bodies, delegates, sessions, terms
from portal.accounts.enums import Gender, Role, UnitKind
from portal.accounts.models import Person
from portal.deadlines.operations import seed_editions
from portal.kernel.days import day_start, local_day
from tests.factories.cards import AT
from tests.factories.people import make_unit, same_person, same_unit

STAGES = ("draft", "seats", "units", "allocated", "fixed", "elected", "confirmed")


def make_staff(unit, count, *, gender=Gender.MALE, prefix=""):
    """Put people on the roster of a unit by one insert; every third is a woman unless all are one gender."""
    first = Person.objects.count()
    return Person.objects.bulk_create(
        Person(
            job_no=f"9{prefix}{first + number:06d}",
            name=f"职工{first + number}",
            unit=unit,
            gender=Gender.FEMALE if number % 3 == 0 else gender,
            password="!",
            has_to_change_secret=False,
        )
        for number in range(count)
    )


def make_hall():
    """Make, or find again, a works of forty people in three shops, and the union that keeps its congress."""
    seed_editions(at=AT)
    company = make_unit()
    works = same_unit("ZD", "职代厂", company)
    if works.kind != UnitKind.SECONDARY:
        works.kind = UnitKind.SECONDARY
        works.save()
    shops = [same_unit(f"ZD-{n}", name, works) for n, name in enumerate(("一车间", "二车间", "机关"), 1)]
    hall = SimpleNamespace(
        company=company,
        works=works,
        shops=shops,
        chair=same_person("720001", "秦主席", works, (Role.UNION_CHAIR, works)),
        officer=same_person("720002", "苗干事", works, (Role.UNION_OFFICER, works)),
        branch=same_person("720003", "车间工会", shops[0], (Role.UNION_OFFICER, shops[0])),
        stranger=same_person("720004", "外人", company),
    )
    for person in (hall.chair, hall.officer, hall.branch):
        Person.objects.filter(pk=person.pk, gender="").update(gender=Gender.FEMALE)
    if Person.objects.filter(unit__in=shops).count() < 30:
        for shop, count in zip(shops, (20, 12, 6), strict=True):
            make_staff(shop, count)
    return hall


def record(held_on, took_part, **over):
    """Return what a form has cleaned of a meeting."""
    plain = {"counters": "监票人甲、复核人乙", "idempotency_key": uuid.uuid4()}
    return delegates.MeetingRecord(held_on=held_on, took_part=took_part, **{**plain, **over})


def make_term(hall, stage="confirmed", *, unit=None, units=None, at=AT, seats=None, number=5, begins_on=None, **over):
    """Make a term of the works in a stage; elections give every candidate all votes."""
    plain = {"noun": "workers", "years": 5, "region": "national"}
    term = terms.prepare_term(
        unit=unit or hall.works,
        number=number,
        begins_on=begins_on or dt.date(2025, 1, 1),
        actor=hall.officer,
        at=at,
        **{**plain, **over},
    )
    steps = STAGES.index(stage)
    if steps >= 1:
        terms.set_seats(
            term_id=term.pk,
            seats=seats or term.least,
            decision="厂务会与工会商定召开职工代表大会",
            leader_percent=20,
            half_is_enough=False,
            women=30,
            women_of=100,
            women_source="人事处年报",
            women_on=local_day(at),
            actor=hall.officer,
            at=at,
        )
    if steps >= 2:
        terms.choose_units(term_id=term.pk, units=units or [hall.works, *hall.shops], actor=hall.officer, at=at)
    if steps >= 3:
        share_out(term, hall, at)
    if steps >= 4:
        terms.fix_term(term_id=term.pk, actor=hall.chair, at=at)
    if steps >= 5:
        for one in ElectingUnit.objects.filter(term=term).select_related("unit", "term"):
            elect(one, hall, at=at)
    if steps >= 6:
        for one in ElectingUnit.objects.filter(term=term):
            delegates.confirm_credentials(electing_unit_id=one.pk, actor=hall.chair, at=at)
    return Term.objects.get(pk=term.pk)


def make_session(term, hall, *, opens_at=None, at=AT, **over):
    """Plan a session of a term, sixty days ahead unless it is said."""
    plain = {"kind": "regular", "place": "职工俱乐部", "mode": "onsite"}
    opens_at = opens_at or day_start(local_day(at) + dt.timedelta(days=60)) + dt.timedelta(hours=8, minutes=30)
    return sessions.plan_session(
        term_id=term.pk,
        opens_at=opens_at,
        closes_on=over.pop("closes_on", local_day(opens_at)),
        idempotency_key=over.pop("key", None) or uuid.uuid4(),
        actor=hall.officer,
        at=at,
        **{**plain, **over},
    )


def make_item(session, hall, kind="consult", *, at=AT, **over):
    """Put an item on the agenda of a planned session."""
    plain = {"title": "关于年度工作报告", "names": (), "idempotency_key": uuid.uuid4()}
    return agenda.set_item(session_id=session.pk, kind=kind, actor=hall.officer, at=at, **{**plain, **over})


def make_paper(session, hall, *, at=AT, **over):
    """Add a paper of a session."""
    plain = {"title": "会议材料", "text": "<p>一、基本情况</p>", "idempotency_key": uuid.uuid4()}
    return agenda.add_paper(session_id=session.pk, actor=hall.officer, at=at, **{**plain, **over})


def share_out(term, hall, at=AT):
    """Give the electing units their seats in proportion."""
    term.refresh_from_db()
    rows = list(ElectingUnit.objects.filter(term=term).select_related("unit"))
    seats = terms.proposed_seats(term, rows)
    terms.allocate_seats(
        term_id=term.pk, seats=seats, contacts=dict.fromkeys(seats, "工会办公室 301"), actor=hall.officer, at=at
    )


def staff_of_unit(one):
    """Return the people of an electing unit that has none below it, or of the works itself."""
    return list(Person.objects.filter(unit=one.unit, is_active=True).order_by("job_no"))


def stand(one, hall, people, *, at=AT, category="frontline"):
    """Put people on the list of candidates of an electing unit."""
    return [
        delegates.nominate(
            electing_unit_id=one.pk, person=person, category=category, gender="female", actor=hall.officer, at=at
        )
        for person in people
    ]


def elect(one, hall, *, count=None, at=AT):
    """Elect as many people as an electing unit has seats, each with the votes of all."""
    holders = set(Mandate.objects.live().filter(term=one.term_id).values_list("person_id", flat=True))
    people = [person for person in staff_of_unit(one) if person.pk not in holders]
    rows = stand(one, hall, people[: count or one.seats], at=at)
    staff = len(staff_of_unit(one))
    return delegates.record_election(
        electing_unit_id=one.pk,
        record=record(local_day(at), staff),
        votes={row.pk: staff for row in rows},
        actor=hall.officer,
        at=at,
    )


def make_presidium(term, hall, count=3, *, at=AT):
    """Let the first delegates of the first shop form the presidium."""
    rows = Mandate.objects.live().filter(term=term, electing_unit__unit=hall.shops[0])
    members = list(rows.exclude(person=hall.branch).order_by("seat")[:count])
    return bodies.set_body(
        term_id=term.pk,
        kind="presidium",
        name="主席团",
        remit="",
        decided_on=local_day(at),
        members=members,
        actor=hall.officer,
        at=at,
    )
