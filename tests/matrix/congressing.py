"""A congress for each works of the stage: for each act a thing in the state in which the act is done."""

import datetime as dt
import uuid
from types import SimpleNamespace

from congress.models import AgendaItem, DutyReport, ElectingUnit, Mandate, Presence, Session, Speech
from congress.operations import agenda, bodies, delegates, duties, planning, records, running, terms
from portal.deadlines.operations import seed_editions
from tests.factories import congress as made
from tests.factories.cards import AT
from tests.factories.commitments import clean_scan
from tests.matrix import motioning, resolving

BEFORE = AT - dt.timedelta(days=280)  # in the year before, so that a report of it is owed now
ON = BEFORE.date()


def rows_of(side):
    """Return {short route name: its arguments} for one works; those with "_" before them are for forms."""
    seed_editions(at=AT)
    made.make_staff(side.shop, 30, prefix=side.works.code[:1])
    hall = SimpleNamespace(works=side.works, shops=[side.shop], officer=side.officer, chair=side.chair)
    plain = {"unit": side.works, "units": [side.works, side.shop, side.dept], "at": BEFORE}
    main = made.make_term(hall, "fixed", **plain)
    longer, draft, shared = (
        made.make_term(hall, stage, number=number, begins_on=dt.date(year, 1, 1), **plain)
        for stage, number, year in (("fixed", 6, 2030), ("units", 7, 2035), ("allocated", 8, 2040))
    )
    shop, office = (
        ElectingUnit.objects.select_related("unit", "term").get(term=main, unit=unit) for unit in (side.shop, side.dept)
    )
    sitting = _elect(shop, hall, [side.worker, side.worker2, side.colleague, *made.staff_of_unit(shop)[-3:]])
    delegates.confirm_credentials(electing_unit_id=shop.pk, actor=side.chair, at=BEFORE)
    _elect(office, hall, made.staff_of_unit(office)[:1])
    candidate = made.stand(shop, hall, made.staff_of_unit(shop)[-4:-3], at=BEFORE)[0]
    own, other, third = (
        Mandate.objects.get(term=main, person=one) for one in (side.worker, side.worker2, side.colleague)
    )
    act = {"term_id": main.pk, "actor": side.officer, "at": BEFORE}
    extension = terms.ask_extension(until=dt.date(2030, 6, 30), reason="改制未完成", **act)
    delegation = bodies.set_delegation(name="第一代表团", electing_units=[shop], **act)
    group = bodies.set_body(
        kind="committee", name="提案委员会", remit="审查提案", decided_on=ON, members=[own], chair=own, **act
    )
    observer = bodies.invite_observer(person=side.leader, reason="行政领导", **act)
    duty = duties.write_duty(
        mandate_id=own.pk,
        on=ON,
        kind="inspection",
        text="巡视倒班宿舍",
        minutes=60,
        idempotency_key=uuid.uuid4(),
        actor=side.worker,
        at=BEFORE,
    )
    duties.open_reports(at=AT)
    owed = DutyReport.objects.get(mandate=own)
    given = duties.give_report(
        report_id=DutyReport.objects.get(mandate=other).pk,
        text="一年来",
        upload=clean_scan(),
        actor=side.worker2,
        at=AT,
    )
    ahead = _sessions(main, side)
    live = [Mandate.objects.select_related("person", "electing_unit__unit").get(pk=one.pk) for one in sitting]
    past = ahead.pop("past")
    return {
        **ahead,
        **resolving.rows_of(side, past, Session.objects.get(pk=ahead["session_move"])),
        **motioning.rows_of(side, main, live, group, ahead["convene"], ahead["session_move"]),
        **dict.fromkeys(("term", "credential_sheet", "directory_file", "delegation_new", "presidium"), main.pk),
        **dict.fromkeys(("committee_new", "observer_new"), main.pk),
        **dict.fromkeys(("term_seats", "term_units", "term_allocate"), draft.pk),
        "term_fix": shared.pk,
        "term_extend": longer.pk,
        "extension_decide": extension.pk,
        "delegation_edit": delegation.pk,
        "committee_edit": group.pk,
        "observer_end": observer.pk,
        **dict.fromkeys(("electing_unit", "contact", "nominate", "election"), shop.pk),
        "credentials": office.pk,
        "withdraw": candidate.pk,
        "recall": third.pk,
        "resign": third.pk,
        "duty_new": own.pk,
        "duty_decide": duty.pk,
        "report_give": owed.pk,
        **dict.fromkeys(("report", "report_file", "report_rate"), given.pk),
        "go": ("mandate", own.pk),
        "_units": [str(one.pk) for one in ElectingUnit.objects.filter(term=draft).order_by("pk")],
        "_shop": str(shop.pk),
        "_candidate": str(candidate.pk),
        "_sitting": [str(one.pk) for one in sitting],
        "_standing": made.staff_of_unit(shop)[-5].job_no,
    }


