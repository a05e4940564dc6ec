"""Schemes of assessment: the list, a version with its items, and the acts on them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.accounts.rules import UNION_DESK
from portal.kernel.forms import PortalForm
from portal.kernel.indicators import UnknownIndicator, all_indicators, indicator_of
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import ActView, OperationFormView

from ..forms.schemes import EnforceForm, ItemForm, SchemeForm
from ..models import AssessmentScheme, SchemeItem
from ..operations import assessment_schemes as does
from ..queries.assessments import items_of_version, schemes_of, version_of
from ..rules import schemes as rules
from ..rules.assessments import may_use_assessments_desk
from ..rules.schemes import plain


def find_version(user, pk):
    """Return a version that the reader may know of: one in force, or a draft of the own union; 404 otherwise."""
    version = version_of(pk)
    if version is None or (version.is_draft and not rules.may_write_schemes(user, version.scheme.unit)):
        raise Http404
    return version


class SchemesView(TemplateView):
    """Schemes of the reader's unions with all their versions."""

    template_name = "evaluations/schemes/list.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        require(may_use_assessments_desk(user))
        schemes = [
            {
                "scheme": scheme,
                "versions": [{"version": one, "sum": plain(one.point_sum)} for one in scheme.versions.all()],
                "may_begin": bool(rules.may_begin_version(user, scheme, scheme.versions.all()[0])),
            }
            for scheme in schemes_of(user)
        ]
        return super().get_context_data(schemes=schemes, may_write=bool(rules.may_write_schemes(user)), **kwargs)


class SchemeNewView(OperationFormView):
    """Begin a scheme."""

    form_class = SchemeForm
    template_name = "evaluations/schemes/new.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_write_schemes(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        units = {unit.pk: unit for unit in authority_of(self.request.user).units(*UNION_DESK)}
        return {**super().get_form_kwargs(), "units": sorted(units.values(), key=lambda unit: unit.path)}

    def operate(self, form):
        values = form.cleaned_data
        version = does.start_scheme(
            unit=values["unit"],
            title=values["title"],
            from_sheet=values["begin"] == "sheet",
            key=values["idempotency_key"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("The draft is there. Look the items over, then put it into force."))
        return redirect("evaluations:scheme_version", version.pk)


class SchemeBeginView(View):
    """Begin a new version of a scheme."""

    http_method_names = ("post", "options")

    def post(self, request, pk):
        scheme = only_one(AssessmentScheme.objects.select_related("unit").filter(pk=pk))
        if scheme is None or not rules.may_write_schemes(request.user, scheme.unit):
            raise Http404
        version = does.begin_version(scheme_id=pk, actor=request.user, at=timezone.now())
        messages.success(request, _("A new version is begun with the items of the last one."))
        return redirect("evaluations:scheme_version", version.pk)


class VersionView(TemplateView):
    """One version of a scheme: its items, what they make together, what is still missing."""

    template_name = "evaluations/schemes/version.html"

    def get_context_data(self, **kwargs):
        version = find_version(self.request.user, self.kwargs["pk"])
        items = items_of_version(version)
        points = [item.points for item in items]
        fault = rules.fault_of_points(points)
        may_change = bool(rules.may_change_version(self.request.user, version))
        return super().get_context_data(
            version=version,
            items=[{"item": item, "points": plain(item.points), "evidence": _evidence(item)} for item in items],
            sum=plain(sum(points)) if points else "0",
            fault=fault if may_change else "",
            may_change=may_change,
            may_enforce=may_change and not fault,
            **kwargs,
        )


def _evidence(item):
    found = []
    for one in item.evidence.all():
        try:
            label = indicator_of(one.indicator).label
        except UnknownIndicator:
            label = one.indicator
        found.append({"label": label, "weight": one.weight})
    return found


class _VersionActView(ActView):
    """One act on a version of a scheme."""

    name = "version"
    form_class = PortalForm
    template_name = "evaluations/assessments/act.html"
    needs_multipart = False

    def find(self):
        return find_version(self.request.user, self.kwargs["pk"])

    def verdict(self):
        return rules.may_change_version(self.request.user, self.thing)

    def back_url(self):
        return reverse("evaluations:scheme_version", args=[self.thing.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back": self.back_url(), "eyebrow": str(self.thing), **kwargs})


class ItemAddView(_VersionActView):
    """Add an item to a draft of a scheme."""

    form_class = ItemForm
    template_name = "evaluations/schemes/item.html"
    title = _("Add an item to the scheme")
    lead = _("Give the figures that speak for it a weight; they propose points, a person gives them.")
    button = _("Save the item")
    icon = "save"
    said = _("The item is saved.")
    item = None

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "indicators": all_indicators()}

    def operate(self, form):
        values = form.cleaned_data
        does.write_item(
            version_id=self.thing.pk,
            item_id=None if self.item is None else self.item.pk,
            title=values["title"],
            points=values["points"],
            criteria=values["criteria"],
            source=values["source"],
            weights=form.weights(),
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()


class ItemEditView(ItemAddView):
    """Change an item of a draft of a scheme."""

    title = _("Change this item of the scheme")

    def find(self):
        self.item = only_one(SchemeItem.objects.prefetch_related("evidence").filter(pk=self.kwargs["pk"]))
        if self.item is None:
            raise Http404
        return find_version(self.request.user, self.item.version_id)

    def get_initial(self):
        item = self.item
        weights = {ItemForm.name_of(one.indicator): one.weight for one in item.evidence.all()}
        return {"title": item.title, "points": item.points, "criteria": item.criteria, "source": item.source, **weights}


class ItemDropView(View):
    """Take an item out of a draft of a scheme."""

    http_method_names = ("post", "options")

    def post(self, request, pk):
        item = only_one(SchemeItem.objects.filter(pk=pk))
        if item is None:
            return redirect("evaluations:schemes")  # pressed twice
        version = find_version(request.user, item.version_id)
        does.drop_item(item_id=pk, actor=request.user, at=timezone.now())
        messages.success(request, _now("“%(item)s” is taken out.") % {"item": item.title})
        return redirect("evaluations:scheme_version", version.pk)


class EnforceView(_VersionActView):
    """Put a version of a scheme into force."""

    form_class = EnforceForm
    title = _("Put the version into force")
    lead = _("From now on it never changes, and assessments may be planned by it.")
    button = _("Put it into force")
    icon, tone = "stamp", "seal"
    said = _("The version is in force.")

    def verdict(self):
        points = [item.points for item in items_of_version(self.thing)]
        return rules.may_enforce(self.request.user, self.thing, points)

    def operate(self, form):
        self.act(does.enforce_version, note=form.cleaned_data["note"])
        return self.done()
