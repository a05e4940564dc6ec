"""Keeping the catalogue: seeding it, changing an item, giving it to units."""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM

from ..models import Assignment, CatalogueItem, CatalogueVersion
from ..rules import may_assign_item, may_edit_catalogue
from ..seed import ITEMS
from .core import note

EDITABLE = (
    *("title", "content", "department", "frequency", "second_frequency", "timing", "scope", "channels"),
    *("legal_basis", "is_vital", "opinion", "notice_workdays", "display_days", "is_active"),
)


def seed_catalogue(*, at):
    """Write the items of the seed catalogue (domain.md §7.2) into an empty table; return how many."""
    if CatalogueItem.objects.exists():
        return 0
    with transaction.atomic():
        items = CatalogueItem.objects.bulk_create(CatalogueItem(**values) for values in ITEMS)
        CatalogueVersion.objects.bulk_create(
            CatalogueVersion(item=item, number=1, values=values_of(item), at=at) for item in items
        )
    return len(items)


def values_of(item):
    """Return what a version keeps of an item."""
    return {name: getattr(item, name) for name in EDITABLE}


@transaction.atomic
def add_item(*, code, section, values, actor, at):
    """
    Add an item to the catalogue.

    :raises OperationRefused: for somebody else than the union of the enterprise, or a code that exists.
    """
    require(may_edit_catalogue(actor))
    if CatalogueItem.objects.filter(code=code).exists():
        raise OperationRefused(_("The catalogue has an item %(code)s already.") % {"code": code})
    item = CatalogueItem.objects.create(code=code, section=section, **values)
    CatalogueVersion.objects.create(item=item, number=1, values=values_of(item), at=at, by=actor)
    note("catalogue.added", item, actor=actor, at=at, code=item.code, number=1)
    return item


@transaction.atomic
def edit_item(*, item_id, seen_version, values, reason, actor, at):
    """
    Change an item; the old state stays as a version, and no duty already opened is touched.

    :raises OperationRefused: for somebody else than the union of the enterprise.
    :raises Conflict: when another person has changed the item since the form was shown.
    """
    require(may_edit_catalogue(actor))
    item = CatalogueItem.objects.select_for_update().get(pk=item_id)
    if item.version != seen_version:
        raise Conflict(_("Somebody has changed this item meanwhile. Please look at it again."))
    before = values_of(item)
    for name, value in values.items():
        setattr(item, name, value)
    if values_of(item) == before:
        return item
    item.version += 1
    item.save()
    CatalogueVersion.objects.create(
        item=item, number=item.version, values=values_of(item), note=reason, at=at, by=actor
    )
    note("catalogue.changed", item, actor=actor, at=at, code=item.code, number=item.version)
    return item


@transaction.atomic
def assign_item(*, item_id, unit, department, since, actor, at):
    """
    Let a unit owe an item from a day on; the department prepares it.

    :raises OperationRefused: when it may not, or the unit owes it already.
    """
    require(may_assign_item(actor, unit))
    item = CatalogueItem.objects.select_for_update().get(pk=item_id)
    if Assignment.objects.filter(item=item, unit=unit, until__isnull=True).exists():
        raise OperationRefused(_("This unit owes this item already."))
    if department == unit:
        department = None
    assignment = Assignment.objects.create(item=item, unit=unit, department=department, since=since)
    note("catalogue.assigned", item, actor=actor, at=at, code=item.code, unit=unit.code, since=since)
    return assignment


@transaction.atomic
def end_assignment(*, assignment_id, actor, at):
    """Let a unit owe an item no longer, from tomorrow; what is open stays open."""
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("item", "unit").get(pk=assignment_id)
    require(may_assign_item(actor, assignment.unit))
    if assignment.until is not None:
        return assignment
    today = local_day(at)
    assignment.until = max(today, assignment.since)
    assignment.save(update_fields=["until"])
    note(
        "catalogue.unassigned",
        assignment.item,
        actor=actor,
        at=at,
        code=assignment.item.code,
        unit=assignment.unit.code,
        until=assignment.until,
    )
    return assignment


def assign_many(*, pairs, since, at):
    """Give items to units in bulk, as a set-up or a demo does: [(item, unit, department or None)]."""
    with transaction.atomic():
        rows = Assignment.objects.bulk_create(
            (Assignment(item=item, unit=unit, department=department, since=since) for item, unit, department in pairs),
            batch_size=2000,
        )
        counts = Counter(row.unit for row in rows)
        for unit, count in counts.items():
            note("catalogue.assigned_many", unit, actor=SYSTEM, at=at, unit=unit.code, count=count, since=since)
    return rows
