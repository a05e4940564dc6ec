"""Work on the register of major decisions: entering, making public, correcting, reporting, naming publications."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.accounts.queries import units_within
from portal.kernel.days import local_day
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from ..enums import Audience, Execution
from ..forms import DecideForm
from ..forms.commitments import LinkForm, MajorCorrectForm, MajorForm, ProgressForm
from ..models import Publication
from ..operations.majors import (
    TEXTS,
    MajorDraft,
    ask_major_correction,
    decide_major,
    link_publication,
    register_major,
    report_progress,
)
from ..queries import publication_by_number, readable_by
from ..queries.majors import latest_status, majors_on_desk, with_major_relations
from ..rules import majors as rules
from ..rules.commitments import may_use_commitments_desk
from ..rules.sight import PREPARERS
from .majors import major_context
from .things import ThingActView


class MajorNewView(OperationFormView):
    """Enter a major decision into the register."""

    form_class = MajorForm
    template_name = "disclosures/majors/form.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_register_majors(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        prepared = authority_of(self.request.user).units(*PREPARERS)
        own = list(units_within(prepared).active().select_related("parent").order_by("path"))
        # A department enters what its unit decided: the units above may be named as well.
        above = Unit.objects.active().filter(
            path__in={unit.path[:end] for unit in prepared for end in range(4, len(unit.path) + 1, 4)}
        )
        units = {unit.pk: unit for unit in [*above.select_related("parent").order_by("path"), *own]}
        return {
            **super().get_form_kwargs(),
            "units": sorted(units.values(), key=lambda unit: unit.path),
            "departments": own,
            "today": local_day(timezone.now()),
        }

    def get_initial(self):
        return {"audience": Audience.EVERYBODY}

    def operate(self, form):
        values = dict(form.cleaned_data)
        decision = register_major(draft=MajorDraft(**values), actor=self.request.user, at=timezone.now())
        messages.success(self.request, _("It waits for somebody else to make it public."))
        return redirect("disclosures:major_work", decision.pk)


def find_major_desk(user, pk):
    """Return the decision whose working page exists for this person; everything else is a 404."""
    decision = only_one(with_major_relations(majors_on_desk(user)).filter(pk=pk))
    if decision is None or not rules.may_see_major_desk(user, decision):
        raise Http404
    return decision


class MajorWorkView(View):
    """The working page of a decision: where it stands, what may be done now, everything that was done."""

    def get(self, request, pk):
        at, user = timezone.now(), request.user
        decision = find_major_desk(user, pk)
        waiting = rules.waiting_version(decision)
        standing = [row for row in decision.versions.all() if row.is_granted]
        acts = (
            (
                "major_decide",
                _("Decide on making it public"),
                rules.may_decide_major(user, decision),
                "gavel",
                "primary",
            ),
            ("major_progress", _("Report progress"), rules.may_report_progress(user, decision), "activity", "primary"),
            ("major_correct", _("Correct"), rules.may_correct_major(user, decision), "file-pen-line", "secondary"),
            ("major_link", _("Name its publication"), rules.may_link_publication(user, decision), "link", "secondary"),
        )
        return render(
            request,
            "disclosures/majors/work.html",
            {
                **major_context(decision, user, at),
                "waiting": waiting,
                # Who only oversees has no desk to go back to.
                "back": f"{reverse('disclosures:commitments_desk')}?tab=register"
                if may_use_commitments_desk(user)
                else reverse("disclosures:majors"),
                "version": standing[-1] if standing else decision.versions.all()[0],
                "acts": [
                    {"label": label, "icon": icon, "tone": tone, "url": reverse(f"disclosures:{name}", args=[pk])}
                    for name, label, verdict, icon, tone in acts
                    if verdict
                ],
                "declined": next((row for row in decision.versions.all() if row.is_granted is False), None),
                "lines": history_of(subject_key(decision), with_time=True, with_all=True),
            },
        )


class _MajorActView(ThingActView):
    """An act on a decision."""

    def find(self):
        return find_major_desk(self.request.user, self.kwargs["pk"])

    def back_url(self):
        return reverse("disclosures:major_work", args=[self.thing.pk])

    def eyebrow(self):
        latest = self.thing.versions.all()[len(self.thing.versions.all()) - 1]
        return f"{self.thing.unit.name} · {latest.subject}"

    def act(self, operation, **values):
        """Call an operation on the decision as this reader, now."""
        return operation(decision_id=self.thing.pk, actor=self.request.user, at=timezone.now(), **values)


class MajorDecideView(_MajorActView):
    """Make a registration or a correction public, or not."""

    form_class = DecideForm
    template_name = "disclosures/majors/decide.html"
    may = staticmethod(rules.may_decide_major)
    title = _("Decide on making it public")
    lead = _("A yes shows it to its readers at once. What stood there before stays readable.")
    said = _("Your decision has been recorded.")

    def operate(self, form):
        self.act(decide_major, is_granted=form.is_granted, answer=form.cleaned_data["answer"])
        return self.done()

    def get_context_data(self, **kwargs):
        standing = [row for row in self.thing.versions.all() if row.is_granted]
        return super().get_context_data(
            waiting=rules.waiting_version(self.thing), standing=standing[-1] if standing else None, **kwargs
        )


class MajorCorrectView(_MajorActView):
    """Ask for another wording of a decision."""

    form_class = MajorCorrectForm
    may = staticmethod(rules.may_correct_major)
    title = _("Correct")
    lead = _("Another person lets the new wording stand. The first one stays readable, with what you write here.")
    button = _("Ask for the correction")
    icon = "file-pen-line"
    said = _("The correction waits for the leader in charge or the union chair.")

    def get_initial(self):
        standing = [row for row in self.thing.versions.all() if row.is_granted]
        return {name: getattr(standing[-1], name) for name in TEXTS} if standing else {}

    def operate(self, form):
        self.act(ask_major_correction, texts=form.texts(), note_text=form.cleaned_data["note"])
        return self.done()


class MajorProgressView(_MajorActView):
    """Report how far a decision has been carried out."""

    form_class = ProgressForm
    may = staticmethod(rules.may_report_progress)
    title = _("Report progress")
    lead = _("Every entry stays. What was wrong is put right by the next one.")
    button = _("Report")
    icon = "activity"
    said = _("The entry is in the register.")

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "before": latest_status(self.thing),
            "earliest": self.thing.decided_on,
            "today": local_day(self.at),
        }

    def get_initial(self):
        status = latest_status(self.thing)
        rows = list(self.thing.progress.all())
        status = Execution.UNDER_WAY if status == Execution.PLANNED else status
        return {"status": status, "percent": rows[-1].percent if rows else 0, "on": local_day(self.at)}

    def operate(self, form):
        self.act(report_progress, **form.cleaned_data)
        return self.done()


class MajorLinkView(_MajorActView):
    """Name the publication that disclosed a decision."""

    form_class = LinkForm
    may = staticmethod(rules.may_link_publication)
    title = _("Name its publication")
    lead = _("Until one is named, everybody reads that the decision has not been disclosed.")
    button = _("Name it")
    icon = "link"
    said = _("The publication stands beside the decision.")

    def operate(self, form):
        number = form.cleaned_data["number"]
        publication = _publication_of(number, self.request.user, timezone.now())
        if publication is None:
            form.add_error("number", ValidationError(_("No text that you may read has this number.")))
            return self.form_invalid(form)
        self.act(link_publication, publication=publication)
        return self.done()


def _publication_of(number, user, at):
    year, _dash, serial = number.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and serial.isascii() and serial.isdigit()):
        return None
    rows = Publication.objects.appeared(at).filter(readable_by(user))
    return publication_by_number(f"{year}-{serial[:9]}", rows)
