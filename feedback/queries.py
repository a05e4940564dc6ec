"""Reads about inquiries: who sees which, what waits for whom, whose they are."""

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.models import Appointment, Unit
from portal.deadlines.models import Promise

from . import sealing
from .enums import OPEN_STATES, WORKING_STATES, IdentityMode, InquiryKind, InquiryState, Outcome, ReplyState, Route
from .models import Assignment, Inquiry, Message, Rating, Reply, ReplyTemplate

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
    discipline = Q(route=Route.DISCIPLINE) & _not_about(person) & (under(authority.units(Role.DISCIPLINE_INSPECTOR)) | upper)
    return Inquiry.objects.filter(ordinary | discipline)


def worked_on_by(person):
    """Return the inquiries that the person's department leads or assists, or that the person leads as leader in charge."""
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
    overseen = (Q(route=Route.ORDINARY) & ~Q(state=InquiryState.SUBMITTED) & under(authority.units(Role.DISCIPLINE_INSPECTOR, Role.AUDITOR))) | (
        Q(route=Route.DISCIPLINE) & _not_about(person) & under(authority.units(Role.AUDITOR))
    )
    return Inquiry.objects.filter(Q(pk__in=kept_by(person).values("pk")) | Q(pk__in=worked_on_by(person).values("pk")) | overseen)


def with_working_relations(queryset):
    """Return the inquiries with all that a working page shows: a fixed number of queries, whatever the history."""
    return queryset.select_related(
        "promise", "promise__unit", "unit", "unit__parent", "lead_unit", "about_unit", "about_person", "author", "author__unit", "merged_into"
    ).prefetch_related(
        Prefetch("assignments", Assignment.objects.select_related("unit").order_by("pk")),
        Prefetch("replies", Reply.objects.select_related("delivery", "template", "drafted_by", "approved_by").order_by("round")),
        Prefetch("messages", Message.objects.order_by("place")),
        Prefetch("ratings", Rating.objects.order_by("round")),
        "returns",
        "hidings",
        "files__file",
    )


def inquiry_by_number(number, queryset=None):
    """Return the inquiry with a public number as typed ("2026-42", "2026-0042"), or None."""
    year, _dash, serial = number.strip().partition("-")
    if not (year.isascii() and year.isdigit() and serial.isascii() and serial.isdigit() and len(year) == 4 and len(serial) <= 9):
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


def triage_board(person, *, stage="", topic="", unit=None, lamp="", now=None):
    """Return the open inquiries a union officer or inspector keeps, oldest first: the order in which they fall due."""
    rows = kept_by(person).filter(state=stage) if stage else kept_by(person).filter(state__in=[*OPEN_STATES, InquiryState.ANSWERED])
    if topic:
        rows = rows.filter(topic=topic)
    if unit is not None:
        rows = rows.filter(under([unit]))
    if lamp == "red" and now is not None:
        rows = rows.filter(promise__in=Promise.objects.passed(now))
    return rows.select_related("promise", "unit", "lead_unit")


def leader_inbox(person):
    """Return what waits for the person's departments, to be ordered by the day it is due."""
    return (
        worked_on_by(person)
        .filter(state__in=[state for state in WORKING_STATES if state != InquiryState.APPROVED])
        .select_related("promise", "unit", "lead_unit")
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
    return Inquiry.objects.published().filter(answered_on__isnull=False).select_related("unit").order_by("-answered_on", "-serial")


def similar_inquiries(unit, topic, subject, limit=3):
    """Return published matters of the same unit and topic whose subject shares a pair of characters."""
    pairs = {subject[i : i + 2] for i in range(len(subject) - 1) if not subject[i : i + 2].isspace()}
    shares = Q(pk__in=[])
    for pair in sorted(pairs)[:12]:
        shares |= Q(public_subject__contains=pair)
    return list(
        Inquiry.objects.published().filter(unit=unit, topic=topic).filter(shares).order_by("-year", "-serial").select_related("unit")[:limit]
    )


def due_follow_ups(on):
    """Return tracked matters whose promised day has come."""
    return Inquiry.objects.filter(state=InquiryState.TRACKED, promised_on__lte=on, outcome__in=[Outcome.PLANNED, Outcome.LATER])


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
    """Return open matters of the same unit or topic that this one may double, those that share words in the subject first."""
    pairs = {inquiry.subject[i : i + 2] for i in range(len(inquiry.subject) - 1) if not inquiry.subject[i : i + 2].isspace()}
    shares = Q(pk__in=[])
    for pair in sorted(pairs)[:16]:
        shares |= Q(subject__contains=pair)
    states = (InquiryState.REGISTERED, InquiryState.ASSIGNED, InquiryState.NEGOTIATING, InquiryState.DRAFTED)
    rows = Inquiry.objects.filter(state__in=states, topic=inquiry.topic, route=Route.ORDINARY, hidden_class="").exclude(pk=inquiry.pk)
    near = [inquiry.unit.path[: 4 * depth] for depth in range(2, len(inquiry.unit.path) // 4 + 1)][:1]
    if near:
        rows = rows.filter(unit__path__startswith=near[0])
    return list(rows.filter(shares).order_by("-received_on", "id").select_related("unit", "promise", "lead_unit")[:limit])


def templates_for(inquiry):
    """Return the reply templates in use that fit a matter: its kind or any, of the enterprise or of the departments above its lead."""
    own = Q(unit__isnull=True)
    if inquiry.lead_unit is not None:
        path = inquiry.lead_unit.path
        own |= Q(unit__path__in=[path[:end] for end in range(4, len(path) + 1, 4)])
    return ReplyTemplate.objects.filter(own, Q(kind="") | Q(kind=inquiry.kind), is_active=True).order_by("title", "pk")
