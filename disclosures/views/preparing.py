"""Preparing a text: what it is about, the editor; reporting an event; waiving a duty."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.authority import authority_of
from portal.accounts.models import Unit
from portal.kernel.days import LOCAL, local_day
from portal.kernel.rows import only_one
from portal.kernel.templatetags.words import say_day
from portal.kernel.verdicts import require
from portal.kernel.views import OperationFormView

from .. import operations as does
from .. import rules
from ..enums import Audience
from ..forms import EventForm, PublicationForm, StartForm, WaiveForm
from ..models import Assignment, Duty, PublicationFile
from ..queries import (
    event_assignments,
    inside,
)
from ..rules.sight import PREPARERS
from .base import find_desk
from .duties import find_duty


class StartView(OperationFormView):
    """Choose what a new text is about: an item a unit owes."""

    form_class = StartForm
    template_name = "disclosures/start.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_prepare(request.user))
        if duty := request.GET.get("duty"):
            found = _duty_of(duty)
            if found is None:
                raise Http404
            return redirect(f"{reverse('disclosures:draft', args=[_assignment_of(found).pk])}?duty={found.pk}")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "assignments": own_assignments(self.request.user)}

    def operate(self, form):
        return redirect("disclosures:draft", form.cleaned_data["assignment"].pk)


def own_assignments(user):
    """Return the running assignments this person prepares texts for."""
    units = authority_of(user).units(*PREPARERS)
    return list(
        Assignment.objects.filter(inside(units) | inside(units, field="department"), until__isnull=True)
        .filter(item__is_active=True)
        .select_related("item", "unit", "department")
        .order_by("unit__path", "item__code")
    )


def _duty_of(key):
    try:
        return only_one(Duty.objects.select_related("item", "unit", "department", "promise").filter(pk=UUID(key)))
    except (ValueError, AttributeError):
        return None


def _assignment_of(duty):
    found = Assignment.objects.filter(item=duty.item, unit=duty.unit).order_by("-since").first()
    if found is None:
        raise Http404
    return found


class _EditorView(OperationFormView):
    """The editor of a text: shared by drafting and changing."""

    form_class = PublicationForm
    template_name = "disclosures/editor.html"
    item = unit = department = duty = publication = None

    def get_form_kwargs(self):
        at = timezone.now()
        return {
            **super().get_form_kwargs(),
            "item": self.item,
            "units": Unit.objects.active().select_related("parent").order_by("path"),
            "least_days": does.least_display_days(self.item, self.unit, at),
            "least_workdays": self.item.notice_workdays or 1,
            "today": local_day(at),
            "held": self.publication.files.all() if self.publication else (),
        }

    def saved(self, publication):
        """Say that the draft is kept, and go on: to its captions where a picture still lacks one."""
        held = PublicationFile.objects.filter(publication=publication, removed_at__isnull=True).select_related("file")
        if any(row.is_picture and not row.caption for row in held):
            messages.warning(self.request, _("The draft has been saved. Please say what its pictures show."))
            return redirect("disclosures:edit", publication.pk)
        messages.success(self.request, _("The draft has been saved. Look it over, then hand it on."))
        return redirect("disclosures:work", publication.pk)

    def draft(self, form):
        """Return what the form says as the operation takes it."""
        values = form.cleaned_data
        notice = None
        if self.item.is_notice:
            notice = does.NoticeTerms(
                about=values["about"],
                basis=values["notice_basis"],
                workdays=values["workdays"],
                accepted_by=values["accepted_by"],
                contact=values["contact"],
            )
        least = does.least_display_days(self.item, self.unit, timezone.now())
        return does.PublicationDraft(
            item=self.item,
            unit=self.unit,
            department=self.department,
            duty=self.duty,
            title=values["title"],
            body=values["body"],
            basis=values["basis"],
            method=values["method"],
            objections_heard=values["objections_heard"],
            audience=values["audience"],
            is_must_read=values["is_must_read"],
            wanted_at=form.wanted_at(),
            display_days=values.get("display_days") or least,
            idempotency_key=values["idempotency_key"],
            notice=notice,
            files=tuple((clean, "") for clean in values["files"]),
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            item=self.item,
            unit=self.unit,
            department=self.department,
            duty=self.duty,
            publication=self.publication,
            **kwargs,
        )


class DraftView(_EditorView):
    """Begin a text on an item that a unit owes."""

    def dispatch(self, request, *args, **kwargs):
        assignment = next((row for row in own_assignments(request.user) if row.pk == kwargs["pk"]), None)
        if assignment is None:
            raise Http404
        self.item, self.unit, self.department = assignment.item, assignment.unit, assignment.department
        if key := request.GET.get("duty") or request.POST.get("duty"):
            self.duty = _duty_of(key)
            is_other = self.duty is not None and (self.duty.item_id, self.duty.unit_id) != (self.item.pk, self.unit.pk)
            # A key that is none was never on our page: the text is written without it rather than lost.
            if is_other or (self.duty is None and request.method == "GET"):
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        at = timezone.now()
        return {
            "display_days": does.least_display_days(self.item, self.unit, at),
            "workdays": self.item.notice_workdays,
            "audience": Audience.UNIT if self.item.scope == "workshop" else Audience.EVERYBODY,
        }

    def operate(self, form):
        publication = does.draft_publication(draft=self.draft(form), actor=self.request.user, at=timezone.now())
        return self.saved(publication)


class EditView(_EditorView):
    """Change a draft."""

    has_conflict = False

    def _again(self, form, reason, status):
        self.has_conflict = status == 409
        if self.has_conflict:
            self.publication = find_desk(self.request.user, self.kwargs["pk"])
        return super()._again(form, reason, status)

    def dispatch(self, request, *args, **kwargs):
        self.publication = find_desk(request.user, kwargs["pk"])
        if request.method in ("GET", "HEAD"):
            require(rules.may_edit_draft(request.user, self.publication))
        text = self.publication
        self.item, self.unit, self.department, self.duty = text.item, text.unit, text.department, text.duty
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self):
        text = self.publication
        wanted = text.wanted_at.astimezone(LOCAL) if text.wanted_at else None
        initial = {
            name: getattr(text, name)
            for name in ("title", "body", "basis", "method", "objections_heard", "audience", "display_days")
        }
        initial |= {
            "is_must_read": text.is_must_read,
            "wanted_on": wanted.date() if wanted else None,
            "wanted_time": wanted.time() if wanted else None,
        }
        if hasattr(text, "notice"):
            notice = text.notice
            initial |= {
                "about": notice.about,
                "notice_basis": notice.basis,
                "workdays": notice.workdays,
                "accepted_by": notice.accepted_by,
                "contact": notice.contact,
            }
        return initial

    def operate(self, form):
        held = {str(row.file_id) for row in self.publication.files.all()}
        removed = [key for key in self.request.POST.getlist("remove") if key in held]
        does.edit_draft(
            publication_id=self.publication.pk,
            draft=self.draft(form),
            removed_files=removed,
            captions=form.captions(),
            read=self.request.POST.get("words_read"),
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.saved(self.publication)

    def get_context_data(self, **kwargs):
        # What the form was opened with, until a conflict has been told: then the next press knows what it does.
        read = self.request.POST.get("words_read", "") if not self.has_conflict else ""
        read = read or does.draft_print(self.publication)
        return super().get_context_data(held_files=self.publication.files.all(), words_read=read, **kwargs)


class EventView(OperationFormView):
    """Say that something happened that must be disclosed."""

    form_class = EventForm
    template_name = "disclosures/event.html"

    def dispatch(self, request, *args, **kwargs):
        require(rules.may_prepare(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "assignments": list(event_assignments(self.request.user)),
            "today": local_day(timezone.now()),
        }

    def get_initial(self):
        return {name: self.request.GET.get(name, "")[:120] for name in ("assignment", "event", "event_on")}

    def operate(self, form):
        values = form.cleaned_data
        duty = does.report_event(
            assignment_id=values["assignment"].pk,
            event=values["event"],
            event_on=values["event_on"],
            actor=self.request.user,
            at=timezone.now(),
        )
        said = _("It is on the calendar of duties, to be disclosed by %(day)s.")
        messages.success(self.request, said % {"day": say_day(duty.promise.due_on)})
        return redirect("disclosures:duty", duty.pk)


class WaiveView(OperationFormView):
    """End a duty that turned out to be none."""

    form_class = WaiveForm
    template_name = "disclosures/waive.html"

    def dispatch(self, request, *args, **kwargs):
        self.duty = find_duty(kwargs["pk"])
        if self.duty is None:
            raise Http404
        if request.method in ("GET", "HEAD"):
            require(rules.may_waive_duty(request.user, self.duty))
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form):
        verdict = rules.may_waive_duty(self.request.user, self.duty)
        return super().form_invalid(form) if verdict else self._again(form, verdict.reason, 403)

    def operate(self, form):
        does.waive_duty(
            duty_id=self.duty.pk, reason=form.cleaned_data["reason"], actor=self.request.user, at=timezone.now()
        )
        messages.success(self.request, _("The duty has been waived; the reason stands in the calendar."))
        return redirect("disclosures:duty", self.duty.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(duty=self.duty, **kwargs)
