"""The base of every act on an inquiry: show a form where the rule allows, call one operation, say what was done."""

import contextlib

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.deadlines.clock import clock_of
from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused, require
from portal.kernel.views import OperationFormView

from .reading import author_of, find_inquiry, text_for


def seen_of(inquiry):
    """Return what an act's form remembers of the state it was shown in."""
    return f"{inquiry.state}.{inquiry.round}.{inquiry.lead_unit_id or 0}"


class ActView(OperationFormView):
    """
    One act on one inquiry.

    A GET asks the rule: no is a 403 with the reason. A POST lets the operation
    ask it under its lock, so that a refusal comes back with what was typed:
    403, or 409 when the matter has moved on since the form was shown. Pressing
    twice what has been done already ends where pressing once does.
    """

    template_name = "feedback/desk_act.html"
    title = ""
    lead = ""
    button = _("Save")
    busy = _("Saving…")
    tone = "primary"
    icon = "check"
    said = _("Saved.")
    no_store = False

    def dispatch(self, request, *args, **kwargs):
        self.at = timezone.now()
        self.inquiry = find_inquiry(request.user, kwargs["number"])
        if request.method in ("GET", "HEAD"):
            require(self.verdict(self.inquiry))
        response = super().dispatch(request, *args, **kwargs)
        if self.no_store:
            response.headers["Cache-Control"] = "no-store"
        return response

    def verdict(self, inquiry):
        """Return the rule's answer for this reader."""
        return type(self).may(self.request.user, inquiry)

    def is_done(self, inquiry, form):
        """Whether the matter stands already where this act would bring it."""
        return False

    def form_valid(self, form):
        try:
            return self.operate(form)
        except OperationRefused as refusal:
            before = seen_of(self.inquiry)
            self._look_again()
            if self.is_done(self.inquiry, form):
                return self.done()
            has_moved = before != seen_of(self.inquiry) or self.request.POST.get("seen", before) != seen_of(
                self.inquiry
            )
            return self._again(form, refusal.reason, 409 if has_moved else 403)
        except Conflict as conflict:
            return self._again(form, conflict.reason or self.moved_on(), 409)
        except IllegalTransition:
            self._look_again()
            return self._again(form, self.moved_on(), 409)

    def form_invalid(self, form):
        verdict = self.verdict(self.inquiry)
        if not verdict:
            return self._again(form, verdict.reason, 403)
        return super().form_invalid(form)

    def _look_again(self):
        # Out of this reader's sight meanwhile: the page that was open stays as it was.
        with contextlib.suppress(Http404):
            self.inquiry = find_inquiry(self.request.user, self.kwargs["number"])

    def done(self):
        """Say what was done and go back to the working page."""
        messages.success(self.request, self.said)
        return redirect("feedback:work", self.inquiry.number)

    def get_context_data(self, **kwargs):
        inquiry = self.inquiry
        return super().get_context_data(
            **{
                "inquiry": inquiry,
                "text": text_for(self.request.user, inquiry),
                "author": author_of(inquiry),
                "clock": clock_of(inquiry.promise, self.at),
                "seen": seen_of(inquiry),
                "act": self,
                **kwargs,
            }
        )
