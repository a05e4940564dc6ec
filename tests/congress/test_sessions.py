"""Sessions: planned in order, moved, put off; every state against every state."""

import datetime as dt
import uuid

import pytest

from congress.enums import SESSION_TRANSITIONS, SessionState
from congress.models import Session
from congress.operations import sessions as does
from congress.operations.core import move_session_to
from portal.kernel.days import day_start
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused
from portal.ledger.models import Entry
from portal.notices.models import Notice
from tests.factories.cards import AT
from tests.factories.congress import make_session, make_term

pytestmark = pytest.mark.usefixtures("english")
S = SessionState
WEEKS = [day_start(dt.date(2026, 6, 1) + dt.timedelta(weeks=n)) for n in range(6)]


def test_every_state_against_every_state(monkeypatch):
    assert set(SESSION_TRANSITIONS) == set(S)
    monkeypatch.setattr(Session, "save", lambda self, **kwargs: None)
    for source in S:
        for target in S:
            session = Session(state=source)
            if target in SESSION_TRANSITIONS[source]:
                move_session_to(session, target)
                assert session.state == target
            else:
                with pytest.raises(IllegalTransition):
                    move_session_to(session, target)
                assert session.state == source


def test_sessions_follow_one_another(hall):
    term = make_term(hall, "fixed")
    first = make_session(term, hall, opens_at=WEEKS[1])
    assert first.title == "职代厂: workers' congress, term 5, session 1"
    for kwargs, why in (
        ({"opens_at": WEEKS[0]}, "after the one before"),
        ({"opens_at": AT}, "in the past"),
        ({"opens_at": day_start(dt.date(2031, 1, 1))}, "within its term"),
        ({"opens_at": WEEKS[2], "closes_on": dt.date(2026, 6, 1)}, "before the opening"),
        ({"opens_at": WEEKS[2], "kind": "extra"}, "asked for by somebody"),
    ):
        with pytest.raises(OperationRefused, match=why):
            make_session(term, hall, **kwargs)
    key = uuid.uuid4()
    extra = {"opens_at": WEEKS[2], "kind": "extra", "proposer": "delegates", "purpose": "审议改制方案", "key": key}
    second = make_session(term, hall, **extra)
    assert make_session(term, hall, **extra) == second, "sent twice, planned once"
    act = {"closes_on": dt.date(2026, 7, 1), "place": "礼堂", "mode": "hybrid", "actor": hall.officer, "at": AT}
    with pytest.raises(OperationRefused, match="after the one before"):
        does.move_session(session_id=first.pk, opens_at=WEEKS[3], **act)
    with pytest.raises(OperationRefused, match="Only the union"):
        does.move_session(session_id=second.pk, opens_at=WEEKS[3], **{**act, "actor": hall.stranger})
    does.move_session(session_id=second.pk, opens_at=WEEKS[3], **act)
    does.cancel_session(session_id=second.pk, reason="协商一致，不再召开", actor=hall.officer, at=AT)
    with pytest.raises(OperationRefused, match="cancelled"):
        does.move_session(session_id=second.pk, opens_at=WEEKS[4], **act)
    assert make_session(term, hall, opens_at=WEEKS[2]).number == 2, "a cancelled number is given again"
    verbs = Entry.objects.filter(subject=f"congress.session:{second.pk}", verb__startswith="congress_session")
    assert sorted(verbs.values_list("verb", flat=True)) == [
        "congress_session.cancelled",
        "congress_session.moved",
        "congress_session.planned",
    ]
    with pytest.raises(Conflict):
        does.plan_session(
            term_id=term.pk, kind="regular", opens_at=WEEKS[5], closes_on=dt.date(2026, 7, 7), place="礼堂",
            mode="onsite", idempotency_key=key, actor=hall.chair, at=AT,
        )  # fmt: skip


def test_who_was_convened_is_told(hall):
    term = make_term(hall)
    session = make_session(term, hall, opens_at=WEEKS[1])
    act = {"session_id": session.pk, "actor": hall.officer, "at": AT}
    day = {"opens_at": WEEKS[2], "closes_on": dt.date(2026, 6, 20), "place": "礼堂", "mode": "onsite"}
    does.move_session(**act, **day)
    assert not Notice.objects.filter(kind__startswith="congress_session").exists(), "nobody knew of it yet"
    Session.objects.filter(pk=session.pk).update(state=S.CONVENED, convened_at=AT)
    does.move_session(**act, **day)
    assert Notice.objects.filter(kind="congress_session.moved").count() == term.seats
    does.postpone_session(**act, reason="台风")
    with pytest.raises(OperationRefused, match="postponed already"):
        does.postpone_session(**act, reason="台风")
    assert Notice.objects.filter(kind="congress_session.postponed", is_urgent=True).count() == term.seats
    does.move_session(**act, **{**day, "opens_at": WEEKS[3], "closes_on": dt.date(2026, 6, 25)})
    session.refresh_from_db()
    assert (session.state, session.reason, session.convened_at) == (S.PLANNED, "", None)
