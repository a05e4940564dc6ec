"""
Numbers of law and practice, each declared once with its source (domain.md §1).

An app declares its rules at import; a page lists them all, and an enterprise
may set another value from a day on (portal.accounts.models.RuleValue).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One number: key, default, bounds, unit of measure, what it means and where it comes from."""

    key: str
    default: int
    least: int
    most: int
    measure: str  # "days", "workdays", "hours", "percent", "people", "times"
    label: object  # lazy text
    source: object  # lazy text: statute and article, or practice
    hardness: str = "practice"  # "law", "regional", "practice"


RULES: dict[str, Rule] = {}


def declare(rule):
    """
    Add a rule to the book and return its key.

    :raises ValueError: when the key is taken by another rule or the default is out of bounds.
    """
    if RULES.get(rule.key, rule) != rule:
        raise ValueError(f"two rules are called {rule.key}")
    if not rule.least <= rule.default <= rule.most:
        raise ValueError(f"{rule.key}: the default is out of its bounds")
    RULES[rule.key] = rule
    return rule.key
