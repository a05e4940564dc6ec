"""The desk of briefings: what is owed, what comes, the working page, and who owes one each month."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from feedback.enums import Route
from feedback.rules import is_text_public, keeps
from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.queries import units_within
from portal.deadlines.clock import clock_of
from portal.files.serving import serve
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.kernel.verdicts import OperationRefused, require
from portal.kernel.views import OperationFormView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..briefing_standing import briefing_duty_lamp, briefing_standing, chart_of
from ..enums import BriefingState, Frequency
from ..forms.briefings import BriefingPlanForm
from ..models import BriefingPlan
from ..operations import briefing_duties as does
from ..periods import period_label, period_of
from ..queries import inside
from ..queries.briefings import briefings_owed, desk_briefings, running_plans, with_briefing_relations
from ..rules import briefings as may
from ..rules.sight import PREPARERS, drafts_for
from .briefings import attendance_of, briefing_row

S = BriefingState
UNION = (Role.UNION_OFFICER, Role.UNION_CHAIR)
PAGE_SIZE = 25
TABS = ("owed", "coming", "past", "plans")


def find_desk_briefing(user, pk):
    """Return the briefing whose working page exists for this person; everything else is a 404."""
    briefing = only_one(with_briefing_relations(desk_briefings(user)).filter(pk=pk))
    if briefing is None:
        raise Http404
    return briefing


class BriefingsDeskView(TemplateView):
    """What this person's offices owe, what is announced, what was held, and which units owe one each month."""

    template_name = "disclosures/briefings/desk.html"

    def dispatch(self, request, *args, **kwargs):
        require(may.may_use_briefings_desk(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        tab = self.request.GET.get("tab", "")
        tab = tab if tab in TABS else "owed"
        context = {"tab": tab}
        if tab == "owed":
            duties, held = briefings_owed(user, at)
            context["duties"] = [_owed_row(duty, at) for duty in duties]
            context["held"] = [{**briefing_row(one, at), "clock": clock_of(one.promise, at)} for one in held]
        elif tab == "plans":
            units = authority_of(user).units(*may.BRIEFING_DESK_ROLES)
            plans = running_plans(local_day(at)).filter(inside(units))
            context["plans"] = [
                {"plan": plan, "may_end": plan.until is None and bool(may.may_set_briefing_plan(user, plan.unit))}
                for plan in plans
            ]
        else:
            rows = desk_briefings(user).select_related("unit", "promise")
            is_coming = tab == "coming"
            rows = rows.filter(state=S.PLANNED) if is_coming else rows.exclude(state=S.PLANNED)
            page = keyset_page(
                rows,
                order=("starts_at", "id") if is_coming else ("-starts_at", "-id"),
                token=self.request.GET.get("after", ""),
                size=PAGE_SIZE,
            )
            context |= {"page": page, "rows": [briefing_row(one, at) for one in page]}
        here = reverse("disclosures:briefings_desk")
        labels = {
            "owed": _("To hold and to publish"),
            "coming": _("Announced"),
            "past": _("Held"),
            "plans": _("Who owes one"),
        }
        context["tabs"] = [
            {"label": labels[name], "url": f"{here}?tab={name}", "is_current": name == tab} for name in TABS
        ]
        authority = authority_of(user)
        context["may_plan"] = authority.holds(*PREPARERS)
        context["may_set_plan"] = bool(may.may_set_briefing_plans(user))
        return super().get_context_data(**context, **kwargs)


def _owed_row(duty, at):
    lamp, word = briefing_duty_lamp(duty, at)
    return {
        "unit": duty.unit,
        "label": period_label(Frequency.MONTH, duty.starts_on),
        "due_on": duty.promise.due_on,
        "lamp": lamp.value,
        "word": word,
    }


class BriefingWorkView(View):
    """The working page of a briefing: where it stands, what may be done now, everything that was written of it."""

    def get(self, request, pk):
        at, user = timezone.now(), request.user
        briefing = find_desk_briefing(user, pk)
        minutes = list(briefing.minutes.all())
        return render(
            request,
            "disclosures/briefings/work.html",
            {
                "briefing": briefing,
                "standing": briefing_standing(briefing, at),
                "clock": clock_of(briefing.promise, at) if briefing.promise else None,
                "acts": briefing_links(user, briefing, at),
                "agenda": briefing.agenda.all(),
                "attendance": attendance_of(briefing),
                "figures": [(figure, chart_of(figure)) for figure in briefing.figures.all()],
                "questions": [_question(user, one, briefing) for one in briefing.questions.all()],
                "draft": may.draft_minutes(briefing),
                "versions": [row for row in minutes if row.published_at is not None][::-1],
                "files": briefing.files.all(),
                # Who handed a question in is for those who prepare, not for those who answer or look on.
                "sees_askers": drafts_for(user, briefing.unit),
                "may_note": bool(may.may_note_briefing(user, briefing)),
                "lines": history_of(subject_key(briefing), with_time=True, with_all=True),
            },
        )


def _question(user, question, briefing):
    question.briefing, inquiry = briefing, question.inquiry
    # Handed in without a name it is an inquiry from the first moment: the desk reads of it what the union lets it read.
    is_own = inquiry is None or not question.is_beforehand or keeps(user, inquiry)
    return {
        "question": question,
        "text": question.text if is_own else (inquiry.public_body if is_text_public(inquiry) else ""),
        "is_ordinary": inquiry is None or inquiry.route == Route.ORDINARY,
        "may_answer": bool(may.may_answer_question(user, question)),
        "may_leave": bool(may.may_leave_question_open(user, question)),
    }


def briefing_links(user, briefing, at):
    """Return the acts a person may do on a briefing now: [{label, url, icon, tone}], the main one first."""
    links = []

    def offer(name, label, verdict, icon, tone="secondary"):
        if verdict:
            url = reverse(f"disclosures:{name}", args=[briefing.pk])
            links.append({"label": label, "url": url, "icon": icon, "tone": tone})

    can_hold = may.may_hold_briefing(user, briefing, at)
    is_first = briefing.state == S.PLANNED
    publish = may.may_publish_minutes(user, briefing)
    offer("briefing_publish", _("Publish the minutes"), publish, "stamp", "primary")
    hold_label = _("Record that it was held") if is_first else _("Attendance and what was said")
    offer("briefing_record", hold_label, can_hold, "clipboard-check", "primary" if is_first else "secondary")
    minutes_label = _("Correct the minutes") if briefing.state == S.MINUTED else _("Write the minutes")
    offer("briefing_minutes", minutes_label, may.may_write_minutes(user, briefing), "square-pen")
    offer(
        "briefing_question", _("Add a question"), may.may_note_briefing(user, briefing), "message-circle-question-mark"
    )
    offer("briefing_figure_new", _("Add figures"), may.may_note_briefing(user, briefing), "chart-column")
    offer("briefing_edit", _("Change the announcement"), may.may_edit_briefing(user, briefing), "file-pen-line")
    offer("briefing_move", _("Put off"), may.may_move_briefing(user, briefing), "calendar-clock")
    offer("briefing_cancel", _("Cancel the briefing"), may.may_cancel_briefing(user, briefing), "calendar-x", "quiet")
    return links


class BriefingDeskFileView(View):
    """A slide of a briefing, for those who work on it."""

    def get(self, request, pk, file_id):
        for held in find_desk_briefing(request.user, pk).files.all():
            if str(held.file_id) == str(file_id):
                return serve(held.file)
        raise Http404


class SetBriefingPlanView(OperationFormView):
    """Let a unit owe a briefing each month."""

    form_class = BriefingPlanForm
    template_name = "disclosures/briefings/plan.html"

    def dispatch(self, request, *args, **kwargs):
        self.own = authority_of(request.user).units(*UNION)
        require(may.may_set_briefing_plans(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        units = units_within(self.own).active().select_related("parent").order_by("path")
        return {**super().get_form_kwargs(), "units": units}

    def get_initial(self):
        return {"since": period_of(Frequency.MONTH, local_day(timezone.now())).following().start}

    def operate(self, form):
        values = form.cleaned_data
        does.set_briefing_plan(unit=values["unit"], since=values["since"], actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("From then on the unit owes a briefing each month."))
        return redirect(plans_url())


class EndBriefingPlanView(View):
    """Let a unit owe no more briefings."""

    http_method_names = ("post", "options")

    def post(self, request, pk):
        plan = only_one(BriefingPlan.objects.select_related("unit").filter(pk=pk))
        if plan is None or not authority_of(request.user).holds(*may.BRIEFING_DESK_ROLES, unit=plan.unit):
            raise Http404
        require(may.may_set_briefing_plan(request.user, plan.unit))
        try:
            does.end_briefing_plan(plan_id=pk, actor=request.user, at=timezone.now())
        except OperationRefused as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _("The unit owes no briefing from next month on; what is open stays open."))
        return redirect(plans_url())


def plans_url():
    """Return the address of the list of units that owe briefings."""
    return f"{reverse('disclosures:briefings_desk')}?tab=plans"
