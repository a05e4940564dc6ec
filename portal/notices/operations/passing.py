"""Passing notices on to the outbox: urgent ones at once, the rest in one digest a day."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from portal.kernel.days import local_day

from ..models import Bot, Channel, Dispatch, Notice
from ..queries import digest_readers, holders_of
from ..registry import UnknownNotice, notice_kind

BATCH = 500
# What is older than this when the outbox comes back is no longer news by itself; the digest still lists it.
STALE = dt.timedelta(days=1)


def sends_mail():
    """Whether this portal has a mail relay."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def pass_on_urgent(*, at):
    """Make a dispatch for everybody and every group bot that an urgent notice concerns; return how many notices."""
    count = 0
    while taken := _pass_on_batch(at=at):
        count += taken
    return count


@transaction.atomic
def _pass_on_batch(*, at):
    notices = list(
        Notice.objects.select_for_update(skip_locked=True)
        .filter(is_urgent=True, is_passed_on=False)
        .order_by("at", "id")[:BATCH]
    )
    if not notices:
        return 0
    fresh = [notice for notice in notices if notice.at > at - STALE]
    dispatches = [*_mails(fresh, at), *_messages(fresh, at)]
    for number, dispatch in enumerate(dispatches):
        dispatch.created_at = at + dt.timedelta(microseconds=number)  # they leave in the order of their notices
    Dispatch.objects.bulk_create(dispatches, ignore_conflicts=True)
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(is_passed_on=True)
    return len(notices)


def _mails(notices, at):
    wanted = [notice for notice in notices if _goes_by_mail(notice)] if sends_mail() else []
    held = holders_of(list(dict.fromkeys(notice.desk for notice in wanted)), at)
    for notice in wanted:
        for person in held[notice.desk]:
            if person.email:
                yield Dispatch(
                    key=f"notice:{notice.pk}:{person.pk}",
                    channel=Channel.MAIL,
                    person=person,
                    payload={"notice": str(notice.pk)},
                    next_at=at,
                )


def _goes_by_mail(notice):
    try:
        return notice_kind(notice.kind).mail
    except UnknownNotice:
        return False


def _messages(notices, at):
    """Messages for the group bots of exactly the unit on whose role's desk a notice lies; a person's desk has none."""
    if not settings.OUTBOUND_PROXY:
        return
    units = {}
    for notice in notices:
        role, _mark, unit = notice.desk.partition(":")
        if role != "person" and unit.isdigit():
            units.setdefault(int(unit), []).append(notice)
    for bot in Bot.objects.filter(unit__in=list(units), is_enabled=True) if units else ():
        for notice in units[bot.unit_id]:
            yield Dispatch(
                key=f"notice:{notice.pk}:bot:{bot.pk}",
                channel=bot.channel,
                bot=bot,
                payload={"notice": str(notice.pk)},
                next_at=at,
            )


@transaction.atomic
def make_digests(*, at):
    """
    Make today's digest for everybody who has something new; return how many were made.

    One a person and day, by its key; what it says is gathered when it is sent.
    """
    if not sends_mail():
        return 0
    day = local_day(at).isoformat()
    digests = [
        Dispatch(
            key=f"digest:{person.pk}:{day}",
            channel=Channel.MAIL,
            person=person,
            payload={"digest": day},
            next_at=at,
            created_at=at,
        )
        for person in digest_readers(at)
    ]
    Dispatch.objects.bulk_create(digests, ignore_conflicts=True, batch_size=1000)
    return len(digests)
