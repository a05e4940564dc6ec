"""
Two years of commitments and major decisions of the demo enterprise, by the real operations in the order of days.

Twelve units renew a pledge, the enterprise and its works a responsibility
letter too; some open late, some sign late, on paper or never. Some forty
decisions are in every stage of being carried out.
"""

import datetime as dt
import random
import uuid

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F

from disclosures.enums import CommitmentKind, DutyRole, MajorKind
from disclosures.models import CommitmentPlan, CommitmentRound, CommitmentSignature, PaperSignature, Publication
from disclosures.operations.commitment_years import close_rounds, renew_rounds
from disclosures.operations.commitments import edit_round, open_round, sign_commitment
from disclosures.operations.majors import (
    MajorDraft,
    decide_major,
    link_publication,
    open_major_reports,
    register_major,
    report_progress,
)
from disclosures.operations.papers import check_paper
from disclosures.operations.responsibilities import set_responsible
from portal.deadlines.models import Promise
from portal.files.models import StoredFile
from portal.kernel.days import local_day
from portal.notices.models import Notice

from .majors import BASIS, DECISIONS, DONE, GOING, LATE, LETTER, PLEDGE, STARTED, VOTES
from .scribe import moment_of

WORKS = ("YX", "HF", "YJ", "WS", "DL", "YY", "JX")
UNITS = ("QM", *WORKS, "HQ", "WZ", "PX", "SB")
NUMBER = 42  # decisions in two years
KINDS = ("commitment.renew", "commitment.sign", "major.progress", "major.finish")
# A picture of one white pixel stands for a scanned page.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f0005fe02fe"
    "dccc59e70000000049454e44ae426082"
)


@transaction.atomic
def add_commitments(plant, *, at, seed, months=24, say=lambda text: None):
    """Write what happened up to a moment; returns (how many signatures are wanted, how many decisions there are)."""
    say("commitments")
    rng = random.Random(f"{seed}:commitments")  # noqa: S311 -- made-up days
    today = local_day(at)
    first = today.year - (1 if months >= 12 else 0)
    _plan(plant, dt.date(first - 1, 12, 15), at)
    for year in range(first, today.year + 1):
        renew_rounds(at=moment_of(dt.date(year, 1, 1), rng, 8))
        _sign_year(plant, year, rng, today)
        if year < today.year:
            close_rounds(at=moment_of(dt.date(year + 1, 1, 1), rng, 8))
    set_responsible(
        unit=plant.company,
        role=DutyRole.FIRST,
        person=plant.leaders["WZ"],
        words="",
        reason="兼任公司党委书记，为厂务公开第一责任人",
        since=dt.date(first, 1, 1),
        actor=plant.chair,
        at=moment_of(dt.date(first, 1, 1), rng, 9),
    )
    decisions = _majors(plant, rng, dt.date(first, 1, 10), today)
    _quiet(at)
    return CommitmentSignature.objects.count(), len(decisions)


def _plan(plant, since, at):
    moment = moment_of(since, random.Random(0), 9)  # noqa: S311 -- made-up days
    CommitmentPlan.objects.bulk_create(
        CommitmentPlan(
            kind=kind,
            unit=plant.units[code],
            title=title,
            body=body,
            month=1,
            day=31,
            since=since,
            set_by=plant.inspectors[0],
            set_at=moment,
        )
        for kind, title, body, codes in (
            (CommitmentKind.PLEDGE, "【年份】年领导干部廉洁从业承诺书", PLEDGE, UNITS),
            (CommitmentKind.LETTER, "【年份】年党风廉政建设责任书", LETTER, ("QM", *WORKS)),
        )
        for code in codes
    )


# Commitments ------------------------------------------------------------------------------------------------


