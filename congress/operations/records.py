"""Scans of signed papers: the legal record of a session beside its minutes."""

from django.db import transaction

from portal.files.operations import store_file
from portal.kernel.verdicts import require

from ..models import SignedRecord
from ..rules.hall import may_add_record
from .core import locked_session, note, own_of_key


@transaction.atomic
def add_record(*, session_id, kind, upload, idempotency_key, actor, at):
    """
    Keep the scan of a signed paper; a second press of the button changes nothing.

    :raises OperationRefused: with the reason.
    """
    session = locked_session(session_id)
    if (found := own_of_key(SignedRecord, idempotency_key, actor, by="added_by_id")) is not None:
        return found
    require(may_add_record(actor, session))
    file = store_file(clean=upload, at=at)
    row = SignedRecord.objects.create(
        session=session, kind=kind, file=file, added_by=actor, added_at=at, idempotency_key=idempotency_key
    )
    note("congress_session.record_added", session, actor=actor, at=at, kind=kind, sha256=file.sha256)
    return row
