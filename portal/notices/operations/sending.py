"""
Draining the outbox: at least once, by leases, with back-off.

A sender takes a row by a lease, in a short transaction; sends outside of any
transaction; and notes the outcome if the lease is still its own. Killed in
between, the row is free again when the lease ends.
"""

import datetime as dt
import logging
import time

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from portal.accounts.desks import desks_held

from ..channels import Away, Failure, MailRelay, Refused, Throttled, send_markdown
from ..models import Bot, Channel, Dispatch, DispatchState, Notice, Reading
from ..queries import DIGEST_REACH, notices_unread
from ..wording import mail_for, markdown_for, trial_markdown
from .passing import pass_on_urgent

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=5)
# After the first failure a minute, then 5, 15, 60, then six times four hours; the eleventh failure is the last.
BACKOFF = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, *[240] * 6)]
# WeCom and DingTalk take 20 messages a minute; evenly spaced, no minute holds more.
SPACING = dt.timedelta(milliseconds=3100)
PENALTY = dt.timedelta(minutes=10)
MERGED = 30
SECONDS = 200  # below the limit of a task; the next minute goes on


class _Clock:
    """The moment given by the caller, moving on while messages are being sent."""

    def __init__(self, at):
        self._at, self._begun = at, time.monotonic()

    def __call__(self):
        return self._at + dt.timedelta(seconds=time.monotonic() - self._begun)

    def is_over(self):
        return time.monotonic() - self._begun > SECONDS


def drain(*, at):
    """Pass on what is urgent, then send what is due; return how many dispatches went out."""
    clock = _Clock(at)
    pass_on_urgent(at=at)
    return _drain_mail(clock) + _drain_bots(clock)


def _drain_mail(clock):
    count = 0
    with MailRelay() as relay:
        while not clock.is_over() and (taken := _take(Q(channel=Channel.MAIL), at=clock())):
            (dispatch,) = taken
            notices = _still_wanted(dispatch, clock())
            if not notices:
                _finish(taken, clock(), DispatchState.DROPPED)
                continue
            try:
                relay.send(mail_for(dispatch, notices))
            except Failure as failure:
                _fail(taken, failure, clock())
                if isinstance(failure, Away):
                    break
            except Exception as error:
                # One mail that cannot be made must not stop the others; what it says stays out of the log.
                logger.error("Dispatch %s could not be made: %s", dispatch.pk, type(error).__name__)
                _fail(taken, Failure(type(error).__name__), clock())
            else:
                count += _finish(taken, clock(), DispatchState.SENT)
    return count


def _still_wanted(dispatch, at):
    """The notices a mail should tell of now: unread, and still this person's to know."""
    person = dispatch.person
    if person is None or not person.is_active or not person.email:
        return []
    desks = desks_held(person, at)
    if "digest" in dispatch.payload:
        return list(
            notices_unread(person).filter(at__gt=at - DIGEST_REACH, desk__in=desks).order_by("-is_urgent", "-at", "-id")
        )
    notices = Notice.objects.filter(pk=dispatch.payload.get("notice"), desk__in=desks)
    if person.notices_read_to:
        notices = notices.filter(at__gt=person.notices_read_to)
    return list(
        notices.exclude(
            pk__in=Reading.objects.filter(person=person, notice=dispatch.payload.get("notice")).values("notice")
        )
    )


def _drain_bots(clock):
    proxy = settings.OUTBOUND_PROXY
    if not proxy:
        return 0
    count = 0
    waiting = Dispatch.objects.filter(state=DispatchState.WAITING, next_at__lte=clock(), bot__isnull=False)
    for bot in Bot.objects.filter(pk__in=waiting.values("bot")).order_by("free_at", "pk"):
        try:
            count += _send_to(bot, clock, proxy)
        except Away:
            break
    return count


def _send_to(bot, clock, proxy):
    """Send what waits for one bot as one message; more than a message holds waits for the next round."""
    at = clock()
    if not _hold_bot(bot, at):
        return 0
    taken = _take(Q(bot=bot), at=at, limit=MERGED)
    trials = [dispatch for dispatch in taken if dispatch.payload.get("trial")]
    others = [dispatch for dispatch in taken if not dispatch.payload.get("trial")]
    if not bot.is_enabled:
        _finish(others, at, DispatchState.DROPPED)
        taken, others = trials, []
    notices = Notice.objects.in_bulk([dispatch.payload["notice"] for dispatch in others])
    told = [
        notice
        for key in dict.fromkeys(dispatch.payload["notice"] for dispatch in others)
        if (notice := _of(notices, key))
    ]
    if not taken:
        return 0
    text = markdown_for(told) if told else trial_markdown()
    try:
        send_markdown(bot, text, title=_("Factory Openness"), at=at, proxy=proxy)
    except Throttled as failure:
        Bot.objects.filter(pk=bot.pk).update(free_at=at + PENALTY)
        _fail(taken, failure, clock())
        return 0
    except Failure as failure:
        _fail(taken, failure, clock())
        if isinstance(failure, Away):
            raise
        return 0
    return _finish(taken, clock(), DispatchState.SENT)


def _of(notices, key):
    return next((notice for pk, notice in notices.items() if str(pk) == key), None)


def _hold_bot(bot, at):
    """Reserve the bot's next place in time; False when it is not free yet or another sender was first."""
    free = Q(free_at__isnull=True) | Q(free_at__lte=at)
    return bool(Bot.objects.filter(free, pk=bot.pk).update(free_at=at + SPACING))


@transaction.atomic
def _take(which, *, at, limit=1):
    """Take dispatches that are due by a lease, oldest first; another sender's are passed over."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    taken = list(
        Dispatch.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("person")
        .filter(which, free, state=DispatchState.WAITING, next_at__lte=at)
        .order_by("next_at", "created_at", "id")[:limit]
    )
    lease = at + LEASE
    Dispatch.objects.filter(pk__in=[dispatch.pk for dispatch in taken]).update(
        lease_until=lease, attempts=F("attempts") + 1
    )
    for dispatch in taken:
        dispatch.lease_until, dispatch.attempts = lease, dispatch.attempts + 1
    return taken


def _own(dispatch):
    """The row, as long as it is under the lease by which it was taken."""
    return Dispatch.objects.filter(pk=dispatch.pk, state=DispatchState.WAITING, lease_until=dispatch.lease_until)


def _finish(taken, at, state):
    sent_at = at if state == DispatchState.SENT else None
    return sum(
        _own(dispatch).update(state=state, sent_at=sent_at, lease_until=None, last_error="") for dispatch in taken
    )


def _fail(taken, failure, at):
    """Set the next try by the back-off; a final no or the eleventh failure ends it, visibly."""
    for dispatch in taken:
        change = {"last_error": failure.code, "lease_until": None}
        if isinstance(failure, Throttled):
            change |= {"next_at": at + PENALTY, "attempts": dispatch.attempts - 1}
        elif isinstance(failure, Refused) or dispatch.attempts > len(BACKOFF):
            change |= {"state": DispatchState.FAILED}
        else:
            change |= {"next_at": at + BACKOFF[dispatch.attempts - 1]}
        _own(dispatch).update(**change)
