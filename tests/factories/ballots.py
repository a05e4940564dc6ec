"""A poll in any state, with its scrutineers and the codes of their shares."""

import datetime as dt
from types import SimpleNamespace

from portal.accounts.enums import Role
from portal.ballots import operations as does
from portal.ballots.enums import Grade
from portal.ballots.trials import TRIAL, trial_definition
from tests.factories.people import make_officer, make_person, make_unit

AT = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)
DRAFT, SHARED, OPEN, CLOSED, COUNTED, PUBLISHED = "draft", "shared", "open", "closed", "counted", "published"
ORDER = [DRAFT, SHARED, OPEN, CLOSED, COUNTED, PUBLISHED]


def make_definition(**over):
    """One matter, unless told otherwise."""
    return trial_definition(**{"matters": ["是否同意年度培训计划"], **over})


def make_poll(
    state=OPEN,
    *,
    at=AT,
    voters=0,
    unit=None,
    officer=None,
    grade=Grade.SIGNED_IN,
    definition=None,
    codes=0,
    scrutineers=None,
    **over,
):
    """
    Make a test poll of a unit of its own and take it to a state by the operations.

    Returns poll, unit, officer, scrutineers, shares (their codes), voters and slips (printed codes).
    """
    company = make_unit()
    unit = unit or make_unit(company)
    officer = officer or make_officer(Role.UNION_OFFICER, company)
    scrutineers = scrutineers or [make_person(unit=company) for _place in range(3)]
    people = [make_person(unit=unit) for _place in range(voters)]
    poll = does.draft_poll(
        **{
            "owner_kind": TRIAL,
            "owner_id": unit.code,
            "title": "试投票",
            "grade": grade,
            "definition": definition or make_definition(),
            "scrutineers": scrutineers,
            "closes_at": at + dt.timedelta(hours=2),
            "is_test": True,
            **over,
        },
        actor=officer,
        at=at,
    )
    made = SimpleNamespace(
        poll=poll, unit=unit, officer=officer, scrutineers=scrutineers, voters=people, shares=[], slips=[]
    )
    steps = ORDER[1 : ORDER.index(state) + 1]
    for step in steps:
        STEPS[step](made, at, codes)
    made.poll.refresh_from_db()
    return made


def _share(made, at, codes):
    made.shares = [does.take_up_share(poll_id=made.poll.pk, actor=one, at=at) for one in made.scrutineers]
    if codes:
        sheets = does.print_codes(poll_id=made.poll.pk, count=codes, actor=made.officer, at=at)
        made.slips = [code for _number, slips in sheets for code in slips]


def _close(made, at, codes):
    for one in (made.officer, made.scrutineers[0]):
        made.poll.refresh_from_db()
        if made.poll.state == OPEN:
            does.close_poll(poll_id=made.poll.pk, actor=one, at=at)


STEPS = {
    SHARED: _share,
    OPEN: lambda made, at, codes: does.open_poll(poll_id=made.poll.pk, actor=made.officer, at=at),
    CLOSED: _close,
    COUNTED: lambda made, at, codes: does.count_poll(
        poll_id=made.poll.pk, codes=made.shares[:2], actor=made.officer, at=at
    ),
    PUBLISHED: lambda made, at, codes: does.publish_poll(poll_id=made.poll.pk, actor=made.officer, at=at),
}


def vote(made, person, said="for", *, at=AT):
    """Put in a ballot with the same answer to every matter."""
    answers = {question.code: said for question in made.poll.definition.questions}
    return does.cast_ballot(poll_id=made.poll.pk, person=person, answers=answers, at=at)
