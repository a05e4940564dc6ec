"""What a roster file would change."""

import hashlib
from dataclasses import dataclass, field

from ..models import Person, Unit
from .layout import CATEGORY_WORDS, GENDER_WORDS

FIELDS = ("name", "post", "category", "gender", "phone", "email", "joined_on")
_COLUMNS = ("pk", "job_no", "unit_id", *FIELDS, "is_active")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the roster as it is, read without making a model of it."""

    pk: object
    job_no: str
    unit_id: int
    name: str
    post: str
    category: str
    gender: str
    phone: str
    email: str
    joined_on: object
    is_active: bool


@dataclass
class Plan:
    """People to add, to change, to take back and to take off; ``same`` counts those the file leaves as they are."""

    new: list = field(default_factory=list)  # RosterRow
    changed: list = field(default_factory=list)  # (Entry, RosterRow, {field: (before, after)})
    returned: list = field(default_factory=list)  # (Entry, RosterRow, {field: (before, after)})
    left: list = field(default_factory=list)  # Entry
    same: int = 0

    @property
    def is_empty(self):
        return not (self.new or self.changed or self.returned or self.left)

    @property
    def summary(self):
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "returned": len(self.returned),
            "left": len(self.left),
            "same": self.same,
        }


def roster_now():
    """Return everybody ever on the roster by job number."""
    return {
        row[1]: Entry(*row)
        for row in Person.objects.order_by("job_no").values_list(*_COLUMNS).iterator(chunk_size=5000)
    }


def fingerprint_of(roster):
    """Return a hash of the roster as a file would see it: another one means that somebody changed it."""
    digest = hashlib.sha256()
    for entry in roster.values():
        digest.update(
            repr((entry.job_no, entry.unit_id, *(getattr(entry, name) for name in FIELDS), entry.is_active)).encode(
                "utf-8", "replace"
            )
        )
    return digest.hexdigest()


def compare(rows, roster, *, scope):
    """
    Return the Plan that makes the roster say what the file says.

    An empty cell changes nothing. Where ``scope`` is a unit, the file lists
    all its people, and whoever is missing has left.
    """
    plan, named = Plan(), set()
    for row in rows:
        job_no = row.values["job_no"]
        named.add(job_no)
        entry = roster.get(job_no)
        if entry is None:
            plan.new.append(row)
            continue
        differences = _differences(entry, row.values)
        if not entry.is_active:
            plan.returned.append((entry, row, differences))
        elif differences:
            plan.changed.append((entry, row, differences))
        else:
            plan.same += 1
    if scope is not None:
        inside = set(Unit.objects.under(scope).values_list("pk", flat=True))
        plan.left = [
            entry
            for entry in roster.values()
            if entry.is_active and entry.job_no not in named and entry.unit_id in inside
        ]
    return plan


def _differences(entry, values):
    found = {
        name: (getattr(entry, name), values[name])
        for name in FIELDS
        if name in values and getattr(entry, name) != values[name]
    }
    if values["unit"].pk != entry.unit_id:
        found["unit"] = (entry.unit_id, values["unit"].pk)
    return found


def listed(plan, codes):
    """Return the plan as rows to keep and show: what happens to whom, before and after, in words of the file."""
    rows = [
        {
            "kind": "new",
            "job_no": row.values["job_no"],
            "name": row.values["name"],
            "row": row.number,
            "before": {},
            "after": _words(row.values, codes),
        }
        for row in plan.new
    ]
    for kind, triples in (("returned", plan.returned), ("changed", plan.changed)):
        rows += [
            {
                "kind": kind,
                "job_no": entry.job_no,
                "name": row.values["name"],
                "row": row.number,
                "before": _words({name: before for name, (before, _after) in differences.items()}, codes),
                "after": _words({name: after for name, (_before, after) in differences.items()}, codes),
            }
            for entry, row, differences in triples
        ]
    rows += [
        {
            "kind": "left",
            "job_no": entry.job_no,
            "name": entry.name,
            "row": 0,
            "before": {"unit": codes.get(entry.unit_id, "")},
            "after": {},
        }
        for entry in plan.left
    ]
    return rows


def _words(values, codes):
    words = {}
    for name, value in values.items():
        if name == "unit":
            words[name] = codes.get(getattr(value, "pk", value), "")
        elif name in FIELDS:
            text = CATEGORY_WORDS.get(value) or GENDER_WORDS.get(value) or value
            words[name] = text.isoformat() if hasattr(text, "isoformat") else str(text or "")
    return words
