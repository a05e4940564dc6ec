"""The units as the search shows them: in its filter, and at what was found. At most a minute old."""

import hashlib
from typing import NamedTuple

from portal.accounts.models import Unit
from portal.kernel.keeping import remembered

UNITS_SECONDS = 60


class Units(NamedTuple):
    """Those that can be chosen in the order of the tree, a digest of all that is shown of them, and everyone's name."""

    choices: list
    digest: str
    names: dict

    def names_of(self, keys):
        """Return the names of units by their keys; those of a new one are read."""
        missing = keys - self.names.keys()
        return self.names | _names(Unit.objects.filter(pk__in=missing)) if missing else self.names


def known_units():
    """Return the units as they were a minute ago at most."""
    return remembered("search:units", _read, seconds=UNITS_SECONDS)


def _read():
    units = Unit.objects.order_by("path")
    choices = [unit for unit in units if unit.is_active]
    shown = repr([(unit.code, unit.name, unit.depth) for unit in choices])
    return Units(choices, hashlib.sha256(shown.encode()).hexdigest(), _names(units))


def _names(units):
    return {unit.pk: unit.name for unit in units}
