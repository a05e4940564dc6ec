"""The credential report of a session (代表资格审查报告) as an official document (GB/T 9704)."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.exports.official import Heading, OfficialDocument, Table, official_document
from portal.kernel.days import local_day
from portal.kernel.texts import bracketed, colon, comma

from .phrases import SEAT_SOURCES
from .wording import composition_label


def in_percent(part, whole):
    """Return a share with one place, such as 12.5%; a dash of nothing."""
    return f"{part * 100 / whole:.1f}%" if whole else "–"


def figures_of(report):
    """Return [(term, words)] of the quota and, from the opening on, of who was there."""
    session, term = report.session, report.term
    rows = [
        (_("Staff counted"), f"{term.staff}"),
        (_("Delegates by the text"), _("%(least)d at least") % {"least": term.least}),
        (_("Delegates of this term"), f"{term.seats or 0}"),
        (_("Seats held"), f"{report.totals.held}"),
        (_("Credentials confirmed"), f"{report.totals.confirmed}"),
        (_("Vacant seats"), f"{report.totals.vacant}"),
    ]
    if session.whole is not None:
        counted = _("vacant seats counted") if session.counts_vacant else _("vacant seats left out")
        rows.append((_("Delegates in all at this session"), f"{session.whole}{bracketed(counted)}"))
    if (there := report.attendance) is not None:
        rows += [
            (_("There now, or at the closing"), f"{there.present}{bracketed(in_percent(there.present, there.whole))}"),
            (_("Needed for the quorum"), f"{there.needed}"),
            (_("Came at some time"), f"{report.totals.came}"),
        ]
    return rows


def credential_document(report):
    """Return the .docx as bytes."""
    session = report.session
    widths = [46, 18, 18, 18, 18, 20, 18]
    columns = [
        _("Electing unit"), _("Seats"), pgettext("seats", "Held"), pgettext("delegates", "Women"),
        _("Leaders"), _("Front line"), _("Came"),
    ]  # fmt: skip
    lines = [
        [one.name or _("Total"), one.seats, one.held, one.women, one.leaders, one.frontline, one.came]
        for one in (*report.units, report.totals)
    ]
    body = [
        _("The delegates of %(session)s have been reviewed. The result is as follows.") % {"session": session.title},
        Heading(_("Number of delegates")),
        *(f"{term}{colon()}{words}" for term, words in figures_of(report)),
        f"{_('The text')}{colon()}{SEAT_SOURCES[report.term.region]}",
        Heading(_("Composition")),
        Table(
            columns=[_("Counts as"), _("Delegates"), _("Share")],
            rows=[
                [composition_label(one.code), f"{one.count} / {one.whole}", in_percent(one.count, one.whole)]
                for one in report.composition
            ],
            widths=[76, 40, 40],
        ),
        Heading(_("By electing unit")),
        Table(columns=columns, rows=[[str(cell) for cell in line] for line in lines], widths=widths),
    ]
    if report.vacancies:
        body.append(Heading(_("Vacant seats")))
        body += [
            f"{one.electing_unit.unit.name}{colon()}{one.name}{comma()}{one.get_state_display()}"
            for one in report.vacancies
        ]
    return official_document(
        OfficialDocument(
            title=_("Credential report: %(session)s") % {"session": session.title},
            body=body,
            signer=_("Credential review group"),
            day=local_day(session.credentials_at) if session.credentials_at else session.opens_on,
        )
    )


def credential_name(session):
    """Return the name of the file."""
    return f"{session.title}{_('Credential report')}.docx"
