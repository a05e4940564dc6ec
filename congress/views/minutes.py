"""The minutes of a session, on the page, on paper and as a file; what bypassed the congress."""

from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.exports.responses import download
from portal.files.serving import serve
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one

from ..credential_papers import credential_document, credential_name, figures_of
from ..enums import HELD, SessionState
from ..forms.hall import BypassForm, RecordForm
from ..minutes import course_of, file_name, minutes_document
from ..models import SignedRecord
from ..operations.bypass import flag_bypass
from ..operations.records import add_record
from ..phrases import SEAT_SOURCES
from ..queries.credentials import credentials_of
from ..queries.minutes import bypasses_of, minutes_of, records_of
from ..queries.terms import units_to_choose
from ..rules import sessions as rules
from ..rules.hall import may_add_record, may_read_record
from ..rules.terms import keeps_term
from ..wording import when_of
from .base import TermActView
from .planning import KeptActView
from .public import _TermPage
from .sessions import find_session

PAGE_SIZE = 20


def find_minuted(user, pk):
    """Return a session whose minutes this person reads: everybody once results are public, its keepers before."""
    session = find_session(pk)
    is_kept = user.is_authenticated and keeps_term(user, session.term)
    if session.state != SessionState.DISCLOSED and not (is_kept and session.state in HELD):
        raise Http404
    return session


@method_decorator(public_view, name="dispatch")
class MinutesView(TemplateView):
    """The minutes as a sheet to be printed and signed."""

    template_name = "congress/minutes.html"

    def get_context_data(self, **kwargs):
        session = find_minuted(self.request.user, self.kwargs["pk"])
        minutes = minutes_of(session)
        for row in minutes.items:
            row.course = course_of(row, session)
        user = self.request.user
        known = user.is_authenticated
        records = records_of(session) if known else []
        return super().get_context_data(
            session=session,
            minutes=minutes,
            when=when_of(session),
            records=[one for one in records if may_read_record(user, one)],
            may_add=known and bool(may_add_record(user, session)),
            **kwargs,
        )


class RecordNewView(KeptActView):
    """Keep the scan of a signed paper."""

    form_class = RecordForm
    may = staticmethod(may_add_record)
    title = _("Add a signed original")
    lead = _("Where a text asks for paper, the signed paper is the record. Its scan stays beside the minutes.")
    button = _("Add the scan")
    icon = "file-plus"
    said = _("The scan is kept beside the minutes.")
    needs_multipart = True

    def back_url(self):
        return reverse("congress:session_minutes", args=[self.thing.pk])

    def operate(self, form):
        data = form.cleaned_data
        self.act(add_record, kind=data["kind"], upload=data["files"][0], idempotency_key=data["idempotency_key"])
        return self.done()


class RecordFileView(View):
    """The scan of a signed paper."""

    def get(self, request, pk):
        rows = SignedRecord.objects.select_related("file", "session__term__unit")
        record = only_one(rows.filter(pk=pk))
        if record is None or not may_read_record(request.user, record):
            raise Http404
        return serve(record.file)


@method_decorator(public_view, name="dispatch")
class MinutesFileView(View):
    """The same as a Word file in the form of an official document."""

    def get(self, request, pk):
        session = find_minuted(request.user, pk)
        return download(minutes_document(minutes_of(session)), file_name(session))


def find_credentials(user, pk):
    """Return a session whose credential report this person reads: everybody once results are public, else its union."""
    session = find_session(pk)
    if session.state != SessionState.DISCLOSED and not (user.is_authenticated and keeps_term(user, session.term)):
        raise Http404
    return session


@method_decorator(public_view, name="dispatch")
class CredentialReportView(TemplateView):
    """The credential report of a session on paper: quota, composition, electing units, who was there."""

    template_name = "congress/session_credentials_print.html"

    def get_context_data(self, **kwargs):
        session = find_credentials(self.request.user, self.kwargs["pk"])
        report = credentials_of(session)
        return super().get_context_data(
            session=session,
            term=session.term,
            report=report,
            composition=report.composition,
            figures=figures_of(report),
            rows=[*report.units, report.totals],
            seat_source=SEAT_SOURCES[session.term.region],
            **kwargs,
        )


@method_decorator(public_view, name="dispatch")
class CredentialFileView(View):
    """The same as a Word file in the form of an official document."""

    def get(self, request, pk):
        session = find_credentials(request.user, pk)
        return download(credential_document(credentials_of(session)), credential_name(session))


@method_decorator(public_view, name="dispatch")
class BypassesView(_TermPage):
    """What bypassed the congress of a term: not binding, with demand and answer."""

    template_name = "congress/bypasses.html"

    def about(self, term, at):
        user = self.request.user
        page = keyset_page(
            bypasses_of(term), order=("-flagged_at", "id"), token=self.request.GET.get("after", ""), size=PAGE_SIZE
        )
        may_flag = user.is_authenticated and bool(rules.may_flag_bypass(user, term))
        return {"page": page, "bypasses": list(page), "may_flag": may_flag}


class BypassNewView(TermActView):
    """Flag a matter that bypassed the congress, and demand that it be put right."""

    form_class = BypassForm
    may = staticmethod(rules.may_flag_bypass)
    title = _("Flag what bypassed the congress")
    lead = _(
        "It does not bind the staff. The demand is a matter with a number and a clock; it and its answer are kept."
    )
    button = _("Flag it and send the demand")
    tone = "danger"
    icon = "flag"
    said = _("Flagged; the demand has been sent.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "units": units_to_choose(self.thing), "today": local_day(self.at)}

    def back_url(self):
        return reverse("congress:bypasses")

    def operate(self, form):
        self.act(flag_bypass, **form.cleaned_data)
        return self.done()
