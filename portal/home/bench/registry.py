"""The operations that can be measured, by name."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    """One thing to measure, what it is held against and what it must keep to."""

    name: str
    prepare: Callable
    limit: str | Callable | None = None  # a page of limits, or (bench, bytes) -> a shot
    goal: float | None = None  # at most so many times the limit's CPU
    statements: int | None = None
    kib: int | None = None
    rounds: int | None = None  # for things too dear to repeat by the clock
    has_loop: bool = False  # asked by four browsers at once, too
    loop_limit: str | None = None  # the page of limits for these, where the limit is no page


OPERATIONS: dict[str, Operation] = {}


def register(name, **terms):
    """Register a prepare function under a name; see the package's docstring for what it returns."""

    def keep(prepare):
        if name in OPERATIONS:
            raise ValueError(f"{name} is registered twice")
        OPERATIONS[name] = Operation(name, prepare, **terms)
        return prepare

    return keep
