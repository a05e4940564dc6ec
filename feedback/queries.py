"""Reads about inquiries: who sees which, what waits for whom, whose they are."""

import datetime as dt

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.models import Appointment, Unit
from portal.deadlines.models import Extension, Promise
from portal.kernel.days import day_end, local_day
from portal.ledger.recording import subject_key

from . import sealing
from .enums import AssignmentRole, IdentityMode, InquiryKind, InquiryState, Outcome, ReplyState, Route
from .models import (
    Assignment,
    Hiding,
    Inquiry,
    InquiryFile,
    Message,
    Plan,
    Rating,
    Reply,
    ReplyTemplate,
    ReturnRequest,
    Reveal,
)

UNION = (Role.UNION_OFFICER, Role.UNION_CHAIR)
NONE = Q(pk__in=[])


def under(units, field="unit"):
    """Return the condition that a unit field lies within one of the units."""
    condition = NONE
    for unit in units:
        condition |= Q(**{f"{field}__path__gte": unit.path, f"{field}__path__lt": unit.path_end})
    return condition


def _not_about(person):
    """Nothing about the person, nor about a unit the person belongs to."""
    own = [person.unit.path[:end] for end in range(4, len(person.unit.path) + 1, 4)]
    return ~Q(about_person=person) & (Q(about_unit__isnull=True) | ~Q(about_unit__path__in=own))


def kept_by(person):
    """Return the inquiries this person looks after as union officer or discipline inspector."""
    authority = authority_of(person)
    ordinary = Q(route=Route.ORDINARY) & under(authority.units(*UNION))
    upper = Q(kind=InquiryKind.RETALIATION) & (
        under(authority.units(Role.UNION_CHAIR), "unit__parent")
        | Q(unit__parent__isnull=True, unit__in=authority.units(Role.UNION_CHAIR))
    )
    discipline = (
        Q(route=Route.DISCIPLINE) & _not_about(person) & (under(authority.units(Role.DISCIPLINE_INSPECTOR)) | upper)
    )
    return Inquiry.objects.filter(ordinary | discipline)


def worked_on_by(person):
    """Return the inquiries that the person's department leads or assists, or that the person is in charge of."""
    authority = authority_of(person)
    departments = authority.units(Role.DEPARTMENT_HEAD, Role.HANDLER)
    part = Assignment.objects.filter(inquiry=OuterRef("pk"), ended_on__isnull=True).filter(under(departments))
    ordinary = Q(route=Route.ORDINARY) & ~Q(state=InquiryState.SUBMITTED)
    mine = ordinary & (
        under(departments, "lead_unit")
        | under(authority.units(Role.LEADER_IN_CHARGE), "lead_unit")
        | (Q(lead_unit__isnull=True) & under(authority.units(Role.LEADER_IN_CHARGE)))
        | (Q(Exists(part)) if departments else NONE)
    )
    inspectors = authority.units(Role.DISCIPLINE_INSPECTOR)
    discipline = Q(route=Route.DISCIPLINE) & _not_about(person) & under(inspectors, "lead_unit")
    return Inquiry.objects.filter(mine | discipline)


def inquiries_visible_to(person):
    """Return the inquiries whose working page exists for this person; everything else is a 404."""
    authority = authority_of(person)
    registered = ~Q(state=InquiryState.SUBMITTED)
    overseen = registered & (
        (Q(route=Route.ORDINARY) & under(authority.units(Role.DISCIPLINE_INSPECTOR, Role.AUDITOR)))
        | (Q(route=Route.DISCIPLINE) & _not_about(person) & under(authority.units(Role.AUDITOR)))
    )
    return Inquiry.objects.filter(
        Q(pk__in=kept_by(person).values("pk")) | Q(pk__in=worked_on_by(person).values("pk")) | overseen
    )


def with_working_relations(queryset):
    """Return the inquiries with all that a working page shows: a fixed number of queries, whatever the history."""
    return queryset.select_related(
        "promise",
        "promise__unit",
        "unit",
        "unit__parent",
        "lead_unit",
        "about_unit",
        "about_person",
        "author",
        "author__unit",
        "merged_into",
    ).prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("unit").order_by("pk")),
        Prefetch(
            "replies",
            Reply.objects.select_related("delivery", "template", "drafted_by", "approved_by").order_by("round"),
        ),
        Prefetch("messages", Message.objects.order_by("place")),
        Prefetch("ratings", Rating.objects.order_by("round")),
        "returns",
        "hidings",
        "files__file",
    )


