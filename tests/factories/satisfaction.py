"""A satisfaction poll of a works in any state, by the operations, with people in its shops who answer."""

import datetime as dt
import uuid
from types import SimpleNamespace

from evaluations.models import SatisfactionPoll
from evaluations.operations.satisfaction import draw_up_satisfaction
from portal.accounts.enums import Role
from portal.accounts.models import Person
from portal.ballots import operations as box
from tests.factories.congress import make_staff
from tests.factories.people import make_officer, make_person, make_unit

AT = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
DRAFT, SHARED, OPEN, CLOSED, COUNTED, PUBLISHED = "draft", "shared", "open", "closed", "counted", "published"
ORDER = [DRAFT, SHARED, OPEN, CLOSED, COUNTED, PUBLISHED]


def make_poll(state=OPEN, *, shops=(12,), at=AT, unit=None, officer=None, scrutineers=None, key=None):
    """
    Make a poll of a works with so many people in each of its shops and take it to a state.

    Returns row, poll, unit, officer, shops (lists of people), scrutineers, shares.
    """
    company = make_unit()
    unit = unit or make_unit(company)
    made = SimpleNamespace(
        unit=unit,
        company=company,
        officer=officer or make_officer(Role.UNION_OFFICER, company),
        scrutineers=scrutineers or [make_person(unit=company) for _n in range(3)],
        shops=[staff_in(make_unit(unit), size) for size in shops],
        shares=[],
    )
    made.row = draw_up_satisfaction(
        unit=unit,
        scrutineers=made.scrutineers,
        closes_at=at + 3 * DAY,
        key=key or uuid.uuid4(),
        actor=made.officer,
        at=at,
    )
    made.poll = made.row.poll
    for step in ORDER[1 : ORDER.index(state) + 1]:
        STEPS[step](made, at)
    return fresh(made)


def staff_in(shop, size):
    """Put people on the roster of a shop and return them."""
    return make_staff(shop, size, prefix="S") if size else []


def fresh(made):
    """Read the poll again."""
    made.row = SatisfactionPoll.objects.select_related("unit", "poll").get(pk=made.row.pk)
    made.poll = made.row.poll
    return made


def _share(made, at):
    made.shares = [box.take_up_share(poll_id=made.poll.pk, actor=one, at=at) for one in made.scrutineers]


def _open(made, at):
    box.open_poll(poll_id=made.poll.pk, actor=made.officer, at=at)


def _close(made, at):
    box.close_due(at=at + 3 * DAY)


def _count(made, at):
    box.count_poll(poll_id=made.poll.pk, codes=made.shares[:2], actor=made.officer, at=at + 3 * DAY)


def _publish(made, at):
    box.publish_poll(poll_id=made.poll.pk, actor=made.officer, at=at + 3 * DAY)


STEPS = {SHARED: _share, OPEN: _open, CLOSED: _close, COUNTED: _count, PUBLISHED: _publish}


def answer(made, people, disclosure="5", congress="4", *, at=AT):
    """Put in the forms of some people, all alike."""
    for person in Person.objects.filter(pk__in=[one.pk for one in people]):
        answers = {"disclosure": disclosure, "congress": congress}
        box.cast_ballot(poll_id=made.poll.pk, person=person, answers=answers, at=at)


def finish(made, *, at=AT):
    """Close by the clock, count and publish an open poll."""
    for step in (CLOSED, COUNTED, PUBLISHED):
        STEPS[step](made, at)
    return fresh(made)
