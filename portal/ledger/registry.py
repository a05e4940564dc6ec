"""
The verbs of the ledger: what may be recorded, and the sentence it reads as.

Apps register their verbs in ``apps.ready()``; the chain itself holds codes only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


class UnknownVerb(ValueError):
    """No app has registered this verb."""


@dataclass(frozen=True)
class Verb:
    """One verb: its sentence, who may read it, and how its facts and its actor are put into words."""

    code: str
    sentence: object
    is_public: bool = False
    names_actor: bool = False
    by: object = ""
    words: dict[str, Callable] = field(default_factory=dict)
    place: int = 0


_VERBS: dict[str, Verb] = {}


def register_verb(code, sentence, *, is_public=False, names_actor=False, by="", words=None):
    """
    Declare a verb once, from ``apps.ready()``.

    ``sentence`` is a lazy text with named placeholders taken from the facts
    (``_("extended by %(days)s days")``) or a callable that gets the facts.
    ``words`` maps a fact to a function from its code to the words shown, such
    as ``{"channel": lambda code: Channel(code).label}``. Facts named ``unit``
    or ending in ``_unit`` hold a unit's code or id and become its name; the
    same goes for ``person``. ``by`` says who acts ("the union"); a fact
    ``as_role`` with a role's code says it better, and ``names_actor`` shows the
    person's name instead.

    Verbs are registered in the order in which they can happen: acts of one moment are told in it.

    A public verb's sentence is for everybody. Of acts of the portal itself
    (actor "system") all facts are in the public export too.
    """
    _VERBS[code] = Verb(code, sentence, is_public, names_actor, by, words or {}, len(_VERBS))


def verb_of(code):
    """
    Return the registered verb.

    :raises UnknownVerb: when no app has registered it.
    """
    try:
        return _VERBS[code]
    except KeyError:
        raise UnknownVerb(code) from None


def known_verbs():
    """Return all registered verbs by code."""
    return dict(sorted(_VERBS.items()))


def public_verbs():
    """Return the codes whose sentence everybody may read."""
    return sorted(code for code, verb in _VERBS.items() if verb.is_public)
