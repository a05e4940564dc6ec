"""
Has the clock of the machine jumped? Pure: two readings in, a verdict out.

A sweep that was stopped for days and a clock that was moved look alike on the
wall. What tells them apart is the uptime of the machine, which nobody sets:
within one boot, wall and uptime must have moved alike. Across boots there is
no such witness; then a gap of up to fifteen days is taken for a shutdown, a
longer one is asked about (docs/decisions/0011-clock-guard.md).
"""

import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path

BACKWARDS = dt.timedelta(minutes=5)
FORWARDS = dt.timedelta(hours=26)
SHUTDOWN = dt.timedelta(days=15)  # longer than the longest holiday, shorter than any mistake in the year or month
ANCHORS = 8  # machines remembered, the latest seen


@dataclass(frozen=True)
class Reading:
    """What the clocks of one machine show at one moment: the wall, and the seconds since the boot of that id."""

    wall: dt.datetime
    boot_id: str
    uptime: float


def read_clock(at):
    """Return the reading of this machine; ``at`` is what its wall clock shows."""
    try:
        boot_id = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        boot_id = ""  # no witness on this system: every reading counts as one after a restart
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return Reading(at, boot_id, time.clock_gettime(clock))


def jump_of(reading, *, latest_at, anchors):
    """
    Return "backwards", "forwards" or "" for a reading, given what was seen before.

    ``anchors`` maps boot ids to (wall, uptime) when first seen.
    """
    if reading.wall < latest_at - BACKWARDS:
        return "backwards"
    anchor = anchors.get(reading.boot_id) if reading.boot_id else None
    if anchor is None:
        return "forwards" if reading.wall - latest_at > SHUTDOWN else ""
    wall, uptime = anchor
    drift = (reading.wall - wall) - dt.timedelta(seconds=reading.uptime - uptime)
    if drift > FORWARDS:
        return "forwards"
    # Set back while nobody looked: the wall is still ahead of the last sweep, but behind the uptime.
    return "backwards" if drift < -BACKWARDS else ""
