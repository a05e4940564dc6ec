"""
Bases of views: find a thing through a query, ask a rule, call one operation.

A view opens no transaction and decides nothing; what it may do is a Verdict.
"""

import contextlib
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import ListView, View
from django.views.generic.base import ContextMixin
from django.views.generic.edit import FormView

from portal.kernel.paging import keyset_page
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused, require


class VerdictRequiredMixin(ContextMixin, View):
    """
    Find the object, then ask ``may(user, object)`` before anything is shown or done.

    ``get_object`` raises Http404 for what the reader may not know of; a no of
    the rule is a 403 that shows its reason. A view without an object asks
    ``may(user)``.
    """

    object: Any = None

    def may(self, *about):
        """Return the rule's verdict; a view names its rule: ``may = staticmethod(may_publish)``."""
        raise NotImplementedError

    def dispatch(self, request, *args, **kwargs):
        if hasattr(self, "get_object"):
            self.object = self.get_object()
            if self.object is None:
                raise Http404
        require(self.get_verdict())
        return super().dispatch(request, *args, **kwargs)

    def get_verdict(self):
        """Return the rule's answer for this reader and object."""
        about = () if self.object is None else (self.object,)
        return self.may(self.request.user, *about)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"object": self.object, **kwargs})


class OperationFormView(FormView):
    """
    A form that calls one operation; ``operate(form)`` calls it and returns the response.

    When the operation refuses, because the world moved on after the page was
    shown, the same page comes back with the reason above the form, everything
    that was typed kept, and the status that says so: 403 refused, 409 moved on.
    A form with faults comes back as 422.
    """

    fault_status = 422
    # Django lets PUT do what POST does; here only what a browser's form sends does anything.
    http_method_names = ("get", "post", "head", "options")

    def operate(self, form):
        """Call the operation with the form's clean values and return the response."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            return self.operate(form)
        except OperationRefused as refusal:
            return self._again(form, refusal.reason, 403)
        except Conflict as conflict:
            return self._again(form, conflict.reason or self.moved_on(), 409)
        except IllegalTransition:
            return self._again(form, self.moved_on(), 409)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=self.fault_status)

    def moved_on(self):
        """Return the sentence for a thing that somebody else has moved on meanwhile."""
        return _("Somebody has dealt with this meanwhile. Please look at the current state before you go on.")

    def _again(self, form, reason, status):
        form.add_error(None, str(reason))
        return self.render_to_response(self.get_context_data(form=form), status=status)


class ActView(OperationFormView):
    """
    One act on one thing: find it or say 404, ask the rule, show a form, call one operation.

    A GET asks the rule: no is a 403 with the reason. A POST lets the operation
    ask it under its lock, so that a refusal comes back with what was typed:
    403, or 409 when the thing has moved on since the form was shown.

    ``name`` is what templates and operations call the thing (``<name>_id``),
    ``home`` the route of its working page; ``may`` is the rule of a simple act.
    """

    name = "thing"
    home = ""
    may: Any = None
    title: Any = ""
    lead: Any = ""
    button: Any = gettext_lazy("Save")
    busy: Any = gettext_lazy("Saving…")
    tone = "primary"
    icon = "check"
    said: Any = gettext_lazy("Saved.")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.at = timezone.now()
        self.thing = self.find()

    def dispatch(self, request, *args, **kwargs):
        if request.method in ("GET", "HEAD"):
            require(self.verdict())
        return super().dispatch(request, *args, **kwargs)

    def find(self):
        """Return what the act is about; out of this reader's sight is a 404."""
        raise NotImplementedError

    def verdict(self):
        """Return the rule's answer for this reader, now."""
        return type(self).may(self.request.user, self.thing)

    def seen(self):
        """Return what the form remembers of the state it was shown in; nothing where a refusal says enough."""
        return ""

    def words_read(self):
        """Return the fingerprint of what a second person reads before a yes; the operation compares it, locked."""
        return ""

    def form_valid(self, form):
        before = self.seen()
        try:
            return self.operate(form)
        except OperationRefused as refusal:
            self._look_again()
            has_moved = self.request.POST.get("seen", before) != self.seen()
            return self._again(form, refusal.reason, 409 if has_moved else 403)
        except Conflict as conflict:
            return self._again(form, conflict.reason or self.moved_on(), 409)
        except IllegalTransition:
            self._look_again()
            return self._again(form, self.moved_on(), 409)

    def form_invalid(self, form):
        verdict = self.verdict()
        return super().form_invalid(form) if verdict else self._again(form, verdict.reason, 403)

    def _look_again(self):
        # Out of this reader's sight meanwhile, or closed to them: the page that was open stays as it was.
        with contextlib.suppress(Http404, OperationRefused):
            self.thing = self.find()

    def act(self, operation, **values):
        """Call an operation on the thing as this reader, now."""
        about = {f"{self.name}_id": self.thing.pk}
        return operation(**about, actor=self.request.user, at=timezone.now(), **values)

    def back_url(self):
        """Return the page to go back to."""
        return reverse(self.home, args=[self.thing.pk])

    def done(self):
        """Say what was done and go back."""
        messages.success(self.request, self.said)
        return redirect(self.back_url())

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{self.name: self.thing, "seen": self.seen(), "words_read": self.words_read(), "act": self, **kwargs}
        )


class KeysetListView(ListView):
    """
    A list by key: ``order`` names the unique order, ``page_size`` the rows.

    The template gets ``page`` (a KeysetPage); draw the way on with {% pager page %}.
    """

    order = ("-pk",)
    page_size = 25
    place_name = "after"

    def get_order(self):
        return self.order

    def get_context_data(self, **kwargs):
        page = keyset_page(
            self.object_list,
            order=self.get_order(),
            token=self.request.GET.get(self.place_name, ""),
            size=self.page_size,
        )
        name = self.get_context_object_name(self.object_list) or "rows"
        return super(ListView, self).get_context_data(
            object_list=page.items, **{"page": page, name: page.items, **kwargs}
        )
