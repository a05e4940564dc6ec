"""Questions handed in before a briefing: with a name that only the desk sees, or without one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from feedback.enums import Topic
from portal.accounts.middleware import public_view
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView

from ..forms.briefings import AskBeforehandForm, AskBeforehandUnnamedForm
from ..models import Briefing
from ..operations import briefings as does
from ..queries.briefings import with_briefing_relations
from ..rules import may_read_public
from ..rules.briefings import may_ask_beforehand
from .asking import _AskView, _NamelessMixin
from .briefings import find_briefing


class AskBeforehandView(OperationFormView):
    """Hand in a question as somebody; it appears on the desk of those who prepare the briefing."""

    form_class = AskBeforehandForm
    template_name = "disclosures/briefings/ask.html"

    def dispatch(self, request, *args, **kwargs):
        self.briefing = find_briefing(request, kwargs["pk"])
        if request.method in ("GET", "HEAD"):
            require(may_ask_beforehand(request.user, self.briefing, timezone.now()))
        return super().dispatch(request, *args, **kwargs)

    def operate(self, form):
        does.ask_beforehand(
            briefing_id=self.briefing.pk,
            text=form.cleaned_data["text"],
            key=form.cleaned_data["idempotency_key"],
            asker=self.request.user,
            at=timezone.now(),
        )
        messages.success(
            self.request,
            _("Your question has been handed in. It is answered at the briefing, or under its own number."),
        )
        return redirect("disclosures:briefing", self.briefing.pk)

    def form_invalid(self, form):
        verdict = may_ask_beforehand(self.request.user, self.briefing, timezone.now())
        return super().form_invalid(form) if verdict else self._again(form, verdict.reason, 403)

    def get_context_data(self, **kwargs):
        return super().get_context_data(briefing=self.briefing, **kwargs)


@method_decorator([public_view, never_cache], name="dispatch")
class AskBeforehandUnnamedView(_NamelessMixin, _AskView):
    """A question from nobody: it is an inquiry at once, and its receipt is shown once."""

    form_class = AskBeforehandUnnamedForm
    template_name = "disclosures/ask.html"

    def dispatch(self, request, *args, **kwargs):
        rows = with_briefing_relations(Briefing.objects.all())
        self.briefing = only_one(rows.filter(pk=kwargs["pk"]))
        if self.briefing is None or not may_read_public(None, self.briefing):
            raise Http404
        if request.method in ("GET", "HEAD"):
            require(may_ask_beforehand(None, self.briefing, timezone.now()))
        return super().dispatch(request, *args, **kwargs)

    @property
    def title(self):
        return _("Ask a question beforehand")

    @property
    def lead(self):
        return _("“%(title)s”. It is put at the briefing, and answered in writing within thirty days.") % {
            "title": self.briefing.title
        }

    @property
    def back_url(self):
        return reverse("disclosures:briefing", args=[self.briefing.pk])

    @property
    def other_url(self):
        return reverse("disclosures:briefing_ask", args=[self.briefing.pk])

    def topic(self, form):
        return Topic.OTHER

    def unit(self, form):
        return self.briefing.unit

    def ask(self, form, draft, author, at):
        return does.ask_beforehand_unnamed(briefing_id=self.briefing.pk, draft=draft, at=at)
