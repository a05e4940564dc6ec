"""我的代表履职: a delegate's own mandate, duty log and yearly reports."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from portal.ballots.queries import polls_for
from portal.deadlines.clock import clock_of
from portal.exports.qr import qr_svg
from portal.files.serving import serve
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one

from ..enums import SignatureState
from ..forms.delegates import DutyForm, ReportForm
from ..models import DutyEntry, DutyReport, Mandate
from ..operations.duties import give_report, write_duty
from ..queries.delegates import minutes_confirmed, own_mandates, reports_of
from ..queries.home import home_of
from ..queries.motions import groups_waiting, motions_to_rate, offers_waiting, own_motions, signatures_of
from ..queries.sessions import sessions_for
from ..rules import delegates as rules
from ..rules.hall import may_sign_in_online
from ..rules.terms import may_use_desk
from ..wording import when_of
from .base import CongressActView

PAGE_SIZE = 20


def _home(user, mandate, at):
    """Return what a delegate whose mandate runs finds first: the vote, the session, what is to be read and said."""
    home = home_of(mandate)
    is_open = home.session is not None and home.delivery is not None
    signatures = list(signatures_of(user)[:20])
    return {
        "home": home,
        "qr": qr_svg(home.delivery.code, label=_now("Code for the door")) if is_open else "",
        "when": when_of(home.session) if home.session is not None else [],
        "may_sign_in": home.session is not None
        and not home.is_there
        and bool(may_sign_in_online(mandate, home.session, at)),
        "votes": [poll for poll in polls_for(user, at) if not poll.has_voted],
        "invited": [one for one in signatures if one.state == SignatureState.INVITED],
        "to_rate": motions_to_rate(user),
        "groups": groups_waiting(user),
        "offers": offers_waiting(user),
        "motions": own_motions(user)[:3],
    }


class MineView(TemplateView):
    """A delegate's home: the next vote and session, papers, motions, duties; and what was before."""

    template_name = "congress/mine.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        mandates = own_mandates(user)
        current = next((one for one in mandates if rules.may_write_duty(user, one, at)), None)
        year = local_day(at).year
        page = keyset_page(
            DutyEntry.objects.filter(mandate__in=mandates),
            order=("-on", "-written_at", "-id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        return super().get_context_data(
            **(_home(user, current, at) if current is not None else {}),
            mandates=mandates,
            sessions=sessions_for(mandates),
            current=current,
            year=year,
            minutes=minutes_confirmed(current, year) if current else 0,
            page=page,
            reports=[
                {
                    "one": report,
                    "clock": clock_of(report.promise, at),
                    "may_give": bool(rules.may_give_report(user, report)),
                }
                for report in reports_of(mandates)
            ],
            **kwargs,
        )


class DutyNewView(CongressActView):
    """Write an entry into one's own duty log."""

    name = "mandate"
    form_class = DutyForm
    title = _("Write into the duty log")
    lead = _("The union confirms the entry, so that the time counts as attendance.")
    icon = "notebook-pen"
    said = _("Written. The union will confirm it.")

    def find(self):
        rows = Mandate.objects.select_related("term__unit", "electing_unit__unit", "meeting")
        mandate = only_one(rows.filter(pk=self.kwargs["pk"], person=self.request.user))
        if mandate is None:
            raise Http404
        return mandate

    def verdict(self):
        return rules.may_write_duty(self.request.user, self.thing, self.at)

    def back_url(self):
        return reverse("congress:mine")

    def eyebrow(self):
        return self.thing.term.title

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "today": local_day(self.at)}

    def get_initial(self):
        return {"on": local_day(self.at)}

    def operate(self, form):
        self.act(write_duty, **form.cleaned_data)
        return self.done()


def _find_report(pk):
    rows = DutyReport.objects.select_related(
        "promise", "file", "mandate__term__unit", "mandate__electing_unit__unit", "mandate__person", "rated_by"
    )
    report = only_one(rows.filter(pk=pk))
    if report is None:
        raise Http404
    return report


class ReportGiveView(CongressActView):
    """Give the duty report of a year."""

    name = "report"
    form_class = ReportForm
    title = _("Give the duty report")
    lead = _("The staff of your electing unit read it and rate it. Once given it stays as it is.")
    button = _("Give the report")
    icon = "send"
    said = _("Your report has been given.")
    needs_multipart = True

    def find(self):
        report = _find_report(self.kwargs["pk"])
        if report.mandate.person_id != self.request.user.pk:
            raise Http404
        return report

    def verdict(self):
        return rules.may_give_report(self.request.user, self.thing)

    def back_url(self):
        return reverse("congress:mine")

    def eyebrow(self):
        return f"{self.thing.mandate.term.title} · {self.thing.year}"

    def operate(self, form):
        files = form.cleaned_data["files"]
        self.act(give_report, text=form.cleaned_data["text"], upload=files[0] if files else None)
        messages.success(self.request, self.said)
        return redirect("congress:report", self.thing.pk)


class ReportView(View):
    """One duty report, for its delegate, the electing unit and the union."""

    def get(self, request, pk):
        report = _find_report(pk)
        if report.given_at is None or not rules.may_read_report(request.user, report):
            raise Http404
        return render(
            request,
            "congress/report.html",
            {
                "report": report,
                "may_rate": bool(rules.may_rate_report(request.user, report)),
                "back": reverse("congress:desk" if may_use_desk(request.user) else "congress:mine"),
            },
        )


class ReportFileView(View):
    """The file beside a duty report."""

    def get(self, request, pk):
        report = _find_report(pk)
        if report.file is None or not rules.may_read_report(request.user, report):
            raise Http404
        return serve(report.file)
