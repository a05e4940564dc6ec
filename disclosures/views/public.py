"""What everybody may read: what is on show, what was, and what should be."""

from django.contrib import messages
from django.db.models import Q
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

from feedback.enums import Route
from portal.accounts.middleware import public_view
from portal.accounts.models import Unit
from portal.files.serving import serve
from portal.kernel.days import local_day
from portal.kernel.keeping import fingerprint, is_kept_for, kept_page, known, remembered
from portal.kernel.paging import keyset_page
from portal.kernel.templatetags.words import say_day
from portal.kernel.verdicts import OperationRefused
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..display import days_shown
from ..enums import PublicationKind, PublicationState, Section
from ..forms import PublicationFilterForm
from ..models import Acknowledgement, CatalogueItem, Opinion, Publication, Rectification
from ..operations import acknowledge, can_object, count_read, period_of_notice
from ..queries import inside, publication_by_number, publications_appeared, with_working_relations
from ..queries.acknowledgements import acknowledged_total
from ..queries.boards import display_proof
from ..rules import may_read_public, may_see_desk_page
from ..rules.publishing import signed
from ..standing import notice_standing, publication_standing

PAGE_SIZE = 25
OPINIONS_SHOWN = 50
FIRST_YEAR = 2024
UNITS_SECONDS = 10  # each process keeps the units of the filter for a while; they change a few times a year
SHOWN = (
    "year",
    "serial",
    "kind",
    "state",
    "title",
    "publish_at",
    "shown_until",
    "is_forced",
    "is_must_read",
    "audience",
)


def filtered(rows, chosen, at):
    """Return published texts that fit the filters; without a wish for the past, only those on show."""
    today = local_day(at)
    if not chosen.get("past") and not chosen.get("year") and not chosen.get("q"):
        rows = rows.filter(shown_until__gte=today).exclude(state=PublicationState.WITHDRAWN)
    if words := chosen.get("q"):
        rows = rows.filter(_fits(words))
    if section := chosen.get("section"):
        rows = rows.filter(item__section=section)
    if unit := chosen.get("unit"):
        rows = rows.filter(inside([unit]))
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if year := chosen.get("year"):
        rows = rows.filter(year=int(year))
    return rows


def _fits(words):
    year, dash, serial = words.partition("-")
    if dash and year.isascii() and year.isdigit() and len(year) == 4 and serial.isascii() and serial.isdigit():
        return Q(year=int(year), serial=int(serial[:9]))
    return Q(title__contains=words) & ~Q(state=PublicationState.WITHDRAWN)


def _units():
    return list(Unit.objects.active().select_related("parent").order_by("path"))


