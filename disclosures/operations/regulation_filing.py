"""What a version of the library is filed by: fingerprint, folded words, the search's key; refiled as the days go."""

import datetime as dt

from django.db import transaction

from portal.kernel.days import local_day
from portal.search.folding import fold
from portal.search.operations import refresh_entries

from ..enums import RegulationState
from ..models import Regulation, RegulationImport, RegulationLook, RegulationVersion
from ..queries.regulations import misfiled
from ..searching_regulations import KIND
from ..texts import fingerprint_of, plain

S = RegulationState
BATCH = 500
KEPT_DAYS = 7
STEP_FIELDS = ("what", "who", "takes", "gives", "limit", "form")


def mark_looked(*, actor, at):
    """Remember the day on which somebody has looked through what changed, because they say so."""
    RegulationLook.objects.update_or_create(person=actor, defaults={"looked_on": local_day(at)})


def refile_regulations(*, at):
    """
    File for the search what came into force or ended since the last time; returns how many rows it touched.

    Asks "filed otherwise than the day says", so that downtime loses nothing; safe to run any number of times.
    """
    today, count = local_day(at), 0
    while True:
        wanted = set(misfiled(today).values_list("regulation", flat=True)[:BATCH])
        with transaction.atomic():
            # Whoever writes to a regulation holds its row; asked again once it is ours.
            held = Regulation.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
            done = refile(misfiled(today).filter(regulation__in=[row.pk for row in held]), today)
        count += done
        if not done:
            return count


def drop_old_imports(*, at):
    """Empty what was read of files that nobody has let be written for a week; returns how many."""
    old = RegulationImport.objects.filter(written_at__isnull=True, uploaded_at__lt=at - dt.timedelta(days=KEPT_DAYS))
    return old.exclude(count=0).update(rows=[], count=0)


def print_of(regulation, version, steps):
    """Return the fingerprint of a version: over code, number and everything it says."""
    return fingerprint_of(
        f"{regulation.code}/{version.number or 'repeal'}",
        {
            "title": version.title,
            "document_number": version.document_number,
            "body": version.body,
            "note": version.note,
            "in_force_from": version.in_force_from.isoformat(),
            "steps": [[getattr(step, name) for name in STEP_FIELDS] for step in steps],
        },
    )


def folded_of(regulation, version, steps):
    """Return what the library's own search looks through."""
    words = [regulation.code, version.title, version.document_number, plain(version.body)]
    words += [" ".join(getattr(step, name) for name in STEP_FIELDS) for step in steps]
    return fold("\n".join(words))


def key_of(regulation, version, today):
    """Return the key under which the search has a version on a day; empty for what is not to be found."""
    if version.state != S.APPROVED or version.is_repeal:
        return ""
    if version.in_force_from > today:
        return f"{regulation.code}@{version.number}"
    return regulation.code if version.in_force_to is None or version.in_force_to > today else ""


def refile(rows, today):
    """File rows of regulations that are held as the day says; returns how many."""
    shown = ("state", "act", "number", "in_force_from", "in_force_to", "filed_as", "regulation__code")
    found = list(rows.select_related("regulation").only(*shown))
    if not found:
        return 0
    keys = set()
    for row in found:
        keys.add(row.filed_as)
        row.filed_as = key_of(row.regulation, row, today)
        keys.add(row.filed_as)
    RegulationVersion.objects.bulk_update(found, ["filed_as"])
    refresh_entries(kind=KIND, keys=sorted(keys - {""}))
    return len(found)
