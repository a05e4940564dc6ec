"""The library's desk: entering, revising, repealing, approving."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _say
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.accounts.queries import units_within
from portal.kernel.days import local_day
from portal.kernel.paging import keyset_page
from portal.kernel.rows import only_one
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView
from portal.ledger.history import history_of
from portal.ledger.recording import subject_key

from .. import operations as does
from .. import rules
from ..enums import Audience, RegulationKind, RegulationState
from ..forms import EnterRegulationForm, RegulationTextForm, RepealForm, steps_text
from ..models import RegulationVersion
from ..queries import event_assignments, regulation_by_code, regulations_to_approve, versions_at_desk, versions_of
from ..regulation_reading import standing_row
from ..rules.sight import PREPARERS

PAGE_SIZE = 25
WAITING_SHOWN = 100
TABS = ("approve", "drafts", "done")
TONES = {
    RegulationState.DRAFT: "grey",
    RegulationState.WAITING: "blue",
    RegulationState.APPROVED: "green",
    RegulationState.DISCARDED: "grey",
}
B07 = "B07"


class RegulationsDeskView(TemplateView):
    """What waits for this person's approval, what is being written, what was approved lately."""

    template_name = "disclosures/regulations/desk.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_use_desk(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        user = self.request.user
        waiting = list(regulations_to_approve(user)[:WAITING_SHOWN])
        tab = self.request.GET.get("tab", "")
        tab = tab if tab in TABS else ("approve" if waiting else "drafts")
        page = None
        if tab != "approve":
            is_done = tab == "done"
            states = (RegulationState.APPROVED,) if is_done else (RegulationState.DRAFT, RegulationState.WAITING)
            rows = versions_at_desk(user).filter(state__in=states, is_imported=False)
            page = keyset_page(
                rows, order=("-entered_at", "-pk"), token=self.request.GET.get("after", ""), size=PAGE_SIZE
            )
        labels = {"approve": _say("To approve"), "drafts": _say("On their way"), "done": _say("Approved")}
        here = reverse("disclosures:regulations_desk")
        return super().get_context_data(
            tab=tab,
            page=page,
            rows=[row_of(version) for version in (waiting if page is None else page)],
            tabs=[
                {
                    "label": labels[name],
                    "url": f"{here}?tab={name}",
                    "is_current": name == tab,
                    "count": len(waiting) if name == "approve" else "",
                }
                for name in TABS
            ],
            may_prepare=authority_of(user).holds(*PREPARERS),
            may_import=bool(rules.may_import_regulations(user)),
            **kwargs,
        )


def row_of(version):
    """Return what a row of the desk shows of a version."""
    return {
        "version": version,
        "regulation": version.regulation,
        "tone": TONES[version.state],
        "url": reverse("disclosures:regulation_work", args=[version.pk]),
    }


class _TextView(OperationFormView):
    """The form of a text: shared by entering, revising and changing a draft."""

    template_name = "disclosures/regulations/editor.html"
    title = lead = ""
    kind = RegulationKind.RULE
    regulation = version = None

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{
                "title": self.title,
                "lead": self.lead,
                "kind": self.kind,
                "regulation": self.regulation,
                "version": self.version,
                "draft_key": f"regulation-{self.regulation.code if self.regulation else self.kind}",
                **kwargs,
            }
        )

    def text(self, form):
        """Return what the form says as the operation takes it."""
        return does.RegulationText(**form.values())

    def done(self, version):
        messages.success(self.request, _say("Kept as a draft. Look it over, then hand it on for approval."))
        return redirect("disclosures:regulation_work", version.pk)


