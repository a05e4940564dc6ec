"""Pages of clocks: how a day came about, extensions, the work calendar, the jobs."""

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django.views.generic.base import ContextMixin

from portal.accounts.authority import authority_of
from portal.kernel.days import local_day
from portal.kernel.views import OperationFormView, VerdictRequiredMixin

from . import explaining
from .clock import clock_of
from .forms import AskExtensionForm, DecideExtensionForm, ImportCalendarForm, ReadCalendarForm, ResumeClockForm
from .guard import read_clock
from .kinds import UnknownKind
from .models import ClockGuard, Extension, Heartbeat, Promise
from .operations import ask_extension, decide_extension, import_calendar, resume_clock
from .operations.calendars import differences, effects_of
from .queries import (
    edition_of,
    editions_in_force,
    editions_of,
    extensions_for,
    last_number,
    provisional_count,
    read_calendar,
)
from .rules import may_ask_extension, may_decide_extension, may_import_calendar, may_resume_clock, may_see, may_see_jobs
from .telling import promise_url
from .watch import steady


class PromiseMixin(ContextMixin):
    """A page of one promise that its reader may know of."""

    request: HttpRequest
    kwargs: dict
    object: Promise

    def get_object(self):
        promise = get_object_or_404(Promise.objects.select_related("unit"), pk=self.kwargs["pk"])
        try:
            verdict = may_see(self.request.user, promise)
        except UnknownKind:
            raise Http404 from None
        if not verdict:
            raise Http404
        return promise

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        now = steady(timezone.now())
        return {
            "promise": self.object,
            "clock": clock_of(self.object, now),
            "subject_url": promise_url(self.object.subject, {"what": self.object.kind, "promise": self.object.pk}),
            "now": now,
            **context,
        }


@method_decorator(login_not_required, name="dispatch")
class PromiseExplainView(PromiseMixin, TemplateView):
    """How a due day came about, from the day the clock started to today."""

    template_name = "deadlines/promise_explain.html"

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**explaining.explain(self.object), **kwargs)


class ExtensionAskView(PromiseMixin, VerdictRequiredMixin, OperationFormView):
    """Ask for more days."""

    form_class = AskExtensionForm
    template_name = "deadlines/extension_ask.html"

    def get_verdict(self):
        return may_ask_extension(self.request.user, self.object, timezone.now())

    def operate(self, form):
        ask_extension(promise=self.object, actor=self.request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("The extension has been asked for. Until it is granted, the due day stays."))
        return redirect("deadlines:explain", pk=self.object.pk)


class ExtensionListView(TemplateView):
    """Requests for more days that this reader may decide, the soonest due first."""

    template_name = "deadlines/extension_list.html"

    def get_context_data(self, **kwargs):
        now = steady(timezone.now())
        rows = [
            {
                "extension": extension,
                "clock": clock_of(extension.promise, now),
                "kind": explaining.kind_words(extension.promise.kind),
            }
            for extension in extensions_for(self.request.user, now)
        ]
        return super().get_context_data(rows=rows, **kwargs)


