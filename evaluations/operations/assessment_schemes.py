"""The verbs of schemes: begin one, write its items, put a version into force."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from portal.kernel.indicators import all_indicators
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import record

from ..models import AssessmentScheme, SchemeEvidence, SchemeItem, SchemeVersion
from ..rules import schemes as rules
from ..sheet import SHEET


@transaction.atomic
def start_scheme(*, unit, title, from_sheet, key, actor, at):
    """
    Begin a scheme of a unit with a first draft, empty or with the portal's own sheet; the same form makes one.

    :raises OperationRefused: with the reason.
    """
    require(rules.may_write_schemes(actor, unit))
    scheme, is_new = AssessmentScheme.objects.get_or_create(
        pk=key, defaults={"unit": unit, "title": title, "written_by": actor, "written_at": at}
    )
    if not is_new:
        require(rules.may_write_schemes(actor, scheme.unit))
        return scheme.versions.order_by("number").first()
    version = SchemeVersion.objects.create(scheme=scheme, number=1, written_by=actor, written_at=at)
    if from_sheet:
        _write(version, [(item, item.evidence) for item in SHEET])
    record(verb="scheme.begun", subject=scheme, actor=actor, at=at, unit=unit.code)
    return version


def _write(version, rows):
    """Write items with their evidence, [(item, [(indicator, weight)])], by two inserts."""
    items = SchemeItem.objects.bulk_create(
        SchemeItem(
            version=version,
            order=place,
            title=item.title,
            points=item.points,
            criteria=item.criteria,
            source=item.source,
        )
        for place, (item, _evidence) in enumerate(rows, 1)
    )
    SchemeEvidence.objects.bulk_create(
        SchemeEvidence(item=item, indicator=code, weight=weight)
        for item, (_old, evidence) in zip(items, rows, strict=True)
        for code, weight in evidence
    )


@transaction.atomic
def begin_version(*, scheme_id, actor, at):
    """
    Begin a new version of a scheme with the items of the last one.

    :raises OperationRefused: with the reason, as while there is a draft.
    """
    scheme = AssessmentScheme.objects.select_for_update(of=("self",)).select_related("unit").get(pk=scheme_id)
    newest = scheme.versions.order_by("-number").first()
    require(rules.may_begin_version(actor, scheme, newest))
    version = SchemeVersion.objects.create(scheme=scheme, number=newest.number + 1, written_by=actor, written_at=at)
    rows = newest.items.prefetch_related("evidence").order_by("order")
    _write(version, [(item, [(one.indicator, one.weight) for one in item.evidence.all()]) for item in rows])
    record(verb="scheme.version_begun", subject=scheme, actor=actor, at=at, number=version.number)
    return version


@transaction.atomic
def write_item(*, version_id, item_id, title, points, criteria, source, weights, actor, at):
    """
    Add an item to a draft (``item_id`` None) or change one; ``weights`` are {indicator: weight}, those of 0 left out.

    :raises OperationRefused: with the reason.
    """
    version = _locked(version_id)
    require(rules.may_change_version(actor, version))
    known = {indicator.code for indicator in all_indicators()}
    if set(weights) - known:
        raise ValueError("evidence that no app offers")
    values = {"title": title, "points": points, "criteria": criteria, "source": source}
    if item_id is None:
        if version.items.count() >= rules.MOST_ITEMS:
            raise OperationRefused(_("A scheme has at most %(most)d items.") % {"most": rules.MOST_ITEMS})
        last = version.items.aggregate(last=Max("order"))["last"] or 0
        item = SchemeItem.objects.create(version=version, order=last + 1, **values)
    else:
        item = version.items.get(pk=item_id)
        for name, value in values.items():
            setattr(item, name, value)
        item.save(update_fields=list(values))
        item.evidence.all().delete()
    SchemeEvidence.objects.bulk_create(
        SchemeEvidence(item=item, indicator=code, weight=weight) for code, weight in weights.items() if weight
    )
    return item


@transaction.atomic
def drop_item(*, item_id, actor, at):
    """
    Take an item out of a draft; taking it out twice changes nothing.

    :raises OperationRefused: with the reason.
    """
    item = SchemeItem.objects.filter(pk=item_id).first()
    if item is None:
        return
    require(rules.may_change_version(actor, _locked(item.version_id)))
    item.delete()


@transaction.atomic
def enforce_version(*, version_id, note, actor, at):
    """
    Put a version into force; from here on it never changes, and assessments may be planned by it.

    :raises OperationRefused: with the reason, as when its items do not make a hundred points.
    """
    version = _locked(version_id)
    require(rules.may_enforce(actor, version, list(version.items.values_list("points", flat=True))))
    version.note, version.in_force_by, version.in_force_at = note, actor, at
    version.save(update_fields=["note", "in_force_by", "in_force_at"])
    record(
        verb="scheme.enforced",
        subject=version.scheme,
        actor=actor,
        at=at,
        number=version.number,
        items=version.items.count(),
    )
    return version


def _locked(version_id):
    SchemeVersion.objects.select_for_update(of=("self",)).only("pk").get(pk=version_id)
    return SchemeVersion.objects.select_related("scheme__unit").get(pk=version_id)
