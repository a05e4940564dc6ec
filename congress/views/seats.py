"""Acts on a term: seats, electing units, allocation, fixing, more time."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.days import local_day
from portal.kernel.rows import only_one

from ..forms.terms import AllocationForm, ExtensionForm, SeatsForm, UnitsForm, VerdictForm
from ..models import TermExtension
from ..operations.terms import (
    allocate_seats,
    ask_extension,
    choose_units,
    decide_extension,
    fix_term,
    latest_extension,
    print_of,
    proposed_seats,
    set_seats,
)
from ..queries.terms import staff_by_path, units_to_choose, women_on_roster
from ..rules import terms as rules
from .base import CongressActView, TermActView
from .public import rule_of


class SeatsView(TermActView):
    """Set how many delegates there are."""

    form_class = SeatsForm
    template_name = "congress/seats.html"
    may = staticmethod(rules.may_change_seats)
    title = _("Set the number of delegates")
    lead = _("The staff are counted again when you save; the number is kept with the day and the rule.")
    icon = "save"
    said = _("The number of delegates is set. Now choose the electing units.")

    def get_form_kwargs(self):
        _women, staff, unknown = women_on_roster(self.thing.unit)
        asks = bool(unknown) or not staff
        return {**super().get_form_kwargs(), "asks_women": asks, "today": local_day(self.at)}

    def get_initial(self):
        term = self.thing
        return {
            "seats": term.seats or term.strict,
            "decision": term.decision,
            "leader_percent": str(term.leader_percent),
            "half_is_enough": "1" if term.half_is_enough else "0",
            "women": term.women,
            "women_of": term.women_of,
            "women_source": term.women_source,
            "women_on": term.women_on,
        }

    def get_context_data(self, **kwargs):
        return super().get_context_data(**rule_of(self.thing), **kwargs)

    def operate(self, form):
        self.act(set_seats, **form.cleaned_data)
        return self.done()


class UnitsView(TermActView):
    """Choose the electing units."""

    form_class = UnitsForm
    may = staticmethod(rules.may_change_seats)
    title = _("Choose the electing units")
    lead = _("Their staff elect the delegates. The allocation of seats begins anew when you save.")
    icon = "save"
    said = _("The electing units are chosen. Now share the seats.")

    def get_form_kwargs(self):
        units, by_path = units_to_choose(self.thing), staff_by_path(self.thing.unit)
        staff = {unit.pk: sum(n for path, n in by_path.items() if path.startswith(unit.path)) for unit in units}
        return {**super().get_form_kwargs(), "units": units, "staff": staff}

    def get_initial(self):
        return {"units": [one.unit.code for one in self.thing.electing_units.all()]}

    def operate(self, form):
        self.act(choose_units, units=form.cleaned_data["units"])
        return self.done()


class AllocateView(TermActView):
    """Share the seats between the electing units."""

    form_class = AllocationForm
    may = staticmethod(rules.may_allocate)
    title = _("Share the seats")
    lead = _("In proportion to the staff, by largest remainder, one seat each at least. Change what has good reasons.")
    icon = "save"
    said = _("The seats are shared. Another person of the union now fixes them.")

    def get_form_kwargs(self):
        units = sorted(self.thing.electing_units.all(), key=lambda one: one.unit.path)
        proposed = proposed_seats(self.thing, units) if self.thing.seats else {}
        return {**super().get_form_kwargs(), "units": units, "proposed": proposed}

    def operate(self, form):
        self.act(allocate_seats, seats=form.seats(), contacts=form.contacts())
        return self.done()


class FixView(TermActView):
    """Fix seats and allocation for the term, as a second person."""

    template_name = "congress/fix.html"
    may = staticmethod(rules.may_fix_term)
    title = _("Fix the seats")
    lead = _("From now on elections are recorded. Seats and allocation stay as they are for this term.")
    button = _("Fix the seats")
    icon = "badge-check"
    tone = "seal"
    said = _("The seats are fixed. The electing units can elect.")

    def words_read(self):
        return print_of(self.thing, self.thing.electing_units.all())

    def operate(self, form):
        self.act(fix_term, read=self.request.POST.get("words_read"))
        return self.done()


class ExtendView(TermActView):
    """Ask for more time for a term."""

    form_class = ExtensionForm
    title = _("Ask for an extension of the term")
    lead = _("Once, a year at most. Another person of the union decides.")
    button = _("Ask")
    icon = "calendar-plus"
    said = _("Another person of the union now decides.")

    def verdict(self):
        return rules.may_ask_extension(self.request.user, self.thing, self.at)

    def get_form_kwargs(self):
        limits = {"earliest": self.thing.ends_on, "latest": latest_extension(self.thing, self.at)}
        return {**super().get_form_kwargs(), **limits}

    def operate(self, form):
        self.act(ask_extension, **form.cleaned_data)
        return self.done()


class ExtensionDecideView(CongressActView):
    """Grant more time for a term, or refuse it."""

    name = "extension"
    form_class = VerdictForm
    template_name = "congress/decide.html"
    may = staticmethod(rules.may_decide_extension)
    title = _("Decide on the extension of the term")
    said = _("Your answer has been recorded.")

    def find(self):
        rows = TermExtension.objects.select_related("term__unit", "asked_by")
        extension = only_one(rows.filter(pk=self.kwargs["pk"]))
        if extension is None or not rules.may_see_term_desk(self.request.user, extension.term):
            raise Http404
        return extension

    def back_url(self):
        return reverse("congress:term", args=[self.thing.term_id])

    def eyebrow(self):
        return self.thing.term.title

    def operate(self, form):
        decide_extension(
            extension_id=self.thing.pk,
            is_granted=form.is_granted,
            answer=form.cleaned_data["answer"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()
