"""Taking over the stock of regulations from a file: read, look, let another person write it; all or nothing."""

import hashlib
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.desks import nearest_desk
from portal.accounts.enums import Role
from portal.accounts.models import Unit
from portal.accounts.queries import company
from portal.accounts.roster.faults import Fault
from portal.kernel.days import local_day
from portal.kernel.refusals import Conflict
from portal.kernel.texts import clean_line
from portal.kernel.verdicts import OperationRefused, require
from portal.ledger.recording import SYSTEM, record_many, subject_key
from portal.notices.outbox import post
from portal.search.operations import refresh_entries

from ..enums import RegulationAct, RegulationKind, RegulationState
from ..models import FlowStep, Regulation, RegulationImport, RegulationVersion
from ..regulation_file import read_regulations
from ..rules.regulations import may_import_regulations, may_write_import
from ..searching_regulations import KIND
from .core import note
from .regulation_filing import STEP_FIELDS, folded_of, key_of, print_of

MOST_BYTES = 20 * 1024 * 1024
CHUNK = 200


@transaction.atomic
def read_import(*, file, file_name, actor, at):
    """
    Read a file and keep what it says until somebody lets it be written; the library stays as it is.

    :raises OperationRefused: when the actor may not, or the file is far too large.
    """
    if actor != SYSTEM:
        require(may_import_regulations(actor))
    if file.size > MOST_BYTES:
        raise OperationRefused(_("The file is larger than 20 MB."))
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    reading = read_regulations(file, file_name, units=Unit.objects.all())
    new, faults = _compare(reading.rows)
    faults = sorted([*reading.faults, *faults], key=_place)
    found = RegulationImport.objects.create(
        file_name=clean_line(file_name.replace("\\", "/").rpartition("/")[2])[-120:] or "regulations.xlsx",
        file_sha256=digest.hexdigest(),
        rows=[] if faults else new,
        faults=[fault.as_row() for fault in faults],
        known=len(reading.rows) - len(new),
        count=0 if faults else len(new),
        uploaded_by=None if actor == SYSTEM else actor,
        uploaded_at=at,
    )
    if found.count and actor != SYSTEM:
        post(
            kind="regulation.import_waits",
            subject=found,
            desks=[nearest_desk(Role.UNION_CHAIR, company(), at), nearest_desk(Role.UNION_OFFICER, company(), at)],
            at=at,
            key=f"regulation.import_waits:{found.pk.hex}",
            count=found.count,
        )
    return found


def write_import(*, import_id, actor, at):
    """
    Write what was read, in few statements, as texts that were approved outside this portal; returns how many.

    :raises OperationRefused: with the reason; an import is written by another person than it was uploaded by.
    :raises Conflict: when the library has changed since it was read.
    """
    try:
        return _write_import(import_id, actor, at)
    except IntegrityError as error:  # somebody entered one of these codes since they were compared
        raise Conflict(_("The library has changed since this file was read. Upload it again.")) from error


@transaction.atomic
def _write_import(import_id, actor, at):
    found = RegulationImport.objects.select_for_update().get(pk=import_id)
    if actor != SYSTEM:
        require(may_write_import(actor, found))
    new, faults = _compare(found.rows)
    if faults or len(new) != len(found.rows):
        raise Conflict(_("The library has changed since this file was read. Upload it again."))
    by = None if actor == SYSTEM else actor
    versions = put_regulations(new, actor=by, at=at)
    found.written_by, found.written_at, found.rows = by, at, []
    found.save(update_fields=["written_by", "written_at", "rows"])
    note("regulation.imported", found, actor=actor, at=at, count=len(new), sha256=found.file_sha256)
    record_many(
        {
            "verb": "regulation.taken_over",
            "subject": subject_key(version.regulation),
            "actor": actor,
            "at": at,
            "code": version.regulation.code,
            "in_force_from": version.in_force_from,
            "sha256": version.fingerprint,
        }
        for version in versions
        if not version.is_repeal
    )
    return len(new)


