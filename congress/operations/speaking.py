"""Speakers on the item under discussion: on the list, given the word, done within their time or not."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.queries import rule_value
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import require

from .. import numbers
from ..models import Mandate, Speech
from ..queries.agenda import delegate_of
from ..queries.hall import in_the_hall, running_item
from ..rules import hall as rules
from .core import locked_session, note, tell_delegate


@transaction.atomic
def ask_to_speak(*, session_id, mandate_id, actor, at):
    """
    Put a delegate on the list of speakers of the item under discussion.

    :raises OperationRefused: with the reason.
    :raises Conflict: when the delegate is on the list already, whoever was quicker.
    """
    session = locked_session(session_id)
    item = running_item(session)
    is_there = in_the_hall(session).filter(mandate=mandate_id).exists()
    require(rules.may_list_speaker(actor, session, item, is_there=is_there))
    return _listed(session, item, Mandate.objects.get(pk=mandate_id), actor, at)


@transaction.atomic
def ask_for_word(*, session_id, actor, at):
    """
    Put oneself on the list of speakers of the item under discussion; a second press changes nothing.

    :raises OperationRefused: with the reason.
    """
    session = locked_session(session_id)
    mandate, item = delegate_of(session.term_id, actor), running_item(session)
    is_there = in_the_hall(session).filter(mandate=mandate).exists()
    require(rules.may_ask_to_speak(mandate, session, item, is_there=is_there))
    found = Speech.objects.filter(item=item, mandate=mandate, ended_at__isnull=True).first()
    return found or _listed(session, item, mandate, actor, at)


def _listed(session, item, mandate, actor, at):
    minutes = rule_value(numbers.SPEECH_MINUTES, unit=session.unit, at=at)
    row = Speech(item=item, mandate=mandate, minutes=minutes, asked_at=at, recorded_by=actor)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Conflict(_("%(name)s is on the list of speakers already.") % {"name": mandate.name}) from error
    _note("asked", session, row, actor, at)
    return row


def _note(act, session, speech, actor, at):
    facts = {"item": speech.item_id, "position": speech.item.position, "mandate": speech.mandate_id}
    note(f"congress_session.speech_{act}", session, actor=actor, at=at, **facts)


def _locked_speech(speech_id):
    session = locked_session(Speech.objects.values_list("item__session_id", flat=True).get(pk=speech_id))
    return session, Speech.objects.select_related("item", "mandate__person").get(pk=speech_id)


@transaction.atomic
def withdraw_speech(*, speech_id, actor, at):
    """
    Take oneself off the list before the word is given; a second press changes nothing.

    :raises OperationRefused: with the reason, when the word has been given.
    """
    session, speech = _locked_speech(speech_id)
    require(rules.may_withdraw_speech(actor, speech))
    if speech.ended_at is None:
        _end("withdrawn", session, speech, actor, at)
    return speech


def leave_list(session, mandate_id, actor, at):
    """Take a delegate who leaves the hall off the list of speakers, in the same transaction and on record."""
    rows = Speech.objects.filter(item__session=session, mandate=mandate_id, ended_at__isnull=True)
    for speech in rows.select_related("item"):
        _over(session, speech, actor, at)


def _over(session, speech, actor, at):
    _end("removed" if speech.called_at is None else "ended", session, speech, actor, at)


def _end(act, session, speech, actor, at):
    speech.ended_at = at
    speech.save(update_fields=["ended_at"])
    _note(act, session, speech, actor, at)


@transaction.atomic
def give_word(*, speech_id, actor, at):
    """
    Give somebody on the list the word, and tell them on their own desk.

    :raises OperationRefused: with the reason.
    :raises Conflict: while somebody else speaks.
    """
    session, speech = _locked_speech(speech_id)
    is_there = in_the_hall(session).filter(mandate=speech.mandate_id).exists()
    require(rules.may_give_word(actor, session, speech, is_there=is_there))
    speech.called_at = at
    try:
        with transaction.atomic():
            speech.save(update_fields=["called_at"])
    except IntegrityError as error:
        raise Conflict(_("Somebody is speaking; note first that the speech is over.")) from error
    _note("given", session, speech, actor, at)
    tell_delegate("congress_session.speech_given", speech.mandate, at=at, step=str(speech.pk), minutes=speech.minutes)
    return speech


@transaction.atomic
def end_speech(*, speech_id, actor, at):
    """
    Note that a speech is over, or take somebody off the list; a second call changes nothing.

    :raises OperationRefused: with the reason.
    """
    session, speech = _locked_speech(speech_id)
    require(rules.may_keep_session(actor, session))
    if speech.ended_at is None:
        _over(session, speech, actor, at)
    return speech
