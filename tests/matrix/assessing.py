"""What the matrix finds of assessments: of each works one in the state of each act, and schemes; and their forms."""

import datetime as dt
from types import SimpleNamespace

from evaluations.models import Figure
from evaluations.operations import assessing
from tests.factories import assessments as made
from tests.factories import satisfaction as polled
from tests.factories.cards import AT
from tests.factories.people import make_unit
from tests.matrix.table import NONE, OWN

DAY = dt.timedelta(days=1)
NAMES = ("scrutineer_one", "scrutineer_two", "scrutineer_three")
# The columns that assess: nobody of the works, and no union desk of theirs.
GIVES, CONFIRMS = "security_admin", "auditor"


def rows_of(side, cast):
    """Return {short route name: its arguments} for one works; those with "_" before them are for forms."""
    house = SimpleNamespace(
        company=side.company,
        works=side.works,
        keeper=cast["company_chair"],
        chair=side.chair,
        head=cast[GIVES],
        member=cast[CONFIRMS],
    )
    version = made.make_version(house, at=AT)
    years = iter(range(2026, 2000, -1))

    def one(state):
        return made.make_assessment(house, state, version=version, year=next(years), at=AT)

    planned, ready, self_, group, scored = (one(state) for state in ("planned", "prepared", "self", "group", "scored"))
    draft, answered, accepted, final = (one(state) for state in ("draft", "draft", "draft", "final"))
    made.object_to(house, answered, at=AT)
    assessing.hear_answer(answered.objections.get().inquiry, at=AT)
    assessing.accept_assessment(assessment_id=accepted.pk, actor=side.chair, at=AT)
    rectifying, recheck = one("rectifying"), one("recheck")
    session = made.make_assembly(house, at=AT)
    house.keeper = side.chair
    own, own_draft = (made.make_version(house, unit=side.works, in_force=is_whole, at=AT) for is_whole in (True, False))
    item = own_draft.items.order_by("order").first()
    scrutineers = [side.colleague, side.worker2, side.head]
    poll = polled.make_poll(unit=side.works, officer=side.officer, scrutineers=scrutineers, shops=(), at=AT)
    return {
        **dict.fromkeys(("satisfaction", "satisfaction_remind"), poll.row.pk),
        "_session": session.pk,
        "_asked": _unit_of_five(side.company).code,
        "_scrutineers": [one.job_no for one in scrutineers],
        **dict.fromkeys(("assessment_prepare", "assessment_cancel"), planned.pk),
        "assessment_open": ready.pk,
        "assessment_self": self_.pk,
        "assessment_score": group.pk,
        "assessment_confirm": scored.pk,
        **dict.fromkeys(
            ("assessment_object", "assessment_accept", "assessment_sheet", "assessment_document"), draft.pk
        ),
        "assessment_again": answered.pk,
        "assessment_final": accepted.pk,
        **dict.fromkeys(("assessment_opinion", "assessment_close", "assessment_put", "assessment"), final.pk),
        "assessment_evidence": (final.pk, Figure.objects.filter(line__assessment=final).order_by("pk").first().pk),
        "demand_report": rectifying.points.order_by("place").first().pk,
        "demand_check": recheck.points.order_by("place").first().pk,
        "scheme_begin": own.scheme_id,
        **dict.fromkeys(("scheme_version", "scheme_item_add", "scheme_enforce"), own_draft.pk),
        **dict.fromkeys(("scheme_item_edit", "scheme_item_drop"), item.pk),
        "_version": version.pk,
        "_members": [house.head.job_no, house.member.job_no],
        "_self": [line.pk for line in self_.lines.all()],
        "_group": [line.pk for line in group.lines.all()],
        "_final": [line.pk for line in final.lines.all()],
    }


def _unit_of_five(company):
    """A unit whose staff nobody has asked this year."""
    unit = make_unit(company)
    polled.staff_in(unit, 5)
    return unit


