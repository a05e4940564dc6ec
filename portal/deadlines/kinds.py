"""
Kinds of promises, declared by the apps from ``apps.ready()``.

A kind says what is promised in words, by which rule, who is reminded when,
and who may pause, extend and see it. The number of days comes from the rule
book (portal.kernel.rulebook), so that an enterprise may set its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from portal.accounts.enums import Role

from .calendar import parse_rule
from .ladders import CARD_LADDER, Ladder

DECIDING_ROLES = (Role.LEADER_IN_CHARGE, Role.UNION_CHAIR)


class UnknownKind(LookupError):
    """No app has declared this kind of promise."""


@dataclass(frozen=True)
class Kind:
    """
    One kind of promise.

    ``label`` is what is promised, as a verb in the status sentence ("answer" /
    答复); ``opening`` begins the sentence while it runs ("accepted" / 已受理).
    ``subject_url`` maps a subject key to the page of the thing. The callables
    ``may_…(user, promise)`` return a Verdict; left out, the rules of
    portal.deadlines.rules hold.
    """

    code: str
    label: object
    rule: str
    ladder: Ladder = CARD_LADDER
    rule_key: str = ""
    opening: object = ""
    source: object = ""  # where the number of days comes from: statute and article, or practice
    subject_url: Callable | None = None
    subject_name: Callable | None = None  # subject key -> words such as "card 2026-0012"
    can_pause: bool = False
    can_extend: bool = False
    public: bool = True
    has_public_reasons: bool = True  # False: why it was stopped or extended is for those who handle it
    may_see: Callable | None = None
    may_pause: Callable | None = None
    may_ask_extension: Callable | None = None
    may_decide_extension: Callable | None = None
    deciding_roles: tuple[str, ...] = DECIDING_ROLES  # whose desks are told that more time is asked for
    owed_to: Callable | None = None  # promise -> desks of those it was made to, told when its day moves
    related: tuple[str, ...] = ()  # relations of a promise that these rules read, to be fetched with a list of them

    @property
    def owing_role(self):
        """Whose desk is reminded first: those who owe it."""
        return self.ladder.rungs[0].role

    def desks_owed(self, promise):
        """Return the desks of those the promise was made to."""
        return self.owed_to(promise) if self.owed_to is not None else []

    def __post_init__(self):
        parse_rule(self.rule if not self.rule.startswith("on:") else "days:0")


_KINDS: dict[str, Kind] = {}


def register_kind(kind):
    """
    Declare a kind of promise; a second one of the same code must be equal.

    :raises ValueError: when the code is taken by another kind.
    """
    if _KINDS.get(kind.code, kind) != kind:
        raise ValueError(f"two kinds of promise are called {kind.code}")
    _KINDS[kind.code] = kind
    return kind


def kind_of(code):
    """
    Return the kind of a code.

    :raises UnknownKind: when no app has declared it.
    """
    try:
        return _KINDS[code]
    except KeyError:
        raise UnknownKind(code) from None


def known_kinds():
    """Return all declared kinds by code."""
    return dict(sorted(_KINDS.items()))
