"""
What pages and jobs cost, each beside its limit, measured in one run.

An operation is registered with the limit it is compared with::

    from portal.home.bench import register

    @register("triage", limit="signed_in", goal=1.6, statements=6)
    def triage(bench):
        return bench.page("/feedback/triage/", person=bench.person("union_officer"))

The function prepares and returns a *shot*: a callable without arguments that
does the thing once and returns the bytes it sent (or nothing). Only shots are
measured. Modules of ``portal.home.bench.operations`` are imported by themselves.
"""

from .registry import OPERATIONS, Operation, register

__all__ = ["OPERATIONS", "Operation", "register"]
