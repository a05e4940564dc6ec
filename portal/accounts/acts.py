"""
What people's operations say to the ledger.

The ledger stands a floor above and may not be imported from here: it connects
itself when it starts, with :func:`connect`, and learns the verbs below.
"""

from django.utils.translation import gettext_lazy as _

from .enums import Role

_sink = {}


def connect(*, record, record_many, register_verb):
    """Take the ledger's functions and tell it this floor's verbs; called once, from the ledger's ``apps.ready()``."""
    _sink.update(record=record, record_many=record_many)
    for code, sentence, options in VERBS:
        register_verb(code, sentence, **options)


def record(**act):
    """
    Put one act into the ledger; arguments as of ``portal.ledger.record``.

    :raises KeyError: when no ledger is connected, because nothing here may happen unrecorded.
    """
    return _sink["record"](**act)


def record_many(acts):
    """Put many acts into the ledger by few statements."""
    return _sink["record_many"](acts)


def _role(code):
    return Role(code).label if code in Role.values else code


_ROLE = {"words": {"role": _role}}
_NAMED = {"names_actor": True}

VERBS = (
    ("unit.created", _("unit opened"), _NAMED),
    ("unit.renamed", _("unit renamed"), _NAMED),
    ("unit.moved", _("unit moved from %(from_unit)s to %(to_unit)s"), _NAMED),
    ("unit.closed", _("unit closed"), _NAMED),
    ("person.joined", _("put on the roster of %(unit)s"), _NAMED),
    ("person.returned", _("back on the roster, at %(unit)s"), _NAMED),
    ("person.changed", _("roster entry corrected"), _NAMED),
    ("person.moved", _("moved from %(from_unit)s to %(to_unit)s"), _NAMED),
    ("person.left", _("left the enterprise"), _NAMED),
    ("person.secret_reset", _("new first secret printed"), _NAMED),
    ("person.secret_changed", _("secret changed"), {}),
    ("person.sessions_ended", _("signed out everywhere"), _NAMED),
    ("person.blocks_lifted", _("waiting time after wrong secrets lifted"), _NAMED),
    ("person.exported", _("own data downloaded"), {}),
    ("appointment.granted", _("%(role)s appointed for %(unit)s"), _ROLE | _NAMED),
    ("appointment.deputised", _("deputy appointed as %(role)s for %(unit)s"), _ROLE | _NAMED),
    ("appointment.ended", _("no longer %(role)s for %(unit)s"), _ROLE | _NAMED),
    ("appointment.asked", _("proposed as %(role)s for %(unit)s"), _ROLE | _NAMED),
    ("appointment.confirmed", _("proposal as %(role)s for %(unit)s confirmed"), _ROLE | _NAMED),
    ("appointment.declined", _("proposal as %(role)s for %(unit)s declined"), _ROLE | _NAMED),
    ("appointment.withdrawn", _("proposal as %(role)s for %(unit)s withdrawn"), _ROLE | _NAMED),
    ("rule.set", _("rule %(key)s set from %(before)s to %(after)s"), _NAMED),
    ("roster.committed", _("roster written: %(new)s new, %(changed)s changed, %(left)s left"), _NAMED),
)
