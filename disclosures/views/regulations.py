"""The library as everybody reads it: what holds, what held on a day, what changed since one."""

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.templatetags.words import icon, say_day
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..enums import RegulationCategory, RegulationKind
from ..forms import DayForm, RegulationFilterForm
from ..operations import mark_looked
from ..queries import (
    changed_since,
    counts_by_category,
    holding_words,
    inside,
    looked_on,
    readable_versions_of_library,
    regulation_by_code,
    standing_rows,
    versions_of,
)
from ..regulation_reading import contents_of, standing_of, standing_row, validity
from ..rules import may_read_regulation
from ..rules.sight import PREPARERS

PAGE_SIZE = 30
CHANGED_DAYS = 30
CHANGES_SHOWN = 1000


@method_decorator(public_view, name="dispatch")
class RegulationListView(TemplateView):
    """What is in force, by code; on request what is coming, repealed, changed since a day or holds some words."""

    template_name = "disclosures/regulations/list.html"

    def get(self, request, *args, **kwargs):
        self.today = local_day(timezone.now())
        chosen = self.form.chosen
        self.standing = chosen.pop("standing", "in_force")
        rows = standing_rows(readable_versions_of_library(request.user), self.standing, self.today)
        if words := chosen.get("q"):
            rows = holding_words(rows, words)
        if kind := chosen.get("kind"):
            rows = rows.filter(regulation__kind=kind)
        if unit := chosen.get("unit"):
            rows = rows.filter(inside([unit], field="regulation__unit"))
        if since := chosen.get("since"):
            rows = rows.filter(news_on__gte=since, news_on__lte=self.today)
        self.counts = counts_by_category(rows)
        if category := chosen.get("category"):
            rows = rows.filter(regulation__category=category)
        self.page = keyset_page(
            rows,
            order=("-regulation__kind", "regulation__code", "id"),
            token=request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        return super().get(request, *args, **kwargs)

    @cached_property
    def form(self):
        units = Unit.objects.active().select_related("parent").order_by("path")
        return RegulationFilterForm(self.request.GET, units=units)

    def get_context_data(self, **kwargs):
        chosen = self.form.chosen
        labels = {
            "in_force": _("In force"),
            "coming": _("Coming into force"),
            "repealed": _("Repealed"),
            "all": _("All"),
        }
        return super().get_context_data(
            filters=self.form,
            chosen_count=len(chosen),
            standing=self.standing,
            page=self.page,
            rows=render_rows(self.page, self.today),
            total=sum(self.counts.values()),
            tabs=[
                {"label": label, "url": self._url(standing=code), "is_current": code == self.standing}
                for code, label in labels.items()
            ],
            categories=[
                {
                    "label": label,
                    "count": self.counts.get(code, 0),
                    "url": self._url(category="" if chosen.get("category") == code else code),
                    "is_current": chosen.get("category") == code,
                }
                for code, label in RegulationCategory.choices
                if self.counts.get(code) or chosen.get("category") == code
            ],
            **kwargs,
        )

    def _url(self, **changes):
        values = {name: self.request.GET.get(name, "") for name in self.form.fields} | changes
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{self.request.path}?{query}" if query else self.request.path


def render_rows(versions, today):
    """Return the rows of a list of versions as markup, by one function."""
    rows = []
    for version in versions:
        regulation, standing = version.regulation, standing_row(version, today)
        rows.append(
            (
                address_of(version, today),
                version.title,
                regulation.code,
                icon("route" if regulation.kind == RegulationKind.FLOW else "book-text", 16),
                regulation.get_kind_display(),
                regulation.get_category_display(),
                regulation.unit.name,
                version.document_number,
                standing.tone,
                standing.word,
                standing.sentence,
            )
        )
    return format_html_join(
        "\n",
        '<li class="row-item" data-row><p class="row-title"><a href="{}">{}</a></p>'
        '<p class="row-meta"><span class="row-number">{}</span><span class="row-kind">{} {}</span><span>{}</span>'
        '<span>{}</span><span>{}</span></p><div class="row-side"><span class="mark mark-{}">{}</span> '
        '<span class="soft small">{}</span></div></li>',
        rows,
    )


def address_of(version, today):
    """Return where a row of the library is read: what holds under its code, what is coming under its number."""
    code = version.regulation.code
    if version.number and version.in_force_from > today:
        return reverse("disclosures:regulation_version", args=[code, version.number])
    return reverse("disclosures:regulation", args=[code])


def find_regulation(request, code):
    """Return a regulation that has been approved once, for its readers; everything else is a 404."""
    regulation = regulation_by_code(code)
    if regulation is None or not may_read_regulation(request.user, regulation):
        raise Http404
    return regulation


@method_decorator(public_view, name="dispatch")
class RegulationView(View):
    """A regulation: what it says today, or said on a day that is asked for, or as a version that is named."""

    template_name = "disclosures/regulations/detail.html"

    def get(self, request, code, number=None):
        at = timezone.now()
        regulation, today = find_regulation(request, code), local_day(at)
        versions = versions_of(regulation)
        form = DayForm(request.GET, label=_("As of"), auto_id="id_as_of_%s") if "day" in request.GET else None
        form = form or DayForm(label=_("As of"), initial={"day": today})
        asked = form.cleaned_data.get("day") if form.is_bound and form.is_valid() else None
        shown, day = self._shown(versions, number, asked, today)
        return render(
            request,
            self.template_name,
            self.context(regulation, versions, shown, day, today)
            | {
                "day_form": form,
                "asked": asked,
            },
        )

    def _shown(self, versions, number, asked, today):
        """Return (the row to show, the day it is looked at on)."""
        if number is not None:
            found = next((row for row in versions if row.number == int(number)), None)
            if found is None:
                raise Http404
            return found, today
        day = asked or today
        held = next((row for row in versions if validity(row).covers(day)), None)
        if held is None and asked is None:
            held = versions[0]  # nothing yet: what is coming
        return held, day

    def context(self, regulation, versions, shown, day, today):
        text = shown
        if shown is not None and shown.is_repeal:
            # What was repealed stays readable below the notice that it was.
            texts = [row for row in versions if not row.is_repeal and row.in_force_from < shown.in_force_from]
            text = texts[-1] if texts else None
        user = self.request.user
        return {
            "regulation": regulation,
            "shown": shown,
            "version": text,
            "contents": contents_of(text.body) if text else [],
            "steps": list(text.steps.all()) if text and regulation.kind == RegulationKind.FLOW else [],
            "standing": standing_of(versions, shown, today),
            "day": day,
            "today": today,
            "versions": [
                {"row": row, "standing": standing_row(row, today), "has_before": bool(row.number and row.number > 1)}
                for row in reversed(versions)
            ],
            "coming": next((row for row in versions if row.in_force_from > today and row is not shown), None),
            "lines": history_of(subject_key(regulation)),
            "ask_url": f"{reverse('disclosures:ask')}?{urlencode({'unit': regulation.unit.code, 'item': 'B07'})}",
            "may_prepare": authority_of(user).holds(*PREPARERS, unit=regulation.unit),
        }


class RegulationPrintView(RegulationView):
    """The same on a sheet of paper."""

    template_name = "disclosures/regulations/print.html"


@method_decorator(public_view, name="dispatch")
class RegulationCompareView(View):
    """A version beside the one before it, clause by clause."""

    def get(self, request, code, number):
        regulation, today = find_regulation(request, code), local_day(timezone.now())
        texts = [row for row in versions_of(regulation) if row.number]
        at = next((at for at, row in enumerate(texts) if row.number == int(number)), 0)
        if not at:
            raise Http404
        before, after = texts[at - 1], texts[at]
        context = {
            "regulation": regulation,
            "before": before,
            "after": after,
            "standing": standing_row(after, today),
            "before_steps": steps_markup(before),
            "after_steps": steps_markup(after),
        }
        return render(request, "disclosures/regulations/compare.html", context)


def steps_markup(version):
    """Return a version's steps as a list that can be compared."""
    names = ("what", "who", "takes", "gives", "limit", "form")
    lines = [(" · ".join(filter(None, (getattr(step, name) for name in names))),) for step in version.steps.all()]
    return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", lines)) if lines else ""


@method_decorator(public_view, name="dispatch")
class RegulationChangesView(View):
    """What came into force, changed or was repealed since a day: a month, a day of one's own, the last look."""

    def get(self, request):
        at = timezone.now()
        today, user = local_day(at), request.user
        form = DayForm(request.GET, label=_("Since")) if request.GET.get("day") else None
        asked = form.cleaned_data.get("day") if form is not None and form.is_valid() else None
        looked = looked_on(user)
        since = asked or (looked if request.GET.get("look") and looked else today - dt.timedelta(days=CHANGED_DAYS))
        rows = list(changed_since(user, since, today)[:CHANGES_SHOWN])
        coming = readable_versions_of_library(user).filter(in_force_from__gt=today).order_by("in_force_from")
        groups = (
            (_("New"), "book-plus", [row for row in rows if row.number == 1]),
            (_("Revised"), "file-diff", [row for row in rows if row.number and row.number > 1]),
            (_("Repealed"), "book-x", [row for row in rows if row.is_repeal]),
            (_("Coming"), "calendar-clock", list(coming[:CHANGES_SHOWN])),
        )
        context = {
            "day_form": form or DayForm(label=_("Since"), initial={"day": since}),
            "since": since,
            "today": today,
            "looked": looked,
            "groups": [
                {"title": title, "icon": name, "count": len(found), "rows": render_changes(found, today)}
                for title, name, found in groups
            ],
            "total": len(rows),
        }
        return render(request, "disclosures/regulations/changes.html", context)


def render_changes(versions, today):
    """Return rows with the day and the note of what changed."""
    rows = (
        (
            address_of(version, today),
            version.title,
            format_html('<p class="row-text">{}</p>', version.note) if version.note else "",
            version.regulation.code,
            version.regulation.get_category_display(),
            version.regulation.unit.name,
            _("from %(day)s") % {"day": say_day(version.in_force_from)},
        )
        for version in versions
    )
    return format_html_join(
        "\n",
        '<li class="row-item" data-row><p class="row-title"><a href="{}">{}</a></p>{}'
        '<p class="row-meta"><span class="row-number">{}</span><span>{}</span><span>{}</span><span>{}</span></p></li>',
        rows,
    )


class RegulationLookedView(View):
    """Somebody signed in says that they have looked through what changed; only this button remembers the day."""

    http_method_names = ("post", "options")

    def post(self, request):
        mark_looked(actor=request.user, at=timezone.now())
        messages.success(request, _("Noted. Next time you see what changed from today on."))
        return redirect(f"{reverse('disclosures:regulation_changes')}?look=1")