def inquiry_by_number(number, queryset=None):
    """Return the inquiry with a public number as typed ("2026-42", "2026-0042"), or None."""
    year, _dash, serial = number.strip().partition("-")
    if not (
        year.isascii()
        and year.isdigit()
        and serial.isascii()
        and serial.isdigit()
        and len(year) == 4
        and len(serial) <= 9
    ):
        return None
    rows = Inquiry.objects.all() if queryset is None else queryset
    return rows.filter(year=int(year), serial=int(serial)).first()


def inquiry_by_code(number, code):
    """Return the inquiry that a receipt's number and code open, or None; both must fit."""
    return Inquiry.objects.filter(code_hash=sealing.code_hash(code)).filter(
        pk__in=[found.pk] if (found := inquiry_by_number(number)) else []
    ).first()  # fmt: skip


def inquiries_of(person):
    """
    Return the author's own named and confidential inquiries.

    Confidential ones are found by their tags, a block at a time until a block
    comes back with a gap: tags are given out in order.
    """
    tags, place = [], 0
    while True:
        block = sealing.owner_tags(person, place)
        found = set(Inquiry.objects.filter(owner_tag__in=block).values_list("owner_tag", flat=True))
        tags += found
        if len(found) < len(block):
            break
        place += len(block)
    return Inquiry.objects.filter(Q(author=person) | Q(owner_tag__in=tags))


def free_owner_tag(person):
    """Return the person's next unused tag; a race on it meets the unique constraint."""
    place = 0
    while True:
        block = sealing.owner_tags(person, place)
        found = set(Inquiry.objects.filter(owner_tag__in=block).values_list("owner_tag", flat=True))
        for tag in block:
            if tag not in found:
                return tag
        place += len(block)


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
    rows = Promise.objects.open().filter(
        subject__in=subjects, kind__in=["inquiry.register", "inquiry.register_discipline"]
    )
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
    inspected = Q(route=Route.DISCIPLINE) & _not_about(person) & under(inspectors, "lead_unit")
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


def current_reply(inquiry):
    """Return the reply of the round at work, if one has been begun (uses prefetched replies)."""
    wanted = next_round(inquiry)
    return next((reply for reply in inquiry.replies.all() if reply.round == wanted), None)


def next_round(inquiry):
    """Return the round a new reply belongs to: a tracked promise opens the next one."""
    return inquiry.round + 1 if inquiry.state == InquiryState.TRACKED else inquiry.round


def delivered_replies(inquiry):
    """Return the delivered replies of a matter, first round first; a merged one shows its target's."""
    source = inquiry.merged_into if inquiry.merged_into_id and not inquiry.replies.all() else inquiry
    rows = source.replies.filter(state=ReplyState.DELIVERED) if source is not inquiry else inquiry.replies.all()
    return [reply for reply in rows if reply.state == ReplyState.DELIVERED]


def public_inquiries():
    """Return every inquiry for the public list: the number and the clock of each are public, the text of some."""
    return Inquiry.objects.select_related("promise", "unit", "lead_unit").defer("body", "suggestion", "sealed_identity")


def answered_inquiries():
    """Return published matters with a delivered answer, latest first: the feed."""
    return (
        Inquiry.objects.published()
        .filter(answered_on__isnull=False)
        .select_related("unit")
        .order_by("-answered_on", "-serial")
    )


def similar_inquiries(unit, topic, subject, limit=3):
    """Return published matters of the same unit and topic whose subject shares a pair of characters."""
    pairs = {subject[i : i + 2] for i in range(len(subject) - 1) if not subject[i : i + 2].isspace()}
    shares = Q(pk__in=[])
    for pair in sorted(pairs)[:12]:
        shares |= Q(public_subject__contains=pair)
    return list(
        Inquiry.objects.published()
        .filter(unit=unit, topic=topic)
        .filter(shares)
        .order_by("-year", "-serial")
        .select_related("unit")[:limit]
    )