def forms(Form, text, key):
    """Return the forms of assessments; the builders of made-up words and keys are handed in."""

    def rows(s):
        return s.rated[OWN]

    def days(r):
        return {"self_by": r.choice(("2026-03-20", "2026年3月21日")), "group_by": "2026-04-10"}

    def points(s, r, name):
        given = {f"points-{pk}": r.choice(("1", "２．５", "0.5")) for pk in rows(s)[name]}
        return {**given, **{f"words-{pk}": text(r, least=4, most=60) for pk in rows(s)[name]}, "act": "send"}

    def item(s, r):
        return {
            "title": text(r, least=2, most=30),
            "points": r.choice(("10", "７．５")),
            "criteria": text(r, least=2, most=90),
            "source": text(r, least=2, most=60),
            "w_motion-on_time": r.choice(("", "0", "３")),
        }

    def act(name, route, role, good=lambda s, r: {"seen": ""}, texts=(), hidden=None):
        more = {} if hidden is None else {"hidden": hidden}
        return Form(name, f"evaluations:{route}", role, OWN, good, texts, **more)

    def reason(s, r):
        return {"reason": text(r, least=4, most=90)}

    item_texts = ("title", "criteria", "source")
    return [
        Form(
            "begin a scheme",
            "evaluations:scheme_start",
            "union_officer",
            NONE,
            lambda s, r: {
                "unit": s.plant.works.code,
                "title": text(r, least=2, most=30),
                "begin": r.choice(("sheet", "empty")),
                "idempotency_key": key(r),
            },
            ("title",),
        ),
        Form(
            "draw up a satisfaction poll",
            "evaluations:satisfaction_new",
            "company_chair",
            NONE,
            lambda s, r: {
                "unit": rows(s)["_asked"],
                "closes_on": r.choice(("2026-03-20", "2026年3月21日")),
                "closes_time": r.choice(("18:00", "１８：００")),
                **dict(zip(NAMES, rows(s)["_scrutineers"], strict=True)),
                "idempotency_key": key(r),
            },
        ),
        act("remind the staff", "satisfaction_remind", "union_chair"),
        act("add an item", "scheme_item_add", "union_officer", item, item_texts),
        act("change an item", "scheme_item_edit", "union_chair", item, item_texts),
        act("put a scheme into force", "scheme_enforce", "union_chair", lambda s, r: {"note": text(r)}, ("note",)),
        Form(
            "plan assessments",
            "evaluations:assessments_plan",
            "company_chair",
            NONE,
            lambda s, r: {
                "version": str(rows(s)["_version"]),
                "year": r.choice(("2026", "２０２６")),
                "units": [s.plant.shop.code, s.far.shop.code],
                **days(r),
            },
        ),
        act(
            "name the group",
            "assessment_prepare",
            "company_chair",
            lambda s, r: {**dict(zip(("member1", "member2"), rows(s)["_members"], strict=True)), **days(r)},
        ),
        act("cancel an assessment", "assessment_cancel", "company_chair", reason, ("reason",)),
        act("open the self-assessment", "assessment_open", "company_chair"),
        act("assess oneself", "assessment_self", "union_chair", lambda s, r: points(s, r, "_self")),
        act("give the group's points", "assessment_score", GIVES, lambda s, r: points(s, r, "_group")),
        act("confirm the points", "assessment_confirm", CONFIRMS),
        act(
            "object to an assessment",
            "assessment_object",
            "union_chair",
            lambda s, r: {
                "subject": text(r, least=2, most=30),
                "body": text(r, least=4, most=90),
                "idempotency_key": key(r),
            },
            ("subject", "body"),
        ),
        act("accept a draft", "assessment_accept", "leader"),
        act("back to the group", "assessment_again", "company_chair"),
        act("make it final", "assessment_final", "company_chair"),
        act(
            "rectification opinion",
            "assessment_opinion",
            "company_chair",
            lambda s, r: {f"demand-{pk}": text(r, least=4, most=60) for pk in rows(s)["_final"]},
        ),
        act(
            "put a result to the congress",
            "assessment_put",
            "company_chair",
            lambda s, r: {"session": rows(s)["_session"], "idempotency_key": key(r)},
        ),
        act("nothing to put right", "assessment_close", "company_chair", reason, ("reason",)),
        act("report a demand", "demand_report", "union_chair", lambda s, r: {"done": text(r, least=4)}, ("done",)),
        act(
            "re-check a demand",
            "demand_check",
            GIVES,
            lambda s, r: {"verdict": r.choice(("yes", "no")), "note": text(r)},
            ("note",),
            ("verdict",),
        ),
    ]
