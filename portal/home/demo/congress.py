"""
The demo's workers' congress: the fifth term, begun two years ago, by the real operations in the order of days.

Every unit elects by a meeting, a second person reviews the credentials; there
are delegations, a presidium and three committees; reports of each year, duty
logs, and one seat vacant since its delegate was transferred.
"""

import datetime as dt
import random
import uuid

from django.db import transaction

from congress.enums import BodyKind, DelegateCategory
from congress.models import DutyEntry, DutyReport, ElectingUnit, Mandate
from congress.operations.bodies import invite_observer, set_body, set_delegation
from congress.operations.delegates import MeetingRecord, confirm_credentials, record_election
from congress.operations.duties import decide_duty, give_report, open_reports, rate_report, write_duty
from congress.operations.endings import end_mandates
from congress.operations.terms import allocate_seats, choose_units, fix_term, prepare_term, proposed_seats, set_seats
from congress.queries.terms import nearest_path
from congress.seats import presidium_bounds, votes_needed
from portal.accounts.enums import Category, Gender
from portal.accounts.models import Person
from portal.deadlines.models import Promise
from portal.kernel.days import day_start, local_day
from portal.ledger.recording import record_many
from portal.notices.models import Notice

from .plant import OFFICES, WORKS
from .scribe import moment_of

DELEGATIONS = (
    ("乙烯代表团", ("YX",)),
    ("化肥污水代表团", ("HF", "WS")),
    ("有机研究代表团", ("YJ", "YY")),
    ("动力检修代表团", ("DL", "JX")),
    ("机关代表团", ("QM", *(code for code, _name in OFFICES))),
)
COMMITTEES = (
    ("提案审查委员会", "征集、审查提案，督促办理和答复"),
    ("劳动安全卫生委员会", "检查劳动保护和职业健康措施的落实"),
    ("集体合同监督委员会", "监督集体合同和工资专项合同的履行"),
)
DUTIES = (
    ("inspection", "参加倒班宿舍和食堂巡视，提出整改意见四条", 180),
    ("opinions", "收集本班组对夜班热饭的意见十一条，汇总后填写信息卡", 60),
    ("follow_up", "督查“高温岗位防护”提案的落实，现场核对发放记录", 120),
    ("meeting", "参加代表团组长联席会议", 90),
    ("training", "参加职工代表履职培训：集体协商基础", 240),
    ("inspection", "参加罐区报警器整改复查", 150),
)
REPORT = (
    "一年来，我参加职工代表巡视{n}次，收集并反映职工意见{m}条，参加职代会和代表团讨论{k}次。"
    "反映的问题中，倒班宿舍隔音、夜班热饭、劳保鞋发放已经答复并落实；接待日改期通知不及时的问题仍在跟踪。"
    "不足之处：深入其他班组不够，对提案办理过程了解不细。新的一年，我将每月到班组听取一次意见，并把办理结果带回班组。"
)
PATTERN = (Gender.FEMALE, Gender.MALE, Gender.MALE, Gender.FEMALE, Gender.MALE)
COUNTERS = "监票人：{}、{}；计票、复核人：{}"


@transaction.atomic
def add_congress(plant, *, at, seed, say=lambda text: None):
    """Write the term that runs; returns how many delegates there are."""
    say("congress")
    rng = random.Random(f"{seed}:congress")  # noqa: S311 -- made-up votes
    today = local_day(at)
    begins_on = dt.date(today.year - 2, 1, 1)
    officer = plant.officers["QM"][0]
    term = _prepare(plant, rng, begins_on, officer)
    units = list(ElectingUnit.objects.filter(term=term).select_related("unit", "term").order_by("unit__path"))
    people = _people_of(term, units)
    for place, one in enumerate(units):
        moment = moment_of(dt.date(begins_on.year - 1, 11, 6) + dt.timedelta(days=place), rng, 15)
        _elect(plant, one, people[one.unit.path], rng, officer, moment)
    for one in units:
        confirm_credentials(
            electing_unit_id=one.pk, actor=plant.chair, at=moment_of(dt.date(begins_on.year - 1, 12, 12), rng, 9)
        )
    _form(plant, term, units, rng, officer, begins_on)
    for year in range(begins_on.year + 1, today.year + 1):
        _report(plant, rng, year, officer)
    _log(plant, term, rng, officer, at)
    _transfer(plant, at)
    Promise.objects.passed(at).filter(kind__startswith="delegate.").update(missed_at=at)
    Notice.objects.filter(kind__in=("mandate.elected", "duty_report.owed"), at__lt=at - dt.timedelta(days=14)).delete()
    return Mandate.objects.live().count()