@method_decorator(public_view, name="dispatch")
class ListView(TemplateView):
    """What is on show, newest first, and on request what was; withdrawn texts keep their number and reason."""

    template_name = "disclosures/publication_list.html"

    def get(self, request, *args, **kwargs):
        self.at = timezone.now()
        self.units = remembered("disclosures:units", _units, seconds=UNITS_SECONDS)
        rows = publications_appeared(request.user, self.at).values("id", *SHOWN, "item__code", "unit__name")
        self.page = keyset_page(
            filtered(rows, self.form.chosen, self.at),
            order=("-publish_at", "-id"),
            token=request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        if not is_kept_for(request):
            return super().get(request, *args, **kwargs)
        # The page itself is made only when something of all this has changed.
        units = [(unit.code, unit.name) for unit in self.units]
        key = fingerprint(request, self.page, local_day(self.at), units)
        return kept_page(request, key, lambda: super(ListView, self).get(request, *args, **kwargs).render().content)

    @cached_property
    def form(self):
        years = range(local_day(self.at).year, FIRST_YEAR - 1, -1)
        return PublicationFilterForm(self.request.GET, units=self.units, years=years)

    def get_context_data(self, **kwargs):
        section = self.form.chosen.get("section", "")
        base = reverse("disclosures:list")
        sections = [{"label": _("All"), "url": base, "is_current": not section}] + [
            {"label": f"{code} {label}", "url": f"{base}?section={code}", "is_current": section == code}
            for code, label in Section.choices
        ]
        return super().get_context_data(
            filters=self.form,
            chosen_count=len(self.form.chosen),
            page=self.page,
            rows=render_rows([_text_of(row) for row in self.page], self.at),
            sections=sections,
            **_feed_of(self.form.chosen),
            **kwargs,
        )


def _feed_of(chosen):
    """Return address and name of the feed of what is chosen: of a category, of a unit, or of everything."""
    if unit := chosen.get("unit"):
        about, name = unit.code, unit.name
    elif about := chosen.get("section", ""):
        name = f"{about} {Section(about).label}"
    else:
        return {"feed_url": reverse("disclosures:feed"), "feed_name": ""}
    return {"feed_url": reverse("disclosures:feed_about", args=[about]), "feed_name": name}


def _text_of(row):
    """Return the text of a row of values, with its item and unit, as far as a list shows them."""
    text = Publication(**{name: row[name] for name in ("id", *SHOWN)})
    text.item, text.unit = CatalogueItem(code=row["item__code"]), Unit(name=row["unit__name"])
    return text


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
    """One text as everybody reads it, with versions, fingerprint, signatures, days left; withdrawn: its tombstone."""

    def get(self, request, number):
        at = timezone.now()
        publication = find_public(request, number, at)
        context = public_context(request, publication, at)
        if not is_kept_for(request):
            return render(request, "disclosures/publication_detail.html", context)
        key = fingerprint(request, known(context), local_day(at))
        return kept_page(request, key, lambda: render(request, "disclosures/publication_detail.html", context).content)


@method_decorator(public_view, name="dispatch")
class VersionView(View):
    """A text as it stood before a correction; a masked one only for those who prepare and supervise."""

    def get(self, request, number, version):
        at = timezone.now()
        publication = find_public(request, number, at)
        context = public_context(request, publication, at, wanted=int(version))
        if context["version"] is None:
            raise Http404
        return render(request, "disclosures/publication_detail.html", context)


def readable_versions(user, publication, at):
    """Return the versions this reader may see, newest first; what was masked is the makers' and supervisors' only."""
    rows = [row for row in publication.versions.all() if row.shown_from <= at]
    masked = [row.number for row in rows if row.kind == "masked"]
    if masked and not (user.is_authenticated and may_see_desk_page(user, publication)):
        rows = [row for row in rows if row.number >= max(masked)]
    if publication.state == PublicationState.WITHDRAWN and not (
        user.is_authenticated and may_see_desk_page(user, publication)
    ):
        return []
    return sorted(rows, key=lambda row: -row.number)


def public_context(request, publication, at, *, wanted=None):
    """Return what the page of a published text shows."""
    today = local_day(at)
    versions = readable_versions(request.user, publication, at)
    latest = versions[0] if versions else None
    version = next((row for row in versions if row.number == wanted), None) if wanted else latest
    standing = publication_standing(publication, at)
    begun = local_day(publication.publish_at)
    withdrawal = next((row for row in publication.withdrawals.all() if row.is_granted), None)
    is_notice = publication.kind == PublicationKind.NOTICE
    period = period_of_notice(publication, at) if is_notice else None
    is_signed_in = request.user.is_authenticated
    flags = list(Rectification.objects.filter(publication=publication).select_related("promise").order_by("flagged_at"))
    return {
        "publication": publication,
        "version": version,
        "versions": versions,
        "is_latest": version is not None and latest is not None and version.number == latest.number,
        "standing": standing,
        "begun_on": begun,
        "days_shown": days_shown(begun, publication.shown_until, today),
        "notice": publication.notice if is_notice else None,
        "period": period,
        "notice_state": notice_standing(publication, period) if is_notice else None,
        "withdrawal": withdrawal,
        "signatures": signatures_of(publication),
        "opinions": opinions_of(publication),
        "can_object": is_notice and can_object(publication, at),
        "files": publication.files.all() if latest is not None else [],
        "flags": flags,
        "proof": display_proof(publication, at, period=period) if is_notice else None,
        "lines": history_of(subject_key(publication)),
        "may_open_desk": is_signed_in and may_see_desk_page(request.user, publication),
        "acknowledged": acknowledged_total(publication, at) if is_signed_in and publication.is_must_read else None,
        "has_acknowledged": is_signed_in
        and publication.is_must_read
        and Acknowledgement.objects.filter(publication=publication, person=request.user).exists(),
    }


def opinions_of(publication):
    """Return the opinions on a text, newest first; of matters of discipline inspection not even the kind."""
    rows = Opinion.objects.filter(publication=publication, inquiry__route=Route.ORDINARY)
    return list(rows.select_related("inquiry").order_by("-inquiry__year", "-inquiry__serial")[:OPINIONS_SHOWN])


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
            for held in publication.files.all():
                if str(held.file_id) == str(file_id):
                    return serve(held.file, inline_image=True)
        raise Http404
