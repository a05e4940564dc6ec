"""Consultations as workers read them: the list, the draft clause by clause, what was said, what became of it."""

from collections import Counter

from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.deadlines.clock import clock_of
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..consulting import author_of, consultation_standing, label_of
from ..enums import ConsultationState, GroupOutcome, OpinionMode, Stance
from ..models import Consultation, ConsultationClause, ConsultationOpinion
from ..queries.consultations import (
    BY_CLAUSE,
    consultations_readable_by,
    counts_by_consultation,
    groups_of,
    opinion_counts,
    opinions_told,
    with_consultation_relations,
)
from ..rules.consultations import may_hide_opinion, may_read_consultation, may_see_consultation_desk
from .consultation_links import nickname_url

S = ConsultationState
PAGE_SIZE = 25
OPINIONS_PAGE = 20
WHOLE = "whole"
ANSWERED = (S.ANSWERED, S.DECIDED)
TABS = ("open", "over", "decided", "all")


def _of_tab(tab, today):
    """Return a Q for a tab of the list; open is a comparison with the clock, as everywhere."""
    running = Q(state=S.OPEN, closes_on__gte=today)
    return {
        "open": running,
        "over": Q(state__in=(S.OPEN, S.CLOSED, S.ANSWERED)) & ~running,
        "decided": Q(state=S.DECIDED),
    }.get(tab, Q())