def _prepare(plant, rng, begins_on, officer):
    day = dt.date(begins_on.year - 1, 10, 9)
    act = {"actor": officer, "at": moment_of(day, rng, 9)}
    term = prepare_term(
        unit=plant.company, number=5, noun="workers", begins_on=begins_on, years=5, region="national", **act
    )
    act["term_id"] = term.pk
    decision = "" if term.staff >= 100 else "经与行政协商，召开职工代表大会，代表三十名。"
    set_seats(seats=term.least, decision=decision, leader_percent=20, half_is_enough=False, **act)
    codes = ("QM", *(code for code, *_rest in WORKS), *(code for code, _name in OFFICES))
    choose_units(units=[plant.units[code] for code in codes], **act)
    term.refresh_from_db()
    rows = list(ElectingUnit.objects.filter(term=term).select_related("unit"))
    contacts = {one.pk: f"{one.unit.name}工会小组 {rng.randint(1, 4)}0{rng.randint(1, 9)} 室" for one in rows}
    allocate_seats(seats=proposed_seats(term, rows), contacts=contacts, **act)
    return fix_term(term_id=term.pk, actor=plant.chair, at=moment_of(day + dt.timedelta(days=7), rng, 10))


def _people_of(term, units):
    paths = {one.unit.path for one in units}
    found = {path: [] for path in paths}
    for person in Person.objects.filter(is_active=True).select_related("unit").order_by("job_no"):
        if (home := nearest_path(person.unit.path, paths)) is not None:
            found[home].append(person)
    return found


