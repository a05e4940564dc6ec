"""The bulletin: compiling an issue, handing it over, issuing it; the answers in it are delivered with it."""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from feedback.enums import DeliveryChannel, ReplyState
from feedback.models import Inquiry
from feedback.operations import deliver_reply
from feedback.rules import may_print
from portal.accounts.desks import desk_of, nearest_desk
from portal.accounts.enums import Role
from portal.kernel.days import local_day
from portal.kernel.transitions import check_transition
from portal.kernel.verdicts import OperationRefused, require
from portal.notices.outbox import post
from portal.search.operations import refresh_entry

from ..enums import BULLETIN_TRANSITIONS, BulletinState, EntryKind, PublicationState
from ..models import BulletinEntry, BulletinIssue, CatalogueItem, Duty, Publication
from ..models.bulletin import TOTAL
from ..printed import content_of, fingerprint_of_issue, frozen_words, quoted
from ..queries.bulletin import figures_of, publications_offered, replies_offered, with_entries
from ..rules import may_compile, may_edit_issue, may_issue, may_send_back_issue, may_submit_issue
from ..searching import BULLETIN_KIND
from ..texts import cleaned
from .core import note, own_of_key
from .drafting import PublicationDraft, draft_publication, least_display_days

B = BulletinState
MAX_ENTRIES = 60
SUMMARY_ITEM = "F02"  # 信息卡答复汇总, monthly; it may be met with what an issue says


@dataclass(frozen=True)
class IssueDraft:
    """What the form has cleaned of an issue's head."""

    unit: object
    title: str
    since: object
    until: object
    idempotency_key: object = None
    lead: str = ""
    report_to: str = ""
    send_to: str = ""


@transaction.atomic
def draft_issue(*, draft, actor, at):
    """
    Begin an issue, once for its form's key, and return it.

    :raises OperationRefused: with the reason a person may read.
    """
    require(may_compile(actor, draft.unit))
    try:
        with transaction.atomic():
            issue = BulletinIssue.objects.create(
                unit=draft.unit,
                compiled_by=actor,
                compiled_at=at,
                idempotency_key=draft.idempotency_key,
                **_head(draft),
            )
    except IntegrityError:
        found = own_of_key(BulletinIssue, draft.idempotency_key, actor, by="compiled_by")
        if found is None:
            raise
        return found
    note("bulletin.drafted", issue, actor=actor, at=at, unit=draft.unit.code)
    return issue


@transaction.atomic
def edit_issue(*, issue_id, draft, actor, at):
    """Change the head of an issue that is being compiled; its unit stays."""
    issue = _locked(issue_id)
    require(may_edit_issue(actor, issue))
    for name, value in _head(draft).items():
        setattr(issue, name, value)
    issue.save()
    note("bulletin.edited", issue, actor=actor, at=at)
    return issue


@transaction.atomic
def choose_entries(*, issue_id, replies, publications, with_figures, actor, at):
    """
    Put ticked answers, disclosures and figures at the end of an issue; what is not offered (any more) is left out.

    Returns how many were added.

    :raises OperationRefused: when the issue would hold more than can be issued at once.
    """
    issue = _locked(issue_id)
    require(may_edit_issue(actor, issue))
    waiting, answered = replies_offered(issue)
    found = [
        BulletinEntry(kind=EntryKind.REPLY, reply=reply)
        for rows in (waiting, answered)
        for reply in rows.filter(pk__in=replies)
    ]
    for text in publications_offered(issue, at).filter(pk__in=publications):
        kind = EntryKind.NOTICE if text.kind == "notice" else EntryKind.PUBLICATION
        found.append(BulletinEntry(kind=kind, publication=text))
    found.sort(key=lambda entry: entry.kind, reverse=True)  # answers, then disclosures, then notices
    there = list(issue.entries.all())
    if with_figures and not any(entry.kind == EntryKind.FIGURES for entry in there):
        found.append(BulletinEntry(kind=EntryKind.FIGURES))
    _check_room(len(there) + len(found))
    first = 1 + max((entry.place for entry in there), default=0)
    for place, entry in enumerate(found, start=first):
        entry.issue, entry.place = issue, place
    BulletinEntry.objects.bulk_create(found)
    note("bulletin.edited", issue, actor=actor, at=at)
    return len(found)


