"""Two operators at once: one sign-in, one item, one waiver, one repetition, one number; both engines."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from congress.models import AgendaItem, Delivery, ItemOpinion, Presence, Session, Speech
from congress.operations import hall as door
from congress.operations import resolutions, running
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.notices.models import Notice
from tests.congress.test_hall import come
from tests.factories.cards import AT
from tests.factories.congress import make_hall, make_item, make_session, make_term
from tests.factories.resolutions import make_past, make_resolution, make_task
from tests.faults.people import session_of
from tests.faults.stage import in_parallel
from tests.faults.test_r14_storms import places, storm
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


@pytest.mark.django_db(transaction=True)
@both_engines
def test_r14_check_in_opinions_and_the_list_of_speakers(engine, transactional_db):
    """Twenty delegates press twenty-five times each, a few on SQLite, whose writers wait for one another."""
    users, times = (20, 25) if engine == "postgresql" else (6, 4)
    house = make_hall()
    term = make_term(house)
    session = make_session(term, house, mode="hybrid")
    item = make_item(session, house)
    at = timezone.now()
    open_now = {"state": "open", "opens_at": at - dt.timedelta(hours=1), "closes_on": local_day(at)}
    Session.objects.filter(pk=session.pk).update(convened_at=AT, opened_at=at, whole=30, **open_now)
    rows = list(term.mandates.filter(state="active").select_related("person").order_by("person__job_no"))
    mine, absent, there = rows[:users], rows[users], rows[users + 1 :]
    plain = {"session": session, "way": "list", "arrived_at": at, "recorded_by": house.officer}
    Presence.objects.bulk_create(Presence(mandate=one, **plain) for one in there)
    Delivery.objects.bulk_create(
        Delivery(session=session, mandate=one, way="portal", code=f"{place:06d}", delivered_at=at)
        for place, one in enumerate(mine)
    )
    keys = [session_of(one.person) for one in mine]
    home, desk = f"/congress/sessions/{session.pk}/", f"/desk/congress/sessions/{session.pk}/"
    officer = session_of(house.officer)

    def pressed(posts):
        ends = places(storm(posts, times=times))
        assert {status for found in ends.values() for status, _place in found} <= {302, 403, 409}, ends
        assert [number for number, found in ends.items() if not any(status == 302 for status, _ in found)] == []

    pressed([(key, f"{home}here/", {}) for key in keys] + [(officer, f"{desk}door/", {"mandate": str(absent.pk)})])
    assert Presence.objects.filter(left_at=None).count() == Presence.objects.count() == len(rows)
    pressed([(key, f"{home}receipt/", {}) for key in keys])
    assert Delivery.objects.filter(seen_at__isnull=False).count() == users
    said = [{"text": "建议增加夜班补贴", "idempotency_key": str(uuid.uuid4())} for _ in keys]
    pressed([(key, f"/congress/items/{item.pk}/opinion/", one) for key, one in zip(keys, said, strict=True)])
    assert ItemOpinion.objects.filter(item=item).count() == users
    pressed([(officer, f"{desk}hall/", {"do": "call", "item": str(item.pk)})])
    assert AgendaItem.objects.filter(session=session, state="running").count() == 1
    pressed([(key, f"{home}speak/", {}) for key in keys])
    assert Speech.objects.filter(item=item, ended_at=None).count() == Speech.objects.count() == users
    row = Speech.objects.first()
    pressed([(officer, f"{desk}hall/", {"do": "word", "speech": row.pk})])
    assert Notice.objects.filter(kind="congress_session.speech_given").count() == 1
