"""The union's desk of the congress: terms, what waits; the working page of a term; its paper and its workbook."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.queries import rule_value
from portal.deadlines.clock import clock_of
from portal.exports.responses import download
from portal.exports.workbook import Column, Sheet, make_workbook
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from .. import numbers
from ..enums import LIVE, MandateState
from ..forms.delegates import RatingForm
from ..forms.terms import TermForm, VerdictForm
from ..models import DutyEntry, DutyReport
from ..operations.bodies import presidium_numbers
from ..operations.duties import decide_duty, rate_report
from ..operations.terms import prepare_term
from ..queries.delegates import directory_of, duties_waiting, reports_waiting, vacancies_of
from ..queries.sessions import sessions_of
from ..queries.terms import (
    bodies_of,
    check_presidium,
    composition_of,
    delegations_of,
    electing_units_of,
    extension_waiting,
    observers_of,
    terms_on_desk,
    units_with_congress,
)
from ..rules import delegates as delegate_rules
from ..rules import terms as rules
from ..wording import composition_label
from .base import CongressActView, find_term
from .public import rule_of, standing_of

PAGE_SIZE, LONGEST = 25, 100


class DeskView(TemplateView):
    """Terms of the units this person keeps; entries and reports that wait."""

    template_name = "congress/desk.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_use_desk(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        user = self.request.user
        duties = list(duties_waiting(user).order_by("on", "pk")[:LONGEST])
        reports = list(reports_waiting(user))
        page = keyset_page(
            terms_on_desk(user),
            order=("unit__path", "-number", "id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        at = timezone.now()
        return super().get_context_data(
            page=page,
            terms=[{"one": one, **standing_of(one, at)} for one in page],
            duties=duties,
            reports=reports,
            **kwargs,
        )


class TermNewView(OperationFormView):
    """Begin a new term of a unit's congress."""

    form_class = TermForm
    template_name = "congress/term_new.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_prepare_term(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "units": units_with_congress(self.request.user)}

    def get_initial(self):
        return {"years": str(rule_value(numbers.TERM_YEARS, unit=None, at=timezone.now()))}

    def operate(self, form):
        term = prepare_term(**form.cleaned_data, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("The staff have been counted. Now set the number of delegates."))
        return redirect("congress:term", term.pk)


class TermView(TemplateView):
    """The working page of a term: the next steps, seats, composition, electing units, bodies, vacancies."""

    template_name = "congress/term.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        term = find_term(user, self.kwargs["pk"])
        units = electing_units_of(term)
        rows = [self._row(unit) for unit in units]
        bodies, delegations = bodies_of(term), delegations_of(term)
        waiting = extension_waiting(term)
        return super().get_context_data(
            term=term,
            **standing_of(term, at),
            **rule_of(term),
            rows=rows,
            steps=_steps(term, rows, delegations, bodies),
            composition=composition_of(term),
            bodies=[{"one": one, "check": _check(term, one, at)} for one in bodies],
            has_presidium=any(one.kind == "presidium" for one in bodies),
            delegations=delegations,
            observers=observers_of(term),
            vacancies=[{"one": one, "clock": clock_of(one.vacancy, at)} for one in vacancies_of(term)],
            waiting=waiting,
            sessions=list(sessions_of(term)[:10]),
            may_change=bool(rules.may_change_seats(user, term)),
            may_allocate=bool(rules.may_allocate(user, term)),
            fixing=rules.may_fix_term(user, term),
            may_keep=bool(rules.may_keep_running_term(user, term, at)),
            may_extend=bool(rules.may_ask_extension(user, term, at)),
            may_decide=waiting is not None and bool(rules.may_decide_extension(user, waiting)),
            lines=history_of(subject_key(term), with_time=True, with_all=True),
            **kwargs,
        )

    @staticmethod
    def _row(unit):
        states = [mandate.state for mandate in unit.mandates.all()]
        return {
            "one": unit,
            "taken": sum(state in LIVE for state in states),
            "candidates": states.count(MandateState.CANDIDATE),
            "to_confirm": states.count(MandateState.ELECTED),
            "is_open": sum(state in LIVE for state in states) < unit.seats,
        }


def _check(term, body, at):
    if body.kind != "presidium":
        return None
    small, large, front = presidium_numbers(term.unit, at)
    mandates = [member.mandate for member in body.members.all()]
    return check_presidium(mandates, seats=term.seats, small=small, large=large, front=front)


