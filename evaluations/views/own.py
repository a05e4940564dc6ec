"""What raters and those who are rated see: my appraisals, one with its duty reports and promises."""

from django.http import Http404
from django.utils import timezone
from django.views.generic import TemplateView, View

from portal.ballots.models import Elector, Participation
from portal.files.serving import serve
from portal.kernel.rows import only_one
from portal.kernel.views import KeysetListView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..forms.ballot import void_words
from ..models import DutyReport
from ..policy import is_by_code, statement
from ..queries.rounds import (
    facts_of_items,
    has_sent_marks,
    own_subjects,
    round_at_desk,
    rounds_visible_to,
    subjects_with_reports,
)
from ..rules.results import may_rate_oneself
from .base import TONES


class MineView(KeysetListView):
    """The appraisals that somebody has to do with: to fill in first, then by their days."""

    template_name = "evaluations/mine.html"
    context_object_name = "rounds"
    order = ("-opens_at", "-id")

    def get_queryset(self):
        return has_sent_marks(rounds_visible_to(self.request.user), self.request.user)

    def get_context_data(self, **kwargs):
        at = timezone.now()
        context = super().get_context_data(**kwargs)
        context["rows"] = [
            {
                "one": one,
                "tone": TONES[one.state],
                "waits": one.is_on_list and not one.has_sent and not is_by_code(one) and one.is_running(at),
            }
            for one in context["rounds"]
        ]
        return context


class RoundView(TemplateView):
    """One announced appraisal: when, who is rated, duty reports, what is promised, the way to the form."""

    template_name = "evaluations/round.html"

    def get_context_data(self, **kwargs):
        user, at = self.request.user, timezone.now()
        round_ = only_one(rounds_visible_to(user).filter(pk=self.kwargs["pk"]))
        if round_ is None:
            raise Http404
        elector = only_one(Elector.objects.filter(poll=round_.poll_id, person=user))
        has_sent = elector is not None and Participation.objects.filter(pk=elector.pk).exists()
        is_running = round_.is_running(at)
        subjects, own = list(subjects_with_reports(round_)), own_subjects(round_, user)
        mine = [subject for subject in subjects if subject.pk in own]
        return super().get_context_data(
            round=round_,
            tone=TONES[round_.state],
            subjects=subjects,
            own=own,
            mine=mine,
            rates_oneself=next((one for one in mine if may_rate_oneself(user, one, at)), None),
            items=facts_of_items(round_),
            statement=statement(round_),
            void_rules=[void_words(rule) for rule in round_.void_rules.all()],
            is_running=is_running,
            is_by_code=is_by_code(round_),
            is_on_list=elector is not None,
            has_sent=has_sent,
            may_fill_in=is_running and elector is not None and not has_sent and not is_by_code(round_),
            is_at_desk=round_at_desk(user, round_.pk) is not None,
            lines=history_of(subject_key(round_)),
            **kwargs,
        )


class ReportFileView(View):
    """The file of a duty report, for everybody who may know of the appraisal, and for the desk."""

    def get(self, request, pk):
        report = only_one(DutyReport.objects.filter(pk=pk, file__isnull=False).select_related("file", "subject"))
        if report is None:
            raise Http404
        round_ = report.subject.round_id
        if (
            not rounds_visible_to(request.user).filter(pk=round_).exists()
            and round_at_desk(request.user, round_) is None
        ):
            raise Http404
        return serve(report.file)