class EnterRegulationView(_TextView):
    """Enter a regulation or flow that the library does not have yet."""

    form_class = EnterRegulationForm
    title = _("Enter a regulation")
    lead = _("It is a draft until another person approves it. Afterwards it never changes; a new version follows it.")

    def dispatch(self, request, *args, **kwargs):
        if kwargs["kind"] not in RegulationKind.values:
            raise Http404
        self.kind = RegulationKind(kwargs["kind"])
        require(rules.may_prepare(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        units = units_within(authority_of(self.request.user).units(*PREPARERS)).active().select_related("parent")
        is_flow = self.kind == RegulationKind.FLOW
        return {**super().get_form_kwargs(), "units": units.order_by("path"), "is_flow": is_flow, "is_first": True}

    def get_initial(self):
        return {"audience": Audience.EVERYBODY}

    def operate(self, form):
        values = form.cleaned_data
        place = does.RegulationPlace(
            kind=self.kind,
            code=values["code"],
            category=values["category"],
            unit=values["unit"],
            audience=values["audience"],
        )
        text = self.text(form)
        return self.done(does.enter_regulation(place=place, text=text, actor=self.request.user, at=timezone.now()))


class _OfRegulationMixin:
    """Find the regulation that a new version or a repeal is about."""

    def dispatch(self, request, *args, **kwargs):
        self.regulation = regulation_by_code(kwargs["code"])
        if self.regulation is None or not rules.may_read_regulation(request.user, self.regulation):
            raise Http404
        self.kind = RegulationKind(self.regulation.kind)
        if request.method in ("GET", "HEAD"):
            require(rules.may_revise_regulation(request.user, self.regulation))
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form):
        verdict = rules.may_revise_regulation(self.request.user, self.regulation)
        return super().form_invalid(form) if verdict else self._again(form, verdict.reason, 403)

    @cached_property
    def rows(self):
        return versions_of(self.regulation)


class ReviseRegulationView(_OfRegulationMixin, _TextView):
    """Write a new version; it begins with the words of the last one."""

    form_class = RegulationTextForm
    title = _("New version")
    lead = _("The version before holds until the day on which this one comes into force.")

    def get_form_kwargs(self):
        is_flow = self.kind == RegulationKind.FLOW
        after = self.rows[-1].in_force_from
        return {**super().get_form_kwargs(), "is_flow": is_flow, "is_first": False, "after": after}

    def get_initial(self):
        last = next(row for row in reversed(self.rows) if not row.is_repeal)
        return {"title": last.title, "body": last.body, "steps": steps_text(last.steps.all())}

    def operate(self, form):
        text = self.text(form)
        return self.done(
            does.revise_regulation(
                regulation_id=self.regulation.pk, text=text, actor=self.request.user, at=timezone.now()
            )
        )


class RepealRegulationView(_OfRegulationMixin, OperationFormView):
    """Ask that a regulation be repealed."""

    form_class = RepealForm
    template_name = "disclosures/regulations/act.html"
    act = {
        "title": _("Repeal"),
        "lead": _("Another person must approve it. The text stays readable, marked as repealed."),
        "button": _("Ask for the repeal"),
        "tone": "danger",
        "icon": "book-x",
    }

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "after": self.rows[-1].in_force_from}

    def get_context_data(self, **kwargs):
        back = reverse("disclosures:regulation", args=[self.regulation.code])
        return super().get_context_data(act=self.act, eyebrow=self.rows[-1].title, back=back, **kwargs)

    def operate(self, form):
        values = form.cleaned_data
        version = does.ask_repeal(
            regulation_id=self.regulation.pk,
            in_force_from=values["in_force_from"],
            note_text=values["note"],
            document_number=values["document_number"],
            idempotency_key=values["idempotency_key"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(self.request, _say("The repeal waits for another person's approval."))
        return redirect("disclosures:regulation_work", version.pk)


def find_version(user, pk):
    """Return the version whose working page exists for this person; everything else is a 404."""
    rows = RegulationVersion.objects.select_related("regulation__unit", "entered_by", "approved_by")
    version = only_one(rows.filter(pk=pk))
    if version is None or not rules.sees_regulation_version(user, version):
        raise Http404
    return version


class RegulationWorkView(TemplateView):
    """The working page of a version: what it says, how it stands, what may be done now."""

    template_name = "disclosures/regulations/work.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        version = find_version(user, self.kwargs["pk"])
        regulation, is_approved = version.regulation, version.state == RegulationState.APPROVED
        before = next((row for row in reversed(versions_of(regulation)) if not row.is_repeal and row != version), None)
        event = None
        if is_approved and not version.is_imported:
            owed = event_assignments(user).filter(item__code=B07)
            event = next((one for one in owed if one.unit.covers(regulation.unit)), None)
        return super().get_context_data(
            version=version,
            regulation=regulation,
            before=before if version.state in (RegulationState.DRAFT, RegulationState.WAITING) else None,
            steps=list(version.steps.all()),
            tone=TONES[version.state],
            standing=standing_row(version, local_day(at)) if is_approved else None,
            may_edit=bool(rules.may_edit_regulation_draft(user, version)),
            may_discard=bool(rules.may_discard_regulation_draft(user, version)),
            may_approve=rules.may_approve_regulation(user, version),
            event=event,
            lines=history_of(subject_key(regulation)),
            **kwargs,
        )


class EditRegulationView(_TextView):
    """Change a draft."""

    form_class = RegulationTextForm
    title = _("Change the draft")

    def dispatch(self, request, *args, **kwargs):
        self.version = find_version(request.user, kwargs["pk"])
        if self.version.is_repeal:
            raise Http404
        self.regulation = self.version.regulation
        self.kind = RegulationKind(self.regulation.kind)
        if request.method in ("GET", "HEAD"):
            require(rules.may_edit_regulation_draft(request.user, self.version))
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form):
        verdict = rules.may_edit_regulation_draft(self.request.user, self.version)
        return super().form_invalid(form) if verdict else self._again(form, verdict.reason, 403)

    def get_form_kwargs(self):
        approved = versions_of(self.regulation)
        return {
            **super().get_form_kwargs(),
            "is_flow": self.kind == RegulationKind.FLOW,
            "is_first": not approved,
            "after": approved[-1].in_force_from if approved else None,
        }

    def get_initial(self):
        names = ("title", "document_number", "body", "note", "consulted", "in_force_from")
        return {name: getattr(self.version, name) for name in names} | {"steps": steps_text(self.version.steps.all())}

    def operate(self, form):
        does.edit_regulation_draft(
            version_id=self.version.pk, text=self.text(form), actor=self.request.user, at=timezone.now()
        )
        return self.done(self.version)
