"""The tree of units: looking at it, opening, renaming, moving and closing units."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.kernel.rows import only_one

from ..forms import CreateUnitForm, MoveUnitForm, RenameUnitForm
from ..models import Unit
from ..operations.units import close_unit, create_unit, move_unit, rename_unit
from ..queries import unit_tree, units_readable_by
from ..rules import may_close_unit, may_manage_roster, may_move_unit, may_see_roster
from .acts import ActView, RequireMixin


class UnitListView(RequireMixin, TemplateView):
    """All units the reader may look at, as a tree with the number of people."""

    template_name = "accounts/unit_list.html"

    def get_verdict(self):
        return may_see_roster(self.request.user)

    def get_context_data(self, **kwargs):
        with_closed = self.request.GET.get("closed") == "1"
        units = list(unit_tree(units_readable_by(self.request.user), with_closed=with_closed))
        return super().get_context_data(
            units=units,
            with_closed=with_closed,
            can_manage=bool(may_manage_roster(self.request.user)),
            people_total=sum(unit.people_count for unit in units),
            **kwargs,
        )


class UnitCreateView(ActView):
    """Open a unit."""

    form_class = CreateUnitForm
    title = gettext_lazy("Open a unit")
    label = gettext_lazy("Open the unit")

    def get_verdict(self):
        return may_manage_roster(self.request.user)

    def get_back_url(self):
        return reverse("accounts:units")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": units_readable_by(self.request.user).active()}

    def get_initial(self):
        parent = only_one(Unit.objects.filter(code=self.request.GET.get("parent", "").replace("\x00", "")[:20]))
        return {"parent": parent.pk if parent else None}

    def operate(self, form):
        values = {name: form.cleaned_data[name] for name in ("code", "name", "short_name", "kind")}
        unit = create_unit(
            parent_id=form.cleaned_data["parent"].pk, actor=self.request.user, at=timezone.now(), **values
        )
        messages.success(self.request, _("%(unit)s is open.") % {"unit": unit.name})
        return self.done()


class _UnitActView(ActView):
    """An act on one unit, found by its code among those the reader may look at."""

    def get_object(self):
        unit = (
            units_readable_by(self.request.user)
            .select_related("parent")
            .filter(code=self.kwargs["code"].replace("\x00", ""))
            .first()
        )
        if unit is None:
            raise Http404
        return unit

    def get_back_url(self):
        return reverse("accounts:units")

    def get_details(self):
        return [
            (_("Unit"), self.object.name),
            (_("Code"), self.object.code),
            (_("Level"), self.object.get_kind_display()),
        ]


class UnitRenameView(_UnitActView):
    """Give a unit another name."""

    form_class = RenameUnitForm
    title = gettext_lazy("Rename a unit")
    label = gettext_lazy("Save")

    def get_verdict(self):
        return may_manage_roster(self.request.user, self.object)

    def get_initial(self):
        return {"name": self.object.name, "short_name": self.object.short_name, "kind": self.object.kind}

    def operate(self, form):
        rename_unit(unit_id=self.object.pk, actor=self.request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return self.done()


class UnitMoveView(_UnitActView):
    """Put a unit with everything below it elsewhere."""

    form_class = MoveUnitForm
    title = gettext_lazy("Move a unit")
    lead = gettext_lazy(
        "Everything below it moves along. Whoever is appointed above the new place becomes responsible for it."
    )
    label = gettext_lazy("Move the unit")

    def get_verdict(self):
        # The new place is asked about by the operation.
        return may_manage_roster(self.request.user, self.object)

    def get_form_kwargs(self):
        outside = (
            units_readable_by(self.request.user).active().exclude(pk__in=Unit.objects.under(self.object).values("pk"))
        )
        return super().get_form_kwargs() | {"units": outside}

    def operate(self, form):
        parent = form.cleaned_data["parent"]
        if not (verdict := may_move_unit(self.request.user, self.object, parent)):
            form.add_error("parent", verdict.reason)
            return self.form_invalid(form)
        move_unit(unit_id=self.object.pk, parent_id=parent.pk, actor=self.request.user, at=timezone.now())
        messages.success(
            self.request, _("%(unit)s now belongs to %(parent)s.") % {"unit": self.object.name, "parent": parent.name}
        )
        return self.done()


class UnitCloseView(_UnitActView):
    """Close a unit in which nobody works any more."""

    title = gettext_lazy("Close a unit")
    lead = gettext_lazy("Old cards and appointments keep referring to it. Nobody can be put there any more.")
    label = gettext_lazy("Close the unit")
    tone = "danger"
    icon = "archive"

    def get_verdict(self):
        return may_close_unit(self.request.user, self.object)

    def operate(self, form):
        close_unit(unit_id=self.object.pk, actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("%(unit)s is closed.") % {"unit": self.object.name})
        return self.done()
