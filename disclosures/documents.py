"""The bulletin as an official document (.docx); what it says is what its page says."""

from django.utils.translation import gettext as _

from portal.kernel.days import local_day

from .enums import EntryKind
from .printed import issue_label, masthead, printed_parts


def issue_document(issue):
    """Return an issued bulletin in the form of GB/T 9704: red head, number, unit and day, red line, the rest."""
    # Here and not above: only who asks for one pays for the library.
    from portal.exports.colophon import Colophon
    from portal.exports.official import Heading, OfficialDocument, Table, official_day, official_document
    from portal.exports.rich import rich_parts

    day = local_day(issue.issued_at)
    body = rich_parts(issue.lead) if issue.lead else []
    for part in printed_parts(issue):
        if part.kind != EntryKind.TEXT:
            body.append(Heading(part.title))
        for entry in part.entries:
            if entry.is_removed:
                body.append(Heading(f"{entry.number} {_('taken out as the rules demand')}", level=2))
            elif entry.kind == EntryKind.FIGURES:
                rows = [(label, number) for label, number, _tone in entry.figures]
                body.append(Table(columns=[_("Figure"), _("Value")], rows=rows, widths=[110, 46]))
            elif entry.kind == EntryKind.TEXT:
                body += [Heading(entry.heading), *rich_parts(entry.text)]
            else:
                body.append(Heading(entry.heading, level=2))
                body.append("，".join([f"{_('Number')} {entry.number}", *entry.about]) + "。")
                if entry.question:
                    body.append(f"{_('Card')}：{entry.question}")
                if entry.kind == EntryKind.REPLY:
                    body.append(f"{_('Answer')}：{entry.text}")
                else:
                    body.append(entry.text)
                if entry.remark:
                    body.append(f"（{entry.remark}）")
    copies = [(_("Reported to"), issue.report_to), (_("Sent to"), issue.send_to)]
    body.append(
        Colophon(
            copies=[f"{label}：{names}" for label, names in copies if names],
            issuer=_("Union of %(unit)s") % {"unit": issue.unit.name},
            day=day,
        )
    )
    return official_document(
        OfficialDocument(
            issuer=masthead(),
            number=f"{issue_label(issue)}\n{_('Union of %(unit)s') % {'unit': issue.unit.name}}　　{official_day(day)}",
            title=issue.title,
            body=body,
            day=None,
        )
    )
