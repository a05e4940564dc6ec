"""The history panel of an object; a builtin, so that no template loads it."""

from django import template

from portal.accounts.authority import authority_of
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

register = template.Library()


@register.inclusion_tag("components/history.html", takes_context=True)
def history(context, subject, all=False):
    """
    Print what the ledger says of an object: {% history inquiry %}.

    Public verbs only, unless the page knows that its reader may see all
    ({% history inquiry all=True %}). Staff see the time of day where the
    ledger keeps one, everybody else the date.
    """
    user = getattr(context.get("request"), "user", None)
    return {"lines": history_of(subject_key(subject), with_time=authority_of(user).is_staff, with_all=all)}
