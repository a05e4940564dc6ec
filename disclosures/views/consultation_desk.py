"""The desk of consultations: what waits, the working page, drafting."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.deadlines.clock import clock_of
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from .. import operations as does
from ..consulting import consultation_standing, stages_of
from ..enums import Audience, ConsultationState
from ..forms.consultations import ConsultationForm
from ..models import CatalogueItem, Consultation, ConsultationOpinion
from ..queries.consultations import (
    consultations_on_desk,
    consultations_waiting,
    counts_by_consultation,
    opinion_counts,
    waiting_answers,
    with_consultation_relations,
)
from ..rules import consultations as rules
from ..rules.sight import PREPARERS, may_prepare
from .consultations import clause_rows, group_rows

S = ConsultationState
PAGE_SIZE = 25
TABS = ("waiting", "running", "done")


def find_on_desk(user, pk):
    """Return the consultation whose working page exists for this person; everything else is a 404."""
    consultation = only_one(with_consultation_relations(Consultation.objects.all()).filter(pk=pk))
    if consultation is None or not rules.may_see_consultation_desk(user, consultation):
        raise Http404
    return consultation


class ConsultationsDeskView(TemplateView):
    """What waits for this person's yes, what is running, what has come to its end."""

    template_name = "disclosures/consultations/desk.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_use_consultations_desk(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        waiting = consultations_waiting(user).count()
        tab = self.request.GET.get("tab", "")
        tab = tab if tab in TABS else ("waiting" if waiting else "running")
        is_done = Q(state__in=(S.DECIDED, S.ABANDONED))
        rows = {
            "waiting": lambda: consultations_waiting(user),
            "running": lambda: consultations_on_desk(user).exclude(is_done),
            "done": lambda: consultations_on_desk(user).filter(is_done),
        }[tab]()
        page = keyset_page(
            rows.select_related("unit", "department", "answer_promise", "report_promise"),
            order=("-drafted_at", "-id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        counts = counts_by_consultation(page, at)
        labels = {"waiting": _("Waiting for me"), "running": _("Running"), "done": _("Finished")}
        here = reverse("disclosures:consultations_desk")
        return super().get_context_data(
            page=page,
            rows=[
                {
                    "consultation": row,
                    "standing": consultation_standing(row, at),
                    "n": counts.get(row.pk, 0),
                    "clock": _clock(row, at),
                }
                for row in page
            ],
            tab=tab,
            tabs=[
                {
                    "label": labels[name],
                    "url": f"{here}?tab={name}",
                    "is_current": name == tab,
                    "count": waiting if name == "waiting" else "",
                }
                for name in TABS
            ],
            may_prepare=authority_of(user).holds(*PREPARERS),
            **kwargs,
        )


def _clock(consultation, at):
    """Return the clock that runs now, or None."""
    promise = {S.CLOSED: consultation.answer_promise, S.ANSWERED: consultation.report_promise}.get(consultation.state)
    return clock_of(promise, at) if promise is not None else None


class ConsultationWorkView(View):
    """The working page of a consultation: where it stands, what may be done now, groups and answers."""

    def get(self, request, pk):
        at = timezone.now()
        consultation = find_on_desk(request.user, pk)
        counts = opinion_counts(consultation, at)
        is_over = consultation.is_over(at)
        ungrouped = ConsultationOpinion.objects.filter(consultation=consultation, group__isnull=True).count()
        promises = [
            (label, clock_of(promise, at))
            for label, promise in (
                (_("Answers"), consultation.answer_promise),
                (_("Report"), consultation.report_promise),
            )
            if promise is not None
        ]
        return render(
            request,
            "disclosures/consultations/work.html",
            {
                "consultation": consultation,
                "standing": consultation_standing(consultation, at),
                "stages": stages_of(consultation, at),
                "acts": act_links(request.user, consultation, at),
                "clocks": promises,
                "clauses": clause_rows(consultation, counts),
                "total": sum(sum(stances.values()) for stances in counts.values()),
                "ungrouped": ungrouped,
                "groups": group_rows(consultation),
                "may_group": bool(rules.may_group_opinions(request.user, consultation, is_over=is_over)),
                "extensions": list(consultation.extensions.select_related("by")),
                "is_readable": rules.may_read_consultation(request.user, consultation),
                "lines": history_of(subject_key(consultation), with_time=True, with_all=True),
            },
        )


def act_links(user, consultation, at):
    """Return the acts a person may do on a consultation now: [{label, url, icon, tone}], the main one first."""
    is_open, is_over = consultation.is_open(at), consultation.is_over(at)
    may_group = rules.may_group_opinions(user, consultation, is_over=is_over)
    may_complete = may_group and not waiting_answers(consultation)
    found = (
        ("open", _("Put before the workers"), rules.may_open_consultation(user, consultation), "megaphone", "primary"),
        ("decide", _("Decide on the report"), rules.may_decide_consultation(user, consultation), "gavel", "primary"),
        ("hand", _("Ask for the opening"), rules.may_hand_consultation(user, consultation), "send", "primary"),
        ("edit", _("Change"), rules.may_edit_consultation(user, consultation), "square-pen", "secondary"),
        ("group", _("Sort the opinions"), may_group, "group", "secondary"),
        ("complete", _("Publish the answers"), may_complete, "check-check", "primary"),
        ("report", _("Write the report"), rules.may_prepare_report(user, consultation), "file-pen-line", "primary"),
        (
            "extend",
            _("Make the period longer"),
            rules.may_extend_consultation(user, consultation, is_open=is_open),
            "calendar-plus",
            "secondary",
        ),
        ("abandon", _("Abandon"), rules.may_abandon_consultation(user, consultation), "archive-x", "quiet"),
    )
    return [
        {
            "label": label,
            "url": reverse(f"disclosures:consultation_{name}", args=[consultation.pk]),
            "icon": icon,
            "tone": tone,
        }
        for name, label, verdict, icon, tone in found
        if verdict
    ]


class _EditorView(OperationFormView):
    """The editor of a draft: shared by beginning and changing."""

    form_class = ConsultationForm
    template_name = "disclosures/consultations/editor.html"
    consultation = None

    def get_form_kwargs(self):
        at = timezone.now()
        units = list(Unit.objects.active().select_related("parent").order_by("path"))
        held = authority_of(self.request.user).units(*PREPARERS)
        return {
            **super().get_form_kwargs(),
            "own_units": [unit for unit in units if any(own.covers(unit) for own in held)],
            "units": units,
            "items": CatalogueItem.objects.filter(is_active=True).order_by("code"),
            "least_of": lambda unit: does.least_consultation_days(unit or units[0], at),
        }

    def draft(self, form):
        """Return what the form says as the operation takes it."""
        values = form.cleaned_data
        return does.ConsultationDraft(**values)

    def get_context_data(self, **kwargs):
        return super().get_context_data(consultation=self.consultation, **kwargs)


class ConsultationNewView(_EditorView):
    """Begin a draft rule that the workers shall be asked about."""

    def dispatch(self, request, *args, **kwargs):
        require(may_prepare(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        units = authority_of(self.request.user).units(*PREPARERS)
        first = units[0] if units else None
        return {"audience": Audience.UNIT, "workdays": 7, "department": first, "unit": first}

    def operate(self, form):
        consultation = does.draft_consultation(draft=self.draft(form), actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("The draft has been saved. Look it over, then ask for its opening."))
        return redirect("disclosures:consultation_work", consultation.pk)


class ConsultationEditView(_EditorView):
    """Change a draft rule that has not been opened."""

    def dispatch(self, request, *args, **kwargs):
        self.consultation = find_on_desk(request.user, kwargs["pk"])
        if request.method in ("GET", "HEAD"):
            require(rules.may_edit_consultation(request.user, self.consultation))
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form):
        verdict = rules.may_edit_consultation(self.request.user, self.consultation)
        return super().form_invalid(form) if verdict else self._again(form, verdict.reason, 403)

    def get_initial(self):
        row = self.consultation
        names = ("unit", "title", "lead", "body", "audience", "workdays")
        initial = {name: getattr(row, name) for name in names}
        return initial | {"department": row.owner, "item": row.item.code if row.item else ""}

    def operate(self, form):
        does.edit_consultation(
            consultation_id=self.consultation.pk, draft=self.draft(form), actor=self.request.user, at=timezone.now()
        )
        messages.success(self.request, _("The draft has been saved."))
        return redirect("disclosures:consultation_work", self.consultation.pk)
