"""Templates for replies: frames with blanks that must be filled."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.queries import units_within
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView, VerdictRequiredMixin

from ..forms.reply import TemplateForm
from ..operations import add_template, edit_template, set_template_use
from ..queries import UNION, templates_kept_by
from ..rules.templates import may_keep_template, may_keep_templates


def _may_all(user):
    return bool(may_keep_template(user, None))


class TemplateListView(VerdictRequiredMixin, TemplateView):
    """The templates the person may see, those in use first."""

    template_name = "feedback/desk_templates.html"
    may = staticmethod(may_keep_templates)

    def get_context_data(self, **kwargs):
        user = self.request.user
        rows = [(template, bool(may_keep_template(user, template.unit))) for template in templates_kept_by(user)]
        return super().get_context_data(
            **{
                "in_use": [row for row in rows if row[0].is_active],
                "retired": [row for row in rows if not row[0].is_active],
                **kwargs,
            }
        )


class _TemplateFormView(VerdictRequiredMixin, OperationFormView):
    template_name = "feedback/desk_template_form.html"
    form_class = TemplateForm
    may = staticmethod(may_keep_templates)

    def get_verdict(self):
        return may_keep_templates(self.request.user)

    def get_form_kwargs(self):
        own = authority_of(self.request.user).units(*UNION, Role.DEPARTMENT_HEAD)
        units = units_within(own).active().select_related("parent").order_by("path")
        return {**super().get_form_kwargs(), "units": units, "may_all": _may_all(self.request.user)}

    def content(self, form):
        return {name: form.cleaned_data[name] for name in ("title", "kind", "unit", "text")}


class TemplateAddView(_TemplateFormView):
    """A new template."""

    title = _("New reply template")

    def operate(self, form):
        add_template(**self.content(form), actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("The template is offered from now on."))
        return redirect("feedback:templates")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"act": self, **kwargs})


class TemplateEditView(_TemplateFormView):
    """Another text for a template; replies written from it stay as they are."""

    title = _("Edit the reply template")

    def get_object(self):
        template = only_one(templates_kept_by(self.request.user).filter(pk=self.kwargs["pk"]))
        if template is None:
            raise Http404
        return template

    def get_verdict(self):
        return may_keep_template(self.request.user, self.object.unit)

    def get_initial(self):
        return {
            "title": self.object.title,
            "kind": self.object.kind,
            "unit": self.object.unit,
            "text": self.object.text,
        }

    def operate(self, form):
        edit_template(template_id=self.object.pk, **self.content(form), actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("The template has been changed."))
        return redirect("feedback:templates")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"act": self, **kwargs})


class TemplateUseView(View):
    """Take a template out of use, or back."""

    http_method_names = ["post"]

    def post(self, request, pk):
        require(may_keep_templates(request.user))
        template = only_one(templates_kept_by(request.user).filter(pk=pk))
        if template is None:
            raise Http404
        is_active = request.POST.get("use") == "yes"
        set_template_use(template_id=template.pk, is_active=is_active, actor=request.user, at=timezone.now())
        messages.success(
            request, _("The template is offered again.") if is_active else _("The template is no longer offered.")
        )
        return redirect("feedback:templates")
