"""The hall: the door, the validity sheet, opening and closing, items, votes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.kernel.forms import PortalForm
from portal.kernel.paging import keyset_page
from portal.kernel.verdicts import denied

from ..enums import Gate, Light, SignInWay
from ..forms.hall import DoorForm, LeaveForm, WaiverForm
from ..operations import hall as does
from ..phrases import GATE_RULES
from ..queries.agenda import delegate_of
from ..queries.hall import (
    attendance_of,
    door_list,
    frozen_sheet,
    last_presence,
    sheet_of,
)
from ..rules import hall as rules
from ..rules.agenda import is_public_agenda
from .base import CongressActView
from .planning import KeptActView, find_kept
from .sessions import find_session

PAGE_SIZE = 60


def drawn(lines):
    """Return the lines of the validity sheet with their rule and its source in words."""
    rows = []
    for line in lines:
        rule, source = GATE_RULES[line.rule]
        rows.append(
            {
                "one": line,
                "name": Gate(line.gate).label,
                "word": Light(line.light).label,
                "rule": str(rule) % dict(line.words),
                "source": source,
            }
        )
    return rows


class ValidityView(TemplateView):
    """The validity sheet: figure, rule, source, verdict, how many are short."""

    template_name = "congress/validity.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        session = find_kept(user, self.kwargs["pk"])
        lines = sheet_of(session, at)
        return super().get_context_data(
            session=session,
            rows=drawn(lines),
            figures=attendance_of(session),
            opening=rules.may_open_session(user, session, lines, at),
            may_waive=any(rules.may_waive(user, session, line) for line in lines),
            frozen=frozen_sheet(session),
            at=at,
            **kwargs,
        )


class ValiditySheetView(ValidityView):
    """The same on paper."""

    template_name = "congress/validity_print.html"


class DoorView(KeptActView):
    """The door: who is there; sign in by code or from the list, leave, return."""

    form_class = DoorForm
    template_name = "congress/door.html"
    title = _("Sign-in at the door")
    button = _("Sign the delegate in")
    icon = "log-in"

    def verdict(self):
        return rules.may_sign_in(self.request.user, self.thing, self.at)

    def back_url(self):
        return reverse("congress:session_hall", args=[self.thing.pk])

    def get_context_data(self, **kwargs):
        page = keyset_page(
            door_list(self.thing),
            order=("electing_unit__unit__path", "seat", "id"),
            token=self.request.GET.get("after", ""),
            size=PAGE_SIZE,
        )
        rows = [{"one": one, "last": last_presence(one)} for one in page]
        figures = attendance_of(self.thing)
        return super().get_context_data(page=page, rows=rows, figures=figures, **kwargs)

    def operate(self, form):
        data = form.cleaned_data
        row = self.act(does.sign_in, mandate_id=data["mandate"], code=data["code"])
        way = SignInWay(row.way).label
        messages.success(self.request, _now("%(name)s: signed in, %(way)s.") % {"name": row.mandate.name, "way": way})
        return redirect("congress:door", self.thing.pk)


class LeaveView(KeptActView):
    """Let a delegate leave the hall."""

    form_class = LeaveForm
    title = _("Leave the hall")
    said = _("The delegate has left.")

    def verdict(self):
        return rules.may_sign_in(self.request.user, self.thing, self.at)

    def back_url(self):
        return reverse("congress:door", args=[self.thing.pk])

    def operate(self, form):
        self.act(does.sign_out, mandate_id=form.cleaned_data["mandate"])
        return self.done()


class SignInOnlineView(CongressActView):
    """Sign in from afar: the delegate."""

    name = "session"
    form_class = PortalForm
    title = _("Sign in online")
    lead = _("You count as there until the session closes or you are signed out.")
    button = _("I am here")
    icon = "log-in"
    said = _("You are signed in.")

    def find(self):
        session = find_session(self.kwargs["pk"])
        self.mandate = delegate_of(session.term_id, self.request.user)
        if self.mandate is None or not is_public_agenda(session):
            raise Http404
        return session

    def verdict(self):
        return rules.may_sign_in_online(self.mandate, self.thing, self.at)

    def back_url(self):
        return reverse("congress:my_session", args=[self.thing.pk])

    def eyebrow(self):
        return self.thing.title

    def operate(self, form):
        self.act(does.sign_in_online)
        return self.done()


class HallActView(KeptActView):
    """An act on a session in the hall."""

    form_class = PortalForm

    def back_url(self):
        return reverse("congress:session_hall", args=[self.thing.pk])


class WaiveView(HallActView):
    """Put on record that a red line is waived."""

    form_class = WaiverForm
    title = _("Waive a line on record")
    lead = _("Name, reason and basis stand on the validity sheet and in the minutes, for good.")
    button = _("Put the waiver on record")
    tone = "danger"
    said = _("The waiver is on record.")

    def gates(self):
        """Return the lines that this person may waive, with how many are short."""
        lines = sheet_of(self.thing, self.at)
        found = [(line, rules.may_waive(self.request.user, self.thing, line)) for line in lines]
        self.refusal = next((verdict for _line, verdict in found if not verdict), None)
        return [(line.gate, Gate(line.gate).label) for line, verdict in found if verdict]

    def verdict(self):
        return rules.ALLOWED if self.gates() else self.refusal or denied(_now("There is nothing to waive."))

    def back_url(self):
        return reverse("congress:validity", args=[self.thing.pk])

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "gates": self.gates()}

    def operate(self, form):
        self.act(does.waive, **form.cleaned_data)
        return self.done()


class DiscloseView(HallActView):
    """Make the results public."""

    may = staticmethod(rules.may_disclose)
    title = _("Make the results public")
    lead = _("Every item with its outcome, the votes and the minutes stand on the session's page from now on.")
    button = _("Make the results public")
    tone = "seal"
    icon = "megaphone"
    said = _("The results are public.")

    def operate(self, form):
        self.act(does.disclose_results)
        return self.done()