def _sign_year(plant, year, rng, today):
    printed, has_left_one = {person["job_no"] for person in plant.signins}, False
    for one in CommitmentRound.objects.filter(year=year).select_related("unit", "plan").order_by("unit__path", "kind"):
        code = one.unit.code
        is_forgotten = (code, one.kind) == ("JX", "letter") and year < today.year
        day = dt.date(year, 2, rng.randint(9, 25)) if code == "WS" else dt.date(year, 1, rng.randint(5, 28))
        if is_forgotten or day > today:
            continue
        moment = moment_of(day, rng, 10)
        if code == "QM" and one.kind == CommitmentKind.LETTER:
            texts = {"title": one.title, "body": one.body}
            edit_round(round_id=one.pk, upper=plant.leaders["WZ"], actor=plant.inspectors[0], at=moment, **texts)
        if year == today.year and one.kind == CommitmentKind.PLEDGE:
            body = one.body.replace("公车私用", "公车私用，不参加可能影响公正的宴请")
            edit_round(round_id=one.pk, title=one.title, body=body, upper=None, actor=plant.inspectors[0], at=moment)
        open_round(round_id=one.pk, actor=plant.inspectors[0], at=moment)
        rows = one.signatures.select_related("person", "promise", "unit").order_by("unit__path", "role", "name")
        for row in rows:
            if year == today.year and not has_left_one and row.person.job_no in printed:
                has_left_one = True  # whoever signs in by the demo's list finds something to sign
                continue
            _sign(plant, row, day, rng, today)


def _sign(plant, row, opened_on, rng, today):
    due_on, roll = row.promise.due_on, rng.random()
    if roll < 0.86:
        day = opened_on + dt.timedelta(days=rng.randint(0, (due_on - opened_on).days))
    elif roll < 0.95:
        day = due_on + dt.timedelta(days=rng.randint(1, 24))
    else:
        return
    if day > today:
        return
    moment = moment_of(day, rng, 14)
    if 0.78 < roll < 0.86:
        _sign_on_paper(plant, row, day, moment)
    else:
        sign_commitment(signature_id=row.pk, actor=row.person, at=moment)


def _sign_on_paper(plant, row, day, moment):
    name = f"files/{uuid.uuid5(uuid.NAMESPACE_OID, str(row.pk)).hex}"
    scan = StoredFile(name="签字页.png", media_type="image/png", size=len(PIXEL), sha256="0" * 64, stored_on=day)
    scan.file.save(name.removeprefix("files/"), ContentFile(PIXEL), save=False)
    scan.save()
    paper = PaperSignature.objects.create(
        signature=row, scan=scan, signed_on=day, entered_by=plant.inspectors[0], entered_at=moment
    )
    second = plant.inspectors[1] if len(plant.inspectors) > 1 else plant.chair
    check_paper(paper_id=paper.pk, is_accepted=True, answer="", actor=second, at=moment + dt.timedelta(hours=2))


# Major decisions --------------------------------------------------------------------------------------------


def _majors(plant, rng, first, today):
    span = (today - first).days
    steps, decided = [], []
    for number in range(NUMBER):
        day = first + dt.timedelta(days=round(span * number / NUMBER) + rng.randint(0, 6))
        if day + dt.timedelta(days=3) >= today:
            continue
        steps.append((day + dt.timedelta(days=rng.randint(1, 3)), number, day))
    halves = [dt.date(year, month, 1) for year in range(first.year, today.year + 1) for month in (1, 7)]
    coming, follow = sorted(steps), []
    texts = list(
        Publication.objects.filter(item__code="A04", state__in=("published", "expired")).order_by("publish_at")
    )
    for on, number, day in coming:
        decided.append(_decide(plant, rng, number, day, on, today, follow))
    # In the order of days, so that each half-year finds what was unfinished at its end.
    for on in halves:
        if first < on <= today:
            follow.append((on, 0, None, None))
    for on, _order, decision, entry in sorted(follow, key=lambda step: step[:2]):
        moment = moment_of(on, rng, 9)
        if decision is None:
            open_major_reports(at=moment)
            continue
        actor = decision.registered_by
        report_progress(decision_id=decision.pk, actor=actor, at=moment, on=on, idempotency_key=_key(rng), **entry)
    for decision in decided:
        text = next((one for one in texts if local_day(one.publish_at) > decision.decided_on), None)
        if text is not None and decision.unit.code == "QM" and rng.random() < 0.7:
            link_publication(
                decision_id=decision.pk,
                publication=text,
                actor=decision.registered_by,
                at=text.publish_at + dt.timedelta(hours=1),
            )
    return decided


