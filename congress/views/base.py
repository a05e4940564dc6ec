"""The base of an act on a thing of the congress, and the ways to find its things."""

from django.http import Http404
from django.urls import reverse

from portal.kernel.forms import PortalForm
from portal.kernel.rows import only_one
from portal.kernel.views import ActView

from ..models import ElectingUnit, Mandate, Term
from ..rules.delegates import works_for
from ..rules.terms import may_see_term_desk


def find_term(user, pk):
    """Return the term whose working page exists for this person; everything else is a 404."""
    rows = Term.objects.select_related("unit", "prepared_by", "allocated_by", "fixed_by")
    term = only_one(rows.prefetch_related("electing_units__unit", "extensions__asked_by").filter(pk=pk))
    if term is None or not may_see_term_desk(user, term):
        raise Http404
    return term


def find_unit(user, pk):
    """Return the electing unit on which this person works; everything else is a 404."""
    rows = ElectingUnit.objects.select_related("unit", "delegation", "term__unit")
    one = only_one(rows.prefetch_related("mandates__person", "mandates__meeting").filter(pk=pk))
    if one is None or not works_for(user, one, one.term):
        raise Http404
    return one


def find_mandate(user, pk):
    """Return a mandate on whose electing unit this person works; everything else is a 404."""
    rows = Mandate.objects.select_related("term__unit", "electing_unit__unit", "electing_unit__term__unit", "person")
    mandate = only_one(rows.select_related("meeting").filter(pk=pk))
    if mandate is None or not works_for(user, mandate.electing_unit, mandate.term):
        raise Http404
    return mandate


class CongressActView(ActView):
    """One act on ``self.thing``, drawn like all others."""

    form_class = PortalForm
    template_name = "congress/act.html"
    needs_multipart = False
    has_verdict_buttons = False

    def eyebrow(self):
        """Return the words above the heading."""
        return ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back": self.back_url(), "eyebrow": self.eyebrow(), **kwargs})


class TermActView(CongressActView):
    """An act on a term."""

    name = "term"
    home = "congress:term"

    def find(self):
        return find_term(self.request.user, self.kwargs["pk"])

    def eyebrow(self):
        return self.thing.title


class UnitActView(CongressActView):
    """An act on an electing unit."""

    name = "electing_unit"
    home = "congress:electing_unit"

    def find(self):
        return find_unit(self.request.user, self.kwargs["pk"])

    def eyebrow(self):
        return f"{self.thing.term.title} · {self.thing.unit.name}"


class MandateActView(CongressActView):
    """An act on a mandate."""

    name = "mandate"

    def find(self):
        return find_mandate(self.request.user, self.kwargs["pk"])

    def back_url(self):
        return reverse("congress:electing_unit", args=[self.thing.electing_unit_id])

    def eyebrow(self):
        return f"{self.thing.name} · {self.thing.electing_unit.unit.name}"
