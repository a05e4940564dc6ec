"""Briefings as everybody reads them: what comes, what was, who owes one, one briefing with all that belongs to it."""

import datetime as dt
from itertools import groupby

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from feedback.enums import Route
from feedback.rules import is_text_public
from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.exports.calendar import Event, make_calendar
from portal.files.serving import serve
from portal.kernel.days import day_start, local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..briefing_standing import briefing_duty_lamp, briefing_standing, chart_of
from ..enums import Audience, BriefingState, DutyStatus
from ..forms.briefings import BriefingFilterForm
from ..models import Briefing, BriefingDuty
from ..periods import period_label
from ..queries import inside
from ..queries.briefings import (
    briefing_duties_of_year,
    briefing_shares,
    briefings_readable_by,
    running_plans,
    with_briefing_relations,
)
from ..rules import may_read_public
from ..rules.briefings import may_ask_beforehand, may_see_briefing_desk_page
from ..standing import duty_status
from .public import FIRST_YEAR

PAGE_SIZE = 20
COMING_SHOWN = 20
ICS_SHOWN = 200
USUAL_MINUTES = 60
S = BriefingState


@method_decorator(public_view, name="dispatch")
class BriefingsView(TemplateView):
    """What is announced, the soonest first; what was, by month; and who owes one and held none."""

    template_name = "disclosures/briefings/list.html"

    @cached_property
    def units(self):
        return list(Unit.objects.active().select_related("parent").order_by("path"))

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        today = local_day(at)
        form = BriefingFilterForm(self.request.GET, units=self.units, years=range(today.year, FIRST_YEAR - 1, -1))
        unit, year = form.chosen.get("unit"), int(form.chosen.get("year") or today.year)
        rows = Briefing.objects.filter(briefings_readable_by(user)).select_related("unit", "promise")
        if unit is not None:
            rows = rows.filter(inside([unit]))
        coming = rows.filter(state=S.PLANNED, starts_at__gte=at).order_by("starts_at", "pk")[:COMING_SHOWN]
        begin, end = (day_start(dt.date(one, 1, 1)) for one in (year, year + 1))
        past = rows.filter(starts_at__gte=begin, starts_at__lt=end).exclude(state=S.PLANNED, starts_at__gte=at)
        page = keyset_page(past, order=("-starts_at", "-id"), token=self.request.GET.get("after", ""), size=PAGE_SIZE)
        return super().get_context_data(
            filters=form,
            year=year,
            unit=unit,
            coming=[briefing_row(one, at) for one in coming],
            page=page,
            months=_by_month(page, at),
            strip=strip_of(year, at, unit=unit),
            shares=briefing_shares(year, at, unit=unit),
            ics_url=reverse("disclosures:briefings_ics_unit", args=[unit.code])
            if unit is not None
            else reverse("disclosures:briefings_ics"),
            **kwargs,
        )


def briefing_row(briefing, at):
    """Return a briefing as a row of a list."""
    return {"briefing": briefing, "standing": briefing_standing(briefing, at)}


def _by_month(page, at):
    """Return the past briefings of a page in groups: [(first day of the month, rows)]."""
    return [
        (period_label("month", first), [briefing_row(one, at) for one in rows])
        for first, rows in groupby(page, key=lambda one: local_day(one.starts_at).replace(day=1))
    ]


def strip_of(year, at, *, unit=None):
    """Return for each unit that owes or owed briefings in a year its twelve months: [(unit, cells, missing)]."""
    duties = {}
    for duty in briefing_duties_of_year(year, unit=unit):
        duties.setdefault(duty.unit, {})[duty.starts_on.month] = duty
    owing = {plan.unit: plan for plan in running_plans(dt.date(year, 1, 1), unit=unit)}
    today = local_day(at)
    rows = []
    for one in sorted({*duties, *owing}, key=lambda unit: unit.path):
        cells = [
            _cell(dt.date(year, month, 1), duties.get(one, {}).get(month), owing.get(one), today, at)
            for month in range(1, 13)
        ]
        if any(cell["status"] for cell in cells):
            rows.append((one, cells, sum(cell["status"] in (DutyStatus.MISSING, DutyStatus.NEVER) for cell in cells)))
    return rows


def _cell(first, duty, plan, today, at):
    cell = {"month": first.month, "status": "", "lamp": "grey", "word": _("nothing owed"), "url": ""}
    if duty is not None:
        lamp, word = briefing_duty_lamp(duty, at)
        cell |= {"status": duty_status(duty, at), "lamp": lamp.value, "word": word}
        if duty.briefing is not None and duty.briefing.audience == Audience.EVERYBODY:
            cell["url"] = reverse("disclosures:briefing", args=[duty.briefing_id])
    elif plan is not None and first > today and plan.since <= first and (plan.until is None or plan.until >= first):
        cell |= {"status": DutyStatus.COMING, "word": DutyStatus.COMING.label}
    return cell


def find_briefing(request, pk):
    """Return a briefing for its readers; everything else is a 404, as if there were none."""
    briefing = only_one(with_briefing_relations(Briefing.objects.all()).filter(pk=pk))
    if briefing is None or not may_read_public(request.user, briefing):
        raise Http404
    return briefing


