"""The base of an act on a round, and the ways to find rounds and their subjects."""

from django.http import Http404
from django.urls import reverse

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.accounts.queries import units_within
from portal.accounts.rules import UNION_DESK
from portal.kernel.forms import PortalForm
from portal.kernel.rows import only_one
from portal.kernel.views import ActView

from ..enums import RoundState
from ..models import Edition, Subject
from ..queries.rounds import questionnaires_for, round_at_desk

TONES = {
    RoundState.DRAFT: "grey",
    RoundState.ANNOUNCED: "blue",
    RoundState.OPEN: "green",
    RoundState.CLOSED: "yellow",
    RoundState.COUNTED: "ink",
    RoundState.PUBLISHED: "ink",
    RoundState.CANCELLED: "grey",
}


def units_of(user):
    """Return the units for which somebody plans appraisals."""
    return Unit.objects.filter(pk__in=units_within(authority_of(user).units(*UNION_DESK))).active().order_by("path")


def editions_for(user):
    """Return the newest editions first of the sheets that somebody may use."""
    sheets = questionnaires_for(user).order_by()
    rows = Edition.objects.filter(questionnaire__in=sheets.values("pk")).select_related("questionnaire")
    return rows.order_by("questionnaire__name", "-number")


class AppraisalActView(ActView):
    """One act on ``self.thing``, drawn like all others."""

    form_class = PortalForm
    template_name = "evaluations/act.html"
    needs_multipart = False

    def eyebrow(self):
        """Return the words above the heading."""
        return ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back": self.back_url(), "eyebrow": self.eyebrow(), **kwargs})


class RoundActView(AppraisalActView):
    """An act on a round, by the union that looks after it."""

    name = "round"
    home = "evaluations:round_desk"

    def find(self):
        round_ = round_at_desk(self.request.user, self.kwargs["pk"])
        if round_ is None:
            raise Http404
        return round_

    def eyebrow(self):
        return self.thing.title

    def seen(self):
        return self.thing.state


class SubjectActView(AppraisalActView):
    """An act on somebody who is rated in a round; the rule is asked of the round."""

    name = "subject"

    def find(self):
        subject = only_one(Subject.objects.filter(pk=self.kwargs["pk"]))
        self.round = None if subject is None else round_at_desk(self.request.user, subject.round_id)
        if self.round is None:
            raise Http404
        return subject

    def verdict(self):
        return type(self).may(self.request.user, self.round)

    def back_url(self):
        return reverse("evaluations:round_desk", args=[self.thing.round_id])

    def eyebrow(self):
        return f"{self.round.title} · {self.thing.name}"
