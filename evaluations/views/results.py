"""Published results: which rounds, one round, one person, how it was computed, on paper and as files."""

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.exports.responses import download
from portal.kernel.keeping import kept_for_reader
from portal.kernel.paging import keyset_page

from ..enums import Visibility
from ..forms.ballot import void_words
from ..queries.results import (
    listed,
    own_keys,
    own_results,
    round_with_list,
    round_with_results,
    rounds_to_publish,
    rounds_with_results,
    subject_with_outcome,
    subjects_to_rate,
    subjects_with_outcomes,
    uses_of,
)
from ..queries.rounds import items_of
from ..reading import Reading, class_words, label_of
from ..result_papers import results_document, results_workbook
from ..rules.results import may_record_use, may_state, sees_all, sees_remarks
from ..rules.rounds import may_use_desk

PAGE_SIZE = 20


def find_round(user, pk):
    """Return a published round that this person may know of; everything else is a 404."""
    if (found := round_with_results(user, pk)) is None:
        raise Http404
    return found


def find_result(user, pk):
    """Return the subject of a result that this person may read: the own, or all for the union and the auditor."""
    subject = subject_with_outcome(user, pk)
    if subject is None or not (subject.is_own or sees_all(user, subject.round)):
        raise Http404
    return subject


class ResultRow:
    """A line of a round's list: what this reader may see of a subject."""

    def __init__(self, subject, round_, *, may_open):
        self.subject, self.may_open = subject, may_open
        sees_class = may_open or round_.visibility in (Visibility.CLASSES, Visibility.SCORES)
        sees_score = may_open or round_.visibility == Visibility.SCORES
        grade_class = label_of(round_.publication.facts["scale"], subject.grade_class)
        self.grade_class = (grade_class or "–") if sees_class else ""
        self.score = (subject.score or "–") if sees_score else ""


class ResultsIndexView(TemplateView):
    """The published rounds that the reader has to do with, and the own results."""

    template_name = "evaluations/results_index.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        token = self.request.GET.get("after", "")
        page = keyset_page(rounds_with_results(user), order=("-published_at", "id"), token=token, size=PAGE_SIZE)
        mine = [(one, Reading(one.outcome, one.round.publication)) for one in own_results(user)[:PAGE_SIZE]]
        return super().get_context_data(
            page=page,
            rounds=list(page),
            mine=mine,
            to_rate=list(subjects_to_rate(user, timezone.now())),
            to_publish=list(rounds_to_publish(user)) if may_use_desk(user) else [],
            **kwargs,
        )


class _RoundMixin:
    @cached_property
    def round(self):
        return find_round(self.request.user, self.kwargs["pk"])

    @cached_property
    def has_all(self):
        return sees_all(self.request.user, self.round)


class ResultsView(_RoundMixin, TemplateView):
    """The results of one round, as far as the reader sees them."""

    template_name = "evaluations/results.html"

    @cached_property
    def round(self):
        if (found := round_with_list(self.request.user, self.kwargs["pk"])) is None:
            raise Http404
        return found

    @cached_property
    def own(self):
        """The keys of the subjects that the reader is."""
        return own_keys(self.round)

    @cached_property
    def rows(self):
        def may_open(one):
            return self.has_all or one.pk in self.own

        return [ResultRow(one, self.round, may_open=may_open(one)) for one in listed(self.round)]

    def get(self, request, *args, **kwargs):
        def draw():
            return super(ResultsView, self).get(request, *args, **kwargs)

        # A page with somebody's own result, or with all of them, is drawn for that reader and kept nowhere.
        if self.has_all or self.own:
            return draw()
        round_, other = self.round, self.round.counterpart
        shown = (
            *("results", round_.pk, round_.title, round_.unit.name, round_.published_at, round_.visibility),
            *(round_.publication.facts, other and (other.pk, other.title), round_.subjects_text),
        )
        return kept_for_reader(request, shown, draw)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            round=self.round,
            facts=self.round.publication.facts,
            rows=self.rows,
            has_all=self.has_all,
            has_classes=any(row.grade_class for row in self.rows),
            has_scores=any(row.score for row in self.rows),
            other=self.round.counterpart,
            **kwargs,
        )


class HowView(_RoundMixin, TemplateView):
    """How the results of a round were computed: formula, weights, what was left out."""

    template_name = "evaluations/how.html"

    def get_context_data(self, **kwargs):
        round_, facts = self.round, self.round.publication.facts
        items = list(items_of(round_))
        return super().get_context_data(
            round=round_,
            facts=facts,
            groups=list(round_.groups.all()),
            items=items,
            points=[(label_of(facts["scale"], row.code), row) for row in round_.edition.scale_points.all()],
            classes=class_words(facts),
            void_rules=[void_words(rule) for rule in round_.void_rules.all()],
            sha256=round_.publication.sha256,
            **kwargs,
        )


class _AllMixin(_RoundMixin):
    """Files hold all results, so they are for those who see all."""

    @cached_property
    def readings(self):
        if not self.has_all:
            raise Http404
        subjects = subjects_with_outcomes(self.round, self.request.user)
        return [(subject, Reading(subject.outcome, self.round.publication)) for subject in subjects]


class ResultsWorkbookView(_AllMixin, View):
    """All results of a round as a workbook."""

    def get(self, request, pk):
        return download(
            results_workbook(self.round, self.readings, at=timezone.now()), f"{self.round.title}{_('Results')}.xlsx"
        )


class ResultsDocumentView(_AllMixin, View):
    """All results of a round as an official document."""

    def get(self, request, pk):
        return download(results_document(self.round, self.readings), f"{self.round.title}{_('Results')}.docx")


class ResultView(TemplateView):
    """One result with all that belongs to it."""

    template_name = "evaluations/result.html"

    def get_context_data(self, **kwargs):
        user, at = self.request.user, timezone.now()
        subject = find_result(user, self.kwargs["pk"])
        round_ = subject.round
        statement = getattr(subject, "statement", None)
        reading = Reading(subject.outcome, round_.publication)
        uses = list(uses_of(subject))
        decided = {use.prompt for use in uses}
        reads_remarks = subject.is_own or sees_remarks(user, round_)
        return super().get_context_data(
            subject=subject,
            round=round_,
            reading=reading,
            statement=statement,
            uses=uses,
            open_prompts=[words for code, words in reading.prompts if code not in decided],
            remarks=list(subject.kept_remarks.all()) if reads_remarks and reading.kept else [],
            reads_remarks=reads_remarks,
            may_state=may_state(subject, at, has_statement=statement is not None, is_own=subject.is_own),
            may_use=may_record_use(user, subject) if not subject.is_own else False,
            **kwargs,
        )


class ResultSheetView(TemplateView):
    """The sheet that the person rated takes along: the same numbers on paper."""

    template_name = "evaluations/result_sheet.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        subject = find_result(user, self.kwargs["pk"])
        reading = Reading(subject.outcome, subject.round.publication)
        reads_remarks = subject.is_own or sees_remarks(user, subject.round)
        return super().get_context_data(
            subject=subject,
            round=subject.round,
            reading=reading,
            statement=getattr(subject, "statement", None),
            remarks=list(subject.kept_remarks.all()) if reads_remarks and reading.kept else [],
            **kwargs,
        )
