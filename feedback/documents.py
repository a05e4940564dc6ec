"""Files that leave the portal: statistics as .xlsx and as an official table (办理情况表), lists, due days as ICS."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts.queries import company
from portal.deadlines.clock import clock_of
from portal.exports.calendar import Event, make_calendar
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.kernel.days import local_day

from .enums import IdentityMode, InquiryKind, InquiryState, Outcome, RatingLevel, Route, Topic


def _columns(first):
    return [
        Column(first, "text", 24),
        Column(pgettext("count", "Received"), "whole"),
        Column(_("Answered"), "whole"),
        Column(_("In time"), "whole"),
        Column(_("In time, share"), "percent", 12),
        Column(_("Overdue now"), "whole"),
        Column(_("Solved (A)"), "whole"),
        Column(_("Solved, share"), "percent", 12),
        Column(_("Rated"), "whole"),
        Column(_("Satisfied"), "whole"),
        Column(_("Satisfied, share"), "percent", 12),
        Column(_("Second handlings"), "whole"),
        Column(_("Hidden"), "whole"),
        Column(_("Remark"), "text", 14),
    ]


def _row(label, figures):
    return [
        label,
        figures.received,
        figures.answered,
        figures.on_time,
        figures.on_time_rate,
        figures.overdue,
        figures.landed,
        figures.landed_rate,
        figures.rated,
        figures.satisfied,
        figures.satisfied_rate,
        figures.redo,
        figures.hidden,
        _("few ratings") if figures.is_small else "",
    ]


def definitions():
    """Return what each figure means, as (term, meaning): the same on the page, in the workbook and in the document."""
    return [
        (
            pgettext("count", "Received"),
            _("cards received in the period, by the day of receipt; paper cards by the day on the card"),
        ),
        (_("Answered"), _("of these, answered: a reply counts from its recorded delivery")),
        (_("In time"), _("of these, answered no later than the due day that held")),
        (
            _("In time, share"),
            _("in time, out of answered and overdue together: what is not answered counts against it"),
        ),
        (_("Solved (A)"), _("answered with outcome A; share out of answered")),
        (
            _("Satisfied"),
            _("rated very satisfied, satisfied or fairly satisfied; share out of rated, unrated ones left out"),
        ),
        (_("Second handlings"), _("sent round again after one of the two lowest ratings")),
        (
            _("Discipline inspection"),
            _("what it handles is counted for the enterprise as a whole, never for the unit concerned"),
        ),
        (_("few ratings"), _("fewer than five ratings: the share says little")),
    ]


def statistics_workbook(statistics, *, title):
    """Return the statistics as an .xlsx file: by unit, by month, and what the columns mean."""
    total = _row(_("Total"), statistics.total)
    return make_workbook(
        title=title,
        sheets=[
            Sheet(
                _("By unit"),
                _columns(_("Unit")),
                [*(_row(unit.name, figures) for unit, figures in statistics.units), total],
            ),
            Sheet(
                _("By month"),
                _columns(_("Month")),
                [*(_row(f"{month:%Y-%m}", figures) for month, figures in statistics.months), total],
            ),
        ],
        notes=definitions(),
        cut_off=statistics.as_of,
    )


def _share(value, figures=None):
    text = "–" if value is None else f"{value:.1%}"
    return f"{text}\n{_('few ratings')}" if figures is not None and figures.is_small else text


def statistics_document(statistics, *, title):
    """Return the 办理情况表 as an official .docx."""
    # Only who asks for one pays for the library: it is 21 MiB in every web process otherwise.
    from portal.exports.official import Heading, OfficialDocument, Table, official_document

    root = company()
    issuer = root.name if root else ""
    total = statistics.total
    words = {
        "since": f"{statistics.since.year}年{statistics.since.month}月",
        "until": f"{statistics.last.year}年{statistics.last.month}月",
        "received": total.received,
        "answered": total.answered,
        "on_time": total.on_time,
        "share": _share(total.on_time_rate),
        "overdue": total.overdue,
        "landed": total.landed,
        "rated": total.rated,
        "satisfied": _share(total.satisfied_rate),
    }
    head = [
        _("Unit"),
        pgettext("count", "Received"),
        _("Answered"),
        _("In time, share"),
        _("Overdue now"),
        _("Solved (A)"),
        _("Satisfied, share"),
        _("Second handlings"),
    ]
    rows = [
        [
            name,
            figures.received,
            figures.answered,
            _share(figures.on_time_rate),
            figures.overdue,
            figures.landed,
            _share(figures.satisfied_rate, figures),
            figures.redo,
        ]
        for name, figures in [*((unit.name, figures) for unit, figures in statistics.units), (_("Total"), total)]
    ]
    return official_document(
        OfficialDocument(
            title=title,
            body=[
                _(
                    "From %(since)s to %(until)s, %(received)s cards were received and %(answered)s answered, "
                    "%(on_time)s of them in time"
                    " (%(share)s); %(overdue)s are overdue. %(landed)s were solved; of %(rated)s ratings "
                    "%(satisfied)s were satisfied."
                )
                % words,
                Heading(_("By unit")),
                Table(columns=head, rows=rows, widths=[38, 16, 16, 20, 16, 16, 20, 14]),
                Heading(_("How it is counted")),
                *(f"{term}：{meaning}。" for term, meaning in definitions()),
            ],
            signer=_("Union committee of %(enterprise)s") % {"enterprise": issuer},
            day=local_day(statistics.as_of),
        )
    )


def board_workbook(inquiries, *, at, title):
    """
    Return a list of inquiries as an .xlsx file for the union.

    Days only, the text that others read, and never who wrote an unsigned card.
    """
    columns = [
        Column(_("Number"), "text", 12),
        Column(_("State"), "text", 16),
        Column(_("Kind"), "text", 10),
        Column(_("Topic"), "text", 18),
        Column(_("Unit concerned"), "text", 18),
        Column(_("Subject"), "text", 40),
        Column(_("Identity"), "text", 10),
        Column(_("Received"), "day"),
        Column(_("Lead department"), "text", 18),
        Column(_("Due"), "day"),
        Column(_("Clock"), "text", 34),
        Column(_("Answered"), "day"),
        Column(_("Outcome"), "text", 14),
        Column(_("Rating"), "text", 12),
        Column(_("Second handlings"), "whole"),
    ]
    return make_workbook(
        title=title,
        sheets=[Sheet(_("Inquiries"), columns, (_inquiry_row(inquiry, at) for inquiry in inquiries))],
        cut_off=at,
    )


def _inquiry_row(inquiry, at):
    clock = clock_of(inquiry.promise, at)
    return [
        inquiry.number,
        str(InquiryState(inquiry.state).label),
        str(InquiryKind(inquiry.kind).label),
        str(Topic(inquiry.topic).label),
        inquiry.unit.name,
        inquiry.public_subject or inquiry.subject,
        str(IdentityMode(inquiry.identity_mode).label),
        inquiry.received_on,
        inquiry.lead_unit.name if inquiry.lead_unit else "",
        clock.due_on,
        clock.sentence,
        inquiry.answered_on,
        str(Outcome(inquiry.outcome).label) if inquiry.outcome else "",
        str(RatingLevel(inquiry.rating).label) if inquiry.rating else "",
        inquiry.redo_count,
    ]


def due_days_calendar(inquiries, *, at, address):
    """
    Return the due days as a calendar; ``address(inquiry)`` gives each a link.

    The number only, and a subject only where everybody may read it anyway: a
    calendar is copied to phones and to other people's servers.
    """
    events = []
    for inquiry in inquiries:
        clock = clock_of(inquiry.promise, at)
        is_open = inquiry.is_published and inquiry.route == Route.ORDINARY and not inquiry.hidden_class
        words = {"number": inquiry.number, "subject": inquiry.public_subject if is_open else ""}
        events.append(
            Event(
                uid=inquiry.pk,
                on=clock.due_on,
                summary=(_("Answer %(number)s %(subject)s") % words).strip(),
                description=clock.sentence,
                url=address(inquiry),
            )
        )
    return make_calendar(name=_("Answers due"), events=events, at=at)