def _decide(plant, rng, number, day, on, today, follow):
    code = ("QM", "YX", "QM", "HF", "YJ", "QM", "WS", "DL", "QM", "YY", "JX")[number % 11]
    unit = plant.units[code]
    kind, meeting, owner, subject, content = DECISIONS[(number * 5 + number // 16) % len(DECISIONS)]
    department = plant.units[owner] if code == "QM" else unit
    words = {
        "unit": unit.name if code != "QM" else "公司",
        "a": rng.randint(6, 190) * 10,
        "b": rng.randint(4, 30),
        "n": rng.randint(5, 16),
    }
    end = day + dt.timedelta(days=rng.choice((60, 90, 150, 240)))
    draft = MajorDraft(
        unit=unit,
        department=department if department != unit else None,
        kind=kind,
        subject=subject.format(**words),
        content=f"<p>{content.format(**words)}</p>",
        decided_on=day,
        meeting=meeting,
        basis=BASIS.format(n=rng.choice("六七八九")),
        vote=rng.choice(VOTES).format(**words),
        responsible=plant.heads.get(department.code),
        planned_end=end,
        audience="unit" if kind == MajorKind.PERSONNEL else "everybody",
        idempotency_key=_key(rng),
    )
    moment = moment_of(on, rng, 10)
    actor = plant.handlers[department.code]
    decision = register_major(draft=draft, actor=actor, at=moment)
    leader = plant.leaders.get(department.code) or plant.leaders.get(code) or plant.chair
    if number >= NUMBER - 2:
        return decision  # waits for somebody to make it public
    decide_major(decision_id=decision.pk, is_granted=True, answer="", actor=leader, at=moment + dt.timedelta(hours=3))
    _plan_progress(rng, decision, on, end, today, follow)
    return decision


def _plan_progress(rng, decision, on, end, today, follow):
    """Note what will be reported of a decision, and when: mostly in time, some late, a few stopped or silent."""
    roll = rng.random()
    entries = [(on + dt.timedelta(days=rng.randint(8, 25)), ("under_way", rng.randint(5, 25), rng.choice(STARTED)))]
    middle = on + (end - on) / 2
    entries.append((middle, ("under_way", rng.randint(40, 70), rng.choice(GOING))))
    if roll < 0.7:
        entries.append((end - dt.timedelta(days=rng.randint(0, 12)), ("done", 100, rng.choice(DONE))))
    elif roll < 0.88:
        entries.append((end, ("delayed", rng.randint(60, 85), rng.choice(LATE))))
        entries.append((end + dt.timedelta(days=rng.randint(20, 70)), ("done", 100, rng.choice(DONE))))
    elif roll < 0.93:
        entries.append((middle + dt.timedelta(days=10), ("stopped", 50, "市场条件变化，经党委会复议终止实施。")))
    for day, (status, percent, text) in entries:
        if day < today:
            follow.append((day, 1, decision, {"status": status, "percent": percent, "text": text}))


def _key(rng):
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def _quiet(at):
    """Leave of the past only what is still to be done: the demo begins quietly."""
    Promise.objects.passed(at).filter(kind__in=KINDS).update(missed_at=F("due_at"))
    old = Notice.objects.filter(at__lt=at - dt.timedelta(days=14))
    old.filter(kind__startswith="commitment.").delete()
    old.filter(kind__startswith="major.").delete()
