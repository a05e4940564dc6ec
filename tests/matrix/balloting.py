"""What the matrix finds of the ballot box in each works: a poll in the state of each act; and its forms."""

import datetime as dt

from portal.ballots import operations as does
from portal.ballots.definition import Definition
from portal.ballots.enums import Grade
from tests.factories import ballots as made
from tests.factories.cards import AT
from tests.factories.commitments import clean_scan
from tests.matrix.table import NONE, OWN

# {short route name: the poll it is asked about}
POLLS = {
    "take_share": "draft",
    "reset_shares": "draft",
    "discard": "draft",
    "open": "shared",
    "print_codes": "codes",
    "void_sheet": "codes",
    "ballot": "open",
    "work": "open",
    "close": "open",
    "count": "closed",
    "minutes": "counted",
    "publish": "counted",
    "result": "published",
    "papers": "papers",
    "scan": "papers",
    "repeat": "published",
}


def polls_of(side, cast, whose):
    """Return the polls of one works; the worker of the columns is a scrutineer of the own one that is drawn up."""
    others = [side.colleague, side.worker2, side.head]
    by_codes = {"grade": Grade.PRINTED_CODE, "codes": 12}

    def poll(state, scrutineers=others, **over):
        return made.make_poll(
            state,
            unit=side.works,
            officer=side.officer,
            at=AT,
            closes_at=AT + dt.timedelta(days=30),
            scrutineers=scrutineers,
            **over,
        )

    return {
        "draft": poll(made.DRAFT, [cast["worker"], *others[:2]] if whose == OWN else others),
        "shared": poll(made.SHARED),
        "codes": poll(made.SHARED, **by_codes),
        "papers": _papers(poll),
        "codes_open": poll(made.OPEN, **by_codes),
        "open": poll(made.OPEN),
        "closed": poll(made.CLOSED),
        "counted": poll(made.COUNTED),
        "published": poll(made.PUBLISHED),
    }


def _papers(poll):
    """A closed vote with papers, one of them read once, and the scan."""
    box = poll(made.CLOSED, definition=Definition(made.make_definition().questions, has_paper=True))
    act = {"poll_id": box.poll.pk, "actor": box.scrutineers[2], "at": AT}
    does.enter_paper(number=1, answers={"q1": "for"}, **act)
    does.add_scan(upload=clean_scan(), **act)
    return box


def forms(Form, text, key):
    """Return the forms of the ballot box; the builders of made-up words and keys are handed in."""

    def trial(s, r):
        people = s.plant
        return {
            "title": text(r, least=2, most=30),
            "unit": people.shop.code,
            "grade": r.choice(Grade.values),
            "matters": "\n".join(f"{n}{text(r, least=2, most=30)}" for n in "甲乙"),
            "candidates": "张三\n李四",
            "seats": r.choice(("1", "２")),
            "can_write_in": r.choice(("", "on")),
            "comparator": r.choice((">", ">=")),
            "tie_rule": r.choice(("run_off", "lot")),
            "hours": r.choice(("1", "７２")),
            "scrutineer_one": people.colleague.job_no,
            "scrutineer_two": people.worker2.job_no,
            "scrutineer_three": people.head.job_no,
            "idempotency_key": key(r),
        }

    def shares(s):
        return s.polls[OWN]["closed"].shares

    def act(name, route, role="union_officer", good=lambda s, r: {"seen": ""}):
        return Form(name, f"ballots:{route}", role, OWN, good)

    return [
        Form("make a test vote", "ballots:trial", "union_officer", NONE, trial, ("title",)),
        Form(
            "type a code from the box",
            "ballots:code",
            "visitor",
            NONE,
            lambda s, r: {"code": r.choice(s.polls[OWN]["codes_open"].slips)},
        ),
        act(
            "put in a ballot",
            "ballot",
            "worker",
            lambda s, r: {"q1": r.choice(("for", "against", "abstain")), "step": r.choice(("check", "cast"))},
        ),
        act("take up a share", "take_share", "worker"),
        act("call shares back", "reset_shares"),
        act("print codes", "print_codes", good=lambda s, r: {"count": r.choice(("1", "９"))}),
        act("void a sheet of codes", "void_sheet", good=lambda s, r: {"sheet": r.choice(("1", "２"))}),
        act("open a vote", "open"),
        act("close a vote", "close"),
        act(
            "count a vote",
            "count",
            good=lambda s, r: dict(zip(("code_one", "code_two"), r.sample(shares(s), 2), strict=True)),
        ),
        act(
            "enter a paper",
            "papers",
            good=lambda s, r: {"do": "enter", "number": "1", "q1": r.choice(("for", "against", "abstain"))},
        ),
        act("publish a result", "publish"),
        act("vote again", "repeat", good=lambda s, r: {"hours": r.choice(("1", "２４")), "idempotency_key": key(r)}),
        act("give up a vote", "discard"),
    ]
