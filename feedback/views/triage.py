"""The union's board: what has come in, whom it goes to, what belongs together, what waits for a second person."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.accounts.authority import authority_of
from portal.accounts.enums import Role
from portal.accounts.models import Unit
from portal.accounts.queries import units_within
from portal.deadlines.clock import clock_of
from portal.kernel.keeping import remembered
from portal.kernel.paging import keyset_page
from portal.kernel.verdicts import ALLOWED, denied, require

from ..enums import InquiryState, Route
from ..forms.desk import (
    AssignForm,
    BoardFilterForm,
    ConfirmForm,
    DecideForm,
    MergeForm,
    RegisterForm,
    TransferForm,
    clean_number,
)
from ..operations import (
    assign_inquiry,
    decide_return,
    merge_inquiry,
    register_inquiry,
    transfer_inquiry,
    unmerge_inquiry,
)
from ..queries import (
    inquiry_by_number,
    kept_by,
    merge_candidates,
    register_promises,
    triage_board,
    units_that_answer,
    usual_lead,
)
from ..rules import may_assign, may_decide_return, may_merge, may_register, may_transfer, may_unmerge, own_among
from ..rules.handling import pending_return
from ..statistics import board_counts
from .acts import ActView
from .desk_rows import triage_rows
from .reading import author_of, left_words, rows_of, text_for

S = InquiryState
STAGES = (
    ("submitted", pgettext_lazy("board", "to register")),
    ("registered", pgettext_lazy("board", "to assign")),
    ("assigned", pgettext_lazy("board", "being handled")),
    ("negotiating", pgettext_lazy("board", "negotiating")),
    ("drafted", pgettext_lazy("board", "to approve")),
    ("approved", pgettext_lazy("board", "to deliver")),
    ("answered", pgettext_lazy("board", "to be rated")),
    ("tracked", pgettext_lazy("board", "being tracked")),
)
PAGE = 25
UNITS_SECONDS = 60


def may_triage(user):
    """Whether the person has a board: the union, and discipline inspection for its route."""
    if authority_of(user).holds(Role.UNION_OFFICER, Role.UNION_CHAIR, Role.DISCIPLINE_INSPECTOR):
        return ALLOWED
    return denied(gettext("The triage board is for union officers and discipline inspectors."))


def board_units(person):
    """Return the units to filter a board by: those the person looks after, down to the secondary ones."""
    own = authority_of(person).units(Role.UNION_OFFICER, Role.UNION_CHAIR, Role.DISCIPLINE_INSPECTOR)
    key = ("desk:units", *sorted(unit.path for unit in own))
    return remembered(key, lambda: _read_units(own), seconds=UNITS_SECONDS)


def _read_units(own):
    top = min((unit.depth for unit in own), default=1)
    return [unit for unit in units_within(own).order_by("path") if unit.depth <= max(top, 2)][:200]


class TriageView(TemplateView):
    """The board: a tab per stage, oldest first, with what is left of the time in words."""

    template_name = "feedback/desk_triage.html"

    def dispatch(self, request, *args, **kwargs):
        require(may_triage(request.user))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        counts = board_counts(user)
        stage = self.request.GET.get("stage", "")
        if stage not in {*dict(STAGES), "all"}:
            # Where the day's work is: the first stage of the union's own that holds something.
            stage = next((code for code in ("submitted", "registered", "approved", "assigned") if counts[code]), "all")
        form = BoardFilterForm(self.request.GET, units=board_units(user))
        wanted = form.wanted()
        rows = triage_board(user, stage="" if stage == "all" else stage, now=at, **wanted)
        order = ("-year", "-serial") if stage == "all" else ("received_on", "pk")
        page = keyset_page(rows, order=order, token=self.request.GET.get("after", ""), size=PAGE)
        shown = rows_of(page.items, at=at, is_keeper=lambda _inquiry: True)
        registers = register_promises(page.items) if stage == "submitted" else {}
        listed = [(row, _register_words(registers.get(row.inquiry.pk), at)) for row in shown]
        return super().get_context_data(
            **{
                "tabs": [
                    {
                        "label": label,
                        "url": self._url(stage=code),
                        "is_current": code == stage,
                        "count": counts[code],
                        "tone": "red" if code == "submitted" and counts[code] else "",
                    }
                    for code, label in STAGES
                ]
                + [{"label": _("all"), "url": self._url(stage="all"), "is_current": stage == "all"}],
                "rows": listed,
                "rows_html": triage_rows(listed, stage=stage, own=own_among(user, page.items)),
                "page": page,
                "stage": stage,
                "filters": form,
                "filters_key": (stage, form.as_key(), len(wanted)),
                "filter_count": len(wanted),
                "clear_url": f"?stage={stage}",
                "is_union": authority_of(user).is_union,
                "here": "?" + self.request.GET.urlencode(),
                **kwargs,
            }
        )

    def _url(self, **changes):
        kept = {name: value for name in ("unit", "topic", "lamp") if (value := self.request.GET.get(name, "")[:40])}
        return "?" + urlencode({**kept, **changes})


def _register_words(promise, at):
    """Return (lamp code, words) of the day by which a card must be registered."""
    if promise is None:
        return None
    clock = clock_of(promise, at)
    return clock.lamp, left_words(clock)


class _UnitsMixin:
    """For forms that choose departments: only those in which somebody can answer."""

    def units(self):
        units = units_that_answer(self.inquiry.route, at=self.at)
        if self.inquiry.about_unit is not None:
            units = units.exclude(path__startswith=self.inquiry.about_unit.path)
        return units


class RegisterView(_UnitsMixin, ActView):
    """Register a card and, in the same form, hand it to a department."""

    template_name = "feedback/desk_register.html"
    form_class = RegisterForm
    may = staticmethod(may_register)

    def get_form_kwargs(self):
        return {
            **super().get_form_kwargs(),
            "units": self.units(),
            "original": self._original(),
            "may_publish": self.inquiry.may_publish and self.inquiry.route == Route.ORDINARY,
        }

    def get_initial(self):
        self.usual = usual_lead(self.inquiry)
        return {**self._original(), "is_published": True, "lead_unit": self.usual}

    def _original(self):
        return {f"public_{name}": getattr(self.inquiry, name) for name in ("subject", "body", "suggestion")}

    def operate(self, form):
        lead = form.cleaned_data["lead_unit"]
        register_inquiry(
            inquiry_id=self.inquiry.pk,
            texts=form.texts(),
            edit_reason=form.cleaned_data["edit_reason"],
            is_published=form.cleaned_data.get("is_published", False),
            lead_unit=lead,
            assist_units=form.assists(),
            instruction=form.cleaned_data["instruction"],
            actor=self.request.user,
            at=timezone.now(),
        )
        self.lead = lead
        return self.done()

    def is_done(self, inquiry, form):
        self.lead = form.cleaned_data["lead_unit"]
        lead_id = self.lead.pk if self.lead else None
        return inquiry.state in (S.REGISTERED, S.ASSIGNED) and inquiry.lead_unit_id == lead_id

    def done(self):
        words = {"number": self.inquiry.number, "unit": self.lead.name if self.lead else ""}
        said = _("%(number)s is registered and assigned to %(unit)s.") if self.lead else _("%(number)s is registered.")
        messages.success(self.request, said % words)
        return redirect(reverse("feedback:triage") + "?stage=submitted")

    def get_context_data(self, **kwargs):
        candidates = merge_candidates(self.inquiry) if may_merge(self.request.user, self.inquiry) else []
        return super().get_context_data(
            **{
                "candidates": rows_of(candidates, at=self.at, is_keeper=lambda _i: True),
                "usual": getattr(self, "usual", None),
                **kwargs,
            }
        )


class AssignView(_UnitsMixin, ActView):
    """Hand a registered matter to a department, or anew to another one."""

    form_class = AssignForm
    may = staticmethod(may_assign)
    title = _("Assign")
    lead = _(
        "The matter is reported to the leader in charge and handed to the department. The day it is due does not move."
    )
    button = _("Assign")
    busy = _("Assigning…")
    icon = "send"
    said = _("The matter has been assigned and reported to the leader in charge.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "units": self.units()}

    def get_initial(self):
        proposed = next(
            (
                row.proposed_unit
                for row in sorted(self.inquiry.returns.all(), key=lambda r: r.asked_at, reverse=True)
                if row.proposed_unit_id
            ),
            None,
        )
        return {"lead_unit": self.inquiry.lead_unit or proposed or usual_lead(self.inquiry)}

    def operate(self, form):
        assign_inquiry(
            inquiry_id=self.inquiry.pk,
            lead_unit=form.cleaned_data["lead_unit"],
            assist_units=form.assists(),
            instruction=form.cleaned_data["instruction"],
            actor=self.request.user,
            at=timezone.now(),
        )
        return self.done()


class DecideReturnView(ActView):
    """Take a matter back from a department that is not responsible, or leave it bound."""

    template_name = "feedback/desk_decide.html"
    form_class = DecideForm
    may = staticmethod(may_decide_return)
    title = _("Decide on a return")
    lead = _("Agreeing brings the matter back to your board, to be assigned anew. The clock runs on in any case.")
    button = _("Decide")
    said = _("Your decision has been recorded and the department told.")

    def operate(self, form):
        decide_return(
            inquiry_id=self.inquiry.pk,
            is_granted=form.is_granted,
            note_text=form.cleaned_data["note"],
            actor=self.request.user,
            at=timezone.now(),
        )
        if form.is_granted:
            messages.success(self.request, self.said)
            return redirect("feedback:assign", self.inquiry.number)
        return self.done()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            **{"request_shown": pending_return(self.inquiry), "shown_kind": "return", **kwargs}
        )


class MergeView(ActView):
    """Join a matter to another of the same content; the other one is shown before anything is done."""

    template_name = "feedback/desk_merge.html"
    form_class = MergeForm
    may = staticmethod(may_merge)
    title = _("Merge into another matter")
    said = _("The matter has been merged. Its author is answered with the other one.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "candidates": self._kept(), "source": self.inquiry}

    def _kept(self):
        return kept_by(self.request.user).select_related("unit", "promise", "lead_unit")

    def get_initial(self):
        return {"number": self.request.GET.get("number", "")[:20]}

    def operate(self, form):
        merge_inquiry(inquiry_id=self.inquiry.pk, target_id=form.target.pk, actor=self.request.user, at=timezone.now())
        return self.done()

    def is_done(self, inquiry, form):
        return inquiry.state == S.MERGED and inquiry.merged_into_id == form.target.pk

    def get_context_data(self, **kwargs):
        form = kwargs.get("form")
        typed = self.request.POST.get("number") or self.request.GET.get("number", "")
        target = getattr(form, "target", None) or (
            inquiry_by_number(clean_number(typed[:20]), self._kept()) if typed else None
        )
        if target is not None and target.pk == self.inquiry.pk:
            target = None
        candidates = merge_candidates(self.inquiry)
        return super().get_context_data(
            **{
                "target": target,
                "target_author": author_of(target) if target else None,
                "target_text": text_for(self.request.user, target) if target else None,
                "target_row": rows_of([target], at=self.at, is_keeper=lambda _i: True)[0] if target else None,
                "typed": typed,
                "candidates": rows_of(candidates, at=self.at, is_keeper=lambda _i: True),
                **kwargs,
            }
        )


class UnmergeView(ActView):
    """Take a merged matter out again."""

    form_class = ConfirmForm
    may = staticmethod(may_unmerge)
    title = _("Take out of the merge")
    lead = _("From here on the matter is handled by itself again, with the clock it always had.")
    button = _("Take out")
    said = _("The matter stands by itself again.")

    def operate(self, form):
        unmerge_inquiry(inquiry_id=self.inquiry.pk, actor=self.request.user, at=timezone.now())
        return self.done()


class TransferView(ActView):
    """Hand a matter about a cadre or a unit to discipline inspection."""

    form_class = TransferForm
    may = staticmethod(may_transfer)
    title = _("Hand to discipline inspection")
    lead = _(
        "From here on only discipline inspection sees the matter. It does not exist for the person and the unit it "
        "is about, nor for you."
    )
    button = _("Hand over")
    busy = _("Handing over…")
    tone = "danger"
    icon = "shield"

    def get_form_kwargs(self):
        units = Unit.objects.active().select_related("parent").order_by("path").filter(parent__isnull=False)
        return {**super().get_form_kwargs(), "units": units}

    def operate(self, form):
        transfer_inquiry(
            inquiry_id=self.inquiry.pk,
            about_person=form.cleaned_data["about_person"],
            about_unit=form.cleaned_data["about_unit"],
            actor=self.request.user,
            at=timezone.now(),
        )
        messages.success(
            self.request, _("%(number)s has been handed to discipline inspection.") % {"number": self.inquiry.number}
        )
        return redirect("feedback:triage")
