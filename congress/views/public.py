"""What everybody reads of the congress: its delegates, how it was formed, its delegations and bodies."""

import uuid

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..enums import LIVE
from ..forms.filters import DirectoryFilterForm
from ..models import DutyReport, Mandate, ResolutionTask, Term
from ..phrases import QUESTIONS, SEAT_SOURCES
from ..queries.delegates import directory_of, ended_of, meetings_of, vacancies_of
from ..queries.motions import is_asked_to_second
from ..queries.terms import bodies_of, composition_of, delegations_of, electing_units_of, observers_of, terms_known
from ..rules.delegates import may_give_report, may_read_report, speaks_for
from ..rules.terms import may_see_term_desk
from ..seats import seat_rule, votes_needed

PAGE_SIZE, LONGEST = 60, 100


class _TermPage(TemplateView):
    """A page about one term: the one that was asked for, or the enterprise's running one."""

    def terms(self):
        return list(terms_known()[:LONGEST])

    def chosen(self, terms, day):
        asked = self.request.GET.get("term", "")
        try:
            key = uuid.UUID(asked) if asked else None
        except ValueError:
            key = None
        running = [one for one in terms if one.begins_on <= day <= one.ends_on]
        found = [one for one in terms if one.pk == key]
        return next(iter([*found, *running, *terms]), None)

    def get_context_data(self, **kwargs):
        at = timezone.now()
        terms = self.terms()
        term = self.chosen(terms, local_day(at))
        about = {} if term is None else {**standing_of(term, at), **self.about(term, at)}
        others = [one for one in terms if term is not None and one.pk != term.pk]
        return super().get_context_data(**{"term": term, "others": others, **about, **kwargs})

    def about(self, term, at):
        """Return what the page says of its term."""
        raise NotImplementedError


def standing_of(term, at):
    """Return whether a term runs, is to come or is over, as a badge's words and tone."""
    today = local_day(at)
    if today < term.begins_on:
        return {"standing": _("begins later"), "standing_tone": "blue"}
    if today > term.ends_on:
        return {"standing": _("over"), "standing_tone": "grey"}
    return {"standing": _("running"), "standing_tone": "green"}


@method_decorator(public_view, name="dispatch")
class DelegatesView(_TermPage):
    """The directory: delegates of a term, unit by unit, with the composition and its rules."""

    template_name = "congress/delegates.html"

    def about(self, term, at):
        units = [one.unit for one in term.electing_units.select_related("unit__parent").order_by("unit__path")]
        form = DirectoryFilterForm(self.request.GET, units=units)
        unit = form.chosen.get("unit")
        page = keyset_page(
            directory_of(term, unit=unit),
            order=("electing_unit__unit__path", "seat", "id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        return {
            "filters": form,
            "chosen_count": int(unit is not None),
            "page": page,
            "composition": composition_of(term),
        }


@method_decorator(public_view, name="dispatch")
class FormationView(_TermPage):
    """How a term was formed: seats and their rule, electing units, elections with their figures, vacancies."""

    template_name = "congress/formation.html"

    def about(self, term, at):
        page = keyset_page(
            meetings_of(term),
            order=("-held_on", "-recorded_at", "-id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        units = electing_units_of(term)
        for unit in units:
            unit.taken = sum(mandate.state in LIVE for mandate in unit.mandates.all())
        return {
            **rule_of(term),
            "units": units,
            "page": page,
            "meetings": [
                {"one": one, "needed": votes_needed(one.staff, half_is_enough=one.half_is_enough)} for one in page
            ],
            "vacancies": vacancies_of(term),
            "ended": ended_of(term),
            "lines": history_of(subject_key(term)),
        }


def rule_of(term):
    """Return the source of a term's seats and the questions that its text leaves open."""
    rule = seat_rule(term.region, term.staff)
    return {"seat_source": SEAT_SOURCES[term.region], "questions": [QUESTIONS[code] for code in rule.questions]}


@method_decorator(public_view, name="dispatch")
class BodiesView(_TermPage):
    """Delegations with their heads, presidium, committees, observers."""

    template_name = "congress/bodies.html"

    def about(self, term, at):
        return {
            "delegations": delegations_of(term),
            "bodies": bodies_of(term),
            "observers": observers_of(term),
        }


@method_decorator(public_view, name="dispatch")
class GoView(View):
    """Send a reader on from a notice or a promise to the page of a mandate, a report, a meeting or a term."""

    def get(self, request, kind, pk):
        user = request.user
        if kind == "term":
            term = only_one(Term.objects.select_related("unit").filter(pk=pk))
            if term is None:
                raise Http404
            if user.is_authenticated and may_see_term_desk(user, term):
                return redirect("congress:term", term.pk)
            return self._public(term.pk)
        if kind == "mandate":
            rows = Mandate.objects.select_related("electing_unit__unit", "electing_unit__term")
            mandate = only_one(rows.filter(pk=pk))
            if mandate is None:
                raise Http404
            if user.is_authenticated and mandate.person_id == user.pk:
                return redirect("congress:mine")
            if user.is_authenticated and speaks_for(user, mandate.electing_unit):
                return redirect("congress:electing_unit", mandate.electing_unit_id)
            return self._public(mandate.term_id)
        if kind == "session":
            return redirect("congress:session", pk)
        if kind == "dutyreport":
            return self._report(user, pk)
        if kind == "motion":
            is_asked = user.is_authenticated and is_asked_to_second(user, pk)
            return redirect("congress:motion_sign" if is_asked else "congress:motion", pk)
        if kind == "motioncall":
            return redirect("congress:motion_call", pk)
        if kind == "resolution":
            return redirect("congress:resolution", pk)
        if kind == "resolutiontask":
            task = only_one(ResolutionTask.objects.filter(pk=pk))
            if task is None:
                raise Http404
            return redirect("congress:resolution", task.resolution_id)
        if kind == "motionoffer":
            return redirect("congress:motions_mine")
        raise Http404

    @staticmethod
    def _public(key):
        response = redirect("congress:formation")
        response["Location"] += f"?term={key}"
        return response

    def _report(self, user, pk):
        rows = DutyReport.objects.select_related("promise", "mandate__term__unit", "mandate__electing_unit__unit")
        report = only_one(rows.filter(pk=pk))
        if report is None:
            raise Http404
        if user.is_authenticated and may_give_report(user, report):
            return redirect("congress:report_give", report.pk)
        if user.is_authenticated and report.given_at is not None and may_read_report(user, report):
            return redirect("congress:report", report.pk)
        return self._public(report.mandate.term_id)
