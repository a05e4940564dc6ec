"""Matters that staff bring to a delegate, who makes a motion of them or says why not."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from portal.accounts.desks import desk_of
from portal.kernel.days import local_day
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import require
from portal.notices.outbox import post

from ..enums import OFFER_TRANSITIONS, OfferState
from ..models import Mandate, MotionOffer
from ..rules import motions as rules
from .core import insert_once, note, own_of_key
from .motions import MotionWords, write_motion


@dataclass(frozen=True)
class OfferWords:
    """What a form has cleaned of a matter brought to a delegate."""

    category: str
    title: str
    text: str
    is_named: bool
    idempotency_key: uuid.UUID


def locked_offer(offer_id):
    """Return an offer locked for this transaction, with what its rules read."""
    MotionOffer.objects.select_for_update(of=("self",)).only("pk").get(pk=offer_id)
    return MotionOffer.objects.select_related("mandate__term__unit", "mandate__person", "author").get(pk=offer_id)


def move_offer(offer, target, *, on, fields=()):
    """
    Take an offer to another state; who wanted no name is forgotten with the answer.

    :raises IllegalTransition: if the table does not list the move.
    """
    check_transition(OFFER_TRANSITIONS, source=offer.state, target=target)
    offer.state, offer.answered_on = target, on
    if not offer.is_named:
        offer.author = None
    offer.save(update_fields=["state", "answered_on", "author", *fields])


@transaction.atomic
def offer_matter(*, mandate_id, words, actor, at):
    """
    Bring a matter to a delegate of one's own electing unit.

    :raises OperationRefused: with the reason a person may read.
    """
    if (found := own_of_key(MotionOffer, words.idempotency_key, actor, by="author_id")) is not None:
        return found
    rows = Mandate.objects.select_related("term__unit", "electing_unit__unit", "person")
    mandate = rows.get(pk=mandate_id)
    require(rules.may_offer(actor, mandate, at))
    offer = MotionOffer(
        mandate=mandate,
        author=actor,
        is_named=words.is_named,
        category=words.category,
        title=words.title,
        text=words.text,
        offered_on=local_day(at),
        idempotency_key=words.idempotency_key,
    )
    if (found := insert_once(offer, actor, by="author_id")) is not None:
        return found
    # Neither the ledger nor a notice names somebody who wants no name.
    note("motion_offer.brought", offer, actor=actor if words.is_named else None, at=at, day_only=not words.is_named)
    post(
        kind="motion_offer.brought",
        subject=offer,
        desks=[desk_of(mandate.person)],
        at=at,
        key=f"motion_offer.brought:{offer.pk.hex}",
        title=offer.title,
    )
    return offer


@transaction.atomic
def adopt_offer(*, offer_id, actor, at, answer=""):
    """
    Take a matter up: it becomes the delegate's own draft, with the name of who brought it if they want to be named.

    A word to who brought it may go with it.

    :raises OperationRefused: with the reason a person may read.
    """
    offer = locked_offer(offer_id)
    require(rules.may_answer_offer(actor, offer, at))
    author, offer.answer = offer.author, answer
    words = MotionWords(
        category=offer.category,
        title=offer.title,
        cause=offer.text,
        grounds="",
        proposal="",
        is_open=True,
        idempotency_key=offer.pk,
    )
    brought_by = author.name if offer.is_named else ""
    offer.motion = write_motion(mandate_id=offer.mandate_id, words=words, actor=actor, at=at, brought_by=brought_by)
    move_offer(offer, OfferState.ADOPTED, on=local_day(at), fields=["motion", "answer"])
    note("motion_offer.adopted", offer, actor=actor, at=at)
    _tell_author(offer, author, at)
    return offer.motion


@transaction.atomic
def decline_offer(*, offer_id, answer, actor, at):
    """
    Say why a matter does not become a motion.

    :raises OperationRefused: with the reason a person may read.
    """
    offer = locked_offer(offer_id)
    require(rules.may_answer_offer(actor, offer, at))
    author, offer.answer = offer.author, answer
    move_offer(offer, OfferState.DECLINED, on=local_day(at), fields=["answer"])
    note("motion_offer.declined", offer, actor=actor, at=at)
    _tell_author(offer, author, at)
    return offer


@transaction.atomic
def take_back_offer(*, offer_id, actor, at):
    """
    Take a matter back before the delegate has answered.

    :raises OperationRefused: with the reason a person may read.
    """
    offer = locked_offer(offer_id)
    require(rules.may_take_back_offer(actor, offer))
    move_offer(offer, OfferState.TAKEN_BACK, on=local_day(at))
    note("motion_offer.taken_back", offer, actor=actor if offer.is_named else None, at=at, day_only=not offer.is_named)
    return offer


def _tell_author(offer, author, at):
    if offer.is_named and author is not None:
        post(
            kind="motion_offer.answered",
            subject=offer,
            desks=[desk_of(author)],
            at=at,
            key=f"motion_offer.answered:{offer.pk.hex}",
            title=offer.title,
        )
