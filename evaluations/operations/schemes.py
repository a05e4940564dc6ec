"""Another version of the scheme: from a month that is not frozen yet; what was frozen keeps its own."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.queries import company
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import record

from ..models import FrozenMonth, Scheme, SchemeLine
from ..rules.scorecards import may_write_scheme

WHOLE = Decimal(100)


@transaction.atomic
def write_scheme(*, since, lines, note, idempotency_key, actor, at):
    """
    Write a version that holds from a month on; ``lines`` are {indicator: (weight, zero_at, full_at)}.

    :raises OperationRefused: when the weights do not add up to a hundred, or the month is frozen already.
    """
    root = company()
    require(may_write_scheme(actor, root))
    if known := Scheme.objects.filter(idempotency_key=idempotency_key).first():
        return known
    weights = sum((weight for weight, _zero, _full in lines.values()), Decimal(0))
    if weights != WHOLE:
        raise OperationRefused(_("The weights add up to %(sum)s; they have to add up to 100.") % {"sum": weights})
    if FrozenMonth.objects.filter(month__gte=since).exists():
        raise OperationRefused(_("A month from then on is frozen already. A scheme holds for months to come only."))
    # The versions are the lock of their own numbers: two at once make one, the other is refused by the number.
    last = Scheme.objects.select_for_update().order_by("-number").values_list("number", flat=True).first() or 0
    scheme = Scheme.objects.create(
        number=last + 1, since=since, note=note, made_by=actor, made_at=at, idempotency_key=idempotency_key
    )
    SchemeLine.objects.bulk_create(
        SchemeLine(scheme=scheme, indicator=code, weight=weight, zero_at=zero_at, full_at=full_at)
        for code, (weight, zero_at, full_at) in lines.items()
    )
    record(verb="scorecard.scheme_written", subject=scheme, actor=actor, at=at, number=scheme.number, since=since)
    return scheme