class ExtensionDecideView(VerdictRequiredMixin, OperationFormView):
    """Grant or refuse an extension."""

    form_class = DecideExtensionForm
    template_name = "deadlines/extension_decide.html"

    def get_object(self):
        extension = get_object_or_404(
            Extension.objects.select_related("promise__unit", "requested_by"), pk=self.kwargs["pk"]
        )
        user = self.request.user
        # Decided ones stay known to those who could have decided; nobody else learns that it exists.
        if not may_see(user, extension.promise) or not authority_of(user).is_staff:
            raise Http404
        return extension

    def get_verdict(self):
        return may_decide_extension(self.request.user, self.object, timezone.now())

    def get_context_data(self, **kwargs):
        promise = self.object.promise
        after = promise.due_on + dt.timedelta(days=self.object.days)
        return super().get_context_data(
            extension=self.object,
            promise=promise,
            kind=explaining.kind_words(promise.kind),
            clock=clock_of(promise, steady(timezone.now())),
            due_after=after,
            subject_url=promise_url(promise.subject, {"what": promise.kind, "promise": promise.pk}),
            **kwargs,
        )

    def operate(self, form):
        is_granted = form.cleaned_data["decision"] == "grant"
        decide_extension(
            extension_id=self.object.pk,
            is_granted=is_granted,
            note=form.cleaned_data["note"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _("The extension is granted.") if is_granted else _("The extension is refused."))
        return redirect("deadlines:extensions")


class CalendarView(TemplateView):
    """The years in force, and which one is missing."""

    template_name = "deadlines/calendar_list.html"

    def get_context_data(self, **kwargs):
        today = local_day(timezone.now())
        editions = editions_in_force()
        known = {edition.year for edition in editions}
        missing = [year for year in (today.year, today.year + 1) if year not in known]
        return super().get_context_data(
            editions=[edition for edition in editions if edition.year >= today.year - 3],
            missing=missing,
            is_alarm=today.year in missing or (today.month >= 11 and bool(missing)),
            provisional=provisional_count(),
            may_import=may_import_calendar(self.request.user),
            **kwargs,
        )


class CalendarYearView(TemplateView):
    """One year, month by month, with its editions and what each changed."""

    template_name = "deadlines/calendar_year.html"

    def get_context_data(self, **kwargs):
        rows = editions_of(kwargs["year"])
        if not rows:
            raise Http404
        pure = [edition_of(row) for row in rows]
        changes = [differences(earlier, later) for earlier, later in zip([None, *pure], pure, strict=False)]
        return super().get_context_data(
            months=explaining.months(pure[-1]),
            editions=list(zip(rows, changes, strict=True))[::-1],
            **kwargs,
        )


class CalendarImportView(VerdictRequiredMixin, OperationFormView):
    """Read a file and show what it would change; nothing is written here."""

    form_class = ReadCalendarForm
    template_name = "deadlines/calendar_import.html"
    may = staticmethod(may_import_calendar)

    def operate(self, form):
        year = form.reading.year
        edition = form.edition(last_number(year) + 1)
        before = read_calendar().editions.get(year)
        effects, has_more = effects_of(edition, timezone.now())
        context = self.get_context_data(
            form=form,
            edition=edition,
            before=before,
            changes=differences(before, edition),
            effects=[
                {"promise": promise, "kind": explaining.kind_words(promise.kind), "before": old, "after": new}
                for promise, old, new in effects
            ],
            has_more=has_more,
            packed=form.packed(),
        )
        self.template_name = "deadlines/calendar_preview.html"
        return self.render_to_response(context)


class CalendarCommitView(VerdictRequiredMixin, OperationFormView):
    """Import what the preview showed."""

    form_class = ImportCalendarForm
    template_name = "deadlines/calendar_import.html"
    may = staticmethod(may_import_calendar)
    http_method_names = ["post"]

    def form_invalid(self, form):
        messages.error(self.request, next(iter(form.errors.values()))[0])
        return redirect("deadlines:import_calendar")

    def operate(self, form):
        read = form.cleaned_data["packed"]
        edition, moved = import_calendar(
            year=read["year"],
            days_off=read["off"],
            days_on=read["on"],
            notice_no=read["notice_no"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(
            self.request,
            _("The work calendar of %(year)s is in force as edition %(number)s; %(moved)s due days moved.")
            % {"year": edition.year, "number": edition.number, "moved": moved},
        )
        return redirect("deadlines:year", year=edition.year)


class JobsView(VerdictRequiredMixin, TemplateView):
    """The jobs behind the portal: when each last ended, whether the clock is frozen, what is provisional."""

    template_name = "deadlines/jobs.html"
    may = staticmethod(may_see_jobs)

    def get_context_data(self, **kwargs):
        now = timezone.now()
        guard = ClockGuard.objects.select_related("resumed_by").first()
        return super().get_context_data(
            jobs=explaining.jobs(Heartbeat.objects.all(), now),
            guard=guard,
            may_resume=may_resume_clock(self.request.user),
            provisional=provisional_count(),
            missing=[
                year for year in (local_day(now).year, local_day(now).year + 1) if year not in read_calendar().editions
            ],
            now=now,
            **kwargs,
        )


class ClockResumeView(VerdictRequiredMixin, OperationFormView):
    """Let reminders run again after the clock of the machine has jumped."""

    form_class = ResumeClockForm
    template_name = "deadlines/clock_resume.html"
    may = staticmethod(may_resume_clock)

    def get_context_data(self, **kwargs):
        return super().get_context_data(guard=ClockGuard.objects.first(), now=timezone.now(), **kwargs)

    def operate(self, form):
        at = timezone.now()
        resume_clock(reason=form.cleaned_data["reason"], actor=self.request.user, reading=read_clock(at))
        messages.success(self.request, _("Reminders run again from the next minute on."))
        return redirect("deadlines:jobs")