@transaction.atomic
def write_text(*, issue_id, entry_id, heading, text, actor, at):
    """Put a text of the union's own into an issue, or change one that is in it."""
    issue = _locked(issue_id)
    require(may_edit_issue(actor, issue))
    if entry_id is None:
        _check_room(issue.entries.count() + 1)
        place = 1 + (issue.entries.aggregate(last=Max("place"))["last"] or 0)
        entry = BulletinEntry(issue=issue, kind=EntryKind.TEXT, place=place)
    else:
        entry = BulletinEntry.objects.get(pk=entry_id, issue=issue, kind=EntryKind.TEXT)
    entry.heading, entry.text = heading, cleaned(text)
    entry.save()
    note("bulletin.edited", issue, actor=actor, at=at)
    return entry


@transaction.atomic
def move_entry(*, issue_id, entry_id, step, actor, at):
    """Let an entry change places with the one before (-1) or behind (1); at the end nothing happens."""
    issue = _locked(issue_id)
    require(may_edit_issue(actor, issue))
    rows = list(issue.entries.order_by("place", "pk"))
    here = next((n for n, row in enumerate(rows) if row.pk == entry_id), None)
    if here is None or not 0 <= here + step < len(rows):
        return
    rows[here], rows[here + step] = rows[here + step], rows[here]
    for place, row in enumerate(rows, start=1):
        row.place = place
    BulletinEntry.objects.bulk_update(rows, ["place"])
    note("bulletin.edited", issue, actor=actor, at=at)


@transaction.atomic
def remove_entry(*, issue_id, entry_id, actor, at):
    """Take an entry out of an issue that is being compiled; what it stood for is untouched."""
    issue = _locked(issue_id)
    require(may_edit_issue(actor, issue))
    BulletinEntry.objects.filter(issue=issue, pk=entry_id).delete()
    note("bulletin.edited", issue, actor=actor, at=at)


@transaction.atomic
def submit_issue(*, issue_id, actor, at):
    """Hand an issue to the union's chair."""
    issue = _locked(issue_id)
    require(may_submit_issue(actor, issue, is_empty=not issue.entries.exists()))
    issue.submitted_by, issue.submitted_at, issue.back_note = actor, at, ""
    _move(issue, B.SUBMITTED, "submitted_by", "submitted_at", "back_note")
    note("bulletin.submitted", issue, actor=actor, at=at)
    _tell("to_issue", issue, nearest_desk(Role.UNION_CHAIR, issue.unit, at), at=at)
    return issue


@transaction.atomic
def send_back_issue(*, issue_id, note_text, actor, at):
    """
    Give an issue back to those who compile it.

    :raises OperationRefused: with the reason, or when the chair gave none.
    """
    issue = _locked(issue_id)
    require(may_send_back_issue(actor, issue))
    if not note_text and issue.submitted_by_id != actor.pk:
        raise OperationRefused(_("Please say what must be changed."))
    issue.back_note = note_text
    _move(issue, B.DRAFT, "back_note")
    note("bulletin.sent_back", issue, actor=actor, at=at)
    if issue.submitted_by_id != actor.pk:
        _tell("sent_back", issue, desk_of(issue.submitted_by), at=at)
    return issue


@transaction.atomic
def discard_issue(*, issue_id, actor, at):
    """Give up an issue that is being compiled; it has no number, so none is missing."""
    issue = _locked(issue_id)
    require(may_edit_issue(actor, issue))
    _move(issue, B.DISCARDED)
    note("bulletin.discarded", issue, actor=actor, at=at)
    return issue


