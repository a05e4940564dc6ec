"""The supervisory group's flags and what was put right; what readers leave: counts, acknowledgements, subscriptions."""

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.deadlines.operations import make_promise, meet_promise
from portal.kernel.days import local_day
from portal.kernel.verdicts import OperationRefused, require

from ..models import Acknowledgement, Publication, Rectification, Subscription
from ..rules import may_check_rectification, may_flag, may_read_public, may_rectify
from .core import locked, note, tell


@transaction.atomic
def flag_publication(*, publication_id, reason, demand, actor, at):
    """
    Demand that a publication be put right; the unit has so many working days (限期整改).

    :raises OperationRefused: with the reason.
    """
    publication = locked(publication_id)
    require(may_flag(actor, publication))
    rectification = Rectification(
        publication=publication, reason=reason, demand=demand, flagged_by=actor, flagged_at=at
    )
    rectification.promise = make_promise(
        kind="disclosure.rectify",
        subject=f"disclosures.rectification:{rectification.pk}",
        unit=publication.owner,
        started_on=local_day(at),
        at=at,
    )
    rectification.save(force_insert=True)
    note(
        "publication.flagged",
        publication,
        actor=actor,
        at=at,
        reason=reason,
        due_on=rectification.promise.due_on,
        rectification=rectification.pk,
    )
    tell(
        "flagged",
        publication,
        Role.HANDLER,
        Role.DEPARTMENT_HEAD,
        at=at,
        person=publication.drafted_by,
        step=rectification.pk.hex[:16],
        urgent=True,
    )
    return rectification


@transaction.atomic
def report_rectified(*, rectification_id, done, actor, at):
    """Say what was put right; the supervisory group checks it."""
    rectification = _locked(rectification_id)
    require(may_rectify(actor, rectification))
    rectification.done, rectification.done_by, rectification.done_at = done, actor, at
    rectification.checked_by = rectification.checked_at = rectification.is_accepted = None
    rectification.save(update_fields=["done", "done_by", "done_at", "checked_by", "checked_at", "is_accepted"])
    publication = rectification.publication
    note("publication.rectified", publication, actor=actor, at=at, rectification=rectification.pk)
    tell(
        "rectified",
        publication,
        Role.DISCIPLINE_INSPECTOR,
        unit=publication.unit,
        at=at,
        step=f"{rectification.pk.hex[:8]}:{at:%Y%m%d%H%M}",
    )
    return rectification


@transaction.atomic
def check_rectification(*, rectification_id, is_accepted, check_note, actor, at):
    """Accept what was put right, which keeps the promise, or send it back while its clock goes on."""
    rectification = _locked(rectification_id)
    require(may_check_rectification(actor, rectification))
    if not is_accepted and not check_note:
        raise OperationRefused(_("Please say what is still missing."))
    rectification.is_accepted, rectification.check_note = is_accepted, check_note
    rectification.checked_by, rectification.checked_at = actor, at
    rectification.save(update_fields=["is_accepted", "check_note", "checked_by", "checked_at"])
    publication = rectification.publication
    if is_accepted:
        meet_promise(promise=rectification.promise, actor=actor, at=rectification.done_at)
    verb = "publication.rectification_accepted" if is_accepted else "publication.rectification_refused"
    note(verb, publication, actor=actor, at=at, rectification=rectification.pk)
    tell(
        "decided", publication, at=at, person=rectification.done_by, step=f"{rectification.pk.hex[:8]}:{at:%Y%m%d%H%M}"
    )
    return rectification


def count_read(*, publication_id, at):
    """Count that a text was opened, by one statement; who opened it is not kept."""
    day = connection.ops.adapt_datefield_value(local_day(at))
    key = Publication._meta.pk.get_db_prep_value(publication_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO disclosures_readcount (publication_id, day, n) VALUES (%s, %s, 1)"
            " ON CONFLICT (publication_id, day) DO UPDATE SET n = disclosures_readcount.n + 1",
            [key, day],
        )


def acknowledge(*, publication, actor, at):
    """
    Note that a worker has read what must be read; pressing twice is pressing once.

    :raises OperationRefused: when the text asks for none, or is not for this reader.
    """
    if not publication.is_must_read or not may_read_public(actor, publication):
        raise OperationRefused(_("This text asks for no acknowledgement."))
    try:
        with transaction.atomic():
            Acknowledgement.objects.create(publication=publication, person=actor, unit=actor.unit, on=local_day(at))
    except IntegrityError:  # pressed twice
        return


@transaction.atomic
def set_subscriptions(*, actor, sections, units):
    """Let a worker be told of what these sections and units publish, and of nothing else."""
    wanted = {(section, None) for section in sections} | {("", unit.pk) for unit in units}
    there = {(row.section, row.unit_id): row for row in Subscription.objects.select_for_update().filter(person=actor)}
    Subscription.objects.filter(pk__in=[row.pk for key, row in there.items() if key not in wanted]).delete()
    Subscription.objects.bulk_create(
        (Subscription(person=actor, section=section, unit_id=unit) for section, unit in wanted - there.keys()),
        ignore_conflicts=True,
    )


def _locked(rectification_id):
    return (
        Rectification.objects.select_for_update(of=("self",))
        .select_related("publication__item", "publication__unit", "publication__department", "promise__unit", "done_by")
        .get(pk=rectification_id)
    )