@method_decorator(public_view, name="dispatch")
class ConsultationListView(TemplateView):
    """The drafts that workers are asked about now, and those of before with what became of them."""

    template_name = "disclosures/consultations/list.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        today = local_day(at)
        tab = self.request.GET.get("tab", "")
        rows = consultations_readable_by(user)
        if tab not in TABS:
            tab = "open" if rows.filter(_of_tab("open", today)).exists() else "all"
        page = keyset_page(
            rows.filter(_of_tab(tab, today)).select_related("unit", "item"),
            order=("closes_on", "id") if tab == "open" else ("-opened_at", "-id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        counts = counts_by_consultation(page, at)
        labels = {"open": _("Open now"), "over": _("Being answered"), "decided": _("Decided"), "all": _("All")}
        here = reverse("disclosures:consultations")
        return super().get_context_data(
            page=page,
            rows=[
                {"consultation": row, "standing": consultation_standing(row, at), "n": counts.get(row.pk, 0)}
                for row in page
            ],
            tab=tab,
            tabs=[{"label": labels[name], "url": f"{here}?tab={name}", "is_current": name == tab} for name in TABS],
            **kwargs,
        )


def find_consultation(request, pk):
    """Return a consultation that has been opened, for its readers; everything else is a 404."""
    consultation = only_one(with_consultation_relations(Consultation.objects.opened()).filter(pk=pk))
    if consultation is None or not may_read_consultation(request.user, consultation):
        raise Http404
    return consultation


def find_clause(consultation, anchor):
    """Return the clause of an anchor, None for the whole draft; an unknown one is a 404."""
    if anchor == WHOLE:
        return None
    clause = consultation.clauses.filter(anchor=anchor).first()
    if clause is None:
        raise Http404
    return clause


@method_decorator(public_view, name="dispatch")
class ConsultationView(View):
    """One draft clause by clause with what was said of each; later the answers, the report, the final text."""

    def get(self, request, pk):
        at = timezone.now()
        consultation = only_one(with_consultation_relations(Consultation.objects.all()).filter(pk=pk))
        if consultation is None:
            raise Http404
        if not may_read_consultation(request.user, consultation):
            if request.user.is_authenticated and may_see_consultation_desk(request.user, consultation):
                return redirect("disclosures:consultation_work", pk)  # sent here by a promise
            raise Http404
        return render(request, "disclosures/consultations/detail.html", page_context(request, consultation, at))


def page_context(request, consultation, at):
    """Return what the page of a consultation shows."""
    user = request.user
    is_answered = consultation.state in ANSWERED
    counts = opinion_counts(consultation, at)
    clauses = clause_rows(consultation, counts)
    stances = sum(counts.values(), Counter())
    promise = consultation.report_promise if is_answered else consultation.answer_promise
    return {
        "consultation": consultation,
        "standing": consultation_standing(consultation, at),
        "is_open": consultation.is_open(at),
        "is_answered": is_answered,
        "is_decided": consultation.state == S.DECIDED,
        "clock": clock_of(promise, at) if promise is not None else None,
        "clauses": clauses,
        "whole": _counted(counts.get(None)),
        "total": _counted(stances),
        "extensions": list(consultation.extensions.all()),
        "first_closes_on": next((row.before for row in consultation.extensions.all()), consultation.closes_on),
        "groups": group_rows(consultation) if is_answered else [],
        "outcomes": _outcomes(consultation) if is_answered else [],
        "changed": sum(1 for row in clauses if row["clause"].is_changed),
        "mine": _own(user, consultation, is_answered) if user.is_authenticated else [],
        "may_open_desk": user.is_authenticated and may_see_consultation_desk(user, consultation),
        "nickname_url": nickname_url(consultation, WHOLE, local_day(at)),
        "lines": history_of(subject_key(consultation)),
    }


def _counted(counter):
    counter = counter or Counter()
    return {"n": sum(counter.values()), "parts": [(one.value, one.label, counter[one.value]) for one in Stance]}


def clause_rows(consultation, counts):
    """Return the clauses with their labels and counts; ``section`` only where a new heading begins."""
    rows, last = [], ""
    for clause in consultation.clauses.all():
        rows.append(
            {
                "clause": clause,
                "label": label_of(clause),
                "section": clause.section if clause.section != last else "",
                "count": _counted(counts.get(clause.pk)),
            }
        )
        last = clause.section
    return rows


def group_rows(consultation):
    """Return the groups with their answers and the clauses they are about, by two queries."""
    groups = groups_of(consultation)
    about = {}
    # As many rows as groups have clauses, however many opinions there are.
    pairs = (
        ConsultationOpinion.objects.filter(consultation=consultation, group__isnull=False)
        .order_by(BY_CLAUSE)
        .values_list("group", "clause__anchor", "clause__label", "clause__ordinal")
        .distinct()
    )
    for group, anchor, label, ordinal in pairs:
        clause = ConsultationClause(label=label, ordinal=ordinal) if anchor else None
        about.setdefault(group, {})[anchor or WHOLE] = label_of(clause)
    tones = {GroupOutcome.ADOPTED: "green", GroupOutcome.PARTLY: "blue", GroupOutcome.NOT_ADOPTED: "grey"}
    return [
        {"group": group, "about": list(about.get(group.pk, {}).items()), "tone": tones.get(group.outcome, "yellow")}
        for group in groups
    ]


def _outcomes(consultation):
    """Return how many opinions were adopted, adopted in part, not adopted."""
    rows = ConsultationOpinion.objects.filter(consultation=consultation).order_by().values_list("group__outcome")
    found = dict(rows.annotate(n=Count("pk")))
    return [(one.label, found.get(one.value, 0)) for one in GroupOutcome]


def _own(user, consultation, is_answered):
    rows = (
        ConsultationOpinion.objects.filter(consultation=consultation, person=user)
        .select_related("clause", "group")
        .order_by(BY_CLAUSE, "id")
    )
    return [
        {
            "opinion": row,
            "label": label_of(row.clause),
            "anchor": row.clause.anchor if row.clause else WHOLE,
            "group": row.group if is_answered else None,
        }
        for row in rows
    ]


def opinion_rows(opinions, *, with_groups):
    """Return opinions as readers see them: author, words or why they are hidden, group."""
    return [
        {
            "opinion": one,
            "author": author_of(one),
            "is_nickname": one.mode == OpinionMode.NICKNAME,
            "group": one.group if with_groups else None,
        }
        for one in opinions
    ]


@method_decorator(public_view, name="dispatch")
class ConsultationClauseView(View):
    """What was said of one clause, in no order that tells when; hidden words leave their reason."""

    def get(self, request, pk, anchor):
        at = timezone.now()
        consultation = find_consultation(request, pk)
        clause = find_clause(consultation, anchor)
        told = opinions_told(consultation.opinions.filter(clause=clause), at)
        rows = told.select_related("person", "group")
        page = keyset_page(rows, order=("id",), token=request.GET.get("after", ""), size=OPINIONS_PAGE)
        counts = Counter(dict(told.order_by().values_list("stance").annotate(n=Count("pk"))))
        is_mine = request.user.is_authenticated
        return render(
            request,
            "disclosures/consultations/clause.html",
            {
                "consultation": consultation,
                "clause": clause,
                "anchor": anchor,
                "label": label_of(clause),
                "standing": consultation_standing(consultation, at),
                "is_open": consultation.is_open(at),
                "count": _counted(counts),
                "page": page,
                "rows": opinion_rows(page, with_groups=consultation.state in ANSWERED),
                "may_hide": is_mine and bool(may_hide_opinion(request.user, consultation)),
                "nickname_url": nickname_url(consultation, anchor, local_day(at)),
            },
        )


@method_decorator(public_view, name="dispatch")
class ConsultationCompareView(View):
    """Draft and final text side by side."""

    def get(self, request, pk):
        consultation = find_consultation(request, pk)
        if consultation.state != S.DECIDED:
            raise Http404
        return render(
            request,
            "disclosures/consultations/compare.html",
            {"consultation": consultation},
        )
