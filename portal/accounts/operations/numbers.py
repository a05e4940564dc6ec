"""Setting a rule's number."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.kernel import rulebook
from portal.kernel.verdicts import OperationRefused, require

from .. import acts
from ..models import RuleValue, Unit
from ..queries import rule_value
from ..rules import may_set_rule


@transaction.atomic
def set_rule_value(*, key, value, reason, actor, at, unit_id=None):
    """
    Set a rule's number from now on, for a unit or for the whole enterprise.

    No promise already made is touched: each carries the number it was made with.

    :raises OperationRefused: when the actor may not, or the number is out of the rule's bounds.
    """
    rule = rulebook.RULES[key]
    unit = Unit.objects.select_for_update().get(pk=unit_id) if unit_id else None
    require(may_set_rule(actor, unit))
    if not rule.least <= value <= rule.most:
        raise OperationRefused(
            _("The number must lie between %(least)d and %(most)d.") % {"least": rule.least, "most": rule.most}
        )
    before = rule_value(key, unit=unit, at=at)
    row = RuleValue.objects.create(key=key, unit=unit, value=value, since=at, set_by=actor, reason=reason)
    facts = {"key": key, "before": before, "after": value} | ({"unit": unit.code} if unit else {})
    acts.record(verb="rule.set", subject=f"accounts.rulevalue:{row.pk}", actor=actor, at=at, **facts)
    return row
