"""
What floors above want to be read together with the person of every page: a statement less for each.

``read_beside("own_unread", build)`` from ``apps.ready()``: ``build()`` returns an expression of ``Person``, which may
hold the slots ``person``, ``own_desk`` and ``at``; its value stands on the person under that name. It is what holds as
the request begins; a person who was read otherwise does not have it.
"""

_BUILDERS = {}


def read_beside(name, build):
    """Have the value of an expression read with whoever is signed in; a second one of a name replaces the first."""
    _BUILDERS[name] = build


def expressions():
    """Return the expressions by their names."""
    return {name: build() for name, build in _BUILDERS.items()}
