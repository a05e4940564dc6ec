"""Delegations, presidium, committees and observers of a term."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.kernel.days import local_day
from portal.kernel.rows import only_one

from ..enums import BodyKind
from ..forms.terms import BodyForm, DelegationForm, ObserverForm
from ..models import Body, Delegation, ElectingUnit, Observer
from ..operations.bodies import end_observer, invite_observer, presidium_numbers, set_body, set_delegation
from ..queries.terms import delegates_to_choose
from ..rules import terms as rules
from ..seats import presidium_bounds
from .base import TermActView, find_term


class _RunningTermView(TermActView):
    def verdict(self):
        return rules.may_keep_running_term(self.request.user, self.thing, self.at)


class DelegationNewView(_RunningTermView):
    """Form a delegation."""

    form_class = DelegationForm
    title = _("Form a delegation")
    icon = "users"
    said = _("The delegation is formed.")
    row = None

    def get_form_kwargs(self):
        units = ElectingUnit.objects.filter(term=self.thing).select_related("unit").order_by("unit__path")
        return {**super().get_form_kwargs(), "units": list(units), "delegates": delegates_to_choose(self.thing)}

    def operate(self, form):
        values = form.cleaned_data
        self.act(
            set_delegation,
            name=values["name"],
            electing_units=values["units"],
            head=values["head"],
            delegation=self.row,
        )
        return self.done()


class DelegationEditView(DelegationNewView):
    """Change a delegation: its electing units, its head."""

    title = _("Change the delegation")
    said = _("The delegation has been changed.")

    def find(self):
        self.row = only_one(Delegation.objects.filter(pk=self.kwargs["pk"]))
        if self.row is None:
            raise Http404
        return find_term(self.request.user, self.row.term_id)

    def get_initial(self):
        keys = self.row.electing_units.values_list("pk", flat=True)
        return {"name": self.row.name, "units": [str(key) for key in keys], "head": str(self.row.head_id or "")}


class PresidiumView(_RunningTermView):
    """Propose and record the presidium, or change it."""

    form_class = BodyForm
    title = _("Presidium")
    icon = "users-round"
    said = _("The presidium has been recorded.")
    kind = BodyKind.PRESIDIUM

    @property
    def lead(self):
        """Say how many there must be, and of whom."""
        small, large, front = presidium_numbers(self.thing.unit, self.at)
        least, most = presidium_bounds(self.thing.seats or 0, small=small, large=large)
        words = {"least": least, "most": most, "percent": front}
        if most is None:
            return _("%(least)d people at least, %(percent)d per cent of them front-line workers at least.") % words
        return _("%(least)d to %(most)d people, %(percent)d per cent of them front-line workers at least.") % words

    def row(self):
        return Body.objects.filter(term=self.thing, kind=self.kind).first()

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "delegates": delegates_to_choose(self.thing),
            "today": local_day(self.at),
            "is_presidium": self.kind == BodyKind.PRESIDIUM,
        }

    def get_initial(self):
        row = self.row()
        if row is None:
            return {"name": str(BodyKind.PRESIDIUM.label)} if self.kind == BodyKind.PRESIDIUM else {}
        members = list(row.members.all())
        return {
            "name": row.name,
            "remit": row.remit,
            "decided_on": row.decided_on,
            "members": [str(member.mandate_id) for member in members],
            "chair": next((str(member.mandate_id) for member in members if member.is_chair), ""),
        }

    def operate(self, form):
        self.act(set_body, kind=self.kind, body=self.row(), **form.cleaned_data)
        return self.done()


class CommitteeNewView(PresidiumView):
    """Form a special committee."""

    title = _("Form a special committee")
    said = _("The committee has been recorded.")
    lead = _("Its members are delegates, confirmed by the congress.")
    kind = BodyKind.COMMITTEE

    def row(self):
        return None


class CommitteeEditView(CommitteeNewView):
    """Change a special committee."""

    title = _("Change the committee")

    def find(self):
        self.body = only_one(Body.objects.filter(pk=self.kwargs["pk"], kind=BodyKind.COMMITTEE))
        if self.body is None:
            raise Http404
        return find_term(self.request.user, self.body.term_id)

    def row(self):
        return self.body


class ObserverNewView(_RunningTermView):
    """Invite somebody who attends without a vote."""

    form_class = ObserverForm
    title = _("Invite an observer")
    lead = _("Observers attend the congress and have no vote.")
    icon = "user-plus"
    said = _("The observer is invited.")

    def operate(self, form):
        self.act(invite_observer, **form.cleaned_data)
        return self.done()


class ObserverEndView(View):
    """Let an observer attend no longer."""

    http_method_names = ("post", "options")

    def post(self, request, pk):
        row = only_one(Observer.objects.select_related("term__unit").filter(pk=pk))
        if row is None or not rules.keeps_term(request.user, row.term):
            raise Http404
        end_observer(observer_id=pk, actor=request.user, at=timezone.now())
        messages.success(request, _("This person observes no longer."))
        return redirect(reverse("congress:term", args=[row.term_id]))
