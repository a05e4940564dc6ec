"""What the matrix finds of appraisals in each works: a round in the state of each act; and their forms."""

import datetime as dt

from portal.accounts.models import Unit
from tests.factories import appraisals as made
from tests.factories.cards import AT
from tests.factories.people import make_unit
from tests.matrix.table import NONE, OWN

DAY = dt.timedelta(days=1)


def rows_of(side):
    """Return {short route name: its arguments} for one works; those with "_" before them are for forms."""
    shop = make_unit(Unit.objects.get(pk=side.works.pk), name=f"{side.works.name}测评车间")
    plain = {
        "works": side.works,
        "people_unit": shop,
        "officer": side.officer,
        "scrutineers": [side.colleague, side.worker2, side.head],
        "at": AT,
        "closes_at": AT + 30 * DAY,
    }
    sheet = made.make_sheet(side.works, side.officer, at=AT)
    draft = made.make_round(made.DRAFT, sheet=sheet, **plain)
    announced = made.make_round(made.ANNOUNCED, sheet=sheet, **plain)
    opened = made.make_round(made.OPEN, sheet=sheet, **plain)
    group, subject = draft.round.groups.first(), draft.round.subjects.first()
    waiting = announced.round.subjects.first()
    return {
        **dict.fromkeys(("round_desk", "round_change", "group_new", "subjects_add", "void_rules"), draft.round.pk),
        "announce": draft.round.pk,
        "group_remove": (draft.round.pk, group.pk),
        "subject_remove": subject.pk,
        "cancel": announced.round.pk,
        **dict.fromkeys(("report_add", "report_waive"), waiting.pk),
        **dict.fromkeys(("round", "roll", "remind"), opened.round.pk),
        "report_file": opened.round.subjects.first().pk,
        **dict.fromkeys(("sheet", "edition_new"), sheet.questionnaire_id),
        "_edition": sheet.pk,
        "_worker": draft.workers[0].job_no,
        "_three": [one.job_no for one in plain["scrutineers"]],
    }


def forms(Form, text, key):
    """Return the forms of appraisals; the builders of made-up words and keys are handed in."""

    def rows(s):
        return s.rounds[OWN]

    def round_(s, r):
        return {
            "title": text(r, least=2, most=30),
            "year": r.choice(("2026", "２０２６")),
            "edition": rows(s)["_edition"],
            "opens_on": "2060-03-01",
            "opens_time": r.choice(("08:00", "０８：３０")),
            "closes_on": r.choice(("2060-03-09", "2060年3月10日")),
            "closes_time": "18:00",
            "grade": "signed_in",
            "visibility": r.choice(("subjects", "classes", "scores")),
            "has_remarks": r.choice(("", "on")),
        }

    def sheet(s, r):
        return {
            "scale": r.choice(("grade", "score", "satisfaction")),
            "step": "5",
            "dimensions": r.choice(("工作业绩 0.6\n勤政廉洁 ４０％", "德 1：公道、守纪")),
            "source": text(r, least=2, most=60),
        }

    def act(name, route, good=lambda s, r: {"seen": ""}, texts=()):
        return Form(name, f"evaluations:{route}", "union_officer", OWN, good, texts)

    names = ("scrutineer_one", "scrutineer_two", "scrutineer_three")
    return [
        Form(
            "plan an appraisal",
            "evaluations:round_new",
            "union_officer",
            NONE,
            lambda s, r: {
                **round_(s, r),
                "unit": s.plant.works.code,
                "direction": "single",
                "counterpart": "",
                "idempotency_key": key(r),
            },
            ("title",),
        ),
        Form(
            "write a sheet",
            "evaluations:sheet_new",
            "union_officer",
            NONE,
            lambda s, r: {
                **sheet(s, r),
                "unit": s.plant.works.code,
                "name": text(r, least=2, most=30),
                "idempotency_key": key(r),
            },
            ("name", "source"),
        ),
        act("write an edition", "edition_new", sheet, ("source",)),
        act("change an appraisal", "round_change", round_, ("title",)),
        act(
            "add a voter group",
            "group_new",
            lambda s, r: {
                "name": text(r, least=2, most=20),
                "weight": r.choice(("0.4", "０．４", "40%")),
                "unit": s.plant.works.code,
                "with_units_below": "on",
                "sources": ["staff"],
            },
            ("name",),
        ),
        act("take a voter group away", "group_remove"),
        act("add who is rated", "subjects_add", lambda s, r: {"people": rows(s)["_worker"]}),
        act("take somebody off", "subject_remove"),
        act(
            "set rules of void forms", "void_rules", lambda s, r: {"kinds": r.sample(("same", "full"), r.randrange(3))}
        ),
        act("announce", "announce", lambda s, r: dict(zip(names, rows(s)["_three"], strict=True))),
        act("cancel an appraisal", "cancel", lambda s, r: {"reason": text(r, least=2)}, ("reason",)),
        act("record that there is no report", "report_waive", lambda s, r: {"reason": text(r, least=2)}, ("reason",)),
        act("remind all", "remind"),
    ]
