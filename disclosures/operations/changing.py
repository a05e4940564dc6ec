"""After publication: corrections, withdrawal, the outcome of a notice. Nothing is ever edited in place."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.deadlines.operations import end_promise, meet_promise
from portal.deadlines.queries import promises_of
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM, subject_key

from ..display import days_shown
from ..enums import NoticeOutcome, PublicationKind, PublicationState, VersionKind
from ..models import Correction, Gap, Notice, Version, Withdrawal
from ..rules import (
    may_correct,
    may_decide_correction,
    may_decide_outcome,
    may_decide_withdrawal,
    may_report_gap,
    may_withdraw,
)
from ..texts import TEXTS, cleaned, fingerprint_of
from .core import locked, move, note, one_by_one, refile, tell
from .drafting import least_display_days
from .showing import period_of_notice

S = PublicationState


@transaction.atomic
def ask_correction(*, publication_id, title, body, note_text, actor, at):
    """
    Ask for another wording of a published text; another person decides, and the first wording stays readable.

    :raises OperationRefused: with the reason, or when nothing would change.
    """
    publication = locked(publication_id)
    require(may_correct(actor, publication))
    latest = latest_version(publication)
    body = cleaned(body)
    if (title, body) == (latest.title, latest.body):
        raise OperationRefused(_("Nothing has been changed in title or text."))
    try:
        with transaction.atomic():
            correction = Correction.objects.create(
                publication=publication, title=title, body=body, note=note_text, asked_by=actor, asked_at=at
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody has asked for a correction meanwhile.")) from error
    note("publication.correction_asked", publication, actor=actor, at=at)
    tell("correction_asked", publication, Role.LEADER_IN_CHARGE, at=at, step=correction.pk.hex[:16])
    return correction


@transaction.atomic
def decide_correction(*, publication_id, is_granted, answer, actor, at):
    """Let a correction be shown as the next version, or refuse it with the reason."""
    publication = locked(publication_id)
    require(may_decide_correction(actor, publication))
    correction = publication.corrections.select_related("asked_by").get(is_granted__isnull=True)
    _decide(correction, is_granted=is_granted, answer=answer, actor=actor, at=at)
    if not is_granted:
        note("publication.correction_refused", publication, actor=actor, at=at)
        tell("decided", publication, at=at, person=correction.asked_by, step=correction.pk.hex[:16])
        return publication
    latest = latest_version(publication)
    if latest.kind == VersionKind.MASKED and latest.shown_from > correction.asked_at:
        # It was written before names were masked and may hold them: shown now, they would stand there again.
        raise OperationRefused(_("Personal data have been masked since this was asked. Say no; it can be asked anew."))
    texts = {name: getattr(latest, name) for name in TEXTS} | {"title": correction.title, "body": correction.body}
    version = add_version(
        publication,
        texts,
        kind=VersionKind.CORRECTION,
        note_text=correction.note,
        by=correction.asked_by,
        approved_by=actor,
        at=at,
    )
    note(
        "publication.corrected",
        publication,
        actor=actor,
        at=at,
        number=publication.number,
        version=version.number,
        sha256=version.fingerprint,
    )
    tell("decided", publication, at=at, person=correction.asked_by, step=correction.pk.hex[:16])
    return publication


@transaction.atomic
def ask_withdrawal(*, publication_id, reason_code, reason, actor, at):
    """
    Ask for a text to be taken down. Always a second person decides; whether it is early is kept and shown.

    :raises OperationRefused: with the reason.
    """
    publication = locked(publication_id)
    require(may_withdraw(actor, publication))
    today, day = local_day(at), local_day(publication.publish_at)
    shown = days_shown(day, publication.shown_until, today)
    try:
        with transaction.atomic():
            withdrawal = Withdrawal.objects.create(
                publication=publication,
                reason_code=reason_code,
                reason=reason,
                is_early=shown < least_display_days(publication.item, publication.unit, at)
                or (publication.kind == PublicationKind.NOTICE and not period_of_notice(publication, at).is_over),
                asked_by=actor,
                asked_at=at,
            )
    except IntegrityError as error:
        raise Conflict(_("Somebody has asked for this meanwhile.")) from error
    note("publication.withdrawal_asked", publication, actor=actor, at=at, reason=reason_code)
    tell(
        "withdrawal_asked",
        publication,
        Role.LEADER_IN_CHARGE,
        Role.UNION_CHAIR,
        at=at,
        step=withdrawal.pk.hex[:16],
        urgent=True,
    )
    return withdrawal


@transaction.atomic
def decide_withdrawal(*, publication_id, is_granted, answer, actor, at):
    """
    Take a text down, or leave it where it is.

    Its number, title, reason and days stay public; the text stays for those
    who prepare, approve and supervise. It leaves lists, boards, feeds and
    search in the same transaction.
    """
    publication = locked(publication_id)
    require(may_decide_withdrawal(actor, publication))
    withdrawal = publication.withdrawals.select_related("asked_by").get(is_granted__isnull=True)
    _decide(withdrawal, is_granted=is_granted, answer=answer, actor=actor, at=at)
    if is_granted:
        move(publication, S.WITHDRAWN)
        refile(publication)
        if publication.kind == PublicationKind.NOTICE:
            _cancel_notice(publication, withdrawal, actor=actor, at=at)
        facts = {"reason": withdrawal.reason_code, "is_early": withdrawal.is_early}
        note("publication.withdrawn", publication, actor=actor, at=at, number=publication.number, **facts)
    else:
        note("publication.withdrawal_refused", publication, actor=actor, at=at)
    tell("decided", publication, at=at, person=withdrawal.asked_by, step=withdrawal.pk.hex[:16])
    return publication


def cancel_withdrawn_notices(*, at, limit=500):
    """Cancel notices that were withdrawn before a withdrawal did so itself, and return how many."""
    left = Notice.objects.filter(publication__state=S.WITHDRAWN, outcome__in=("", NoticeOutcome.SUSPENDED))
    keys = left.order_by("pk").values_list("pk", flat=True)[:limit]
    return one_by_one(keys, lambda pk: _cancel_withdrawn(pk, at), "the withdrawn notice %s could not be cancelled")


@transaction.atomic
def _cancel_withdrawn(pk, at):
    publication = locked(pk)
    if publication.notice.outcome not in ("", NoticeOutcome.SUSPENDED):
        return 0
    withdrawal = publication.withdrawals.select_related("decided_by").get(is_granted=True)
    _cancel_notice(publication, withdrawal, actor=SYSTEM, at=at)
    return 1


def _cancel_notice(publication, withdrawal, *, actor, at):
    """
    Let a notice that is taken down be cancelled, where nothing else has come of it yet.

    The result of a notice is obligatory (domain.md 7.3), and a withdrawal is
    one: two people, a reason that everybody reads. What was promised of the
    notice ends with its code; a miss is recorded first, so nothing late is hidden.
    """
    notice = publication.notice
    if notice.outcome in ("", NoticeOutcome.SUSPENDED):
        notice.outcome, notice.outcome_note = NoticeOutcome.CANCELLED, withdrawal.reason
        notice.outcome_by, notice.outcome_at = withdrawal.decided_by, withdrawal.decided_at
        notice.save(update_fields=["outcome", "outcome_note", "outcome_by", "outcome_at"])
        note("notice.decided", publication, actor=actor, at=at, number=publication.number, outcome=notice.outcome)
    for promise in promises_of(subject_key(publication)).filter(kind__in=("notice.outcome", "notice.mask")):
        end_promise(promise=promise, code="taken_down", actor=actor, at=at)


@transaction.atomic
def enter_outcome(*, publication_id, outcome, outcome_note, actor, at):
    """
    Enter what came of a public notice; suspending is possible while it runs, all else once its period is over.

    :raises OperationRefused: with the reason.
    """
    publication = locked(publication_id)
    is_over = outcome in (NoticeOutcome.SUSPENDED, NoticeOutcome.CANCELLED) or period_of_notice(publication, at).is_over
    require(may_decide_outcome(actor, publication, is_over=is_over))
    notice = publication.notice
    if outcome != NoticeOutcome.NO_OBJECTION and not outcome_note:
        raise OperationRefused(_("Please say in a sentence what was found and what follows from it."))
    notice.outcome, notice.outcome_note = outcome, outcome_note
    notice.outcome_by, notice.outcome_at = actor, at
    notice.save(update_fields=["outcome", "outcome_note", "outcome_by", "outcome_at"])
    if notice.promise is not None and outcome != NoticeOutcome.SUSPENDED:
        meet_promise(promise=notice.promise, actor=actor, at=at)
    note("notice.decided", publication, actor=actor, at=at, number=publication.number, outcome=outcome)
    return publication


@transaction.atomic
def record_gap(*, publication_id, since, until, reason, actor, at):
    """
    Record days on which a text was not on show: they do not count towards the period of its notice.

    :raises OperationRefused: for days before it appeared or still to come, or days that are recorded already.
    """
    publication = locked(publication_id)
    require(may_report_gap(actor, publication))
    if until < since:
        raise OperationRefused(_("The last day lies before the first."))
    if publication.publish_at is None or since < local_day(publication.publish_at) or until > local_day(at):
        raise OperationRefused(_("Only days between its publication and today can have been without display."))
    try:
        with transaction.atomic():
            gap = Gap.objects.create(
                publication=publication,
                since=since,
                until=until,
                code="reported",
                reason=reason,
                recorded_by=actor,
                recorded_at=at,
            )
    except IntegrityError as error:
        raise OperationRefused(_("A gap from this day on has been recorded already.")) from error
    note("publication.gap", publication, actor=actor, at=at, since=since, until=until)
    return gap


def record_outage(*, since, until, at):
    """
    Record whole days on which the portal was not to be seen, for every notice; once for each first day.

    The operator's command ``record_outage`` calls it.
    """
    with transaction.atomic():
        gap, is_new = Gap.objects.get_or_create(
            publication=None, since=since, code="outage", defaults={"until": until, "recorded_at": at}
        )
        if not is_new and gap.until < until:
            gap.until = until
            gap.save(update_fields=["until"])
            is_new = True
        if is_new:
            note("portal.gap", "disclosures.portal:all", actor=SYSTEM, at=at, since=since, until=until)
    return gap


# Parts ------------------------------------------------------------------------------------------------------


def latest_version(publication):
    return max(publication.versions.all(), key=lambda version: version.number)


def _decide(row, *, is_granted, answer, actor, at):
    if not is_granted and not answer:
        raise OperationRefused(_("Please give the reason."))
    row.is_granted, row.answer = is_granted, answer
    row.decided_by, row.decided_at = actor, at
    row.save(update_fields=["is_granted", "answer", "decided_by", "decided_at"])


def add_version(publication, texts, *, kind, note_text, by, approved_by, at):
    number = latest_version(publication).number + 1
    version = Version.objects.create(
        publication=publication,
        number=number,
        kind=kind,
        note=note_text,
        fingerprint=fingerprint_of(publication.number, texts),
        shown_from=max(at, publication.publish_at),
        by=by,
        approved_by=approved_by,
        **texts,
    )
    publication.title = version.title
    publication.save(update_fields=["title"])
    publication._prefetched_objects_cache.pop("versions", None)
    refile(publication)
    return version
