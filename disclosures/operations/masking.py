"""Masking of personal data in a public notice once its period is over, and what is promised of it."""

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.deadlines.models import Promise
from portal.deadlines.operations import make_promises, meet_promise
from portal.deadlines.queries import promises_of
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.columns import SubjectKey
from portal.ledger.recording import SYSTEM, record_many, subject_key
from portal.notices.outbox import retell

from ..enums import PublicationKind, PublicationState, VersionKind
from ..masking import bare, only_masks
from ..models import Notice, Publication, PublicationFile
from ..rules import may_mask
from ..texts import NOTICE_WORDS, TEXTS, cleaned, notice_words, notice_words_unmasked
from .changing import add_version, latest_version
from .core import TITLED, locked, note, require_read, tell
from .showing import period_of_notice


@transaction.atomic
def mask_publication(*, publication_id, names_nobody=False, files=(), read=None, actor, at, **words):
    """
    Show a notice with its personal data masked, once its period is over (个人信息保护法 arts. 19, 47).

    What was overlooked may be masked again, each time as another version: only
    the last one is shown. What stood there before is read by who wrote, signed
    or supervises it. One person masks, so nothing else than marks may change, on
    what stands there and, so that marks do not grow from time to time, on what
    was last shown without masking: any other wording is a correction, and a
    correction takes two. A notice that ``names_nobody`` stays as it is; saying
    so is on record with the name of who did.

    ``words`` are title and body, and what else of ``TEXTS`` and of ``NOTICE_WORDS``
    is masked; ``files`` the keys of attachments that name somebody, which
    everybody no longer reads.

    :raises OperationRefused: when the period is not over, for somebody else, or when other words would change.
    :raises Conflict: when somebody has changed it since the form was opened (``read``).
    """
    publication = locked(publication_id)
    require(may_mask(actor, publication, is_over=publication.serial is not None and _is_over(publication, at)))
    latest = latest_version(publication)
    require_read(read, latest.fingerprint)
    beside, first_beside = notice_words(publication.notice), notice_words_unmasked(publication.notice)
    own = {name: words.pop(name, beside[name]) for name in NOTICE_WORDS}
    texts = {name: getattr(latest, name) for name in TEXTS} | words
    texts["body"] = cleaned(texts["body"])
    hidden = [row for row in publication.shown_files if str(row.pk) in {str(key) for key in files}]
    if names_nobody:
        if hidden or own != beside or any(texts[name] != getattr(latest, name) for name in TEXTS):
            raise OperationRefused(_("You have masked something. Then the notice does name somebody."))
        if publication.notice.masked_at is not None:
            raise OperationRefused(_("There is nothing to mask here."))
        note("notice.names_nobody", publication, actor=actor, at=at, number=publication.number)
        return _masked(publication, actor, at)
    is_same = all(bare(texts[name]) == bare(getattr(latest, name)) for name in TEXTS)
    if not hidden and is_same and all(bare(own[name]) == bare(beside[name]) for name in own):
        raise OperationRefused(_("Nothing has been masked yet."))
    for before in {unmasked_version(publication), latest}:
        if not all(only_masks(getattr(before, name), texts[name]) for name in TEXTS):
            raise OperationRefused(_("Masking may only put marks in the place of personal data."))
    if not all(only_masks(before[name], own[name]) for before in (first_beside, beside) for name in own):
        raise OperationRefused(_("Masking may only put marks in the place of personal data."))
    _mask_beside(publication.notice, own, first_beside)
    for row in hidden:
        row.masked_at = at
    PublicationFile.objects.bulk_update(hidden, ["masked_at"])
    version = add_version(
        publication,
        texts,
        kind=VersionKind.MASKED,
        note_text=_("Personal data masked after the period of the notice"),
        by=actor,
        approved_by=actor,
        at=at,
    )
    note(
        "notice.masked",
        publication,
        actor=actor,
        at=at,
        number=publication.number,
        version=version.number,
        sha256=version.fingerprint,
        **({"files": [row.file.sha256 for row in hidden]} if hidden else {}),
    )
    tell("masked", publication, Role.UNION_CHAIR, at=at, step=f"{local_day(at):%Y%m%d}")
    for kind in TITLED:
        # Whoever was told of the notice reads its name in the inbox for years.
        retell(
            kind=f"publication.{kind}",
            key=f"publication.{kind}:{publication.pk.hex}",
            subject=publication,
            code=publication.item.code,
            title=texts["title"],
        )
    return _masked(publication, actor, at)


def _mask_beside(notice, own, first):
    """Put the masked words of the notice itself in their place, and keep what stood there first."""
    masked = {name: words for name, words in own.items() if words != first[name]}
    if masked:
        notice.unmasked = {name: first[name] for name in masked}
        for name in masked:
            setattr(notice, NOTICE_WORDS[name], masked[name])
        notice.save(update_fields=["unmasked", *(NOTICE_WORDS[name] for name in masked)])


def unmasked_version(publication):
    """Return what was last shown before anybody masked it: as published, or as corrected since."""
    return max(
        (row for row in publication.versions.all() if row.kind != VersionKind.MASKED), key=lambda row: row.number
    )


def promise_masking(*, at, batch=500):
    """
    Let notices be masked that ended before anybody promised it, and return how many.

    Counted from today, so that nobody is late for what nobody owed. At most
    ``batch`` a run: the oldest first, the others with the next run.
    """
    with transaction.atomic():
        rows = list(
            Notice.objects.filter(closed_on__isnull=False, masked_at__isnull=True)
            .exclude(publication__state=PublicationState.WITHDRAWN)
            .filter(
                ~Exists(
                    Promise.objects.filter(kind="notice.mask", subject=SubjectKey(OuterRef("pk"), model=Publication))
                )
            )
            .select_related("publication__unit", "publication__department")
            .select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
            .order_by("closed_on", "pk")[:batch]
        )
        # Asked again under the locks: another sweeper may have promised some of these a moment ago.
        known = Promise.objects.filter(kind="notice.mask", subject__in=[subject_key(row.publication) for row in rows])
        known = set(known.values_list("subject", flat=True))
        rows = [row for row in rows if subject_key(row.publication) not in known]
        promises = make_promises(
            [
                {
                    "kind": "notice.mask",
                    "subject": row.publication,
                    "unit": row.publication.owner,
                    "started_on": local_day(at),
                }
                for row in rows
            ],
            at=at,
        )
        record_many(
            [
                {
                    "verb": "notice.mask_owed",
                    "subject": row.publication,
                    "actor": SYSTEM,
                    "at": at,
                    "number": row.publication.number,
                    "due_on": promise.due_on,
                }
                for row, promise in zip(rows, promises, strict=True)
            ]
        )
    return len(rows)


def _masked(publication, actor, at):
    """Keep that personal data have been looked after, and what was promised of it."""
    publication.notice.masked_at = at
    publication.notice.save(update_fields=["masked_at"])
    for promise in promises_of(subject_key(publication)).filter(kind="notice.mask"):
        meet_promise(promise=promise, actor=actor, at=at)
    return publication


def _is_over(publication, at):
    return publication.kind == PublicationKind.NOTICE and period_of_notice(publication, at).is_over
