"""Duty reports: disclosed before anybody is rated, or the reason recorded why there is none."""

from django.db import transaction

from portal.files.operations import store_file
from portal.kernel.verdicts import require

from ..models import DutyReport, Subject
from ..rules.rounds import may_add_report
from .core import locked, note


@transaction.atomic
def add_report(*, subject_id, upload, actor, at):
    """
    Disclose the duty report of a subject; until the list is frozen another one may take its place.

    :raises OperationRefused: with the reason a person may read.
    """
    subject, round_ = _subject(subject_id)
    require(may_add_report(actor, round_))
    _put(subject, file=store_file(clean=upload, at=at), waived_reason="", actor=actor, at=at)
    note("report_added", round_, actor=actor, at=at, place=subject.order)
    return subject


@transaction.atomic
def waive_report(*, subject_id, reason, actor, at):
    """
    Record why there is no duty report of a subject.

    :raises OperationRefused: with the reason a person may read.
    """
    subject, round_ = _subject(subject_id)
    require(may_add_report(actor, round_))
    _put(subject, file=None, waived_reason=reason, actor=actor, at=at)
    note("report_waived", round_, actor=actor, at=at, place=subject.order)
    return subject


def _subject(subject_id):
    subject = Subject.objects.get(pk=subject_id)
    return subject, locked(subject.round_id)


def _put(subject, *, file, waived_reason, actor, at):
    values = {"file": file, "waived_reason": waived_reason, "by": actor, "at": at}
    DutyReport.objects.update_or_create(subject=subject, defaults=values)
