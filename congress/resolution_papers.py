"""A resolution as an official document (GB/T 9704), and the register as a workbook."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.exports.official import OfficialDocument, official_day, official_document
from portal.exports.rich import rich_parts
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.kernel.days import local_day

from .models import ResolutionTask


def adopted_on(resolution):
    """Return the day on which the congress adopted a resolution."""
    session = resolution.session
    return local_day(session.closed_at) if session.closed_at else session.opens_on


def resolution_document(resolution, version):
    """Return one version of a resolution as .docx."""
    day = adopted_on(resolution)
    # As papers of the congress have it under the title: （2026年5月20日…第二次会议通过）
    passed = _("(adopted by %(session)s on %(day)s)") % {"session": resolution.session.title, "day": official_day(day)}
    body = [passed, *rich_parts(version.text)]
    if version.number > 1:
        body.append(_("Version %(n)d, corrected: %(reason)s") % {"n": version.number, "reason": version.reason})
    return official_document(
        OfficialDocument(
            title=version.title,
            number=resolution.number,
            issuer=resolution.session.term.title,
            body=body,
            signer=resolution.session.term.title,
            day=day,
        )
    )


def document_name(resolution, version):
    """Return the name of the file."""
    return f"{resolution.number}{version.title}.docx"


def register_workbook(rows, at):
    """Return the register as .xlsx: resolutions, and their tasks with owner, day and share."""
    rows = list(rows)
    tasks = (
        ResolutionTask.objects.filter(resolution__in=[one.pk for one in rows])
        .select_related("resolution", "unit", "person", "promise")
        .order_by("-resolution__year", "-resolution__serial", "due_on")
    )
    first = Sheet(
        name=_("Resolutions"),
        columns=[
            Column(_("Number"), "text", 22),
            Column(_("Title"), "text", 44),
            Column(_("Session"), "text", 40),
            Column(pgettext("resolution", "Issued"), "day"),
            Column(_("State"), "text", 16),
            Column(_("Tasks"), "whole"),
            Column(_("Done"), "whole"),
            Column(_("Overdue"), "whole"),
            Column(pgettext("task", "How far"), "percent"),
        ],
        rows=[
            (
                one.number,
                one.heading,
                one.session.title,
                local_day(one.issued_at),
                one.get_state_display(),
                one.task_count,
                one.tasks_done,
                one.tasks_late,
                one.percent / 100 if one.percent is not None else None,
            )
            for one in rows
        ],
    )
    second = Sheet(
        name=_("Tasks"),
        columns=[
            Column(_("Number"), "text", 22),
            Column(_("What has to be done"), "text", 44),
            Column(_("Office"), "text", 20),
            Column(_("Person in charge"), "text", 14),
            Column(_("Done by"), "day"),
            Column(_("State"), "text", 14),
            Column(pgettext("task", "How far"), "percent"),
            Column(_("Done on"), "day"),
        ],
        rows=[
            (
                one.resolution.number,
                one.title,
                one.unit.name,
                one.person.name if one.person is not None else "",
                one.due_on,
                one.get_state_display(),
                one.percent / 100,
                local_day(one.promise.met_at) if one.promise.met_at else None,
            )
            for one in tasks
        ],
    )
    notes = [(pgettext("task", "How far"), _("mean of the tasks that are owed, each by its latest entry"))]
    return make_workbook(title=_("Resolutions"), sheets=[first, second], notes=notes, cut_off=at)
