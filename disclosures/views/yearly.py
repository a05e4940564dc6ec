"""The yearly ledger (台账): what is in it for this reader, and the file itself."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.exports.responses import download
from portal.kernel.days import local_day
from portal.kernel.rates import wait_for
from portal.kernel.refusals import TooMany
from portal.kernel.verdicts import require

from .. import rules
from ..forms.filters import LedgerYearForm
from ..rules.sight import DESK_ROLES
from ..yearly import YearlyLedger, ledger_workbook
from .public import FIRST_YEAR


def _units_of(user):
    """Return the units of which this reader has anything in the ledger, with all below them."""
    own = authority_of(user).units(*DESK_ROLES)
    rows = Unit.objects.active().select_related("parent").order_by("path")
    return [unit for unit in rows if any(one.covers(unit) for one in own)]


class _Chosen:
    """The year and unit that the address names, for a reader who has a desk of disclosure."""

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_use_desk(request.user))
        self.at = timezone.now()
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def form(self):
        years = range(local_day(self.at).year, FIRST_YEAR - 1, -1)
        return LedgerYearForm(self.request.GET, units=_units_of(self.request.user), years=years)

    def ledger(self, year):
        return YearlyLedger(self.request.user, year, self.form.chosen.get("unit"), self.at)


class YearlyView(_Chosen, TemplateView):
    """What the ledger of a year holds, sheet by sheet, and the way to the file."""

    template_name = "disclosures/yearly.html"

    def get_context_data(self, **kwargs):
        year = int(self.form.chosen.get("year") or local_day(self.at).year)
        ledger = self.ledger(year)
        query = f"?{urlencode({'unit': ledger.unit.code})}" if ledger.unit else ""
        return super().get_context_data(
            filters=self.form,
            year=year,
            unit=ledger.unit,
            counts=ledger.counts(),
            file_url=reverse("disclosures:yearly_file", args=[year]) + query,
            **kwargs,
        )


class YearlyFileView(_Chosen, View):
    """The ledger of a year as .xlsx; a year without disclosure is a 404."""

    def get(self, request, year):
        if not FIRST_YEAR <= int(year) <= local_day(self.at).year:
            raise Http404
        if wait := wait_for("ledger.file", request.user.pk, at=self.at):
            raise TooMany(_("Too many files within an hour. Please wait a while."), retry_after=wait)
        ledger = self.ledger(int(year))
        place = ledger.unit.name if ledger.unit else _("all units")
        title = _("Yearly ledger of disclosure %(year)s, %(place)s") % {"year": year, "place": place}
        return download(ledger_workbook(ledger, title=title), f"{title}.xlsx")
