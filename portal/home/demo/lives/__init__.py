"""The lives of the demo's cards, played forward day by day until today.

A life is a chain of acts with plausible delays; it simply stops where its next
act would lie in the future. So every state occurs in the share it would have
after a year and a half of use, some cards are late, some exemplary. The same
seed and last day give the same rows.
"""

from .life import Life
from .writer import Writer

__all__ = ["Life", "Writer"]
