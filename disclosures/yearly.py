"""
The yearly ledger (台账) of disclosure: what a unit owed, showed, had signed, was told and put right.

It has what has a public number and a working page for the reader, and the
duties of the units the reader prepares for or oversees. Of opinions it has
that they came and were answered: never who wrote, nor a word of them.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts.authority import authority_of
from portal.accounts.models import Person
from portal.deadlines.clock import clock_of
from portal.deadlines.queries import work_calendar
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.kernel.days import local_day

from .display import days_shown, notice_period
from .enums import Audience, PublicationState, VersionKind
from .models import Acknowledgement, Approval, Duty, Gap, Opinion, Rectification
from .queries import desk_publications, inside, published_for
from .queries.acknowledgements import LEAST_PEOPLE
from .rules.sight import OVERSEERS, PREPARERS
from .standing import duty_status, duty_title, publication_standing


@dataclass(frozen=True)
class YearlyLedger:
    """The ledger of a year for one reader; ``unit`` narrows it to a unit and all below it."""

    user: object
    year: int
    unit: object
    at: dt.datetime

    @property
    def first(self):
        return dt.date(self.year, 1, 1)

    @property
    def last(self):
        return dt.date(self.year, 12, 31)

    def publications(self):
        """Return the numbered texts of the year whose working page exists for the reader."""
        rows = desk_publications(self.user).numbered().filter(year=self.year)
        return rows.filter(inside([self.unit])) if self.unit else rows

    def duties(self):
        """Return the duties of periods that end in the year, of the units the reader prepares for or oversees."""
        authority = authority_of(self.user)
        rows = Duty.objects.filter(
            inside(authority.units(*PREPARERS, *OVERSEERS)) | inside(authority.units(*PREPARERS), field="department"),
            ends_on__gte=self.first,
            ends_on__lte=self.last,
        )
        return rows.filter(inside([self.unit])) if self.unit else rows

    def of_texts(self, model):
        """Return the rows of a table that belong to the texts, in the order of the numbers."""
        rows = model.objects.filter(publication__in=self.publications().values("pk"))
        return rows.select_related("publication").order_by("publication__serial", "pk")

    def notices(self):
        return self.publications().filter(notice__isnull=False)

    def opinions(self):
        # What discipline inspection handles is in no list of others.
        return self.of_texts(Opinion).filter(inquiry__route="ordinary")

    def gaps(self):
        """Return the days off of the texts, and those of everything that lie in the year."""
        return Gap.objects.filter(
            Q(publication__in=self.publications().values("pk"))
            | Q(publication__isnull=True, since__lte=self.last, until__gte=self.first)
        ).order_by("since", "pk")

    def must_read(self):
        return self.publications().filter(is_must_read=True)

    def counts(self):
        """Return (name of the sheet, how many rows it has) in the order of the sheets."""
        sources = (
            self.duties(),
            self.publications(),
            self.of_texts(Approval),
            self.notices(),
            self.opinions(),
            self.of_texts(Rectification),
            self.gaps(),
            self.must_read(),
        )
        return [(name, rows.count()) for (name, _columns, _write), rows in zip(_sheets(), sources, strict=True)]


def ledger_workbook(ledger, *, title):
    """Return the yearly ledger as an open .xlsx file."""
    return make_workbook(
        title=title,
        sheets=[Sheet(name, columns, write(ledger)) for name, columns, write in _sheets()],
        cut_off=ledger.at,
    )


def _sheets():
    day, whole, wide = "day", "whole", 36
    number = Column(_("Number"), "text", 12)
    return (
        (
            _("Catalogue and duties"),
            [
                Column(pgettext("ledger", "Item"), "text", wide),
                Column(_("Unit")),
                Column(_("Period or event")),
                Column(_("Last day"), day),
                Column(pgettext("ledger", "Status"), "text", 14),
                number,
            ],
            duty_rows,
        ),
        (
            _("Disclosed texts"),
            [
                number,
                Column(pgettext("ledger", "Item"), "text", wide),
                Column(_("Title"), "text", wide),
                Column(_("Unit")),
                Column(_("Sort of text"), "text", 12),
                Column(pgettext("ledger", "Status"), "text", 14),
                Column(_("Shown from"), day),
                Column(_("Shown until"), day),
                Column(_("Days shown"), whole),
                Column(_("Out of turn"), "text", 24),
                Column(_("Corrections"), whole),
                Column(_("Withdrawal"), "text", 24),
                Column(_("Archive number"), "text", 18),
            ],
            text_rows,
        ),
        (
            _("Approvals"),
            [
                number,
                Column(pgettext("ledger", "Step")),
                Column(pgettext("ledger", "Signed by")),
                Column(pgettext("ledger", "Signed on"), day),
                Column(pgettext("ledger", "Decision")),
                Column(pgettext("ledger", "Words")),
            ],
            approval_rows,
        ),
        (
            _("Public notices"),
            [
                number,
                Column(_("About"), "text", wide),
                Column(_("Last day of the period"), day),
                Column(_("Outcome of the notice"), "text", wide),
            ],
            notice_rows,
        ),
        (
            _("Opinions and answers"),
            [
                Column(pgettext("ledger", "Number of the opinion"), "text", 14),
                Column(_("On the text"), "text", 12),
                Column(_("Kind")),
                Column(pgettext("ledger", "Status")),
                Column(_("Due on"), day),
                Column(_("Answered on"), day),
            ],
            opinion_rows,
        ),
        (
            _("Rectification"),
            [
                number,
                Column(pgettext("ledger", "Finding")),
                Column(_("Demand"), "text", wide),
                Column(_("Due on"), day),
                Column(_("What was done"), "text", wide),
                Column(_("Done on"), day),
                Column(_("Checked on"), day),
                Column(pgettext("ledger", "Accepted")),
            ],
            rectification_rows,
        ),
        (
            _("Days without display"),
            [Column(_("Text"), "text", 14), Column(_("From"), day), Column(_("To"), day), Column(_("Reason"))],
            gap_rows,
        ),
        (
            _("Acknowledged"),
            [number, Column(_("Acknowledged"), whole), Column(_("People asked"), whole)],
            acknowledged_rows,
        ),
    )


def duty_rows(ledger):
    """Return the rows of what was owed, by two queries."""
    duties = list(
        ledger.duties().select_related("item", "unit", "promise").order_by("item__code", "unit__path", "ends_on", "pk")
    )
    seen = set(ledger.publications().values_list("pk", flat=True))
    texts = published_for(ledger.duties())
    for duty in duties:
        text = texts.get(duty.pk)
        clock = clock_of(duty.promise, ledger.at)
        yield (
            duty.item,
            duty.unit.name,
            duty_title(duty),
            clock.due_on,
            duty_status(duty, ledger.at).label,
            text.number if text is not None and text.pk in seen else "",
        )


def text_rows(ledger):
    """Return the rows of the texts, by three queries."""
    today = local_day(ledger.at)
    rows = ledger.publications().select_related("item", "unit").prefetch_related("versions", "withdrawals")
    for text in rows.order_by("serial"):
        granted = [row for row in text.withdrawals.all() if row.is_granted]
        last = text.shown_until
        if granted:
            last = min(last, local_day(granted[-1].decided_at))
        yield (
            text.number,
            text.item,
            text.title,
            text.unit.name,
            text.get_kind_display(),
            publication_standing(text, ledger.at).word,
            local_day(text.publish_at),
            last,
            days_shown(local_day(text.publish_at), last, today),
            text.force_reason,
            sum(version.kind == VersionKind.CORRECTION for version in text.versions.all()),
            granted[-1].reason if granted else "",
            text.archive_no,
        )


def approval_rows(ledger):
    """Return each signature, by one query."""
    for row in ledger.of_texts(Approval).select_related("publication", "by"):
        answer = _("agreed") if row.is_granted else _("sent back")
        yield row.publication.number, row.get_step_display(), row.by.name, local_day(row.at), answer, row.note


def notice_rows(ledger):
    """Return the public notices with the end of their period, by four queries."""
    outages = list(Gap.objects.filter(publication__isnull=True))
    calendar = work_calendar()
    rows = ledger.notices().select_related("notice").prefetch_related("gaps", "withdrawals").order_by("serial")
    for text in rows:
        granted = [row for row in text.withdrawals.all() if row.is_granted]
        is_down = text.state == PublicationState.WITHDRAWN and granted
        period = notice_period(
            begun_on=local_day(text.publish_at),
            workdays=text.notice.workdays,
            gaps=[(gap.since, gap.until) for gap in [*text.gaps.all(), *outages]],
            today=local_day(ledger.at),
            calendar=calendar,
            stopped_on=local_day(granted[-1].decided_at) if is_down else None,
        )
        outcome = "：".join(filter(None, (text.notice.get_outcome_display(), text.notice.outcome_note)))
        yield text.number, text.notice.about, period.ends_on, outcome


def opinion_rows(ledger):
    """Return that opinions came and were answered, by one query; nothing of their words or authors."""
    rows = ledger.opinions().select_related(None).select_related("publication", "inquiry__promise")
    rows = rows.defer("inquiry__subject", "inquiry__body", "inquiry__suggestion", "inquiry__sealed_identity")
    for row in rows.order_by("publication__serial", "inquiry__year", "inquiry__serial"):
        inquiry = row.inquiry
        yield (
            inquiry.number,
            row.publication.number,
            row.get_kind_display(),
            inquiry.get_state_display(),
            clock_of(inquiry.promise, ledger.at).due_on,
            inquiry.answered_on,
        )


def rectification_rows(ledger):
    """Return what supervision demanded and what came of it, by one query."""
    for row in ledger.of_texts(Rectification).select_related("publication", "promise"):
        accepted = "" if row.is_accepted is None else (_("yes") if row.is_accepted else _("no"))
        yield (
            row.publication.number,
            row.get_reason_display(),
            row.demand,
            clock_of(row.promise, ledger.at).due_on,
            row.done,
            local_day(row.done_at) if row.done_at else None,
            local_day(row.checked_at) if row.checked_at else None,
            accepted,
        )


def gap_rows(ledger):
    """Return the days without display, by one query."""
    for row in ledger.gaps().select_related("publication"):
        yield row.publication.number if row.publication else _("everything"), row.since, row.until, row.reason


def acknowledged_rows(ledger):
    """Return the totals of what must be read, by three queries; none where so few are asked that it tells who."""
    people = list(Person.objects.filter(is_active=True).order_by().values_list("unit__path").annotate(n=Count("pk")))
    texts = list(ledger.must_read().select_related("unit").order_by("serial"))
    read = {}
    done = Acknowledgement.objects.filter(publication__in=[text.pk for text in texts], person__is_active=True)
    for pk, path, n in done.order_by().values_list("publication", "person__unit__path").annotate(n=Count("pk")):
        read.setdefault(pk, []).append((path, n))
    for text in texts:
        inner = text.unit.path if text.audience == Audience.UNIT else ""
        asked = sum(n for path, n in people if path.startswith(inner))
        given = sum(n for path, n in read.get(text.pk, ()) if path.startswith(inner))
        yield (text.number, given, asked) if asked >= LEAST_PEOPLE else (text.number, None, None)
