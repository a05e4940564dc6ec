"""What boards tell while they run, and what is noticed when they stop: proof of display, silence, return."""

import datetime as dt
import uuid

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from portal.accounts.desks import nearest_desk
from portal.accounts.enums import Role
from portal.kernel.days import local_day
from portal.ledger.recording import SYSTEM
from portal.notices.outbox import post

from ..dayparts import has_run_for
from ..enums import Audience, PublicationState
from ..models import Board, Outage, Publication, Pulse, Showing
from .core import note, one_by_one

SILENCE = dt.timedelta(minutes=10)
# What one pulse may say: a board that was offline for a week tells of each day; more than a day of a day is a lie.
DAYS_BACK, MOST_LINES, MOST_TIMES, MOST_SECONDS = 7, 400, 20_000, 86_400


@transaction.atomic
def take_pulse(*, board, content, shown, at):
    """
    Note that a board shows something, and add up what it has shown since it last told.

    ``shown`` is {(publication id, day): (times, seconds)}. Of texts that no
    board may show, of days to come and of days long gone nothing is kept. Two
    pulses at once add up; an open outage is over.
    """
    Pulse.objects.bulk_create(
        [Pulse(board=board, last_seen=at, content=content[:16])],
        update_conflicts=True,
        unique_fields=["board"],
        update_fields=["last_seen", "content"],
    )
    _add_up(board, _kept(shown, at))
    if Outage.objects.filter(board=board, until__isnull=True).update(until=at):
        note("board.back", board, actor=SYSTEM, at=at)


def _kept(shown, at):
    today = local_day(at)
    first = today - dt.timedelta(days=DAYS_BACK)
    rows = {
        (key, day): (min(times, MOST_TIMES), min(seconds, MOST_SECONDS))
        for (key, day), (times, seconds) in list(shown.items())[:MOST_LINES]
        if isinstance(key, uuid.UUID) and first <= day <= today and times >= 0 and seconds > 0
    }
    texts = (
        Publication.objects.appeared(at)
        .filter(pk__in={key for key, _day in rows}, audience=Audience.EVERYBODY)
        .exclude(state=PublicationState.WITHDRAWN)
    )
    # What was not on show that day no board can have shown: whoever has a board's address proves nothing with it.
    days = {pk: (local_day(begun), last) for pk, begun, last in texts.values_list("pk", "publish_at", "shown_until")}
    known = {place: values for place, values in rows.items() if place[0] in days and _lies(place[1], days[place[0]])}
    # In one order, so that two pulses at once never wait for one another in a circle.
    return sorted((key, day, *values) for (key, day), values in known.items())


def _lies(day, between):
    first, last = between
    return first <= day <= last


def _add_up(board, rows):
    if not rows:
        return
    table = Showing._meta.db_table
    board_key = Board._meta.pk.get_db_prep_value(board.pk, connection)
    values = [
        value
        for key, day, times, seconds in rows
        for value in (
            board_key,
            Publication._meta.pk.get_db_prep_value(key, connection),
            connection.ops.adapt_datefield_value(day),
            times,
            seconds,
        )
    ]
    marks = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (board_id, publication_id, day, times, seconds) VALUES {marks}"  # noqa: S608 -- marks and a fixed name
            f" ON CONFLICT (board_id, publication_id, day) DO UPDATE SET times = {table}.times + excluded.times,"
            f" seconds = CASE WHEN {table}.seconds + excluded.seconds > {MOST_SECONDS} THEN {MOST_SECONDS}"
            f" ELSE {table}.seconds + excluded.seconds END",
            values,
        )


def watch_boards(*, at):
    """
    Record the boards that have been silent for more than ten minutes of their hours, and tell who keeps them, once.

    A board that was never heard is not in service yet. Return how many.
    """
    silent = (
        Board.objects.filter(is_active=True, pulse__last_seen__lt=at - SILENCE)
        .exclude(Exists(Outage.objects.filter(board=OuterRef("pk"), until__isnull=True)))
        .prefetch_related("playlists")
        .order_by("pk")
    )
    keys = [board.pk for board in silent if has_run_for(board.playlists.all(), at, SILENCE)]
    return one_by_one(keys, lambda pk: _record_silence(pk, at), "the silence of board %s could not be recorded")


@transaction.atomic
def _record_silence(pk, at):
    # The pulse first: one that comes at this moment is read here, or waits and closes what is opened.
    last_seen = Pulse.objects.select_for_update().get(board_id=pk).last_seen
    board = Board.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    if not board.is_active or last_seen >= at - SILENCE:  # back, or taken down, since the list was read
        return 0
    try:
        with transaction.atomic():
            outage = Outage.objects.create(board=board, since=last_seen, noticed_at=at)
    except IntegrityError:  # another watcher was faster
        return 0
    note("board.silent", board, actor=SYSTEM, at=at, unit=board.unit.code, since=last_seen)
    desks = sorted({nearest_desk(role, board.unit, at) for role in (Role.UNION_OFFICER, Role.HANDLER)})
    post(
        kind="board.silent",
        subject=board,
        desks=desks,
        at=at,
        key=f"board.silent:{outage.pk}",
        urgent=True,
        name=board.name,
        place=board.place,
    )
    return 1
