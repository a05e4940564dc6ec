"""What everybody may read, and what the day has to do."""

import datetime as dt

from django.db.models import Count, Exists, F, OuterRef, Q

from portal.deadlines.models import Promise
from portal.kernel.days import day_end, local_day

from .. import clocks
from ..enums import IdentityMode, InquiryState, Outcome, Route
from ..models import (
    Inquiry,
    Message,
    Rating,
)


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


def unnamed_received(day):
    """Return the reports to discipline inspection that unnamed authors sent on a day and nobody has registered yet."""
    sent = Q(received_on=day, typed_on__isnull=True) | Q(typed_on=day)
    return list(
        Inquiry.objects.filter(sent, route=Route.DISCIPLINE, state=InquiryState.SUBMITTED)
        .exclude(identity_mode=IdentityMode.NAMED)
        .select_related("promise", "promise__unit", "unit", "unit__parent", "lead_unit")
    )


def unnamed_news(day):
    """Return inquiries of unnamed authors that got a message or a rating from them on a day."""
    unnamed = Inquiry.objects.exclude(identity_mode=IdentityMode.NAMED)
    message = Message.objects.filter(inquiry=OuterRef("pk"), is_from_author=True, on=day)
    rating = Rating.objects.filter(inquiry=OuterRef("pk"), on=day)
    return unnamed.filter(Q(Exists(message)) | Q(Exists(rating))).annotate(was=F("state"))


def monthly_line(at):
    """
    Return what came in this month and what became of it.

    Received is public + hidden + unpublished; late are those that were or are overdue.

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
    """Return how many answers are owed, due within five days and overdue; callers remember it for a while."""
    soon = day_end(local_day(at) + dt.timedelta(days=5))
    return (
        Promise.objects.open()
        .filter(kind__in=clocks.kinds_of("reply", "redo"))
        .aggregate(
            open=Count("pk"),
            soon=Count("pk", filter=Q(due_at__gt=at, due_at__lte=soon, paused_on__isnull=True)),
            late=Count("pk", filter=Q(due_at__lte=at)),
        )
    )