def _elect(plant, one, people, rng, officer, moment):
    """Nominate one more than there are seats, where there are three, and record the votes."""
    shown = {worker.pk for worker in plant.shown}
    chosen = [person for person in people if person.pk in shown][: one.seats]
    leader = plant.leaders.get(one.unit.code)
    if one.seats >= 4 and leader in people:
        chosen.append(leader)
    by_gender = {
        gender: [person for person in people if person.gender == gender and person.category != Category.MANAGER]
        for gender in Gender.values
    }
    wanted = min(one.seats + (one.seats >= 3), len(people))
    for place in range(len(people)):
        if len(chosen) >= wanted:
            break
        rows = by_gender[PATTERN[place % len(PATTERN)]]
        person = rows.pop(rng.randrange(len(rows))) if rows else None
        if person is not None and person not in chosen:
            chosen.append(person)
    chosen += [person for person in people if person not in chosen][: max(0, wanted - len(chosen))]
    rows = _nominate(one, chosen, officer, moment - dt.timedelta(days=5))
    staff = len(people)
    needed = votes_needed(staff, half_is_enough=False)
    took_part = max(-(-staff * 2 // 3), needed, round(staff * rng.uniform(0.75, 0.95)))
    votes = {
        row.pk: max(needed, rng.randint(needed, max(needed, took_part * 88 // 100)))
        if place < one.seats
        else rng.randint(0, staff // 5)
        for place, row in enumerate(rows)
    }
    names = [person.name for person in (people * 3)[:3]]
    record_election(
        electing_unit_id=one.pk,
        record=MeetingRecord(
            held_on=local_day(moment), took_part=took_part, counters=COUNTERS.format(*names), idempotency_key=_key(rng)
        ),
        votes=votes,
        actor=officer,
        at=moment,
    )


def _nominate(one, people, officer, moment):
    """Write the candidates as the operation would, but at once."""
    rows = Mandate.objects.bulk_create(
        Mandate(
            term=one.term,
            electing_unit=one,
            person=person,
            name=person.name,
            gender=person.gender,
            category=_category(person),
            nominated_at=moment,
        )
        for person in people
    )
    record_many(
        [
            {
                "verb": "mandate.nominated",
                "subject": f"congress.mandate:{row.pk}",
                "actor": officer,
                "at": moment,
                "unit": one.unit.code,
                "category": row.category,
            }
            for row in rows
        ]
    )
    return rows


def _category(person):
    if person.category == Category.TECHNICIAN:
        return DelegateCategory.TECHNICIAN
    if person.category != Category.MANAGER:
        return DelegateCategory.FRONTLINE
    is_leader = any(word in person.post for word in ("厂长", "处长", "总经理", "主席", "主任"))
    return DelegateCategory.LEADER if is_leader else DelegateCategory.MANAGER


def head_of(delegates, printed):
    """Return who heads a delegation: a worker of the printed sign-ins, so that no motion waits for nobody's review."""
    workers = (one for one in delegates if one.person.job_no in printed and one.category == DelegateCategory.FRONTLINE)
    return next(workers, delegates[0] if delegates else None)


def _form(plant, term, units, rng, officer, begins_on):
    """Form delegations, presidium and committees at the first session, and invite the observers."""
    by_code = {one.unit.code: one for one in units}
    act = {"term_id": term.pk, "actor": officer, "at": moment_of(begins_on + dt.timedelta(days=16), rng, 9)}
    live = list(
        Mandate.objects.filter(term=term, state="active")
        .select_related("electing_unit", "person")
        .order_by("electing_unit", "seat")
    )
    printed = {person["job_no"] for person in plant.signins}
    for name, codes in DELEGATIONS:
        rows = [by_code[code] for code in codes]
        keys = {one.pk for one in rows}
        head = head_of([one for one in live if one.electing_unit_id in keys], printed)
        set_delegation(name=name, electing_units=rows, head=head, **act)
    decided_on = begins_on + dt.timedelta(days=16)
    workers = [one for one in live if one.category == DelegateCategory.FRONTLINE]
    others = [one for one in live if one.category != DelegateCategory.FRONTLINE]
    least, most = presidium_bounds(term.seats, small=3, large=7)
    count = most or least
    front = -(-count // 2)
    members = (rng.sample(workers, front) + rng.sample(others, min(count - front, len(others))))[:count]
    members += [one for one in workers if one not in members][: count - len(members)]
    body = {"decided_on": decided_on, **act}
    set_body(kind=BodyKind.PRESIDIUM, name="主席团", remit="主持大会，处理大会期间的重要问题", members=members, **body)
    for name, remit in COMMITTEES:
        members = rng.sample(live, 5)
        set_body(kind=BodyKind.COMMITTEE, name=name, remit=remit, members=members, chair=members[0], **body)
    for inspector in plant.inspectors[:2]:
        if not any(one.person_id == inspector.pk for one in live):
            invite_observer(person=inspector, reason="纪检监察，列席监督选举和表决", **act)


def _report(plant, rng, year, officer):
    """Let all reports of the year before be given in January; some by the operations, with their rating."""
    open_reports(at=moment_of(dt.date(year, 1, 1), rng, 1))
    rows = list(
        DutyReport.objects.filter(year=year - 1, given_at__isnull=True)
        .select_related("promise", "mandate__person", "mandate__electing_unit")
        .order_by("mandate__electing_unit", "mandate__seat")
    )
    quick, acts = [], []
    for place, report in enumerate(rows):
        text = REPORT.format(n=rng.randint(2, 6), m=rng.randint(5, 30), k=rng.randint(2, 5))
        moment = moment_of(dt.date(year, 1, rng.randint(4, 28)), rng, 10)
        if place % 12 == 0:
            give_report(report_id=report.pk, text=text, actor=report.mandate.person, at=moment)
            staff = report.mandate.electing_unit.staff
            took_part = max(1, staff * 4 // 5)
            good = took_part * rng.randint(70, 95) // 100
            fair = (took_part - good) * 2 // 3
            day = dt.date(year, 2, rng.randint(5, 20))
            rate_report(
                report_id=report.pk,
                rated_on=day,
                took_part=took_part,
                good=good,
                fair=fair,
                poor=took_part - good - fair,
                actor=officer,
                at=moment_of(day, rng, 16),
            )
            continue
        report.text, report.given_at = text, moment
        report.promise.met_at, report.promise.next_at = moment, None
        quick.append(report)
        acts.append(
            {
                "verb": "duty_report.given",
                "subject": f"congress.mandate:{report.mandate_id}",
                "actor": report.mandate.person,
                "at": moment,
                "year": report.year,
            }
        )
    DutyReport.objects.bulk_update(quick, ["text", "given_at"])
    Promise.objects.bulk_update([report.promise for report in quick], ["met_at", "next_at"])
    record_many(acts)


def _log(plant, term, rng, officer, at):
    """Fill the duty logs of the delegates whose sign-in the demo prints, and of a few others."""
    rows = Mandate.objects.filter(term=term, state="active").select_related("person", "electing_unit__unit")
    shown = [one for one in rows if one.person in plant.shown]
    rest = [one for one in rows if one.person not in plant.shown and one.category == DelegateCategory.FRONTLINE]
    for mandate in [*shown, *rest[:3]]:
        for place, (kind, text, minutes) in enumerate(DUTIES if mandate in shown else DUTIES[:2]):
            day = local_day(at) - dt.timedelta(days=170 - 33 * place)
            entry = write_duty(
                mandate_id=mandate.pk,
                on=day,
                kind=kind,
                text=text,
                minutes=minutes,
                idempotency_key=_key(rng),
                actor=mandate.person,
                at=moment_of(day, rng, 17),
            )
            if place < len(DUTIES) - 1:
                decided = moment_of(day + dt.timedelta(days=2), rng, 9)
                decide_duty(entry_id=entry.pk, is_confirmed=True, answer="", actor=officer, at=decided)
    return DutyEntry.objects.count()


def _transfer(plant, at):
    """Move a delegate of the ethylene works to another unit forty days ago; the by-election is owed since."""
    moment = at - dt.timedelta(days=40)
    rows = Mandate.objects.live().filter(electing_unit__unit__code="YX", person__appointments__isnull=True)
    rows = rows.exclude(person__in=plant.shown).exclude(memberships__isnull=False).select_related("person")
    mandate = rows.order_by("-seat").first()
    if mandate is not None:
        mandate.person.unit = plant.units["HF-1"]
        mandate.person.save(update_fields=["unit"])
        end_mandates(at=day_start(local_day(moment)) + dt.timedelta(minutes=35))


def _key(rng):
    return uuid.UUID(int=rng.getrandbits(128), version=4)
