"""The base of every act on a publication: show a form where the rule allows, call one operation, say what was done."""

import contextlib

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kernel.refusals import Conflict
from portal.kernel.transitions import IllegalTransition
from portal.kernel.verdicts import OperationRefused, require
from portal.kernel.views import OperationFormView

from ..queries import desk_publications, with_working_relations
from ..rules import may_see_desk_page
from ..standing import publication_standing


def find_desk(user, pk):
    """Return the publication whose working page exists for this person; everything else is a 404."""
    publication = with_working_relations(desk_publications(user)).filter(pk=pk).first()
    if publication is None or not may_see_desk_page(user, publication):
        raise Http404
    return publication


def seen_of(publication):
    """Return what an act's form remembers of the state it was shown in."""
    return f"{publication.state}.{publication.round}"


class ActView(OperationFormView):
    """
    One act on one publication.

    A GET asks the rule: no is a 403 with the reason. A POST lets the operation
    ask it under its lock, so that a refusal comes back with what was typed:
    403, or 409 when the text has moved on since the form was shown.
    """

    template_name = "disclosures/act.html"
    title = ""
    lead = ""
    button = _("Save")
    busy = _("Saving…")
    tone = "primary"
    icon = "check"
    said = _("Saved.")

    def dispatch(self, request, *args, **kwargs):
        self.at = timezone.now()
        self.publication = self.find()
        if request.method in ("GET", "HEAD"):
            require(self.verdict(self.publication))
        return super().dispatch(request, *args, **kwargs)

    def find(self):
        """Return the publication the act is about; out of this reader's sight is a 404."""
        return find_desk(self.request.user, self.kwargs["pk"])

    def verdict(self, publication):
        """Return the rule's answer for this reader."""
        return type(self).may(self.request.user, publication)

    def form_valid(self, form):
        try:
            return self.operate(form)
        except OperationRefused as refusal:
            before = seen_of(self.publication)
            self._look_again()
            has_moved = self.request.POST.get("seen", before) != seen_of(self.publication)
            return self._again(form, refusal.reason, 409 if has_moved else 403)
        except Conflict as conflict:
            return self._again(form, conflict.reason or self.moved_on(), 409)
        except IllegalTransition:
            self._look_again()
            return self._again(form, self.moved_on(), 409)

    def form_invalid(self, form):
        verdict = self.verdict(self.publication)
        if not verdict:
            return self._again(form, verdict.reason, 403)
        return super().form_invalid(form)

    def _look_again(self):
        # Out of this reader's sight meanwhile: the page that was open stays as it was.
        with contextlib.suppress(Http404):
            self.publication = self.find()

    def act(self, operation, **values):
        """Call an operation on the publication as this reader, now."""
        return operation(publication_id=self.publication.pk, actor=self.request.user, at=timezone.now(), **values)

    def done(self):
        """Say what was done and go back to the working page."""
        messages.success(self.request, self.said)
        return redirect("disclosures:work", self.publication.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{
                "publication": self.publication,
                "standing": publication_standing(self.publication, self.at),
                "seen": seen_of(self.publication),
                "act": self,
                **kwargs,
            }
        )
