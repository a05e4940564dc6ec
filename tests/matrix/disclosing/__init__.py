"""
What the matrix finds of disclosure in each works: one row for each act, in the state in which the act is done.

Each area has a module with ``rows_of(side, offices)`` -> {short route name: its
arguments} and ``ALONE``, the arguments of addresses that belong to no works.
"""

from types import SimpleNamespace

from disclosures.operations import seed_catalogue
from portal.deadlines.operations import seed_editions
from tests.factories.cards import AT

from . import archiving, boards, briefings, bulletin, commitments, consultations, publications, regulations

AREAS = (publications, briefings, bulletin, consultations, boards, commitments, regulations, archiving)
ALONE = {name: arguments for area in AREAS for name, arguments in area.ALONE.items()}


def texts_of(side):
    """Return {short route name: its arguments} for everything of one works."""
    seed_catalogue(at=AT)
    seed_editions(at=AT)
    offices = SimpleNamespace(**vars(side), union_chair=side.chair, personnel=side.dept)
    return {name: found for area in AREAS for name, found in area.rows_of(side, offices).items()}
