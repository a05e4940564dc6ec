"""Opening, renaming, moving and closing units."""

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from portal.kernel.verdicts import OperationRefused, require

from .. import acts
from ..models import Unit
from ..rules import may_close_unit, may_manage_roster, may_move_unit

DEEPEST = 15
MOST_CHILDREN = 9998


def _lock_tree():
    """
    Let one change of the tree at a time through; return the enterprise.

    Two units opened or moved at once would otherwise take the same place.
    """
    return Unit.objects.select_for_update().filter(parent__isnull=True).order_by("path").first()


def _next_path(parent):
    """Return the place behind the last unit below another; gaps that moved units left are not filled."""
    head = parent.path if parent else ""
    if len(head) // 4 >= DEEPEST:
        raise OperationRefused(_("The tree of units cannot be deeper than this."))
    last = Unit.objects.filter(parent=parent).order_by("path").values_list("path", flat=True).last()
    number = int(last[-4:]) + 1 if last else 1
    if number > MOST_CHILDREN:
        raise OperationRefused(_("There is no room for more units here."))
    return f"{head}{number:04d}"


def found_company(*, code, name, short_name="", actor, at):
    """
    Make the enterprise itself, the root of the tree; for the first installation.

    :raises OperationRefused: when there is one already.
    """
    with transaction.atomic():
        if Unit.objects.filter(parent__isnull=True).exists():
            raise OperationRefused(_("The enterprise exists already."))
        unit = Unit.objects.create(code=code, name=name, short_name=short_name, kind="company", path="0001")
        acts.record(verb="unit.created", subject=unit, actor=actor, at=at, code=code, kind="company")
    return unit


@transaction.atomic
def create_unit(*, parent_id, code, name, kind, actor, at, short_name=""):
    """Open a unit below another one."""
    _lock_tree()
    parent = Unit.objects.get(pk=parent_id)
    require(may_manage_roster(actor, parent))
    if not parent.is_active:
        raise OperationRefused(_("This unit is closed already."))
    if Unit.objects.filter(code=code).exists():
        raise OperationRefused(_("Another unit has this code already."))
    unit = Unit.objects.create(
        code=code, name=name, short_name=short_name, kind=kind, parent=parent, path=_next_path(parent)
    )
    acts.record(verb="unit.created", subject=unit, actor=actor, at=at, code=code, kind=kind, parent_unit=parent.code)
    return unit


@transaction.atomic
def rename_unit(*, unit_id, name, short_name, kind, actor, at):
    """Give a unit another name or level; its code stays, because lists and letters refer to it."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    require(may_manage_roster(actor, unit))
    if (unit.name, unit.short_name, unit.kind) == (name, short_name, kind):
        return unit
    unit.name, unit.short_name, unit.kind = name, short_name, kind
    unit.save(update_fields=["name", "short_name", "kind"])
    acts.record(verb="unit.renamed", subject=unit, actor=actor, at=at, kind=kind)
    return unit


@transaction.atomic
def move_unit(*, unit_id, parent_id, actor, at):
    """
    Put a unit with everything below it under another one, by one UPDATE.

    What is appointed for a unit above takes effect for the whole subtree at
    the next request, since authority is read by path.
    """
    _lock_tree()
    unit = Unit.objects.select_for_update().select_related("parent").get(pk=unit_id)
    parent = Unit.objects.select_for_update().get(pk=parent_id)
    require(may_move_unit(actor, unit, parent))
    deepest = max(len(path) for path in Unit.objects.under(unit).values_list("path", flat=True))
    if (len(parent.path) + 4 + deepest - len(unit.path)) // 4 > DEEPEST:
        raise OperationRefused(_("The tree of units cannot be deeper than this."))
    before, old = unit.parent.code, unit.path
    new = _next_path(parent)
    # The new place is free, so no row can collide with another one half-way through the statement.
    Unit.objects.under(unit).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    Unit.objects.filter(pk=unit.pk).update(parent=parent)
    acts.record(verb="unit.moved", subject=unit, actor=actor, at=at, from_unit=before, to_unit=parent.code)
    unit.refresh_from_db()
    return unit


@transaction.atomic
def close_unit(*, unit_id, actor, at):
    """Close an empty unit; it stays where old cards and appointments refer to it."""
    unit = Unit.objects.select_for_update().get(pk=unit_id)
    require(may_close_unit(actor, unit))
    unit.is_active = False
    unit.save(update_fields=["is_active"])
    acts.record(verb="unit.closed", subject=unit, actor=actor, at=at)
    return unit
