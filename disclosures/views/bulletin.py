"""The bulletin as everybody reads it: its issues, one of them, on paper, as a Word file, as a feed."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.exports.feeds import PortalFeed
from portal.exports.responses import download
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.richtext import excerpt

from ..documents import issue_document
from ..forms import BulletinFilterForm
from ..models import BulletinIssue
from ..printed import figures_chart, issue_label, masthead, printed_parts
from ..queries import issue_by_number, issues_of_desk, issues_public
from .public import FIRST_YEAR

PAGE_SIZE = 25
NEWEST = 30
LISTED = ("unit__code", "unit__name", "year", "serial", "total", "title", "issued_at")


def issue_context(issue, figures=None):
    """Return what the pages of an issue show."""
    parts = printed_parts(issue, figures)
    rows = next((entry.figures for part in parts for entry in part.entries if entry.figures), None)
    return {
        "issue": issue,
        "parts": parts,
        "masthead": masthead(),
        "label": issue_label(issue) if issue.serial else _("not issued yet"),
        "chart": figures_chart(issue, rows) if rows else None,
        "delivered": sum(entry.has_delivered for entry in issue.entries.all()),
    }


def find_issue(unit_code, number):
    """Return the issued one; everything else is a 404."""
    issue = issue_by_number(unit_code, number)
    if issue is None:
        raise Http404
    return issue


@method_decorator(public_view, name="dispatch")
class BulletinListView(TemplateView):
    """All issues, newest first, by unit and year."""

    template_name = "disclosures/bulletin/list.html"

    def get(self, request, *args, **kwargs):
        self.at = timezone.now()
        rows = issues_public().select_related("unit").only(*LISTED)
        chosen = self.form.chosen
        if unit := chosen.get("unit"):
            rows = rows.filter(unit=unit)
        if year := chosen.get("year"):
            rows = rows.filter(year=int(year))
        self.page = keyset_page(rows, order=("-issued_at", "-id"), token=request.GET.get("after", ""), size=PAGE_SIZE)
        return super().get(request, *args, **kwargs)

    @cached_property
    def form(self):
        units = Unit.objects.filter(pk__in=issues_public().values("unit")).select_related("parent").order_by("path")
        years = range(local_day(self.at).year, FIRST_YEAR - 1, -1)
        return BulletinFilterForm(self.request.GET, units=list(units), years=years)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            filters=self.form,
            chosen_count=len(self.form.chosen),
            page=self.page,
            rows=[{"issue": issue, "label": issue_label(issue)} for issue in self.page],
            masthead=masthead(),
            **kwargs,
        )


@method_decorator(public_view, name="dispatch")
class BulletinView(View):
    """One issue to read; what may not be read any more is left out and says so."""

    template_name = "disclosures/bulletin/issue.html"

    def get(self, request, unit, number):
        issue = find_issue(unit, number)
        context = issue_context(issue)
        context["may_open_desk"] = (
            request.user.is_authenticated and issues_of_desk(request.user).filter(pk=issue.pk).exists()
        )
        return render(request, self.template_name, context)


@method_decorator(public_view, name="dispatch")
class BulletinPrintView(View):
    """The same on a sheet of paper, under its red head."""

    def get(self, request, unit, number):
        return render(request, "disclosures/bulletin/print.html", issue_context(find_issue(unit, number)))


@method_decorator(public_view, name="dispatch")
class BulletinFileView(View):
    """The same as a Word file in the form of an official document (GB/T 9704)."""

    def get(self, request, unit, number):
        issue = find_issue(unit, number)
        return download(issue_document(issue), f"{masthead()}{issue_label(issue)}.docx")


class BulletinFeed(PortalFeed):
    """The newest issues of all units."""

    def title(self):
        return masthead()

    def description(self):
        return _("What the union has compiled: answers, disclosures, figures.")

    def link(self):
        return reverse("disclosures:bulletins")

    def items(self):
        return list(issues_public().select_related("unit").order_by("-issued_at", "-pk")[:NEWEST])

    def item_title(self, item):
        return f"{item.unit.name} {issue_label(item)} {item.title}"

    def item_description(self, item):
        return excerpt(item.lead, 200)

    def item_link(self, item):
        return reverse("disclosures:bulletin", args=[item.unit.code, item.number])

    def item_day(self, item: BulletinIssue):
        return local_day(item.issued_at)
