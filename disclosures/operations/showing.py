"""What appears, ends and is told by the clock; the period of a public notice."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Q

from portal.accounts.desks import desk_of
from portal.accounts.enums import Role
from portal.accounts.models import Person, Unit
from portal.deadlines.operations import make_promise
from portal.deadlines.queries import work_calendar
from portal.kernel.days import local_day
from portal.kernel.transitions import check_transition
from portal.ledger.recording import SYSTEM, record_many
from portal.notices.outbox import post

from ..display import notice_period
from ..enums import TRANSITIONS, Audience, PublicationKind, PublicationState
from ..models import Gap, Notice, Publication, Subscription
from .core import locked, move, note, one_by_one, refile, tell
from .duties import meet_duty

S = PublicationState


def publish_due(*, at, limit=500):
    """
    Record what has appeared by the clock: meet its duty, tell its readers. Return how many.

    Readers see a text from its moment on, whether or not this has run; a
    publication recorded late is dated when it appeared.
    """
    waiting = Publication.objects.filter(state=S.SCHEDULED, publish_at__lte=at).order_by("publish_at", "pk")
    keys = waiting.values_list("pk", flat=True)[:limit]
    return one_by_one(keys, lambda pk: _publish(pk, at), "publication %s could not be recorded as published")


def expire_due(*, at, batch=500):
    """Record what is no longer on show, in batches; notices one by one, because gaps may move their end."""
    done, today = 0, local_day(at)
    while expired := _expire_batch(today, at, batch):
        done += expired
    over = Publication.objects.filter(state=S.PUBLISHED, kind=PublicationKind.NOTICE, shown_until__lt=today)
    keys = over.order_by("shown_until", "pk").values_list("pk", flat=True)
    return done + one_by_one(keys, lambda pk: _expire(pk, today, at), "publication %s could not be recorded as over")


@transaction.atomic
def _expire_batch(today, at, batch):
    over = Publication.objects.filter(
        state=S.PUBLISHED, kind=PublicationKind.ANNOUNCEMENT, shown_until__lt=today
    ).order_by("shown_until", "pk")
    rows = list(
        over.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).only(
            "pk", "shown_until"
        )[:batch]
    )
    if not rows:
        return 0
    check_transition(TRANSITIONS, source=S.PUBLISHED, target=S.EXPIRED)
    Publication.objects.filter(pk__in=[row.pk for row in rows]).update(state=S.EXPIRED)
    record_many(
        [
            {
                "verb": "publication.expired",
                "subject": row,
                "actor": SYSTEM,
                "at": at,
                "shown_until": row.shown_until,
            }
            for row in rows
        ]
    )
    return len(rows)


def close_notices(*, at):
    """End the periods of public notices that are over, and start the clock of their outcome. Return how many."""
    today = local_day(at)
    running = Notice.objects.filter(
        closed_on__isnull=True, publication__publish_at__lte=at, publication__state__in=(S.PUBLISHED, S.EXPIRED)
    ).order_by("publication__publish_at", "pk")
    keys = running.values_list("pk", flat=True)
    return one_by_one(keys, lambda pk: _close_notice(pk, today, at), "notice %s could not be closed")


def period_of_notice(publication, at, *, general=None):
    """
    Return how the period of a publication's notice stands at a moment; reads no database beyond its gaps.

    ``general`` are the gaps of everything, where they have been read before.
    """
    stopped_on = None
    if publication.state == S.WITHDRAWN:
        granted = [row for row in publication.withdrawals.all() if row.is_granted]
        stopped_on = local_day(granted[-1].decided_at) if granted else None
    general = general_gaps(publication) if general is None else general
    gaps = [(gap.since, gap.until) for gap in [*publication.gaps.all(), *general]]
    return notice_period(
        begun_on=local_day(publication.publish_at),
        workdays=publication.notice.workdays,
        gaps=gaps,
        today=local_day(at),
        calendar=work_calendar(),
        stopped_on=stopped_on,
    )


def general_gaps(publication):
    """Return the gaps of everything since a publication appeared."""
    return list(Gap.objects.filter(publication__isnull=True, until__gte=local_day(publication.publish_at)))


@transaction.atomic
def _publish(pk, at):
    publication = locked(pk)
    if publication.state != S.SCHEDULED or publication.publish_at > at:
        return 0
    appear(publication, at)
    return 1


def appear(publication, at):
    move(publication, S.PUBLISHED)
    moment = publication.publish_at
    note("publication.published", publication, actor=SYSTEM, at=moment, number=publication.number)
    if publication.duty is not None:
        meet_duty(publication.duty, publication=publication, actor=SYSTEM, at=moment)
    refile(publication)
    tell("published", publication, at=at, person=publication.drafted_by)
    _tell_subscribers(publication, at)


def _tell_subscribers(publication, at):
    """Put a notice on the own desk of everybody who asked to be told of this section or unit, and may read it."""
    desks = subscriber_desks(section=publication.item.section, unit=publication.unit, audience=publication.audience)
    if desks:
        post(
            kind="publication.subscribed",
            subject=publication,
            desks=desks,
            at=at,
            key=f"publication.subscribed:{publication.pk.hex}",
            title=publication.title,
        )


def subscriber_desks(*, section, unit, audience):
    """Return the own desks of those who asked to be told of a section ("" for none) or a unit, and may read it."""
    asked = Q(unit__in=Unit.objects.above(unit))
    if section:
        asked |= Q(section=section)
    people = Person.objects.filter(pk__in=Subscription.objects.filter(asked).values("person"), is_active=True)
    if audience == Audience.UNIT:
        people = people.filter(unit__in=Unit.objects.under(unit))
    return [desk_of(person) for person in people.order_by("pk").only("pk")]


@transaction.atomic
def _expire(pk, today, at):
    publication = locked(pk)
    if publication.state != S.PUBLISHED or publication.shown_until >= today:
        return 0
    if publication.kind == PublicationKind.NOTICE:
        period = period_of_notice(publication, at)
        if not period.is_over:
            # Days without display have moved the end of the period; what must be shown stays on show.
            publication.shown_until = max(period.ends_on, today)
            publication.save(update_fields=["shown_until"])
            note("publication.prolonged", publication, actor=SYSTEM, at=at, shown_until=publication.shown_until)
            return 0
    move(publication, S.EXPIRED)
    note("publication.expired", publication, actor=SYSTEM, at=at, shown_until=publication.shown_until)
    return 1


@transaction.atomic
def _close_notice(pk, today, at):
    publication = locked(pk)
    notice = publication.notice
    if notice.closed_on is not None:
        return 0
    period = period_of_notice(publication, at)
    if not period.is_over:
        return 0
    notice.closed_on = period.ends_on
    if not notice.outcome:
        notice.promise = make_promise(
            kind="notice.outcome",
            subject=publication,
            unit=publication.owner,
            started_on=period.ends_on + dt.timedelta(days=1),
            at=at,
        )
    if notice.masked_at is None:
        make_promise(
            kind="notice.mask",
            subject=publication,
            unit=publication.owner,
            started_on=period.ends_on + dt.timedelta(days=1),
            at=at,
        )
    notice.save(update_fields=["closed_on", "promise"])
    note("notice.closed", publication, actor=SYSTEM, at=at, closed_on=notice.closed_on, lost=period.gap_days)
    tell("notice_over", publication, Role.HANDLER, at=at, person=publication.drafted_by)
    return 1
