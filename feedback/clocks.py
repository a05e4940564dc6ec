"""
Which kind of promise a matter's clock is: by what is promised, and by whose hands the matter is in.

The kinds differ in their ladders only: the same day holds whoever has the
matter, but a reminder must reach somebody who can act on it and nobody who
must not know.
"""

from .enums import InquiryKind, Route

VERBS = ("register", "reply", "redo", "follow_up")
# The union's own desk, until a department has the matter; only an answer can wait there.
UNION, DISCIPLINE, RETALIATION = "_union", "_discipline", "_retaliation"


def kind_for(verb, inquiry):
    """Return the code of the kind for a promise of an inquiry as it now stands."""
    if inquiry.route == Route.DISCIPLINE:
        hands = RETALIATION if inquiry.kind == InquiryKind.RETALIATION else DISCIPLINE
    else:
        hands = UNION if verb == "reply" and inquiry.lead_unit_id is None else ""
    return f"inquiry.{verb}{hands}"


def kinds_of(*verbs, hands=("", UNION, DISCIPLINE, RETALIATION)):
    """Return the codes of the kinds that promise one of these, in any of these hands."""
    return [f"inquiry.{verb}{one}" for verb in verbs for one in hands if one != UNION or verb == "reply"]


def verb_of(code):
    """Return what a kind promises: "reply" of "inquiry.reply_union"."""
    bare = code.removeprefix("inquiry.")
    return next(verb for verb in VERBS if bare.startswith(verb))
