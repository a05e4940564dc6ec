"""Writing appraisal sheets: a new one, a new edition of one; an edition never changes."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel.verdicts import OperationRefused, require

from ..enums import ScaleKind
from ..models import Dimension, Edition, Item, Questionnaire, ScalePoint
from ..presets import POINT_SOURCES, POINTS
from ..rules.questionnaires import may_write
from ..rules.rounds import may_plan
from .core import note

PLACES = Decimal("0.0001")


@transaction.atomic
def make_questionnaire(*, unit, name, scale, step, dimensions, source, actor, at, idempotency_key=None):
    """
    Make a sheet with its first edition; ``dimensions`` are (name, weight, [item names]).

    :raises OperationRefused: with the reason a person may read.
    """
    require(may_plan(actor, unit))
    if idempotency_key and (found := Questionnaire.objects.filter(idempotency_key=idempotency_key).first()):
        return found
    if Questionnaire.objects.filter(unit=unit, name=name).exists():
        raise OperationRefused(_("This unit has a sheet of this name already."))
    keyed = {"idempotency_key": idempotency_key} if idempotency_key else {}
    sheet = Questionnaire.objects.create(unit=unit, name=name, **keyed)
    _write_edition(sheet, scale=scale, step=step, dimensions=dimensions, source=source, actor=actor, at=at)
    return sheet


@transaction.atomic
def add_edition(*, questionnaire_id, scale, step, dimensions, source, actor, at):
    """
    Write the next edition of a sheet; rounds that use an older one keep it.

    :raises OperationRefused: with the reason a person may read.
    """
    sheet = Questionnaire.objects.select_for_update(of=("self",)).get(pk=questionnaire_id)
    require(may_write(actor, sheet))
    return _write_edition(sheet, scale=scale, step=step, dimensions=dimensions, source=source, actor=actor, at=at)


def _write_edition(sheet, *, scale, step, dimensions, source, actor, at):
    if not dimensions or sum(weight for _name, weight, _items in dimensions) != 1:
        raise OperationRefused(_("The weights of the dimensions have to add up to 1."))
    last = sheet.editions.order_by("-number").values_list("number", flat=True).first() or 0
    edition = Edition.objects.create(
        questionnaire=sheet,
        number=last + 1,
        scale=scale,
        step=step if scale == ScaleKind.SCORE else None,
        source=source,
        made_by=actor,
        made_at=at,
    )
    for order, (name, weight, items) in enumerate(dimensions, 1):
        dimension = Dimension.objects.create(edition=edition, order=order, name=name, weight=weight)
        Item.objects.bulk_create(
            Item(dimension=dimension, order=place, name=item, weight=share)
            for place, (item, share) in enumerate(_shares(items or [name]), 1)
        )
    ScalePoint.objects.bulk_create(
        ScalePoint(edition=edition, order=order, code=code, points=points, source=POINT_SOURCES[scale])
        for order, (code, points) in enumerate(POINTS.get(scale, ()), 1)
    )
    note("edition_written", edition, actor=actor, at=at, number=edition.number, dimensions=len(dimensions))
    return edition


def _shares(items):
    """Share a dimension's weight among its items: alike, the first ones take what does not come out even."""
    share = (1 / Decimal(len(items))).quantize(PLACES, rounding="ROUND_DOWN")
    rest = int((1 - share * len(items)) / PLACES)
    return [(item, share + (PLACES if place < rest else 0)) for place, item in enumerate(items)]