def _steps(term, rows, delegations, bodies):
    """Return the stages of forming a term, as the stage chain draws them."""
    taken, waiting = sum(row["taken"] for row in rows), sum(row["to_confirm"] for row in rows)
    done = (
        (_("seats"), term.seats is not None),
        (_("electing units"), bool(rows)),
        (_("allocation"), term.allocated_by_id is not None),
        (_("fixed"), term.fixed_at is not None),
        (_("elections"), bool(rows) and term.fixed_at is not None and taken >= (term.seats or 0)),
        (_("credentials"), taken > 0 and not waiting),
        (_("delegations"), bool(rows) and bool(delegations) and all(row["one"].delegation_id for row in rows)),
        (_("presidium"), any(one.kind == "presidium" for one in bodies)),
    )
    first = next((place for place, (_label, is_done) in enumerate(done) if not is_done), len(done))
    return [
        {"label": label, "state": "done" if is_done else "current" if place == first else "ahead"}
        for place, (label, is_done) in enumerate(done)
    ]


class CredentialSheetView(TemplateView):
    """The credential report (资格审查) on paper: every delegate with votes and category, figures, signatures."""

    template_name = "congress/credentials_print.html"

    def get_context_data(self, **kwargs):
        at = timezone.now()
        term = find_term(self.request.user, self.kwargs["pk"])
        rows = directory_of(term).select_related("meeting", "confirmed_by")
        return super().get_context_data(
            term=term,
            **rule_of(term),
            delegates=rows.order_by("electing_unit__unit__path", "seat"),
            composition=composition_of(term),
            vacancies=vacancies_of(term),
            observers=observers_of(term),
            today=local_day(at),
            **kwargs,
        )


class DirectoryFileView(View):
    """The directory as a workbook, for the union."""

    def get(self, request, pk):
        at = timezone.now()
        term = find_term(request.user, pk)
        rows = directory_of(term).order_by("electing_unit__unit__path", "seat")
        sheet = Sheet(
            name=_("Delegates"),
            columns=[
                Column(_("Electing unit"), "text", 24),
                Column(_("Seat"), "whole"),
                Column(_("Name of the delegate"), "text", 12),
                Column(_("Counts as"), "text", 22),
                Column(_("Delegation"), "text", 20),
                Column(_("Contact office"), "text", 30),
                Column(_("State"), "text", 22),
            ],
            rows=[
                (
                    one.electing_unit.unit.name,
                    one.seat,
                    one.name,
                    one.get_category_display(),
                    one.electing_unit.delegation.name if one.electing_unit.delegation else "",
                    one.electing_unit.contact,
                    one.get_state_display(),
                )
                for one in rows
            ],
        )
        notes = [
            (composition_label(share.code), _("%(count)d of %(whole)d") % {"count": share.count, "whole": share.whole})
            for share in composition_of(term)
        ]
        book = make_workbook(title=term.title, sheets=[sheet], notes=notes, cut_off=at)
        return download(book, f"{term.title}.xlsx")


def _works_for(user, mandate):
    return delegate_rules.works_for(user, mandate.electing_unit, mandate.term)


class DutyDecideView(CongressActView):
    """Confirm an entry of a duty log, or say why not."""

    name = "entry"
    form_class = VerdictForm
    template_name = "congress/decide.html"
    title = gettext_lazy("Confirm the duty log")
    said = gettext_lazy("Your answer has been recorded.")

    def find(self):
        rows = DutyEntry.objects.select_related(
            "mandate__term__unit", "mandate__electing_unit__unit", "mandate__person"
        )
        entry = only_one(rows.filter(pk=self.kwargs["pk"]))
        if entry is None or not _works_for(self.request.user, entry.mandate):
            raise Http404
        return entry

    def verdict(self):
        return delegate_rules.may_decide_duty(self.request.user, self.thing)

    def back_url(self):
        return reverse("congress:desk")

    def eyebrow(self):
        return f"{self.thing.mandate.name} · {self.thing.mandate.electing_unit.unit.name}"

    def operate(self, form):
        self.act(decide_duty, is_confirmed=form.is_granted, answer=form.cleaned_data["answer"])
        return self.done()


class ReportRateView(CongressActView):
    """Record how the electing unit rated a duty report."""

    name = "report"
    form_class = RatingForm
    title = gettext_lazy("Record the rating of a duty report")
    lead = gettext_lazy("How many of the staff who took part were satisfied, basically satisfied, not satisfied.")
    said = gettext_lazy("The rating has been recorded.")

    def find(self):
        rows = DutyReport.objects.select_related(
            "mandate__term__unit", "mandate__electing_unit__unit", "mandate__person"
        )
        report = only_one(rows.filter(pk=self.kwargs["pk"]))
        if report is None or not _works_for(self.request.user, report.mandate):
            raise Http404
        return report

    def verdict(self):
        return delegate_rules.may_rate_report(self.request.user, self.thing)

    def back_url(self):
        return reverse("congress:desk")

    def eyebrow(self):
        return f"{self.thing.mandate.name} · {self.thing.year}"

    def get_form_kwargs(self):
        given = self.thing.given_at
        today = local_day(self.at)
        return {**super().get_form_kwargs(), "today": today, "earliest": local_day(given) if given else today}

    def operate(self, form):
        self.act(rate_report, **form.cleaned_data)
        return self.done()