def briefing_context(request, briefing, at, *, wanted=None):
    """Return what the page of a briefing shows to everybody."""
    versions = [row for row in briefing.minutes.all() if row.published_at is not None][::-1]
    minutes = next((row for row in versions if wanted in (None, row.number)), None)
    is_published = bool(versions)
    return {
        "briefing": briefing,
        "standing": briefing_standing(briefing, at),
        "is_late_announced": briefing.planned_at > briefing.starts_at and not briefing.moves.all(),
        "agenda": briefing.agenda.all(),
        "versions": versions,
        "minutes": minutes,
        "is_latest": minutes is not None and minutes is versions[0],
        # Figures, numbers and answers become public with the minutes, checked by whoever publishes them.
        "attendance": attendance_of(briefing) if is_published else None,
        "charts": [chart_of(figure) for figure in briefing.figures.all()] if is_published else [],
        "questions": [question_row(one) for one in briefing.questions.all()] if is_published else [],
        "is_published": is_published,
        "files": briefing.files.all(),
        "lines": history_of(subject_key(briefing)),
        "may_open_desk": request.user.is_authenticated and may_see_briefing_desk_page(request.user, briefing),
        "may_ask": bool(may_ask_beforehand(request.user if request.user.is_authenticated else None, briefing, at)),
    }


def attendance_of(briefing):
    """Return how many came: {rows, invited, present}."""
    rows = list(briefing.attendance.all())
    return {
        "rows": rows,
        "invited": sum(row.invited for row in rows),
        "present": sum(row.present for row in rows),
    }


def question_row(question):
    """Return a question as everybody may read it: of one that is an inquiry only what its own page shows as well."""
    inquiry = question.inquiry
    is_ordinary = inquiry is None or inquiry.route == Route.ORDINARY
    if inquiry is None:
        text = question.text
    elif is_text_public(inquiry):
        text = inquiry.public_body
    else:
        # Said aloud before everybody, it is no secret, unless the union has hidden or changed its words.
        is_told = is_ordinary and not inquiry.hidden_class and not question.is_beforehand
        text = question.text if is_told and inquiry.public_body in ("", question.text) else ""
    return {"question": question, "inquiry": inquiry, "text": text, "is_ordinary": is_ordinary}


@method_decorator(public_view, name="dispatch")
class BriefingView(View):
    """One briefing: agenda, speakers, attendance, slides, figures, questions with their answers, minutes, history."""

    template_name = "disclosures/briefings/detail.html"

    def get(self, request, pk, version=None):
        at = timezone.now()
        wanted = version
        context = briefing_context(request, find_briefing(request, pk), at, wanted=wanted)
        if wanted is not None and context["minutes"] is None:
            raise Http404
        return render(request, self.template_name, context)


class BriefingPrintView(BriefingView):
    """The same on paper."""

    template_name = "disclosures/briefings/print.html"


@method_decorator(public_view, name="dispatch")
class BriefingFileView(View):
    """A slide or table of a briefing that this reader may read."""

    def get(self, request, pk, file_id):
        for held in find_briefing(request, pk).files.all():
            if str(held.file_id) == str(file_id):
                return serve(held.file)
        raise Http404


@method_decorator(public_view, name="dispatch")
class BriefingsIcsView(View):
    """A calendar of the briefings of everybody or of one unit, to subscribe to; it names nobody."""

    def get(self, request, code=""):
        at = timezone.now()
        rows = Briefing.objects.filter(audience=Audience.EVERYBODY, starts_at__gte=at - dt.timedelta(days=366))
        name = _("Briefings")
        if code:
            unit = only_one(Unit.objects.filter(code=code))
            if unit is None:
                raise Http404
            rows = rows.filter(inside([unit]))
            name = f"{name} · {unit.name}"
        rows = rows.select_related("unit").prefetch_related("agenda").order_by("-starts_at", "-pk")[:ICS_SHOWN]
        content = make_calendar(name=name, events=[_event(request, one) for one in rows], at=at)
        return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _event(request, briefing):
    title = f"{briefing.unit.name} · {briefing.title}"
    if briefing.state == S.CANCELLED:
        title = _("cancelled: %(title)s") % {"title": title}
    points = briefing.agenda.all()
    length = sum(point.minutes or 0 for point in points) or USUAL_MINUTES
    return Event(
        uid=briefing.pk,
        summary=title,
        starts_at=briefing.starts_at,
        ends_at=briefing.starts_at + dt.timedelta(minutes=length),
        description="\n".join(f"{point.order}. {point.title}" for point in points),
        url=request.build_absolute_uri(reverse("disclosures:briefing", args=[briefing.pk])),
        place=briefing.place,
    )


@method_decorator(public_view, name="dispatch")
class BriefingsGoView(View):
    """Send a reader on from a notice or a promise to the page of a briefing, or to the months of a unit."""

    def get(self, request, kind, pk):
        user = request.user
        if kind == "briefingduty":
            duty = only_one(BriefingDuty.objects.select_related("unit").filter(pk=pk))
            if duty is None:
                raise Http404
            return redirect(f"{reverse('disclosures:briefings')}?unit={duty.unit.code}&year={duty.starts_on.year}")
        briefing = only_one(Briefing.objects.select_related("unit").filter(pk=pk))
        if briefing is None:
            raise Http404
        if user.is_authenticated and may_see_briefing_desk_page(user, briefing):
            return redirect("disclosures:briefing_work", briefing.pk)
        if may_read_public(user, briefing):
            return redirect("disclosures:briefing", briefing.pk)
        raise Http404
