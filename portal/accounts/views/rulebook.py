"""The rules and their sources: every number, where it comes from, and what this enterprise has set."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.generic import TemplateView

from portal.kernel import rulebook

from ..forms import RuleValueForm
from ..models import Unit
from ..operations.numbers import set_rule_value
from ..queries import rule_value, rules_in_force
from ..rules import may_set_rule
from .acts import PROVEN, ActView


def measure_words():
    """Return the words of the measures that rules are counted in."""
    return {
        "days": _("days"),
        "workdays": _("working days"),
        "percent": "%",
        "people": _("people"),
        "times": _("times"),
        "months": _("months"),
        "years": _("years"),
        "hours": _("hours"),
        "minutes": _("minutes"),
        "points": pgettext("measure", "points"),
        "characters": pgettext("measure", "characters"),
        "parts": _("parts"),
        "switch": _("(1: yes, 0: no)"),
    }


def hardness_words():
    """Return the words for how firmly a rule binds."""
    return {"law": _("law"), "regional": _("regional rule"), "practice": _("practice")}


class RuleListView(TemplateView):
    """All rules; for everybody signed in, because a clock is fair only when its rule is known."""

    template_name = "accounts/rule_list.html"

    def get_context_data(self, **kwargs):
        measures, hardness = measure_words(), hardness_words()
        rows = []
        for row in rules_in_force(timezone.now()):
            rule = row["rule"]
            company = next((one for one in row["own"] if one.unit_id is None), None)
            rows.append(
                {
                    "rule": rule,
                    "measure": measures.get(rule.measure, rule.measure),
                    "hardness": hardness.get(rule.hardness, rule.hardness),
                    "value": company.value if company else rule.default,
                    "company": company,
                    "units": [one for one in row["own"] if one.unit_id is not None],
                }
            )
        return super().get_context_data(rows=rows, can_set=bool(may_set_rule(self.request.user)), **kwargs)


class RuleSetView(ActView):
    """Set a rule's number from now on."""

    stepup_methods = PROVEN
    form_class = RuleValueForm
    title = gettext_lazy("Set a rule's number")
    lead = gettext_lazy("It counts from now on. Promises already made keep the number they were made with.")
    label = gettext_lazy("Set the number")
    icon = "scale"

    def get_object(self):
        rule = rulebook.RULES.get(self.kwargs["key"])
        if rule is None:
            raise Http404
        return rule

    def get_verdict(self):
        return may_set_rule(self.request.user)

    def get_back_url(self):
        return reverse("accounts:rules")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "rule": self.object,
            "units": Unit.objects.active().filter(parent__isnull=False),
        }

    def get_initial(self):
        return {"value": rule_value(self.object.key, unit=None, at=timezone.now())}

    def get_details(self):
        return [
            (_("Rule"), self.object.label),
            (_("Source"), self.object.source),
            (_("Binds as"), hardness_words().get(self.object.hardness, self.object.hardness)),
            (_("Counted in"), measure_words().get(self.object.measure, self.object.measure)),
        ]

    def operate(self, form):
        unit = form.cleaned_data["unit"]
        set_rule_value(
            key=self.object.key,
            value=form.cleaned_data["value"],
            unit_id=unit.pk if unit else None,
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("The number counts from now on."))
        return self.done()
