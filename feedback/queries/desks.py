"""What waits for whom at the desks."""

import datetime as dt

from django.db.models import Exists, F, OuterRef, Q

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.models import Appointment, Unit
from portal.deadlines.models import Extension, Promise
from portal.kernel.days import local_day
from portal.ledger.recording import subject_key

from .. import clocks
from ..enums import AssignmentRole, InquiryState, ReplyState, Route
from ..models import (
    Assignment,
    Hiding,
    Inquiry,
    Reply,
    ReplyTemplate,
    ReturnRequest,
)
from .authors import inquiry_by_number
from .sight import NONE, UNION, kept_by, not_about, under


def triage_board(person, *, stage="", topic="", unit=None, number="", lamp="", now=None):
    """
    Return the inquiries on the board of a union officer or inspector: of one stage, or all.

    ``lamp`` is red, yellow, blue or grey at the moment ``now``.
    """
    rows = kept_by(person)
    if stage:
        rows = rows.filter(state=stage)
    if topic:
        rows = rows.filter(topic=topic)
    if unit is not None:
        rows = rows.filter(under([unit]))
    if number:
        found = inquiry_by_number(number if "-" in number else f"{number[:4]}-{number[4:]}", rows)
        rows = rows.filter(pk=found.pk) if found else rows.none()
    if lamp:
        rows = rows.filter(lamp_condition(lamp, now))
    return rows.select_related("promise", "unit", "lead_unit").defer(
        "body", "suggestion", "public_body", "public_suggestion", "sealed_identity"
    )


def lamp_condition(lamp, now):
    """Return the condition that an inquiry's clock shows a lamp at a moment."""
    is_open = Q(promise__met_at__isnull=True, promise__ended_at__isnull=True)
    soon = local_day(now) + dt.timedelta(days=5)
    return is_open & {
        "red": Q(promise__due_at__lte=now),
        "yellow": Q(promise__due_at__gt=now, promise__paused_on__isnull=True, promise__due_on__lte=soon),
        "blue": Q(promise__due_at__gt=now, promise__paused_on__isnull=True, promise__due_on__gt=soon),
        "grey": Q(promise__due_at__gt=now, promise__paused_on__isnull=False),
    }.get(lamp, Q())


def register_promises(inquiries):
    """Return the open promise to register of each of the inquiries, by the inquiry's key."""
    subjects = {subject_key(inquiry): inquiry.pk for inquiry in inquiries}
    rows = Promise.objects.open().filter(subject__in=subjects, kind__in=clocks.kinds_of("register"))
    return {subjects[row.subject]: row for row in rows}


def decisions_waiting(person):
    """Return the returns, hidings and extensions that this person may decide on; not those they asked for."""
    authority = authority_of(person)
    kept = kept_by(person).values("pk")
    seen = Q(inquiry__in=kept)
    inspected = under(authority.units(Role.DISCIPLINE_INSPECTOR), "inquiry__unit") & Q(inquiry__route=Route.ORDINARY)
    returns = ReturnRequest.objects.filter(seen, is_granted__isnull=True).exclude(asked_by=person)
    hidings = Hiding.objects.filter(seen | inspected, is_granted__isnull=True).exclude(asked_by=person)
    leads = under(authority.units(Role.LEADER_IN_CHARGE), "promise__inquiry__lead_unit") & Q(
        promise__inquiry__route=Route.ORDINARY
    )
    chairs = under(authority.units(Role.UNION_CHAIR), "promise__inquiry__unit") & Q(
        promise__inquiry__route=Route.ORDINARY
    )
    inspectors = Q(promise__inquiry__in=kept, promise__inquiry__route=Route.DISCIPLINE)
    extensions = Extension.objects.filter(leads | chairs | inspectors, is_granted__isnull=True).exclude(
        requested_by=person
    )
    limit = 50
    return {
        "returns": returns.select_related("inquiry", "unit", "proposed_unit", "asked_by").order_by("asked_at")[:limit],
        "hidings": hidings.select_related("inquiry", "inquiry__unit", "asked_by").order_by("asked_at")[:limit],
        "extensions": extensions.select_related("promise__inquiry", "promise__unit", "requested_by").order_by(
            "promise__due_at", "pk"
        )[:limit],
    }


INBOX_TABS = ("handle", "approve", "deliver", "tracked", "assisting", "reported")


