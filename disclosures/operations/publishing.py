"""The chain of signatures from draft to display, and what forces it."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.deadlines.operations import make_promise, meet_promise, workday_limit
from portal.deadlines.queries import promises_of
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import subject_key

from ..display import least_until
from ..enums import PublicationKind, PublicationState, Step
from ..models import Approval, Version
from ..rules import (
    may_force,
    may_ratify,
    may_sign,
    may_submit,
    next_steps,
    steps_for,
)
from ..texts import TEXTS, fingerprint_of
from .core import locked, move, next_serial, note, tell
from .showing import appear

S = PublicationState
STATE_OF_STEP = {
    Step.HEAD: S.HEAD,
    Step.SECRECY: S.SECRECY,
    Step.UNION: S.OPINION,
    Step.DISCIPLINE: S.OPINION,
    Step.GROUP: S.GROUP,
}
ROLE_OF_STEP = {
    Step.HEAD: Role.DEPARTMENT_HEAD,
    Step.SECRECY: Role.SECRECY_REVIEWER,
    Step.UNION: Role.UNION_CHAIR,
    Step.DISCIPLINE: Role.DISCIPLINE_INSPECTOR,
    Step.GROUP: Role.LEADER_IN_CHARGE,
}


@transaction.atomic
def submit_publication(*, publication_id, actor, at):
    """
    Hand a draft to the chain of approval.

    :raises OperationRefused: with what is missing.
    :raises IllegalTransition: when it has been handed on already.
    """
    publication = locked(publication_id)
    require(may_submit(actor, publication))
    publication.submitted_at = at
    move(publication, S.HEAD, fields=("submitted_at",))
    note("publication.submitted", publication, actor=actor, at=at, round=publication.round)
    _ask(publication, at)
    return publication


@transaction.atomic
def sign_publication(*, publication_id, step, note_text, actor, at):
    """
    Sign one step; the last signature gives the number and, when its moment has come, publishes.

    Two approvers at once make one signature: the text is locked, and a second
    one finds its step no longer wanted.

    :raises OperationRefused: with the reason.
    """
    publication = locked(publication_id)
    require(may_sign(actor, publication, step))
    _sign(publication, step, is_granted=True, note_text=note_text, actor=actor, at=at)
    note("publication.signed", publication, actor=actor, at=at, step=step, round=publication.round)
    if next_steps(publication):
        return publication  # the other opinion is still wanted
    order = list(dict.fromkeys(STATE_OF_STEP[one] for one in steps_for(publication)))
    place = order.index(publication.state)
    if place + 1 < len(order):
        move(publication, order[place + 1])
        _ask(publication, at)
    else:
        _approve(publication, actor=actor, at=at)
    return publication


@transaction.atomic
def send_back(*, publication_id, step, note_text, actor, at):
    """
    Send a text back to those who prepare it, with the reason; the chain begins anew in the next round.

    :raises OperationRefused: with the reason, or when none was given.
    """
    publication = locked(publication_id)
    require(may_sign(actor, publication, step))
    if not note_text:
        raise OperationRefused(_("Please say what must be changed."))
    _sign(publication, step, is_granted=False, note_text=note_text, actor=actor, at=at)
    publication.round += 1
    move(publication, S.DRAFT, fields=("round",))
    note("publication.sent_back", publication, actor=actor, at=at, step=step, round=publication.round - 1)
    tell("sent_back", publication, at=at, person=publication.drafted_by, step=str(publication.round))
    return publication


@transaction.atomic
def force_publication(*, publication_id, reason, actor, at):
    """
    Publish at once without the rest of the chain: flagged for everybody, counted, and approved afterwards by promise.

    :raises OperationRefused: with the reason.
    """
    publication = locked(publication_id)
    require(may_force(actor, publication))
    publication.is_forced, publication.force_reason, publication.forced_by = True, reason, actor
    publication.save(update_fields=["is_forced", "force_reason", "forced_by"])
    make_promise(
        kind="publication.ratify", subject=publication, unit=publication.owner, started_on=local_day(at), at=at
    )
    note("publication.forced", publication, actor=actor, at=at, state=publication.state)
    _approve(publication, actor=actor, at=at)
    tell("forced", publication, Role.UNION_CHAIR, Role.DISCIPLINE_INSPECTOR, unit=publication.unit, at=at, urgent=True)
    return publication


@transaction.atomic
def ratify_publication(*, publication_id, is_granted, note_text, actor, at):
    """Approve a forced publication afterwards, or say that it should not have been forced; both are shown."""
    publication = locked(publication_id)
    require(may_ratify(actor, publication))
    if not is_granted and not note_text:
        raise OperationRefused(_("Please give the reason."))
    _sign(publication, Step.RATIFY, is_granted=is_granted, note_text=note_text, actor=actor, at=at)
    promise = promises_of(subject_key(publication)).filter(kind="publication.ratify").first()
    if promise is not None:
        meet_promise(promise=promise, actor=actor, at=at)
    verb = "publication.ratified" if is_granted else "publication.not_ratified"
    note(verb, publication, actor=actor, at=at)
    return publication


def _sign(publication, step, *, is_granted, note_text, actor, at):
    try:
        with transaction.atomic():
            Approval.objects.create(
                publication=publication,
                round=publication.round,
                step=step,
                is_granted=is_granted,
                note=note_text,
                by=actor,
                at=at,
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody has signed this meanwhile.")) from error
    publication._prefetched_objects_cache.pop("approvals", None)


def _ask(publication, at):
    """Tell the offices whose signature is wanted now."""
    for step in next_steps(publication):
        unit = publication.owner if step in (Step.HEAD, Step.GROUP) else publication.unit
        tell("to_sign", publication, ROLE_OF_STEP[step], unit=unit, at=at, step=f"{publication.round}:{step}")


def _approve(publication, *, actor, at):
    """Give the number, freeze the text as version one, and set its days on show."""
    publish_at = max(publication.wanted_at or at, at)
    day = local_day(publish_at)
    publication.year, publication.serial = day.year, next_serial(day.year)
    publication.publish_at = publish_at
    publication.shown_until = _shown_until(publication, day)
    move(publication, S.SCHEDULED, fields=("year", "serial", "publish_at", "shown_until"))
    Version.objects.create(
        publication=publication,
        number=1,
        fingerprint=fingerprint_of(publication.number, {name: getattr(publication, name) for name in TEXTS}),
        shown_from=publish_at,
        by=publication.drafted_by,
        approved_by=actor,
        **{name: getattr(publication, name) for name in TEXTS},
    )
    publication._prefetched_objects_cache.pop("versions", None)
    version = publication.versions.all()[0]
    note(
        "publication.approved",
        publication,
        actor=actor,
        at=at,
        number=publication.number,
        publish_at=publish_at,
        shown_until=publication.shown_until,
        sha256=version.fingerprint,
    )
    if publish_at <= at:
        appear(publication, at)


def _shown_until(publication, day):
    """Return the last day on show: the days asked for, and a notice at least until its period is over."""
    until = least_until(day, publication.display_days)
    if publication.kind == PublicationKind.NOTICE:
        until = max(until, workday_limit(started_on=day, count=publication.notice.workdays))
    return until
