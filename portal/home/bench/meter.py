"""
CPU per shot of this process and, on PostgreSQL, of its server process; and the statements a shot sends.

Requests per second halve when a machine is busy, CPU per request moves by a
tenth: so CPU is what goals are about. Operation and limit take turns within
one run, and the median of the turns is kept.
"""

import contextlib
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

TURNS = 7
TURN_SECONDS = 0.35
WARM_SHOTS = 3


@dataclass
class Reading:
    """What one operation cost: milliseconds of CPU and of wall time a shot, statements, size, spread."""

    name: str
    cpu_ms: float
    wall_ms: float
    p95_ms: float
    statements: int
    kib: float
    shots: int

    def as_dict(self):
        return asdict(self)


def server_cpu():
    """Return the CPU seconds of this connection's server process, or 0 where it cannot be read."""
    if connection.vendor != "postgresql":
        return 0.0
    pid = connection.connection.info.backend_pid if connection.connection else None
    with contextlib.suppress(OSError, TypeError, IndexError):
        # Nanoseconds on a processor; the ticks of /proc/…/stat are longer than most pages.
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return 0.0


def count_statements(shot):
    """Return how many statements one shot sends."""
    with CaptureQueriesContext(connection) as captured:
        shot()
    return len([query for query in captured.captured_queries if not _is_frame(query["sql"])])


def _is_frame(sql):
    return sql.split(" ", 1)[0].upper() in {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"}


def _turn(shot, rounds):
    walls, began_cpu, began_server = [], time.process_time(), server_cpu()
    ends = time.perf_counter() + TURN_SECONDS
    while (rounds is None and (time.perf_counter() < ends or len(walls) < 3)) or (rounds and len(walls) < rounds):
        began = time.perf_counter()
        shot()
        walls.append(time.perf_counter() - began)
    cpu = time.process_time() - began_cpu + server_cpu() - began_server
    return cpu / len(walls), walls


def measure(shots, *, turns=TURNS):
    """
    Measure several shots in alternating turns and return a Reading for each.

    ``shots`` maps a name to (shot, rounds); rounds None means as many as fit
    into a turn. Alternation lets a busy neighbour hurt all of them alike.
    """
    sizes, counts = {}, {}
    for name, (shot, rounds) in shots.items():
        for _shot in range(WARM_SHOTS if rounds is None else 0):
            sizes[name] = len(shot() or b"")
        counts[name] = count_statements(shot) if rounds is None else 0
    cpus, walls = {name: [] for name in shots}, {name: [] for name in shots}
    for _number in range(turns):
        for name, (shot, rounds) in shots.items():
            cpu, seconds = _turn(shot, rounds)
            cpus[name].append(cpu)
            walls[name] += seconds
    return {
        name: Reading(
            name=name,
            cpu_ms=round(statistics.median(cpus[name]) * 1000, 3),
            wall_ms=round(statistics.median(walls[name]) * 1000, 3),
            p95_ms=round(sorted(walls[name])[int(len(walls[name]) * 0.95)] * 1000, 3),
            statements=counts[name],
            kib=round(sizes.get(name, 0) / 1024, 1),
            shots=len(walls[name]),
        )
        for name in shots
    }
