"""
The table of who may open what, as it is checked in (access.csv).

A cell is the status of the answer, or ``in`` for the way to the sign-in page.
POSTs are sent empty: 422, and 200 or 302 where a form has nothing to fill in,
mean that the role may act; 403 and 404 that it may not.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

# Everybody of the works speaks for 乙烯厂 or a department of it; the administrators and the chair for the enterprise.
ROLES = (
    "visitor",
    "worker",
    "author",
    "handler",
    "dept_head",
    "leader",
    "union_officer",
    "union_chair",
    "company_chair",
    "discipline",
    "secrecy",
    "system_admin",
    "security_admin",
    "auditor",
)
OWN, OTHER, DISCIPLINE, NONE = "own", "other", "discipline", "-"
PLACE = Path(__file__).with_name("access.csv")
HEAD = ("route", "method", "whose", *ROLES)
REFUSED = {"in", "403", "404", "405"}


@dataclass(frozen=True)
class Row:
    """One address, method and side, with a cell for each role."""

    route: str
    method: str
    whose: str
    cells: dict

    @property
    def key(self):
        return self.route, self.method, self.whose

    def __str__(self):
        return " ".join(self.key)

    def line(self):
        """Return the row as it stands in the file."""
        return ",".join([*self.key, *(self.cells[role] for role in ROLES)])


def read():
    """Return the rows of the file."""
    with PLACE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames) != HEAD:
            raise ValueError(f"the head of {PLACE.name} is {reader.fieldnames}")
        return [
            Row(line["route"], line["method"], line["whose"], {role: line[role] for role in ROLES}) for line in reader
        ]