def due_follow_ups(on):
    """Return tracked matters whose promised day has come."""
    return Inquiry.objects.filter(
        state=InquiryState.TRACKED, promised_on__lte=on, outcome__in=[Outcome.PLANNED, Outcome.LATER]
    )


def unnamed_news(day):
    """Return inquiries of unnamed authors that got a message or a rating from them on a day."""
    unnamed = Inquiry.objects.exclude(identity_mode=IdentityMode.NAMED)
    message = Message.objects.filter(inquiry=OuterRef("pk"), is_from_author=True, on=day)
    rating = Rating.objects.filter(inquiry=OuterRef("pk"), on=day)
    return unnamed.filter(Q(Exists(message)) | Q(Exists(rating))).annotate(was=F("state"))


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


def is_sent(idempotency_key):
    """Whether a card with this key of its form has come in already."""
    return Inquiry.objects.filter(idempotency_key=idempotency_key).exists()


def is_rated(inquiry, round_no):
    """Whether the answer of a round has been rated; read now, not from what was prefetched."""
    return Rating.objects.filter(inquiry=inquiry, round=round_no).exists()


def with_author_relations(queryset):
    """Return the inquiries with all that their author's page and the public page show: a fixed number of queries."""
    delivered = Reply.objects.filter(state=ReplyState.DELIVERED).select_related("delivery").order_by("round")
    return queryset.select_related(
        "promise", "promise__unit", "unit", "lead_unit", "author", "merged_into"
    ).prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("unit").order_by("pk")),
        Prefetch("replies", delivered),
        Prefetch("merged_into__replies", delivered),
        Prefetch("messages", Message.objects.order_by("place")),
        Prefetch("ratings", Rating.objects.order_by("round")),
        Prefetch("files", InquiryFile.objects.filter(is_scan=False).select_related("file").order_by("pk")),
        Prefetch(
            "merged_into__files", InquiryFile.objects.filter(reply__isnull=False).select_related("file").order_by("pk")
        ),
        Prefetch("plans", Plan.objects.filter(agreed_on__isnull=False).order_by("pk")),
        Prefetch("reveals", Reveal.objects.select_related("revealed_by").order_by("revealed_at")),
    )


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


def monthly_line(at):
    """
    Return what came in this month and what became of it: received = public + hidden + unpublished, and how many were or are late.

    One statement; callers remember the answer for a while.
    """
    first = local_day(at).replace(day=1)
    is_late = Q(was_in_time=False) | Q(
        answered_on__isnull=True, promise__met_at__isnull=True, promise__ended_at__isnull=True, promise__due_at__lte=at
    )
    is_hidden = ~Q(hidden_class="")
    is_public = Q(is_published=True, route=Route.ORDINARY, hidden_class="")
    line = Inquiry.objects.filter(year=first.year, received_on__gte=first).aggregate(
        received=Count("pk"),
        public=Count("pk", filter=is_public),
        hidden=Count("pk", filter=is_hidden),
        late=Count("pk", filter=is_late),
    )
    return {**line, "unpublished": line["received"] - line["public"] - line["hidden"], "month": first}


def lamp_totals(at):
    """Return how many answers are owed, due within five days, and overdue, over all inquiries; remember it for a while."""
    kinds = [f"inquiry.{code}{suffix}" for code in ("reply", "redo") for suffix in ("", "_discipline")]
    soon = day_end(local_day(at) + dt.timedelta(days=5))
    return (
        Promise.objects.open()
        .filter(kind__in=kinds)
        .aggregate(
            open=Count("pk"),
            soon=Count("pk", filter=Q(due_at__gt=at, due_at__lte=soon, paused_on__isnull=True)),
            late=Count("pk", filter=Q(due_at__lte=at)),
        )
    )


def waiting_for_author(person):
    """Return the person's own cards that wait for the person: asked for more, or answered and not rated."""
    asked = Q(promise__paused_on__isnull=False, promise__met_at__isnull=True, promise__ended_at__isnull=True)
    return (
        inquiries_of(person)
        .filter(asked | Q(state=InquiryState.ANSWERED))
        .select_related("promise", "unit")
        .order_by("-year", "-serial")
    )