@transaction.atomic
def issue_bulletin(*, issue_id, actor, at):
    """
    Issue: give the numbers, freeze every word, and deliver the answers in it that still waited.

    All or nothing. An answer that reached its workers meanwhile by another way
    is printed all the same; one that may no longer be printed stops the issue
    and is named, so that the compilers take it out.

    :raises OperationRefused: with the reason.
    """
    issue = _locked(issue_id)
    require(may_issue(actor, issue))
    # What stands in it is locked and read anew: what somebody hides at this moment is seen, or hidden afterwards.
    rows = BulletinEntry.objects.filter(issue=issue)
    for model, keys in ((Publication, rows.values("publication")), (Inquiry, rows.values("reply__inquiry"))):
        list(model.objects.filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk").only("pk"))
    issue = with_entries(BulletinIssue.objects.all()).get(pk=issue_id)
    entries = list(issue.entries.all())
    _refuse_unprintable(entries)
    day = local_day(at)
    issue.total, issue.year = _next_number(issue.unit_id, TOTAL), day.year
    issue.serial = _next_number(issue.unit_id, day.year)
    figures = figures_of(issue.unit, issue.since, issue.until, at)
    waiting = []
    for entry in entries:
        for name, value in content_of(entry, figures).items():
            setattr(entry, name, value)
        if entry.reply_id and entry.reply.state == ReplyState.APPROVED:
            entry.has_delivered = True
            waiting.append(entry.reply.inquiry_id)
    BulletinEntry.objects.bulk_update(entries, ["heading", "question", "text", "values", "has_delivered"])
    issue.fingerprint = fingerprint_of_issue(issue, [frozen_words(entry) for entry in entries])
    issue.issued_by, issue.issued_at = actor, at
    _move(issue, B.ISSUED, "year", "serial", "total", "fingerprint", "issued_by", "issued_at")
    for inquiry_id in sorted(waiting):
        deliver_reply(
            inquiry_id=inquiry_id,
            channel=DeliveryChannel.UNION_BULLETIN,
            delivered_on=day,
            place=issue.unit.name,
            bulletin_no=quoted(issue),
            actor=actor,
            at=at,
        )
    note(
        "bulletin.issued",
        issue,
        actor=actor,
        at=at,
        unit=issue.unit.code,
        number=issue.number,
        total=issue.total,
        entries=len(entries),
        delivered=len(waiting),
        sha256=issue.fingerprint,
    )
    refresh_entry(kind=BULLETIN_KIND, key=f"{issue.unit.code}.{issue.number}")
    _tell("issued", issue, desk_of(issue.compiled_by), at=at)
    return issue


def summary_duty(issue, at):
    """Return the open duty of the card summary (F02) that an issue may meet, without a text on its way, or None."""
    return (
        Duty.objects.filter(
            item__code=SUMMARY_ITEM,
            unit=issue.unit_id,
            starts_on__lte=issue.until,
            ends_on__gte=issue.since,
            promise__met_at__isnull=True,
            promise__ended_at__isnull=True,
        )
        .exclude(publications__state__in=[state for state in PublicationState if state != PublicationState.DISCARDED])
        .select_related("item", "unit", "department", "promise")
        .order_by("starts_on")
        .first()
    )


@transaction.atomic
def draft_summary(*, issue_id, body, title, actor, at):
    """
    Begin the disclosure that meets the monthly card summary with what an issue says; it goes its own way from there.

    :raises OperationRefused: when no such duty is open, or the person prepares nothing for the unit.
    """
    issue = _locked(issue_id)
    duty = summary_duty(issue, at)
    if issue.serial is None or duty is None:
        raise OperationRefused(_("No card summary is owed for the period of this issue."))
    item = CatalogueItem.objects.get(code=SUMMARY_ITEM)
    return draft_publication(
        draft=PublicationDraft(
            item=item,
            unit=issue.unit,
            department=duty.department,
            duty=duty,
            title=title,
            body=body,
            display_days=least_display_days(item, issue.unit, at),
            idempotency_key=uuid.uuid4(),
        ),
        actor=actor,
        at=at,
    )


# Parts ------------------------------------------------------------------------------------------------------


def _locked(issue_id):
    BulletinIssue.objects.select_for_update(of=("self",)).only("pk").get(pk=issue_id)
    return with_entries(BulletinIssue.objects.all()).get(pk=issue_id)


def _head(draft):
    return {
        "title": draft.title,
        "lead": cleaned(draft.lead),
        "since": draft.since,
        "until": draft.until,
        "report_to": draft.report_to,
        "send_to": draft.send_to,
    }


def _check_room(count):
    if count > MAX_ENTRIES:
        raise OperationRefused(
            _("One issue holds at most %(most)d parts. Please begin another.") % {"most": MAX_ENTRIES}
        )


def _move(issue, target, *fields):
    check_transition(BULLETIN_TRANSITIONS, source=issue.state, target=target)
    issue.state = target
    issue.save(update_fields=["state", *fields])


def _refuse_unprintable(entries):
    refused = []
    for entry in entries:
        if entry.reply_id and not may_print(entry.reply.inquiry, entry.reply):
            refused.append(entry.reply.inquiry.number)
        elif entry.publication_id and entry.publication.state == PublicationState.WITHDRAWN:
            refused.append(entry.publication.number)
    if refused:
        raise OperationRefused(
            _("May no longer be printed and must be taken out: %(numbers)s.") % {"numbers": "、".join(refused)}
        )


def _next_number(unit_id, year):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosures_bulletinseries (unit_id, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (unit_id, year) DO UPDATE SET last = disclosures_bulletinseries.last + 1 RETURNING last",
            [unit_id, year],
        )
        return cursor.fetchone()[0]


def _tell(kind, issue, desk, *, at):
    post(
        kind=f"bulletin.{kind}",
        subject=issue,
        desks=[desk],
        at=at,
        key=f"bulletin.{kind}:{issue.pk.hex}:{at.timestamp():.0f}",
        **({"title": issue.title} if kind == "issued" else {}),
    )
