"""What everybody may read: what is on show, what was, and what should be."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import TemplateView

from feedback.forms.fields import unit_label
from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.files.serving import serve
from portal.kernel.days import local_day
from portal.kernel.keeping import fingerprint, is_kept_for, kept_for_reader, kept_page, kept_part, remembered
from portal.kernel.templatetags.words import say_day
from portal.kernel.verdicts import OperationRefused
from portal.ledger.history import in_order, lines_of

from ..display import days_shown
from ..enums import PublicationKind, PublicationState, Section
from ..forms import PublicationFilterForm
from ..models import Acknowledgement, Publication
from ..operations import acknowledge, can_object, count_read, period_of_notice
from ..queries import publication_by_number, with_working_relations
from ..queries.acknowledgements import acknowledged_total
from ..queries.boards import display_proof
from ..queries.newest import text_of, texts_page
from ..queries.public_texts import public_text
from ..rules import may_read_public, may_read_unmasked, may_see_desk_page
from ..rules.publishing import signed
from ..standing import notice_standing, publication_standing

FIRST_YEAR = 2024
UNITS_SECONDS = 10  # each process keeps the units of the filter for a while; they change a few times a year


def _units():
    """Return the units of the filter, and the same as (code, label)."""
    units = list(Unit.objects.active().select_related("parent").order_by("path"))
    return units, [(unit.code, unit_label(unit)) for unit in units]


@method_decorator(public_view, name="dispatch")
class ListView(TemplateView):
    """What is on show, newest first, and on request what was; withdrawn texts keep their number and reason."""

    template_name = "disclosures/publication_list.html"

    def get(self, request, *args, **kwargs):
        self.at = timezone.now()
        self.today = local_day(self.at)
        self.units, self.unit_labels = remembered("disclosures:units", _units, seconds=UNITS_SECONDS)
        token = request.GET.get("after", "")
        self.page = texts_page(request.user, self.chosen, token=token, at=self.at, today=self.today)
        # The page itself is made only when something of all this has changed.
        if not is_kept_for(request):
            shown = ("texts", self.page, self.today, self.filters_key, request.user.is_authenticated)
            return kept_for_reader(request, shown, lambda: super(ListView, self).get(request, *args, **kwargs))
        key = fingerprint(request, self.page, self.today, self.filters_key)
        return kept_page(request, key, lambda: super(ListView, self).get(request, *args, **kwargs).render().content)

    @cached_property
    def chosen(self):
        """The filters that were chosen and fit; most choose none, or only the past, and the form is not asked."""
        asked = self.request.GET.keys() - {"after"}
        if asked == {"past"} and self.request.GET.getlist("past") == ["on"]:
            return {"past": True}
        return self.form.chosen if asked else {}

    @cached_property
    def form(self):
        years = range(self.today.year, FIRST_YEAR - 1, -1)
        return PublicationFilterForm(self.request.GET, units=self.units, years=years)

    @cached_property
    def filters_key(self):
        """All that tabs and filters are drawn from: what was asked for, the units to choose from, the years."""
        asked = [(name, self.request.GET.getlist(name)) for name in PublicationFilterForm.base_fields]
        return asked, self.unit_labels, self.today.year

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            chosen_count=len(self.chosen),
            page=self.page,
            rows=rows_kept(self.page.items, self.at),
            **_feed_of(self.chosen),
            **kwargs,
        )

    def sections(self):
        """Return the tabs: every category, and all of them."""
        section = self.chosen.get("section", "")
        base = reverse("disclosures:list")
        return [{"label": _("All"), "url": base, "is_current": not section}] + [
            {"label": f"{code} {label}", "url": f"{base}?section={code}", "is_current": section == code}
            for code, label in Section.choices
        ]


def _feed_of(chosen):
    """Return address and name of the feed of what is chosen: of a category, of a unit, or of everything."""
    if unit := chosen.get("unit"):
        about, name = unit.code, unit.name
    elif about := chosen.get("section", ""):
        name = f"{about} {Section(about).label}"
    else:
        return {"feed_url": reverse("disclosures:feed"), "feed_name": ""}
    return {"feed_url": reverse("disclosures:feed_about", args=[about]), "feed_name": name}


def rows_kept(lines, at):
    """Return the rows of a list as markup, kept by all they show: what was read of the texts, and the day."""
    return kept_part(("texts", lines, local_day(at)), lambda: render_rows([text_of(line) for line in lines], at))


def render_rows(publications, at):
    """Return the rows of a list of published texts as markup, by one function."""
    rows = []
    for text in publications:
        standing = publication_standing(text, at)
        marks = [(standing.tone, standing.word)]
        if text.kind == PublicationKind.NOTICE:
            marks.insert(0, ("seal", _("public notice")))
        if text.is_forced:
            marks.append(("orange", _("out of turn")))
        if text.is_must_read:
            marks.append(("ink", _("must be read")))
        rows.append(
            (
                reverse("disclosures:public", args=[text.number]),
                text.title if standing.code != "withdrawn" else _("withdrawn: %(title)s") % {"title": text.title},
                text.item.code,
                text.unit.name,
                say_day(local_day(text.publish_at)),
                format_html_join("", '<span class="mark mark-{}">{}</span>', marks),
                standing.sentence,
            )
        )
    return format_html_join(
        "\n",
        '<li class="row-item" data-row><p class="row-title"><a href="{}">{}</a></p>'
        '<p class="row-meta"><span class="row-number">{}</span><span>{}</span><span>{}</span>{}</p>'
        '<div class="row-side"><span class="soft small">{}</span></div></li>',
        rows,
    )


def find_public(request, number, at):
    """Return a text that has appeared, for its readers; everything else is a 404, as if there were none."""
    publication = publication_by_number(number, with_working_relations(Publication.objects.appeared(at)))
    if publication is None or not may_read_public(request.user, publication):
        raise Http404
    return publication


@method_decorator(public_view, name="dispatch")
class PublicView(View):
    """
    One text as everybody reads it, with versions, fingerprint, signatures, days left; withdrawn: its tombstone.

    With a version's number as it stood before a correction; before a masking only for who wrote, signed or supervises.
    """

    def get(self, request, number, version=None):
        at = timezone.now()
        text = public_text(number, at, request.user)
        if text is None or not may_read_public(request.user, text.publication):
            raise Http404
        if not is_kept_for(request):
            return self._page_of_reader(text, at, version)
        # The page itself is made only when something that was read for it, the day, or the work calendar has changed.
        key = fingerprint(request, text.read, counted(text, at), local_day(at))
        return kept_page(request, key, lambda: self._page(text, at, version).content)

    def _page_of_reader(self, text, at, version):
        context = self._context(text, at, version)
        # What must be read says how many have, and to each whether they have themselves.
        reading = context["acknowledged"], context["has_acknowledged"]
        key = "text", context["shown"], context["may_open_desk"], self.request.user.is_authenticated, reading
        return kept_for_reader(self.request, key, lambda: self._drawn(context))

    def _page(self, text, at, version=None):
        return self._drawn(self._context(text, at, version))

    def _context(self, text, at, version):
        context = public_context(self.request, text, at, wanted=version and int(version))
        if version is not None and context["version"] is None:
            raise Http404
        return context

    def _drawn(self, context):
        return render(self.request, "disclosures/publication_detail.html", context)


def readable_versions(user, publication, at):
    """Return the versions this reader may see, newest first; of a masked notice what ``may_read_unmasked`` allows."""
    rows = [row for row in publication.versions.all() if row.shown_from <= at]
    masked = [row.number for row in rows if row.kind == "masked"]
    if masked and not (user.is_authenticated and may_read_unmasked(user, publication)):
        rows = [row for row in rows if row.number >= max(masked)]
    if publication.state == PublicationState.WITHDRAWN and not (
        user.is_authenticated and may_see_desk_page(user, publication)
    ):
        return []
    return sorted(rows, key=lambda row: -row.number)


def counted(text, at):
    """Return what of a public notice depends on the work calendar: (its period, its proof of display), or nothing."""
    if text.publication.kind != PublicationKind.NOTICE:
        return None, None
    period = period_of_notice(text.publication, at, general=text.general_gaps)
    return period, display_proof(text.publication, at, period=period, showings=text.showings)


def public_context(request, text, at, *, wanted=None):
    """Return what the page of a published text shows; ``wanted`` is the number of a version, by default the latest."""
    publication, user = text.publication, request.user
    today = local_day(at)
    versions = readable_versions(user, publication, at)
    latest = versions[0] if versions else None
    version = next((row for row in versions if row.number == wanted), None) if wanted else latest
    begun = local_day(publication.publish_at)
    is_notice = publication.kind == PublicationKind.NOTICE
    period, proof = counted(text, at)
    asks = user.is_authenticated and publication.is_must_read
    return {
        "publication": publication,
        "version": version,
        "versions": versions,
        "is_latest": version is not None and latest is not None and version.number == latest.number,
        "standing": publication_standing(publication, at),
        "begun_on": begun,
        "days_shown": days_shown(begun, publication.shown_until, today),
        "notice": publication.notice if is_notice else None,
        "period": period,
        "notice_state": notice_standing(publication, period) if is_notice else None,
        "withdrawal": next((row for row in publication.withdrawals.all() if row.is_granted), None),
        "signatures": signatures_of(publication),
        "opinions": text.opinions,
        "can_object": is_notice and can_object(publication, at, period=period),
        "files": publication.files.all() if latest is not None else [],
        "flags": text.flags,
        "proof": proof,
        "lines": lines_of(in_order(text.entries), names=text.names),
        "may_open_desk": user.is_authenticated and may_see_desk_page(user, publication),
        # Numbers are those of last night: on its first day a text has none.
        "acknowledged": acknowledged_total(publication, at) if asks and begun < today else None,
        "has_acknowledged": asks and Acknowledgement.objects.filter(publication=publication, person=user).exists(),
        # What the parts of the page that are no reader's own are made of.
        "shown": (text.read, period, proof, today, [row.number for row in versions], wanted, user.is_authenticated),
    }


def signatures_of(publication):
    """Return the signatures of the last round as everybody may read them: step, day, and whether it is a yes."""
    return [row for row in signed(publication).values() if row.is_granted or row.step == "ratify"]


class ReadView(View):
    """Count that somebody signed in has opened a text; the page posts it by script, so that no GET writes."""

    http_method_names = ("post", "options")

    def post(self, request, number):
        at = timezone.now()
        publication = find_public(request, number, at)
        count_read(publication_id=publication.pk, at=at)
        return HttpResponse(status=204)


class AcknowledgeView(View):
    """A worker says that they have read what must be read."""

    http_method_names = ("post", "options")

    def post(self, request, number):
        at = timezone.now()
        publication = find_public(request, number, at)
        try:
            acknowledge(publication=publication, actor=request.user, at=at)
        except OperationRefused as refusal:
            messages.error(request, refusal.reason)
        else:
            messages.success(request, _("Thank you. It is noted that you have read this."))
        return redirect("disclosures:public", number)


@method_decorator(public_view, name="dispatch")
class FileView(View):
    """An attachment of a text that this reader may read."""

    def get(self, request, number, file_id):
        at = timezone.now()
        publication = find_public(request, number, at)
        if readable_versions(request.user, publication, at):
            for held in publication.shown_files:
                if str(held.file_id) == str(file_id):
                    return serve(held.file, inline_image=True)
        raise Http404
