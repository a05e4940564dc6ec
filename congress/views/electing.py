"""An electing unit at work: candidates, recorded elections, credentials, recall, resignation."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.kernel.days import local_day

from ..enums import LIVE, MandateState
from ..forms.delegates import CandidateForm, ElectionForm, RecallForm
from ..forms.terms import ContactForm
from ..operations.delegates import (
    MeetingRecord,
    confirm_credentials,
    nominate,
    record_election,
    set_contact,
    withdraw_candidate,
)
from ..operations.endings import record_recall, record_resignation
from ..queries.delegates import meetings_of
from ..queries.terms import staff_of
from ..rules import delegates as rules
from ..seats import votes_needed
from .base import MandateActView, UnitActView, find_unit

A_YEAR = dt.timedelta(days=365)


class ElectingUnitView(TemplateView):
    """The working page of an electing unit."""

    template_name = "congress/electing_unit.html"

    def get_context_data(self, **kwargs):
        at, user = timezone.now(), self.request.user
        one = find_unit(user, self.kwargs["pk"])
        rows = sorted(one.mandates.all(), key=lambda row: (row.seat or 0, row.nominated_at))
        meetings = [
            {"one": meeting, "needed": votes_needed(meeting.staff, half_is_enough=meeting.half_is_enough)}
            for meeting in meetings_of(one.term).filter(electing_unit=one)
        ]
        return super().get_context_data(
            one=one,
            candidates=[row for row in rows if row.state == MandateState.CANDIDATE],
            delegates=[
                {"one": row, "may_end": bool(rules.may_end(user, row, at))} for row in rows if row.state in LIVE
            ],
            meetings=meetings,
            taken=sum(row.state in LIVE for row in rows),
            may_nominate=bool(rules.may_nominate(user, one, at)),
            recording=rules.may_record_election(user, one, at),
            may_confirm=bool(rules.may_confirm(user, one)),
            **kwargs,
        )


class NominateView(UnitActView):
    """Put somebody on the list of candidates."""

    form_class = CandidateForm
    title = _("Enter a candidate")
    lead = _("Somebody on the roster of this electing unit.")
    icon = "user-plus"
    said = _("The candidate is on the list.")

    def verdict(self):
        return rules.may_nominate(self.request.user, self.thing, self.at)

    def operate(self, form):
        self.act(nominate, **form.cleaned_data)
        return self.done()


class ContactView(UnitActView):
    """Say where the staff of an electing unit find their delegates."""

    form_class = ContactForm
    title = _("Contact office of the electing unit")
    said = _("The contact office has been saved.")

    def verdict(self):
        return rules.may_nominate(self.request.user, self.thing, self.at)

    def get_initial(self):
        return {"contact": self.thing.contact}

    def operate(self, form):
        self.act(set_contact, contact=form.cleaned_data["contact"])
        return self.done()


class WithdrawView(MandateActView):
    """Take a candidate off the list."""

    title = _("Take the candidate off the list")
    button = _("Take off the list")
    icon = "user-minus"
    tone = "danger"
    said = _("The candidate is off the list.")

    def verdict(self):
        return rules.may_withdraw(self.request.user, self.thing, self.at)

    def operate(self, form):
        self.act(withdraw_candidate)
        return self.done()


def _record(form):
    return MeetingRecord(**{name: form.cleaned_data[name] for name in MeetingRecord.__dataclass_fields__})


def _meeting_kwargs(one, at):
    staff = staff_of(one)
    return {
        "today": local_day(at),
        "earliest": one.term.begins_on - A_YEAR,
        "staff": staff,
        "needed": votes_needed(staff, half_is_enough=one.term.half_is_enough),
    }


class ElectionView(UnitActView):
    """Record what the staff voted."""

    form_class = ElectionForm
    title = _("Record an election")
    button = _("Record the election")
    icon = "vote"
    said = _("The election is recorded and public. Another person now reviews the credentials.")

    @property
    def lead(self):
        """Say how many seats are free and what elects."""
        free = self.thing.seats - sum(row.state in LIVE for row in self.thing.mandates.all())
        words = (
            _("%(free)d seats are free. Elected is who has half of all staff or more, the most votes first.")
            if self.thing.term.half_is_enough
            else _("%(free)d seats are free. Elected is who has more than half of all staff, the most votes first.")
        )
        return words % {"free": free}

    def verdict(self):
        return rules.may_record_election(self.request.user, self.thing, self.at)

    def get_form_kwargs(self):
        rows = [row for row in self.thing.mandates.all() if row.state == MandateState.CANDIDATE]
        rows.sort(key=lambda row: (row.nominated_at, row.name))
        return {**super().get_form_kwargs(), **_meeting_kwargs(self.thing, self.at), "candidates": rows}

    def operate(self, form):
        self.act(record_election, record=_record(form), votes=form.votes())
        return self.done()


class CredentialsView(UnitActView):
    """Review the credentials of those elected, as a second person."""

    template_name = "congress/credentials.html"
    may = staticmethod(rules.may_confirm)
    title = _("Review credentials")
    lead = _("On the roster of the electing unit, elected by the majority, counted in the right category?")
    button = _("Confirm the credentials")
    icon = "badge-check"
    tone = "seal"
    said = _("The credentials are confirmed; the mandates run.")

    def get_context_data(self, **kwargs):
        rows = [row for row in self.thing.mandates.all() if rules.reviews(self.request.user, row)]
        return super().get_context_data(elected=rows, **kwargs)

    def operate(self, form):
        self.act(confirm_credentials)
        return self.done()


class _EndView(MandateActView):
    def verdict(self):
        return rules.may_end(self.request.user, self.thing, self.at)


class RecallView(_EndView):
    """Record a vote on recalling a delegate."""

    form_class = RecallForm
    title = _("Record a vote on a recall")
    lead = _("Without the majority of all staff of the electing unit the delegate stays. Either result is public.")
    button = _("Record the vote")
    icon = "vote"
    said = _("The vote is recorded and public.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), **_meeting_kwargs(self.thing.electing_unit, self.at)}

    def operate(self, form):
        self.act(record_recall, record=_record(form), votes=form.cleaned_data["votes"])
        return self.done()


class ResignView(_EndView):
    """Record that a delegate has resigned."""

    title = _("Record a resignation")
    lead = _("The mandate ends now, and the electing unit owes a by-election.")
    button = _("Record the resignation")
    icon = "user-minus"
    tone = "danger"
    said = _("The mandate has ended; a by-election is owed.")

    def operate(self, form):
        self.act(record_resignation)
        return self.done()
