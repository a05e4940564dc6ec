"""The roster: finding people, and putting them on, correcting, moving and taking them off."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from portal.kernel.days import local_day
from portal.kernel.rows import only_one
from portal.kernel.views import KeysetListView

from ..authority import authority_of
from ..forms import AddPersonForm, LeaveForm, MovePersonForm, PersonForm
from ..models import Unit
from ..operations.people import CORRECTABLE, add_person, correct_person, end_employment, move_person, return_person
from ..operations.slips import BATCH, people_without_secret, print_slips, reset_secret
from ..queries import appointments_of, people_found, people_readable_by, units_readable_by
from ..rules import (
    may_end_employment,
    may_end_sessions,
    may_grant,
    may_lift_blocks,
    may_manage_roster,
    may_print_slips,
    may_reset_secret,
    may_see_roster,
)
from .acts import PROVEN, ActView, RequireMixin
from .slips import sign_in_address, sign_in_qr


def unit_asked(request, units):
    """Return the unit named by ?unit=CODE among those allowed, or None."""
    code = request.GET.get("unit", "").replace("\x00", "")[:20]
    return units.filter(code=code).first() if code else None


class PeopleListView(RequireMixin, KeysetListView):
    """People of the units the reader may look at."""

    template_name = "accounts/people_list.html"
    context_object_name = "people"
    order = ("job_no",)
    page_size = 50

    def get_verdict(self):
        return may_see_roster(self.request.user)

    def get_queryset(self):
        self.units = units_readable_by(self.request.user)
        self.unit = unit_asked(self.request, self.units)
        self.has_left = self.request.GET.get("left") == "1"
        people = people_readable_by(self.request.user).filter(is_active=not self.has_left)
        if self.unit is not None:
            people = people.filter(unit__in=Unit.objects.under(self.unit))
        return people_found(people, self.request.GET.get("q", "").replace("\x00", ""))

    def get_context_data(self, **kwargs):
        user, query = self.request.user, self.request.GET.get("q", "").replace("\x00", "")[:40]
        return super().get_context_data(
            units=[(unit, "\u3000" * (unit.depth - 1) + unit.name) for unit in self.units.active()],
            unit=self.unit,
            has_left=self.has_left,
            query=query,
            count=sum(map(bool, (query, self.unit, self.has_left))),
            can_manage=bool(may_manage_roster(user)),
            can_print=any(authority_of(user).units("system_admin", "union_officer", "union_chair")),
            **kwargs,
        )


class PersonMixin:
    """Find the person of the address among those the reader may look up."""

    def get_object(self):
        person = only_one(people_readable_by(self.request.user).filter(pk=self.kwargs["pk"]))
        if person is None:
            raise Http404
        return person

    def get_back_url(self):
        return reverse("accounts:person", args=[self.object.pk])

    def get_details(self):
        return [(_("Person"), f"{self.object.name} · {self.object.job_no}"), (_("Unit"), self.object.unit.name)]


class PersonView(RequireMixin, TemplateView):
    """One person: roster entry, appointments, history, and what the reader may do."""

    template_name = "accounts/person_detail.html"

    def get_verdict(self):
        return may_see_roster(self.request.user)

    def get_context_data(self, **kwargs):
        user, at = self.request.user, timezone.now()
        person = only_one(people_readable_by(user).filter(pk=self.kwargs["pk"]))
        if person is None:
            raise Http404
        can_manage = bool(may_manage_roster(user, person.unit))
        actions = [
            (can_manage, _("Correct"), "accounts:person_edit", "pencil"),
            (can_manage and person.is_active, _("Move"), "accounts:person_move", "arrow-right-left"),
            (can_manage and not person.is_active, _("Put back on the roster"), "accounts:person_return", "undo-2"),
            (bool(may_reset_secret(user, person)), _("New slip"), "accounts:person_slip", "ticket"),
            (bool(may_lift_blocks(user, person)), _("Lift a wait"), "accounts:person_lift", "timer-off"),
            (
                user.pk != person.pk and bool(may_end_sessions(user, person)),
                _("Sign out everywhere"),
                "accounts:person_end_sessions",
                "log-out",
            ),
            (bool(may_end_employment(user, person)), _("Has left"), "accounts:person_leave", "user-round-x"),
        ]
        appointments = list(appointments_of(person))
        for row in appointments:
            row.is_running = row.until is None or row.until > at
            row.last_day = local_day(row.until) if row.until else None
        return super().get_context_data(
            person=person,
            appointments=appointments,
            actions=[
                (label, reverse(name, args=[person.pk]), icon)
                for is_allowed, label, name, icon in actions
                if is_allowed
            ],
            can_grant=bool(may_grant(user, person, "handler", person.unit)),
            has_secret=person.has_usable_password(),
            facts=[
                (_("Job number"), person.job_no),
                (_("Unit"), person.unit.name),
                (_("Post"), person.post),
                (_("Category"), person.get_category_display()),
                (_("Gender"), person.get_gender_display()),
                (_("Mobile phone"), person.phone),
                (_("E-mail"), person.email),
                (_("Joined on"), person.joined_on),
            ]
            + ([(_("Left on"), person.left_on)] if person.left_on else []),
            **kwargs,
        )


class PersonAddView(ActView):
    """Put somebody on the roster."""

    form_class = AddPersonForm
    title = gettext_lazy("Put somebody on the roster")
    label = gettext_lazy("Put on the roster")
    icon = "user-round-plus"

    def get_verdict(self):
        return may_manage_roster(self.request.user)

    def get_back_url(self):
        return reverse("accounts:people")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": units_readable_by(self.request.user).active()}

    def get_initial(self):
        unit = unit_asked(self.request, units_readable_by(self.request.user))
        return {"unit": unit.pk if unit else None, "category": "frontline"}

    def operate(self, form):
        values = {**form.cleaned_data}
        unit = values.pop("unit")
        person = add_person(unit_id=unit.pk, actor=self.request.user, at=timezone.now(), **values)
        messages.success(
            self.request, _("%(name)s is on the roster. Print a slip for the first sign-in.") % {"name": person.name}
        )
        return self.done(reverse("accounts:person", args=[person.pk]))


class PersonEditView(PersonMixin, ActView):
    """Correct a roster entry."""

    form_class = PersonForm
    title = gettext_lazy("Correct a roster entry")
    label = gettext_lazy("Save")

    def get_verdict(self):
        return may_manage_roster(self.request.user, self.object.unit)

    def get_initial(self):
        return {name: getattr(self.object, name) for name in CORRECTABLE}

    def operate(self, form):
        correct_person(person_id=self.object.pk, actor=self.request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return self.done()


class PersonMoveView(PersonMixin, ActView):
    """Move somebody to another unit."""

    form_class = MovePersonForm
    title = gettext_lazy("Move to another unit")
    lead = gettext_lazy("Roles held for the old unit end, and the person is signed out.")
    label = gettext_lazy("Move")
    icon = "arrow-right-left"

    def get_verdict(self):
        return may_manage_roster(self.request.user, self.object.unit)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"units": units_readable_by(self.request.user).active()}

    def get_initial(self):
        return {"unit": self.object.unit_id}

    def operate(self, form):
        unit = form.cleaned_data["unit"]
        move_person(person_id=self.object.pk, unit_id=unit.pk, actor=self.request.user, at=timezone.now())
        messages.success(
            self.request, _("%(name)s now belongs to %(unit)s.") % {"name": self.object.name, "unit": unit.name}
        )
        return self.done()


class PersonReturnView(PersonMoveView):
    """Put somebody who had left back on the roster."""

    title = gettext_lazy("Put back on the roster")
    lead = gettext_lazy("Roles held before do not come back. A new slip has to be printed.")
    label = gettext_lazy("Put on the roster")
    icon = "undo-2"

    def operate(self, form):
        return_person(
            person_id=self.object.pk, unit_id=form.cleaned_data["unit"].pk, actor=self.request.user, at=timezone.now()
        )
        messages.success(self.request, _("%(name)s is back on the roster.") % {"name": self.object.name})
        return self.done()


class PersonLeaveView(PersonMixin, ActView):
    """Note that somebody has left."""

    form_class = LeaveForm
    title = gettext_lazy("Has left the enterprise")
    lead = gettext_lazy("The account is closed at the next click, and all roles end. Cards and answers stay.")
    label = gettext_lazy("Take off the roster")
    icon = "user-round-x"
    tone = "danger"

    def get_verdict(self):
        return may_end_employment(self.request.user, self.object)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"at": timezone.now()}

    def get_initial(self):
        return {"left_on": local_day(timezone.now())}

    def operate(self, form):
        end_employment(
            person_id=self.object.pk, left_on=form.cleaned_data["left_on"], actor=self.request.user, at=timezone.now()
        )
        messages.success(self.request, _("%(name)s is off the roster.") % {"name": self.object.name})
        return self.done()


def slip_page(request, slips, *, back_url, remaining=0):
    """Draw slips, eight to a sheet; the only time their secrets are seen."""
    sheets = [slips[start : start + 8] for start in range(0, len(slips), 8)]
    context = {
        "sheets": sheets,
        "count": len(slips),
        "remaining": remaining,
        "back_url": back_url,
        "address": sign_in_address(),
        "qr": sign_in_qr(),
    }
    response = render(request, "accounts/slip_sheet.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@method_decorator(never_cache, name="dispatch")
class PersonSlipView(PersonMixin, ActView):
    """Make a new first secret for one person and show its slip."""

    stepup_methods = PROVEN
    title = gettext_lazy("Print a new slip")
    lead = gettext_lazy(
        "The present password stops working and the person is signed out. The new one is shown once, on the slip."
    )
    label = gettext_lazy("Make the slip")
    icon = "ticket"

    def get_verdict(self):
        return may_reset_secret(self.request.user, self.object)

    def operate(self, form):
        slip = reset_secret(person_id=self.object.pk, actor=self.request.user, at=timezone.now())
        return slip_page(self.request, [slip], back_url=self.get_back_url())


@method_decorator(never_cache, name="dispatch")
class SlipBatchView(ActView):
    """Make slips for people of a unit who never had a secret."""

    stepup_methods = PROVEN
    template_name = "accounts/slip_batch.html"
    title = gettext_lazy("Print slips")
    label = gettext_lazy("Make slips")
    icon = "printer"

    def get_object(self):
        unit = only_one(units_readable_by(self.request.user).filter(code=self.kwargs["code"].replace("\x00", "")))
        if unit is None:
            raise Http404
        return unit

    def get_verdict(self):
        return may_print_slips(self.request.user, self.object)

    def get_back_url(self):
        return f"{reverse('accounts:people')}?unit={self.object.code}"

    def get_lead(self):
        return _("For people of %(unit)s who have never signed in; up to %(batch)d at a time, eight on a sheet.") % {
            "unit": self.object.name,
            "batch": BATCH,
        }

    def get_context_data(self, **kwargs):
        waiting = people_without_secret(self.object)
        return super().get_context_data(waiting=waiting.count(), first=list(waiting[:BATCH]), batch=BATCH, **kwargs)

    def operate(self, form):
        slips = print_slips(unit_id=self.object.pk, actor=self.request.user, at=timezone.now())
        if not slips:
            messages.info(self.request, _("Everybody here has had a slip."))
            return self.done()
        return slip_page(
            self.request, slips, back_url=self.request.path, remaining=people_without_secret(self.object).count()
        )