def _sessions(term, side):
    """A session in each state in which something is done with it."""
    hall = SimpleNamespace(officer=side.officer)
    convened = made.make_session(term, hall, opens_at=AT + dt.timedelta(days=60), at=AT)
    act = {"actor": side.officer, "at": AT}
    item = made.make_item(convened, hall, at=AT)
    paper = made.make_paper(convened, hall, upload=clean_scan(), at=AT)
    agenda.convene_session(session_id=convened.pk, **act)
    opinion = agenda.give_opinion(
        item_id=item.pk,
        text="建议增加夜班补贴",
        is_collective=False,
        idempotency_key=uuid.uuid4(),
        actor=side.worker,
        at=AT,
    )
    ready = made.make_session(term, hall, opens_at=AT + dt.timedelta(days=90), at=AT)
    made.make_item(ready, hall, at=AT, kind="consult")
    halls = _halls(term, side, hall)
    past = resolving.past_of(side, term)
    # The last one, so that any later day is free for it.
    planned = made.make_session(term, hall, opens_at=AT + dt.timedelta(days=200), at=AT)
    draft = made.make_item(planned, hall, at=AT)
    return {
        "past": past,
        **halls,
        **dict.fromkeys(("session_new", "joint_new"), term.pk),
        **dict.fromkeys(("session_move", "session_postpone", "session_cancel"), planned.pk),
        **dict.fromkeys(("session", "my_session", "receipt", "deliver"), convened.pk),
        **dict.fromkeys(("session_deliveries", "session_opinions", "session_desk", "session_credentials"), convened.pk),
        **dict.fromkeys(("item_new", "paper_new"), planned.pk),
        "convene": ready.pk,
        "step_do": planned.steps.get(code="topics").pk,
        "item_edit": draft.pk,
        **dict.fromkeys(("item_withdraw", "opinion_new"), item.pk),
        **dict.fromkeys(("paper", "paper_file"), paper.pk),
        "opinion_answer": opinion.pk,
    }


def _halls(term, side, hall):
    """Sessions on their day: one convened, two open with items in each state, one closed."""
    convened, opened, other, closed = (
        made.make_session(term, hall, opens_at=AT + dt.timedelta(days=91 + place), at=AT, mode="hybrid")
        for place in range(4)
    )
    running_item, vote, voted = (
        made.make_item(opened, hall, kind, at=AT) for kind in ("consult", "approve", "approve")
    )
    talked = made.make_item(other, hall, at=AT)
    AgendaItem.objects.filter(pk__in=[running_item.pk, talked.pk]).update(state="running")
    AgendaItem.objects.filter(pk__in=[vote.pk, voted.pk]).update(state="to_vote")
    rows = list(Mandate.objects.filter(term=term, state="active").exclude(person=side.worker).select_related("person"))
    for place, (session, state) in enumerate(
        ((convened, "convened"), (opened, "open"), (other, "open"), (closed, "closed"))
    ):
        Session.objects.filter(pk=session.pk).update(
            state=state,
            opens_at=AT - dt.timedelta(hours=4 - place),
            convened_at=AT,
            opened_at=None if state == "convened" else AT,
            closed_at=AT if state == "closed" else None,
            whole=len(rows),
            counts_vacant=False,
        )
        Presence.objects.bulk_create(
            Presence(session=session, mandate=one, way="list", arrived_at=AT, recorded_by=side.officer) for one in rows
        )
    own = Mandate.objects.get(term=term, person=side.worker)
    asked = {"asked_at": AT, "minutes": 5, "recorded_by": side.worker}
    speech = Speech.objects.create(item=running_item, mandate=own, **asked)
    Presence.objects.create(session=other, mandate=own, way="code", arrived_at=AT, recorded_by=side.officer)
    record = records.add_record(
        session_id=closed.pk,
        kind="minutes",
        upload=clean_scan(),
        idempotency_key=uuid.uuid4(),
        actor=side.officer,
        at=AT,
    )
    step = planning.do_step(
        step_id=opened.steps.get(code="topics").pk,
        evidence="工会与行政商定",
        upload=clean_scan(),
        actor=side.officer,
        at=AT,
    )
    poll = running.draw_up_poll(
        session_id=opened.pk,
        items=[voted],
        title="表决",
        grade="signed_in",
        scrutineers=[one.person for one in rows[:3]],
        closes_at=AT + dt.timedelta(days=300),
        key=uuid.uuid4(),
        actor=side.officer,
        at=AT,
    )
    return {
        **dict.fromkeys(("session_hall", "hall_screen", "door", "leave", "validity", "validity_sheet"), opened.pk),
        "vote_new": opened.pk,
        "sign_in_online": opened.pk,
        "speak": other.pk,
        "speech_withdraw": speech.pk,
        "waive": convened.pk,
        **dict.fromkeys(
            ("disclose", "session_minutes", "minutes_file", "credential_report", "credential_file"), closed.pk
        ),
        "bypass_new": term.pk,
        "record_new": closed.pk,
        "record_file": record.pk,
        "step_file": step.pk,
        "_running": str(running_item.pk),
        "vote_again": poll.pk,
        "_present": str(rows[0].pk),
        "_absent": str(own.pk),
        "_waiting": str(vote.pk),
        "_scrutineers": [one.person.job_no for one in rows[:3]],
    }


def _elect(one, hall, people):
    rows = made.stand(one, hall, people, at=BEFORE)
    staff = len(made.staff_of_unit(one))
    delegates.record_election(
        electing_unit_id=one.pk,
        record=made.record(ON, staff),
        votes={row.pk: staff for row in rows},
        actor=hall.officer,
        at=BEFORE,
    )
    return rows
