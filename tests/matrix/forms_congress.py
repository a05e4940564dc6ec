"""The forms of the congress, each with a role that may send it and data that it takes (tests.matrix.forms)."""

from tests.files.zoo import picture, upload
from tests.matrix.table import NONE, OWN

DAY = "2026-03-09"
HIDDEN = {
    "duty_decide": ("verdict",),
    "extension_decide": ("verdict",),
    "door": ("mandate",),
    "leave": ("mandate",),
    "session_hall": ("do", "seen", "item", "stage", "poll", "speech"),
}


def forms(Form, text, key, day):
    """Return the forms; the builders of made-up words, keys and days are handed in."""

    def hall(s):
        return s.halls[OWN]

    def verdict(r):
        return {"verdict": r.choice(("yes", "no")), "answer": text(r)}

    def meeting(r, **more):
        return {"held_on": DAY, "took_part": "34", "counters": text(r), "idempotency_key": key(r), **more}

    def body(s, r, count, **more):
        return {
            "name": text(r, most=30),
            "remit": text(r),
            "decided_on": DAY,
            "members": hall(s)["_sitting"][:count],
            **more,
        }

    def delegation(s, r):
        units = [hall(s)["_shop"]]
        return {"name": text(r, most=30), "units": units, "head": r.choice(("", hall(s)["_sitting"][0]))}

    def allocation(s, r):
        units = hall(s)["_units"]
        seats = dict(zip(units, ("1", "１", "28"), strict=True))
        return {f"seats-{one}": n for one, n in seats.items()} | {f"contact-{one}": text(r) for one in units}

    rows = [
        (
            "prepare a term",
            "term_new",
            "union_chair",
            lambda s, r: {
                "unit": s.plant.works.code,
                "number": r.choice(("21", "２２")),
                "noun": r.choice(("workers", "employees")),
                "begins_on": "2060-01-01",
                "years": r.choice(("3", "5")),
                "region": r.choice(("national", "henan")),
            },
            (),
        ),
        (
            "set the seats",
            "term_seats",
            "union_chair",
            lambda s, r: {
                "seats": r.choice(("31", "３２")),
                "decision": text(r, least=2),
                "leader_percent": "20",
                "half_is_enough": r.choice("01"),
                "women": "10",
                "women_of": "40",
                "women_source": text(r, least=2, most=30),
                "women_on": DAY,
            },
            ("decision", "women_source"),
        ),
        (
            "choose electing units",
            "term_units",
            "union_chair",
            lambda s, r: {"units": [s.plant.works.code, s.plant.shop.code]},
            (),
        ),
        ("share the seats", "term_allocate", "union_chair", allocation, ()),
        (
            "extend a term",
            "term_extend",
            "union_chair",
            lambda s, r: {"until": "2035年6月30日", "reason": text(r, least=2)},
            ("reason",),
        ),
        ("decide an extension", "extension_decide", "union_chair", lambda s, r: verdict(r), ("answer",)),
        (
            "form a delegation",
            "delegation_new",
            "union_chair",
            lambda s, r: delegation(s, r) | {"units": [_free(s)], "head": ""},
            ("name",),
        ),
        ("change a delegation", "delegation_edit", "union_chair", delegation, ("name",)),
        (
            "propose the presidium",
            "presidium",
            "union_chair",
            lambda s, r: body(s, r, r.choice((3, 5))),
            ("name", "remit"),
        ),
        ("form a committee", "committee_new", "union_chair", lambda s, r: body(s, r, 2, chair=""), ("name", "remit")),
        (
            "change a committee",
            "committee_edit",
            "union_chair",
            lambda s, r: body(s, r, 3, chair=hall(s)["_sitting"][1]),
            ("name", "remit"),
        ),
        (
            "invite an observer",
            "observer_new",
            "union_chair",
            lambda s, r: {"person": r.choice(("810008", "８１０００８")), "reason": text(r, least=2, most=40)},
            ("reason",),
        ),
        ("set a contact office", "contact", "union_officer", lambda s, r: {"contact": text(r, least=2)}, ("contact",)),
        (
            "enter a candidate",
            "nominate",
            "union_officer",
            lambda s, r: {
                "person": hall(s)["_standing"],
                "category": r.choice(("frontline", "leader")),
                "gender": r.choice(("", "female")),
            },
            (),
        ),
        (
            "record an election",
            "election",
            "union_officer",
            lambda s, r: meeting(r, **{f"votes-{hall(s)['_candidate']}": r.choice(("34", "０"))}),
            ("counters",),
        ),
        (
            "record a recall",
            "recall",
            "union_officer",
            lambda s, r: meeting(r, votes=r.choice(("0", "30"))),
            ("counters",),
        ),
        (
            "write into a duty log",
            "duty_new",
            "author",
            lambda s, r: {
                "on": day(r),
                "kind": r.choice(("inspection", "training")),
                "text": text(r, least=2, most=90),
                "minutes": r.choice(("0", "９０")),
                "idempotency_key": key(r),
            },
            ("text",),
        ),
        ("give a duty report", "report_give", "author", lambda s, r: {"text": text(r, least=2, most=90)}, ("text",)),
        ("confirm a duty log", "duty_decide", "union_officer", lambda s, r: verdict(r), ("answer",)),
        (
            "rate a duty report",
            "report_rate",
            "union_officer",
            lambda s, r: {"rated_on": DAY, "took_part": "20", "good": "10", "fair": "５", "poor": "0"},
            (),
        ),
    ]

    def reason(s, r):
        return {"reason": text(r, least=2)}

    def item(r):
        return {
            "kind": r.choice(("consult", "supervise")),
            "title": text(r, least=2, most=40),
            "report": r.choice(("", "welfare")),
            "speaker": text(r, most=20),
            "minutes": r.choice(("", "２０")),
            "names": "",
        }

    def meets(r):
        return {
            "opens_on": "2027-03-09",
            "opens_time": r.choice(("09:30", "１４：００")),
            "closes_on": r.choice(("", "2027-03-10")),
            "place": text(r, least=2, most=40),
            "mode": r.choice(("onsite", "hybrid")),
        }

    rows += [
        (
            "plan a session",
            "session_new",
            "union_chair",
            lambda s, r: (
                {**meets(r), "kind": "extra", "proposer": "union", "purpose": text(r, least=2, most=90)}
                | {"idempotency_key": key(r)}
            ),
            ("place", "purpose"),
        ),
        (
            "record a step",
            "step_do",
            "union_chair",
            lambda s, r: {"evidence": text(r, least=2)},
            ("evidence",),
        ),
        (
            "fix the credentials",
            "session_credentials",
            "union_chair",
            lambda s, r: {"counts_vacant": r.choice("01"), "evidence": text(r, least=2)},
            ("evidence",),
        ),
        (
            "set an item",
            "item_new",
            "union_chair",
            lambda s, r: {**item(r), "idempotency_key": key(r)},
            ("title", "speaker"),
        ),
        (
            "change an item",
            "item_edit",
            "union_chair",
            lambda s, r: {**item(r), "idempotency_key": key(r)},
            ("title", "speaker"),
        ),
        ("withdraw an item", "item_withdraw", "union_chair", reason, ("reason",)),
        (
            "add a paper",
            "paper_new",
            "union_chair",
            lambda s, r: {"title": text(r, least=2, most=40), "text": text(r, least=2), "idempotency_key": key(r)},
            ("title",),
        ),
        ("deliver to the rest", "deliver", "union_chair", lambda s, r: {"way": r.choice(("portal", "paper"))}, ()),
        ("say that a paper is read", "paper", "author", lambda s, r: {}, ()),
        (
            "give an opinion on an item",
            "opinion_new",
            "author",
            lambda s, r: {
                "text": text(r, least=2, most=90),
                "is_collective": r.choice("01"),
                "idempotency_key": key(r),
            },
            ("text",),
        ),
        ("answer an opinion", "opinion_answer", "union_chair", lambda s, r: {"answer": text(r, least=2)}, ("answer",)),
        (
            "record a joint decision",
            "joint_new",
            "union_chair",
            lambda s, r: {
                "held_on": DAY,
                "kind": "consult",
                "title": text(r, least=2, most=40),
                "text": text(r, least=2),
                "took_part": r.choice(("7", "１２")),
                "idempotency_key": key(r),
            },
            ("title", "text"),
        ),
        ("sign a delegate in", "door", "union_chair", lambda s, r: {"code": "", "mandate": hall(s)["_absent"]}, ()),
        ("let a delegate leave", "leave", "union_chair", lambda s, r: {"mandate": hall(s)["_present"]}, ()),
        (
            "waive a line",
            "waive",
            "union_chair",
            lambda s, r: {"gate": "presidium", "reason": text(r, least=2), "basis": text(r, least=2)},
            ("reason", "basis"),
        ),
        (
            "record a stage at the console",
            "session_hall",
            "union_chair",
            lambda s, r: {"do": "stage", "item": hall(s)["_running"], "stage": "report", "words": text(r)},
            ("words",),
        ),
        (
            "draw up a vote",
            "vote_new",
            "union_chair",
            lambda s, r: {
                "items": [hall(s)["_waiting"]],
                "title": text(r, least=2, most=40),
                "grade": r.choice(("signed_in", "printed_code")),
                "minutes": r.choice(("60", "９０")),
                "idempotency_key": key(r),
                **{
                    f"scrutineer_{place}": job_no
                    for place, job_no in zip(("one", "two", "three"), hall(s)["_scrutineers"], strict=True)
                },
            },
            ("title",),
        ),
        (
            "add a signed original",
            "record_new",
            "union_chair",
            lambda s, r: {
                "kind": r.choice(("minutes", "sign_in", "other")),
                "files": upload(picture(), "签字页.jpg"),
                "idempotency_key": key(r),
            },
            (),
        ),
        (
            "flag a bypass",
            "bypass_new",
            "union_chair",
            lambda s, r: {
                "title": text(r, least=2, most=40),
                "kind": "approve",
                "in_force_on": DAY,
                "unit": s.plant.dept.code,
                "demand": text(r, least=2),
                "idempotency_key": key(r),
            },
            ("title", "demand"),
        ),
        ("move a session", "session_move", "union_chair", lambda s, r: meets(r), ("place",)),
        *(
            (
                f"{act} a session",
                f"session_{act}",
                "union_chair",
                lambda s, r: {"reason": text(r, least=2)},
                ("reason",),
            )
            for act in ("postpone", "cancel")
        ),
    ]
    return [
        Form(
            name,
            f"congress:{route}",
            role,
            NONE if route == "term_new" else OWN,
            good,
            texts,
            **({"hidden": HIDDEN[route]} if route in HIDDEN else {}),
        )
        for name, route, role, good, texts in rows
    ]


def _free(stage):
    """Return an electing unit that belongs to no delegation."""
    from congress.models import ElectingUnit

    main = stage.halls[OWN]["term"]
    return str(ElectingUnit.objects.filter(term=main, delegation=None).order_by("pk").first().pk)
