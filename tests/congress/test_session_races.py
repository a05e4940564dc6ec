"""Two operators at once: one sign-in, one item, one waiver, one repetition, one number; both engines."""

import datetime as dt
import uuid

import pytest

from congress.models import AgendaItem, Presence, Session
from congress.operations import hall as door
from congress.operations import resolutions, running
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from tests.congress.test_hall import come
from tests.factories.cards import AT
from tests.factories.congress import make_hall, make_item, make_session, make_term
from tests.factories.resolutions import make_past, make_resolution, make_task
from tests.faults.stage import in_parallel
from tests.services import both_engines

SAID = (Conflict, OperationRefused, IllegalTransition)


@pytest.mark.django_db(transaction=True)
@both_engines
def test_two_operators_do_one_thing_once(engine, transactional_db):
    house = make_hall()
    term = make_term(house)
    session = make_session(term, house)
    first, second = make_item(session, house), make_item(session, house)
    at = session.opens_at
    Session.objects.filter(pk=session.pk).update(state="open", convened_at=AT, opened_at=at, whole=30)
    come(session, house, 25, at)
    absent = term.mandates.filter(state="active", presences=None).first()

    def sign_in(_number):
        door.sign_in(session_id=session.pk, mandate_id=absent.pk, actor=house.officer, at=at)

    def call(item):
        running.call_item(item_id=item.pk, actor=house.officer, at=at)

    assert _done(in_parallel(2, range(3), sign_in)) == 1
    assert Presence.objects.filter(mandate=absent).count() == 1
    assert _done(in_parallel(2, [first, second, first], call)) == 1
    item = AgendaItem.objects.get(session=session, state="running")

    def report(_number):
        running.pass_stage(item_id=item.pk, stage="report", actor=house.officer, at=at + dt.timedelta(minutes=1))

    assert _done(in_parallel(2, range(2), report)) == 1
    assert item.stages.count() == 1
    one = make_resolution(make_past(term, house, days=40, plan_in=90).items[0], house, "draft")
    key = uuid.uuid4()

    def issue(_number):
        resolutions.issue_resolution(resolution_id=one.pk, actor=house.chair, at=AT)

    def task(_number):
        return make_task(one, house, idempotency_key=key)

    assert _done(in_parallel(2, range(3), issue)) == 1
    one.refresh_from_db()
    assert (one.serial, one.versions.get().issued_by) == (1, house.chair)
    in_parallel(2, range(3), task)
    assert one.tasks.count() == 1


def _done(results):
    """Return how many went through; the others were refused in words, none broke."""
    assert all(one is None or isinstance(one, SAID) for one in results), results
    return results.count(None)
