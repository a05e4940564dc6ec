"""Keeping the catalogue: changing and adding items, giving them to units."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.models import Unit
from portal.accounts.queries import units_within
from portal.kernel.rows import only_one
from portal.kernel.verdicts import OperationRefused, require
from portal.kernel.views import OperationFormView

from .. import operations as does
from .. import rules
from ..forms import AddItemForm, AssignItemForm, EditItemForm
from ..models import Assignment, CatalogueItem
from ..operations.catalogue import EDITABLE

UNION = (Role.UNION_OFFICER, Role.UNION_CHAIR)


class _KeepView(OperationFormView):
    """An act on the catalogue: asks the rule first."""

    item = None

    def dispatch(self, request, *args, **kwargs):
        if "code" in kwargs:
            self.item = only_one(CatalogueItem.objects.filter(code=kwargs["code"]))
            if self.item is None:
                raise Http404
        require(self.verdict())
        return super().dispatch(request, *args, **kwargs)

    def verdict(self):
        return rules.may_edit_catalogue(self.request.user)

    def get_context_data(self, **kwargs):
        return super().get_context_data(item=self.item, **kwargs)


class AddItemView(_KeepView):
    """Add an item to the catalogue."""

    form_class = AddItemForm
    template_name = "disclosures/item_form.html"

    def get_initial(self):
        return {"is_active": True, "channels": ["portal"], "timing": "after"}

    def operate(self, form):
        code = form.cleaned_data["code"]
        does.add_item(code=code, section=code[0], values=form.values(), actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("The item is in the catalogue. Now say which units owe it."))
        return redirect("disclosures:item", code)


class EditItemView(_KeepView):
    """Change an item; its old state stays as a version."""

    form_class = EditItemForm
    template_name = "disclosures/item_form.html"

    def get_initial(self):
        return {name: getattr(self.item, name) for name in EDITABLE} | {"version": self.item.version}

    def operate(self, form):
        does.edit_item(
            item_id=self.item.pk,
            seen_version=form.cleaned_data["version"] or self.item.version,
            values=form.values(),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("The item has been changed; what it said before stays readable."))
        return redirect("disclosures:item", self.item.code)


class AssignView(_KeepView):
    """Let a unit owe an item."""

    form_class = AssignItemForm
    template_name = "disclosures/item_assign.html"

    def verdict(self):
        if authority_of(self.request.user).holds(*UNION):
            return rules.may_assign_item(self.request.user, authority_of(self.request.user).units(*UNION)[0])
        return rules.may_edit_catalogue(self.request.user)

    def get_form_kwargs(self):
        units = units_within(authority_of(self.request.user).units(*UNION)).active().select_related("parent")
        return {
            **super().get_form_kwargs(),
            "units": units.order_by("path"),
            "departments": Unit.objects.active().select_related("parent").order_by("path"),
        }

    def operate(self, form):
        values = form.cleaned_data
        does.assign_item(
            item_id=self.item.pk,
            unit=values["unit"],
            department=values["department"],
            since=values["since"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("%(unit)s owes this item from now on.") % {"unit": values["unit"].name})
        return redirect("disclosures:item", self.item.code)


class EndAssignmentView(View):
    """Let a unit owe an item no longer."""

    http_method_names = ("post", "options")

    def post(self, request, pk):
        assignment = only_one(Assignment.objects.select_related("item", "unit").filter(pk=pk))
        if assignment is None:
            raise Http404
        require(rules.may_assign_item(request.user, assignment.unit))
        try:
            does.end_assignment(assignment_id=pk, actor=request.user, at=timezone.now())
        except OperationRefused as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _("The unit owes this item no longer; what is open stays open."))
        return redirect("disclosures:item", assignment.item.code)
