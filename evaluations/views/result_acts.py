"""Acts around a result: publishing, deciding on remarks, the own rating, the statement, the use."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.kernel.days import local_day
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import ActView

from ..enums import RemarkDecision
from ..forms.results import DecideRemarkForm, PublishForm, RateOneselfForm, StatementForm, UseForm
from ..models import Remark
from ..operations.afterwards import make_statement, rate_oneself, record_use
from ..operations.remarks import decide_remark
from ..operations.results import publish_rounds
from ..queries.results import own_subject, publishing_facts, remarks_to_review, round_counted
from ..queries.rounds import items_of
from ..reading import Reading
from ..rules import results as rules
from ..rules.rounds import sides_of
from .results import find_result


def find_counted(user, pk):
    """Return a round at this person's desk; everything else is a 404."""
    if (found := round_counted(user, pk)) is None:
        raise Http404
    return found


class ResultActView(ActView):
    """One act around a result, drawn like all others."""

    template_name = "evaluations/result_act.html"
    needs_multipart = False

    def eyebrow(self):
        """Return the words above the heading."""
        return ""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**{"back": self.back_url(), "eyebrow": self.eyebrow(), **kwargs})


class PublishView(ResultActView):
    """Publish a round, both sides of a two-way one, once."""

    name = "round"
    form_class = PublishForm
    template_name = "evaluations/publish.html"
    title = _("Publish the results")
    lead = _("Figures are computed, checked and stored. What may not be shown to anybody is not stored.")
    button = _("Publish once and for all")
    busy = _("Publishing…")
    icon = "stamp"
    tone = "seal"
    said = _("Published.")

    def find(self):
        return find_counted(self.request.user, self.kwargs["pk"])

    def verdict(self):
        sides = sides_of(self.thing)
        return rules.may_publish(self.request.user, sides, publishing_facts(sides, self.at), self.at)

    def eyebrow(self):
        return self.thing.title

    def back_url(self):
        return reverse("evaluations:round_desk", args=[self.thing.pk])

    def operate(self, form):
        self.act(publish_rounds)
        messages.success(self.request, self.said)
        return redirect("evaluations:results", self.thing.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(sides=sides_of(self.thing), **kwargs)


class RemarksView(TemplateView):
    """The remarks of a counted round, to be decided on before it is published."""

    template_name = "evaluations/remarks.html"

    def get_context_data(self, **kwargs):
        round_ = find_counted(self.request.user, self.kwargs["pk"])
        require(rules.may_review(self.request.user, round_))
        rows = list(remarks_to_review(round_))
        waiting = sum(getattr(row, "review", None) is None for row in rows)
        return super().get_context_data(round=round_, remarks=rows, waiting=waiting, **kwargs)


class RemarkDecideView(ResultActView):
    """Decide on one remark."""

    name = "remark"
    form_class = DecideRemarkForm
    template_name = "evaluations/remark_decide.html"
    title = _("Decide on a remark")
    lead = _("Withhold what would point at its writer or insults. What is merely unwelcome is passed on.")
    said = _("Decided. Until the publication it can be decided anew.")

    def find(self):
        rows = Remark.objects.select_related("subject", "review")
        if (remark := only_one(rows.filter(pk=self.kwargs["pk"]))) is None:
            raise Http404
        self.round = find_counted(self.request.user, remark.subject.round_id)
        return remark

    def verdict(self):
        return rules.may_review(self.request.user, self.round)

    def eyebrow(self):
        return f"{self.round.title} · {self.thing.subject.name}"

    def back_url(self):
        return reverse("evaluations:remarks", args=[self.round.pk])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "original": self.thing.text}

    def get_initial(self):
        review = getattr(self.thing, "review", None)
        decision = review.decision if review else RemarkDecision.KEEP
        text = review.text if review and review.text else self.thing.text
        return {"decision": decision, "text": text, "reason": review.reason if review else ""}

    def operate(self, form):
        self.act(decide_remark, **form.cleaned_data)
        return self.done()


class RateOneselfView(ResultActView):
    """The own rating of a leader, before the window closes."""

    name = "subject"
    form_class = RateOneselfForm
    title = _("Rate yourself")
    lead = _("It stands beside your result for you, the union and the auditor, and is never counted.")
    said = _("Kept. Until the appraisal closes you can change it.")

    def find(self):
        if (found := own_subject(self.request.user, self.kwargs["pk"])) is None:
            raise Http404
        return found

    def verdict(self):
        return rules.may_rate_oneself(self.request.user, self.thing, self.at)

    def eyebrow(self):
        return self.thing.round.title

    def back_url(self):
        return reverse("evaluations:results_index")

    def get_form_kwargs(self):
        items = list(items_of(self.thing.round))
        return {**super().get_form_kwargs(), "items": items, "edition": self.thing.round.edition}

    def get_initial(self):
        given = getattr(self.thing, "self_rating", None)
        return RateOneselfForm.initial_of(given.answers) if given else {}

    def operate(self, form):
        self.act(rate_oneself, answers=form.answers)
        return self.done()


class _OfResultView(ResultActView):
    name = "subject"
    home = "evaluations:result"

    def find(self):
        return find_result(self.request.user, self.kwargs["pk"])

    def eyebrow(self):
        return f"{self.thing.round.title} · {self.thing.name}"


class StatementView(_OfResultView):
    """What the person rated says to the result, once."""

    form_class = StatementForm
    title = _("Make a statement")
    button = _("Put it beside the result")
    said = _("Your statement stands beside the result.")

    def verdict(self):
        has_one = getattr(self.thing, "statement", None) is not None
        return rules.may_state(self.thing, self.at, has_statement=has_one, is_own=self.thing.is_own)

    def operate(self, form):
        self.act(make_statement, **form.cleaned_data)
        return self.done()


class UseNewView(_OfResultView):
    """Record what a result was used for."""

    form_class = UseForm
    title = _("Record the use of a result")
    lead = _("People decide, with reasons. A threshold only asks for a decision.")
    said = _("Recorded.")

    def verdict(self):
        return rules.may_record_use(self.request.user, self.thing)

    def get_form_kwargs(self):
        prompts = Reading(self.thing.outcome, self.thing.round.publication).prompts
        return {**super().get_form_kwargs(), "prompts": prompts, "today": local_day(self.at)}

    def operate(self, form):
        self.act(record_use, **form.cleaned_data)
        return self.done()
