"""Group bots: added, changed, tried, switched on and off."""

import uuid

from django.db import transaction

from portal.kernel.verdicts import require
from portal.ledger.recording import record

from ..models import Bot, Dispatch
from ..outbox import ring
from ..rules import may_manage_bots


@transaction.atomic
def add_bot(*, unit, channel, name, address, secret, actor, at):
    """
    Add a group bot for a unit, switched off.

    :raises OperationRefused: unless the actor is a system administrator.
    """
    require(may_manage_bots(actor))
    bot = Bot.objects.create(unit=unit, channel=channel, name=name, address=address, secret=secret)
    record(verb="bot.added", subject=bot, actor=actor, at=at, unit=unit.code, channel=channel)
    return bot


@transaction.atomic
def change_bot(*, bot_id, name, address, secret, actor, at):
    """Change where a bot's messages go; an empty address or secret keeps the one it has."""
    require(may_manage_bots(actor))
    bot = Bot.objects.select_for_update().get(pk=bot_id)
    bot.name, bot.address, bot.secret = name, address or bot.address, secret or bot.secret
    bot.save(update_fields=["name", "address", "secret"])
    record(verb="bot.changed", subject=bot, actor=actor, at=at)
    return bot


@transaction.atomic
def switch_bot(*, bot_id, is_enabled, actor, at):
    """Switch a bot on or off; switching it to what it is changes nothing."""
    require(may_manage_bots(actor))
    bot = Bot.objects.select_for_update().get(pk=bot_id)
    if bot.is_enabled != is_enabled:
        bot.is_enabled = is_enabled
        bot.save(update_fields=["is_enabled"])
        record(verb="bot.switched_on" if is_enabled else "bot.switched_off", subject=bot, actor=actor, at=at)
    return bot


@transaction.atomic
def try_bot(*, bot_id, actor, at):
    """Put a trial message for a bot into the outbox, even while it is switched off."""
    require(may_manage_bots(actor))
    bot = Bot.objects.get(pk=bot_id)
    record(verb="bot.tried", subject=bot, actor=actor, at=at)
    dispatch = Dispatch.objects.create(
        key=f"trial:{uuid.uuid4()}", channel=bot.channel, bot=bot, payload={"trial": True}, next_at=at, created_at=at
    )
    ring()
    return dispatch