def put_regulations(rows, *, actor, at):
    """Write rows of a file into the library and its search; returns the versions, repeals among them."""
    today, regulations, versions, steps = local_day(at), [], [], []
    for row in rows:
        regulation = Regulation(
            kind=row["kind"],
            code=row["code"],
            category=row["category"],
            unit_id=row["unit"],
            audience=row["audience"],
        )
        regulations.append(regulation)
        of_row, steps_of_row = _versions(regulation, row, actor, at, today)
        versions += of_row
        steps += steps_of_row
    Regulation.objects.bulk_create(regulations, batch_size=CHUNK)
    RegulationVersion.objects.bulk_create(versions, batch_size=CHUNK)
    FlowStep.objects.bulk_create(steps, batch_size=CHUNK)
    refresh_entries(kind=KIND, keys=[version.filed_as for version in versions if version.filed_as])
    return versions


def _versions(regulation, row, actor, at, today):
    """Return a row's text and, where it has a day of repeal, the repeal; and the steps of the text."""

    def made(**values):
        version = RegulationVersion(
            id=uuid.uuid4(),
            regulation=regulation,
            state=RegulationState.APPROVED,
            title=row["title"],
            entered_by=actor,
            entered_at=at,
            approved_at=at,
            is_imported=True,
            **values,
        )
        # A stock that is taken over is no news of the day on which it was.
        version.news_on = version.in_force_from
        return version

    begins, ends = _day(row["in_force_from"]), _day(row["repealed_on"]) if row["repealed_on"] else None
    text = made(
        act=RegulationAct.TEXT,
        number=1,
        document_number=row["document_number"],
        body=row["body"],
        in_force_from=begins,
        in_force_to=ends,
    )
    steps = [
        FlowStep(version=text, number=number, **dict(zip(STEP_FIELDS, parts, strict=True)))
        for number, parts in enumerate(row["steps"], start=1)
    ]
    versions = [text]
    if ends:
        versions.append(made(act=RegulationAct.REPEAL, in_force_from=ends))
    for version in versions:
        of_version = [] if version.is_repeal else steps
        version.fingerprint = print_of(regulation, version, of_version)
        version.folded = folded_of(regulation, version, of_version)
        version.filed_as = key_of(regulation, version, today)
    return versions, steps


def _day(text):
    return RegulationVersion._meta.get_field("in_force_from").to_python(text)


def _compare(rows):
    """Return the rows that the library does not have, and a fault for each whose code it has with other contents."""
    codes = [row["code"] for row in rows]
    known = {}
    for version in (
        RegulationVersion.objects.approved()
        .filter(regulation__code__in=codes)
        .select_related("regulation")
        .prefetch_related("steps")
    ):
        known.setdefault(version.regulation.code, []).append(version)
    taken = set(Regulation.objects.filter(code__in=codes).values_list("code", flat=True))
    new, faults = [], []
    for row in rows:
        if row["code"] not in taken:
            new.append(row)
        elif not _is_there(row, known.get(row["code"], [])):
            faults.append(Fault(row["place"], "code_taken", row["code"]))
    return new, faults


def _is_there(row, versions):
    """Whether the library has what a row says: place, text, steps and both days."""
    begins = {version.in_force_from.isoformat(): version for version in versions}
    text, repeal = begins.get(row["in_force_from"]), begins.get(row["repealed_on"])
    if text is None or text.is_repeal or (row["repealed_on"] and (repeal is None or not repeal.is_repeal)):
        return False
    place = text.regulation
    return (
        (place.kind, place.category, place.unit_id, place.audience)
        == (RegulationKind(row["kind"]), row["category"], row["unit"], row["audience"])
        and (text.title, text.document_number, text.body) == (row["title"], row["document_number"], row["body"])
        and [[getattr(step, name) for name in STEP_FIELDS] for step in text.steps.all()] == row["steps"]
    )


def _place(fault):
    letters = fault.cell.rstrip("0123456789")
    return (int(fault.cell[len(letters) :] or 0), len(letters), letters)
