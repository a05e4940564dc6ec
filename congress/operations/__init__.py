"""The verbs of the congress, a file for each area."""

from .daily import run_daily

__all__ = ["run_daily"]
