"""
Who may object to a roster before it is written.

Floors above register here: while an electorate is being drawn from the roster,
a change that would alter it needs a second person or has to wait (trust T9).
"""

from portal.kernel.verdicts import ALLOWED

roster_guards = []


def register_roster_guard(guard):
    """
    Add a guard: called with ``plan``, ``actor`` and ``at``, it returns a Verdict.

    It is asked when the button is pressed, with None as the plan, and once
    more under the lock of the writing, with the roster.diff.Plan.
    """
    if guard not in roster_guards:
        roster_guards.append(guard)
    return guard


def ask_guards(*, plan, actor, at):
    """Return the first no of a guard, or a yes."""
    return next((verdict for guard in roster_guards if not (verdict := guard(plan=plan, actor=actor, at=at))), ALLOWED)
