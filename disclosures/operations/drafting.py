"""Beginning a text, changing it while it is a draft, giving it up."""

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.queries import rule_value
from portal.kernel.verdicts import OperationRefused, require

from .. import numbers
from ..enums import Audience, PublicationKind, PublicationState
from ..models import Notice, Publication, PublicationFile
from ..rules import (
    may_discard,
    may_draft,
    may_edit_draft,
)
from ..texts import TEXTS, cleaned, fingerprint_of
from .attaching import attach_to_publication, take_off
from .core import locked, move, note, own_of_key, require_read

S = PublicationState


@dataclass(frozen=True)
class NoticeTerms:
    """What a public notice adds to a text."""

    about: str
    basis: str
    workdays: int
    accepted_by: object
    contact: str


@dataclass(frozen=True)
class PublicationDraft:
    """What the form has cleaned of a text that is being prepared."""

    item: object
    unit: object
    title: str
    body: str
    display_days: int
    idempotency_key: object
    department: object = None
    duty: object = None
    basis: str = ""
    method: str = ""
    objections_heard: str = ""
    audience: str = Audience.EVERYBODY
    is_must_read: bool = False
    wanted_at: object = None
    notice: NoticeTerms | None = None
    files: tuple = field(default=())  # (portal.files.intake.CleanFile, caption)


def least_display_days(item, unit, at):
    """Return how many days a text of an item must be shown: the item's own period, or the rule book's."""
    return item.display_days or rule_value(numbers.MIN_DISPLAY_DAYS, unit=unit, at=at)


def draft_publication(*, draft, actor, at):
    """
    Begin a text, once for its form's key, and return it.

    :raises OperationRefused: with the reason a person may read.
    """
    require(may_draft(actor, draft.department or draft.unit))
    _check(draft, at)
    found = own_of_key(Publication, draft.idempotency_key, actor, by="drafted_by")
    if found is not None:
        return found
    try:
        with transaction.atomic():
            publication = Publication(
                idempotency_key=draft.idempotency_key,
                drafted_by=actor,
                drafted_at=at,
                duty=draft.duty,
                **_values(draft),
            )
            publication.save(force_insert=True)
            _put_notice(publication, draft)
            attach_to_publication(publication, draft.files, at=at)
            note(
                "publication.drafted",
                publication,
                actor=actor,
                at=at,
                code=draft.item.code,
                unit=draft.unit.code,
                duty=draft.duty.pk if draft.duty else None,
            )
            return publication
    except IntegrityError:
        found = own_of_key(Publication, draft.idempotency_key, actor, by="drafted_by")
        if found is None:
            raise
        return found


@transaction.atomic
def edit_draft(*, publication_id, draft, removed_files=(), captions=None, read=None, actor, at):
    """
    Change a draft as its form says; whoever does becomes one of its writers, who do not approve it.

    ``captions`` maps the keys of files that hang there to what they show.

    :raises OperationRefused: when it has been handed on meanwhile, or may not be changed.
    :raises Conflict: when somebody else has changed it since the form was opened (``read``).
    """
    publication = locked(publication_id)
    require(may_edit_draft(actor, publication))
    require_read(read, draft_print(publication))
    _check(draft, at)
    if not publication.is_written_by(actor):
        publication.writers = [*(publication.writers or ()), str(actor.pk)]
    for name, value in _values(draft).items():
        setattr(publication, name, value)
    publication.save()
    _put_notice(publication, draft)
    if removed_files:
        held = PublicationFile.objects.filter(publication=publication, file_id__in=removed_files)
        take_off(held.filter(removed_at__isnull=True), publication, at=at)
    for held in PublicationFile.objects.filter(publication=publication, pk__in=captions or (), removed_at__isnull=True):
        if held.caption != captions[held.pk]:
            held.caption = captions[held.pk]
            held.save(update_fields=["caption"])
    attach_to_publication(publication, draft.files, at=at)
    note("publication.edited", publication, actor=actor, at=at, code=draft.item.code)
    return publication


@transaction.atomic
def discard_draft(*, publication_id, actor, at):
    """Give a draft up; it was never public, and its trace stays in the ledger."""
    publication = locked(publication_id)
    require(may_discard(actor, publication))
    move(publication, S.DISCARDED)
    note("publication.discarded", publication, actor=actor, at=at)
    return publication


def draft_print(publication):
    """Return the fingerprint of a draft's words, for a form that must not write over somebody else's."""
    return fingerprint_of(str(publication.pk), {name: getattr(publication, name) for name in TEXTS})


def _check(draft, at):
    least = least_display_days(draft.item, draft.unit, at)
    if draft.notice is None and draft.display_days < least:
        raise OperationRefused(_("A text of this item is shown for at least %(days)d days.") % {"days": least})
    if draft.duty is not None and (draft.duty.item_id != draft.item.pk or draft.duty.unit_id != draft.unit.pk):
        raise OperationRefused(_("This duty belongs to another item or unit."))


def _values(draft):
    department = draft.department if draft.department != draft.unit else None
    return {
        "kind": PublicationKind.NOTICE if draft.notice else PublicationKind.ANNOUNCEMENT,
        "item": draft.item,
        "unit": draft.unit,
        "department": department,
        "title": draft.title,
        "body": cleaned(draft.body),
        "basis": draft.basis,
        "method": draft.method,
        "objections_heard": draft.objections_heard,
        "audience": draft.audience,
        "is_must_read": draft.is_must_read,
        "wanted_at": draft.wanted_at,
        "display_days": draft.display_days,
    }


def _put_notice(publication, draft):
    if draft.notice is None:
        Notice.objects.filter(publication=publication).delete()  # of a draft; nobody has seen it
        return
    Notice.objects.update_or_create(
        publication=publication,
        defaults={
            "about": draft.notice.about,
            "basis": draft.notice.basis,
            "workdays": draft.notice.workdays,
            "accepted_by": draft.notice.accepted_by,
            "contact": draft.notice.contact,
        },
    )