def leader_inbox(person, tab="handle"):
    """
    Return what waits for a person, to be ordered by the day it is due.

    ``handle``: the own departments lead it; ``approve``: its reply waits for
    the person; ``deliver``: its reply is approved; ``tracked``: a promised day is
    awaited; ``assisting``: the own departments give their part; ``reported``:
    what the departments under a leader in charge have in hand.
    """
    authority = authority_of(person)
    heads, departments = authority.units(Role.DEPARTMENT_HEAD), authority.units(Role.DEPARTMENT_HEAD, Role.HANDLER)
    led = authority.units(Role.LEADER_IN_CHARGE)
    inspectors = authority.units(Role.DISCIPLINE_INSPECTOR)
    ordinary = Q(route=Route.ORDINARY)
    inspected = Q(route=Route.DISCIPLINE) & not_about(person) & under(inspectors, "lead_unit")
    own = (ordinary & under(departments, "lead_unit")) | inspected
    S = InquiryState
    if tab == "approve":
        mine = ordinary & ((Q(is_escalated=False) & under(heads, "lead_unit")) | under(led, "lead_unit"))
        condition = (
            Q(state=S.DRAFTED)
            & (mine | inspected)
            & Q(replies__state=ReplyState.SUBMITTED)
            & ~Q(replies__drafted_by=person)
        )
    elif tab == "deliver":
        condition = Q(state=S.APPROVED) & own
    elif tab == "tracked":
        condition = Q(state=S.TRACKED) & own
    elif tab == "assisting":
        part = Assignment.objects.filter(
            inquiry=OuterRef("pk"), ended_on__isnull=True, role=AssignmentRole.ASSIST
        ).filter(under(departments))
        condition = Q(state__in=[S.ASSIGNED, S.NEGOTIATING]) & ordinary & (Q(Exists(part)) if departments else NONE)
    elif tab == "reported":
        condition = Q(state__in=[S.ASSIGNED, S.NEGOTIATING, S.DRAFTED, S.APPROVED]) & ordinary & under(led, "lead_unit")
    else:
        condition = Q(state__in=[S.ASSIGNED, S.NEGOTIATING]) & own
    return (
        Inquiry.objects.filter(condition)
        .select_related("promise", "unit", "lead_unit")
        .defer("body", "suggestion", "public_body", "public_suggestion", "sealed_identity")
    )


def units_that_answer(route, *, at):
    """Return the units in which somebody can answer matters of a route now, in the order of the tree."""
    roles = (Role.DISCIPLINE_INSPECTOR,) if route == Route.DISCIPLINE else (Role.DEPARTMENT_HEAD, Role.HANDLER)
    staffed = Appointment.objects.current(at).filter(unit=OuterRef("pk"), role__in=roles, person__is_active=True)
    return Unit.objects.active().filter(Exists(staffed)).select_related("parent").order_by("path")


def usual_lead(inquiry):
    """Return the department that last led a matter of the same unit and topic: the first guess when assigning."""
    last = (
        Inquiry.objects.filter(unit=inquiry.unit_id, topic=inquiry.topic, lead_unit__isnull=False, route=inquiry.route)
        .order_by("-year", "-serial")
        .select_related("lead_unit")
        .first()
    )
    return last.lead_unit if last else None


def merge_candidates(inquiry, limit=4):
    """Return open matters of the same topic nearby whose subject shares words with this one's."""
    pairs = {
        inquiry.subject[i : i + 2] for i in range(len(inquiry.subject) - 1) if not inquiry.subject[i : i + 2].isspace()
    }
    shares = Q(pk__in=[])
    for pair in sorted(pairs)[:16]:
        shares |= Q(subject__contains=pair)
    states = (InquiryState.REGISTERED, InquiryState.ASSIGNED, InquiryState.NEGOTIATING, InquiryState.DRAFTED)
    rows = Inquiry.objects.filter(state__in=states, topic=inquiry.topic, route=Route.ORDINARY, hidden_class="").exclude(
        pk=inquiry.pk
    )
    near = [inquiry.unit.path[: 4 * depth] for depth in range(2, len(inquiry.unit.path) // 4 + 1)][:1]
    if near:
        rows = rows.filter(unit__path__startswith=near[0])
    return list(
        rows.filter(shares).order_by("-received_on", "id").select_related("unit", "promise", "lead_unit")[:limit]
    )


def templates_for(inquiry):
    """Return the templates in use that fit a matter: of its kind or any, the enterprise's or its department's."""
    own = Q(unit__isnull=True)
    if inquiry.lead_unit is not None:
        path = inquiry.lead_unit.path
        own |= Q(unit__path__in=[path[:end] for end in range(4, len(path) + 1, 4)])
    return ReplyTemplate.objects.filter(own, Q(kind="") | Q(kind=inquiry.kind), is_active=True).order_by("title", "pk")


def replies_to_deliver(person, limit=100):
    """Return the approved replies that this person may deliver by any channel, the soonest due first."""
    waiting = Q(inquiry__in=kept_by(person).filter(state=InquiryState.APPROVED).values("pk"))
    return list(
        Reply.objects.filter(waiting, state=ReplyState.APPROVED, round=F("inquiry__round"))
        .select_related("inquiry", "inquiry__promise", "inquiry__unit", "inquiry__lead_unit")
        .order_by("inquiry__promise__due_at", "pk")[:limit]
    )


def templates_kept_by(person):
    """Return the reply templates a keeper of templates sees: the enterprise's, and those of the own departments."""
    own = under(authority_of(person).units(*UNION, Role.DEPARTMENT_HEAD))
    return (
        ReplyTemplate.objects.filter(Q(unit__isnull=True) | own)
        .select_related("unit", "unit__parent")
        .order_by("title", "pk")
    )


def calendar_matters(person, limit=500):
    """Return the open matters whose due days belong in a person's calendar, soonest first."""
    rows = leader_inbox(person, "handle") | leader_inbox(person, "tracked") | leader_inbox(person, "deliver")
    return rows.order_by("promise__due_at", "pk")[:limit]
