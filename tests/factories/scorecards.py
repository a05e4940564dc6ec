"""
Units with promises kept and missed in a month, and the sheets that are frozen of them.

    scene = make_scene()                     # two works with offices; the same ones each time in one database
    owe(scene.works, kept=3, late=1)         # of the briefings, due in MONTH
    card = make_sheet(scene)                 # frozen on the 1st of the following month
"""

import datetime as dt
import uuid
from types import SimpleNamespace

from evaluations.models import Scorecard
from evaluations.operations.confirming import confirm_scorecard
from evaluations.operations.freezing import freeze_month
from evaluations.operations.objecting import contest_figure
from portal.accounts.enums import Role
from portal.deadlines.models import Promise
from portal.kernel.days import day_end
from tests.factories.people import make_unit, same_person, same_unit

MONTH = dt.date(2026, 4, 1)
FIRST = dt.datetime(2026, 4, 30, 18, 0, tzinfo=dt.UTC)  # 1 May, 02:00 at the plant
DUE = dt.date(2026, 4, 20)
LATER = FIRST + dt.timedelta(days=2)
# Of what a promise is, so that the way to its page can be written.
SUBJECTS = {
    "briefing.hold": "disclosures.briefingduty",
    "disclosure.rectify": "disclosures.rectification",
    "session.papers": "congress.session",
    "resolution.task": "congress.resolutiontask",
}
REASON = "四月二十日的发布会已按期召开，但台账漏登一次。"


def make_scene():
    """Make, or find again, two works, a workshop, and who assesses, answers for and watches them."""
    company = make_unit()
    works, other = same_unit("YX", "乙烯厂", company), same_unit("HF", "化肥厂", company)
    shop = same_unit("YX-LJ", "裂解车间", works)
    return SimpleNamespace(
        company=company,
        works=works,
        other=other,
        shop=shop,
        worker=same_person("730001", "王海燕", shop),
        stranger=same_person("730002", "赵春梅", other),
        head=same_person("730011", "郑明", works, (Role.DEPARTMENT_HEAD, works)),
        handler=same_person("730012", "陈晓", works, (Role.HANDLER, works)),
        chair=same_person("730013", "周建国", company, (Role.UNION_CHAIR, company)),
        leader=same_person("730014", "吴志远", company, (Role.LEADER_IN_CHARGE, company)),
        works_chair=same_person("730015", "孙丽华", works, (Role.UNION_CHAIR, works)),
        auditor=same_person("730016", "田文永", company, (Role.AUDITOR, company)),
    )


def promise(unit, kind="briefing.hold", *, due_on=DUE, met=None, ended=None, **over):
    """Make a promise with its moments: ``met`` and ``ended`` are days after (before: negative) the due day."""
    late = day_end(due_on)
    plain = {
        "kind": kind,
        "subject": f"{SUBJECTS.get(kind, 'disclosures.duty')}:{uuid.uuid4()}",
        "unit": unit,
        "started_on": due_on - dt.timedelta(days=10),
        "rule": "days:10",
        "first_due_on": due_on,
        "due_on": due_on,
        "due_at": late,
        "met_at": None if met is None else late + dt.timedelta(days=met),
        "ended_at": None if ended is None else late + dt.timedelta(days=ended),
    }
    return Promise.objects.create(**{**plain, **over})


def owe(unit, *, kept=0, late=0, kind="briefing.hold", month=MONTH):
    """Let a unit have kept so many promises of a month, and missed so many."""
    due_on = month.replace(day=20)
    for _n in range(kept):
        promise(unit, kind, due_on=due_on, met=-1)
    for _n in range(late):
        promise(unit, kind, due_on=due_on)


def make_sheet(scene, unit=None, *, month=MONTH, at=FIRST):
    """Freeze a month and return the sheet of a unit (the works)."""
    freeze_month(month=month, at=at)
    return Scorecard.objects.get(unit=unit or scene.works, month=month)


def confirm(scene, card, *, at=LATER, points=None, reasons=None, actor=None):
    """Confirm a sheet as proposed, or with some points set otherwise."""
    return confirm_scorecard(
        scorecard_id=card.pk,
        points=points or {},
        reasons=reasons or {},
        note="",
        actor=actor or scene.chair,
        at=at,
    )


def contest(scene, card, code="briefing.held", *, at=LATER, actor=None, key=None):
    """Object to a figure of a sheet."""
    snapshot = card.snapshots.get(indicator=code)
    return contest_figure(
        snapshot_id=snapshot.pk, reason=REASON, idempotency_key=key or uuid.uuid4(), actor=actor or scene.head, at=at
    )
